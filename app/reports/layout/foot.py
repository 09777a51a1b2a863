"""The foot of a closed report's pages: the small code and, beside it, page, pages and check code in words.

It lies in the bottom margin at the left edge of the text, where no seal comes. How many pages there are is
known only at the end, so each page refers to a form that is drawn then.
"""

import re
from collections.abc import Iterator
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from app.reports.canonical import check_code
from app.reports.layout import fonts, footmark, texts_sheet
from app.reports.layout.footmark import FootMark

_DOT = 72 / 300
_MODULE = 5  # dots of 1/300 inch, 0.423 mm: what a copier and a scan of 150 dpi still tell apart
_DOWN = 62  # dots from the lower edge of the paper to the symbol: 5.2 mm, which printers can print
_SIZE = 9.0
_DARK = re.compile(b"\x01+")


def name(page: int) -> str:
    """The name of the form that a page refers to."""
    return f"snv-foot-{page}"


def draw(canvas: Canvas, mark: FootMark, left: float, pages: int) -> None:
    """Draw the forms of all pages. left: the text's left edge in points from the paper's."""
    start = round(left / _DOT)
    for page in range(1, pages + 1):
        canvas.beginForm(name(page), 0, 0, 300, 72)
        x = start * _DOT
        if pages <= footmark.MOST_PAGES:
            canvas.saveState()
            canvas.scale(_DOT, _DOT)
            side = _symbol(canvas, mark, page, pages, start)
            canvas.restoreState()
            x += (side + 4 * _MODULE) * _DOT
        canvas.setFont(fonts.REGULAR, _SIZE)
        said = texts_sheet.FOOT.format(page=page, pages=pages, code=check_code(mark.hash))
        canvas.drawString(x, _DOWN * _DOT + 1, said)
        canvas.endForm()


def _symbol(canvas: Any, mark: FootMark, page: int, pages: int, left: int) -> int:
    """Draw the symbol in dots, one rectangle for each run of dark modules; gives its side.

    Whole numbers are written as they are: ReportLab's way of rounding them would cost more than all the rest.
    """
    rows = symbol(footmark.pack(mark.report, mark.hash[:8], page, pages))
    drawn = [
        f"{left + begin * _MODULE} {_DOWN + down * _MODULE} {length * _MODULE} {_MODULE} re"
        for down, row in enumerate(reversed(rows))
        for begin, length in _runs(row)
    ]
    canvas._code += [*drawn, "f"]
    return len(rows) * _MODULE


def symbol(data: bytes) -> tuple[bytes, ...]:
    """The modules of the code, row by row from the top: 1 is dark. QR version 3, level M, mask 3."""
    import segno

    made = segno.make_qr(data, error="m", version=3, mode="byte", mask=3, boost_error=False)
    return tuple(bytes(value & 1 for value in row) for row in made.matrix)


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    for run in _DARK.finditer(row):
        yield run.start(), run.end() - run.start()
