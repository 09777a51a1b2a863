"""Envelopes that come in parts, because the link breaks before they are through.

A part is a range of bytes of one envelope, under the envelope's name. Nothing of it is believed before the
envelope is whole and its signature holds; until then it is only kept, bounded for each device and for a week.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from app.domain.errors import LedgerError
from sync.protocol import envelope
from sync.protocol.errors import BadEnvelope, BadMessage
from sync.server import exchange
from sync.server.store import Store
from sync.server.tables import device, part, part_slice

KEEP_SECONDS = 7 * 86_400
MAX_PARTS = 4
"""Envelopes that one device may have under way; the newest stay."""
MAX_BYTES = 64 * 1024 * 1024
"""Bytes that the envelopes of one device under way may have together; the newest stay."""


class PartTooLarge(LedgerError):
    """An envelope with more bytes than one may have. Facts: limit, in MiB."""

    code = "request-too-large"


class OtherLength(LedgerError):
    """The envelope was said to have another length before."""

    code = "bad-request"


@dataclass(frozen=True, slots=True)
class Arrived:
    """What is there of an envelope.

    received: its bytes from the start on. answer: the signed answer, once it is whole. gap: what came begins
    behind what is there, and was not taken.
    """

    received: int
    answer: bytes | None = None
    gap: bool = False


def take(store: Store, name: str, offset: int, length: int, data: bytes) -> Arrived:
    """Take in bytes of an envelope; those that are there are skipped. The last ones bring the answer.

    name: as `envelope.name` gives it. offset: where the bytes begin. length: of the whole envelope.
    Raises BadEnvelope, BadMessage, UnknownDevice, PartTooLarge, OtherLength.
    """
    try:
        with store.write() as connection:
            return _take(store, connection, name, offset, length, data)
    except (BadEnvelope, BadMessage):
        with store.write() as connection:  # what is no envelope does not become one
            _drop(connection, [name])
        raise


def look(store: Store, name: str) -> Arrived | None:
    """What is there of an envelope; None if nothing is."""
    with store.read() as connection:
        answer = exchange.kept_under(connection, name)
        if answer is not None:
            return Arrived(0, answer)
        held = connection.execute(select(part.c.received).where(part.c.name == name)).first()
    return None if held is None else Arrived(held.received)


def _take(store: Store, connection: Connection, name: str, offset: int, length: int, data: bytes) -> Arrived:
    answer = exchange.kept_under(connection, name)
    if answer is not None:
        return Arrived(length, answer)
    held = connection.execute(select(part).where(part.c.name == name).with_for_update()).first()
    received = 0 if held is None else held.received
    if offset > received:
        return Arrived(received, gap=True)
    if held is not None and held.length != length:
        raise OtherLength()
    fresh = data[received - offset : length - offset]
    if received == 0 and envelope.peek_start(fresh) is None:
        return Arrived(0)  # too little to tell whose it is
    if received + len(fresh) < length:
        if fresh:
            _keep(connection, name, held, length, fresh, store.now())
        return Arrived(received + len(fresh))
    sealed = _slices(connection, name) + fresh
    if envelope.name(sealed) != name:
        raise BadEnvelope()
    answer = exchange.answer(store, connection, sealed)
    _drop(connection, [name])
    return Arrived(length, answer)


def _keep(
    connection: Connection, name: str, held: Row[Any] | None, length: int, fresh: bytes, now: int
) -> None:
    start = 0 if held is None else held.received
    if held is None:
        _begin(connection, name, length, fresh, now)
    connection.execute(part_slice.insert().values(name=name, start=start, data=fresh))
    connection.execute(update(part).where(part.c.name == name).values(received=start + len(fresh), at=now))


def _begin(connection: Connection, name: str, length: int, first: bytes, now: int) -> None:
    sender = envelope.peek_start(first)
    assert sender is not None  # looked at before
    if connection.execute(select(device.c.id).where(device.c.id == sender)).first() is None:
        raise exchange.UnknownDevice(device=f"{sender:x}")
    if length > MAX_BYTES:
        raise PartTooLarge(limit=MAX_BYTES // 2**20)
    _make_room(connection, sender, length, now)
    connection.execute(part.insert().values(name=name, device=sender, length=length, received=0, at=now))


def _make_room(connection: Connection, sender: int, length: int, now: int) -> None:
    """Forget what is too old, of whatever device, and of this one what is more than it may have."""
    old = connection.execute(select(part.c.name).where(part.c.at < now - KEEP_SECONDS)).scalars().all()
    _drop(connection, list(old))
    others = connection.execute(
        select(part.c.name, part.c.length)
        .where(part.c.device == sender)
        .order_by(part.c.at.desc(), part.c.name)
    ).all()
    too_many, total = [], length
    for count, other in enumerate(others, start=2):
        total += other.length
        if count > MAX_PARTS or total > MAX_BYTES:
            too_many.append(other.name)
    _drop(connection, too_many)


def _slices(connection: Connection, name: str) -> bytes:
    query = select(part_slice.c.data).where(part_slice.c.name == name).order_by(part_slice.c.start)
    return b"".join(bytes(row.data) for row in connection.execute(query))


def _drop(connection: Connection, names: list[str]) -> None:
    for name in names:
        connection.execute(delete(part_slice).where(part_slice.c.name == name))
        connection.execute(delete(part).where(part.c.name == name))
