"""Where symbols stand on a page of codes, and how a place on the page comes to a place in the picture.

Everything is measured in modules from the top left corner of the first symbol, so neither the resolution nor
the scale of the print matters.
"""

from collections.abc import Mapping

import cv2
import numpy as np
import numpy.typing as npt

from app.reports.paper import codes
from app.reports.paper.frames import PER_PAGE
from app.reports.scanning.decoder import Points
from app.reports.scanning.symbol import CODE

Matrix = npt.NDArray[np.float64]
"""A homography, 3 by 3: from modules to pixels where nothing else is said."""

_NEIGHBOURS = 4
_ASTRAY = 6.0


def origin(place: int) -> Points:
    """The top left corner of the symbol at a place of its page, in modules."""
    return (np.array(codes.corner(place), np.float64) - codes.corner(0)) / codes.MODULE


def corners(place: int) -> Points:
    """The four corners of the symbol at a place, in the order of `Seen.corners`."""
    return origin(place) + CODE.corners


def outward(known: Mapping[int, Points]) -> list[int]:
    """The places that are not known, those next to a known one first."""

    def far(at: int) -> float:
        return min((float(np.hypot(*(origin(one) - origin(at)))) for one in known), default=0.0)

    return sorted((at for at in range(PER_PAGE) if at not in known), key=far)


def around(at: int, known: Mapping[int, Points]) -> Matrix | None:
    """The homography near a place, from the corners of the symbols that are known nearest to it.

    known: corners in pixels, by place. None when nothing usable is known.
    """
    middle = origin(at)
    nearest = sorted(known, key=lambda one: (float(np.hypot(*(origin(one) - middle))), one))[:_NEIGHBOURS]
    if not nearest:
        return None
    modules = np.concatenate([corners(one) for one in nearest])
    pixels = np.concatenate([known[one] for one in nearest])
    if len(nearest) == 1:
        return fitted(modules, pixels, 0)
    return fitted(modules, pixels, _ASTRAY)


def fitted(modules: Points, pixels: Points, astray: float) -> Matrix | None:
    """The homography through pairs of points; those more than `astray` pixels off are left out (0: none is).

    None when there is none.
    """
    method = cv2.RANSAC if astray else 0
    found = cv2.findHomography(modules, pixels, method, astray or 3.0)[0]
    if found is None or not np.isfinite(found).all():
        return None
    return np.asarray(found, np.float64)


def moved(matrix: Matrix, points: Points) -> Points:
    """Points taken through a homography."""
    return np.asarray(cv2.perspectiveTransform(points[np.newaxis], matrix)[0], np.float64)
