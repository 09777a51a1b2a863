"""Words in the window: plain labels by role, labels that elide, and hairlines."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui import tokens
from ui.style import look
from ui.widgets import paint


def label(text: str, role: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """A label whose size, weight and ink the sheet gives by `role`.

    Roles: first, title, heading, card, name, small, smallname, tiny, quiet, error.
    """
    made = Wrapped(text, parent) if wrap else QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    return made


class Wrapped(QLabel):
    """A label of several lines that always asks for the height its lines need.

    A word-wrapped QLabel in a tight column loses its tone marks silently; this one grows its minimum instead.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        if text == self.text():
            return  # to measure it again costs more than to show it
        super().setText(text)
        self.updateGeometry()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def heightForWidth(self, width: int) -> int:
        # QLabel's own answer never falls below the minimum height, which is what this label sets by it.
        self.ensurePolished()
        inside = self.contentsMargins()
        room = QRect(0, 0, max(1, width - inside.left() - inside.right()), 100_000)
        flags = int(self.alignment()) | int(Qt.TextFlag.TextWordWrap)
        words = self.fontMetrics().boundingRect(room, flags, self.text() or " ")
        return words.height() + inside.top() + inside.bottom() + 1

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > tokens.CLICK else super().sizeHint().width()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().lineSpacing())

    def _fit(self) -> None:
        if self.width() > 0:
            self.setMinimumHeight(self.heightForWidth(self.width()))


class Elide(QLabel):
    """Text cut with … at its width, on one or two lines; the whole text is its tooltip when it is cut."""

    def __init__(
        self,
        text: str = "",
        *,
        size: int = tokens.BODY,
        strong: bool = False,
        ink: str = "text",
        lines: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._size, self._strong, self._ink, self._lines = size, strong, ink, lines
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def set_ink(self, ink: str) -> None:
        """Change the ink: the name of a colour in the tokens."""
        self._ink = ink
        self.update()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()
        self._tip()

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens.CLICK, self._height())

    def sizeHint(self) -> QSize:
        width = look().metrics(self._size, self._strong).horizontalAdvance(self.text())
        return QSize(width + 1, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._lines > 1:
            self.updateGeometry()
        self._tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = look().colours
        colour = look().colour(colours.named()[self._ink] if self.isEnabled() else colours.disabled)
        height = tokens.LINE_HEIGHT[self._size]
        for number, text in enumerate(self._shown()):
            rect = QRect(0, number * height, self.width(), height)
            paint.words(painter, rect, text, colour, size=self._size, strong=self._strong, elide=False)
        painter.end()

    def _height(self) -> int:
        count = len(self._shown()) if self._lines > 1 and self.width() > tokens.CLICK else 1
        return tokens.LINE_HEIGHT[self._size] * max(1, count)

    def _shown(self) -> list[str]:
        return elided_lines(self.text(), self.width(), self._lines, size=self._size, strong=self._strong)

    def _tip(self) -> None:
        shown = self._shown()
        cut = bool(shown) and shown[-1].endswith("…") and not self.text().endswith("…")
        self.setToolTip(self.text() if cut else "")


def elided_lines(text: str, width: int, count: int, *, size: int, strong: bool = False) -> list[str]:
    """Break `text` into at most `count` lines of `width` pixels, the last one cut with …."""
    lk = look()
    metrics = lk.metrics(size, strong)
    text = " ".join(text.split())
    if count == 1 or metrics.horizontalAdvance(text) <= width:
        return [metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)]
    layout = QTextLayout(text, lk.font(size, strong))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while len(lines) < count:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        start = line.textStart()
        if len(lines) == count - 1:
            lines.append(metrics.elidedText(text[start:], Qt.TextElideMode.ElideRight, width))
        else:
            lines.append(text[start : start + line.textLength()].rstrip())
    layout.endLayout()
    return lines


def hairline(*, vertical: bool = False, parent: QWidget | None = None) -> QFrame:
    """A line of 1 px in the colour of lines."""
    line = QFrame(parent)
    line.setObjectName("hairline")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
