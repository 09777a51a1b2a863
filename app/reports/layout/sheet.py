"""The whole sheet: the text, the tables as annexes, what stands in the margins, then the pages of codes."""

from collections.abc import Sequence

from reportlab.lib.pagesizes import A4, landscape

from app.reports import texts
from app.reports.blocks import Block, Content, Table, mapped
from app.reports.layout import boxes, chart, flow, fonts, foot
from app.reports.layout.archive import About, ArchiveCanvas
from app.reports.layout.footmark import FootMark
from app.reports.layout.marks import MM, Box, draw
from app.reports.layout.profiles import PROFILES
from app.reports.layout.ruler import Ruler
from app.reports.layout.table import TableSheet
from app.reports.layout.typesetter import Typesetter
from app.reports.letters import one_line, printable
from app.reports.paper.codes import CodeSheet, draw_pages

_NUMBER_DOWN = 10 * MM
"""Baseline of the page number under the upper edge."""

PORTRAIT, LANDSCAPE = A4, landscape(A4)


class Sheet:
    """One report on its way to paper.

    mark: closed reports alone have one; it stands at each page's foot. news: lines for who reads a draft.
    """

    def __init__(
        self,
        content: Content,
        *,
        draft: bool,
        mark: FootMark | None = None,
        data: bytes = b"",
        news: Sequence[str] = (),
    ) -> None:
        fonts.letters()
        self._content: Content = mapped(content, lambda text: fonts.drawable(printable(text)))
        self._profile = PROFILES[content.profile]
        self._draft, self._mark = draft, mark
        self._news = [fonts.drawable(one_line(line)) for line in news] if draft else []
        head = self._content.head
        about = About(one_line(self._content.title), one_line(", ".join(head.issuer)), one_line(head.subject))
        self._canvas = ArchiveCanvas(about, fonts.REGULAR, data)
        self._setter = Typesetter(self._canvas)
        self._ruler = Ruler()
        self._number = 0
        self.pages = 0

    def draw(self) -> None:
        """Draw text and annexes."""
        self._text()
        for table in self._content.tables:
            self._table(table)

    def finished(self, codes: CodeSheet | None) -> bytes:
        """The file, with pages of codes at its end where there are such."""
        if self._mark is not None:
            foot.draw(self._canvas, self._mark, self._profile.left * MM, self.pages)
        if codes is not None:
            self._canvas.setPageSize(PORTRAIT)
            draw_pages(self._canvas, codes)
        return self._canvas.finished()

    def _text(self) -> None:
        profile, content, ruler = self._profile, self._content, self._ruler
        width = PORTRAIT[0] - (profile.left + profile.right) * MM
        height = PORTRAIT[1] - (profile.top + profile.bottom) * MM
        parts: list[Block | Box] = [boxes.news_box(self._news, width, ruler)] if self._news else []
        parts.append(boxes.title_block(content, profile, width, ruler))
        if content.addressees:
            parts.append(boxes.addressees(content, profile, width, ruler))
        for block in content.blocks:
            parts.append(block)
            if content.chart is not None and getattr(block, "slot", "") == "summary":
                drawn = chart.box(content.chart, width, ruler)
                parts += [drawn] if drawn else []
        signature = boxes.signature(content, profile, width, ruler)
        self._number = 0
        for placed in flow.pages(flow.body(tuple(parts), profile, width, ruler, signature), height):
            self._begin(PORTRAIT)
            self._put(placed)
            self._canvas.showPage()

    def _put(self, placed: list[flow.Placed]) -> None:
        left, top = self._profile.left * MM, PORTRAIT[1] - self._profile.top * MM
        marks = [mark._replace(down=mark.down + each.down) for each in placed for mark in each.box.marks]
        draw(self._canvas, self._setter, marks, left, top)
        for each in placed:
            for place in each.box.places:
                x, y = left + place.x, top - each.down - place.down
                self._canvas.bookmarkPage(
                    place.name, "FitR", left=x, top=y, right=x + place.width, bottom=y - place.height
                )

    def _table(self, table: Table) -> None:
        profile = self._profile
        page = LANDSCAPE if table.landscape else PORTRAIT
        self._number = 0
        sheet = TableSheet(
            self._canvas,
            self._setter,
            lambda: self._begin(page),
            self._ruler,
            left=profile.left * MM,
            top=page[1] - profile.top * MM,
            bottom=profile.bottom * MM,
            width=page[0] - (profile.left + profile.right) * MM,
        )
        sheet.draw(table)

    def _begin(self, page: tuple[float, float]) -> None:
        """Begin a page: its number (hidden on the first of text and annex), «DỰ THẢO» on a draft."""
        self._number += 1
        self.pages += 1
        canvas, profile = self._canvas, self._profile
        canvas.setPageSize(page)
        y = page[1] - _NUMBER_DOWN
        left, right = profile.left * MM, page[0] - profile.right * MM
        if self._number > 1:
            canvas.setFont(fonts.REGULAR, profile.page_number_size)
            canvas.drawCentredString((left + right) / 2, y, str(self._number))
        if self._draft:
            canvas.setFont(fonts.BOLD, 12)
            canvas.drawRightString(right, y, texts.DRAFT)
        if self._mark is not None:
            canvas.doForm(foot.name(self.pages))
