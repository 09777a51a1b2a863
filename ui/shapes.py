"""The shapes of states, drawn on a grid of 16, so that they are told apart without colour."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from ui import tokens


class Shape(StrEnum):
    """The closed list of shapes; the names say what each means."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    OVERDUE = "overdue"
    SOON = "soon"
    ON_TRACK = "on_track"
    RECURRING = "recurring"
    ON_TIME = "on_time"
    DONE_LATE = "done_late"
    FLAG = "flag"
    TWO = "two"
    WRITING = "writing"
    WAITING = "waiting"
    SENDING = "sending"
    RECEIVED = "received"
    RETURNED = "returned"
    INCOMING = "incoming"


class _Brush:
    """A painter with the strokes that all shapes are made of.

    What cuts is taken out of what was drawn before, so that one picture serves every ground.
    """

    def __init__(self, painter: QPainter, colour: QColor) -> None:
        self.painter, self.colour = painter, colour

    def pen(self, width: float, *, cut: bool = False) -> None:
        self._mode(cut)
        pen = QPen(self.colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def fill(self, *, cut: bool = False) -> None:
        self._mode(cut)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.colour)

    def _mode(self, cut: bool) -> None:
        modes = QPainter.CompositionMode
        self.painter.setCompositionMode(
            modes.CompositionMode_DestinationOut if cut else modes.CompositionMode_SourceOver
        )

    def line(self, *points: tuple[float, float]) -> None:
        self.painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))

    def area(self, *points: tuple[float, float]) -> None:
        self.painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))

    def ring(self, r: float = 5.5, width: float = 1.6) -> None:
        self.pen(width)
        self.painter.drawEllipse(QPointF(8, 8), r, r)

    def disc(self, r: float = 6.5) -> None:
        self.fill()
        self.painter.drawEllipse(QPointF(8, 8), r, r)


def _not_started(b: _Brush) -> None:
    b.ring()


def _in_progress(b: _Brush) -> None:
    b.ring()
    b.fill()
    half = QPainterPath(QPointF(8, 2.5))
    half.arcTo(QRectF(2.5, 2.5, 11, 11), 90, 180)
    half.closeSubpath()
    b.painter.drawPath(half)


def _done(b: _Brush) -> None:
    b.disc()
    b.pen(1.7, cut=True)
    b.line((5, 8.2), (7.2, 10.4), (11.2, 5.9))


def _paused(b: _Brush) -> None:
    b.ring()
    b.pen(1.5)
    b.line((6.6, 6), (6.6, 10))
    b.line((9.4, 6), (9.4, 10))


def _cancelled(b: _Brush) -> None:
    b.ring()
    b.pen(1.6)
    b.line((4.3, 11.7), (11.7, 4.3))


def _overdue(b: _Brush) -> None:
    b.pen(1.4)
    b.painter.setBrush(b.colour)
    b.area((8, 2.6), (14, 13.2), (2, 13.2))
    b.pen(1.5, cut=True)
    b.line((8, 6.6), (8, 9.4))
    b.fill(cut=True)
    b.painter.drawEllipse(QPointF(8, 11.6), 0.95, 0.95)


def _soon(b: _Brush) -> None:
    b.fill()
    b.area((8, 2), (14, 8), (8, 14), (2, 8))


def _on_track(b: _Brush) -> None:
    b.pen(1.8)
    b.line((4, 8), (12, 8))


def _recurring(b: _Brush) -> None:
    b.pen(1.6)
    arc = QPainterPath()
    arc.arcMoveTo(QRectF(3, 3, 10, 10), 50)
    arc.arcTo(QRectF(3, 3, 10, 10), 50, 290)
    b.painter.drawPath(arc)
    b.fill()
    b.area((8.6, 5.8), (13.6, 5.8), (13.6, 0.9))


def _on_time(b: _Brush) -> None:
    b.pen(1.9)
    b.line((3, 8.4), (6.4, 11.8), (13, 4.6))


def _done_late(b: _Brush) -> None:
    b.pen(1.9)
    b.line((2, 9.4), (5.2, 12.6), (11, 6.2))
    b.fill()
    b.area((12.2, 2), (15.4, 7), (9, 7))


def _flag(b: _Brush) -> None:
    b.pen(1.6)
    b.line((4, 2.5), (4, 14))
    b.fill()
    b.area((4, 2.5), (13.5, 2.5), (11.4, 5.9), (13.5, 9.3), (4, 9.3))


def _two(b: _Brush) -> None:
    b.fill()
    b.painter.drawRoundedRect(QRectF(2, 2, 8.5, 8.5), 1.4, 1.4)
    b.fill(cut=True)
    b.painter.drawRoundedRect(QRectF(4.6, 4.6, 10.4, 10.4), 2, 2)
    b.fill()
    b.painter.drawRoundedRect(QRectF(5.8, 5.8, 8.2, 8.2), 1.4, 1.4)


def _writing(b: _Brush) -> None:
    b.fill()
    b.area((2.4, 13.6), (3.2, 10.2), (9.4, 4), (12, 6.6), (5.8, 12.8))
    b.area((10.3, 3.1), (11.6, 1.8), (14.2, 4.4), (12.9, 5.7))


def _waiting(b: _Brush) -> None:
    b.ring(5.7, 1.5)
    b.pen(1.5)
    b.line((8, 4.8), (8, 8.2), (10.4, 9.4))


def _sending(b: _Brush) -> None:
    b.pen(1.9)
    b.line((8, 13.4), (8, 3))
    b.line((3.8, 7), (8, 2.8), (12.2, 7))


def _incoming(b: _Brush) -> None:
    b.pen(1.9)
    b.line((8, 2.6), (8, 13))
    b.line((3.8, 9), (8, 13.2), (12.2, 9))


def _received(b: _Brush) -> None:
    b.pen(1.7)
    b.line((0.9, 8.6), (3.8, 11.5), (9.6, 4.9))
    b.line((7.2, 10.4), (8.4, 11.6), (15, 4.6))


def _returned(b: _Brush) -> None:
    b.pen(1.8)
    path = QPainterPath(QPointF(3, 6.4))
    path.lineTo(9.8, 6.4)
    path.cubicTo(14.6, 6.4, 14.6, 12.9, 9.8, 12.9)
    path.lineTo(7.6, 12.9)
    b.painter.drawPath(path)
    b.line((6.4, 2.8), (2.8, 6.4), (6.4, 10))


_DRAW: dict[Shape, Callable[[_Brush], None]] = {
    Shape.NOT_STARTED: _not_started,
    Shape.IN_PROGRESS: _in_progress,
    Shape.DONE: _done,
    Shape.PAUSED: _paused,
    Shape.CANCELLED: _cancelled,
    Shape.OVERDUE: _overdue,
    Shape.SOON: _soon,
    Shape.ON_TRACK: _on_track,
    Shape.RECURRING: _recurring,
    Shape.ON_TIME: _on_time,
    Shape.DONE_LATE: _done_late,
    Shape.FLAG: _flag,
    Shape.TWO: _two,
    Shape.WRITING: _writing,
    Shape.WAITING: _waiting,
    Shape.SENDING: _sending,
    Shape.RECEIVED: _received,
    Shape.RETURNED: _returned,
    Shape.INCOMING: _incoming,
}


def render(shape: Shape, size: int, colour: str, ratio: float) -> QPixmap:
    """Draw a shape of `size` pixels in one colour; what a filled form leaves open is transparent."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = pixmap.width() / tokens.SHAPE
        painter.scale(scale, scale)
        _DRAW[shape](_Brush(painter, QColor(colour)))
    finally:
        painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
