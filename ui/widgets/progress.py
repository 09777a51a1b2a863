"""A thin line that says how far a work is; the one thing in the window that moves."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.words import _
from ui import tokens
from ui.style import look
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.labels import label


class ProgressLine(QWidget):
    """Filled to a part; empty while the part is not known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(tokens.GAP4)

    @property
    def part(self) -> float | None:
        """How far it is, 0.0-1.0."""
        return self._part

    def set_part(self, part: float | None) -> None:
        """Show another part."""
        self._part = part
        self.setAccessibleName("" if part is None else f"{round(part * 100)}%")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, tokens.GAP4)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        paint.fill(painter, 0, 0, self.width(), 3, lk.colour(c.line))
        done = round(self.width() * min(1.0, max(0.0, self._part or 0.0)))
        # In high contrast line and accent may be one colour, so the done part is thicker as well.
        paint.fill(painter, 0, 0, done, 4, lk.colour(c.accent))
        painter.end()


class Working(QWidget):
    """What is being done, how far it is, and «Dừng». Hidden while nothing is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GAP4)
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP12)
        self.words = label("", wrap=True, parent=self)
        row.addWidget(self.words, 1)
        self.stop = Button(_("Stop"), parent=self)
        row.addWidget(self.stop)
        column.addLayout(row)
        self.line = ProgressLine(self)
        column.addWidget(self.line)
        self.hide()

    def say(self, words: str, part: float | None = None) -> None:
        """Show a sentence and how far it is."""
        if self.isHidden():
            self.show()
            paint.announce(self, words)
        self.words.setText(words)
        self.line.set_part(part)
