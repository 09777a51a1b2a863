"""Drafts of an open editor: kept while somebody types, made one change when the field is left.

Only text is typed, so only text has drafts; a choice is recorded at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.change import Change
from app.domain.errors import LedgerError
from app.domain.merge import Seen
from app.domain.periods import BadWeek, Week
from app.domain.reports import LINES
from app.domain.text import clean
from app.record.tables import rows
from app.services.lines import Line
from app.services.progress import WeekSigned
from app.services.reports import signed_weeks
from app.storage import drafts
from app.storage.drafts import Draft
from app.storage.ledger import Edit


@dataclass(frozen=True, slots=True)
class Left:
    """What a crash left behind: a draft, and the task and week that it belongs to."""

    draft: Draft
    code: str
    title: str
    week: Week


def keep(edit: Edit, line: Line, field: str, text: str, seen: Seen | None = None) -> Draft:
    """Keep what is typed so far in a field of a line; text as it is, it is cleaned when the field is left.

    seen: what the editor showed of the field when it was opened, or wrote itself since; default the line's.
    """
    shown = seen or line.fields[field]
    value = shown.value if isinstance(shown.value, str) else None
    made = Draft(
        "progress", line.progress, line.key, field, _whole(text), value, drafts.names(shown), edit.by, edit.at
    )
    drafts.save(edit.connection, made)
    return made


def settle(edit: Edit, record: str, field: str) -> Change | None:
    """Make one change of a draft, over what stood on the screen when it was begun; the draft goes.

    None when there is no draft, or it says what stands there already.
    Raises BadText, TextTooLong, WeekSigned; the draft then stays.
    """
    given = drafts.load(edit.connection, record).get(field)
    if given is None:
        return None
    _check_open(edit.connection, given)
    value = clean(given.value)
    made = edit.set(given.entity, given.key, field, value, drafts.seen(edit.connection, given))
    drafts.clear(edit.connection, record, field)
    return made


def settle_all(edit: Edit) -> tuple[Change, ...]:
    """Make changes of all drafts, when the window closes. What cannot be recorded stays a draft."""
    made = []
    for given in drafts.left(edit.connection):
        try:
            change = settle(edit, given.record, given.field)
        except LedgerError:
            continue
        if change is not None:
            made.append(change)
    return tuple(made)


def drop(edit: Edit, record: str, field: str) -> None:
    """Take back what was typed and not yet recorded."""
    drafts.clear(edit.connection, record, field)


def left(connection: Connection) -> Sequence[Left]:
    """The drafts that are there when the program starts: it ended while somebody typed. The newest first."""
    found = drafts.left(connection)
    if not found:
        return ()
    task, given = rows["task"], rows["assignment"]
    query = select(given.c.id, task.c.code, task.c.title).join(task, task.c.id == given.c.task)
    named = {row.id: row for row in connection.execute(query)}
    told = []
    for item in found:
        row = named.get(item.key.get("assignment", ""))
        try:
            week = Week.parse(item.key.get("week", ""))
        except BadWeek:
            continue
        if row is not None:
            told.append(Left(item, row.code, row.title or "", week))
    return told


def _check_open(connection: Connection, given: Draft) -> None:
    """Raises WeekSigned when the week that a draft belongs to takes nothing more."""
    table, week = rows["assignment"], given.key.get("week", "")
    signed = {line for period, line in signed_weeks(connection) if period == week}
    if not signed:
        return
    query = select(table.c.line).where(table.c.id == given.key.get("assignment", ""))
    if (connection.execute(query).scalar() or LINES[0]) in signed:
        raise WeekSigned(period=week, later_period=str(Week.parse(week).next()))


def _whole(text: str) -> str:
    """The text with a question mark for each half of a character, which no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
