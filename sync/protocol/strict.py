"""One value, one row of bytes: the part of CBOR (RFC 8949) that the protocol uses, and no more.

Whole numbers of 64 bits, text, bytes, arrays, true, false, null, and maps whose keys are field
numbers. Everything in its shortest form and of known length, map keys ascending (section 4.2.1 of
the RFC), no tags, no floats, nothing behind the end. What is read and written again gives the very
same bytes, so two readers can never understand one message in two ways.
"""

from typing import NoReturn, TypeAlias

import cbor2

Plain: TypeAlias = "bool | int | str | bytes | list[Plain] | dict[int, Plain] | None"

MAX_DEPTH = 8
INT_MIN, INT_MAX = -(2**63), 2**63 - 1

# cbor2 turns these into dates, patterns, addresses, sets, or lists that contain themselves.
_KNOWN_TAGS = (*range(6), *range(25, 38), 52, 54, 100, 256, 258, 260, 261, 43000, 55799)


class NotStrict(ValueError):
    """The bytes are not the one form that the protocol knows, or the value has none."""


def _refuse(*_: object) -> NoReturn:
    raise NotStrict("a tag")


_NO_TAGS = dict.fromkeys(_KNOWN_TAGS, _refuse)


def _check(value: object, depth: int) -> None:
    """Only plain types, numbers that SQLite can store, keys in order, at most `depth` levels."""
    kind = type(value)
    if value is None or kind is bool or kind is str or kind is bytes:
        return
    if isinstance(value, int) and kind is int:
        if not INT_MIN <= value <= INT_MAX:
            raise NotStrict("a number of more than 64 bits")
        return
    if depth == 0:
        raise NotStrict("nested too deeply")
    if isinstance(value, list) and kind is list:
        for part in value:
            _check(part, depth - 1)
    elif isinstance(value, dict) and kind is dict:
        last = -1
        for key, part in value.items():
            if type(key) is not int or not last < key <= INT_MAX:
                raise NotStrict("map keys are ascending numbers")
            last = key
            _check(part, depth - 1)
    else:
        raise NotStrict(f"no place for {kind.__name__}")


def dumps(value: Plain, depth: int = MAX_DEPTH) -> bytes:
    """The one encoding of `value`. Raises NotStrict for what has none."""
    _check(value, depth)
    try:
        return cbor2.dumps(value)
    except (cbor2.CBORError, ValueError) as error:  # half surrogates in a text
        raise NotStrict("a text that is not Unicode") from error


def loads(data: bytes, depth: int = MAX_DEPTH) -> Plain:
    """The value of `data`, if these are exactly the bytes that `dumps` makes of it.

    depth: how many arrays and maps may stand inside one another. Raises NotStrict.
    """
    try:
        value: Plain = cbor2.loads(
            data,
            max_depth=depth,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            tag_hook=_refuse,
            semantic_decoders=_NO_TAGS,
        )
    except (cbor2.CBORError, AttributeError, TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise NotStrict("not CBOR") from error
    # Writing it again closes what the reader lets pass: long forms, and bytes behind the end.
    if dumps(value, depth) != data:
        raise NotStrict("not the shortest form")
    return value
