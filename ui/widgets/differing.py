"""A text with the words underlined in which it differs from another version of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import tokens
from ui.style import look

Parts = tuple[tuple[int, int], ...]
"""Places in a text: where each begins, and how many letters it has."""

_WORD = re.compile(r"\w+|[^\w\s]", re.UNICODE)
_MOST = 4_000
"""Words that are compared; a text longer than all that is recorded is not worth more time."""


def differing(texts: Sequence[str]) -> list[Parts]:
    """For each text the words that at least one of the others does not have in that place.

    Words next to each other are one part, so that they are underlined in one stroke.
    """
    words = [[(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)][:_MOST] for text in texts]
    found = []
    for number, own in enumerate(words):
        odd: set[int] = set()
        for other_number, other in enumerate(words):
            if number != other_number:
                odd |= _odd([w for w, _, _ in own], [w for w, _, _ in other])
        found.append(_joined(own, odd))
    return found


def _odd(own: list[str], other: list[str]) -> set[int]:
    matcher = SequenceMatcher(None, own, other, autojunk=False)
    same = {n for block in matcher.get_matching_blocks() for n in range(block.a, block.a + block.size)}
    return set(range(len(own))) - same


def _joined(words: list[tuple[str, int, int]], odd: set[int]) -> Parts:
    parts: list[tuple[int, int]] = []
    last = -2
    for number in sorted(odd):
        _, start, end = words[number]
        if number == last + 1:
            start = parts.pop()[0]
        parts.append((start, end - start))
        last = number
    return tuple(parts)


class Differing(QWidget):
    """Paints a text on as many lines as it needs, its differing words underlined on amber."""

    def __init__(self, text: str, parts: Parts = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._parts = text, parts
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(text)
        # Read once more with the keyboard, where the lines are many.
        self.setToolTip(text if len(text) > 2_000 else "")

    @property
    def marked(self) -> tuple[str, ...]:
        """The words that are underlined."""
        return tuple(self._text[start : start + length] for start, length in self._parts)

    def heightForWidth(self, width: int) -> int:
        return max(tokens.LINE_HEIGHT[tokens.CARD], len(self._lines(width)[1]) * self._height())

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > tokens.CLICK else tokens.SEARCH
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _height(self) -> int:
        return tokens.LINE_HEIGHT[tokens.CARD] + 2

    def _lines(self, width: int) -> tuple[QTextLayout, list[int]]:
        """The text laid out in a width, and where each line begins from above."""
        layout = QTextLayout(self._text.replace("\n", "\u2028"), look().font(tokens.CARD))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(self._formats())
        layout.beginLayout()
        tops: list[int] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, len(tops) * self._height()))
            tops.append(len(tops) * self._height())
        layout.endLayout()
        return layout, tops

    def _formats(self) -> list[QTextLayout.FormatRange]:
        lk, c = look(), look().colours
        made = []
        for start, length in self._parts:
            marked = QTextLayout.FormatRange()
            marked.start, marked.length = start, length
            style = QTextCharFormat()
            style.setFontUnderline(True)
            if not c.contrast:
                style.setBackground(lk.colour(c.amber_soft))
            marked.format = style
            made.append(marked)
        return made

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(look().colour(look().colours.text))
        layout, _ = self._lines(self.width())
        layout.draw(painter, QPointF(0, 0))
        painter.end()
