"""Finds how one symbol lies, by the patterns that every symbol has at the same places.

The symbol is first cut out by what is expected of its place; pictures of its finder and alignment patterns
are then laid over it, and the homography through those that fit is how it really lies.
"""

from functools import cache
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from app.reports.scanning.decoder import Grey
from app.reports.scanning.geometry import Matrix, fitted, moved
from app.reports.scanning.symbol import Kind

SCALE = 4
"""Pixels of a module in what is cut out."""
MARGIN = 6
"""Modules around the symbol that are cut out with it."""

_SEARCH = 3
_ALIKE = 0.6
_ASTRAY = 0.7
_ENOUGH = 4
_SOFT = 0.45


class Aligned(NamedTuple):
    """How a symbol lies. matrix: modules to pixels of the cut-out. patterns: how many of them say so."""

    matrix: Matrix
    patterns: int


def shifted() -> Matrix:
    """From pixels of a cut-out to the modules of its symbol."""
    begin = 0.5 / SCALE - MARGIN
    return np.array([[1 / SCALE, 0, begin], [0, 1 / SCALE, begin], [0, 0, 1]], np.float64)


def cut_out(picture: Grey, matrix: Matrix, kind: Kind) -> Grey:
    """A symbol upright and with its margin. matrix: from its modules to the pixels of the picture."""
    side = (kind.side + 2 * MARGIN) * SCALE
    return warped(picture, matrix @ shifted(), side)


def warped(picture: Grey, matrix: Matrix, side: int) -> Grey:
    """A square picture whose pixels lie in another where the matrix says."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    made = cv2.warpPerspective(picture, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(made, np.uint8)


def aligned(cut: Grey, kind: Kind) -> Aligned | None:
    """How the symbol in a cut-out lies; None when fewer than four of its patterns show."""
    modules, pixels = list[tuple[float, float]](), list[tuple[float, float]]()
    for template, middles in zip(_templates(), (kind.alignments, kind.finders), strict=True):
        half = template.shape[0] / 2
        wide = template.shape[0] + 2 * _SEARCH * SCALE
        for x, y in middles:
            left, top = (max(0, round((at + MARGIN - _SEARCH) * SCALE - half)) for at in (x, y))
            alike = cv2.matchTemplate(
                cut[top : top + wide, left : left + wide], template, cv2.TM_CCOEFF_NORMED
            )
            _, best, _, (column, row) = cv2.minMaxLoc(alike)
            if best > _ALIKE:
                modules.append((x, y))
                across, down = _between(alike[row], column), _between(alike[:, column], row)
                pixels.append((left + across + half - 0.5, top + down + half - 0.5))
    if len(modules) < _ENOUGH:
        return None
    where, seen = np.array(modules, np.float64), np.array(pixels, np.float64)
    matrix = fitted(where, seen, _ASTRAY * SCALE)
    if matrix is None:
        return None
    off = np.hypot(*(moved(matrix, where) - seen).T)
    return Aligned(matrix, int((off < _ASTRAY * SCALE).sum()))


@cache
def _templates() -> tuple[Grey, Grey]:
    """Pictures of an alignment pattern, and of a finder pattern with its white rim."""
    ring = np.zeros((5, 5), bool)
    ring[0, :] = ring[-1, :] = ring[:, 0] = ring[:, -1] = ring[2, 2] = True
    finder = np.zeros((9, 9), bool)
    finder[1, 1:8] = finder[7, 1:8] = finder[1:8, 1] = finder[1:8, 7] = True
    finder[3:6, 3:6] = True
    return _template(ring), _template(finder)


def _template(dark: npt.NDArray[np.bool_]) -> Grey:
    grey: Grey = np.where(dark, np.uint8(0), np.uint8(255))
    large: Grey = np.kron(grey, np.ones((SCALE, SCALE), np.uint8))
    return np.asarray(
        cv2.GaussianBlur(large, (0, 0), _SOFT * SCALE, borderType=cv2.BORDER_REPLICATE), np.uint8
    )


def _between(values: npt.NDArray[Any], at: int) -> float:
    """Where the top lies between pixels, by the parabola through the highest and its neighbours."""
    if not 0 < at < len(values) - 1:
        return float(at)
    before, top, after = (float(value) for value in values[at - 1 : at + 2])
    bend = before - 2 * top + after
    return at + (0.5 * (before - after) / bend if bend < 0 else 0.0)
