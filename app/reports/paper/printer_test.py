"""«Kiểm tra máy in»: a page of codes that are known, so that what a printer spoils can be counted.

The codes carry the printer's name and the time, and noise made from these two: a page that is read back says
by itself which print it was, and whether it is whole.
"""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.reports.layout import blank
from app.reports.paper import codes, frames, texts_codes
from app.reports.paper.frames import PER_PAGE, SPARE, Frame

_MAGIC = b"SNV-TEST\x01"
_NAME = 120
_GOOD = PER_PAGE - SPARE // 3


@dataclass(frozen=True)
class ReadBack:
    """What came back of one test page.

    symbols: how many of `of` were read; printer, made (as printed): None when too few were read.
    """

    symbols: int
    of: int
    printer: str | None
    made: str | None

    @property
    def good(self) -> bool:
        """At most 2 of 28 were lost: a third of what a page may lose."""
        return self.symbols >= _GOOD and self.printer is not None

    @property
    def usable(self) -> bool:
        """Enough was read to restore a full page."""
        return self.printer is not None


def render(printer: str, made: datetime) -> bytes:
    """One A4 page of 28 codes, 22 of them needed, as on a full page of a report. made: Hanoi time."""
    out = io.BytesIO()
    canvas = blank.canvas(out, texts_codes.TEST_PAGE)
    facts = (
        texts_codes.TEST_PRINTER.format(name=printer),
        texts_codes.TEST_MADE.format(time=made),
        texts_codes.TEST_NEXT,
    )
    name = printer.encode()[:_NAME].decode(errors="ignore")
    head = f"{name}\n{made:%Y-%m-%d %H:%M}".encode()
    codes.draw_pages(canvas, codes.CodeSheet(texts_codes.TEST_PAGE, facts, frames.cut(_noise(head))))
    canvas.save()
    return out.getvalue()


def judge(read: Iterable[Frame]) -> ReadBack | None:
    """How a test page came back; the best when there are several, None when nothing was read.

    Symbols of reports among them do not count, unless too few were read to tell.
    """
    best: ReadBack | None = None
    for (page_set, k, n), bodies in frames.sets(read).items():
        found = ReadBack(len(bodies), n, None, None)
        if len(bodies) >= k:
            try:
                data = frames.gather(bodies, k, n, page_set=page_set)
            except frames.FramesSpoiled:
                continue
            head = _head(data)
            if head is None:
                continue
            name, _, made = head.rpartition("\n")
            found = ReadBack(len(bodies), n, name, made)
        if best is None or (found.usable, found.symbols) > (best.usable, best.symbols):
            best = found
    return best


def _noise(head: bytes) -> bytes:
    led = _MAGIC + bytes((len(head),)) + head
    return led + hashlib.shake_256(led).digest(frames.room(1) - len(led))


def _head(data: bytes) -> str | None:
    size = len(_MAGIC) + 1
    if len(data) <= size or not data.startswith(_MAGIC):
        return None
    head = data[size : size + data[size - 1]]
    return head.decode(errors="replace") if _noise(head) == data else None
