"""What is done to a whole picture before it is looked through: pure functions from grey to grey."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from app.reports.scanning.decoder import Grey

A4 = 1.414
"""Height of a sheet through its width."""

_FAX_WIDTH = 1_400
_FLAT = 0.9
_WHITE = 235
_DOUBLED = 9_000_000


def squared(picture: Grey) -> Grey:
    """The picture with dots as high as wide: a standard fax has half as many lines as columns would need."""
    height, width = picture.shape
    if width <= _FAX_WIDTH or height >= _FLAT * width:
        return picture
    return _grey(cv2.resize(picture, (width, round(A4 * width)), interpolation=cv2.INTER_CUBIC))


def levelled(picture: Grey) -> Grey:
    """The picture as if light fell on it evenly: through its background, which a dilation finds."""
    height, width = picture.shape
    small = cv2.resize(picture, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    side = max(3, width // 4 // 40)
    background = cv2.blur(cv2.dilate(small, np.ones((5, 5), np.uint8)), (side, side))
    whole = cv2.resize(background, (width, height), interpolation=cv2.INTER_LINEAR)
    return _grey(cv2.divide(picture, whole, scale=_WHITE))


def sharpened(picture: Grey, sigma: float, amount: float) -> Grey:
    """Unsharp mask: what differs from its surroundings (sigma, in pixels) differs more."""
    soft = cv2.GaussianBlur(picture, (0, 0), sigma)
    return _grey(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0))


def doubled(picture: Grey) -> Grey:
    """Twice as wide and as high."""
    return _grey(cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))


def readings(picture: Grey) -> Iterator[Callable[[], Grey]]:
    """The pictures in which symbols are looked for when the picture itself shows too few, cheapest first."""
    flat = levelled(picture)
    yield lambda: sharpened(flat, 1.5, 1.5)
    yield lambda: flat
    if flat.size <= _DOUBLED:  # in larger ones a module is wide enough
        large = doubled(flat)
        yield lambda: sharpened(large, 2.5, 1.5)
        yield lambda: large


def _grey(values: object) -> Grey:
    return np.asarray(values, np.uint8)
