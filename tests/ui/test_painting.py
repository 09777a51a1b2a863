import sys

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter

from ui import marks, tokens
from ui.shapes import Shape
from ui.style import look
from ui.widgets import paint


def test_painting_100_000_times_takes_no_reference_from_none(qapp):
    """PySide6 6.12.0 on Python 3.11 loses one at each void call, until the process dies."""
    image = QImage(64, 32, QImage.Format.Format_RGB32)
    mark = marks.status("in_progress")
    lk = look()
    ink, ground = lk.colour(lk.colours.text), lk.colour(lk.colours.surface)
    painter = QPainter(image)
    before = sys.getrefcount(None)
    for _ in range(20_000):
        painter.save()
        painter.setPen(ink)
        painter.fillRect(0, 0, 64, 32, ground)
        paint.shape(painter, QPoint(1, 1), mark, lk.colours.accent)
        paint.words(painter, QRect(20, 0, 40, 20), "Ấ", ink, elide=False)
        painter.restore()
    after = sys.getrefcount(None)
    painter.end()
    # On 3.12 and later None is immortal and the count never moves.
    assert abs(after - before) < 2_000


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_every_shape_differs_from_every_other_in_grey(qapp, ratio):
    drawn = {}
    for shape in Shape:
        image = look().shape(shape, tokens.LIGHT.text, ratio).toImage()
        assert image.width() == round(16 * ratio)
        alphas = bytes(
            image.pixelColor(x, y).alpha() for y in range(image.height()) for x in range(image.width())
        )
        assert any(alphas), shape
        drawn[shape] = alphas
    assert len(set(drawn.values())) == len(Shape)


def test_pictures_are_made_once(qapp):
    assert look().shape(Shape.DONE, "#000000", 1.0) is look().shape(Shape.DONE, "#000000", 1.0)
    assert look().icon("book", "#000000", 1.0) is look().icon("book", "#000000", 1.0)


def test_an_icon_takes_its_colour(qapp):
    image = look().icon("book", "#FF0000", 2.0, filled=True).toImage()
    reds = [
        image.pixelColor(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() == 255
    ]
    assert reds
    assert all(c.red() == 255 and c.green() == 0 for c in reds)
