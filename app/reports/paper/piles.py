"""A pile of scanned sheets: which symbols of which sets were read, and what is missing of each.

Both ends read piles. Sheets of several reports may be mixed, in any order, upside down, the same one twice;
pages without codes of ours are named and left alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.domain.errors import LedgerError
from app.record import outside
from app.reports.layout.footmark import PageMark
from app.reports.paper import frames
from app.reports.paper.frames import Frame, FramesSpoiled


class PageSeen(Protocol):
    """What a reader saw on one page. number: of the page in its file, from 1."""

    @property
    def number(self) -> int:
        """The place of the page in its file, from 1."""

    @property
    def readable(self) -> bool:
        """False where the page is damaged and could not be shown."""

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The symbols of a page of codes."""

    @property
    def marks(self) -> tuple[PageMark, ...]:
        """The small codes at the foot of a report's page."""


Reader = Callable[[bytes, str], Iterable[PageSeen]]
"""Reads the pages of a file. Gets its content and its name; raises LedgerError for what is no scan."""


MAX_FILE = 300_000_000
"""Bytes of a scan that are read; a longer file is none."""


def read_scan(content: bytes, name: str) -> Iterator[PageSeen]:
    """The pages of a scan, by the reader of this program. Raises what `scanning.reader.read` raises."""
    from app.reports.scanning import reader  # late: it needs numpy

    yield from reader.read(content, name)


def content_of(path: Path) -> bytes:
    """The bytes of a file, or enough of them for a reader to see that they are too many.

    Raises FileUnreadable.
    """
    with outside.opened(path) as file:
        return file.read(MAX_FILE + 1)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a file, as it is named to a person. readable: False where it is damaged."""

    file: str
    number: int
    readable: bool = True


@dataclass(slots=True)
class CodeSet:
    """What was read of one set of `n` symbols, any `k` of which are enough. files: where they were seen."""

    page_set: bytes
    k: int
    n: int
    bodies: dict[int, bytes] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class Pile:
    """Collects what a reader sees. files: of the pages, by any name that the caller gives them."""

    def __init__(self) -> None:
        self.sets: dict[tuple[bytes, int, int], CodeSet] = {}
        self.marked: dict[str, set[str]] = {}
        """By file, the reports whose own pages are in it (ids)."""
        self.foreign: list[Page] = []
        """Pages without a code of ours."""

    def add(self, file: str, pages: Iterable[PageSeen]) -> bool:
        """Take in the pages of a file. Returns whether any of them is ours."""
        ours = False
        for page in pages:
            if not page.frames and not page.marks:
                self.foreign.append(Page(file, page.number, page.readable))
                continue
            ours = True
            for frame in page.frames:
                key = frame.page_set, frame.k, frame.n
                held = self.sets.setdefault(key, CodeSet(frame.page_set, frame.k, frame.n))
                held.bodies.setdefault(frame.index, frame.body)
                held.files.add(file)
            self.marked.setdefault(file, set()).update(mark.report.hex() for mark in page.marks)
        return ours


@dataclass(frozen=True, slots=True)
class Read:
    """How far a set is. data: the bytes that were cut, once enough symbols are there. symbols: distinct ones
    that were read, also in earlier scans. missing: the pages of codes, from 1, to be scanned again. spoiled:
    what was kept of earlier scans does not fit.
    """

    data: bytes | None
    symbols: int
    missing: tuple[int, ...] = ()
    spoiled: bool = False


def put_together(found: CodeSet, kept: Mapping[int, bytes], before: bytes | None) -> Read:
    """Put a set together from what was read now and kept before. before: the bytes of it, if it was whole
    once; then any of its pages is enough to know it again.
    """
    have = {**kept, **found.bodies}
    spoiled = False
    for bodies in (found.bodies, have):
        if len(bodies) >= found.k:
            try:
                data = frames.gather(bodies, found.k, found.n, page_set=found.page_set)
                return Read(data, len(have), spoiled=spoiled)
            except FramesSpoiled:
                spoiled = True
    if before is not None and _of(found, before):
        return Read(before, len(have))
    if spoiled:
        have = found.bodies
    return Read(None, len(have), frames.missing_pages(have, found.n, found.k), spoiled)


def _of(found: CodeSet, data: bytes) -> bool:
    """Whether these symbols are some of those that are cut from the bytes."""
    cut = [frames.read_frame(packed) for packed in frames.cut(data)]
    return all(
        index < len(cut) and (frame := cut[index]) is not None and frame.body == body
        for index, body in found.bodies.items()
    )


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What became of one set of sheets.

    report, unit, period: None while the set is not whole. symbols: read so far, of `needed`. missing_pages:
    of codes, to be scanned again. new, known: changes taken now, and held before. problem: why nothing was
    taken although the set is whole. refused: codes of changes that were given back. told: codes of what is to
    be said besides. machine: the name of the machine that it is from or for.
    line: for whom the report is. check_code: as it is printed at the foot of the report. enrolled: it made
    the machine known, or was the word that it is known.
    """

    page_set: bytes
    symbols: int
    needed: int
    missing_pages: tuple[int, ...] = ()
    report: str | None = None
    unit: str | None = None
    unit_name: str = ""
    period: str | None = None
    new: int = 0
    known: int = 0
    problem: LedgerError | None = None
    refused: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    machine: str = ""
    line: str = ""
    check_code: str = ""
    enrolled: bool = False

    @property
    def complete(self) -> bool:
        """Whether all of it is held now, and nothing of it was refused."""
        return self.report is not None and self.problem is None and not self.refused

    def facts(self) -> dict[str, object]:
        """As `scan --json` gives it, at both ends."""
        return {
            "report": self.report,
            "unit": self.unit,
            "period": self.period,
            "symbols": self.symbols,
            "needed": self.needed,
            "missing_pages": list(self.missing_pages),
            "new": self.new,
            "known": self.known,
        }


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a whole pile came to. foreign: pages without our codes. marked: reports whose own pages were seen,
    without any of their codes being needed. unread: files that could not be read, with the reason.
    """

    results: tuple[ScanResult, ...] = ()
    foreign: tuple[Page, ...] = ()
    marked: tuple[str, ...] = ()
    unread: tuple[tuple[str, LedgerError], ...] = ()

    @property
    def good(self) -> bool:
        """Whether every set is complete or was held before, and every file could be read."""
        return all(item.complete for item in self.results) and not self.unread
