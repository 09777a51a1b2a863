"""What is done to a whole picture before it is looked through: pure functions from grey to grey."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from app.reports.scanning.decoder import Grey

_A4 = 1.414  # height of a sheet through its width
_FAX_WIDTH = 1_400
_FAX_LOWEST, _FAX_LIKELY, _FAX_HIGHEST = 0.5, 0.69, 0.9
_WHITE = 235
_DOUBLED = 9_000_000
_INK, _SPECKS = 170, 0.0002

_EVERY = 8  # rows between those that are looked at for finder patterns
_WIDE = 41
_FAINT = 10  # what is less darker than around it is no module
_FINDER = np.array([1, 1, 3, 1, 1], np.float32)
_DOWN = ((-3, True), (-2, False), (-1, True), (1, True), (2, False), (3, True))


def stretched(picture: Grey) -> Grey | None:
    """The picture with dots as high as wide if it may be a standard fax, with half the lines; else None.

    A sheet that lies on its side is of nearly the same shape: `likely_fax` says which is meant.
    """
    height, width = picture.shape
    if width <= _FAX_WIDTH or not _FAX_LOWEST <= height / width < _FAX_HIGHEST:
        return None
    return _grey(cv2.resize(picture, (width, round(_A4 * width)), interpolation=cv2.INTER_CUBIC))


def likely_fax(picture: Grey) -> bool:
    """Whether a picture that may be a standard fax rather is one than a sheet on its side."""
    height, width = picture.shape
    return bool(height < _FAX_LIKELY * width)


def blank(picture: Grey) -> bool:
    """Whether next to nothing stands on the page, as on the backs of sheets."""
    small = (
        cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        if picture.size > 64
        else picture
    )
    return float((levelled(_grey(small)) < _INK).mean()) < _SPECKS


def finders(picture: Grey) -> int:
    """About how many finder patterns there are for the decoder, whose time grows with their square.

    A page of codes has a hundred. Rows are looked through for dark and light runs as 1 : 1 : 3 : 1 : 1, and
    each is checked downwards.
    """
    rows = picture[::_EVERY]
    mean = cv2.blur(rows, (_WIDE, 1)).astype(np.int16) - _FAINT
    dark = (rows < mean).ravel()
    starts = np.flatnonzero(dark[1:] != dark[:-1]) + 1
    if len(starts) < 6:
        return 0
    lengths = np.lib.stride_tricks.sliding_window_view(np.diff(starts), 5)
    begins = starts[: len(lengths)]
    module = lengths.sum(1) / np.float32(7)
    fits = (np.abs(lengths - module[:, np.newaxis] * _FINDER) <= 0.5 * module[:, np.newaxis] + 0.5).all(1)
    fits &= dark[begins]
    begins, module = begins[fits], module[fits]
    row, column = np.divmod(begins + np.rint(3.5 * module).astype(np.int64), picture.shape[1])
    limit = mean.ravel()[begins]
    crossed = np.zeros(len(begins), bool)
    for shift in (-1, 0, 1):
        right = np.ones(len(begins), bool)
        for step, is_dark in _DOWN:
            down = row * _EVERY + np.rint((step + shift) * module).astype(np.int64)
            inside = (down >= 0) & (down < picture.shape[0]) & (row * _EVERY < picture.shape[0])
            seen = picture[np.clip(down, 0, picture.shape[0] - 1), np.clip(column, 0, picture.shape[1] - 1)]
            right &= inside & ((seen < limit) == is_dark)
        crossed |= right
    return int((_EVERY / np.maximum(3 * module[crossed], 1)).sum())


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
