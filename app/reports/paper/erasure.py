"""Blocks restored from any k of n: a systematic erasure code by a Cauchy matrix over GF(2^8).

Parity block r is the sum over the data blocks c of block c times 1 / ((k + r) xor c), in the field of
polynomial 0x11D. Every square part of such a matrix can be inverted, so any k blocks of all n give the rest.
Own code, because the library for it builds its tables anew in module globals, which two threads would spoil.
A constant times a block is one table translation here, a sum one XOR of long integers.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

MOST = 255
"""Blocks of data and parity together."""

_POLYNOMIAL = 0x11D


def parity(data: Sequence[bytes], count: int) -> list[bytes]:
    """`count` blocks of parity for blocks of equal length, at least one."""
    k = len(data)
    return [_sum(_times(block, _factor(k + r, c)) for c, block in enumerate(data)) for r in range(count)]


def restore(blocks: Mapping[int, bytes], k: int) -> list[bytes]:
    """The first k blocks, from any k or more blocks of equal length by their index (parity from k on)."""
    gone = [index for index in range(k) if index not in blocks]
    spare = sorted(index for index in blocks if index >= k)[: len(gone)]
    rows = []
    for place in spare:
        held = [_times(blocks[c], _factor(place, c)) for c in range(k) if c in blocks]
        rows.append(bytes(_factor(place, c) for c in gone) + _sum((blocks[place], *held)))
    for pivot in range(len(gone)):
        rows[pivot] = _times(rows[pivot], _inverse(rows[pivot][pivot]))
        for other in range(len(rows)):
            if other != pivot:
                rows[other] = _sum((rows[other], _times(rows[pivot], rows[other][pivot])))
    found = {index: row[len(gone) :] for index, row in zip(gone, rows, strict=True)}
    return [found[index] if index in found else blocks[index] for index in range(k)]


def _factor(row: int, column: int) -> int:
    return _inverse(row ^ column)


def _inverse(value: int) -> int:
    return _tables()[value].index(1)


def _times(block: bytes, constant: int) -> bytes:
    return block.translate(_tables()[constant])


def _sum(blocks: Iterable[bytes]) -> bytes:
    total = length = 0
    for block in blocks:
        total ^= int.from_bytes(block)
        length = len(block)
    return total.to_bytes(length)


@cache
def _tables() -> tuple[bytes, ...]:
    """For each constant the products with all 256 values."""
    return tuple(bytes(_product(constant, value) for value in range(256)) for constant in range(256))


def _product(one: int, other: int) -> int:
    total = 0
    while other:
        if other & 1:
            total ^= one
        one = one << 1 ^ (_POLYNOMIAL if one & 0x80 else 0)
        other >>= 1
    return total
