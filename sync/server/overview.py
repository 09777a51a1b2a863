"""The province's figures, computed from assignments and progress by the reporting regime, section 5.

A constant number of queries, whatever the number of rows. Nothing here is stored.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, func, select

from app.domain.periods import Week, local, today
from app.domain.progress import BadState, State, effective
from app.domain.tasks import CANCELLED, Counts, count, province_status, quarter_end
from app.record import regime
from app.record.tables import rows
from sync.server import missing
from sync.server.enrolment import UnknownUnit
from sync.server.tables import device

Json = dict[str, Any]


class Asked(NamedTuple):
    """What a summary is asked for. at: the day; due_to: deadlines up to it are due; unit: a code."""

    at: date
    due_to: date
    unit: str | None = None


def asked(
    now: int,
    *,
    at: date | None = None,
    due_to: date | None = None,
    unit: str | None = None,
    period: Week | None = None,
) -> Asked:
    """What is asked for, filled in: today, the end of the quarter; a period means its Sunday."""
    day = period.sunday if period is not None else at or today(now)
    return Asked(day, due_to or quarter_end(day), unit)


class _Given(NamedTuple):
    """One task of one unit, as it stands on the day."""

    task: str
    unit: str
    deadline: date | None
    status: str
    percent: int | None


def summary(connection: Connection, wanted: Asked) -> Json:
    """The figures of a day as plain JSON values: tasks at the top, assignments and files in each unit.

    Raises UnknownUnit.
    """
    units = tuple(connection.scalars(select(rows["unit"].c.code).order_by(rows["unit"].c.code)))
    if wanted.unit is not None and wanted.unit not in units:
        raise UnknownUnit(unit=wanted.unit)
    task = rows["task"]
    tasks = {row.id: row for row in connection.execute(select(task.c.id, task.c.code, task.c.kind))}
    recurring = {id for id, row in tasks.items() if row.kind == "recurring"}
    given = _given(connection, wanted.at, recurring)
    by_task: dict[str, list[_Given]] = defaultdict(list)
    by_unit: dict[str, list[_Given]] = defaultdict(list)
    for item in given:
        by_task[item.task].append(item)
        by_unit[item.unit].append(item)
    heard, files = _heard(connection), missing.counts(connection)
    due, later = list[tuple[str, bool]](), list[tuple[str, bool]]()
    for id, items in by_task.items():
        status = province_status(item.status for item in items)
        (due if _is_due(items, wanted.due_to) else later).append((status, id in recurring))
    found: Json = {
        "at": wanted.at.isoformat(),
        "counts": asdict(count(due) + count(later)),
        "due": asdict(count(due)),
        "later": asdict(count(later)),
        "units": [
            {
                "unit": unit,
                "counts": asdict(_of_unit(by_unit[unit], recurring)),
                "last_heard": None if unit not in heard else local(heard[unit]).isoformat(),
                "evidence": files.get(unit, missing.NONE)._asdict(),
            }
            for unit in units
            if wanted.unit in {None, unit}
        ],
    }
    if wanted.unit is not None:
        found["tasks"] = sorted(
            (
                {"code": tasks[item.task].code, "status": item.status, "percent": item.percent}
                for item in by_unit[wanted.unit]
                if item.task in tasks
            ),
            key=lambda line: str(line["code"]),
        )
        found["missing"] = missing.of_unit(connection, wanted.unit)
    return found


def _given(connection: Connection, at: date, recurring: set[str]) -> list[_Given]:
    """Every assignment and what holds of it on a day."""
    week = regime.calendar(connection).default_week_at_end_of(at)
    said = _said(connection, week)
    assignment = rows["assignment"]
    query = select(
        assignment.c.id,
        assignment.c.task,
        assignment.c.unit,
        assignment.c.deadline,
        assignment.c.opening,
        assignment.c.withdrawn_on,
    )
    return [_one(row, said, at, week, recurring) for row in connection.execute(query).mappings()]


def _one(
    row: RowMapping,
    said: Mapping[str, Sequence[tuple[Week, State]]],
    at: date,
    week: Week,
    recurring: set[str],
) -> _Given:
    deadline = None if row["deadline"] is None else date.fromisoformat(row["deadline"])
    state = effective(
        said.get(row["id"], ()), _state(row["opening"]), at=at, week=week, recurring=row["task"] in recurring
    ).state
    withdrawn = row["withdrawn_on"] is not None and date.fromisoformat(row["withdrawn_on"]) <= at
    return _Given(row["task"], row["unit"], deadline, CANCELLED if withdrawn else state.status, state.percent)


def _said(connection: Connection, week: Week) -> dict[str, list[tuple[Week, State]]]:
    """What the communes said of each assignment, up to a week."""
    progress = rows["progress"]
    found: dict[str, list[tuple[Week, State]]] = defaultdict(list)
    # weeks of four-digit years sort as text
    query = select(progress.c.assignment, progress.c.week, progress.c.state).where(
        progress.c.week <= str(week)
    )
    for row in connection.execute(query):
        state = _state(row.state)
        if state is not None:
            found[row.assignment].append((Week.parse(row.week), state))
    return found


def _state(kept: Any) -> State | None:
    """The state in a row; None for what this program does not know, which is kept and not applied."""
    if kept is None:
        return None
    try:
        return State.from_wire(tuple(kept))
    except BadState:
        return None


def _heard(connection: Connection) -> dict[str, int]:
    """When each unit's devices were last heard of, seconds UTC."""
    query = select(device.c.unit, func.max(device.c.last_heard)).group_by(device.c.unit)
    return {unit: moment for unit, moment in connection.execute(query) if moment is not None}


def _is_due(items: Iterable[_Given], due_to: date) -> bool:
    """A task is due when its last deadline is; withdrawn assignments say nothing."""
    held = [item.deadline for item in items if item.status != CANCELLED]
    return bool(held) and all(deadline is not None and deadline <= due_to for deadline in held)


def _of_unit(items: Iterable[_Given], recurring: set[str]) -> Counts:
    return count((item.status, item.task in recurring) for item in items)
