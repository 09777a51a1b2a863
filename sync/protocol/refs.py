"""What changes write over, as columns of a table: mostly nothing, or changes that stand one after another.

A change of the same table is said by its distance back, and its tip is not; any other one by its
stream's number in the table (from 1), its number there, and the tip. Described in `envelope.cddl` as `over`.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from app.domain.change import TIP_BYTES, Change, Ref
from sync.protocol import strict
from sync.protocol.lines import Budget, pack_numbers, unpack_numbers

MAX_OVER = 4096  # of one change
_HERE = 0


def pack_refs(changes: Sequence[Change], streams: Mapping[int, int]) -> Any:
    """What the changes write over: nothing, or four columns.

    streams: the numbers of the table's streams, from 0. Raises ValueError for what nobody could read.
    """
    before: dict[Ref, int] = {}
    where: list[int] = []
    numbers: list[int] = []
    tips: list[bytes] = []
    for index, change in enumerate(changes):
        _check(change.over)
        for ref in change.over:
            here = before.get(ref)
            where.append(_HERE if here is not None else streams[ref.stream] + 1)
            numbers.append(index - here if here is not None else ref.n)
            tips += [ref.tip] if here is None else []
        before[change.ref] = index
    if not where:
        return 0
    counts = pack_numbers([len(change.over) for change in changes])
    return [counts, pack_numbers(where), pack_numbers(numbers), b"".join(tips)]


class Refs:
    """Reads the columns, one change after the other."""

    def __init__(self, wire: Any, count: int, streams: Sequence[int], budget: Budget) -> None:
        """Raises ValueError."""
        if wire == 0:
            wire = [0, 0, 0, b""]
        counts, where, numbers, tips = wire
        self._streams = streams
        self._counts = unpack_numbers(counts, count)
        if min(self._counts) < 0:
            raise ValueError("fewer than nothing")
        total = sum(self._counts)
        budget.spend(total)
        self._where = iter(unpack_numbers(where, total))
        self._numbers = iter(unpack_numbers(numbers, total))
        self._tips = iter([tips[at : at + TIP_BYTES] for at in range(0, len(tips), TIP_BYTES)])

    def of(self, index: int, before: Sequence[Change]) -> list[Ref]:
        """What change number `index` writes over; before: those that stand before it. Raises ValueError."""
        return [self._next(index, before) for _ in range(self._counts[index])]

    def _next(self, index: int, before: Sequence[Change]) -> Ref:
        where, number = next(self._where), next(self._numbers)
        if where == _HERE:
            if not 0 < number <= index:
                raise ValueError("no change of this table")
            return before[index - number].ref
        if not 0 < where <= len(self._streams):
            raise ValueError("no stream of this table")
        return Ref(self._streams[where - 1], number, next(self._tips, b""))


def _check(over: Sequence[Ref]) -> None:
    if len(over) > MAX_OVER:
        raise ValueError("writes over too much")
    if not all(
        0 <= ref.stream <= strict.INT_MAX and 1 <= ref.n <= strict.INT_MAX and len(ref.tip) == TIP_BYTES
        for ref in over
    ):
        raise ValueError("a reference to nothing")
    if not all(first < second for first, second in pairwise(over)):
        raise ValueError("what a change writes over stands in order, each once")
