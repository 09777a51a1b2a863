"""A box with one of the five words of the exchange and its count."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import tokens
from ui.marks import Mark
from ui.style import look
from ui.widgets import paint

_HEIGHT, _LOW = 72, 58


class CountBox(QWidget):
    """Shape and word above, the count below; what counts nothing is quiet."""

    def __init__(self, mark: Mark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark, self._count, self._narrow = mark, 0, False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.set_count(0)

    @property
    def count(self) -> int:
        """The number shown."""
        return self._count

    def set_count(self, count: int) -> None:
        """Show another number."""
        self._count = count
        self.setAccessibleName(f"{self._mark.word}: {count}")
        self.setToolTip(self.accessibleName())
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        """Lower, and without the gap before the word."""
        self._narrow = narrow
        self.setFixedHeight(_LOW if narrow else _HEIGHT)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, _LOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        paint.frame(painter, self.rect(), lk.colour(c.surface), lk.colour(c.line))
        edge = tokens.GAP8 if self._narrow else tokens.GAP12
        top = tokens.GAP8 if self._narrow else tokens.GAP12
        ink = c.ink(self._mark.tone) if self._count else c.text2
        paint.shape(painter, QPoint(edge, top + 1), self._mark, ink)
        left = edge + tokens.SHAPE + (tokens.GAP4 if self._narrow else tokens.GAP8)
        word = QRect(left, top, self.width() - left - tokens.GAP4, tokens.LINE_HEIGHT[tokens.SMALL])
        paint.words(painter, word, self._mark.word, lk.colour(c.text2), size=tokens.SMALL)
        said = f"{self._count:,}".replace(",", ".")
        low = tokens.LINE_HEIGHT[tokens.TITLE]
        number = QRect(left, self.height() - low - (4 if self._narrow else 8), self.width() - left, low)
        paint.words(
            painter, number, said, lk.colour(c.text if self._count else c.text2), size=tokens.TITLE,
            strong=bool(self._count),
        )  # fmt: skip
        painter.end()
