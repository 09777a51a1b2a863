"""The header of a page: title, subtitle and the exchange band, in one row or two."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import tokens
from ui.style import look
from ui.widgets import paint
from ui.widgets.band import ExchangeBand
from ui.widgets.labels import Elide


class Header(QWidget):
    """Lays its three parts out itself: the subtitle goes first, then the band takes a row of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Elide(size=tokens.TITLE, strong=True, parent=self)
        self._subtitle = Elide(ink="text2", parent=self)
        self.band = ExchangeBand(self)
        self.edge = tokens.EDGE
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(tokens.HEADER)

    def show_heading(self, title: str, subtitle: str) -> None:
        """Show other words."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self.arrange()

    def arrange(self) -> None:
        """Place the parts for the present width; called after the band's words change, too."""
        edge, room = self.edge, self.width() - 2 * self.edge
        title = self._title.sizeHint().width() + 2
        band = self.band.sizeHint().width()
        subtitle = self._subtitle.sizeHint().width() + 2 if self._subtitle.text() else 0
        two = title + tokens.GAP16 + band > room + tokens.GAP12
        height = tokens.HEADER_TWO_ROWS if two else tokens.HEADER
        if self.height() != height:
            self.setFixedHeight(height)
        top = 14 if not two else 8
        self._title.setGeometry(edge, top, min(title, room), tokens.LINE_HEIGHT[tokens.TITLE])
        left = edge + title + tokens.GAP8 + 2
        if two:
            self.band.setGeometry(edge - tokens.GAP12, 42, min(band, room + 2 * tokens.GAP12), tokens.CONTROL)
            rest = self.width() - edge - left
        else:
            self.band.setGeometry(
                self.width() - edge - band, (tokens.HEADER - tokens.CONTROL) // 2, band, tokens.CONTROL
            )
            rest = self.width() - edge - band - tokens.GAP16 - left
        show = subtitle > 0 and rest >= min(subtitle, 160)
        self._subtitle.setVisible(show)
        if show:
            self._subtitle.setGeometry(left, top + 5, min(subtitle, rest), tokens.LINE_HEIGHT[tokens.BODY])
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(self.rect(), lk.colour(c.window))
        paint.fill(painter, 0, self.height() - 1, self.width(), 1, lk.colour(c.line))
        painter.end()
