"""What this ledger says on a stick, and what it takes from one; the file itself is `sync.client.usb`'s."""

import os
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.domain.change import START, Change, Cursor
from app.storage import diary, evidence, outgoing
from app.storage import sticks as table
from app.storage.ledger import Ledger
from app.storage.meta import Identity
from app.storage.receiving import Delivery, Touched
from sync.protocol import messages
from sync.protocol.errors import BadMessage

ROAD = "usb"
MAX_FILES = 1_000
"""Files of evidence in one bundle."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a bundle of the province said. new: anything that was not known. held: files of evidence that the
    province has. told: codes of what is to be said in words. confirmed: the machine is enrolled by now.
    """

    sent: int
    received: int
    refused: int
    new: bool
    held: int
    told: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """The province's signed word for this machine, and the name it gave it."""

    certificate: bytes
    device_name: str


def ask(ledger: Ledger) -> tuple[messages.Request, list[evidence.Kept]]:
    """What waits and what may be needed to answer it; the files of evidence in the order in which they go."""
    with ledger.read() as connection:
        files = evidence.to_send(connection)[:MAX_FILES]
        request = messages.Request(
            nonce=os.urandom(8),
            cursor=outgoing.position(connection),
            changes=tuple(outgoing.waiting(connection)),
            earlier=(*outgoing.earlier(connection)[1:], START),
            back=tuple(outgoing.back(connection)),
            files=tuple(bytes.fromhex(file.sha256) for file in files),
        )
        return request, files


def note(ledger: Ledger, request: messages.Request) -> None:
    """A bundle with this request was written: its answer is read by it."""
    with ledger.edit() as edit:
        table.note(edit.connection, request.nonce, messages.pack_request(request), ledger.now())


def receive(ledger: Ledger, answer: messages.Answer, raw: bytes, paper: Paper | None, size: int) -> Taken:
    """Take the province's answer out of a bundle, with all that belongs to it, in one transaction.

    raw: as the province signed it. paper: its word for this machine, where that is new. size: of the bundle.
    Raises ChainBroken, ChainAhead, BadMessage.
    """
    with ledger.read() as connection:
        stick = table.find(connection, answer.nonce)
        newest = table.newest(connection)
    request = None if stick is None else messages.unpack_request(stick.request)
    waits = stick is not None and not stick.answered
    held = 0

    def also(connection: Connection, found: Identity, touched: Touched) -> Identity:
        nonlocal held
        if waits and request is not None:
            table.answered(connection, answer.nonce, ledger.now())
            if len(answer.files) == len(request.files):
                pairs = [
                    (sha256.hex(), leave) for sha256, leave in zip(request.files, answer.files, strict=True)
                ]
                evidence.note_leaves(connection, pairs, answer.time)
                held = sum(1 for leave in answer.files if not leave)
        if touched.new or paper is not None or held:
            diary.note(
                connection, at=ledger.now(), road=ROAD, sent=touched.acknowledged, received=touched.received,
                refused=touched.refused, bytes_up=0, bytes_down=size, failure=None,
            )  # fmt: skip
        if paper is None or found.certificate:
            return found
        return replace(found, certificate=paper.certificate, device_name=paper.device_name, enrolment=b"")

    open_ = waits and newest == answer.nonce and request is not None
    delivery = Delivery(
        asked=request.cursor if open_ and request is not None else None,
        start=Cursor(*answer.start),
        rows=_rows(answer),
        cursor=Cursor(*answer.cursor),
        refused=_refused(answer, request),
        time=answer.time,
        raw=raw,
        late=True,
    )
    touched = ledger.receive(delivery, also)
    return Taken(
        touched.acknowledged, touched.received, touched.refused, touched.new or paper is not None or held > 0,
        held, touched.told, paper is not None,
    )  # fmt: skip


def _rows(answer: messages.Answer) -> tuple[tuple[int, Change], ...]:
    rows = tuple((row.arrived, row.change) for row in answer.rows if isinstance(row.change, Change))
    if len(rows) != len(answer.rows) or not answer.known:
        raise BadMessage(why="an answer on a stick has its changes whole")
    return rows


def _refused(answer: messages.Answer, request: messages.Request | None) -> tuple[tuple[Change, str], ...]:
    """Refusals name changes by their place in a request; of one that is not known here they say nothing."""
    if request is None:
        return ()
    try:
        return tuple((request.changes[item.index], item.code) for item in answer.refused)
    except IndexError as error:
        raise BadMessage(why="a refusal of no change") from error
