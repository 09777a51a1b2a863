"""Takes an answer of the province into the ledger, whole or not at all."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, select

from app.domain.change import START, Change, Cursor, Held
from app.domain.errors import LedgerError
from app.domain.fields import ENTITIES
from app.domain.ids import random_stream
from app.record import log
from app.record.apply import Record, apply, settle
from app.record.digest import chain_next
from app.record.tables import change, feed
from app.storage import evidence, meta, outgoing
from app.storage.tables import answer, answer_change, cursor, told

KEEP_ANSWERS = 90 * 86_400
"""Seconds that signed answers are kept, to give the province back what it lost."""


class ChainBroken(LedgerError):
    """An answer that does not follow on what this ledger holds; it is laid aside."""

    code = "chain-broken"


class ChainAhead(ChainBroken):
    """An answer that goes on from a place which this ledger has not reached, as after a restore."""

    code = "chain-ahead"


class ChainElsewhere(ChainBroken):
    """An answer that parts from what this ledger holds: the province was restored, and others heard first."""

    code = "chain-elsewhere"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An answer of the province, its signature checked.

    asked: where the ledger stood when it asked; None if it did not ask, or does not wait for this any more.
    start, cursor: where its rows begin and end. rows: time of arrival and change, in the order of the feed.
    refused: changes of ours with the code of the refusal. time: the province's clock. raw: the signed
    envelope. late: it came by a road on which answers overtake one another, a stick.
    """

    asked: Cursor | None
    start: Cursor
    rows: tuple[tuple[int, Change], ...]
    cursor: Cursor
    refused: tuple[tuple[Change, str], ...]
    time: int
    raw: bytes
    late: bool = False


@dataclass(frozen=True, slots=True)
class Touched:
    """What a delivery changed: records, how many changes were new here, and what is to be told in words.

    new: whether it said anything that this ledger did not know.
    """

    records: frozenset[Record] = frozenset()
    received: int = 0
    acknowledged: int = 0
    refused: int = 0
    told: tuple[str, ...] = ()
    new: bool = True


def take(
    connection: Connection, identity: meta.Identity, delivery: Delivery, now: int
) -> tuple[Touched, meta.Identity]:
    """Take a delivery in. Returns what it touched, and the identity, under a new stream if this is a copy.

    Raises ChainBroken when its chain does not run through a cursor that this ledger holds, or when the ledger
    stands elsewhere since it asked: another program has taken an answer meanwhile, and this one is older.
    One that came late is taken from where the ledger stands now; what lies wholly behind says nothing new.
    """
    if not _runs_through(delivery):
        raise ChainBroken()
    if delivery.late:
        fitting = _from_here(connection, delivery)
        if fitting is None:
            return _refused_alone(connection, identity, delivery)
        delivery = fitting
    elif outgoing.position(connection) != delivery.asked or not outgoing.holds(connection, delivery.start):
        raise ChainBroken()
    records: set[Record] = set()
    codes: list[str] = []
    if delivery.asked != delivery.start:
        records |= _forget_after(connection, delivery.start.seq)
        evidence.forget_held(connection)
        codes.append("province-went-back")
    held = [Held(made, arrived) for arrived, made in delivery.rows]
    refused = _refused(connection, delivery)
    waited = {made.name for made in outgoing.waiting(connection)}
    new = apply(connection, held + refused)
    settle(connection, records)
    _number(connection, identity.unit, delivery)
    _keep(connection, delivery)
    own = [item for item in new if item.change.stream == identity.stream and item.refused is None]
    if own:
        identity = meta.with_stream(identity, random_stream())
        meta.write_identity(connection, identity)
        codes.append("ledger-copied")
    last = 0 if not delivery.late else meta.read(connection, "last_sync") or 0
    meta.write(connection, "last_sync", max(delivery.time, last))  # the province's clock: ours may be wrong
    meta.write(connection, "province_time", max(delivery.time, meta.read(connection, "province_time") or 0))
    for code in codes:
        connection.execute(told.insert().values(at=now, code=code, facts={}))
    records |= {(item.change.entity, item.change.id) for item in held + refused}
    touched = Touched(
        frozenset(records),
        received=sum(1 for item in new if item.refused is None),
        acknowledged=sum(1 for item in held if item.change.name in waited),
        refused=len(refused),
        told=tuple(codes),
    )
    return touched, identity


