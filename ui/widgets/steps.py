"""The steps of the first run: numbers with words, the present one filled."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.words import _
from ui import tokens
from ui.style import look
from ui.widgets import paint

_DISC, _LINE = 24, 28


class Steps(QWidget):
    """Paints "1 — 2 — 3"; a step that was passed keeps its number."""

    def __init__(self, words: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._step = words, 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(28)

    def show_words(self, words: tuple[str, ...]) -> None:
        """Show other steps."""
        self._words, self._step = words, 0
        self.update()

    def show_step(self, step: int) -> None:
        """Show which step is open, from 0."""
        self._step = step
        said = _("Step {n} of {count}: {word}")
        self.setAccessibleName(said.format(n=step + 1, count=len(self._words), word=self._words[step]))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 28)

    def _needed(self) -> int:
        metrics = look().metrics(tokens.BODY, True)
        words = sum(metrics.horizontalAdvance(word) for word in self._words)
        return words + len(self._words) * (_DISC + tokens.GAP8) + (len(self._words) - 1) * (_LINE + 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        short = self._needed() > self.width()  # then only the open step has its word
        x = 0
        for number, word in enumerate(self._words):
            now = number == self._step
            disc = QRect(x, 2, _DISC, _DISC)
            ground = lk.colour(c.accent) if now else None
            paint.frame(painter, disc, ground, lk.colour(c.accent if now else c.edge), radius=_DISC // 2)
            painter.setFont(lk.font(tokens.SMALL, True))
            painter.setPen(lk.colour(c.on_accent if now else c.text2))
            painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), str(number + 1))
            x += _DISC + tokens.GAP8
            if now or not short:
                rect = QRect(x, 0, self.width() - x, 28)
                ink = lk.colour(c.text if now else c.text2)
                paint.words(painter, rect, word, ink, strong=now, elide=False)
                x += lk.metrics(tokens.BODY, True).horizontalAdvance(word)
            if number + 1 < len(self._words):
                paint.fill(painter, x + 12, 14, _LINE, 1, lk.colour(c.edge))
                x += _LINE + 24
        painter.end()
