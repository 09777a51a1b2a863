"""Sticks at the province: a commune's bundle is taken in, and the answer for all its machines written.

Everything is verified and looked through before anything is written. What is written then is idempotent: the
same stick again, or one after the network was quicker, changes nothing and gets a fresh answer.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Row, select

from app.domain.change import START, Cursor
from app.domain.errors import LedgerError
from app.record import log, outside
from app.record.tables import rows
from sync.protocol import bundle, envelope, messages
from sync.protocol.errors import BadMessage
from sync.server import answering, enrolment, exchange, feed, introducing, uploads
from sync.server.store import PROVINCE_KID, Store
from sync.server.tables import device


class BundleWrongWay(LedgerError):
    """A bundle for the other end. Facts: file."""

    code = "bundle-wrong-way"


class BundleMachineUnknown(LedgerError):
    """A bundle of a machine that this province does not know, with nothing that would make it known.

    Facts: file.
    """

    code = "bundle-machine-unknown"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a bundle brought.

    device, device_name: the machine that wrote it. known, new: changes held before, and taken now. refused:
    codes of what was given back. files, files_known: of evidence. files_left: with the code that says why.
    enrolled: the bundle made the machine known. size: bytes of the answer.
    """

    unit: str
    unit_name: str
    device: int
    device_name: str
    known: int
    new: int
    refused: tuple[str, ...]
    files: int
    files_known: int
    files_left: tuple[str, ...]
    enrolled: bool
    size: int


@dataclass(frozen=True, slots=True)
class _Looked:
    """A bundle that was read to its end: its request as sealed and as read."""

    sealed: bytes
    request: messages.Request
    header: bundle.Header
    key: bytes


def take(store: Store, folder: Path, path: Path, answer_path: Path) -> Taken:
    """Take in the bundle at `path` and write the answer to `answer_path`, which is replaced whole.

    folder: for files of evidence. On a refusal nothing is written, neither here nor there.
    Raises FileUnreadable, FileUnwritable, BundleForeign, BundleNewer, BundleDamaged, BundleSigner,
    BundleClosed, BundleWrongWay, BundleMachineUnknown, BadMessage, and what `enrolment.enrol` raises.
    """
    with outside.opened(path) as source:
        end = bundle.tail(source, str(path))
        known, key = _sender(store, end)
        looked = _look_through(store, source, end, key)
    with outside.written(answer_path, lambda _: True) as out:
        if not known:
            introducing.make_known(store, end.introduction)
        held = _held(store, looked.request)
        said = _answered(store, exchange.take(store, looked.sealed))
        sender = _device(store, end.kid)
        with outside.opened(path) as source:
            files, files_known, left = _take_files(store, folder, sender.unit, source, end, looked)
        size = _write_answer(store, out, sender.unit, sender.id, looked.request, said)
    return Taken(
        unit=sender.unit,
        unit_name=_unit_name(store, sender.unit),
        device=sender.id,
        device_name=sender.name,
        known=held,
        new=len(looked.request.changes) - held - len(said.refused),
        refused=tuple(item.code for item in said.refused),
        files=files,
        files_known=files_known,
        files_left=left,
        enrolled=not known,
        size=size,
    )


# ---- who sends it, and what is inside ----------------------------------------------------------------


def _sender(store: Store, end: bundle.Tail) -> tuple[bool, bytes]:
    """Whether the sender is known here, and the key that it signs with."""
    if end.kid == PROVINCE_KID:
        raise BundleWrongWay(file=end.file)
    try:
        return introducing.sender(store, end.kid, end.introduction)
    except introducing.NotIntroduced as error:
        raise BundleMachineUnknown(file=end.file) from error


def _look_through(store: Store, source: BinaryIO, end: bundle.Tail, key: bytes) -> _Looked:
    """Read a bundle to its end and verify all of it; nothing is taken yet."""
    header = bundle.verified(source, end, key)
    if header.kind != "request":
        raise BundleWrongWay(file=end.file)
    with store.read() as connection:
        content_key = bundle.content_key(end, header, PROVINCE_KID, store.box(connection))
    sealed, payload = b"", b""
    for part in bundle.parts(source, end, header, content_key):
        if part.which == "envelope" and not sealed:
            sealed = part.read()
            _, payload = envelope.open(sealed, lambda kid: key if kid == end.kid else None)
        elif part.which != "file" or _sha256(part) != part.name:
            raise BadMessage(why="a part that has no place in the bundle of a machine")
    return _Looked(sealed, messages.unpack_request(payload), header, content_key)


