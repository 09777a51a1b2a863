"""Buttons: plain, primary (one a page), link and icon; the key stands inside the button."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui import tokens
from ui.style import look
from ui.widgets import paint


class Kind(StrEnum):
    """What a button looks like."""

    PLAIN = "plain"
    PRIMARY = "primary"
    LINK = "link"
    ICON = "icon"


class Button(QPushButton):
    """A button painted by the tokens.

    `hint` is the key shown inside it (only shown; the shortcut itself is a command's or `keys`).
    """

    def __init__(
        self,
        text: str,
        *,
        kind: Kind = Kind.PLAIN,
        icon: str = "",
        hint: str = "",
        keys: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind, self._icon, self._hint = kind, icon, hint or keys
        if keys:
            self.setShortcut(QKeySequence(keys))
        self.setAccessibleName(text.replace("&", ""))
        if kind is Kind.ICON:
            self.setToolTip(text.replace("&", "") + (f" ({self._hint})" if self._hint else ""))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)
        if kind in {Kind.LINK, Kind.ICON}:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_text(self, text: str) -> None:
        """Change the words; the accessible name follows."""
        self.setText(text)
        self.setAccessibleName(text.replace("&", ""))
        self.updateGeometry()

    def set_hint(self, hint: str) -> None:
        """Change or hide the key shown inside."""
        self._hint = hint
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._kind is Kind.ICON:
            return QSize(tokens.CONTROL, tokens.CONTROL)
        inner = self._inner_width()
        if self._kind is Kind.LINK:
            return QSize(inner + 2 * tokens.GAP4, tokens.LINK)
        return QSize(inner + 2 * (tokens.GAP12 + 1), tokens.CONTROL)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _strong(self) -> bool:
        return self._kind is Kind.PRIMARY

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as the space bar does; Qt does so in dialogs alone."""
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def _inner_width(self) -> int:
        lk = look()
        width = lk.metrics(tokens.BODY, self._strong()).horizontalAdvance(self._plain())
        if self._icon:
            width += tokens.ICON + (tokens.GAP4 if self._kind is Kind.LINK else tokens.GAP8)
        if self._hint:
            width += tokens.GAP12 + lk.metrics(tokens.TINY).horizontalAdvance(self._hint)
        return width

    def _plain(self) -> str:
        return self.text().replace("&", "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = self._ground(painter)
        if self._kind is Kind.ICON:
            at = QPoint((self.width() - tokens.ICON) // 2, (self.height() - tokens.ICON) // 2)
            paint.icon(painter, at, self._icon, ink)
            painter.end()
            return
        x = max(0, (self.width() - self._inner_width()) // 2)
        if self._icon:
            paint.icon(painter, QPoint(x, (self.height() - tokens.ICON) // 2), self._icon, ink)
            x += tokens.ICON + (tokens.GAP4 if self._kind is Kind.LINK else tokens.GAP8)
        rect = QRect(x, 0, self.width() - x, self.height())
        colour = look().colour(ink)
        x += paint.words(painter, rect, self._plain(), colour, strong=self._strong(), elide=False)
        if self._hint:
            rect = QRect(x + tokens.GAP12, 0, self.width(), self.height())
            paint.words(
                painter, rect, self._hint, look().colour(self._hint_ink()), size=tokens.TINY, elide=False
            )
        painter.end()

    def _hint_ink(self) -> str:
        c = look().colours
        if not self.isEnabled():
            return c.disabled
        return c.on_accent if self._kind is Kind.PRIMARY else c.text3

    def _ground(self, painter: QPainter) -> str:
        """Paint ground and border; return the ink for what stands on it."""
        lk, c = look(), look().colours
        hovered = self.underMouse() and self.isEnabled()
        focus = self.hasFocus()
        if self._kind is Kind.PRIMARY:
            if not self.isEnabled():
                paint.frame(painter, self.rect(), lk.colour(c.quiet), lk.colour(c.line))
                return c.disabled
            ground = c.accent_hover if hovered or self.isDown() else c.accent
            paint.frame(painter, self.rect(), lk.colour(ground), None)
            if focus:
                ring = self.rect().adjusted(2, 2, -2, -2)
                paint.frame(painter, ring, None, lk.colour(c.on_accent), tokens.FOCUS, tokens.RADIUS - 1)
            return c.on_accent
        if self._kind is Kind.PLAIN:
            fill = c.quiet if not self.isEnabled() else c.hover if hovered or self.isDown() else c.surface
            border = c.accent if focus else c.edge if self.isEnabled() else c.line
            paint.frame(
                painter, self.rect(), lk.colour(fill), lk.colour(border), tokens.FOCUS if focus else 1
            )
            return c.text if self.isEnabled() else c.disabled
        if focus:
            paint.frame(painter, self.rect(), None, lk.colour(c.accent), tokens.FOCUS)
        elif hovered:
            paint.frame(painter, self.rect(), lk.colour(c.hover), None)
        if not self.isEnabled():
            return c.disabled
        return c.accent if self._kind is Kind.LINK else c.text2


def link(text: str, *, hint: str = "", icon: str = "", parent: QWidget | None = None) -> Button:
    """A button that looks like a link: accent words, no border."""
    return Button(text, kind=Kind.LINK, hint=hint, icon=icon, parent=parent)


def primary(text: str, *, hint: str = "", keys: str = "", parent: QWidget | None = None) -> Button:
    """The one button of a page that ends the work."""
    return Button(text, kind=Kind.PRIMARY, hint=hint, keys=keys, parent=parent)


def icon_button(text: str, icon: str, *, hint: str = "", parent: QWidget | None = None) -> Button:
    """A button with an icon alone; `text` is its tooltip and its name for a screen reader."""
    return Button(text, kind=Kind.ICON, icon=icon, hint=hint, parent=parent)
