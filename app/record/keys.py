"""What the ids of records are made of, for those that a row of changes speaks of and does not tell."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import Connection, select

from app.domain.change import Change
from app.domain.fields import ENTITIES, Entity
from app.record.log import chunks
from app.record.tables import rows

Key: TypeAlias = tuple[int, tuple[str, ...]]
"""The number of an entity, and the values of its key fields, in their order."""

_WORTH_FROM = 3  # records of one kind: two ids are as short as what they are made of


def keys_of(connection: Connection, changes: Sequence[Change]) -> dict[str, Key]:
    """By id, what the records are made of that fields of the changes name, as far as they are held here."""
    told = {change.id for change in changes}
    wanted: dict[str, set[str]] = {}
    for change in changes:
        entity = ENTITIES.get(change.entity)
        if entity is not None:
            _want(wanted, entity, change.fields, told)
    found: dict[str, Key] = {}
    while wanted:
        name, ids = wanted.popitem()
        if len(ids) < _WORTH_FROM:
            continue
        entity = ENTITIES[name]
        table = rows[name]
        columns = [table.c[key] for key in entity.key]
        for part in chunks(sorted(ids)):
            for id, *values in connection.execute(select(table.c.id, *columns).where(table.c.id.in_(part))):
                if all(isinstance(value, str) and value for value in values):
                    found[id] = (entity.number, tuple(values))
                _want(wanted, entity, dict(zip(entity.key, values, strict=True)), told)
    return found


def _want(wanted: dict[str, set[str]], entity: Entity, fields: Mapping[str, object], told: set[str]) -> None:
    """The ids among the key fields that other records have: a field is called as what it names."""
    for name in entity.key:
        value = fields.get(name)
        known = ENTITIES.get(name)
        if known is not None and known.key and isinstance(value, str) and value not in told:
            wanted.setdefault(name, set()).add(value)
