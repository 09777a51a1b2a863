"""Painted strips: the tick strip of the week and the band of a practice home."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.words import _, ngettext
from ui import tokens
from ui.style import look
from ui.tokens import Tone
from ui.widgets import paint


class TickStrip(QLabel):
    """One block a task: filled = recorded, hollow = not; the colour of its group.

    Says «Đã ghi 8 trong 23 nhiệm vụ».
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ticks: tuple[tuple[bool, Tone], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_ticks(self, ticks: Sequence[tuple[bool, Tone]]) -> None:
        """Show (recorded, tone) for each task; the recorded ones stand first."""
        self._ticks = tuple(sorted(ticks, key=lambda t: not t[0]))
        done = sum(1 for recorded, _tone in self._ticks if recorded)
        said = ngettext("{done} of {n} task recorded", "{done} of {n} tasks recorded", len(self._ticks))
        self.setAccessibleName(said.format(done=done, n=len(self._ticks)))
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(len(self._ticks) * (tokens.TICK + 1), tokens.TICK_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, tokens.TICK_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._ticks:
            return
        lk, c = look(), look().colours
        painter = QPainter(self)
        step = min(tokens.TICK + 1, self.width() / len(self._ticks))
        for number, (recorded, tone) in enumerate(self._ticks):
            x = round(number * step)
            width = max(1, round((number + 1) * step) - x - (2 if step >= 4 else 0))
            ink = lk.colour(c.green if recorded else c.edge if tone is Tone.GREY else c.ink(tone))
            if recorded or width < 3:
                height = tokens.TICK_HEIGHT if recorded else tokens.TICK_HEIGHT // 2
                paint.fill(painter, x, tokens.TICK_HEIGHT - height, width, height, ink)
                continue
            paint.fill(painter, x, 0, width, 1, ink)
            paint.fill(painter, x, tokens.TICK_HEIGHT - 1, width, 1, ink)
            paint.fill(painter, x, 0, 1, tokens.TICK_HEIGHT, ink)
            paint.fill(painter, x + width - 1, 0, 1, tokens.TICK_HEIGHT, ink)
        painter.end()


class PracticeBand(QLabel):
    """The striped band «DÙNG THỬ» above everything, in a home that a demo made."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strong, self._rest = _("PRACTICE"), _("sample figures, nothing reaches the real province")
        self.setText(f"{self._strong} · {self._rest}")
        self.setFixedHeight(tokens.PRACTICE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), lk.colour(c.amber_soft))
        for left in (0, self.width() - 76):
            self._stripes(painter, left)
        paint.fill(painter, 0, self.height() - 1, self.width(), 1, lk.colour(c.line))
        strong = lk.metrics(tokens.SMALL, True).horizontalAdvance(self._strong)
        rest = lk.metrics(tokens.SMALL).horizontalAdvance(f"  ·  {self._rest}")
        x = max(84, (self.width() - strong - rest) // 2)
        rect = QRect(x, 0, strong + 1, self.height())
        paint.words(
            painter, rect, self._strong, lk.colour(c.amber), size=tokens.SMALL, strong=True, elide=False
        )
        rect = QRect(x + strong, 0, self.width() - 84 - x - strong, self.height())
        paint.words(painter, rect, f"  ·  {self._rest}", lk.colour(c.amber), size=tokens.SMALL)
        painter.end()

    def _stripes(self, painter: QPainter, left: int) -> None:
        painter.save()
        painter.setClipRect(left, 0, 76, self.height() - 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look().colour(look().colours.stripe))
        h = self.height()
        for x in range(left - h, left + 76 + h, 10):
            points = [QPointF(x, h), QPointF(x + 5, h), QPointF(x + 5 + h, 0), QPointF(x + h, 0)]
            painter.drawPolygon(QPolygonF(points))
        painter.restore()
