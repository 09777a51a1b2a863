"""Finds small dark squares on a page of words: where a mark may stand that the decoder does not see."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from app.reports.scanning.decoder import Grey, Points
from app.reports.scanning.pictures import levelled
from app.reports.scanning.symbol import MARK

_SHORT_SIDE = 210 / 0.4233  # modules along the short side of a sheet of A4
_CLOSED = 2.5  # modules of light that are taken for dark when dark stands on both sides
_STROKE = 5.0  # modules: a pen's stroke or a line of words that touches a square is narrower
_INK = 150
_SMALLEST, _LARGEST = 0.65, 1.3
_SQUARE, _FULL = 0.8, 0.75
_MOST = 12


def squares(picture: Grey) -> list[Points]:
    """The corners of dark squares about as large as a mark would be, if the sheet fills most of the picture.

    In each square the first corner is any, the others follow clockwise.
    """
    module = min(picture.shape) / _SHORT_SIDE
    side = max(3, round(_CLOSED * module) | 1)
    dark = np.where(levelled(picture) < _INK, np.uint8(255), np.uint8(0))
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    wide = max(3, round(_STROKE * module))
    parted = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((wide, wide), np.uint8))
    whole = [_corners(outline, module) for outline in [*_outlines(closed), *_outlines(parted)]]
    return [corners for corners in whole if corners is not None][:_MOST]


def _outlines(dark: npt.NDArray[Any]) -> Sequence[npt.NDArray[Any]]:
    return cv2.findContours(dark, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]


def _corners(outline: npt.NDArray[Any], module: float) -> Points | None:
    """The corners of the square that an outline fills; None when it is no square of the right size."""
    box = cv2.minAreaRect(outline)
    small, large = sorted(box[1])
    fits = _SMALLEST * MARK.side * module < small and large < _LARGEST * MARK.side * module
    if not fits or small < _SQUARE * large or cv2.contourArea(outline) < _FULL * small * large:
        return None
    return np.asarray(cv2.boxPoints(box), np.float64)
