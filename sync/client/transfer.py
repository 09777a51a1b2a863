"""One envelope on its way to the province and its answer on the way back, over a link that breaks anywhere.

An envelope goes whole until the link is cut. Then the province is asked what has arrived, and the rest goes
in slices of the size that the link lets through. The province keeps its answer, so what has come of that is
not asked for twice either. All of this is kept in the ledger, so that another process can go on with it.
"""

import re
from contextlib import suppress
from typing import Any

from app.domain.errors import LedgerError
from app.storage import meta, outgoing
from app.storage.ledger import Ledger
from app.storage.outgoing import Parcel
from sync.client.link import (
    Cut,
    NoAnswer,
    NoConnection,
    PartsLink,
    Problem,
    Progress,
    Reply,
    StoppedByUser,
    Tell,
    TooNarrow,
)
from sync.client.network import MAX_ANSWER
from sync.client.patience import Patience
from sync.client.replies import COSE, kind, refusal
from sync.protocol import envelope

SMALLEST, LARGEST = 512, 256 * 1024
"""Bytes of a slice. Where the link has let through the largest, nothing is sliced."""
AT_ONCE = 1024
"""An envelope of up to so many bytes goes without its name at first: to send it again costs no more."""
_SETTING = "slice"
_TOO_LARGE = 413
_RANGE = re.compile(r"bytes ([0-9]{1,12})-([0-9]{1,12})/([0-9]{1,12})")
_NUMBER = re.compile(r"[0-9]{1,12}")


