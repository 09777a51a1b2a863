"""Bytes cut into frames for the symbols of a page of codes, and put together again from any k of n.

A frame is what one symbol carries, 412 bytes: page set (4), index, n, k, version (1 each), body (400), CRC-32
of all before (little-endian). The page set names the bytes that were cut: the first 4 of their SHA-256. The
bytes are led by their length (3, big-endian), filled with zeros to k bodies, and followed by n - k bodies of
parity (`erasure`). Frame i stands on page 1 + i mod pages, so that data and parity lie on every page and
losing a part of any is alike. Nothing in a frame is trusted: who sent the bytes is found out from the
envelope inside.
"""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.domain.errors import LedgerError
from app.reports.paper import erasure

PER_PAGE = 28
"""Symbols on one page."""
NET = 400
"""Bytes of data or parity in one symbol."""
SIZE = NET + 12
"""Bytes of a frame: what a QR symbol of version 15, level M holds."""
SPARE = 6
"""Of the symbols of a page, how many are parity at least."""
MOST_PAGES = 8
"""Pages of one set: an index is one byte, and the erasure code knows 255 blocks."""
VERSION = 1

_HEAD = 8
_LENGTH = 3


class FramesMissing(LedgerError):
    """Not enough symbols are there: `have` of `needed`, whichever they are."""

    code = "codes-missing"


class FramesSpoiled(LedgerError):
    """Enough symbols are there, each with its right sum, but together they are not what was printed."""

    code = "codes-spoiled"


class TooMuchForPaper(LedgerError):
    """More than the pages of one set can carry: `size` bytes where `room` fit."""

    code = "too-much-for-paper"


@dataclass(frozen=True)
class Frame:
    """What one symbol carries: body `index` of `n`, any `k` of which restore the page set."""

    page_set: bytes
    index: int
    n: int
    k: int
    body: bytes

    def packed(self) -> bytes:
        """The bytes of the symbol."""
        head = self.page_set + bytes((self.index, self.n, self.k, VERSION))
        return head + self.body + zlib.crc32(head + self.body).to_bytes(4, "little")


def room(pages: int) -> int:
    """How many bytes `pages` pages carry, each with its least parity."""
    return pages * (PER_PAGE - SPARE) * NET - _LENGTH


def pages_for(size: int) -> int:
    """How many pages `size` bytes take, at least one.

    Raises TooMuchForPaper above `room(MOST_PAGES)`.
    """
    if size > room(MOST_PAGES):
        raise TooMuchForPaper(size=size, room=room(MOST_PAGES))
    return -(-(size + _LENGTH) // ((PER_PAGE - SPARE) * NET))


def cut(data: bytes) -> tuple[bytes, ...]:
    """The frames that carry `data`, packed; pages are always full, what is not data is parity.

    The same bytes give the same frames, so a page printed again goes with the others of the first print.
    Raises TooMuchForPaper above `room(MOST_PAGES)` bytes.
    """
    n = PER_PAGE * pages_for(len(data))
    whole = len(data).to_bytes(_LENGTH, "big") + data
    k = -(-len(whole) // NET)
    whole = whole.ljust(k * NET, b"\0")
    bodies = [whole[start : start + NET] for start in range(0, len(whole), NET)]
    bodies += erasure.parity(bodies, n - k)
    page_set = hashlib.sha256(data).digest()[:4]
    return tuple(Frame(page_set, index, n, k, body).packed() for index, body in enumerate(bodies))


def read_frame(data: bytes) -> Frame | None:
    """The frame in the bytes of a symbol; None for what is none, damaged, or of a version not known here."""
    if len(data) != SIZE or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        return None
    index, n, k, version = data[4:_HEAD]
    if version != VERSION or not 1 <= k <= n <= PER_PAGE * MOST_PAGES or index >= n:
        return None
    return Frame(data[:4], index, n, k, data[_HEAD:-4])


def sets(frames: Iterable[Frame]) -> dict[tuple[bytes, int, int], dict[int, bytes]]:
    """The bodies by (page set, k, n), then by index: frames of two sets never come together."""
    found: dict[tuple[bytes, int, int], dict[int, bytes]] = {}
    for frame in frames:
        found.setdefault((frame.page_set, frame.k, frame.n), {}).setdefault(frame.index, frame.body)
    return found


def gather(bodies: Mapping[int, bytes], k: int, n: int, *, page_set: bytes = b"") -> bytes:
    """The bytes that were cut, from any `k` of their `n` bodies, by index.

    With `page_set` they must be those that it names. Raises FramesMissing when fewer than `k` are there, and
    FramesSpoiled when what they give together cannot have been cut.
    """
    if len(bodies) < k:
        raise FramesMissing(needed=k, have=len(bodies))
    whole = b"".join(erasure.restore(bodies, k))
    size = int.from_bytes(whole[:_LENGTH], "big")
    data = whole[_LENGTH : _LENGTH + size]
    named = hashlib.sha256(data).digest().startswith(page_set)
    if not named or -(-(size + _LENGTH) // NET) != k or any(whole[_LENGTH + size :]):
        raise FramesSpoiled()
    return data


def page_of(index: int, n: int) -> int:
    """The page, from 1, on which symbol `index` of `n` is printed."""
    return 1 + index % _pages(n)


def missing_pages(have: Collection[int], n: int, k: int | None = None) -> tuple[int, ...]:
    """The pages, from 1, of which symbols are missing, when those with an index in `have` are there.

    With `k` only as many as must be read again to come to `k`, those with most missing first chosen; none
    when `k` are there.
    """
    gaps = dict.fromkeys(range(1, _pages(n) + 1), 0)
    for index in range(n):
        gaps[page_of(index, n)] += index not in have
    pages = sorted((page for page, gap in gaps.items() if gap), key=lambda page: -gaps[page])
    if k is None:
        return tuple(sorted(pages))
    lacking, chosen = k - len(set(have)), list[int]()
    while lacking > 0 and pages:
        chosen.append(pages.pop(0))
        lacking -= gaps[chosen[-1]]
    return tuple(sorted(chosen))


def _pages(n: int) -> int:
    return -(-n // PER_PAGE)
