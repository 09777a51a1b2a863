"""Surfaces to put things on: cards, scroll areas that only scroll down, rows of plain boxes."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QLayoutItem, QScrollArea, QVBoxLayout, QWidget

from ui import tokens
from ui.widgets.labels import hairline, label

_FRAME = QSize(16, 40)
"""Around a window: its title bar and edges, about."""


def surface(parent: QWidget | None = None, *, ground: bool = False) -> QWidget:
    """A widget with the ground of lists and forms, or of the page (`ground`)."""
    made = QWidget(parent)
    made.setObjectName("ground" if ground else "surface")
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return made


def open_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its usual size, or what the screen has room for: its buttons must be reached."""
    room = (window.parentWidget() or window).screen().availableGeometry().size()
    window.resize(min(width, room.width() - _FRAME.width()), min(height, room.height() - _FRAME.height()))


class Card(QFrame):
    """A framed card: an optional heading with something at its right, and a body to fill."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self.head = QHBoxLayout()
        """Put links and choices of the heading here."""
        if title:
            self.head.setContentsMargins(tokens.GAP16, 0, tokens.GAP12, 0)
            self.title = label(title, "name", parent=self)
            self.title.setMinimumHeight(38)
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            column.addLayout(self.head)
            column.addWidget(hairline(parent=self))
        self.body = QVBoxLayout()
        self.body.setContentsMargins(tokens.GAP16, tokens.GAP12, tokens.GAP16, tokens.GAP12)
        self.body.setSpacing(tokens.GAP8)
        column.addLayout(self.body, 1)


class Scroll(QScrollArea):
    """Scrolls downwards only: what is inside is as wide as the view."""

    def __init__(self, inside: QWidget, *, ground: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = "ground" if ground else "surface"
        self.setObjectName(name)
        self.viewport().setObjectName(name)
        inside.setObjectName(f"{name}Inside")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A widget that asks for more than the view would be cut at the right; this lets its layout shrink
        # instead.
        inside = self.widget()
        if inside is not None:
            inside.setMaximumWidth(self.viewport().width())


class Flow(QLayout):
    """Sets widgets side by side and goes on to the next line where the room ends; hidden ones take none."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = tokens.GAP8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        inside = self.contentsMargins()
        return size + QSize(inside.left() + inside.right(), inside.top() + inside.bottom())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _place(self, rect: QRect, *, move: bool) -> int:
        inside = self.contentsMargins()
        room = rect.adjusted(inside.left(), inside.top(), -inside.right(), -inside.bottom())
        x, y, line = room.x(), room.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if x > room.x() and x + size.width() > room.right() + 1:
                x, y, line = room.x(), y + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        return y + line - rect.y() + inside.bottom()


def margins(
    layout: QLayout, left: int, top: int, right: int, bottom: int, spacing: int | None = None
) -> None:
    """Set contents margins and spacing in one line."""
    layout.setContentsMargins(left, top, right, bottom)
    if spacing is not None:
        layout.setSpacing(spacing)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout, what is in layouts inside it too."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
        if (inner := item.layout()) is not None:
            empty(inner)


def tab_after(stop: QWidget, *parts: QWidget) -> QWidget:
    """Let Tab go from `stop` through what is in `parts`: new widgets come last for Tab, wherever they stand.

    Returns the last one.
    """
    here = stop.window()  # a list that a combo box drops is a window of its own
    for part in parts:
        for child in (part, *part.findChildren(QWidget)):
            tabbed = child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.focusProxy() is None
            if tabbed and child.window() is here:
                QWidget.setTabOrder(stop, child)
                stop = child
    return stop
