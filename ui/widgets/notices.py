"""Lines that say something: notices in the page, the undo line at its foot, the empty page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.words import _
from ui import tokens
from ui.marks import Mark
from ui.shapes import Shape
from ui.style import look
from ui.tokens import Tone
from ui.widgets import paint
from ui.widgets.buttons import Button, icon_button, link
from ui.widgets.labels import Elide, label

_SHAPES = {
    Tone.ACCENT: Shape.WAITING,
    Tone.AMBER: Shape.SOON,
    Tone.RED: Shape.OVERDUE,
    Tone.GREEN: Shape.ON_TIME,
}


class Notice(QWidget):
    """A line in the page: accent (told), amber (a question with two buttons), red (what, why, what to do).

    It is hidden until `say`, never floats, and never takes the focus.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = Tone.ACCENT
        self._shape = Shape.WAITING
        self._before: QWidget | None = None
        """What had the focus before it went to a button of this line."""
        row = QHBoxLayout(self)
        row.setContentsMargins(
            tokens.GAP12 + tokens.SHAPE + tokens.GAP16, tokens.GAP8, tokens.GAP12, tokens.GAP8
        )
        row.setSpacing(tokens.GAP8)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._text = label("", wrap=True, parent=self)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._code = label("", "tiny", parent=self)
        words.addWidget(self._text)
        words.addWidget(self._code)
        row.addLayout(words, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(tokens.GAP8)
        row.addLayout(self._buttons)
        self._close = icon_button(_("Close"), "dismiss", parent=self)
        self._close.clicked.connect(self.dismiss)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()
        cast(QApplication, QApplication.instance()).focusChanged.connect(self._focus_moved)

    def say(
        self,
        text: str,
        *,
        tone: Tone = Tone.ACCENT,
        shape: Shape | None = None,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
        code: str = "",
        closable: bool = True,
    ) -> None:
        """Show a sentence. `actions` are (words, what to do): a press does it and closes the line.

        `code` is the support code, shown small under the sentence.
        """
        self._tone = tone
        self._shape = shape or _SHAPES.get(tone, Shape.ON_TRACK)
        self._text.setText(text)
        self._code.setText(_("Support code: {code}").format(code=code) if code else "")
        self._code.setVisible(bool(code))
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for words, act in actions:
            button = Button(words, parent=self)
            button.clicked.connect(lambda _checked=False, act=act: self._act(act))
            self._buttons.addWidget(button)
            button.show()
        self._close.setVisible(closable)
        self.setAccessibleName(text)
        self.show()
        self.update()
        paint.announce(self, text)

    @property
    def text(self) -> str:
        """The sentence shown, or an empty text while hidden."""
        return self._text.text() if not self.isHidden() else ""

    def focus_first(self) -> None:
        """For a question that a person just asked for: Enter answers with its first button."""
        item = self._buttons.itemAt(0)
        if item is not None and (button := item.widget()) is not None:
            button.setFocus()

    def dismiss(self) -> None:
        """Hide the line; after an answer the focus is where it was before the question."""
        inside, before = self.isAncestorOf(self.window().focusWidget() or self), self._before
        self._before = None
        self.hide()
        if inside and before is not None and isValid(before) and before.isVisible():
            before.setFocus()
        self.closed.emit()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new) and old is not None and not self.isAncestorOf(old):
            self._before = old

    def _act(self, act: Callable[[], object]) -> None:
        self.dismiss()
        act()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        border = lk.colour(c.edge) if c.contrast else None
        paint.frame(painter, self.rect(), lk.soft(self._tone), border)
        words = self._text.heightForWidth(self._text.width())
        top = self._text.y() + max(0, (self._text.height() - words) // 2)
        at = QPoint(tokens.GAP12, top + (tokens.LINE_HEIGHT[tokens.BODY] - tokens.SHAPE) // 2)
        paint.shape(painter, at, Mark(self._shape, self._tone), c.ink(self._tone))
        painter.end()


class UndoLine(QWidget):
    """Docked at the foot of a page: what was done, and «Hoàn tác».

    Gone with the next act, or after 20 s unfocused.
    """

    undone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undo: Callable[[], object] | None = None
        self.setFixedHeight(tokens.UNDO_LINE)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.EDGE + tokens.SHAPE + tokens.GAP8, 0, tokens.GAP8, 0)
        row.setSpacing(tokens.GAP24)
        self._text = Elide(parent=self)
        row.addWidget(self._text)
        self._button = link(_("Undo"), icon="arrow_undo", hint="Ctrl+Z", parent=self)
        self._button.clicked.connect(self.undo)
        row.addWidget(self._button)
        row.addStretch(1)
        self._close = icon_button(_("Close"), "dismiss", parent=self)
        self._close.clicked.connect(self.dismiss)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(tokens.UNDO_MS)
        self._timer.timeout.connect(self._late)
        self.hide()

    def say(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done; `undo` takes it back, None for what cannot be taken back."""
        self._undo = undo
        self._text.setText(text)
        self._button.setVisible(undo is not None)
        self.show()
        self._timer.start()
        paint.announce(self, text)

    @property
    def can_undo(self) -> bool:
        """Whether an undo is offered now."""
        return not self.isHidden() and self._undo is not None

    def undo(self) -> None:
        """Take back what the line says, once."""
        act, self._undo = self._undo, None
        self.dismiss()
        if act is not None:
            act()
            self.undone.emit()

    def dismiss(self) -> None:
        """Hide the line; nothing is taken back."""
        self._timer.stop()
        self.hide()

    def _late(self) -> None:
        focus = self.window().focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self._timer.start()
            return
        self.dismiss()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), lk.colour(c.accent_soft))
        if c.contrast:
            paint.fill(painter, 0, 0, self.width(), 1, lk.colour(c.line))
        at = QPoint(tokens.EDGE, (self.height() - tokens.SHAPE) // 2)
        paint.shape(painter, at, Mark(Shape.ON_TIME, Tone.GREEN), c.green)
        painter.end()


class _OpenBook(QWidget):
    """The drawing of an empty page: an open ledger, 220×132."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(*tokens.EMPTY_DRAWING)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mirrored in (False, True):
            painter.save()
            if mirrored:
                painter.translate(self.width(), 0)
                painter.scale(-1, 1)
            page = QPainterPath()
            page.moveTo(12, 16)
            page.cubicTo(50, 4, 90, 8, 110, 20)
            page.lineTo(110, 124)
            page.cubicTo(90, 112, 50, 108, 12, 118)
            page.closeSubpath()
            painter.setPen(QPen(lk.colour(c.edge), 1.6))
            painter.setBrush(lk.colour(c.surface))
            painter.drawPath(page)
            painter.setPen(QPen(lk.colour(c.line), 1.4))
            for y in range(34, 104, 16):
                rule = QPainterPath()
                rule.moveTo(22, y)
                rule.cubicTo(50, y - 6, 80, y - 3, 98, y + 5)
                painter.drawPath(rule)
            painter.restore()
        painter.setPen(QPen(lk.colour(c.margin), 1.6))
        painter.drawLine(128, 18, 128, 112)
        painter.end()


class EmptyState(QWidget):
    """What is missing, what will bring it, and what to do meanwhile."""

    def __init__(
        self,
        title: str,
        lines: str,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.GAP32, tokens.GAP32, tokens.GAP32, tokens.GAP32)
        column.setSpacing(tokens.GAP12)
        column.addStretch(1)
        self._book = _OpenBook(self)
        column.addWidget(self._book, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(tokens.GAP12)
        self._title = label(title, "title", wrap=True, parent=self)
        self._lines = label(lines, "quiet", wrap=True, parent=self)
        for words in (self._title, self._lines):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP8)
        row.addStretch(1)
        self._buttons: list[Button] = []
        for words_, act in actions:
            button = Button(words_, parent=self)
            button.clicked.connect(lambda _checked=False, act=act: act())
            self._buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        column.addSpacing(tokens.GAP8)
        column.addLayout(row)
        column.addStretch(2)

    def say(self, title: str, lines: str) -> None:
        """Change the words, e.g. from «Chưa có nhiệm vụ» to «Không nhiệm vụ nào hợp với bộ lọc»."""
        self._title.setText(title)
        self._lines.setText(lines)

    def focus_start(self) -> None:
        """Focus the first button, if there is one."""
        if self._buttons:
            self._buttons[0].setFocus()


class Bar(QLabel):
    """A bar of a percentage, with the words for a screen reader."""

    def __init__(self, percent: int, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._percent = percent
        self.setFixedSize(QSize(width, 6))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{percent}%")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_bar(painter, self.rect(), self._percent)
        painter.end()


def paint_bar(painter: QPainter, rect: QRect, percent: int, ink: str = "") -> None:
    """A rounded bar of `percent` in `rect`."""
    lk, c = look(), look().colours
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = rect.height() / 2
    painter.setBrush(lk.colour(c.line))
    painter.drawRoundedRect(QRectF(rect), radius, radius)
    done = QRectF(rect)
    done.setWidth(rect.width() * min(100, max(0, percent)) / 100)
    painter.setBrush(lk.colour(ink or c.accent))
    painter.drawRoundedRect(done, radius, radius)
    painter.restore()
