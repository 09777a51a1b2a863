"""The middle of the report page: the sheet as it will print, one page at a time, or its words."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.words import _
from ui import tokens
from ui.jobs import Jobs, Task
from ui.printing import Sheets
from ui.widgets.buttons import icon_button, link
from ui.widgets.choices import Segmented
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Scroll, margins, surface
from ui.widgets.sheet import SheetView

_REDRAW_MS = 120
_NARROWEST = 200


class Preview(QWidget):
    """Draws the page that is looked at on another thread, for the room there is."""

    copy_wanted = Signal()
    """«Chép toàn văn»."""
    save_wanted = Signal()
    """«Lưu PDF»."""
    viewed = Signal(str)
    """"page" or "words": what a person looks at now."""

    def __init__(self, sheets: Sheets, jobs: Jobs, words: QWidget, parent: QWidget | None = None) -> None:
        """words: what is shown in the place of the page when the words are looked at."""
        super().__init__(parent)
        self._sheets, self._jobs = sheets, jobs
        self._pdf: bytes | None = None
        self._number = self.count = 0
        self._drawing: Task | None = None
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(_REDRAW_MS)
        self._redraw.timeout.connect(self._draw)
        column = QVBoxLayout(self)
        margins(column, 0, 0, 0, 0, 0)
        column.addWidget(self._tools())
        column.addWidget(hairline(parent=self))
        self.sheet = SheetView()
        self._scroll = Scroll(self.sheet, parent=self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(words)
        column.addWidget(self._stack, 1)

    def _tools(self) -> QWidget:
        tools = surface(self)
        tools.setFixedHeight(tokens.UNDO_LINE)
        row = QHBoxLayout(tools)
        margins(row, tokens.GAP12, 0, tokens.GAP12, 0, tokens.GAP4)
        self.views = Segmented(
            [("page", _("Printed page"), None), ("words", _("Words"), None)],
            name=_("What is looked at"),
            parent=tools,
        )
        self.views.set_value("page")
        self.views.chosen.connect(self.show_view)
        self.before = icon_button(_("Page before"), "chevron_left", parent=tools)
        self.before.clicked.connect(lambda: self.go(-1))
        self.name = label("", parent=tools)
        self.after = icon_button(_("Page after"), "chevron_right", parent=tools)
        self.after.clicked.connect(lambda: self.go(1))
        self.copy_button = link(_("Copy the whole text"), parent=tools)
        self.copy_button.clicked.connect(self.copy_wanted)
        self.save_button = link(_("Save PDF"), parent=tools)
        self.save_button.clicked.connect(self.save_wanted)
        row.addWidget(self.views)
        row.addStretch(1)
        for widget in (self.before, self.name, self.after):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.copy_button)
        row.addWidget(self.save_button)
        self._roomy = True
        return tools

    @property
    def view(self) -> str:
        """What is looked at: "page" or "words"."""
        return self.views.value()

    def show_view(self, view: str) -> None:
        """Look at the page or at the words."""
        self.views.set_value(view)
        self._stack.setCurrentIndex(int(view == "words"))
        self._arrange()
        if view == "page":
            self._draw()
        self.viewed.emit(view)

    def set_roomy(self, roomy: bool) -> None:
        """Whether all tools have room beside each other; else each view has its own."""
        self._roomy = roomy
        self._arrange()

    def _arrange(self) -> None:
        page = self.view == "page"
        for widget in (self.before, self.name, self.after):
            widget.setVisible(page)
        self.copy_button.setVisible(self._roomy or not page)
        self.save_button.setVisible(self._roomy or page)

    def show_sheet(self, pdf: bytes | None, *, first: bool) -> None:
        """Show another sheet, from its first page or from where the eye was; None for none."""
        self._pdf = pdf
        if first:
            self._number = 0
            self._scroll.verticalScrollBar().setValue(0)
        self.copy_button.setEnabled(pdf is not None)
        self.save_button.setEnabled(pdf is not None)
        if pdf is None:
            self._number = self.count = 0
            self.sheet.clear()
            self._name()
            return
        self._draw()

    def go(self, by: int) -> None:
        """The next (1) or the previous (-1) page."""
        self._number = min(max(0, self._number + by), max(0, self.count - 1))
        self._scroll.verticalScrollBar().setValue(0)
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page Down and Page Up read on: to the end of the page, then to the next one."""
        step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        bar = self._scroll.verticalScrollBar()
        end = bar.maximum() if step > 0 else bar.minimum()
        if bar.value() == end:
            self.go(step)
        else:
            bar.setValue(bar.value() + step * bar.pageStep())

    def _draw(self) -> None:
        if self._pdf is None:
            return
        if self._drawing is not None:
            self._drawing.cancel()
        pdf, number = self._pdf, self._number
        room = self._scroll.viewport().width() - 2 * tokens.GAP16
        width = round(max(_NARROWEST, room) * self.devicePixelRatioF())

        def work() -> tuple[int, int, QImage]:
            count = self._sheets.count(pdf)
            shown = min(number, count - 1)
            return shown, count, self._sheets.page(pdf, shown, width)

        self._drawing = self._jobs.run(self, work, self._drawn)

    def _drawn(self, found: tuple[int, int, QImage]) -> None:
        self._number, self.count, image = found
        self._name()
        self.sheet.show_page(image, self.name.text())

    def _name(self) -> None:
        words = _("Page {n}/{count}").format(n=self._number + 1, count=self.count)
        self.name.setText(words if self.count else _("No page"))
        self.before.setEnabled(self._number > 0)
        self.after.setEnabled(self._number + 1 < self.count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._redraw.start()
