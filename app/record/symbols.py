"""Symbols read off paper, kept across scans until enough of their set are there; both ends keep them."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from app.record.tables import symbol

KEEP_SECONDS = 400 * 86_400
"""How long symbols wait for the rest of their set: a sheet is filed for a year, and may be scanned again."""

_WHOLE = -1  # the place of a set that was put together: the bytes that were cut


def held(connection: Connection, page_set: bytes, k: int, n: int) -> dict[int, bytes]:
    """The bodies that are kept of a set of `n` symbols, any `k` of which are enough, by place."""
    query = select(symbol.c.place, symbol.c.body).where(
        symbol.c.page_set == page_set, symbol.c.needed == k, symbol.c.count == n, symbol.c.place != _WHOLE
    )
    return {row.place: bytes(row.body) for row in connection.execute(query)}


def keep(
    connection: Connection, page_set: bytes, k: int, n: int, bodies: Mapping[int, bytes], now: int
) -> None:
    """Keep what was read of a set, beside what is kept of it; the newest reading of a place counts.

    now: seconds UTC. What waited too long goes.
    """
    connection.execute(symbol.delete().where(symbol.c.at < now - KEEP_SECONDS, symbol.c.place != _WHOLE))
    connection.execute(
        symbol.delete().where(symbol.c.page_set == page_set, symbol.c.place.in_(sorted(bodies)))
    )
    rows = [
        {"page_set": page_set, "place": place, "count": n, "needed": k, "body": body, "at": now}
        for place, body in sorted(bodies.items())
    ]
    if rows:
        connection.execute(symbol.insert(), rows)


def put_together(connection: Connection, page_set: bytes, data: bytes, now: int) -> None:
    """A set is whole and was taken: keep the bytes that were cut, in place of its symbols."""
    connection.execute(symbol.delete().where(symbol.c.page_set == page_set))
    connection.execute(
        symbol.insert().values(page_set=page_set, place=_WHOLE, count=0, needed=0, body=data, at=now)
    )


def whole(connection: Connection, page_set: bytes) -> bytes | None:
    """The bytes of a set that was taken before; None while it is not whole, or was never seen."""
    query = select(symbol.c.body).where(symbol.c.page_set == page_set, symbol.c.place == _WHOLE)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def forget(connection: Connection, page_set: bytes) -> None:
    """The symbols kept of a set do not fit together: they are read anew."""
    connection.execute(symbol.delete().where(symbol.c.page_set == page_set, symbol.c.place != _WHOLE))
