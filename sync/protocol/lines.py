"""Columns of a table of changes: numbers as differences, texts side by side, what repeats said once.

Described in `envelope.cddl` as `numbers` and `column`. For every column there is one form only, the
first one that fits; who reads writes again what he has read, and compares.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice, pairwise
from typing import Any, NamedTuple

from app.domain.change import Value
from sync.protocol import codec

END = "\0"  # behind each text of a table; a text that holds one stands elsewhere

_IDS, _SAME, _NUMBERS, _PARTS, _VALUES = range(5)
_MOST_PARTS = 16  # of lists of equal length that are taken apart
_SMALL = 64  # letters or bytes of a value that is said once for all
_LARGEST = 2**62  # differences of what is smaller have 64 bits


class Handle(NamedTuple):
    """Stands for an id: its place in the table's ids."""

    place: int


class Budget:
    """How much a message may still unfold to; a few bytes can repeat a value many times."""

    def __init__(self, cells: int) -> None:
        self._left = cells

    def spend(self, cells: int) -> None:
        """Raises ValueError when it is used up."""
        self._left -= cells
        if self._left < 0:
            raise ValueError("unfolds to too much")


def pack_numbers(values: Sequence[int]) -> int | list[int]:
    """The first number and the differences, the last of which repeats; one number alone if all are equal."""
    if not values:
        return 0
    if all(value == values[0] for value in values):
        return values[0]
    steps = [values[0], *(second - first for first, second in pairwise(values))]
    while len(steps) > 2 and steps[-1] == steps[-2]:
        steps.pop()
    return steps


def unpack_numbers(wire: Any, count: int) -> list[int]:
    """The `count` numbers of a column. Raises ValueError."""
    if type(wire) is int:
        return [wire] * count
    if not isinstance(wire, list) or not 2 <= len(wire) <= count:
        raise ValueError("no column of numbers")
    if not all(type(step) is int for step in wire):
        raise ValueError("a column of numbers holds something else")
    return list(accumulate([*wire, *[wire[-1]] * (count - len(wire))]))


def all_ids(values: Sequence[Value]) -> bool:
    """Whether a column goes by handles."""
    return all(isinstance(value, str) and codec.is_id(value) for value in values)


def pack_column(
    values: Sequence[Value], texts: list[str], handle: Callable[[str], int] | None, nested: int
) -> Any:
    """One column of at least one value; texts go behind those that are there already.

    handle: the place of an id; None where ids stand for themselves. nested: how many lists a value may still
    have inside one another. Raises ValueError, TypeError for a value that has no form.
    """
    first, several = values[0], len(values) > 1
    if handle is not None and all_ids(values):
        return [_IDS, pack_numbers([handle(str(value)) for value in values])]
    if several and _is_small(first) and all(_same(first, value) for value in values):
        return [_SAME, codec.value_to_wire(first, nested)]
    if all(isinstance(value, str) and not codec.is_id(value) and END not in value for value in values):
        texts += [codec.checked_text(str(value)) for value in values]
        return None
    if all(type(value) is int and -_LARGEST < value < _LARGEST for value in values):
        return [_NUMBERS, pack_numbers([int(value) for value in values])]  # type: ignore[arg-type]
    if several and nested and isinstance(first, tuple) and 0 < len(first) <= _MOST_PARTS:
        rows = [value for value in values if isinstance(value, tuple) and len(value) == len(first)]
        if len(rows) == len(values):
            parts = zip(*rows, strict=True)
            return [_PARTS, *[pack_column(part, texts, None, nested - 1) for part in parts]]
    return [_VALUES, *[codec.value_to_wire(value, nested) for value in values]]


def unpack_column(
    wire: Any, count: int, texts: Iterator[str], budget: Budget, nested: int
) -> Sequence["Value | Handle"]:
    """The `count` values of a column, at least one; ids are still handles. Raises ValueError."""
    budget.spend(count)
    if wire is None:
        taken = list(islice(texts, count))
        if len(taken) < count:
            raise ValueError("texts are missing")
        return [codec.checked_text(text) for text in taken]
    match wire:
        case [0, numbers]:
            return [Handle(place) for place in unpack_numbers(numbers, count)]
        case [1, value]:
            return [codec.value_from_wire(value, nested)] * count
        case [2, numbers]:
            return unpack_numbers(numbers, count)
        case [3, *columns] if nested and 0 < len(columns) <= _MOST_PARTS:
            parts = [unpack_column(column, count, texts, budget, nested - 1) for column in columns]
            return [tuple(row) for row in zip(*parts, strict=True)]
        case [4, *values] if len(values) == count:
            return [codec.value_from_wire(value, nested) for value in values]
        case _:
            raise ValueError("no column")


def _same(first: Value, second: Value) -> bool:
    """Equal, and of the same types: 1 is not true."""
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(map(_same, first, second))
    return type(first) is type(second) and first == second


def _is_small(value: Value) -> bool:
    if isinstance(value, tuple):
        return len(value) <= _MOST_PARTS and all(map(_is_small, value))
    return not isinstance(value, str | bytes) or len(value) <= _SMALL
