"""What the province decides, from its tables: units, tasks and who has them; and withdrawals.

A whole file is checked before anything is written. Content decides, not bytes: what is held already is not
written again, so the same table twice issues nothing, however a spreadsheet saved it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select

from app.domain.change import Value
from app.domain.errors import LedgerError
from app.domain.fields import ENTITIES
from app.domain.ids import record_id
from app.domain.periods import today
from app.domain.text import clean
from app.domain.units import Unit
from app.record.tables import head, rows
from sync.server import feed
from sync.server.issuing import Wanted, issue
from sync.server.table import ANY, TaskRow

NOTICE = "TB {number:02}/{year}"
"""How the notices are numbered, anew each year."""

_NUMBERED = re.compile(r"TB ([0-9]+)/([0-9]{4})")


class UnknownTask(LedgerError):
    """No task has this code. Facts: task."""

    code = "task-not-issued"


class UnknownUnits(LedgerError):
    """A row names a unit that is not among the province's. Facts: file, line, unit."""

    code = "task-unit-unknown"


class NoUnits(LedgerError):
    """Tasks were to be issued before the units are known."""

    code = "no-units"


class NoDocument(LedgerError):
    """A withdrawal rests on a document, which was not named."""

    code = "withdrawal-needs-document"


class Imported(NamedTuple):
    """What an import did. notice: its number, empty when nothing differed.

    changes: how many were written. units: codes of the units that get them. withdrawn, returned: assignments.
    kept_withdrawn: codes of tasks that a document withdrew, and that the table names all the same.
    """

    notice: str
    changes: int
    units: tuple[str, ...]
    withdrawn: int
    returned: int
    kept_withdrawn: tuple[str, ...]


def import_units(connection: Connection, now: int, units: Iterable[Unit]) -> int:
    """Issue units or correct them; returns how many records changed. A unit missing in the table stays."""
    wanted = [
        Wanted(
            "unit",
            {
                "code": unit.code,
                "name": unit.name,
                "kind": unit.kind,
                "former_district": unit.former_district or None,
                "mountainous": unit.mountainous,
            },
        )
        for unit in units
    ]
    return issue(connection, now, _Held(connection).differing(wanted)).changes


def import_tasks(connection: Connection, now: int, table: Sequence[TaskRow], file: str = "") -> Imported:
    """Issue the tasks of a table to the units that its rows name, as one notice.

    Raises NoUnits, UnknownUnits; then nothing is written.
    """
    feed.lock(connection, feed.PROVINCE)  # the number of the notice follows from those that there are
    units = tuple(connection.scalars(select(rows["unit"].c.code).order_by(rows["unit"].c.code)))
    if not units:
        raise NoUnits()
    named = {row.code: _named(row, units, file) for row in table}
    held = _Held(connection)
    issued = _numbers(held)
    wanted: list[Wanted] = []
    for programme in dict.fromkeys(row.programme for row in table):
        wanted.append(Wanted("programme", {"code": programme, "year": _year(programme, now)}))
    for code, title in {row.source: row.source_title for row in table if row.source}.items():
        wanted.append(Wanted("source", {"code": code} | ({} if title is None else {"title": title})))
    given: list[Wanted] = []
    withdrawn: list[Wanted] = []
    returned, kept = 0, set[str]()
    for row in table:
        task = record_id("task", row.programme, row.code)
        derived = row.derived if held.row("task", task) is None else {}
        wanted.append(Wanted("task", {"programme": row.programme, "code": row.code, **derived, **row.task}))
        for unit in named[row.code]:
            values: dict[str, Value] = {"task": task, "unit": unit, **row.assignment}
            before = held.row("assignment", record_id("assignment", task, unit))
            if before is not None and before["withdrawn_on"] is not None:
                if before["withdrawal"] in issued:
                    values |= {"withdrawn_on": None, "withdrawal": None}
                    returned += 1
                else:
                    kept.add(row.code)
            given.append(Wanted("assignment", values))
        for before in held.of_task(task):
            if before["unit"] not in named[row.code] and before["withdrawn_on"] is None:
                withdrawn.append(Wanted("assignment", {"task": task, "unit": before["unit"]}))
    wanted = held.differing(wanted)
    given = held.differing(given)
    if not (wanted or given or withdrawn):
        return Imported("", 0, (), 0, 0, tuple(sorted(kept)))
    notice, day = _notice(held, now)
    number, day_text = str(notice.fields["number"]), day.isoformat()
    told: Value = record_id("notice", number)
    given = [
        Wanted(item.entity, {**item.fields, **_extension(held, item, number), "notice": told})
        for item in given
    ]
    ended: dict[str, Value] = {"withdrawn_on": day_text, "withdrawal": number, "notice": told}
    ending = [Wanted(item.entity, {**item.fields, **ended}) for item in withdrawn]
    done = issue(connection, now, [notice, *wanted, *given, *ending])
    return Imported(number, done.changes, done.units, len(ending), returned, tuple(sorted(kept)))


