"""`status`: what waits, and when the province was last heard."""

from datetime import datetime

from app.cli.session import Session
from app.domain.errors import LedgerError
from app.domain.periods import local, show_date
from app.domain.reporting import Period
from app.services.scheduling import Task
from app.services.status import status as standing
from app.services.weeks import Now
from app.words import _, period


def status(session: Session) -> int:
    """Say where the ledger stands."""
    with session.opened() as opened:
        now = session.now(opened)
        with opened.ledger.read() as connection:
            found = standing(connection, opened.ledger.identity)
    scheduled = _scheduled(session)
    wanted, due = _report(now)
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
    if due is not None:
        session.say(
            _("Next report: {period}, due {time} on {day}.").format(
                period=period(str(wanted)), time=f"{due:%H:%M}", day=show_date(due.date())
            )
        )
    session.say(
        _("Exchanges by itself while no window is open: yes")
        if scheduled
        else _("Exchanges by itself while no window is open: no (so-nhiem-vu schedule on)")
    )
    return 0


def _report(now: Now) -> tuple[Period, datetime | None]:
    """The weekly report that is due next, by the calendar of this ledger."""
    wanted = now.calendar.open_period("week", local(now.moment))
    return wanted, now.calendar.due(wanted)


def _scheduled(session: Session) -> bool:
    try:
        return Task(session.home).standing().on
    except LedgerError:
        return False
