"""`status`: what waits, and when the province was last heard."""

from app.cli.session import Session
from app.domain.errors import LedgerError
from app.domain.periods import local
from app.services.scheduling import Task
from app.services.status import status as standing
from app.words import _


def status(session: Session) -> int:
    """Say where the ledger stands."""
    with session.opened() as opened:
        session.now(opened)
        with opened.ledger.read() as connection:
            found = standing(connection, opened.ledger.identity)
    scheduled = _scheduled(session)
    last = None if found.last_sync is None else local(found.last_sync)
    session.give(
        {
            "unit": found.unit,
            "device": found.device,
            "pending": found.pending,
            "last_sync": None if last is None else last.isoformat(),
            "open_conflicts": found.open_conflicts,
            "scheduled": scheduled,
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
    session.say(
        _("Exchanges by itself while no window is open: yes")
        if scheduled
        else _("Exchanges by itself while no window is open: no (so-nhiem-vu schedule on)")
    )
    return 0


def _scheduled(session: Session) -> bool:
    try:
        return Task(session.home).standing().on
    except LedgerError:
        return False