def _extension(held: "_Held", given: Wanted, number: str) -> dict[str, Value]:
    """What a new deadline adds, so that the first one stays visible, and which notice moved it."""
    record = record_id("assignment", str(given.fields["task"]), str(given.fields["unit"]))
    before = held.row("assignment", record)
    if (
        before is None
        or "deadline" not in given.fields
        or before["deadline"] in {None, given.fields["deadline"]}
    ):
        return {}
    return {"original_deadline": before["original_deadline"] or before["deadline"], "extension": number}


def withdraw(connection: Connection, now: int, code: str, document: str) -> int:
    """Withdraw a task from every unit that still has it, from today; returns how many units.

    document: what the withdrawal rests on, by number and date. Raises UnknownTask, NoDocument.
    """
    words = clean(document).strip()
    if not words:
        raise NoDocument()
    task, assignment = rows["task"], rows["assignment"]
    wanted_code = clean(code).strip().upper()
    found = connection.execute(select(task.c.id).where(task.c.code == wanted_code)).scalars().all()
    if not found:
        raise UnknownTask(task=wanted_code)
    query = select(assignment.c.task, assignment.c.unit).where(
        assignment.c.task.in_(found), assignment.c.withdrawn_on.is_(None)
    )
    ended: dict[str, Value] = {"withdrawn_on": today(now).isoformat(), "withdrawal": words}
    wanted = [
        Wanted("assignment", {"task": row.task, "unit": row.unit, **ended})
        for row in connection.execute(query.order_by(assignment.c.unit))
    ]
    issue(connection, now, wanted)
    return len(wanted)


class _Held:
    """The rows that the province holds, each kind read once and whole: a table touches nearly all."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._by_task: dict[str, list[Mapping[str, Any]]] | None = None
        query = select(head.c.record, head.c.field).where(head.c.differs)
        self._disputed = {(row.record, row.field) for row in connection.execute(query)}

    def row(self, entity: str, record: str) -> Mapping[str, Any] | None:
        """The row of a record, None where there is none."""
        return self.all(entity).get(record)

    def all(self, entity: str) -> Mapping[str, Mapping[str, Any]]:
        """All rows of a kind, by id."""
        if entity not in self._rows:
            table: Table = rows[entity]
            found = self._connection.execute(select(table)).mappings()
            self._rows[entity] = {row["id"]: dict(row) for row in found}
        return self._rows[entity]

    def of_task(self, task: str) -> Sequence[Mapping[str, Any]]:
        """The assignments of a task."""
        if self._by_task is None:
            self._by_task = {}
            for row in self.all("assignment").values():
                self._by_task.setdefault(row["task"], []).append(row)
        return self._by_task.get(task, ())

    def differing(self, wanted: Iterable[Wanted]) -> list[Wanted]:
        """The records with those values alone that are not held like this; a disputed one is not."""
        found = []
        for item in wanted:
            key = {name: item.fields[name] for name in ENTITIES[item.entity].key}
            record = record_id(item.entity, *(str(part) for part in key.values()))
            row = self.row(item.entity, record)
            left = {
                name: value
                for name, value in item.fields.items()
                if name not in key
                and (
                    _plain(value) != (None if row is None else row[name]) or (record, name) in self._disputed
                )
            }
            if left or row is None:
                found.append(Wanted(item.entity, key | left))
        return found


def _plain(value: Value) -> Any:
    """A value as a row keeps it."""
    return list(value) if isinstance(value, tuple) else value


def _named(row: TaskRow, units: Sequence[str], file: str) -> tuple[str, ...]:
    if row.units == ANY:
        return tuple(units)
    for unit in row.units:
        if unit not in units:
            raise UnknownUnits(file=file, line=row.line, unit=unit)
    return row.units


def _year(programme: str, now: int) -> int:
    """The year at the end of a programme's code, BCD25 or KH2025; else this year."""
    found = re.search(r"(?:20)?([0-9]{2})\Z", programme)
    return 2000 + int(found[1]) if found else today(now).year


def _numbers(held: _Held) -> dict[str, date]:
    return {
        row["number"]: date.fromisoformat(row["date"]) for row in held.all("notice").values() if row["date"]
    }


def _notice(held: _Held, now: int) -> tuple[Wanted, date]:
    """The next notice; it supersedes the newest one before it."""
    day = today(now)
    numbers = [
        (int(found[2]), int(found[1]), row["number"])
        for row in held.all("notice").values()
        if (found := _NUMBERED.fullmatch(row["number"]))
    ]
    number = max((n for year, n, _ in numbers if year == day.year), default=0) + 1
    fields: dict[str, Value] = {
        "number": NOTICE.format(number=number, year=day.year),
        "month": f"{day.year:04}-{day.month:02}",
        "date": day.isoformat(),
    }
    if numbers:
        fields["supersedes"] = record_id("notice", max(numbers)[2])
    return Wanted("notice", fields), day
