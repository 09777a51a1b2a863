"""What is the same in all our symbols, and what a symbol drawn clean from its modules says.

Version, level and mask of a symbol on a page of codes are fixed (QR 15-M, mask 3), so 686 of its 5,929
modules are known beforehand: they show where the symbol lies, teach how light and dark look there, and are
drawn right whatever became of them on the paper.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from app.reports.codes import MODULES
from app.reports.scanning.decoder import Budget, drawn

Modules = npt.NDArray[np.bool_]
"""77 by 77, row by row."""

_ALIGNMENT = (6, 26, 48, 70)
_QUIET = 4


@cache
def known() -> tuple[Modules, Modules]:
    """Which modules are the same in all our symbols, and which of those are dark."""
    import segno

    fixed = np.zeros((MODULES, MODULES), bool)
    fixed[6, :] = fixed[:, 6] = True  # timing
    fixed[:9, :9] = fixed[:9, -8:] = fixed[-8:, :9] = True  # finders, separators, format
    fixed[:6, -11:-8] = fixed[-11:-8, :6] = True  # version
    for x, y in alignments():
        fixed[y - 2 : y + 3, x - 2 : x + 3] = True
    any_one = segno.make_qr(b"any", version=15, error="m", mask=3, mode="byte", boost_error=False)
    return fixed, np.array([list(row) for row in any_one.matrix], bool)


def alignments() -> tuple[tuple[int, int], ...]:
    """The middles of the alignment patterns: column and row of their module."""
    ends = _ALIGNMENT[0], _ALIGNMENT[-1]
    taken = {(ends[0], ends[0]), (ends[0], ends[1]), (ends[1], ends[0])}  # there the finders stand
    return tuple((x, y) for x in _ALIGNMENT for y in _ALIGNMENT if (x, y) not in taken)


def said_by(dark: Modules, budget: Budget) -> bytes:
    """What a symbol of these modules says, the known ones set right; empty when it cannot be read."""
    fixed, right = known()
    grey = np.where(np.where(fixed, right, dark), np.uint8(0), np.uint8(255))
    return drawn(np.kron(np.pad(grey, _QUIET, constant_values=255), np.ones((2, 2), np.uint8)), budget)
