"""The exchange band: one sentence, top right on every page, that says where everything is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui import tokens
from ui.marks import Mark
from ui.shapes import Shape
from ui.style import look
from ui.tokens import Tone
from ui.widgets import paint


@dataclass(frozen=True, slots=True)
class BandState:
    """What the band shows.

    Attributes:
        shape, tone: waiting is never amber; a ground is painted only for red (returned) and accent with a
        link.
        text: one sentence.
        link: underlined words after it, or empty.
        part: 0.0-1.0 while sending, else None.
        page: the page that a press opens, where it is not the exchange page.
    """

    shape: Shape
    tone: Tone
    text: str
    link: str = ""
    part: float | None = None
    page: str = ""

    @property
    def framed(self) -> bool:
        """Whether it stands on a soft ground."""
        return self.tone is Tone.RED or (self.tone is Tone.ACCENT and bool(self.link))


class ExchangeBand(QAbstractButton):
    """Paints a BandState; a click (or Ctrl+ its page) opens the exchange page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = BandState(Shape.WAITING, Tone.GREY, "")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_state(self, state: BandState) -> None:
        """Show a state; a changed sentence is announced politely, except while only the progress moves."""
        said = f"{state.text} {state.link}".strip()
        before = self.accessibleName()
        quiet = state.part is not None and self._state.part is not None
        self._state = state
        self.setText(state.text)
        self.setAccessibleName(said)
        self.setToolTip("")
        self.updateGeometry()
        self.update()
        if said != before and not quiet:
            paint.announce(self, said)

    @property
    def state(self) -> BandState:
        """What is shown now."""
        return self._state

    def _widths(self) -> tuple[int, int]:
        metrics = look().metrics(tokens.SMALL)
        link = metrics.horizontalAdvance(" " + self._state.link) if self._state.link else 0
        return metrics.horizontalAdvance(self._state.text), link

    def sizeHint(self) -> QSize:
        text, link = self._widths()
        return QSize(text + link + tokens.SHAPE + tokens.GAP8 + 2 * tokens.GAP12 + 1, tokens.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, tokens.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c, state = look(), look().colours, self._state
        painter = QPainter(self)
        if state.framed:
            border = lk.colour(c.edge) if c.contrast else None
            paint.frame(painter, self.rect(), lk.soft(state.tone), border)
        if self.hasFocus():
            paint.frame(painter, self.rect(), None, lk.colour(c.accent), tokens.FOCUS)
        elif self.underMouse() and not state.framed:
            paint.frame(painter, self.rect(), lk.colour(c.hover), None)
        text, link = self._widths()
        room = self.width() - 2 * tokens.GAP12 - tokens.SHAPE - tokens.GAP8
        text = min(text, room - link)
        right = 0 if state.framed else tokens.GAP12
        # Without a ground the words end at the page's edge, where everything else ends.
        x = self.width() - tokens.GAP12 - link - text - tokens.GAP8 - tokens.SHAPE + right
        paint.shape(
            painter,
            QPoint(x, (self.height() - tokens.SHAPE) // 2),
            Mark(state.shape, state.tone),
            c.ink(state.tone),
        )
        x += tokens.SHAPE + tokens.GAP8
        rect = QRect(x, 0, text + 1, self.height())
        paint.words(painter, rect, state.text, lk.colour(c.text), size=tokens.SMALL)
        if state.part is not None:
            base = self.height() // 2 + 11
            paint.fill(painter, x, base, text, 3, lk.colour(c.line))
            paint.fill(painter, x, base, round(text * min(1.0, max(0.0, state.part))), 3, lk.colour(c.accent))
        if state.link:
            self._paint_link(painter, x + text, link)
        painter.end()

    def _paint_link(self, painter: QPainter, x: int, width: int) -> None:
        lk, c = look(), look().colours
        space = lk.metrics(tokens.SMALL).horizontalAdvance(" ")
        rect = QRect(x + space, 0, width, self.height())
        used = paint.words(
            painter, rect, self._state.link, lk.colour(c.accent), size=tokens.SMALL, elide=False
        )
        paint.fill(painter, x + space, self.height() // 2 + 8, used, 1, lk.colour(c.accent))
