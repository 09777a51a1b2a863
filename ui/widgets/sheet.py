"""One page of a finished sheet on its canvas."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import tokens
from ui.style import look
from ui.widgets import paint


class SheetView(QWidget):
    """Paints a picture of a page in the middle of the canvas, a little dimmed in the dark theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(tokens.GAP32)

    def show_page(self, image: QImage, said: str) -> None:
        """Show a picture, made for this screen's device pixels; `said` is its name for a screen reader."""
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._image = image
        self.setAccessibleName(said)
        self.setFixedHeight(self._size().height() + 2 * tokens.GAP16)
        self.update()

    def clear(self) -> None:
        """Show the canvas alone."""
        self._image = QImage()
        self.setFixedHeight(tokens.GAP32)
        self.update()

    @property
    def shown(self) -> bool:
        """Whether a page is shown."""
        return not self._image.isNull()

    def _size(self) -> QSize:
        size = self._image.deviceIndependentSize()
        return QSize(round(size.width()), round(size.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), lk.colour(c.canvas))
        if self.shown:
            size = self._size()
            x = max(0, (self.width() - size.width()) // 2)
            painter.drawImage(x, tokens.GAP16, self._image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.fillRect(x, tokens.GAP16, size.width(), size.height(), lk.colour(c.paper))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            edge = lk.colour(c.edge)
            for left, top, width, height in (
                (x - 1, tokens.GAP16 - 1, size.width() + 2, 1),
                (x - 1, tokens.GAP16 + size.height(), size.width() + 2, 1),
                (x - 1, tokens.GAP16, 1, size.height()),
                (x + size.width(), tokens.GAP16, 1, size.height()),
            ):
                paint.fill(painter, left, top, width, height, edge)
        painter.end()
