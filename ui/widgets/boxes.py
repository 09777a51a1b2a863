"""Boxes to write in: one line, several lines that grow, a percentage. What is typed is never dropped."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from app.domain.errors import LedgerError
from app.domain.text import LIMIT, TextTooLong, clean
from app.words import explain
from ui import tokens
from ui.style import look
from ui.widgets import paint
from ui.widgets.composing import KeepsWord


class TextBox(KeepsWord, QPlainTextEdit):
    """A box of 2-6 lines that grows with its text. Tab leaves it; Esc leaves it for the list."""

    edited = Signal()
    """A person changed the text."""
    paused = Signal()
    """Two seconds passed after the last key."""
    typed_on = Signal()
    """Typing goes on for two seconds: what a power cut would take is kept now, not at the next pause."""
    left = Signal()
    """The focus went; the text is NFC now."""
    escaped = Signal()
    refused = Signal(str)
    """A paste would not fit: the sentence to show. Nothing was put in."""

    def __init__(
        self, *, name: str = "", lines: tuple[int, int] = (2, 6), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        self._setting = False
        self.takes: Callable[[QMimeData], bool] = lambda _data: False
        """Whether something pasted or dropped without words is taken by somebody else, and who takes it."""
        self.brought: Callable[[QMimeData], object] = lambda _data: None
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(4)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(tokens.AUTOSAVE_MS)
        self._timer.timeout.connect(self.paused)
        self._longest = QTimer(self)
        self._longest.setSingleShot(True)
        self._longest.setInterval(tokens.AUTOSAVE_MS)
        self._longest.timeout.connect(self._still_typing)
        self.textChanged.connect(self._changed)
        self._fit()

    def text(self) -> str:
        """The text in NFC, with the word under composition."""
        shown = self.toPlainText()
        if self._preedit:
            at = self.textCursor().position()
            shown = shown[:at] + self._preedit + shown[at:]
        return unicodedata.normalize("NFC", shown)

    def set_text(self, text: str) -> None:
        """Show another text (another task was opened); undo begins anew and nothing is emitted."""
        self.settle()
        self._timer.stop()
        self._setting = True
        self.setPlainText(text)
        self._setting = False
        self._fit()

    def offer(self, text: str) -> bool:
        """A text from outside (a sync, another window): taken only while nobody writes here.

        Returns False, and changes nothing, if the box has the focus: text, caret, selection, composition
        and undo
        stay under the fingers.
        """
        if self.hasFocus() or self.composing:
            return False
        if text != self.text():
            self.set_text(text)
        return True

    def append_text(self, text: str) -> None:
        """Put `text` at the end, after a space if need be; it can be undone. For «Dùng lại»."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        before = self.toPlainText()
        cursor.insertText(("" if not before or before[-1].isspace() else "\n") + text)
        self.setTextCursor(cursor)

    def show_fault(self, fault: bool) -> None:
        """A red border; the sentence stands under the field."""
        paint.set_property(self, "fault", fault)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return super().canInsertFromMimeData(source) or self.takes(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        # Word puts words and a picture of them there, a file manager files and their names.
        if (source.hasUrls() or not source.hasText()) and self.takes(source):
            self.brought(source)
            return
        try:
            text = clean(source.text())
            before = len(self.toPlainText()) - len(self.textCursor().selectedText())
            if before + len(text) > LIMIT:
                raise TextTooLong(length=before + len(text), limit=LIMIT)
        except LedgerError as error:
            self.refused.emit(explain(error))
            return
        self.textCursor().insertText(text)
        self.ensureCursorVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self.paused.emit()
            return
        self._to_nfc()
        self._timer.stop()
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _to_nfc(self) -> None:
        shown = self.toPlainText()
        whole = unicodedata.normalize("NFC", shown)
        if whole == shown:
            return
        self._setting = True
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(whole)
        self._setting = False

    def _changed(self) -> None:
        self._fit()
        if not self._setting:
            self._timer.start()
            if not self._longest.isActive():
                self._longest.start()
            self.edited.emit()

    def _still_typing(self) -> None:
        if self._timer.isActive():
            self.typed_on.emit()

    def _fit(self) -> None:
        """Be as high as the text, between the two bounds; beyond them the box scrolls inside."""
        low, high = self._lines
        count = int(self.document().documentLayout().documentSize().height())
        height = self.fontMetrics().lineSpacing() * min(high, max(low, count)) + 2 * (4 + 2)
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if count > high else policy.ScrollBarAlwaysOff
        )


