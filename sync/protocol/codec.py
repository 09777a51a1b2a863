"""A value on the wire, and back: nothing lost, nothing added, one form only.

An id takes 16 bytes instead of 32 digits. This goes by the look of a text and not by the kind of its
field, so that a program that does not know the field reads the same value as one that does, and
arrives at the same digest. Byte strings of 16 bytes and more carry a zero byte before them, which
keeps them apart from ids.
"""

import re
from typing import Any

from app.domain.change import Value

MAX_PARTS = 4096  # of a value that is a list
MAX_NESTED = 3  # lists inside one another: what is left of the depth of an answer
MAX_TEXT = 1_000_000  # code points; what a person may write is much less, and the domain's to say

ID_BYTES = 16
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_MARK = b"\0"


def is_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return _ID.fullmatch(text) is not None


def id_bytes(value: str) -> bytes:
    """The 16 bytes of an id. Raises ValueError."""
    if not is_id(value):
        raise ValueError("an id has 32 hexadecimal digits")
    return bytes.fromhex(value)


def checked_text(text: str) -> str:
    """The text, if it is not too long. Raises ValueError."""
    if len(text) > MAX_TEXT:
        raise ValueError("a text too long")
    return text


def value_to_wire(value: Value, nested: int = MAX_NESTED) -> Any:
    """The value as plain CBOR types.

    nested: how many lists may stand inside one another. Raises ValueError.
    """
    if isinstance(value, tuple):
        if nested == 0 or len(value) > MAX_PARTS:
            raise ValueError("a list too long, or nested too deeply")
        return [value_to_wire(part, nested - 1) for part in value]
    if isinstance(value, str):
        return bytes.fromhex(value) if is_id(value) else checked_text(value)
    if isinstance(value, bytes):
        return value if len(value) < ID_BYTES else _MARK + value
    return value


def value_from_wire(value: Any, nested: int = MAX_NESTED) -> Value:
    """The value that plain CBOR types mean. Raises ValueError."""
    if isinstance(value, list):
        if nested == 0 or len(value) > MAX_PARTS:
            raise ValueError("a list too long, or nested too deeply")
        return tuple(value_from_wire(part, nested - 1) for part in value)
    if isinstance(value, str):
        if is_id(value):
            raise ValueError("an id written as a text")
        return checked_text(value)
    if isinstance(value, bytes):
        if len(value) == ID_BYTES:
            return value.hex()
        if len(value) > ID_BYTES:
            if not value.startswith(_MARK):
                raise ValueError("bytes without their mark")
            return value[1:]
        return value
    if value is None or isinstance(value, bool | int):
        return value
    raise ValueError("no value")
