"""One request of a device and the province's one answer, in one transaction."""

from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from app.domain.change import START, Change, Held, Name
from app.domain.errors import LedgerError
from app.domain.fields import ENTITIES
from app.record import log
from app.record.apply import apply
from app.record.keys import keys_of
from sync.protocol import envelope, messages
from sync.server import distribution, door, feed, receipts, uploads
from sync.server.store import PROVINCE_KID, Store, notice_copies
from sync.server.tables import device, kept_answer


class UnknownDevice(LedgerError):
    """The province has no such device; it may have gone back to an older state. Facts: device."""

    code = "unknown-device"


def take(store: Store, sealed: bytes) -> bytes:
    """The signed answer to a signed request; the same request again gets the same answer.

    Raises BadEnvelope, BadMessage for what no device of ours sends, UnknownDevice.
    """
    with store.write() as connection:
        return answer(store, connection, sealed)


def answer(store: Store, connection: Connection, sealed: bytes) -> bytes:
    """As `take`, in a transaction that was begun. Raises what `take` raises."""
    payload, sender = _opened(connection, sealed)
    name = envelope.name(sealed)
    request = messages.unpack_request(payload)
    writes_too = request.back or any(made.entity == "report" for made in request.changes)
    feed.lock(connection, sender.unit, *([feed.PROVINCE] if writes_too else []))
    kept = kept_under(connection, name, sender.id)
    if kept is not None:
        return kept
    now = store.now()
    _take_back(store, connection, request.back, now)
    refused = _take_changes(connection, sender.id, sender.unit, request.changes, now)
    files = uploads.leaves(store, connection, sender.unit, request.files)
    said = _answer(connection, sender.unit, request, refused, files, now)
    stood = {"seq": said.start.seq, "chain": said.start.chain} if said.known else {}
    connection.execute(update(device).where(device.c.id == sender.id).values(last_heard=now, **stood))
    made = store.sign(connection, messages.pack_answer(said, keys_of(connection, said.changes)))
    connection.execute(delete(kept_answer).where(kept_answer.c.device == sender.id))
    connection.execute(kept_answer.insert().values(device=sender.id, name=name, at=now, envelope=made))
    return made


def kept_under(connection: Connection, name: str, sender: int | None = None) -> bytes | None:
    """The answer that was given to the envelope of this name, if it is its sender's last one.

    sender: only if that device sent it.
    """
    query = select(kept_answer.c.envelope).where(kept_answer.c.name == name)
    if sender is not None:
        query = query.where(kept_answer.c.device == sender)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def _opened(connection: Connection, sealed: bytes) -> tuple[bytes, Row[Any]]:
    number = envelope.peek_kid(sealed)
    sender = connection.execute(select(device).where(device.c.id == number)).first()
    if sender is None:
        raise UnknownDevice(device=f"{number:x}")
    _, payload = envelope.open(sealed, lambda kid: bytes(sender.public_key) if kid == sender.id else None)
    return payload, sender


def _take_changes(
    connection: Connection, sender: int, unit: str, changes: tuple[Change, ...], now: int
) -> dict[int, str]:
    refused = door.refusals(connection, unit, changes)
    taken = [Held(made, now) for index, made in enumerate(changes) if index not in refused]
    _accept(connection, unit, taken, sender, now)
    return refused


def _accept(connection: Connection, unit: str, taken: list[Held], sender: int, now: int) -> None:
    """Log what is new; what was held keeps its first arrival. All of it belongs into the unit's feed."""
    known = log.held_names(connection, [held.change.name for held in taken])
    settled = [Held(held.change, known.get(held.change.name, (held.arrived, None))[0]) for held in taken]
    new = [held for held in settled if held.change.name not in known]
    apply(connection, new, sender)
    notice_copies(connection, new)
    feed.append(connection, unit, settled)
    receipts.give(connection, unit, [held.change for held in new], now)


def _take_back(store: Store, connection: Connection, answers: tuple[bytes, ...], now: int) -> None:
    """What this province wrote and has lost comes home inside the answers that it signed."""
    if not answers:
        return
    own_key = store.public_key(connection)
    lost: dict[Name, Held] = {}
    for sealed in answers:
        _, payload = envelope.open(sealed, lambda kid: own_key if kid == PROVINCE_KID else None)
        for row in messages.unpack_answer(payload).rows:
            made = row.change
            if (
                isinstance(made, Change)
                and made.entity in ENTITIES
                and ENTITIES[made.entity].side == "province"
            ):
                lost[made.name] = Held(made, now)
    distribution.restore(connection, list(lost.values()))


def _answer(
    connection: Connection,
    unit: str,
    request: messages.Request,
    refused: dict[int, str],
    files: tuple[str, ...],
    now: int,
) -> messages.Answer:
    codes = tuple(messages.Refusal(index, code) for index, code in sorted(refused.items()))
    start = feed.recognised(connection, unit, (request.cursor, *request.earlier))
    if start is None:
        return messages.Answer(
            nonce=request.nonce, known=False, start=START, rows=(), cursor=START, time=now, refused=codes,
            files=files,
        )  # fmt: skip
    sent = {made.name: index for index, made in enumerate(request.changes)}
    rows = tuple(
        messages.Row(arrived, sent.get(held.change.name, held.change))
        for arrived, held in feed.after(connection, unit, start.seq)
    )
    return messages.Answer(
        nonce=request.nonce,
        known=True,
        start=start,
        rows=rows,
        cursor=feed.newest(connection, unit),
        time=now,
        refused=codes,
        files=files,
    )