def _sha256(part: bundle.Part) -> str:
    found = hashlib.sha256()
    for chunk in part.chunks:
        found.update(chunk)
    return found.hexdigest()


# ---- taking it in ------------------------------------------------------------------------------------


def _held(store: Store, request: messages.Request) -> int:
    """How many changes of a request the province had before."""
    with store.read() as connection:
        return len(log.held_names(connection, [made.name for made in request.changes]))


def _answered(store: Store, sealed: bytes) -> messages.Answer:
    with store.read() as connection:
        own = store.public_key(connection)
    return messages.unpack_answer(envelope.open(sealed, lambda _: own)[1])


def _take_files(
    store: Store, folder: Path, unit: str, source: BinaryIO, end: bundle.Tail, looked: _Looked
) -> tuple[int, int, tuple[str, ...]]:
    """Take the files of evidence; what cannot be kept is left, and the words stand all the same."""
    new, known, left = 0, 0, []
    for part in bundle.parts(source, end, looked.header, looked.key):
        if part.which != "file":
            continue
        try:
            if uploads.take_file(store, folder, unit, part.name, part.read()):
                new += 1
            else:
                known += 1
        except LedgerError as error:
            left.append(error.code)
    return new, known, tuple(left)


# ---- the answer --------------------------------------------------------------------------------------


def _write_answer(
    store: Store, out: bundle.Sink, unit: str, sender: int, request: messages.Request, said: messages.Answer
) -> int:
    """An answer for each machine of the unit: to the sender what it asked, to others what is new for them."""
    with store.read() as connection:
        to = _living(connection, unit)
        writer = bundle.Writer(
            out, "answer", unit, store.now(), PROVINCE_KID,
            lambda data: store.signature(connection, data),
            [(one.id, bytes(one.box_key)) for one in to],
        )  # fmt: skip
        for one, sealed in _answers(store, connection, unit, to, sender, request, said):
            writer.add("envelope", f"{one:x}", len(sealed), iter([sealed]))
        paper = enrolment.certificate(store, connection, sender)
        writer.add("certificate", f"{sender:x}", len(paper), iter([paper]))
        writer.finish()
    return writer.size


def _answers(
    store: Store,
    connection: Connection,
    unit: str,
    to: list[Row[Any]],
    sender: int,
    request: messages.Request,
    said: messages.Answer,
) -> Iterator[tuple[int, bytes]]:
    for one in to:
        if one.id == sender:
            files = uploads.leaves(store, connection, unit, request.files)
            start = Cursor(*said.start) if said.known else START
            yield (
                one.id,
                answering.whole(
                    store, connection, unit, start, nonce=request.nonce, refused=said.refused, files=files
                ),
            )
        else:
            stood = [] if one.seq is None else [Cursor(one.seq, bytes(one.chain))]
            start = feed.recognised(connection, unit, stood) or START
            yield one.id, answering.whole(store, connection, unit, start)


def _living(connection: Connection, unit: str) -> list[Row[Any]]:
    """The machines of a unit that something can be sealed to, those heard last first."""
    query = (
        select(device)
        .where(device.c.unit == unit, device.c.box_key.is_not(None))
        .order_by(device.c.last_heard.desc(), device.c.id)
    )
    found = connection.execute(query.limit(bundle.MAX_RECIPIENTS))
    return [row for row in found if bundle.can_be_sealed_to(bytes(row.box_key))]


def _device(store: Store, number: int) -> Row[Any]:
    with store.read() as connection:
        return connection.execute(select(device).where(device.c.id == number)).one()


def _unit_name(store: Store, unit: str) -> str:
    table = rows["unit"]
    with store.read() as connection:
        return str(connection.execute(select(table.c.name).where(table.c.code == unit)).scalar() or unit)
