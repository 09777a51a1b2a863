"""The lines of the ledger as screens and commands need them: read in bulk, frozen, never rows.

One line is one assignment seen from one week. However many there are, the number of queries is the same
(one for each 400 records where ids are bound).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from app.domain.fields import ENTITIES
from app.domain.ids import progress_id
from app.domain.merge import NOTHING, Seen
from app.domain.periods import BadWeek, Week
from app.domain.progress import BadState, Effective, State, effective, occurrence
from app.domain.tasks import CANCELLED, Timeliness, timeliness
from app.record.reading import seen
from app.record.tables import head, rows
from app.services import exchange
from app.services.weeks import Now

TEXTS = ("result", "difficulty", "proposal", "next_step")
FIELDS = ("state", *TEXTS)
"""The fields of a week's record, in the order of the editor."""


class Words(NamedTuple):
    """What was last written in a field before a week; week None: the province's opening words."""

    text: str
    week: Week | None


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment as it stands in a week.

    day: the date it is judged at. deadline: the one in force; original_deadline where it was extended.
    state: what holds; period: the week that says so, None for the opening state. before: what held before the
    week, None where nothing was said; said: what the week itself says. occurrence: of a recurring task, the
    "done" of this week or month. fields: what the week's record holds, field by field, with the heads that an
    edit hands back. last: the words before the week. recorded: the week's record says something. conflict:
    two values wait to be decided, in whatever week; conflicts: the fields of this week where they do.
    exchange: "" while the week's record is empty, else one of `exchange.WORDS`. signed: the week's report of
    this line is signed, so nothing more is written here.
    """

    assignment: str
    task: str
    code: str
    title: str
    product: str
    group: str
    group_name: str
    line: str
    lead: str
    cooperating: str
    source: str
    shared: bool
    recurring: bool
    recurrence: str
    deadline: date | None
    original_deadline: date | None
    extension: str
    withdrawn_on: date | None
    withdrawal: str
    week: Week
    day: date
    state: State
    period: Week | None
    before: State | None
    before_week: Week | None
    said: State | None
    occurrence: State | None
    timeliness: Timeliness
    fields: Mapping[str, Seen]
    last: Mapping[str, Words]
    recorded: bool
    conflict: bool
    exchange: str
    signed: bool = False

    @property
    def progress(self) -> str:
        """The id of the week's record."""
        return progress_id(self.assignment, str(self.week))

    @property
    def key(self) -> dict[str, str]:
        """What names the week's record, as an edit wants it."""
        return {"assignment": self.assignment, "week": str(self.week)}

    @property
    def withdrawn(self) -> bool:
        """Whether the province has taken the task back."""
        return self.withdrawn_on is not None and self.withdrawn_on <= self.day

    @property
    def status(self) -> str:
        """The status that is shown: the state's, or `cancelled`."""
        return CANCELLED if self.withdrawn else self.state.status

    @property
    def percent(self) -> int | None:
        """The percent that is shown; none for a recurring task."""
        return self.state.percent

    @property
    def extended(self) -> bool:
        """Whether the deadline is not the first one."""
        return self.original_deadline is not None and self.original_deadline != self.deadline

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The fields of the week's record with two values."""
        return tuple(name for name in FIELDS if self.fields[name].conflict)

    @property
    def has_difficulty(self) -> bool:
        """Whether a difficulty stands: this week's words, or the last ones where this week has none."""
        return bool(self.words("difficulty").strip())

    @property
    def closed(self) -> bool:
        """Nothing is to be recorded each week: done before, paused before, or withdrawn."""
        before = self.before.status if self.before and not self.recurring else ""
        return self.withdrawn or (before in {"done", "paused"} and self.state.status == before)

    def text(self, field: str) -> str:
        """What the week's record holds in a field of text."""
        value = self.fields[field].value
        return value if isinstance(value, str) else ""

    def words(self, field: str) -> str:
        """The week's words, or the last ones where the week says nothing."""
        return self.text(field) if self.fields[field].heads else self.last[field].text


def lines(connection: Connection, week: Week, now: Now) -> list[Line]:
    """All assignments of the unit as they stand in a week, by code; withdrawn ones too."""
    given = list(connection.execute(_assignments()))
    ids = [progress_id(row.id, str(week)) for row in given]
    written = _progress(connection)
    held = seen(connection, "progress", ids)
    told = exchange.words(connection, ids)
    differing = {row.record for row in connection.execute(select(head.c.record).where(head.c.differs))}
    signed = {line for period, line in now.signed if period == str(week)}
    return [
        _line(row, week, now.day_of(week), written[row.id], held, told.get(record, ""), differing, signed)
        for row, record in zip(given, ids, strict=True)
    ]


