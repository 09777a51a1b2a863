"""A unit's feed: its changes numbered in the order in which the province took them.

Numbers become visible in order with any number of server processes: whoever adds rows first takes the lock of
the unit's head, until commit; never a database sequence or a maximum plus one.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, and_, select, update

from app.domain.change import START, Cursor, Held, Name
from app.record import log
from app.record.digest import chain_next
from app.record.tables import change, feed
from sync.server.tables import feed_head

PROVINCE = ""
"""The lock of what the province itself writes, taken before those of the units."""


def lock(connection: Connection, *units: str) -> None:
    """Wait until nobody else writes for these units, and hold them until the end of the transaction.

    Taken before anything is read that rows are made from: on PostgreSQL two requests of one unit would
    otherwise make its rows from two halves of its log. SQLite lets one writer in anyway.
    """
    for unit in sorted(units):
        held = connection.execute(
            update(feed_head)
            .where(feed_head.c.unit == unit)
            .values(seq=feed_head.c.seq)
            .returning(feed_head.c.unit)
        )
        if held.first() is None:
            connection.execute(feed_head.insert().values(unit=unit, seq=0, chain=START.chain))


def append(connection: Connection, unit: str, changes: Sequence[Held]) -> int:
    """Add changes that the feed does not have yet, in this order; returns how many. Each has arrived."""
    lock(connection, unit)
    named = {held.change.name: held for held in changes}
    there = _there(connection, unit, list(named))
    new = [held for name, held in named.items() if name not in there]
    if not new:
        return 0
    taken = connection.execute(
        update(feed_head)
        .where(feed_head.c.unit == unit)
        .values(seq=feed_head.c.seq + len(new))
        .returning(feed_head.c.seq, feed_head.c.chain)
    ).one()
    seq, chain = taken.seq - len(new), bytes(taken.chain)
    rows: list[dict[str, Any]] = []
    for held in new:
        seq, arrived = seq + 1, held.arrived or 0
        chain = chain_next(chain, held.change.digest, arrived)
        name = held.change.name
        rows.append(
            {"unit": unit, "seq": seq, "stream": name.stream, "n": name.n, "digest": name.digest,
             "arrived": arrived, "chain": chain}
        )  # fmt: skip
    connection.execute(feed.insert(), rows)
    connection.execute(update(feed_head).where(feed_head.c.unit == unit).values(chain=chain))
    return len(new)


def newest(connection: Connection, unit: str) -> Cursor:
    """Where a unit's feed ends."""
    row = connection.execute(select(feed_head).where(feed_head.c.unit == unit)).first()
    return START if row is None else Cursor(row.seq, bytes(row.chain))


def recognised(connection: Connection, unit: str, cursors: Iterable[Cursor]) -> Cursor | None:
    """The first of these cursors at which this feed has stood; None if there is none."""
    offered = list(cursors)
    chains = {
        row.seq: bytes(row.chain)
        for part in log.chunks([cursor.seq for cursor in offered])
        for row in connection.execute(
            select(feed.c.seq, feed.c.chain).where(feed.c.unit == unit, feed.c.seq.in_(part))
        )
    }
    return next((c for c in offered if c == START or chains.get(c.seq) == c.chain), None)


def after(connection: Connection, unit: str, seq: int) -> list[tuple[int, Held]]:
    """The rows after a place: time of arrival and change, in order."""
    same = and_(feed.c.stream == change.c.stream, feed.c.n == change.c.n, feed.c.digest == change.c.digest)
    query = (
        select(change, feed.c.arrived.label("told"))
        .join(feed, same)
        .where(feed.c.unit == unit, feed.c.seq > seq)
        .order_by(feed.c.seq)
    )
    return [(row.told, log.from_row(row)) for row in connection.execute(query)]


def _there(connection: Connection, unit: str, names: Sequence[Name]) -> set[Name]:
    found: set[Name] = set()
    for part in log.chunks(sorted({name.stream for name in names})):
        query = select(feed.c.stream, feed.c.n, feed.c.digest).where(
            feed.c.unit == unit, feed.c.stream.in_(part)
        )
        found |= {Name(row.stream, row.n, bytes(row.digest)) for row in connection.execute(query)}
    return found
