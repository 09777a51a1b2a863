"""Which day and week it is, for a machine whose clock may be wrong.

Rules: the design, "A week and its state". A clock that stands before the newest time heard from the province
is wrong: then that time rules, the clock is named, and a later week that somebody records is believed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from app.domain.calendar import Calendar
from app.domain.errors import LedgerError
from app.domain.periods import BadWeek, Week, local, today
from app.domain.reports import LINES
from app.record import regime
from app.record.tables import rows
from app.services.reports import signed_weeks
from app.storage import meta

BEHIND = 3600
"""Seconds that a clock may stand before the newest time heard without being called wrong."""

AHEAD = 270 * 86_400
"""Seconds after the newest time heard from which a clock is doubted: nobody is without a link for so long."""

_BELIEVED = 53  # weeks after the newest time heard: what a clock in a far year recorded is not today

_MADE = 1_748_736_000  # 01/06/2025, before this program there was: an earlier clock is wrong without a sync


class ClockBehind(LedgerError):
    """The clock stands before a time that the province already told. Facts: clock, heard (dates, with the
    time of day where they are of one day).
    """

    code = "clock-behind"


class ClockTooEarly(ClockBehind):
    """The clock stands before this program was made. Facts: clock (a date)."""

    code = "clock-too-early"


class ClockAhead(LedgerError):
    """The clock stands far after what the province last told. Facts: clock, heard (dates)."""

    code = "clock-ahead"


class WeekAhead(LedgerError):
    """A week that has not come yet. Facts: week, default."""

    code = "week-ahead"


@dataclass(frozen=True, slots=True)
class Now:
    """The present of the office.

    clock: the machine's clock, seconds UTC. heard: the newest time heard from the province, None before the
    first. moment: the one that rules. today, week: of that moment, in Hanoi; week is the default one.
    warning: what is wrong with the clock, to be shown before anything is kept. calendar: of this ledger.
    latest: the last week that takes a record, where the report of the default one is signed on some line.
    signed: weeks and lines whose report is signed, as `reports.signed_weeks` gives them.
    """

    clock: int
    heard: int | None
    moment: int
    today: date
    week: Week
    warning: LedgerError | None = None
    calendar: Calendar = field(default_factory=regime.shipped)
    latest: Week | None = None
    signed: frozenset[tuple[str, str]] = frozenset()

    @property
    def clock_behind(self) -> bool:
        """Whether the clock is known to be wrong, so that later weeks are believed."""
        return isinstance(self.warning, ClockBehind)

    def check(self, week: Week) -> None:
        """Raises WeekAhead for a week that takes no record yet."""
        if week > (self.latest or self.week) and not self.clock_behind:
            raise WeekAhead(week=str(week), default=str(self.week))

    def day_in(self, week: Week) -> date:
        """The day that a record of a week is judged by: today, or the end of a later, believed week."""
        believed = self.clock_behind and week.monday > self.today
        return week.sunday if believed or week > (self.latest or self.week) else self.today

    def day_of(self, week: Week) -> date:
        """The day that a week is shown at: its Sunday once it is over, today before that."""
        return week.sunday if week < self.week else self.day_in(week)


def calendar(connection: Connection | None = None) -> Calendar:
    """The working days and rules of a ledger; without one, those that the program came with."""
    return regime.shipped() if connection is None else regime.calendar(connection)


def default_week(clock: int, heard: int | None = None, using: Calendar | None = None) -> Week:
    """The week whose cut-off comes next. clock, heard: seconds UTC; the later one rules."""
    return (using or calendar()).default_week(local(max(clock, heard or 0)))


def _to_the_minute(moment: int) -> str:
    return f"{local(moment):%d/%m/%Y %H:%M}"


def present(connection: Connection, clock: int) -> Now:
    """The present, as this ledger knows it. clock: the machine's, seconds UTC."""
    heard = meta.read(connection, "province_time")
    newest = max(heard or 0, _MADE)
    moment = max(clock, newest)
    warning: LedgerError | None = None
    rules = calendar(connection)
    week = default_week(moment, using=rules)
    if clock < newest - BEHIND:
        said = today if today(clock) != today(newest) else _to_the_minute
        warning = (ClockBehind if heard and heard >= _MADE else ClockTooEarly)(
            clock=said(clock), heard=said(newest)
        )
        week = max([week, *_recorded(connection, week)])
    elif clock > (heard or clock) + AHEAD:
        warning = ClockAhead(clock=today(clock), heard=today(newest))
    signed = signed_weeks(connection)
    week, latest = _beyond_signed(connection, week, rules, signed)
    return Now(clock, heard, moment, today(moment), week, warning, rules, latest, signed)


def _beyond_signed(
    connection: Connection, week: Week, rules: Calendar, signed: frozenset[tuple[str, str]]
) -> tuple[Week, Week]:
    """The default week and the last one that takes a record, where reports were signed before their cut-off.

    What is signed on every line that has tasks is over: the week after is the default one.
    """
    if not any(period == str(week) for period, _ in signed):
        return week, week
    lines = {
        line or LINES[0]
        for line in connection.execute(select(rows["assignment"].c.line).distinct()).scalars()
    }
    latest = week
    while any((str(latest), line) in signed for line in LINES):
        latest = rules.reporting_week(latest.next())
    while lines and all((str(week), line) in signed for line in lines):
        week = rules.reporting_week(week.next())
    return week, latest


def _recorded(connection: Connection, week: Week) -> Iterable[Week]:
    """The newest week recorded, within the year after a week."""
    bound = Week.containing(week.monday + timedelta(weeks=_BELIEVED))
    column = rows["progress"].c.week
    newest = connection.execute(select(func.max(column)).where(column <= str(bound))).scalar()
    try:
        return [Week.parse(newest)] if newest else []
    except BadWeek:
        return []
