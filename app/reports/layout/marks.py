"""What boxes are made of: lines of text, rules, bars and named places, counted from an upper left corner.

A box is measured when it is made and drawn later, wherever the page has room for it. Rules are drawn, never
underscores, since the decree's lines have measures of their own.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from app.reports.layout.ruler import Ruler
from app.reports.layout.typesetter import Typesetter

MM = 72 / 25.4
LINE = 1.15
"""Single spacing: distance of baselines as a multiple of the size."""
ASCENT = 0.89
RULE = 0.6
_DESCENT = 0.22
_RULE_GAP = 2.0  # under the letters' own descent
_STEP = 3.2  # points between the lines of a pattern
_BLANKS = re.compile("\u00a0{3,}")


class Text(NamedTuple):
    """One line of text; `down` is its baseline, counted from the top. `spread` is added to each blank."""

    x: float
    down: float
    text: str
    font: str
    size: float
    spread: float = 0.0


class Rule(NamedTuple):
    """A horizontal line."""

    x: float
    down: float
    length: float


class Shade(NamedTuple):
    """A bar filled with a pattern that survives a copier: solid, rising, crossed, level or empty.

    `down` is its lower edge.
    """

    x: float
    down: float
    width: float
    height: float
    pattern: str


class Place(NamedTuple):
    """A named rectangle, `down` to its upper edge."""

    name: str
    x: float
    down: float
    width: float
    height: float


class Box(NamedTuple):
    """Marks at fixed places, with space before them that is dropped at the top of a page."""

    marks: tuple[Text | Rule | Shade, ...]
    height: float
    before: float = 0.0
    places: tuple[Place, ...] = ()

    def cut(self, room: float) -> "tuple[Box, Box]":
        """The marks that fit and the rest: for a box that no page could hold."""
        whole = tuple(mark for mark in self.marks if mark.down + 4 <= room)
        rest = [mark for mark in self.marks if mark.down + 4 > room]
        if not whole or not rest:
            return self, Box((), 0.0)
        up = min(mark.down for mark in rest) - ASCENT * 14
        moved = tuple(mark._replace(down=mark.down - up) for mark in rest)
        places = tuple(place._replace(down=place.down - up) for place in self.places)
        return Box(whole, room, self.before), Box(moved, self.height - up, 0.0, places)


@dataclass(slots=True)
class Pen:
    """Collects what a box holds; `down` is where the next line begins."""

    ruler: Ruler
    down: float = 0.0
    marks: list[Text | Rule | Shade] = field(default_factory=list)

    def centred(self, lines: list[str], middle: float, font: str, size: float) -> float:
        """Set lines around a vertical axis, single spacing; gives the width of the widest."""
        widest = 0.0
        for line in lines:
            wide = self.ruler.width(line, font, size)
            widest = max(widest, wide)
            self.put(line, middle - wide / 2, font, size)
        return widest

    def put(self, line: str, x: float, font: str, size: float) -> None:
        """Set one line from `x` and go down by its height."""
        self.marks.append(Text(x, self.down + ASCENT * size, line, font, size))
        self.down += LINE * size

    def rule(self, middle: float, length: float) -> None:
        """Draw a line just under the last text, around a vertical axis; none where there is no text."""
        if length <= 0:
            return
        under = max(mark.down + _DESCENT * mark.size for mark in self.marks if isinstance(mark, Text))
        self.marks.append(Rule(middle - length / 2, under + _RULE_GAP, length))
        self.down = max(self.down, under + _RULE_GAP + 2)

    def blanks(self, names: tuple[str, ...]) -> list[Place]:
        """The places left blank in the texts put so far, named in their order."""
        found: list[Place] = []
        for mark in self.marks:
            if not isinstance(mark, Text):
                continue
            for blank in _BLANKS.finditer(mark.text):
                x = mark.x + self.ruler.width(mark.text[: blank.start()], mark.font, mark.size)
                wide = self.ruler.width(blank.group(), mark.font, mark.size)
                found.append(Place("", x, mark.down - ASCENT * mark.size, wide, LINE * mark.size))
        return [place._replace(name=name) for place, name in zip(found, names, strict=False)]


def draw(
    canvas: Canvas, setter: Typesetter, marks: Iterable[Text | Rule | Shade], left: float, top: float
) -> None:
    """Put marks on a canvas, counted from its point (left, top)."""
    setter.begin()
    others: list[Rule | Shade] = []
    for mark in marks:
        if isinstance(mark, Text):
            setter.line(left + mark.x, top - mark.down, mark.text, mark.font, mark.size, mark.spread)
        else:
            others.append(mark)
    setter.end()
    for other in others:
        if isinstance(other, Rule):
            canvas.setLineWidth(RULE)
            canvas.line(left + other.x, top - other.down, left + other.x + other.length, top - other.down)
        else:
            _shade(canvas, other, left, top)


def _shade(canvas: Canvas, mark: Shade, left: float, top: float) -> None:
    x, y = left + mark.x, top - mark.down
    canvas.saveState()
    canvas.setLineWidth(RULE)
    canvas.rect(x, y, mark.width, mark.height, stroke=1, fill=1 if mark.pattern == "solid" else 0)
    path = canvas.beginPath()
    path.rect(x, y, mark.width, mark.height)
    canvas.clipPath(path, stroke=0, fill=0)
    high = mark.height
    lines: list[tuple[float, float, float, float]] = []
    if mark.pattern in {"rising", "crossed"}:
        lines += [(x + at - high, y, x + at, y + high) for at in _steps(mark.width + high)]
    if mark.pattern == "crossed":
        lines += [(x + at - high, y + high, x + at, y) for at in _steps(mark.width + high)]
    if mark.pattern == "level":
        lines += [(x, y + at, x + mark.width, y + at) for at in _steps(high)]
    if lines:
        canvas.lines(lines)
    canvas.restoreState()


def _steps(length: float) -> list[float]:
    return [_STEP * i for i in range(1, int(length / _STEP) + 1)]
