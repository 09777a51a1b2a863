"""The page of codes: frames drawn as QR symbols, at places that the reader knows.

All lengths are dots of 1/300 inch, counted from the upper left corner, so that at 300, 600 and 1,200 dots
each module is a whole number of dots. A module is 5 dots (0.423 mm), a symbol of 77 x 77 modules 32.6 mm, the
pitch 425 dots (36.0 mm): 4 columns of 7. Symbols are QR version 15, level M, mask 3, byte mode: 412 bytes, a
frame exactly. They are rectangles and never a picture, which some printing paths would smooth.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.reports.paper import texts_codes
from app.reports.paper.frames import PER_PAGE, page_of

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

DOTS_PER_INCH = 300
MODULES = 77
"""Modules along one side of a symbol."""
MODULE = 5
"""Dots along one side of a module."""
SIDE = MODULES * MODULE
PITCH = 425
LEFT, TOP = 260, 236
"""Upper left corner of the first symbol: 22.0 and 20.0 mm."""
COLUMNS, ROWS = 4, 7
QUIET = 4
"""Modules of white that a symbol needs on each side."""

_DARK = re.compile(b"\1+")
_DOT = 72 / DOTS_PER_INCH
_MARK = 10 * MODULE
_MARKS = 31
_RIGHT = 195 / 25.4 * DOTS_PER_INCH


@dataclass(frozen=True)
class CodeSheet:
    """What code pages carry: `frames` as cut, full pages of them; heading and facts are for people.

    `facts` are short lines: unit, report, check code. They stand on every page, beside the symbols.
    """

    heading: str
    facts: tuple[str, ...]
    frames: tuple[bytes, ...]

    @property
    def pages(self) -> int:
        """How many pages are drawn."""
        return -(-len(self.frames) // PER_PAGE)


def corner(place: int) -> tuple[int, int]:
    """Upper left corner of the symbol at this place of a page (0 to 27, row by row), in dots."""
    row, column = divmod(place, COLUMNS)
    return LEFT + column * PITCH, TOP + row * PITCH


def place_of(index: int, n: int) -> int:
    """The place on its page (`frames.page_of`) of symbol `index` of `n`."""
    return index // -(-n // PER_PAGE)


def modules(frame: bytes) -> tuple[bytes, ...]:
    """The symbol of a frame: 77 rows of 77 modules, 1 is dark; without its quiet zone."""
    import segno

    symbol = segno.make(frame, version=15, error="m", mode="byte", mask=3, boost_error=False, micro=False)
    return tuple(map(bytes, symbol.matrix))


def runs(rows: Sequence[bytes]) -> Iterator[tuple[int, int, int]]:
    """The dark modules as runs, row by row: x, y and width in modules."""
    for y, row in enumerate(rows):
        for run in _DARK.finditer(row):
            yield run.start(), y, run.end() - run.start()


def draw_pages(canvas: "Canvas", sheet: CodeSheet) -> None:
    """Draw all pages of codes on A4, each ended with `showPage`; the canvas stands at the start of a page."""
    from reportlab.lib.pagesizes import A4

    n = len(sheet.frames)
    for page in range(1, sheet.pages + 1):
        canvas.setPageSize(A4)
        _words(canvas, sheet, page)
        for index in range(n):
            if page_of(index, n) == page:
                _symbol(canvas, sheet.frames[index], *corner(place_of(index, n)))
        canvas.showPage()


def _symbol(canvas: "Canvas", frame: bytes, x: float, y: float) -> None:
    """One symbol as one path: whole numbers of modules under one scale, so that no edge is rounded alone.

    Runs of one width together: so the page takes 4 % less when it is packed.
    """
    canvas.saveState()
    canvas.transform(MODULE * _DOT, 0, 0, -MODULE * _DOT, x * _DOT, _up(canvas, y))
    bars = sorted(runs(modules(frame)), key=lambda run: (run[2], run[1]))
    path = [f"{left} {row} {wide} 1 re" for left, row, wide in bars]
    canvas._code.append(" ".join([*path, "f"]))  # type: ignore[attr-defined]
    canvas.restoreState()


def _words(canvas: "Canvas", sheet: CodeSheet, page: int) -> None:
    """Heading above, facts at the right of the symbols, ruler and advice below."""
    from app.reports.layout import fonts
    from app.reports.layout.ruler import Ruler
    from app.reports.letters import printable

    fonts.letters()
    ruler = Ruler()

    def lines(text: str, font: str, size: float, width: float) -> list[str]:
        return ruler.wrap(fonts.drawable(printable(text)), font, size, width * _DOT)

    def write(text: str, font: str, size: float, x: float, y: float, width: float) -> float:
        canvas.setFont(font, size)
        for line in lines(text, font, size, width):
            canvas.drawString(x * _DOT, _up(canvas, y), line)
            y += size * 1.25 / _DOT
        return y

    canvas.setFillGray(0)
    size = next(
        (
            size
            for size in (13, 12, 11, 10, 9)
            if len(lines(sheet.heading, fonts.BOLD, size, _RIGHT - LEFT)) == 1
        ),
        8,
    )
    first = 118 if size > 8 else 84
    write(sheet.heading, fonts.BOLD, size, LEFT, first, _RIGHT - LEFT)
    write(texts_codes.FOR_MACHINES, fonts.ITALIC, 10, LEFT, 180, _RIGHT - LEFT)
    x = LEFT + (COLUMNS - 1) * PITCH + SIDE + 2 * QUIET * MODULE
    y = write(
        texts_codes.CODE_PAGE.format(page=page, pages=sheet.pages), fonts.BOLD, 12, x, TOP + 40, _RIGHT - x
    )
    for fact in sheet.facts:
        y = write(fact, fonts.REGULAR, 9.5, x, y + 20, _RIGHT - x)
    bottom = TOP + (ROWS - 1) * PITCH + SIDE
    _draw_ruler(canvas, bottom + 50)
    write(texts_codes.RULER, fonts.REGULAR, 8, LEFT, bottom + 125, _RIGHT - LEFT)
    write(texts_codes.ADVICE, fonts.REGULAR, 8, LEFT, bottom + 165, _RIGHT - LEFT)


def _draw_ruler(canvas: "Canvas", y: float) -> None:
    """Marks 10 modules (4.233 mm) apart, 30 steps: 127 mm; every fifth is longer."""
    canvas.setLineWidth(2 * _DOT)
    canvas.setStrokeGray(0)
    for mark in range(_MARKS):
        x = (LEFT + mark * _MARK) * _DOT
        canvas.line(x, _up(canvas, y), x, _up(canvas, y + (36 if mark % 5 == 0 else 20)))
    canvas.line(LEFT * _DOT, _up(canvas, y), (LEFT + (_MARKS - 1) * _MARK) * _DOT, _up(canvas, y))


def _up(canvas: "Canvas", y: float) -> float:
    """A height counted in dots from the upper edge, as ReportLab counts: points from the lower one."""
    height: float = canvas._pagesize[1]  # type: ignore[attr-defined]
    return round(height, 4) - y * _DOT
