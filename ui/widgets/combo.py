"""A combo box drawn by the tokens; the wheel changes nothing unless it has the focus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from ui import tokens
from ui.style import look
from ui.widgets import paint


class Combo(QComboBox):
    """Values with words."""

    chosen = Signal(str)
    """The value a person chose; setting it from the program says nothing."""

    def __init__(self, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(14)
        self.activated.connect(lambda _index: self.chosen.emit(self.value()))

    def fill(self, choices: Sequence[tuple[str, str]]) -> None:
        """Show other choices (value, word); the value stays if it is among them, else the first is chosen."""
        before = self.value()
        if [(self.itemData(i), self.itemText(i)) for i in range(self.count())] == list(choices):
            return
        self.blockSignals(True)
        self.clear()
        for value, word in choices:
            self.addItem(word, value)
        self.blockSignals(False)
        self.set_value(before)
        self.updateGeometry()

    def value(self) -> str:
        """The chosen value, or an empty text."""
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        """Choose without a signal; an unknown value chooses the first."""
        self.setCurrentIndex(max(0, self.findData(value)))

    def sizeHint(self) -> QSize:
        metrics = look().metrics()
        words = max((metrics.horizontalAdvance(self.itemText(i)) for i in range(self.count())), default=60)
        return QSize(words + 2 + tokens.GAP8 + 1 + tokens.ICON_SMALL + 18, tokens.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(120, self.sizeHint().width()), tokens.CONTROL)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        focus = self.hasFocus()
        ground = c.quiet if not self.isEnabled() else c.hover if self.underMouse() else c.surface
        border = c.accent if focus else c.edge if self.isEnabled() else c.line
        paint.frame(painter, self.rect(), lk.colour(ground), lk.colour(border), tokens.FOCUS if focus else 1)
        ink = c.text if self.isEnabled() else c.disabled
        rect = QRect(tokens.GAP8 + 1, 0, self.width() - tokens.GAP8 - tokens.ICON_SMALL - 18, self.height())
        paint.words(painter, rect, self.currentText(), lk.colour(ink))
        at = QPoint(self.width() - tokens.ICON_SMALL - 9, (self.height() - tokens.ICON_SMALL) // 2)
        paint.icon(painter, at, "chevron_down", c.text2 if self.isEnabled() else ink, size=tokens.ICON_SMALL)
        painter.end()
