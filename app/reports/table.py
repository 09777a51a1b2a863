"""The annex, drawn straight on the canvas: measured rows, then placed, then ruled; no object for a cell.

Rows stay whole, except one taller than a third of a page, which is split between lines. It is linear in the
rows, where a table of paragraphs is not.
"""

from collections.abc import Callable

from reportlab.pdfgen.canvas import Canvas

from app.reports import fonts
from app.reports.boxes import LINE, MM, Pen, draw
from app.reports.content import Table
from app.reports.ruler import Ruler

SIZE = 11.0
LEADING = 13.0
PADDING = 3.0
GRID = 0.5

_WIDEST_WORD = 24 * MM  # a longer one is cut rather than given the page
_LAST_LINES = 2  # fewer lines of a split row are not left alone on a page

Lines = list[list[str]]


def widths(annex: Table, total: float, ruler: Ruler) -> list[float]:
    """The width of each column, in points, `total` together.

    The form's own widths, widened where a word, a code or a date would have to be cut. When a cell is so long
    that its row would fill pages, the columns share the width by what they have to hold.
    """
    basis = [column.width_mm * MM for column in annex.columns]
    basis = [width * total / sum(basis) for width in basis]
    words, longest = [], []
    for i, heading in enumerate(column.heading for column in annex.columns):
        cells = [row[i] for row in annex.rows]
        said = [(cell, fonts.REGULAR) for cell in cells] + [(heading, fonts.BOLD)]
        word = max(ruler.longest_word(text, font, SIZE, _WIDEST_WORD) for text, font in said)
        words.append(word + 2 * PADDING + 0.5)
        longest.append(max(cells, key=len, default=""))
    held = [ruler.width(text, fonts.REGULAR, SIZE) for text in longest]
    tallest = max(text / (width - 2 * PADDING) for text, width in zip(held, basis, strict=True)) * LEADING
    if tallest > 60 * MM and sum(words) < total:
        spare = total - sum(words)
        return [word + spare * text / sum(held) for word, text in zip(words, held, strict=True)]
    wanted = [max(pair) for pair in zip(basis, words, strict=True)]
    slack = [width - word for width, word in zip(wanted, words, strict=True)]
    excess = sum(wanted) - total
    if excess <= sum(slack):
        return [
            width - (excess * free / sum(slack) if excess > 0 else 0)
            for width, free in zip(wanted, slack, strict=True)
        ]
    return [width * total / sum(wanted) for width in wanted]


class AnnexTable:
    """Places the rows of an annex on pages.

    canvas: its page is set up by `begin_page`, called before each page of the annex, and ended by showPage
    here. left, top, bottom: edges of the text area in points from the page's lower left corner.
    """

    def __init__(
        self,
        canvas: Canvas,
        begin_page: Callable[[], None],
        ruler: Ruler,
        *,
        left: float,
        top: float,
        bottom: float,
        width: float,
    ) -> None:
        self._canvas = canvas
        self._begin_page = begin_page
        self._ruler = ruler
        self._left, self._top, self._bottom, self._width = left, top, bottom, width
        self._y = top
        self._edges: list[float] = []
        self._rules: list[float] = []
        self._header: Lines = []
        self._centred: frozenset[int] = frozenset()
        self._text = canvas.beginText()

    def draw(self, annex: Table) -> None:
        """Draw the annex's heading and all its rows, and end its last page."""
        self._begin_page()
        self._heading(annex)
        columns = widths(annex, self._width, self._ruler)
        self._centred = frozenset(i for i, column in enumerate(annex.columns) if column.align == "centre")
        self._edges = [self._left]
        for column in columns:
            self._edges.append(self._edges[-1] + column)
        self._header = self._broken(tuple(column.heading for column in annex.columns), fonts.BOLD)
        self._open_table()
        for row in annex.rows:
            self._row(self._broken(row, fonts.REGULAR))
        self._close_table()
        self._canvas.showPage()

    def _heading(self, annex: Table) -> None:
        pen = Pen(self._ruler)
        middle = self._width / 2
        pen.centred([annex.label], middle, fonts.BOLD, 14)
        lines = self._ruler.balanced(annex.title, fonts.BOLD, 13, self._width)
        pen.centred(lines, middle, fonts.BOLD, 13)
        lines = self._ruler.balanced(annex.belongs_to, fonts.ITALIC, 13, self._width)
        widest = pen.centred(lines, middle, fonts.ITALIC, 13)
        pen.rule(middle, widest * 0.36)
        pen.down += 6
        pen.centred([annex.note], middle, fonts.ITALIC, 12)
        draw(self._canvas, pen.marks, self._left, self._top)
        self._y = self._top - pen.down - 6

    def _broken(self, cells: tuple[str, ...], font: str) -> Lines:
        edges = self._edges
        return [
            self._ruler.wrap(cell, font, SIZE, right - left - 2 * PADDING)
            for cell, left, right in zip(cells, edges, edges[1:], strict=False)
        ]

    def _open_table(self) -> None:
        """Begin the table on this page with its header row."""
        self._text = self._canvas.beginText()
        self._rules = [self._y]
        self._text.setFont(fonts.BOLD, SIZE)
        tallest = max(len(cell) for cell in self._header)
        for i, cell in enumerate(self._header):
            drop = (tallest - len(cell)) * LEADING / 2
            self._cell(cell, i, self._y - drop, fonts.BOLD, centred=True)
        self._end_row(tallest)
        self._text.setFont(fonts.REGULAR, SIZE)

    def _close_table(self) -> None:
        canvas = self._canvas
        canvas.drawText(self._text)
        canvas.setLineWidth(GRID)
        left, right = self._edges[0], self._edges[-1]
        canvas.lines([(left, y, right, y) for y in self._rules])
        canvas.lines([(x, self._rules[0], x, self._rules[-1]) for x in self._edges])

    def _next_page(self) -> None:
        self._close_table()
        self._canvas.showPage()
        self._begin_page()
        self._y = self._top
        self._open_table()

    def _row(self, cells: Lines) -> None:
        count = max(1, *(len(cell) for cell in cells))
        tall = self._height(count) > (self._top - self._bottom) / 3
        while count:
            room = int((self._y - self._bottom - 2 * PADDING) / LEADING)
            if count <= room:
                take = count
            elif tall and room > _LAST_LINES:
                take = min(room, max(room - _LAST_LINES, count - _LAST_LINES))
            else:
                self._next_page()
                continue
            for i, cell in enumerate(cells):
                self._cell(cell[:take], i, self._y, fonts.REGULAR, centred=i in self._centred)
            self._end_row(take)
            cells = [cell[take:] for cell in cells]
            count -= take

    def _cell(self, lines: list[str], column: int, top: float, font: str, *, centred: bool) -> None:
        left, right = self._edges[column], self._edges[column + 1]
        y = top - PADDING - LEADING + (LEADING - SIZE * LINE) + 0.22 * SIZE
        for line in lines:
            x = left + PADDING
            if centred:
                x = (left + right - self._ruler.width(line, font, SIZE)) / 2
            if line:
                self._text.setTextOrigin(x, y)
                self._text.textOut(line)
            y -= LEADING

    def _end_row(self, count: int) -> None:
        self._y -= self._height(count)
        self._rules.append(self._y)

    @staticmethod
    def _height(count: int) -> float:
        return count * LEADING + 2 * PADDING
