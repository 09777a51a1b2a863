"""Tells dark modules from light ones where blur has run them together.

How a module looks depends on its neighbours, and on paper, printer and camera. So nothing of that is
assumed: each symbol teaches it by the modules that are known beforehand, as weights of 25 samples in and
around a module (least squares), and then once more by all modules, those that are clear counting most.
"""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from app.reports.scanning.decoder import Grey
from app.reports.scanning.geometry import Matrix
from app.reports.scanning.landmarks import SCALE, warped
from app.reports.scanning.symbol import Kind, Modules

Values = npt.NDArray[np.float32]

_REACH = 2  # samples to each side of a module's middle, half a module apart
_TAPS = 2 * _REACH + 1
_MIDDLE = _TAPS * _TAPS // 2
_SOFT = 0.25
_SURROUNDINGS = 23
_STILL = 30.0  # a variance below this is noise, not modules
_FIRST, _SECOND = 20.0, 5.0
_KNOWN = 1.5
_AGAIN = 2


def darkness(cut: Grey, matrix: Matrix, kind: Kind) -> Iterator[Modules]:
    """Which modules are dark, by rules that take more and more trouble.

    matrix: from modules to the pixels of the cut-out.
    """
    fixed = kind.known
    target = np.where(kind.right, np.float32(1), np.float32(-1))
    samples = _samples(_half_modules(cut, matrix, kind.side))
    found = samples @ _weights(samples[fixed], target[fixed], _FIRST)
    yield found > 0
    for _ in range(_AGAIN):
        sure = np.where(fixed, np.float32(_KNOWN), np.clip(np.abs(found), 0, 1))
        wanted = np.where(fixed, target, np.sign(found)) * sure
        found = samples @ _weights(
            (samples * sure[..., np.newaxis]).reshape(-1, samples.shape[-1]), wanted.ravel(), _SECOND
        )
    yield found > 0
    yield samples[..., _MIDDLE] > 0


def _half_modules(cut: Grey, matrix: Matrix, side: int) -> Values:
    """The grey every half module, from one module before the symbol to one behind it."""
    soft = np.asarray(cv2.GaussianBlur(cut, (0, 0), _SOFT * SCALE), np.uint8)
    steps = np.array([[0.5, 0, -0.5], [0, 0.5, -0.5], [0, 0, 1]], np.float64)
    return warped(soft, matrix @ steps, 2 * (side + _REACH)).astype(np.float32)


def _samples(grey: Values) -> Values:
    """For each module 25 samples and a one; dark is above nought, in units of what is usual around it."""
    size = (_SURROUNDINGS, _SURROUNDINGS)
    mean = cv2.blur(grey, size, borderType=cv2.BORDER_REPLICATE)
    variance = cv2.blur(grey * grey, size, borderType=cv2.BORDER_REPLICATE) - mean * mean
    even = (mean - grey) / np.sqrt(np.maximum(variance, _STILL))
    side = len(grey) // 2 - _REACH
    last = 2 * side
    taps = [
        even[row : row + last : 2, column : column + last : 2]
        for row in range(_TAPS)
        for column in range(_TAPS)
    ]
    return np.stack([*taps, np.ones((side, side), np.float32)], -1).astype(np.float32)


def _weights(samples: Values, wanted: Values, calm: float) -> Values:
    """The weights that bring samples nearest to what is wanted, kept small by `calm`."""
    square = samples.T @ samples
    square[np.diag_indices_from(square)] += np.float32(calm)
    return np.linalg.solve(square, samples.T @ wanted).astype(np.float32)
