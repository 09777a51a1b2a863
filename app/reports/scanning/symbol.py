"""What is the same in all our symbols, and what a symbol drawn clean from its modules says.

Version, level and mask of our two kinds of symbols are fixed, so 686 of the 5,929 modules of a symbol on a
page of codes are known beforehand, and 274 of the 841 of a mark: they show where the symbol lies, teach how
light and dark look there, and are drawn right whatever became of them on the paper.
"""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.reports.scanning.decoder import Budget, Grey, Points, drawn

Modules = npt.NDArray[np.bool_]
"""Which modules of a symbol are so, row by row."""

_QUIET = 4
_FINDER = 3.5  # modules from the corner of the symbol to the middle of a finder pattern


class Kind:
    """A kind of symbol: QR of level M and mask 3, of one version."""

    def __init__(self, version: int, alignment: tuple[int, ...], sure: int) -> None:
        """alignment: rows and columns where alignment patterns have their middle, by ISO/IEC 18004 Annex E.

        sure: how many patterns must be seen to believe that there is a symbol.
        """
        self.version = version
        self.side = 4 * version + 17
        self.sure = sure
        self._alignment = alignment

    @cached_property
    def corners(self) -> Points:
        """The four corners in modules, in the order of `Seen.corners`."""
        return np.array([[0, 0], [self.side, 0], [self.side, self.side], [0, self.side]], np.float64)

    @cached_property
    def finders(self) -> tuple[tuple[float, float], ...]:
        """The middles of the finder patterns, in modules."""
        far = self.side - _FINDER
        return (_FINDER, _FINDER), (far, _FINDER), (_FINDER, far)

    @cached_property
    def alignments(self) -> tuple[tuple[float, float], ...]:
        """The middles of the alignment patterns, in modules."""
        first, last = self._alignment[0], self._alignment[-1]
        taken = {(first, first), (first, last), (last, first)}  # there the finders stand
        middles = ((x, y) for x in self._alignment for y in self._alignment)
        return tuple((x + 0.5, y + 0.5) for x, y in middles if (x, y) not in taken)

    @cached_property
    def known(self) -> Modules:
        """Which modules are the same in all symbols of this kind."""
        fixed = np.zeros((self.side, self.side), bool)
        fixed[6, :] = fixed[:, 6] = True  # timing
        fixed[:9, :9] = fixed[:9, -8:] = fixed[-8:, :9] = True  # finders, separators, format
        if self.version >= 7:
            fixed[:6, -11:-8] = fixed[-11:-8, :6] = True  # version
        for x, y in self.alignments:
            fixed[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3] = True
        return fixed

    @cached_property
    def right(self) -> Modules:
        """Which of the known modules are dark; what stands at the others means nothing."""
        import segno

        any_one = segno.make_qr(
            b"any", version=self.version, error="m", mask=3, mode="byte", boost_error=False
        )
        return np.array([[bit & 1 for bit in row] for row in any_one.matrix], bool)

    def said_by(self, dark: Modules, budget: Budget) -> bytes:
        """What a symbol of these modules says, the known ones set right; empty when it cannot be read."""
        grey: Grey = np.where(np.where(self.known, self.right, dark), np.uint8(0), np.uint8(255))
        framed = np.pad(grey, _QUIET, constant_values=255)
        return drawn(np.kron(framed, np.ones((2, 2), np.uint8)), budget)


CODE = Kind(15, (6, 26, 48, 70), 8)
"""What pages of codes carry."""
MARK = Kind(3, (6, 22), 4)
"""What stands at the foot of report pages."""
