"""The log as plain JSON values: the same words and order at both ends, so that two logs can be compared."""

from typing import Any

from sqlalchemy import Connection, and_, select

from app.domain.change import Held, Name, Value
from app.record import log
from app.record.tables import change, feed


def listing(connection: Connection, unit: str, *, whole: bool) -> list[dict[str, Any]]:
    """Changes as JSON values: those of a unit's feed in its order, then, if `whole`, what is held beside it.

    seq and arrived: the place in the feed and the time of arrival as the unit was told; None while it waits.
    state: waiting, held or refused.
    """
    same = and_(
        feed.c.unit == unit,
        feed.c.stream == change.c.stream,
        feed.c.n == change.c.n,
        feed.c.digest == change.c.digest,
    )
    query = select(change, feed.c.seq, feed.c.arrived.label("told")).join(feed, same, isouter=whole)
    fed: list[tuple[int, dict[str, Any]]] = []
    beside: list[tuple[Name, dict[str, Any]]] = []
    for row in connection.execute(query):
        held = log.from_row(row)
        if row.seq is None:
            beside.append((held.change.name, as_json(held)))
        else:
            fed.append((row.seq, as_json(Held(held.change, row.told, held.refused), row.seq)))
    return [line for _, line in sorted(fed, key=lambda pair: pair[0])] + [
        line for _, line in sorted(beside, key=lambda pair: pair[0])
    ]


def as_json(held: Held, seq: int | None = None) -> dict[str, Any]:
    """One change. Streams and bytes are hex digits; `over` is a list of [stream, n, tip]."""
    made = held.change
    state = "refused" if held.refused is not None else "waiting" if held.arrived is None else "held"
    return {
        "stream": f"{made.stream:x}",
        "n": made.n,
        "digest": made.digest.hex(),
        "by": made.by,
        "at": made.at,
        "entity": made.entity,
        "id": made.id,
        "fields": {name: _plain(value) for name, value in made.fields.items()},
        "over": [[f"{ref.stream:x}", ref.n, ref.tip.hex()] for ref in made.over],
        "seq": seq,
        "arrived": held.arrived,
        "state": state,
    }


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.hex() if isinstance(value, bytes) else value
