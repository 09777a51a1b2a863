"""One picture of a page: its symbols found, in stages that go on only while something is missing.

First the whole picture in one pass, as it is. Then each symbol that is missing is looked for where the
others say that it stands, and read module by module. While some are still missing, the picture is tried with
its light levelled, sharpened and enlarged. A symbol counts when its sum is right, so trying often costs time
and never truth; a budget of pixels bounds the time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from app.reports.layout.footmark import PageMark, unpack
from app.reports.paper.codes import place_of
from app.reports.paper.frames import PER_PAGE, Frame, page_of, read_frame
from app.reports.scanning import equaliser, geometry, landmarks, pictures
from app.reports.scanning.decoder import Budget, Grey, Points, Seen, symbols
from app.reports.scanning.squares import squares
from app.reports.scanning.symbol import CODE, MARK, Kind

BUDGET = 80_000_000
"""Pixels that are looked through for one page at most: about a second where an office scan takes 0.02."""

_ROUNDS = 2
_TELLING = 3
_MOST_FINDERS = 3_000
_MOST_GUESSES = 80
_SMALLEST, _LARGEST = 60.0, 3_000.0
_SQUARE = 2.5


class Sheet(NamedTuple):
    """The page of codes that a symbol stands on: its set, n and k, and the number of the page in it."""

    page_set: bytes
    n: int
    k: int
    page: int


class PageFound(NamedTuple):
    """What one picture of a page holds. turned: quarter turns clockwise in which it lies, in degrees."""

    frames: tuple[Frame, ...]
    marks: tuple[PageMark, ...]
    turned: int


def read_page(
    picture: Grey,
    held: Mapping[tuple[bytes, int, int], set[int]],
    *,
    every: bool = False,
    stopped: Callable[[], bool],
) -> PageFound:
    """The symbols of one page of codes or of several in one picture, and the marks at the foot of reports.

    held: indices that earlier pages gave, by (page set, k, n); once k are there, no more are looked for.
    every: all symbols are looked for, however few would be enough.
    stopped: asked between two steps; what was found by then is the answer.
    """
    search = searched(picture, held, Budget(BUDGET), stopped, every=every)
    return search.found() if search else PageFound((), (), 0)


def searched(
    picture: Grey,
    held: Mapping[tuple[bytes, int, int], set[int]],
    budget: Budget,
    stopped: Callable[[], bool],
    *,
    every: bool = False,
) -> "Search | None":
    """A picture looked through as `read_page` says; None when it cannot be a page."""
    if min(picture.shape) < _SMALLEST or pictures.finders(picture) > _MOST_FINDERS:
        return None
    search = Search(picture, held, budget, stopped, every)
    search.first()
    stretched = None if search.done() else pictures.stretched(picture)
    if stretched is not None:
        other = Search(stretched, held, budget, stopped, every)
        other.first()
        if (other.read(), pictures.likely_fax(picture)) > (search.read(), False):
            search = other
    if search.mirrored():
        picture = np.ascontiguousarray(search.picture[:, ::-1])
        search = Search(picture, held, budget, stopped, every)
        search.first()
    search.rest()
    return search


@dataclass
class Search:
    """What is known of one picture while it is looked through."""

    picture: Grey
    held: Mapping[tuple[bytes, int, int], set[int]]
    budget: Budget
    stopped: Callable[[], bool]
    every: bool = False
    frames: dict[tuple[Sheet, int], Frame] = field(default_factory=dict)
    marks: dict[PageMark, None] = field(default_factory=dict)
    corners: dict[Sheet, dict[int, Points]] = field(default_factory=dict)
    guesses: list[Points] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)

    def first(self) -> None:
        """The whole picture in one pass."""
        self.take(symbols(self.picture, self.budget), 1)

    def rest(self) -> None:
        """All further stages, until nothing is missing or nothing more helps."""
        self.complete()
        if self.done() or (not self.read() and pictures.blank(self.picture)):
            return
        if not self.read():
            self.small()
        for made in pictures.readings(self.picture):
            picture, before = made(), self.read()
            self.take(symbols(picture, self.budget), picture.shape[1] / self.picture.shape[1])
            if self.guesses or self.read() > before:
                self.complete()
            if self.done():
                return

    def small(self) -> None:
        """Look for marks in the small squares of a page, whichever way they lie."""
        for corners in squares(self.picture):
            for first in range(4):
                if self.done() or self.look(np.roll(corners, first, axis=0), MARK, MARK.sure):
                    break

    def read(self) -> int:
        """How many symbols were read."""
        return len(self.frames) + len(self.marks)

    def mirrored(self) -> bool:
        """Whether the places of what was read go round the other way than on the sheet."""
        for known in self.corners.values():
            sheet = np.array([geometry.origin(at) for at in known])
            seen = np.array([corners.mean(0) for corners in known.values()])
            turn = (sheet - sheet.mean(0)).T @ (seen - seen.mean(0))
            if len(known) >= _TELLING and np.linalg.det(turn) < 0:
                return True
        return False

    def done(self) -> bool:
        """Whether nothing is missing, as far as one can know, or looking on is not wanted."""
        if self.stopped() or self.budget.left <= 0:
            return True
        if not self.corners:
            return bool(self.marks) and not self.guesses
        return all(self.enough(sheet) for sheet in self.corners)

    def enough(self, sheet: Sheet) -> bool:
        """Whether no more symbols of this page are needed."""
        if len(self.corners[sheet]) >= PER_PAGE:
            return True
        if self.every:
            return False
        here = {index for other, index in self.frames if other[:3] == sheet[:3]}
        return len(here | self.held.get((sheet.page_set, sheet.k, sheet.n), set())) >= sheet.k

    def take(self, seen: list[Seen], scale: float) -> None:
        """Keep what was read in a picture that is `scale` times as large as ours."""
        for one in seen:
            corners = one.corners / scale
            if one.data:
                self.keep(one.data, corners)
            elif len(self.guesses) < _MOST_GUESSES:
                self.guesses.append(corners)

    def keep(self, data: bytes, corners: Points) -> bool:
        """Keep what a symbol says; False when it is none of ours, or not whole."""
        frame, mark = read_frame(data), unpack(data)
        if frame is None and mark is None:
            return False
        across, down = corners[1] - corners[0]
        self.turns.append(round(float(np.degrees(np.arctan2(down, across))) / 90) % 4)
        if frame is not None:
            sheet = Sheet(frame.page_set, frame.n, frame.k, page_of(frame.index, frame.n))
            self.frames.setdefault((sheet, frame.index), frame)
            self.corners.setdefault(sheet, {}).setdefault(place_of(frame.index, frame.n), corners)
        if mark is not None:
            self.marks.setdefault(mark)
        return True

    def complete(self) -> None:
        """Look for what is missing: where the decoder saw something, then where the others say it stands."""
        while self.guesses and not self.done():
            corners = self.guesses.pop(0)
            if not self.near_a_known(corners):
                self.look(corners, CODE, CODE.sure) or self.look(corners, MARK, MARK.sure)
        for _ in range(_ROUNDS):
            before = len(self.frames)
            for sheet in list(self.corners):
                self.fill(sheet)
            if len(self.frames) == before or self.done():
                return

    def fill(self, sheet: Sheet) -> None:
        """Look for what is missing of one page, each symbol from those that are known next to it."""
        known = self.corners[sheet]
        for at in geometry.outward(known):
            if self.done() or self.enough(sheet):
                return
            matrix = geometry.around(at, known)
            if matrix is not None:
                self.look(geometry.moved(matrix, geometry.corners(at)), CODE, 0)

    def near_a_known(self, corners: Points) -> bool:
        """Whether a symbol that was read lies there."""
        middle, reach = corners.mean(0), float(np.ptp(corners[:, 0])) / 3
        return any(
            float(np.hypot(*(middle - other.mean(0)))) < reach
            for known in self.corners.values()
            for other in known.values()
        )

    def look(self, corners: Points, kind: Kind, sure: int) -> bool:
        """Read the symbol that lies about between these corners; False when there is none that can be read.

        sure: of how many patterns must be seen to believe that there is one.
        """
        matrix = geometry.fitted(kind.corners, corners, 0) if self.usable(corners) else None
        if matrix is None:
            return False
        cut = landmarks.cut_out(self.picture, matrix, kind)
        if not self.budget.spend(cut.size):
            return False
        lies = landmarks.aligned(cut, kind)
        if lies is None or lies.patterns < sure or not self.budget.spend(cut.size):
            return False
        for dark in equaliser.darkness(cut, lies.matrix, kind):
            data = kind.said_by(dark, self.budget)
            if data:
                whole = matrix @ landmarks.shifted() @ lies.matrix
                return self.keep(data, geometry.moved(whole, kind.corners))
        return False

    def usable(self, corners: Points) -> bool:
        """Whether corners can be those of a symbol: within the picture, large enough, and about a square."""
        height, width = self.picture.shape
        sides = np.hypot(*(corners - np.roll(corners, 1, axis=0)).T)
        across, down = corners.mean(0)
        return bool(
            0 <= across < width
            and 0 <= down < height
            and sides.min() >= _SMALLEST
            and sides.max() <= min(_LARGEST, _SQUARE * sides.min())
        )

    def found(self) -> PageFound:
        """What was found, in the order of the pages and their symbols."""
        frames = tuple(self.frames[key] for key in sorted(self.frames))
        turned = max(set(self.turns), key=self.turns.count) * 90 if self.turns else 0
        return PageFound(frames, tuple(self.marks), turned)
