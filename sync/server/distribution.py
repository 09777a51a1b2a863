"""Which units' feeds a change of the province goes into: a feed holds the whole of each record it names.

A unit has its assignments, their tasks, programmes, sources and notices, its own unit record, and the
calendar of reporting, which is everybody's. When a unit gets its first assignment of a task, the task's
changes come along, the same ones, in the order of writing; a new unit gets the calendar in the same way.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from app.domain.change import Change, Held
from app.domain.ids import record_id
from app.record import log
from app.record.apply import apply
from app.record.tables import rows
from sync.server import feed
from sync.server.store import notice_copies
from sync.server.tables import device

_CALENDAR = ("holiday", "reporting_rule")
_ORDER = {
    name: place
    for place, name in enumerate(("unit", *_CALENDAR, "programme", "source", "notice", "task", "assignment"))
}


def restore(connection: Connection, changes: Sequence[Held]) -> None:
    """Take back what the province had written before it went back to an older state."""
    known = log.held_names(connection, [held.change.name for held in changes])
    new = [held for held in changes if held.change.name not in known]
    apply(connection, new)
    notice_copies(connection, new)
    spread(connection, [held.change for held in new])


def spread(connection: Connection, changes: Iterable[Change]) -> tuple[str, ...]:
    """Put logged changes into the feeds of the units they concern; returns those units, by code."""
    written = list(changes)
    touched: dict[str, set[str]] = defaultdict(set)  # unit: records of its that changed
    for made in written:
        if made.entity in {"assignment", "reminder", "directive"} and made.fields.get("unit"):
            touched[str(made.fields["unit"])].add(made.id)
        elif made.entity == "unit":
            touched[str(made.fields["code"])].add(made.id)
    _add_calendar(connection, written, touched)
    shared = {made.id for made in written if made.entity in {"programme", "source", "notice", "task"}}
    needed = (
        _needs(connection, shared, {r for records in touched.values() for r in records})
        if shared or touched
        else {}
    )
    for unit, records in needed.items():
        touched[unit] |= records
    notices = {made.id for made in written if made.entity == "notice"}
    for records in touched.values():
        records |= notices  # what a notice corrects names its number, even where it moves no assignment
    _add_receipts(connection, written, touched)
    by_record = log.of_records(connection, {r for records in touched.values() for r in records})
    for unit in sorted(touched):  # always locked in the order of their codes
        held = sorted(
            (item for record in touched[unit] for item in by_record.get(record, [])),
            key=lambda item: (
                _ORDER.get(item.change.entity, 9),
                item.arrived or 0,
                item.change.n,
                item.change.stream,
            ),
        )
        feed.append(connection, unit, held)
    return tuple(sorted(touched))


def _add_calendar(connection: Connection, written: Iterable[Change], touched: dict[str, set[str]]) -> None:
    """What is new in the calendar goes to every unit; all of it to a unit that is new."""
    new = {made.id for made in written if made.entity in _CALENDAR}
    units = {str(made.fields["code"]) for made in written if made.entity == "unit"}
    if units:
        whole = {id for name in _CALENDAR for id in connection.scalars(select(rows[name].c.id))}
        for unit in units:
            touched[unit] |= whole
    if new:
        for column in (rows["unit"].c.code, device.c.unit):
            for unit in connection.scalars(select(column).distinct()):
                touched[unit] |= new


def _add_receipts(connection: Connection, written: Iterable[Change], touched: dict[str, set[str]]) -> None:
    """A receipt goes to the unit that its number names."""
    receipt, new = rows["receipt"], sorted({made.id for made in written if made.entity == "receipt"})
    for part in log.chunks(new):
        for id, number in connection.execute(
            select(receipt.c.id, receipt.c.number).where(receipt.c.id.in_(part))
        ):
            named = str(number or "").split("/")
            if len(named) == 3:
                touched[named[1]].add(id)


def _needs(connection: Connection, shared: set[str], assignments: set[str]) -> dict[str, set[str]]:
    """The records that each unit's feed needs for changed shared records and changed assignments."""
    assignment, task = rows["assignment"], rows["task"]
    found: dict[str, set[str]] = defaultdict(set)
    query = select(
        assignment.c.id,
        assignment.c.unit,
        assignment.c.task,
        assignment.c.notice,
        task.c.programme,
        task.c.source,
    ).join(task, assignment.c.task == task.c.id, isouter=True)
    for row in connection.execute(query):
        chain = {row.task}
        if row.programme:
            chain.add(record_id("programme", row.programme))
        if row.source:
            chain.add(record_id("source", row.source))
        if row.notice:
            chain.add(row.notice)
        if row.id in assignments:
            found[row.unit] |= chain | {record_id("unit", row.unit)}
        elif shared & chain:
            found[row.unit] |= shared & chain
    return found
