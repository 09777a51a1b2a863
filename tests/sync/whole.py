"""What must hold of both ends after whatever happened on the way: all is there, once, in order, and equal."""

from collections import Counter

from sqlalchemy import Connection, and_, select

from app.domain.change import START, Name
from app.domain.fields import ENTITIES
from app.record import log
from app.record.digest import chain_next
from app.record.tables import change, feed, head, rows
from app.record.verify import disagreements
from app.storage import outgoing
from app.storage.ledger import Ledger
from sync.server.store import Store


def held_of(connection: Connection, unit: str) -> dict[str, object]:
    """All that an end holds of the unit: the feed, its changes, and the heads and rows of their records."""
    order = select(feed).where(feed.c.unit == unit).order_by(feed.c.seq)
    fed = [tuple(row) for row in connection.execute(order)]
    same = and_(feed.c.stream == change.c.stream, feed.c.n == change.c.n, feed.c.digest == change.c.digest)
    query = select(change).join(feed, same).where(feed.c.unit == unit)
    of_feed = [log.from_row(row) for row in connection.execute(query)]
    changes = {held.change.name: (str(held.change), held.arrived, held.refused) for held in of_feed}
    records = {held.change.id for held in of_feed}
    return {
        "feed": fed,
        "log": changes,
        "head": sorted(tuple(row) for row in connection.execute(select(head)) if row.record in records),
        "rows": {
            name: sorted(
                (tuple(row) for row in connection.execute(select(table)) if row.id in records), key=str
            )
            for name, table in rows.items()
        },
    }


def feed_faults(connection: Connection, unit: str) -> list[str]:
    """Gaps, doubles, a broken chain, and changes of one device that stand out of their order.

    The province hands its own out in the order in which one rests on the other.
    """
    found: list[str] = []
    chain, last_of = START.chain, dict[int, int]()
    names: Counter[Name] = Counter()
    same = and_(feed.c.stream == change.c.stream, feed.c.n == change.c.n, feed.c.digest == change.c.digest)
    order = select(feed, change.c.entity).join(change, same).where(feed.c.unit == unit).order_by(feed.c.seq)
    for place, row in enumerate(connection.execute(order), 1):
        if row.seq != place:
            return [*found, f"number {row.seq} stands where {place} should"]
        chain = chain_next(chain, bytes(row.digest), row.arrived)
        if chain != bytes(row.chain):
            found.append(f"the chain breaks at {place}")
        if ENTITIES[row.entity].side != "province":
            if row.n <= last_of.get(row.stream, -1):
                found.append(f"{row.n} of stream {row.stream} comes after {last_of[row.stream]}")
            last_of[row.stream] = row.n
        names[Name(row.stream, row.n, bytes(row.digest))] += 1
    return found + [f"{name} stands there {count} times" for name, count in names.items() if count > 1]


def faults(ledger: Ledger, store: Store, unit: str) -> list[str]:
    """All that is wrong after a good sync: what waits still, what the ends do not share, what is unsound."""
    with store.read() as connection:
        found = disagreements(connection)
    return found + faults_of(ledger, store, unit)


def faults_of(ledger: Ledger, store: Store, unit: str) -> list[str]:
    """The same, without a look at what is not this unit's."""
    found: list[str] = []
    with ledger.read() as connection:
        if outgoing.pending_count(connection) or outgoing.back(connection):
            found.append("something still waits")
        found += disagreements(connection)
        found += feed_faults(connection, unit)
        here = held_of(connection, unit)
        names = {held.change.name for held in log.read(connection)}
    with store.read() as connection:
        found += feed_faults(connection, unit)
        there = held_of(connection, unit)
    found += [f"they differ in: {part}" for part in there if here[part] != there[part]]
    if unfed := names - set(there["log"]):  # type: ignore[call-overload]
        found.append(f"the device holds what no feed has: {unfed}")
    return found
