"""The log: every change that is held, written once and never altered."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import cbor2
from sqlalchemy import ColumnElement, Connection, Row, bindparam, select, tuple_

from app.domain.change import Change, Held, Name, Ref, Value
from app.domain.fields import field_name, field_number
from app.record.digest import canonical
from app.record.tables import change as table

_T = TypeVar("_T")
CHUNK = 400  # values bound in one statement: SQLite allows many more, old PostgreSQL drivers do not


def chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """The items in runs that one statement can bind."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def write(connection: Connection, changes: Iterable[Held], brought_by: int | None = None) -> list[Held]:
    """Add changes; one that is there only learns its arrival or refusal. Returns those that were new."""
    found = {held.change.name: held for held in changes}
    known = held_names(connection, list(found))
    new = [held for name, held in found.items() if name not in known]
    if new:
        connection.execute(table.insert(), [_to_row(held, brought_by) for held in new])
    told = [
        {"s": name.stream, "k": name.n, "d": name.digest, "a": held.arrived, "r": held.refused}
        for name, held in found.items()
        if name in known and known[name] != (held.arrived, held.refused)
    ]
    if told:
        place = (
            (table.c.stream == bindparam("s"))
            & (table.c.n == bindparam("k"))
            & (table.c.digest == bindparam("d"))
        )
        connection.execute(
            table.update().where(place).values(arrived=bindparam("a"), refused=bindparam("r")), told
        )
    return new


def held_names(connection: Connection, names: Sequence[Name]) -> dict[Name, tuple[int | None, str | None]]:
    """Which of these changes are in the log, with arrival and refusal."""
    found: dict[Name, tuple[int | None, str | None]] = {}
    key = tuple_(table.c.stream, table.c.n)
    for part in chunks(sorted({(name.stream, name.n) for name in names})):
        query = select(table.c.stream, table.c.n, table.c.digest, table.c.arrived, table.c.refused)
        for row in connection.execute(query.where(key.in_(part))):
            found[Name(row.stream, row.n, bytes(row.digest))] = (row.arrived, row.refused)
    wanted = set(names)
    return {name: said for name, said in found.items() if name in wanted}


def of_records(connection: Connection, records: Iterable[str]) -> dict[str, list[Held]]:
    """All changes of these records."""
    found: dict[str, list[Held]] = defaultdict(list)
    for part in chunks(sorted(set(records))):
        for row in connection.execute(select(table).where(table.c.record.in_(part))):
            found[row.record].append(from_row(row))
    return found


def read(connection: Connection, *where: ColumnElement[bool]) -> Iterator[Held]:
    """Changes that meet the conditions, in the order of stream and number."""
    query = select(table).where(*where).order_by(table.c.stream, table.c.n, table.c.digest)
    for row in connection.execute(query):
        yield from_row(row)


def from_row(row: Row[Any]) -> Held:
    """The change in a row of the table."""
    made = Change(
        row.stream,
        row.n,
        row.by,
        row.at,
        row.entity,
        row.record,
        _fields(row.entity, bytes(row.body)),
        _over(bytes(row.over)),
        bytes(row.digest),
    )
    return Held(made, row.arrived, row.refused)


def _to_row(held: Held, brought_by: int | None) -> dict[str, Any]:
    made = held.change
    return {
        "stream": made.stream,
        "n": made.n,
        "digest": made.digest,
        "by": made.by,
        "at": made.at,
        "entity": made.entity,
        "record": made.id,
        "body": canonical({field_number(made.entity, name): value for name, value in made.fields.items()}),
        "over": canonical([list(ref) for ref in made.over]),
        "arrived": held.arrived,
        "refused": held.refused,
        "brought_by": brought_by,
    }


def _fields(entity: str, body: bytes) -> Mapping[str, Value]:
    return {field_name(entity, number): as_value(value) for number, value in cbor2.loads(body).items()}


def _over(over: bytes) -> tuple[Ref, ...]:
    return () if over == b"\x80" else tuple(Ref(*ref) for ref in cbor2.loads(over))


def as_value(value: Any) -> Value:
    """A value as the domain has it: lists are tuples."""
    if isinstance(value, list | tuple):
        return tuple(as_value(part) for part in value)
    return value  # type: ignore[no-any-return]
