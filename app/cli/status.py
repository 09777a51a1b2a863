"""`status`: what waits, and when the province was last heard."""

from app.cli.session import Session
from app.domain.periods import local
from app.services.status import status as standing
from app.words import _


def status(session: Session) -> int:
    """Say where the ledger stands."""
    with session.opened() as opened:
        session.now(opened)
        with opened.ledger.read() as connection:
            found = standing(connection, opened.ledger.identity)
    last = None if found.last_sync is None else local(found.last_sync)
    session.give(
        {
            "unit": found.unit,
            "device": found.device,
            "pending": found.pending,
            "last_sync": None if last is None else last.isoformat(),
            "open_conflicts": found.open_conflicts,
        }
    )
    session.say(f"{found.unit_name} ({found.unit}), {found.device}")
    session.say(_("Waiting to be sent: {count}").format(count=found.pending))
    session.say(
        _("The province was last heard at {moment}.").format(moment=f"{last:%H:%M %d/%m/%Y}")
        if last
        else _("The province has not been heard yet.")
    )
    session.say(_("Fields with two versions: {count}").format(count=found.open_conflicts))
    return 0
