"""The figures of earlier periods, with which a report compares its own."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, select

from app.domain.periods import Week
from app.domain.reporting import Period
from app.domain.tasks import Tally, tally, timeliness
from app.record.tables import rows
from app.reports.annexes import figures_of
from app.services import reports
from app.services.lines import Line, lines
from app.services.report_lines import NOT_BEGUN, given
from app.services.weeks import Now


def signed(connection: Connection, period: Period, line: str) -> Tally | None:
    """The figures that the signed report of a period printed, so that no later one contradicts it.

    None where none is signed, or its words are kept at another machine.
    """
    found = reports.current(connection, period, line)
    if found is None or not found.signed:
        return None
    try:
        return figures_of(reports.closed(connection, found.record).content.tables)
    except reports.ReportElsewhere:
        return None


def year_before(connection: Connection, period: Period, line: str, now: Now) -> Tally | None:
    """The figures of the same period a year ago; a week is compared with none."""
    if period.kind == "week":
        return None
    rules = now.calendar
    earlier = Period(period.kind, period.year - 1, period.number)
    if printed := signed(connection, earlier, line):
        return printed
    weeks = rules.weeks_of(earlier, line)
    if not weeks:
        return None
    found = [item for item in lines(connection, weeks[-1].next(), now) if item.line == line]
    return before(connection, found, rules.cut_off(earlier, line), weeks[-1].next(), now)


def before(
    connection: Connection, found: Sequence[Line], closed: datetime | None, first: Week, now: Now
) -> Tally | None:
    """The figures as a period closed, by what held before a week; None where nothing is known of that time.

    found: lines as some week shows them. closed: the cut-off. first: the week after.
    """
    if closed is None or not _known(connection, first, closed.date()):
        return None
    if found and found[0].week != first:
        line = found[0].line
        found = [item for item in lines(connection, first, now) if item.line == line]
    heard = given(connection)
    day = closed.date()
    there = [
        item
        for item in found
        if (item.withdrawn_on is None or item.withdrawn_on > day)
        and (item.before is not None or heard.get(item.assignment, 0) <= closed.timestamp())
    ]
    return tally(
        (state.status, timeliness(state, item.deadline, day, recurring=item.recurring))
        for item in there
        for state in (item.before or (item.state if item.recurring else NOT_BEGUN),)
    )


def _known(connection: Connection, first: Week, day: date) -> bool:
    """Whether anything was recorded before a week, or stood as of a day when the tasks were given."""
    progress, given = rows["progress"], rows["assignment"]
    recorded = select(progress.c.id).where(progress.c.week < str(first)).limit(1)
    stood = select(given.c.id).where(given.c.opening_at <= day.isoformat()).limit(1)
    return any(connection.execute(query).first() is not None for query in (recorded, stood))
