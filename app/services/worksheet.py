"""The worksheet of a week: the tasks that want a record, in the order of the screen, with what stood last."""

from sqlalchemy import Connection

from app.domain.periods import Week
from app.domain.reporting import Period
from app.domain.reports import own_name, short_date
from app.reports import texts
from app.reports.letters import brief
from app.reports.paper.worksheet import Task, render
from app.services import settings
from app.services.lines import Line, lines
from app.services.views import due
from app.services.weeks import Now
from app.storage.meta import Identity

_BRIEF = 160  # letters of the last words: the sheet is to be written on, not read


def sheet(connection: Connection, identity: Identity, week: Week, now: Now) -> bytes:
    """Draw the worksheet of a week as PDF. Writes nothing. Raises WeekAhead."""
    now.check(week)
    who = settings.unit(connection, identity)
    found = due(lines(connection, week, now))
    tasks = tuple(_task(line) for line in (*found.left, *found.recorded))
    unit = f"{texts.KIND[who.kind].capitalize()} {own_name(who.name)}"
    return render(unit, Period.of_week(week).words, short_date(week.monday), short_date(week.sunday), tasks)


def _task(line: Line) -> Task:
    deadline = short_date(line.deadline) if line.deadline else ""
    if line.recurring:
        deadline = texts.RECURRING
    state = texts.STATUS[line.state.status]
    if line.percent is not None:
        state = f"{state}, {line.percent}%"
    last = brief(line.last["result"].text, _BRIEF)
    return Task(line.code, line.title, deadline, f"{state}.\n{last}".strip())
