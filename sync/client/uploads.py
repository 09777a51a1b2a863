"""Sends files of evidence (tus 1.0.0), each on from the byte where it stopped, by whichever process.

What a 204 says is how far an upload is, never that the province has the file: that is known by a signed
answer alone. So the file stays, and stays in the list, until one says so.
"""

import base64
import time
from collections.abc import Mapping
from contextlib import suppress

from app.domain.errors import LedgerError
from app.services.evidence import vault
from app.services.opening import Opened
from app.storage import evidence, meta
from app.storage.evidence import EvidenceDamaged, Kept, Vault
from sync.client import reasons
from sync.client.link import (
    Cut,
    NoAnswer,
    NoConnection,
    PartsLink,
    Progress,
    Reply,
    Stopped,
    StoppedByUser,
    Tell,
    TooNarrow,
    never,
    silent,
)  # fmt: skip

SMALLEST, LARGEST = 512, 256 * 1024
"""Bytes of a part: the largest, until the link has been cut."""
LONG_SECONDS = 20
"""A part that takes longer is too large: progress is to be seen, and an answer to come in time."""
TRIES = 6
"""How often it is tried in a row without a byte more at the province."""

_PATH = "/files"
_TUS = {"Tus-Resumable": "1.0.0"}
_BODY = "application/offset+octet-stream"
_MEANT = "X-HTTP-Method-Override"
_SLICE = "slice"
_AGAIN = 2
_FIRST_WAIT = 1.0


class ProvinceFull(LedgerError):
    """The province has no room for more files of this unit."""

    code = "upload-no-room"


class _Gone(Exception):
    """The upload is not there any more: it begins anew."""


class _NotThis(Exception):
    """This file cannot go now; the others can."""


def send(opened: Opened, link: PartsLink, *, tell: Tell = silent, stopped: Stopped = never) -> int:
    """Send the files that there is leave for: signed sheets, documents, photos.

    Returns how many the province took whole; whether they are held, the next signed answer says.
    Raises NoConnection (or a kind of it) when the link is gone, StoppedByUser, ProvinceFull.
    """
    with opened.ledger.read() as connection:
        waiting = [item for item in evidence.to_send(connection) if item.leave and item.sent < item.size]
        pace = _Pace(meta.read(connection, _SLICE))
    sender = _Sender(opened, link, pace, sum(item.size for item in waiting), tell, stopped)
    try:
        return sum(sender.send(item) for item in waiting)
    finally:
        with suppress(LedgerError), opened.ledger.edit() as edit:  # only a hint for the next time
            meta.write(edit.connection, _SLICE, pace.size)


class _Narrow(Exception):
    """Something on the way takes no bodies of this size."""