class LineBox(KeepsWord, QLineEdit):
    """One line of text."""

    edited = Signal()
    paused = Signal()
    left = Signal()
    escaped = Signal()

    def __init__(
        self, text: str = "", *, name: str = "", placeholder: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(tokens.AUTOSAVE_MS)
        self._timer.timeout.connect(self.paused)
        self.textChanged.connect(self._changed)
        self._setting = False

    def value_text(self) -> str:
        """The text in NFC without blanks around it, with the word under composition."""
        at = self.cursorPosition()
        shown = self.text()[:at] + self._preedit + self.text()[at:]
        return unicodedata.normalize("NFC", shown).strip()

    def set_text(self, text: str) -> None:
        """Show another text; nothing is emitted."""
        self.settle()
        self._timer.stop()
        self._setting = True
        self.setText(text)
        self._setting = False

    def show_fault(self, fault: bool) -> None:
        """A red border; the sentence stands under the field."""
        paint.set_property(self, "fault", fault)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self.paused.emit()
            return
        whole = unicodedata.normalize("NFC", self.text())
        if whole != self.text():
            at = self.cursorPosition()
            self.set_text(whole)
            self.setCursorPosition(min(at, len(whole)))
        self._timer.stop()
        self.left.emit()

    def _changed(self) -> None:
        if not self._setting:
            self._timer.start()
            self.edited.emit()


class PercentBox(LineBox):
    """A percentage, or nothing. Anything may be typed; what is no number from 0 to 100 is answered in words.

    Up and Down change it by 5; the wheel does nothing, so that scrolling a page changes no figure.
    """

    STEP = 5

    def __init__(self, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name=name, parent=parent)
        self.setFixedWidth(tokens.SPIN)
        self.setTextMargins(0, 0, tokens.GAP20, 0)
        self.setMaxLength(6)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)

    def value(self) -> int | None:
        """The number, or None for an empty box.

        Raises ValueError for what is not an integer from 0 to 100.
        """
        text = self.value_text().removesuffix("%").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) <= 100):
            raise ValueError(text)
        return int(text)

    def set_value(self, value: int | None) -> None:
        """Show a number, or nothing; nothing is emitted."""
        self.set_text("" if value is None else str(value))

    def step(self, by: int) -> None:
        """Go up or down, within 0-100; an empty or wrong box begins at 0."""
        try:
            now = self.value() or 0
        except ValueError:
            now = 0
        self.setText(str(min(100, max(0, now + by))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and not self.isReadOnly():
            self.step(self.STEP if event.key() == Qt.Key.Key_Up else -self.STEP)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if at.x() >= self.width() - tokens.CLICK and self.isEnabled() and not self.isReadOnly():
            self.setFocus()
            self.step(self.STEP if at.y() < self.height() // 2 else -self.STEP)
            return
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isEnabled() or self.isReadOnly():
            return
        painter = QPainter(self)
        x = self.width() - tokens.ICON_SMALL - 5
        ink = look().colours.text2
        paint.icon(painter, QPoint(x, 1), "chevron_up", ink, size=tokens.ICON_SMALL)
        bottom = self.height() - tokens.ICON_SMALL - 1
        paint.icon(painter, QPoint(x, bottom), "chevron_down", ink, size=tokens.ICON_SMALL)
        painter.end()


class SearchBox(LineBox):
    """The search field of a page, with a glass and its key as a hint beside it."""

    def __init__(self, placeholder: str, *, parent: QWidget | None = None) -> None:
        super().__init__(name=placeholder, placeholder=placeholder, parent=parent)
        self.setProperty("search", True)
        self.setClearButtonEnabled(False)

    def sizeHint(self) -> QSize:
        return QSize(tokens.SEARCH, tokens.CONTROL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        at = QRect(9, (self.height() - tokens.ICON) // 2, tokens.ICON, tokens.ICON)
        paint.icon(painter, at.topLeft(), "search", look().colours.text2)
        painter.end()
