"""Makes the next change of a stream, at both ends."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from app.domain.change import Change, Ref, Value
from app.domain.fields import ENTITIES, check, identity
from app.domain.merge import NOTHING, Seen
from app.record.digest import seal
from app.record.tables import change


def next_number(connection: Connection, stream: int) -> int:
    """The number of the next change of a stream; gaps do not matter."""
    newest = connection.execute(select(func.max(change.c.n)).where(change.c.stream == stream)).scalar()
    return int(newest or 0) + 1


def make(
    *,
    stream: int,
    n: int,
    by: str,
    at: int,
    entity: str,
    key: Mapping[str, Value],
    values: Mapping[str, Value],
    seen: Mapping[str, Seen],
    record: str | None = None,
) -> Change:
    """The change that writes these values over what was seen of them.

    key: the key fields of the entity, which each of its changes carries, so that it stands for itself; empty
    when the id is random, which is then given as `record`. Raises BadValue, TextTooLong; ValueError for a
    wrong key.
    """
    fields = {**key, **values}
    id = identity(entity, fields) or record
    if id is None or set(key) != set(ENTITIES[entity].key):
        raise ValueError(f"a record of {entity} is named by {ENTITIES[entity].key}")
    for name, value in fields.items():
        check(entity, name, value)
    over: set[Ref] = set()
    for name in values:
        over.update(seen.get(name, NOTHING).over)
    return seal(stream=stream, n=n, by=by, at=at, entity=entity, id=id, fields=fields, over=over)