class _Pace:
    """How many bytes go at once: as many as may, until the link is cut; then what it lets through, and more
    after a success. A link that takes long for a part gets smaller ones too, before an answer is late.

    size: of a part; None for the largest.
    """

    def __init__(self, size: object) -> None:
        self.size = size if isinstance(size, int) and SMALLEST <= size < LARGEST else None
        self._idle, self._slow = 0, False

    def part(self, left: int) -> int:
        """How many of the bytes that are left go now."""
        return min(left, self.size or LARGEST)

    def went(self, part: int, seconds: float) -> None:
        """A part came through."""
        self._idle = 0
        if seconds > LONG_SECONDS:
            self.narrow(part)
        elif self.size is not None:
            self.size = None if 2 * self.size >= LARGEST else 2 * self.size

    def cut(self, part: int, seconds: float, times: int = 1) -> bool:
        """A part broke off. Returns whether to go on: False after too many without a byte more there."""
        self._idle += times
        self._slow = seconds > LONG_SECONDS
        self.narrow(part)
        return self._idle < TRIES

    def narrow(self, part: int) -> None:
        """So many at once are too many."""
        self.size = max(SMALLEST, min(part, LARGEST) // 2)

    def moved(self, passed: int) -> None:
        """So many bytes of what broke off are there all the same: then larger parts cost nothing."""
        if passed > 0 and self._idle:
            self._idle = 0
            if not self._slow:
                self.size = max(self.size or SMALLEST, min(LARGEST // 2, 2 << passed.bit_length()))

    @property
    def wait(self) -> float:
        """Seconds before the next try: none while something gets through."""
        return 0.0 if self._idle < 2 else _FIRST_WAIT * 2 ** (self._idle - 2)


class _Sender:
    """Sends one file after the other over one link."""

    def __init__(
        self, opened: Opened, link: PartsLink, pace: _Pace, total: int, tell: Tell, stopped: Stopped
    ) -> None:
        self._opened, self._link, self._pace = opened, link, pace
        self._vault: Vault = vault(opened)
        self._total, self._done = total, 0
        self._tell, self._stopped = tell, stopped
        self._post_only = False

    def send(self, item: Kept) -> bool:
        """Send a file, or what is left of it. Returns whether the province took it whole."""
        try:
            whole = self._send(item)
        except (_NotThis, EvidenceDamaged):
            whole = False
        self._done += item.size
        self._say(0)
        return whole

    def _send(self, item: Kept) -> bool:
        path, known, asked, gone = item.url, item.sent, False, 0
        fresh = not path and not known
        while not asked or known < item.size:
            if self._stopped():
                raise StoppedByUser()
            part, began = self._pace.part(item.size - known), time.monotonic()
            try:
                if not path:
                    path, offset = self._create(item, part if fresh else 0)
                elif not asked:
                    offset = self._ask(item, path)
                else:
                    offset = self._patch(item, path, known, part)
                asked = offset >= 0
            except _Gone:
                path, known, asked, gone, fresh = "", 0, False, gone + 1, False
                self._note(item, path, known)
                if gone > _AGAIN:
                    raise _NotThis() from None
                continue
            except _Narrow:
                asked = fresh = False
                self._pace.narrow(part)
                continue
            except NoConnection as error:
                asked = fresh = False
                self._after_cut(error, part, time.monotonic() - began)
                continue
            if asked:
                self._pace.moved(offset - known)
                known = offset
                self._note(item, path, known)
                self._say(known)
        return True

    def _after_cut(self, error: NoConnection, part: int, seconds: float) -> None:
        """Wait for the next try. Raises the error when there have been enough."""
        if isinstance(error, NoAnswer | TooNarrow):
            raise error
        if not self._pace.cut(part, seconds, 1 if isinstance(error, Cut) else 2):
            raise error
        if self._pace.wait:
            self._link.wait(self._pace.wait)

    def _create(self, item: Kept, part: int) -> tuple[str, int]:
        """Begin an upload, or find the one of this file that somebody of the unit began.

        part: bytes that go along, if nothing hints at an upload that began.
        """
        name = base64.b64encode(item.sha256.encode()).decode()
        headers = {"Upload-Length": str(item.size), "Upload-Metadata": f"sha256 {name},resume"}
        body = b""
        began = time.monotonic()
        if part:
            headers["Content-Type"] = _BODY
            body = self._vault.read(item.sha256, 0, part)
        reply = self._call("POST", _PATH, item, headers, body)
        if reply.status != 201:
            self._refused(item, reply)
        id = reply.headers.get("location", "").rstrip("/").rpartition("/")[2]
        if not id.isalnum():
            raise NoAnswer()
        if body:
            self._pace.went(part, time.monotonic() - began)
        return f"{_PATH}/{id}", _offset(reply, item.size)

    def _ask(self, item: Kept, path: str) -> int:
        reply = self._call("HEAD", path, item, {})
        if reply.status not in {200, 204}:
            self._refused(item, reply)
        return _offset(reply, item.size)

    def _patch(self, item: Kept, path: str, offset: int, part: int) -> int:
        """Send bytes from an offset on; where it stands then, -1 if that has to be asked."""
        body, began = self._vault.read(item.sha256, offset, part), time.monotonic()
        reply = self._call("PATCH", path, item, {"Upload-Offset": str(offset), "Content-Type": _BODY}, body)
        if reply.status == 409:
            if not self._pace.cut(part, 0):
                raise NoAnswer()
            return -1
        if reply.status != 204:
            self._refused(item, reply)
        self._pace.went(part, time.monotonic() - began)
        return _offset(reply, item.size)

    def _call(
        self, method: str, path: str, item: Kept, headers: Mapping[str, str], body: bytes = b""
    ) -> Reply:
        sent = {**_TUS, "Authorization": f"Bearer {item.leave}", **headers}
        if self._post_only and method != "POST":
            method, sent[_MEANT] = "POST", method
        reply = self._link.call(method, path, sent, body)
        if reply.headers.get("tus-resumable") == _TUS["Tus-Resumable"]:
            return reply
        if (
            reply.status in {405, 501} and method != "POST"
        ):  # something on the way knows the usual methods only
            self._post_only = True
            return self._call(method, path, item, headers, body)
        if reply.status == 413:  # something on the way takes smaller bodies only
            if len(body) <= SMALLEST:
                raise TooNarrow(bytes=SMALLEST)
            raise _Narrow()
        if not reply.body and "content-type" not in reply.headers:
            raise Cut(why=reasons.BROKEN)  # the head of an answer was cut short: ours ends with that header
        raise NoAnswer()

    def _refused(self, item: Kept, reply: Reply) -> None:
        """Raises what the province's refusal means for this file."""
        match reply.status:
            case 404 | 410 | 460:
                raise _Gone()
            case 401 | 403:
                with self._opened.ledger.edit() as edit:
                    evidence.drop_leave(edit.connection, item.sha256)
                raise _NotThis()
            case 507:
                raise ProvinceFull()
            case 413 | 400 | 415 | 412:
                raise _NotThis()
        raise NoAnswer()

    def _note(self, item: Kept, path: str, offset: int) -> None:
        with self._opened.ledger.edit() as edit:
            evidence.note_upload(edit.connection, item.sha256, path, max(offset, 0))

    def _say(self, offset: int) -> None:
        self._tell(Progress("evidence", self._done + max(offset, 0), self._total, 0, 0))


def _offset(reply: Reply, size: int) -> int:
    """Where the upload stands, by the answer. Raises NoAnswer for one that makes no sense."""
    text = reply.headers.get("upload-offset", "")
    if not (text.isascii() and text.isdecimal()) or len(text) > 15 or int(text) > size:
        raise NoAnswer()
    return int(text)
