"""The left half of the printing window: the very PDF that is printed, one page at a time."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.words import _
from ui import tokens
from ui.jobs import Jobs, Task
from ui.printing import Sheets
from ui.widgets.buttons import icon_button
from ui.widgets.labels import label
from ui.widgets.layouts import Scroll, margins
from ui.widgets.sheet import SheetView

_REDRAW_MS = 120
_NARROWEST = 200


class PrintPreview(QWidget):
    """Draws a page on another thread, as wide as there is room."""

    counted = Signal(int)
    """How many pages the sheet has, once it is known."""

    def __init__(self, sheets: Sheets, jobs: Jobs, pdf: bytes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheets, self._jobs, self._pdf = sheets, jobs, pdf
        self.number = 1
        """The page that is shown, from 1."""
        self.count = 0
        self._drawing: Task | None = None
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(_REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        column = QVBoxLayout(self)
        margins(column, 0, 0, 0, 0, 0)
        row = QHBoxLayout()
        self.before = icon_button(_("Page before"), "chevron_left", parent=self)
        self.before.clicked.connect(lambda: self.go(-1))
        self.name = label("", parent=self)
        self.after = icon_button(_("Page after"), "chevron_right", parent=self)
        self.after.clicked.connect(lambda: self.go(1))
        for widget in (self.before, self.name, self.after):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        self.sheet = SheetView()
        self._scroll = Scroll(self.sheet, parent=self)
        column.addWidget(self._scroll, 1)

    def go(self, by: int) -> None:
        """The next (1) or the previous (-1) page."""
        self.number = min(max(1, self.number + by), max(1, self.count))
        self._scroll.verticalScrollBar().setValue(0)
        self._draw()

    def _draw(self) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
        number, pdf = self.number, self._pdf
        room = self._scroll.viewport().width() - 2 * tokens.GAP16
        width = round(max(_NARROWEST, room) * self.devicePixelRatioF())

        def work() -> tuple[int, QImage]:
            return self._sheets.count(pdf), self._sheets.page(pdf, number - 1, width)

        self._drawing = self._jobs.run(self, work, self._drawn)

    def _drawn(self, found: tuple[int, QImage]) -> None:
        before, (self.count, image) = self.count, found
        self.name.setText(_("Page {n}/{count}").format(n=self.number, count=self.count))
        self.before.setEnabled(self.number > 1)
        self.after.setEnabled(self.number < self.count)
        self.sheet.show_page(image, self.name.text())
        if self.count != before:
            self.counted.emit(self.count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._redraw.start()