class Transfer:
    """One envelope under way. resumed: an earlier process began with it.

    slices: parts that went or came; 0 as long as all goes whole.
    """

    def __init__(self, ledger: Ledger, link: PartsLink, parcel: Parcel, tell: Tell, *, resumed: bool) -> None:
        self._ledger, self._link, self._tell = ledger, link, tell
        self._parcel, self._kept = parcel, resumed
        self._name = envelope.name(parcel.envelope)
        self._length = len(parcel.envelope)
        with ledger.read() as connection:
            self._size = self._size_kept = int(meta.read(connection, _SETTING) or LARGEST)
        self._sent = 0
        self._answer, self._total = parcel.answer, 0
        self._asked = not resumed  # whether it is known what the province has of it
        self._cut: tuple[int, int] | None = None  # a slice that was cut: where it began, and its bytes
        self.slices = 0

    def carry(self) -> bytes:
        """The whole answer. What has come this far is kept, whatever is raised.

        Raises NoConnection, NoAnswer, TooNarrow, StoppedByUser, Problem.
        """
        patience = Patience(self._link.wait)
        while not self._complete:
            if self._slicing and (self._kept or self._length > self._size):
                self._keep()  # a process that is killed leaves it to the next one
            before = self._sent, len(self._answer)
            failure: NoConnection | None = None
            try:
                self._step()
            except StoppedByUser as stop:
                if stop.reply is not None:
                    self._absorb(stop.reply, cut=True)
                self._keep()
                raise
            except (NoAnswer, TooNarrow):
                raise
            except NoConnection as error:
                failure = error
                if isinstance(error, Cut):
                    self._absorb_part(error.reply)
                    self._keep()
            now = self._sent, len(self._answer)
            patience.tried(failure, moved=now > before, lost=now < before)
        return self._answer

    @property
    def _complete(self) -> bool:
        return bool(self._total) and len(self._answer) == self._total

    def settle(self, connection: Any) -> None:
        """The answer is taken in, in this transaction: forget the envelope, remember the size."""
        if self._kept:
            outgoing.forget_outstanding(connection)
        self._keep_size(connection)

    def abandon(self) -> None:
        """The answer is none that can be taken in: forget the envelope."""
        if self._kept:
            with self._ledger.edit() as edit:
                self.settle(edit.connection)

    def _step(self) -> None:
        if not self._asked:
            self._ask()
        elif self._sent < self._length:
            self._send()
        else:
            self._fetch()

    def _ask(self) -> None:
        """What is there of it, or of its answer?"""
        reply = self._call("GET", self._range(len(self._answer)), b"")
        if not self._absorb(reply, cut=False):
            self._answer, self._total = b"", 0  # an answer that is made now may be another one
            found = self._offset(reply)
            self._asked, self._sent = True, found
            if self._cut is not None:
                self._size = max(self._size, found - self._cut[0])  # so much of the slice came through
        self._cut = None

    def _send(self) -> None:
        """The next slice, or all of it."""
        piece = self._parcel.envelope[self._sent :]
        if self._slicing:
            piece = piece[: self._size]
        end = self._sent + len(piece)
        headers: dict[str, str] = {}
        if self._sent:
            headers["Upload-Offset"] = str(self._sent)
        if end < self._length:
            headers["Upload-Length"] = str(self._length)
        elif self._slicing:
            headers |= self._range(0)
        self._cut = self._sent, len(piece)
        whole = len(piece) == self._length
        if whole and self._length <= AT_ONCE and not self._kept:
            reply = self._called("POST", "/v1/sync", headers, piece)
        else:
            reply = self._call("POST", headers, piece)
        self.slices += not whole
        self._cut = None
        if reply.status == _TOO_LARGE and isinstance(refusal(reply), NoAnswer):
            if len(piece) <= SMALLEST:
                raise TooNarrow(bytes=len(piece))
            self._shrink(0, len(piece))
            return
        if not self._absorb(reply, cut=False):
            self._sent = self._offset(reply)
        if self._sent >= end:
            self._grow(len(piece))

    def _fetch(self) -> None:
        """The next part of the answer, or all that is left of it."""
        here = len(self._answer)
        reply = self._call("GET", self._range(here), b"")
        if self._absorb(reply, cut=False):
            self._grow(len(self._answer) - here)
        else:
            self._answer, self._total = b"", 0  # the province has forgotten it meanwhile
            self._sent = self._offset(reply)

    def _call(self, method: str, headers: dict[str, str], body: bytes) -> Reply:
        return self._called(method, f"/v1/parts/{self._name}", headers, body)

    def _called(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        here = len(self._answer) if method == "GET" else 0

        def heard(count: int, total: int) -> None:
            self._say(max(len(self._answer), here + count), self._total or here + total)

        self._say(len(self._answer), self._total)
        return self._link.call(method, path, headers, body, heard)

    def _say(self, down: int, total: int) -> None:
        self._tell(Progress("words", self._sent, self._length, down, max(down, total)))

    # ---- what came back ------------------------------------------------------------------------

    def _absorb(self, reply: Reply, *, cut: bool) -> bool:
        """Take what there is of the answer; False if there is none in it. Raises NoAnswer for another's."""
        if reply.status not in {200, 206} or kind(reply) != COSE:
            return False
        start, total = 0, _announced(reply) if cut else len(reply.body)
        if reply.status == 206:
            said = _RANGE.fullmatch(reply.headers.get("content-range", ""))
            if said is None:
                raise NoAnswer()
            start, total = int(said[1]), int(said[3])
        if total > MAX_ANSWER:
            raise NoAnswer()
        self._sent, self._asked = self._length, True
        if not (total or cut):
            raise NoAnswer()
        if start > len(self._answer) or (self._total and total and total != self._total):
            self._answer, self._total = b"", 0  # of another answer than the one before
            return True
        whole = self._answer[:start] + reply.body
        if len(whole) >= len(self._answer):
            if start or reply.status == 206 or cut:
                self.slices += 1
            self._answer = whole
        self._total = total or self._total
        return True

    def _absorb_part(self, reply: Reply | None) -> None:
        """After a cut: what came of the answer before it, and what the link seems to let through."""
        before = len(self._answer)
        if reply is not None and self._absorb(reply, cut=True):
            self._cut = None
            self._shrink(len(self._answer) - before, self._total - before)
        elif self._cut is not None:
            self.slices += 1
            self._asked = False
            self._shrink(0, self._cut[1])
        elif self._asked:  # the answer was asked for
            self._shrink(0, self._size)

    def _offset(self, reply: Reply) -> int:
        """Bytes that the province says it has; 0 where it knows of none. Raises Problem, NoAnswer."""
        said = reply.headers.get("upload-offset", "")
        if reply.status in {204, 409} and _NUMBER.fullmatch(said):
            return min(int(said), self._length)
        wrong = refusal(reply)
        if isinstance(wrong, Problem) and wrong.problem == "not-found":
            return 0
        raise wrong

    # ---- how much at a time --------------------------------------------------------------------

    @property
    def _slicing(self) -> bool:
        return self._size < LARGEST

    def _range(self, start: int) -> dict[str, str]:
        """The header that asks for a part of the answer; none where all of it is wanted."""
        if self._slicing:
            return {"Range": f"bytes={start}-{start + self._size - 1}"}
        return {"Range": f"bytes={start}-"} if start else {}

    def _shrink(self, through: int, tried: int) -> None:
        """The link was cut after so many bytes of so many: half of it next time, unless more came through."""
        self._size = max(SMALLEST, through, min(self._size, tried) // 2)

    def _grow(self, through: int) -> None:
        """So many bytes came through at once; only as many as were allowed say that more might."""
        if through >= self._size:
            self._size = min(LARGEST, 2 * self._size)

    # ---- what another process goes on with -----------------------------------------------------

    def _keep(self) -> None:
        with suppress(LedgerError), self._ledger.edit() as edit:  # without it the transfer goes on as well
            parcel = Parcel(self._parcel.request, self._parcel.envelope, self._answer)
            outgoing.keep_outstanding(edit.connection, self._name, parcel, self._sent, self._ledger.now())
            self._keep_size(edit.connection)
            self._kept = True

    def _keep_size(self, connection: Any) -> None:
        if self._size != self._size_kept:
            meta.write(connection, _SETTING, self._size if self._slicing else None)
            self._size_kept = self._size


def _announced(reply: Reply) -> int:
    text = reply.headers.get("content-length", "")
    return int(text) if _NUMBER.fullmatch(text) else 0
