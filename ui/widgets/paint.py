"""Small strokes that all painted widgets share, and polite announcements."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui import tokens
from ui.marks import Mark
from ui.style import Look, look


def frame(
    painter: QPainter,
    rect: QRect,
    fill: QColor | None,
    border: QColor | None,
    width: int = 1,
    radius: int = 4,
) -> None:
    """A rounded frame whose border lies inside `rect`, sharp at 100 %."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(border, width) if border is not None else Qt.PenStyle.NoPen)
    half = width / 2 if border is not None else 0
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius)
    painter.restore()


def words(
    painter: QPainter,
    rect: QRect,
    text: str,
    colour: QColor,
    *,
    size: int = tokens.BODY,
    strong: bool = False,
    right: bool = False,
    elide: bool = True,
) -> int:
    """One line of text, vertically centred in `rect` and elided to it; returns the width used."""
    lk = look()
    if elide:
        text = lk.metrics(size, strong).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(lk.font(size, strong))
    painter.setPen(colour)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)
    return lk.metrics(size, strong).horizontalAdvance(text)


def shape(painter: QPainter, at: QPoint, mark: Mark, colour: str, size: int = tokens.SHAPE) -> None:
    """The mark's shape with its upper left corner at `at`."""
    painter.drawPixmap(at, look().shape(mark.shape, colour, ratio(painter), size))


def icon(
    painter: QPainter, at: QPoint, name: str, colour: str, *, size: int = tokens.ICON, filled: bool = False
) -> None:
    """A Fluent icon with its upper left corner at `at`."""
    painter.drawPixmap(at, look().icon(name, colour, ratio(painter), size=size, filled=filled))


def ratio(painter: QPainter) -> float:
    """The device pixel ratio of what is painted on."""
    return float(painter.device().devicePixelRatioF())


def fill(painter: QPainter, x: int, y: int, width: int, height: int, colour: QColor) -> None:
    """A filled rectangle; hairlines are rectangles of 1 px, which stay sharp."""
    painter.fillRect(x, y, width, height, colour)


def mark_width(
    mark: Mark, lk: Look, *, size: int = tokens.SMALL, shape_size: int = tokens.SHAPE, gap: int = 4
) -> int:
    """Pixels that a shape with its word takes."""
    if not mark.word:
        return shape_size
    return shape_size + gap + lk.metrics(size).horizontalAdvance(mark.word)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the sheet looks at, and let the style look again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader say `text` politely, without moving the focus."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
