"""Fluent icons: read from resources, coloured before they are rendered, kept by name, size, colour and
ratio.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources


def source(name: str, size: int, filled: bool) -> str:
    """The SVG text of an icon, e.g. ("book", 20, False).

    Raises FileNotFoundError for one that is not shipped.
    """
    kind = "filled" if filled else "regular"
    return resources.read_text("icons", f"{name}_{size}_{kind}.svg")


def render(name: str, size: int, colour: str, ratio: float, *, filled: bool = False) -> QPixmap:
    """Draw an icon in one colour at size × ratio device pixels.

    The fill is set in the text: tinting a finished picture leaves grey edges.
    """
    svg = source(name, size, filled).replace("<svg ", f'<svg fill="{colour}" ', 1)
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    try:
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(pixmap.rect()))
    finally:
        painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