def line(connection: Connection, code: str, week: Week, now: Now) -> Line | None:
    """The line of a task, whatever capitals and blanks around; None where the ledger has no such task."""
    wanted = code.strip().casefold()
    return next((item for item in lines(connection, week, now) if item.code.casefold() == wanted), None)


def _assignments() -> Any:
    task, given, source = rows["task"], rows["assignment"], rows["source"]
    columns = [column for column in given.c if column.name != "task"]
    described = [task.c[name] for name in ENTITIES["task"].fields if name != "source"]
    return (
        select(*columns, task.c.id.label("task_id"), *described, source.c.title.label("source_title"))
        .select_from(given.join(task, task.c.id == given.c.task))
        .join(source, source.c.code == task.c.source, isouter=True)
        .order_by(task.c.code, task.c.programme)
    )


class _Written(NamedTuple):
    week: Week
    record: str
    row: Row[Any]


def _progress(connection: Connection) -> dict[str, list[_Written]]:
    """What was recorded, by assignment, the newest week first."""
    found: dict[str, list[_Written]] = defaultdict(list)
    for row in connection.execute(select(rows["progress"])):
        try:
            found[row.assignment].append(_Written(Week.parse(row.week), row.id, row))
        except BadWeek:
            continue  # a week of another calendar, kept in the log
    for weeks in found.values():
        weeks.sort(key=lambda item: item.week, reverse=True)
    return found


def _line(
    row: Row[Any],
    week: Week,
    day: date,
    written: Sequence[_Written],
    held: Mapping[tuple[str, str], Seen],
    told: str,
    differing: set[str],
    signed: set[str],
) -> Line:
    record = progress_id(row.id, str(week))
    fields = {name: held.get((record, name), NOTHING) for name in FIELDS}
    recurring = row.kind == "recurring"
    opening = _state(row.opening)
    states = [(item.week, state) for item in written if (state := _state(item.row.state)) is not None]
    holds = effective(states, opening, at=day, week=week, recurring=recurring)
    earlier = effective(states, opening, at=day, week=week.previous(), recurring=recurring)
    deadline, withdrawn_on = _day(row.deadline), _day(row.withdrawn_on)
    return Line(
        assignment=row.id,
        task=row.task_id,
        code=row.code,
        title=row.title or "",
        product=row.product or "",
        group=row.group or "",
        group_name=row.group_name or "",
        line=row.line or "ubnd_tinh",
        lead=row.lead or "",
        cooperating=row.cooperating or "",
        source=row.source_title or "",
        shared=row.scope != "specific",
        recurring=recurring,
        recurrence=row.recurrence or "",
        deadline=deadline,
        original_deadline=_day(row.original_deadline),
        extension=row.extension or "",
        withdrawn_on=withdrawn_on,
        withdrawal=row.withdrawal or "",
        week=week,
        day=day,
        state=holds.state,
        period=holds.week,
        before=_before(earlier, opening, recurring=recurring),
        before_week=earlier.week,
        said=next((state for said_in, state in states if said_in == week), None),
        occurrence=occurrence(states, at=day, week=week, recurrence=row.recurrence or "weekly")
        if recurring
        else None,
        timeliness=timeliness(
            holds.state,
            deadline,
            day,
            recurring=recurring,
            withdrawn=withdrawn_on is not None and withdrawn_on <= day,
        ),
        fields=fields,
        last={name: _last(row, written, week, name) for name in TEXTS},
        recorded=any(shown.conflict or shown.value not in (None, "") for shown in fields.values()),
        conflict=any(item.record in differing for item in written),
        exchange=told,
        signed=(row.line or "ubnd_tinh") in signed,
    )


def _before(earlier: Effective, opening: State | None, *, recurring: bool) -> State | None:
    """What held before; None where nobody has said anything yet."""
    said = earlier.week is not None or opening is not None or recurring
    return earlier.state if said else None


def _last(row: Row[Any], written: Iterable[_Written], week: Week, field: str) -> Words:
    for item in written:
        text = getattr(item.row, field)
        if item.week < week and text and text.strip():
            return Words(text, item.week)
    return Words(getattr(row, f"opening_{field}") or "", None)


def _state(value: object) -> State | None:
    """A state as the rows have it; None for one that this program does not understand."""
    if not isinstance(value, list):
        return None
    try:
        return State.from_wire(tuple(value))
    except BadState:
        return None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