def _from_here(connection: Connection, delivery: Delivery) -> Delivery | None:
    """What a late delivery holds beyond the place where this ledger stands; None when there is nothing.

    Only the answer to a request that is still open takes a ledger back to where the province went. Raises
    ChainAhead, ChainElsewhere.
    """
    here = outgoing.position(connection)
    if not delivery.rows and here == delivery.start and delivery.asked == here:
        return delivery  # nothing new was to be told, and that was asked
    at = delivery.start
    for number, (arrived, made) in enumerate(delivery.rows):
        if at == here:
            return replace(delivery, asked=here, start=here, rows=delivery.rows[number:])
        at = Cursor(at.seq + 1, chain_next(at.chain, made.digest, arrived))
    if _passed(connection, delivery.cursor):
        return None
    if delivery.asked == here and outgoing.holds(connection, delivery.start):
        return delivery
    if delivery.time <= (meta.read(connection, "last_sync") or 0):
        return None  # an older word, from before the province went back
    raise ChainAhead() if delivery.start.seq > here.seq else ChainElsewhere()


def _passed(connection: Connection, at: Cursor) -> bool:
    """Whether the feed of this ledger runs through a place."""
    query = select(feed.c.seq).where(feed.c.seq == at.seq, feed.c.chain == at.chain)
    return at == START or connection.execute(query).first() is not None


def _refused(connection: Connection, delivery: Delivery) -> list[Held]:
    """The refusals; of a late delivery those that this ledger does not know better by now."""
    known = log.held_names(connection, [made.name for made, _ in delivery.refused])
    return [
        Held(made, None, code)
        for made, code in delivery.refused
        if not delivery.late or known.get(made.name, (None, None)) == (None, None)
    ]


def _refused_alone(
    connection: Connection, identity: meta.Identity, delivery: Delivery
) -> tuple[Touched, meta.Identity]:
    """Take the refusals of a delivery whose rows are all known."""
    new = _refused(connection, delivery)
    apply(connection, new)
    records = frozenset((held.change.entity, held.change.id) for held in new)
    return Touched(records, refused=len(new), new=bool(new)), identity


def _runs_through(delivery: Delivery) -> bool:
    chain = delivery.start.chain
    for arrived, made in delivery.rows:
        chain = chain_next(chain, made.digest, arrived)
    return delivery.cursor == Cursor(delivery.start.seq + len(delivery.rows), chain)


def _forget_after(connection: Connection, seq: int) -> set[Record]:
    """The province went back: what it told after this place waits again, ours, others' and its own."""
    same = and_(feed.c.stream == change.c.stream, feed.c.n == change.c.n, feed.c.digest == change.c.digest)
    query = select(change).join(feed, same).where(feed.c.seq > seq)
    lost = [log.from_row(row).change for row in connection.execute(query)]
    connection.execute(feed.delete().where(feed.c.seq > seq))
    connection.execute(cursor.delete().where(cursor.c.seq > seq))
    log.write(connection, [Held(made) for made in lost])
    return {(made.entity, made.id) for made in lost}


def _number(connection: Connection, unit: str, delivery: Delivery) -> None:
    seq, chain = delivery.start
    numbered: list[dict[str, Any]] = []
    for arrived, made in delivery.rows:
        seq, chain = seq + 1, chain_next(chain, made.digest, arrived)
        numbered.append(
            {"unit": unit, "seq": seq, "stream": made.stream, "n": made.n, "digest": made.digest,
             "arrived": arrived, "chain": chain}
        )  # fmt: skip
    if numbered:
        connection.execute(feed.insert(), numbered)
        connection.execute(cursor.insert().values(seq=seq, chain=chain, taken_at=delivery.time))


def _keep(connection: Connection, delivery: Delivery) -> None:
    """Keep answers with the province's own changes, 90 days by its clock: ours may be years ahead."""
    now = delivery.time
    old = select(answer.c.id).where(answer.c.taken_at < now - KEEP_ANSWERS)
    connection.execute(answer_change.delete().where(answer_change.c.answer.in_(old)))
    connection.execute(answer.delete().where(answer.c.taken_at < now - KEEP_ANSWERS))
    theirs = {
        made.name
        for _, made in delivery.rows
        if made.entity in ENTITIES and ENTITIES[made.entity].side == "province"
    }
    if theirs:
        kept = connection.execute(
            answer.insert().values(taken_at=now, envelope=delivery.raw)
        ).inserted_primary_key
        assert kept is not None
        connection.execute(
            answer_change.insert(),
            [
                {"answer": kept[0], "stream": name.stream, "n": name.n, "digest": name.digest}
                for name in theirs
            ],
        )
