"""Writes what the province decides: only what differs from what it holds, into every feed concerned."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from app.domain.change import Change, Held, Value
from app.domain.fields import ENTITIES, identity
from app.domain.ids import PROVINCE
from app.domain.merge import NOTHING, Seen
from app.record.apply import apply
from app.record.reading import seen
from app.record.writing import make, next_number
from sync.server import distribution, feed
from sync.server.store import stream


class Wanted(NamedTuple):
    """A record as the province wants it: its key fields and the values that are to hold."""

    entity: str
    fields: Mapping[str, Value]


class Issued(NamedTuple):
    """How many changes were written, and the units whose feeds they went into."""

    changes: int
    units: tuple[str, ...]


def differing(connection: Connection, wanted: Iterable[Wanted]) -> list[Wanted]:
    """The records, each with its key and those values alone, that are not held like this now."""
    return [item for item, _ in _differing(connection, list(wanted))]


def issue(connection: Connection, now: int, wanted: Iterable[Wanted]) -> Issued:
    """Write what differs, over what is held. Raises BadValue, TextTooLong."""
    feed.lock(connection, feed.PROVINCE)
    own, changes = stream(connection), list[Change]()
    n = next_number(connection, own)
    for item, heads in _differing(connection, list(wanted)):
        entity = ENTITIES[item.entity]
        key = {name: item.fields[name] for name in entity.key}
        values = {name: value for name, value in item.fields.items() if name not in key}
        changes.append(
            make(
                stream=own,
                n=n + len(changes),
                by=PROVINCE,
                at=now,
                entity=item.entity,
                key=key,
                values=values,
                seen=heads,
            )
        )
    apply(connection, [Held(made, now) for made in changes])
    return Issued(len(changes), distribution.spread(connection, changes))


def _differing(connection: Connection, wanted: Sequence[Wanted]) -> list[tuple[Wanted, dict[str, Seen]]]:
    ids = [identity(item.entity, item.fields) for item in wanted]
    by_entity: dict[str, list[str]] = {}
    for item, id in zip(wanted, ids, strict=True):
        by_entity.setdefault(item.entity, []).append(str(id))
    held = {
        (entity, record, name): shown
        for entity, records in by_entity.items()
        for (record, name), shown in seen(connection, entity, records).items()
    }
    found: list[tuple[Wanted, dict[str, Seen]]] = []
    for item, id in zip(wanted, ids, strict=True):
        key = ENTITIES[item.entity].key
        heads = {
            name: held.get((item.entity, str(id), name), NOTHING) for name in item.fields if name not in key
        }
        left = {
            name: item.fields[name]
            for name, shown in heads.items()
            if shown.conflict or shown.value != item.fields[name]
        }
        if left:
            fields = {name: item.fields[name] for name in key} | left
            found.append((Wanted(item.entity, fields), heads))
    return found
