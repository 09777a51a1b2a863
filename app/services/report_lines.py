"""The lines of a report: each task as it stands at the cut-off, and what its weeks wrote."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from app.domain.calendar import Calendar
from app.domain.periods import Week, today
from app.domain.progress import BadState, State
from app.domain.reports import ReportLine, WeekWords
from app.domain.tasks import timeliness
from app.record.tables import change, rows
from app.services.lines import TEXTS, Line, lines
from app.services.weeks import Now

_LAST_DAY = 14  # of a month's data

NOT_BEGUN = State("not_started", 0)
"""What holds of a task that nobody has said anything of."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the lines of a report since the week before.

    Each line is done, moved or unchanged. newly_late: which of them went overdue in the week, as the box
    «Có gì mới» of the printed draft counts them; how late is of the data's moment, as there.
    """

    done: tuple[Line, ...]
    moved: tuple[Line, ...]
    newly_late: tuple[Line, ...]
    unchanged: tuple[Line, ...]


def difference(found: Iterable[Line], day: date) -> Difference:
    """The lines of a report by what became of them since the week before. day: of the data's moment."""
    groups: dict[str, list[Line]] = {name: [] for name in Difference.__dataclass_fields__}
    for line in found:
        groups[_became(line)].append(line)
        then = timeliness(line.state, line.deadline, day, recurring=line.recurring)
        if then.code == "overdue" and line.deadline and line.deadline >= line.week.monday - timedelta(days=1):
            groups["newly_late"].append(replace(line, timeliness=then))
    return Difference(**{name: tuple(group) for name, group in groups.items()})


def weekly(found: Iterable[Line], day: date) -> tuple[ReportLine, ...]:
    """The lines of a week's report. day: of the data's moment."""
    made = []
    for item in found:
        texts = {name: item.text(name) for name in TEXTS}
        moved = _moved(item) or any(text.strip() for text in texts.values())
        before = None if item.recurring else item.before
        made.append(_line(item, day, before, item.occurrence is not None, moved, texts))
    return tuple(made)


def longer(
    connection: Connection, found: Iterable[Line], span: Sequence[Week], day: date, now: Now
) -> tuple[ReportLine, ...]:
    """The lines of a period of several weeks: what its weeks wrote stands under each, the oldest first.

    found: as the last of the weeks shows them. day: of the data's moment.
    """
    before = {item.assignment: item.before for item in lines(connection, span[0], now)}
    told, heard = _written(connection, span), given(connection)
    made = []
    for item in found:
        weeks = told.get(item.assignment, [])
        words = tuple(
            WeekWords(week, *(getattr(row, name) or "" for name in TEXTS))
            for week, row in weeks
            if any((getattr(row, name) or "").strip() for name in TEXTS)
        )
        done = [week for week, row in weeks if _status(row.state) == "done"]
        held = None if item.recurring else before.get(item.assignment)
        moved = bool(words) or (bool(done) if item.recurring else _differs(held, item.state))
        there = today(heard.get(item.assignment, 0))
        due = [week for week in span if week.sunday >= there or week in done]
        plain = _line(
            item, day, held, bool(done), moved, {}, words, _occurrences(item, done, due, now.calendar)
        )
        made.append(plain)
    return tuple(made)


def given(connection: Connection) -> dict[str, int]:
    """When each assignment was first heard of, in seconds UTC."""
    query = (
        select(change.c.record, func.min(change.c.at))
        .where(change.c.entity == "assignment")
        .group_by(change.c.record)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _line(
    item: Line,
    day: date,
    before: State | None,
    occurrence_done: bool,
    changed: bool,
    texts: Mapping[str, str],
    weeks: tuple[WeekWords, ...] = (),
    occurrences: tuple[int, int] | None = None,
) -> ReportLine:
    time = timeliness(item.state, item.deadline, day, recurring=item.recurring)
    return ReportLine(
        code=item.code,
        title=item.title,
        line=item.line,
        status=item.state.status,
        timeliness=time.code,
        days=time.days,
        percent=item.state.percent,
        completed_on=item.state.completed_on,
        deadline=item.deadline,
        extended=item.extended,
        product=item.product,
        source=item.source,
        lead=item.lead,
        cooperating=item.cooperating,
        group=item.group,
        group_name=item.group_name,
        shared=item.shared,
        recurring=item.recurring,
        occurrence_done=occurrence_done,
        words=_words(item),
        changed=changed,
        previous_status=before.status if before else None,
        previous_percent=before.percent if before else None,
        assignment=item.assignment,
        weeks=weeks,
        occurrences=occurrences,
        **texts,
    )


def _words(item: Line) -> str:
    """The document of a pause that holds, the reason of a re-opening of this week."""
    state: State | None = item.state if item.state.status == "paused" else item.said
    return (state.words or "") if state else ""


def _written(connection: Connection, weeks: Sequence[Week]) -> dict[str, list[tuple[Week, Row[Any]]]]:
    """What was recorded in these weeks, by assignment, the oldest first; one query."""
    progress = rows["progress"]
    known = {str(week): week for week in weeks}
    found: dict[str, list[tuple[Week, Row[Any]]]] = defaultdict(list)
    query = select(progress).where(progress.c.week.in_(list(known))).order_by(progress.c.week)
    for row in connection.execute(query):
        found[row.assignment].append((known[row.week], row))
    return found


def _occurrences(
    item: Line, done: Sequence[Week], weeks: Sequence[Week], rules: Calendar
) -> tuple[int, int] | None:
    """How often a recurring task was done, of how often it came due.

    A month is that of the data, from the 15th to the 14th, so that a quarter has three.
    """
    if not item.recurring:
        return None
    if item.recurrence != "monthly":
        return len(done), len(weeks)
    months = [{_month(week, item.line, rules) for week in some} for some in (done, weeks)]
    return len(months[0]), len(months[1])


def _month(week: Week, line: str, rules: Calendar) -> int:
    """The month to whose data a week belongs, counted from the year 0."""
    closes = rules.cut_off(week, line)
    day = closes.date() if closes else week.sunday
    return 12 * day.year + day.month + (day.day > _LAST_DAY)


def _status(value: object) -> str:
    try:
        return State.from_wire(tuple(value)).status if isinstance(value, list) else ""
    except BadState:
        return ""


def _differs(before: State | None, state: State) -> bool:
    held = before or NOT_BEGUN
    return (held.status, held.percent) != (state.status, state.percent)


def _became(item: Line) -> str:
    before = item.before.status if item.before else "not_started"
    if not item.recurring and item.state.status == "done" and before != "done":
        return "done"
    return "moved" if _moved(item) else "unchanged"


def _moved(item: Line) -> bool:
    """Whether this week states something else than what held before."""
    if item.said is None:
        return False
    if item.recurring:
        return item.said.status == "done"
    before = item.before
    return before is None or (before.status, before.percent) != (item.state.status, item.state.percent)
