"""`tasks`: the state of every task at the default week."""

from typing import Any

from app.cli.session import Session
from app.domain.periods import show_date
from app.services.lines import Line, lines
from app.words import STATUSES, TIMELINESS, _, ngettext


def tasks(session: Session) -> int:
    """List the tasks by code."""
    with session.opened() as opened:
        now = session.now(opened)
        with opened.ledger.read() as connection:
            found = lines(connection, now.week, now)
    session.give([as_json(line) for line in found])
    if not found:
        session.say(_("There are no tasks yet. They come with: so-nhiem-vu sync"))
    for line in found:
        session.say(_told(line))
    if found:
        count = len(found)
        session.say(
            ngettext("{count} task, week {week}", "{count} tasks, week {week}", count).format(
                count=count, week=now.week
            )
        )
    return 0


def as_json(line: Line) -> dict[str, Any]:
    """A line in the stable keys of the command line."""
    return {
        "code": line.code,
        "title": line.title,
        "status": line.status,
        "percent": line.percent,
        "deadline": line.deadline.isoformat() if line.deadline else None,
        "timeliness": line.timeliness.code,
        "line": line.line,
        "recurring": line.recurring,
        "period": str(line.period) if line.period else None,
        "conflict": line.conflict,
    }


def _told(line: Line) -> str:
    percent = "" if line.percent is None else f"{line.percent}%"
    deadline = show_date(line.deadline) if line.deadline else "—"
    marks = [_(STATUSES[line.status]), percent, deadline, _(TIMELINESS[line.timeliness.code])]
    if line.conflict:
        marks.append(_("2 versions"))
    told = " · ".join(dict.fromkeys(mark for mark in marks if mark))
    return f"{line.code}  {told}\n    {line.title}"
