"""A table as an annex, drawn straight on the canvas: measured rows, then placed, then ruled.

There is no object for a cell. Rows stay whole, except one taller than a third of a page, which is split
between lines. It is linear in the rows, where a table of paragraphs is not.
"""

import re
from collections.abc import Callable

from reportlab.pdfgen.canvas import Canvas

from app.reports.blocks import Table
from app.reports.layout import fonts
from app.reports.layout.columns import widths
from app.reports.layout.marks import LINE, Pen, draw
from app.reports.layout.ruler import Ruler
from app.reports.layout.typesetter import Typesetter

SIZE = 11.0
LEADING = 13.0
PADDING = 3.0
GRID = 0.5

_FEWEST_RULES = 3  # two of the header, then one under each row: a page with fewer gives no row away
_LAST_LINES = 2  # fewer lines of a split row are not left alone on a page

_YEAR = re.compile("năm (?=[0-9])")  # a date does not end in a line of its own

Lines = list[list[str]]


class TableSheet:
    """Places the rows of a table on pages.

    begin_page: sets up each page of the annex; the page is ended by showPage here. left, top, bottom: edges
    of the text area in points from the page's lower left corner.
    """

    def __init__(
        self,
        canvas: Canvas,
        setter: Typesetter,
        begin_page: Callable[[], None],
        ruler: Ruler,
        *,
        left: float,
        top: float,
        bottom: float,
        width: float,
    ) -> None:
        self._canvas, self._setter = canvas, setter
        self._begin_page = begin_page
        self._ruler = ruler
        self._left, self._top, self._bottom, self._width = left, top, bottom, width
        self._y = top
        self._edges: list[float] = []
        self._aligned: list[str] = []
        self._rules: list[tuple[float, float, float, float]] = []
        self._uprights: list[tuple[float, float, float, float]] = []
        self._table_top = top
        self._over: list[tuple[int, int, list[str]]] = []
        self._header: Lines = []

    def draw(self, table: Table, columns: list[float] | None = None) -> None:
        """Draw the table's heading and all its rows, and end its last page.

        columns: their widths in points; None shares the width by what they hold.
        """
        self._begin_page()
        self._heading(table)
        columns = columns or widths(table, self._width, SIZE, PADDING, self._ruler)
        self._edges = [self._left]
        for column in columns:
            self._edges.append(self._edges[-1] + column)
        self._aligned = [column.align for column in table.columns]
        self._header = self._broken(tuple(column.heading for column in table.columns), fonts.BOLD)
        self._over = self._groups(table)
        self._open_table()
        last = len(table.rows) - 1
        held: tuple[Lines, str] | None = None
        for i, row in enumerate(table.rows):
            font = fonts.BOLD if table.total and i == last else fonts.REGULAR
            cells = self._broken(row, font)
            if held is not None:
                if i == last:
                    self._keep_together(held[0], cells)
                self._row(*held)
            held = cells, font
        if held is not None:
            self._row(*held)
        self._close_table()
        self._canvas.showPage()

    def _heading(self, table: Table) -> None:
        pen = Pen(self._ruler)
        middle = self._width / 2
        pen.centred([table.label], middle, fonts.BOLD, 14)
        lines = self._ruler.balanced(table.title, fonts.BOLD, 13, self._width)
        pen.centred(lines, middle, fonts.BOLD, 13)
        belongs_to = _YEAR.sub("năm\u00a0", table.belongs_to)
        lines = self._ruler.balanced(belongs_to, fonts.ITALIC, 13, self._width)
        widest = pen.centred(lines, middle, fonts.ITALIC, 13)
        pen.rule(middle, widest * 0.36)
        pen.down += 6
        pen.centred(self._ruler.balanced(table.note, fonts.ITALIC, 12, self._width), middle, fonts.ITALIC, 12)
        draw(self._canvas, self._setter, pen.marks, self._left, self._top)
        self._y = self._top - pen.down - 6

    def _broken(self, cells: tuple[str, ...], font: str) -> Lines:
        edges, wrap = self._edges, self._ruler.wrap
        return [
            wrap(cell, font, SIZE, edges[i + 1] - edges[i] - 2 * PADDING) if cell else []
            for i, cell in enumerate(cells)
        ]

    def _groups(self, table: Table) -> list[tuple[int, int, list[str]]]:
        """First and last column under each common heading, and its lines."""
        found: list[tuple[int, int, list[str]]] = []
        for i, column in enumerate(table.columns):
            if not column.over:
                continue
            if found and found[-1][1] == i - 1 and table.columns[i - 1].over == column.over:
                found[-1] = (found[-1][0], i, [])
            else:
                found.append((i, i, []))
        edges, wrap = self._edges, self._ruler.wrap
        return [
            (a, b, wrap(table.columns[a].over, fonts.BOLD, SIZE, edges[b + 1] - edges[a] - 2 * PADDING))
            for a, b, _ in found
        ]

    def _open_table(self) -> None:
        """Begin the table on this page with its header row."""
        self._setter.begin()
        self._table_top = self._y
        self._rules = [(self._edges[0], self._y, self._edges[-1], self._y)]
        self._uprights = []
        upper = (
            self._height(max((len(lines) for _, _, lines in self._over), default=0)) if self._over else 0.0
        )
        grouped = {i for a, b, _ in self._over for i in range(a, b + 1)}
        lower = max([self._height(len(self._header[i])) for i in grouped], default=0.0)
        alone = [self._height(len(cell)) for i, cell in enumerate(self._header) if i not in grouped]
        whole = max([upper + lower, *alone])
        lower = whole - upper
        for i, cell in enumerate(self._header):
            room, top = (lower, self._y - upper) if i in grouped else (whole, self._y)
            drop = (room - self._height(len(cell))) / 2
            self._cell(cell, self._edges[i], self._edges[i + 1], top - drop, fonts.BOLD, "centre")
        for a, b, lines in self._over:
            left, right = self._edges[a], self._edges[b + 1]
            drop = (upper - self._height(len(lines))) / 2
            self._cell(lines, left, right, self._y - drop, fonts.BOLD, "centre")
            self._rules.append((left, self._y - upper, right, self._y - upper))
            self._uprights += [(edge, self._y - upper, edge, self._y) for edge in self._edges[a + 1 : b + 1]]
        self._end_row(whole)

    def _close_table(self) -> None:
        self._setter.end()
        canvas = self._canvas
        canvas.setLineWidth(GRID)
        canvas.lines(self._rules)
        hidden = {edge for edge, *_ in self._uprights}
        starts = {edge: low for edge, low, *_ in self._uprights}
        canvas.lines([(x, starts[x] if x in hidden else self._table_top, x, self._y) for x in self._edges])

    def _next_page(self) -> None:
        self._close_table()
        self._canvas.showPage()
        self._begin_page()
        self._y = self._top
        self._open_table()

    def _keep_together(self, cells: Lines, last: Lines) -> None:
        """Begin a page with the last but one row, where the last would otherwise stand alone on it."""
        here, both = self._room(), [self._height(max(1, *map(len, row))) for row in (cells, last)]
        if (
            both[0] <= here < sum(both)
            and len(self._rules) > _FEWEST_RULES
            and not any(map(self._tall, both))
        ):
            self._next_page()

    def _room(self) -> float:
        return self._y - self._bottom

    def _tall(self, height: float) -> bool:
        return height > (self._top - self._bottom) / 3

    def _row(self, cells: Lines, font: str) -> None:
        count = max(1, *map(len, cells))
        tall = self._tall(self._height(count))
        while count:
            room = int((self._room() - 2 * PADDING) / LEADING)
            if count <= room:
                take = count
            elif tall and room > _LAST_LINES:
                take = min(room, max(room - _LAST_LINES, count - _LAST_LINES))
            else:
                self._next_page()
                continue
            for i, cell in enumerate(cells):
                if cell:
                    own = cell[:take]
                    self._cell(own, self._edges[i], self._edges[i + 1], self._y, font, self._aligned[i])
            self._end_row(self._height(take))
            if take < count:
                cells = [cell[take:] for cell in cells]
            count -= take

    def _cell(self, lines: list[str], left: float, right: float, top: float, font: str, align: str) -> None:
        y = top - PADDING - LEADING + (LEADING - SIZE * LINE) + 0.22 * SIZE
        put = self._setter.line
        for line in lines:
            if line:
                x = left + PADDING
                if align != "left":
                    free = right - left - self._ruler.width(line, font, SIZE)
                    x = left + free / 2 if align == "centre" else left + free - PADDING
                put(x, y, line, font, SIZE)
            y -= LEADING

    def _end_row(self, height: float) -> None:
        self._y -= height
        self._rules.append((self._edges[0], self._y, self._edges[-1], self._y))

    @staticmethod
    def _height(count: int) -> float:
        return count * LEADING + 2 * PADDING
