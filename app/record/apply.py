"""The one function that writes rows: for own edits, for pulled changes, and at the province."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from app.domain.change import Held, Value
from app.domain.fields import ENTITIES, Entity, applies
from app.domain.merge import heads, in_conflict
from app.record import log
from app.record.tables import head, rows

Record = tuple[str, str]
"""Entity and id."""


def apply(connection: Connection, changes: Iterable[Held], brought_by: int | None = None) -> list[Held]:
    """Log these changes and make the rows of their records again from the log. Returns those that were new.

    The order of arrival does not matter: rows are a function of the set of changes.
    """
    given = list(changes)
    new = log.write(connection, given, brought_by)
    settle(connection, {(held.change.entity, held.change.id) for held in given})
    return new


def settle(connection: Connection, records: Iterable[Record]) -> None:
    """Make heads and rows of these records again from the log."""
    by_entity: dict[str, list[str]] = {}
    for kind, record in sorted(set(records)):
        if kind in ENTITIES:
            by_entity.setdefault(kind, []).append(record)
    for name, ids in by_entity.items():
        entity = ENTITIES[name]
        for part in log.chunks(ids):
            _settle_part(connection, entity, part)


def derive(
    entity: Entity, record: str, changes: Sequence[Held]
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The row and the heads that a record's changes give; no row when no accepted change names its key."""
    row: dict[str, Any] = {"id": record} | dict.fromkeys(entity.fields)
    found: list[dict[str, Any]] = []
    accepted = [held for held in changes if held.refused is None and held.change.entity == entity.name]
    if not accepted:
        return None, []
    for name in entity.key:
        row[name] = next((h.change.fields[name] for h in accepted if name in h.change.fields), None)
    for name, field in entity.fields.items():
        if name in entity.key:
            continue
        known = [
            h
            for h in accepted
            if name in h.change.fields and applies(entity.name, field, h.change.fields[name])
        ]
        top = heads(known, name)
        if not top:
            continue
        row[name] = _stored(top[0].change.fields[name])
        differs = in_conflict(top, name)
        found += [
            {
                "record": record,
                "field": name,
                "place": place,
                "entity": entity.name,
                "stream": held.change.stream,
                "n": held.change.n,
                "digest": held.change.digest,
                "differs": differs,
            }
            for place, held in enumerate(top)
        ]
    return row, found


def _settle_part(connection: Connection, entity: Entity, ids: Sequence[str]) -> None:
    changes = log.of_records(connection, ids)
    table = rows[entity.name]
    connection.execute(table.delete().where(table.c.id.in_(ids)))
    connection.execute(head.delete().where(head.c.record.in_(ids), head.c.entity == entity.name))
    new_rows: list[dict[str, Any]] = []
    new_heads: list[dict[str, Any]] = []
    for record in ids:
        row, found = derive(entity, record, changes.get(record, []))
        if row is not None:
            new_rows.append(row)
            new_heads += found
    if new_rows:
        connection.execute(table.insert(), new_rows)
    if new_heads:
        connection.execute(head.insert(), new_heads)


def _stored(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value
