"""One sync: what waits goes up, what the province has comes down, and only its signed answer is believed."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.domain.change import START
from app.domain.errors import LedgerError
from app.record.keys import keys_of
from app.services import conflicts
from app.storage import diary, evidence, outgoing
from app.storage.ledger import Ledger
from app.storage.meta import Identity
from app.storage.outgoing import Parcel
from app.storage.receiving import ChainBroken, Touched
from sync.client import admission, answers, reasons
from sync.client.link import (
    Link,
    NoAnswer,
    NoConnection,
    PartsLink,
    Problem,
    Stopped,
    StoppedByUser,
    Tell,
    never,
    silent,
)
from sync.client.transfer import Transfer
from sync.protocol import envelope, messages

Sign = Callable[[bytes], bytes]

MAX_ROUNDS = 6
"""Exchanges in one sync: three are enough for a province that went back; more means a fault."""
_NEVER = {"bad-envelope", "bad-message", "bad-request", "unknown-signer", "request-too-large"}
"""What the province says of an envelope that it will never take; another one may fare better."""


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
    """Exchange until nothing waits. Whatever is raised, all goes next time.

    sign: the device's Ed25519 signature over bytes.
    Raises NoConnection, NoAnswer, TooNarrow, OtherProvince, NotEnrolled, StoppedByUser, and CodeRefused where
    the province does not confirm an enrolment by file.
    """
    began = time.monotonic()
    sync = _Sync(ledger, link, sign, tell, stopped)
    try:
        sync.run()
    except Exception as error:
        code = error.code if isinstance(error, LedgerError) else "bug"
        with suppress(LedgerError):  # what went wrong is what is told
            _note(ledger, link, road, sync, code)
        raise
    _note(ledger, link, road, sync, None)
    with ledger.read() as connection:
        still_open = conflicts.count(connection)
    return Exchange(
        sent=sync.sent,
        received=sync.received,
        refused=sync.refused,
        conflicts=still_open,
        requests=link.requests,
        bytes_up=link.bytes_up,
        bytes_down=link.bytes_down,
        seconds=time.monotonic() - began,
        told=tuple(sync.told),
        road=road,
        slices=sync.slices,
        resumed=sync.resumed,
    )


@dataclass
class _Sync:
    """One sync as it goes on, and what it came to."""

    ledger: Ledger
    link: Link
    sign: Sign
    tell: Tell
    stopped: Stopped
    sent: int = 0
    received: int = 0
    refused: int = 0
    slices: int = 0
    resumed: bool = False
    told: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Exchange until nothing waits."""
        admission.confirm(self.ledger, self.link)
        offer_earlier = taken = False
        for _ in range(MAX_ROUNDS):
            if self.stopped():
                raise StoppedByUser()
            request, parcel, resumed = self._parcel(offer_earlier)
            try:
                known = self._round(request, parcel, resumed)
            except ChainBroken:
                offer_earlier = False
                continue  # laid aside: another program took an answer into this ledger meanwhile
            if not known:
                if offer_earlier and not resumed:
                    raise NoAnswer()
                offer_earlier = True
                continue
            offer_earlier, taken = False, True
            if not resumed and not self._waits():  # what was begun before says nothing of what came since
                break
        if not taken:
            raise NoAnswer()  # each one broken: whatever answers, it does not go on from where we stand
        if isinstance(self.link, PartsLink) and self.link.busy:
            self.told.append("province-was-busy")

    def _waits(self) -> bool:
        with self.ledger.read() as connection:
            return bool(outgoing.pending_count(connection) or outgoing.back(connection))

    def _parcel(self, offer_earlier: bool) -> tuple[messages.Request, Parcel, bool]:
        """What goes now: the envelope whose way was cut, else a new one; and whether it is the former."""
        with self.ledger.read() as connection:
            begun = outgoing.outstanding(connection)
            if begun is not None and isinstance(self.link, PartsLink):
                self.resumed = True
                return messages.unpack_request(begun.request), begun, True
            request = messages.Request(
                nonce=os.urandom(8),
                cursor=outgoing.position(connection),
                changes=tuple(outgoing.waiting(connection)),
                # the beginning too: a province that went back far enough knows no other place of ours
                earlier=(*outgoing.earlier(connection), START) if offer_earlier else (),
                back=tuple(outgoing.back(connection)),
                files=tuple(evidence.wanted(connection)),
            )
            packed = messages.pack_request(request, keys_of(connection, request.changes))
        sealed = envelope.seal(packed, self.ledger.identity.device, self.sign)
        return request, Parcel(packed, sealed), False

    def _round(self, request: messages.Request, parcel: Parcel, resumed: bool) -> bool:
        """One request and its answer; False when the province does not know where this ledger stands.

        Raises ChainBroken for an answer that does not follow on what the ledger holds by now.
        """
        way: _Way = _Whole(self.link, parcel)
        if isinstance(self.link, PartsLink):
            way = Transfer(self.ledger, self.link, parcel, self.tell, resumed=resumed)
        try:
            raw = self._carried(way)
        finally:
            self.slices += way.slices
        settled = False

        def also(connection: Any, identity: Identity, touched: Touched) -> Identity:
            way.settle(connection)
            pairs = [(file.hex(), leave) for file, leave in zip(request.files, answer.files, strict=False)]
            evidence.note_leaves(connection, pairs, answer.time)
            return identity

        try:
            answer = answers.opened(raw, self.ledger.identity.province_key, request)
            if not answer.known:
                return False
            touched = self.ledger.receive(answers.delivery(answer, request, raw, late=resumed), also)
            settled = True
        finally:
            if not settled:
                way.abandon()
        self.sent += touched.acknowledged
        self.received += touched.received
        self.refused += touched.refused
        self.told += touched.told
        return True

    def _carried(self, way: "_Way") -> bytes:
        try:
            return way.carry()
        except Problem as problem:
            if problem.problem != "unknown-device":
                raise self._trouble(way, problem) from problem
        admission.readmit(self.ledger, self.link)
        try:
            return way.carry()
        except Problem as problem:
            raise self._trouble(way, problem) from problem

    def _trouble(self, way: "_Way", problem: Problem) -> NoConnection:
        """The province itself says that it cannot: not signed, so it settles nothing."""
        if problem.problem in _NEVER:
            way.abandon()
        return NoConnection(why=reasons.TROUBLE)


class _Way(Protocol):
    """How one envelope goes and its answer comes; see Transfer."""

    slices: int

    def carry(self) -> bytes:
        """The whole answer."""

    def settle(self, connection: Any) -> None:
        """The answer is taken in, in this transaction."""

    def abandon(self) -> None:
        """The answer is none that can be taken in."""


class _Whole:
    """Over a road that knows no parts: there and back, or not at all."""

    slices = 0

    def __init__(self, link: Link, parcel: Parcel) -> None:
        self._link, self._parcel = link, parcel

    def carry(self) -> bytes:
        return self._link.post("/v1/sync", self._parcel.envelope)

    def settle(self, connection: Any) -> None: ...

    def abandon(self) -> None: ...


def _note(ledger: Ledger, link: Link, road: str, sync: _Sync, failure: str | None) -> None:
    """One line in the diary of exchanges; an idle one that went well leaves none."""
    if not (sync.sent or sync.received or sync.refused or failure):
        return
    with ledger.edit() as edit:
        diary.note(
            edit.connection,
            at=ledger.now(),
            road=road,
            sent=sync.sent,
            received=sync.received,
            refused=sync.refused,
            bytes_up=link.bytes_up,
            bytes_down=link.bytes_down,
            failure=failure,
        )
