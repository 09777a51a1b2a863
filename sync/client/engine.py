"""One sync: what waits goes up, what the province has comes down, and only its signed answer is believed."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.change import START, Cursor
from app.services import conflicts
from app.storage import diary, outgoing
from app.storage.ledger import Ledger
from app.storage.receiving import ChainBroken, Delivery
from sync.client.link import (
    Link,
    NoAnswer,
    NoConnection,
    OtherProvince,
    Problem,
    Stopped,
    Tell,
    never,
    silent,
)  # fmt: skip
from sync.protocol import envelope, messages
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner

Sign = Callable[[bytes], bytes]

MAX_ROUNDS = 6
"""Exchanges in one sync: three are enough for a province that went back; more means a fault."""
PROVINCE_KID = 0


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one sync did. Counts are of changes; conflicts are those open afterwards; seconds are
    of a monotonic clock.

    told: codes of what is to be said in words (a copied ledger, a province that went back). road: "network".
    slices: parts that envelopes and answers were cut into; 0 when all went whole. resumed: it began with
    what an earlier one had left half done. evidence_sent: files that the province holds since.
    """

    sent: int
    received: int
    refused: int
    conflicts: int
    requests: int
    bytes_up: int
    bytes_down: int
    seconds: float
    told: tuple[str, ...]
    road: str = "network"
    slices: int = 0
    resumed: bool = False
    evidence_sent: int = 0


def synchronise(
    ledger: Ledger,
    link: Link,
    sign: Sign,
    *,
    road: str = "network",
    tell: Tell = silent,
    stopped: Stopped = never,
) -> Exchange:
    """Exchange until nothing waits. Raises NoConnection, NoAnswer, OtherProvince, NotEnrolled.

    sign: the device's Ed25519 signature over bytes. Whatever is raised, all goes next time.
    """
    began = time.monotonic()
    sent = received = refused = 0
    told: list[str] = []
    try:
        offer_earlier = taken = False
        for _ in range(MAX_ROUNDS):
            delivery = _round(ledger, link, sign, offer_earlier)
            if delivery is None:
                if offer_earlier:
                    raise NoAnswer()
                offer_earlier = True
                continue
            offer_earlier = False
            try:
                touched = ledger.receive(delivery)
            except ChainBroken:
                continue  # laid aside: another program took an answer into this ledger meanwhile
            taken = True
            sent += touched.acknowledged
            received += touched.received
            refused += touched.refused
            told += touched.told
            with ledger.read() as connection:
                if not outgoing.pending_count(connection) and not outgoing.back(connection):
                    break
        if not taken:
            raise NoAnswer()  # each one broken: whatever answers, it does not go on from where we stand
    except (NoConnection, OtherProvince) as error:
        _note(ledger, link, road, (sent, received, refused), error.code)
        raise
    _note(ledger, link, road, (sent, received, refused), None)
    return Exchange(
        sent, received, refused, _open_conflicts(ledger), link.requests, link.bytes_up, link.bytes_down,
        time.monotonic() - began, tuple(told), road,
    )  # fmt: skip


def _round(ledger: Ledger, link: Link, sign: Sign, offer_earlier: bool) -> Delivery | None:
    """One request and its answer; None when the province does not know where this ledger stands."""
    identity = ledger.identity
    with ledger.read() as connection:
        request = messages.Request(
            nonce=os.urandom(8),
            cursor=outgoing.position(connection),
            changes=tuple(outgoing.waiting(connection)),
            # the beginning too: a province that went back far enough knows no other place of ours
            earlier=(*outgoing.earlier(connection), START) if offer_earlier else (),
            back=tuple(outgoing.back(connection)),
        )
    sealed = envelope.seal(messages.pack_request(request), identity.device, sign)
    raw = _post(link, sealed, identity.certificate)
    answer = _opened(raw, identity.province_key)
    if answer.nonce != request.nonce:
        raise NoAnswer()  # an older answer, held back somewhere on the way
    if not answer.known:
        return None
    try:
        return Delivery(
            asked=request.cursor,
            start=Cursor(*answer.start),
            rows=tuple(
                (row.arrived, request.changes[row.change] if isinstance(row.change, int) else row.change)
                for row in answer.rows
            ),
            cursor=Cursor(*answer.cursor),
            refused=tuple((request.changes[item.index], item.code) for item in answer.refused),
            time=answer.time,
            raw=raw,
        )
    except IndexError as error:
        raise NoAnswer() from error


def _post(link: Link, sealed: bytes, certificate: bytes) -> bytes:
    try:
        return link.post("/v1/sync", sealed)
    except Problem as problem:
        if problem.problem != "unknown-device":
            raise NoAnswer() from problem
    try:
        # the province may have gone back to before this device was enrolled: it knows its own signature
        link.post("/v1/devices", certificate)
        return link.post("/v1/sync", sealed)
    except Problem as problem:
        raise (OtherProvince() if problem.problem == "not-our-certificate" else NoAnswer()) from problem


def _opened(raw: bytes, province_key: bytes) -> messages.Answer:
    try:
        _, payload = envelope.open(raw, lambda kid: province_key if kid == PROVINCE_KID else None)
    except (BadEnvelope, UnknownSigner) as error:
        raise (OtherProvince() if _looks_signed(raw) else NoAnswer()) from error
    try:
        return messages.unpack_answer(payload)
    except BadMessage as error:
        raise NoAnswer() from error


def _looks_signed(raw: bytes) -> bool:
    """Whether this has the form of a province's envelope, so that the key is what differs."""
    try:
        return envelope.peek_kid(raw) == PROVINCE_KID
    except BadEnvelope:
        return False


def _note(ledger: Ledger, link: Link, road: str, counts: tuple[int, int, int], failure: str | None) -> None:
    """One line in the diary of exchanges; an idle one that went well leaves none."""
    if not any(counts) and failure is None:
        return
    sent, received, refused = counts
    with ledger.edit() as edit:
        diary.note(
            edit.connection, at=ledger.now(), road=road, sent=sent, received=received, refused=refused,
            bytes_up=link.bytes_up, bytes_down=link.bytes_down, failure=failure,
        )  # fmt: skip


def _open_conflicts(ledger: Ledger) -> int:
    with ledger.read() as connection:
        return conflicts.count(connection)
