"""Reads the codes out of scans and photos: symbols of pages of codes, and marks at the foot of reports."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from app.reports.layout.footmark import PageMark
from app.reports.paper.frames import Frame
from app.reports.scanning.files import pages
from app.reports.scanning.page import read_page

Held = Mapping[tuple[bytes, int, int], Collection[int]]
"""Indices of symbols that are there already, by (page set, k, n), as in `frames.sets`."""


class PageRead(NamedTuple):
    """What one page of a file gave; neither frames nor marks: the page has none of our codes.

    number: from 1. turned: degrees clockwise by which the page lies turned: 0, 90, 180 or 270.
    readable: False when the page of the file is damaged and could not be shown.
    """

    number: int
    frames: tuple[Frame, ...]
    marks: tuple[PageMark, ...]
    turned: int
    readable: bool = True


def never() -> bool:
    """Nobody stops it."""
    return False


def silent(number: int) -> None:
    """Nobody is told."""


def read(
    source: Path | bytes,
    name: str,
    *,
    held: Held | None = None,
    every: bool = False,
    stopped: Callable[[], bool] = never,
    told: Callable[[int], None] = silent,
) -> Iterator[PageRead]:
    """Read a scan page by page: PDF, PNG, JPEG, or TIFF of several pages; turned pages too.

    A page of codes is read only as far as is needed: once k symbols of a set are known, from `held` and from
    the pages before, no trouble is taken for the others, unless `every` one is wanted. Ends after the page in
    hand once `stopped` says so; `told` hears the number of each page before it is read.
    Raises ScanEmpty, ScanOtherKind, ScanDamaged, ScanLocked, ScanTooLarge (all before or instead of a page);
    OSError when the file cannot be read.
    """
    have = {of: set(indices) for of, indices in (held or {}).items()}
    for number, picture in enumerate(pages(source, name), 1):
        if stopped():
            return
        told(number)
        if picture is None:
            yield PageRead(number, (), (), 0, readable=False)
            continue
        found = read_page(picture, have, every=every, stopped=stopped)
        for frame in found.frames:
            have.setdefault((frame.page_set, frame.k, frame.n), set()).add(frame.index)
        yield PageRead(number, found.frames, found.marks, found.turned)
