"""«Phiếu tiếp nhận»: what the province holds of a unit, in words for people and in codes for its machine.

It goes back by post to a commune without a network: the sheet can be filed, the check codes compared over the
telephone, and the pages of codes, scanned there, tell the ledger what no longer waits.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.reports import moment, short_date
from app.reports.canonical import check_code
from app.reports.layout import blank, fonts
from app.reports.letters import printable
from app.reports.paper import codes, frames, texts_codes

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_MM = 72 / 25.4
_LEFT, _RIGHT, _TOP, _LOWEST = 30 * _MM, 195 * _MM, 277 * _MM, 25 * _MM
_WIDTHS = tuple(wide * _MM for wide in (9, 44, 40, 14, 14, 20, 24))
_SIZE, _LEAD, _PAD = 10.5, 13, 3


@dataclass(frozen=True)
class Held:
    """One report that the province holds.

    name: in words, "Báo cáo tuần 29 năm 2025"; number: of the receipt, `YYYY-MM-DD/unit/NNNN`; new, known:
    changes that came by this paper and that other roads had brought before; at: Hanoi time; code: the check
    code at the foot of its sheets.
    """

    name: str
    number: str
    new: int
    known: int
    at: datetime
    code: str


@dataclass(frozen=True)
class Receipt:
    """A receipt by paper. office: who received; unit: whose reports; answer: what the codes carry."""

    office: str
    unit: str
    made: datetime
    held: tuple[Held, ...]
    answer: bytes = b""


def render(receipt: Receipt) -> bytes:
    """The receipt as A4 pages: the facts, then the pages of codes. The same receipt gives the same bytes.

    Raises TooMuchForPaper when the answer does not fit on the pages of one set, OSError without font files.
    """
    code = check_code(hashlib.sha256(receipt.answer).digest())
    packed = frames.cut(receipt.answer) if receipt.answer else ()
    out = io.BytesIO()
    canvas = blank.canvas(out, f"{texts_codes.RECEIPT} {receipt.unit}", receipt.office)
    _Sheet(canvas).draw(receipt, code)
    if packed:
        facts = (
            receipt.unit,
            texts_codes.CHECK.format(code=code),
            *(each.number for each in receipt.held[:6]),
        )
        codes.draw_pages(canvas, codes.CodeSheet(texts_codes.RECEIPT_CODES, facts, packed))
    canvas.save()
    return out.getvalue()


class _Sheet:
    """Draws downwards and begins another page where one is full."""

    def __init__(self, canvas: "Canvas") -> None:
        from app.reports.layout.ruler import Ruler

        self._canvas = canvas
        self._ruler = Ruler()
        self._y = _TOP

    def draw(self, receipt: Receipt, code: str) -> None:
        self._text(receipt.office, fonts.BOLD, 12)
        self._gap(16)
        self._text(texts_codes.RECEIPT, fonts.BOLD, 14, middle=True)
        self._text(texts_codes.RECEIPT_FOR.format(unit=receipt.unit), fonts.BOLD, 13, middle=True)
        self._gap(12)
        self._text(
            texts_codes.RECEIPT_SAYS if receipt.held else texts_codes.RECEIPT_NOTHING, fonts.REGULAR, 13
        )
        self._gap(8)
        if receipt.held:
            self._row(texts_codes.RECEIPT_HEADINGS, fonts.BOLD)
            for place, each in enumerate(receipt.held, 1):
                time = texts_codes.RECEIPT_TIME.format(time=each.at, day=short_date(each.at.date()))
                cells = (str(place), each.name, each.number, str(each.new), str(each.known), time, each.code)
                self._row(cells, fonts.REGULAR)
            self._gap(10)
        self._text(texts_codes.RECEIPT_PHONE.format(code=code), fonts.REGULAR, 13)
        if receipt.answer:
            self._text(texts_codes.RECEIPT_SCAN, fonts.REGULAR, 13)
        elif receipt.held:
            self._text(texts_codes.RECEIPT_NO_CODES, fonts.REGULAR, 13)
        self._text(texts_codes.RECEIPT_MADE.format(time=moment(receipt.made)), fonts.ITALIC, 13)
        self._room(110)
        self._gap(12)
        self._canvas.setFont(fonts.BOLD, 13)
        self._canvas.drawCentredString(_RIGHT - 35 * _MM, self._y - 13, texts_codes.RECEIPT_DESK)
        self._canvas.showPage()

    def _text(self, text: str, font: str, size: float, *, middle: bool = False) -> None:
        for line in self._lines(text, font, size, _RIGHT - _LEFT):
            self._room(size * 1.3)
            self._canvas.setFont(font, size)
            if middle:
                self._canvas.drawCentredString((_LEFT + _RIGHT) / 2, self._y - size, line)
            else:
                self._canvas.drawString(_LEFT, self._y - size, line)
            self._y -= size * 1.3
        self._y -= 3

    def _row(self, cells: tuple[str, ...], font: str) -> None:
        """A row of the table with its frame; never split, a cell has a few lines."""
        wrapped = [
            self._lines(cell, font, _SIZE, width - 2 * _PAD)
            for cell, width in zip(cells, _WIDTHS, strict=True)
        ]
        height = max(map(len, wrapped)) * _LEAD + 2 * _PAD
        self._room(height)
        self._canvas.setLineWidth(0.5)
        left = _LEFT
        for lines, width in zip(wrapped, _WIDTHS, strict=True):
            self._canvas.rect(left, self._y - height, width, height)
            self._canvas.setFont(font, _SIZE)
            for place, line in enumerate(lines):
                self._canvas.drawString(left + _PAD, self._y - _PAD - _SIZE - place * _LEAD, line)
            left += width
        self._y -= height

    def _lines(self, text: str, font: str, size: float, width: float) -> list[str]:
        return self._ruler.wrap(fonts.drawable(printable(text)), font, size, width)

    def _gap(self, height: float) -> None:
        self._y -= height

    def _room(self, height: float) -> None:
        if self._y - height < _LOWEST:
            self._canvas.showPage()
            self._y = _TOP
