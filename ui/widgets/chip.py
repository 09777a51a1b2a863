"""A chip: shape, word and soft ground.

At most three together; in lists the same mark stands without ground.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui import tokens
from ui.marks import Mark
from ui.style import look
from ui.widgets import paint


class Chip(QLabel):
    """Shows one mark, with ground (`bare=False`) or without."""

    def __init__(
        self, mark: Mark | None = None, *, bare: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mark: Mark | None = None
        self._bare = bare
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_mark(mark)

    def show_mark(self, mark: Mark | None) -> None:
        """Show another mark; None hides the chip."""
        self._mark = mark
        self.setText(mark.word if mark else "")
        self.setAccessibleName(self.text())
        self.setVisible(mark is not None)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._mark is None:
            return QSize(0, tokens.CHIP)
        width = paint.mark_width(self._mark, look()) + (0 if self._bare else 2 * tokens.GAP8)
        return QSize(width + 1, tokens.CHIP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._mark is None:
            return
        lk, c = look(), look().colours
        painter = QPainter(self)
        x = 0
        if not self._bare:
            border = lk.colour(c.edge) if c.contrast else None
            paint.frame(painter, self.rect(), lk.soft(self._mark.tone), border)
            x = tokens.GAP8
        paint.shape(
            painter, QPoint(x, (self.height() - tokens.SHAPE) // 2), self._mark, c.ink(self._mark.tone)
        )
        x += tokens.SHAPE + tokens.GAP4
        rect = QRect(x, 0, self.width() - x, self.height())
        paint.words(painter, rect, self._mark.word, lk.ink(self._mark.tone), size=tokens.SMALL, elide=False)
        painter.end()
