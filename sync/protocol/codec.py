"""A change on the wire, and back: nothing lost, nothing added, one form only.

    [stream, n, by, at, entity, id, {field: value}, [[stream, n, tip], ...]]

Entities and fields go by their numbers in `app.domain.fields`; those that this program does not
know keep their number ("#17") and their value, so that an old program can pass on what a newer one
wrote. The digest is not sent: whoever reads a change computes it.

An id takes 16 bytes instead of 32 digits. This goes by the look of a text and not by the kind of its
field, so that a program that does not know the field reads the same value as one that does, and
arrives at the same digest. Byte strings of 16 bytes and more carry a zero byte before them, which
keeps them apart from ids.
"""

import re
from itertools import pairwise
from typing import Annotated, Any

from msgspec import Meta, Struct, ValidationError, convert

from app.domain import fields as table
from app.domain.change import Change, Ref, Value
from app.record.digest import seal
from sync.protocol import strict
from sync.protocol.errors import BadMessage

MAX_FIELDS = 64
MAX_OVER = 4096
MAX_PARTS = 4096  # of a value that is a list
MAX_NESTED = 3  # lists inside one another: what is left of the depth of an answer
MAX_TEXT = 1_000_000  # code points; what a person may write is much less, and the domain's to say

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_ID_BYTES = 16
_MARK = b"\0"

_Number = Annotated[int, Meta(ge=0, le=strict.INT_MAX)]
_Count = Annotated[int, Meta(ge=1, le=strict.INT_MAX)]
_TableNumber = Annotated[int, Meta(ge=0, lt=2**16)]
_Id = Annotated[bytes, Meta(min_length=16, max_length=16)]


class _Ref(Struct, array_like=True, forbid_unknown_fields=True):
    stream: _Number
    n: _Count
    tip: Annotated[bytes, Meta(min_length=2, max_length=2)]


class _Change(Struct, array_like=True, forbid_unknown_fields=True):
    stream: _Number
    n: _Count
    by: _Id
    at: _Number
    entity: _TableNumber
    id: _Id
    fields: Annotated[dict[_TableNumber, Any], Meta(max_length=MAX_FIELDS)]
    over: Annotated[list[_Ref], Meta(max_length=MAX_OVER)]


def encode_change(change: Change) -> bytes:
    """The canonical bytes of a change. Raises BadMessage for a change that no one could read."""
    try:
        return strict.dumps(change_to_wire(change))
    except strict.NotStrict as error:
        raise BadMessage(why=str(error)) from error


def decode_change(data: bytes) -> Change:
    """The change in `data`, with its digest computed anew. Raises BadMessage."""
    try:
        return change_from_wire(strict.loads(data))
    except strict.NotStrict as error:
        raise BadMessage(why=str(error)) from error


def change_to_wire(change: Change) -> list[Any]:
    """The change as plain CBOR types, a part of a message. Raises BadMessage."""
    try:
        fields = {
            table.field_number(change.entity, name): _to_wire(value, MAX_NESTED)
            for name, value in change.fields.items()
        }
        wire = [
            change.stream,
            change.n,
            _id_bytes(change.by),
            change.at,
            table.entity_number(change.entity),
            _id_bytes(change.id),
            dict(sorted(fields.items())),
            [list(ref) for ref in change.over],
        ]
        _checked(wire)
    except (ValueError, TypeError, LookupError) as error:
        raise BadMessage(why=str(error)) from error
    return wire


def change_from_wire(wire: Any) -> Change:
    """The change in a part of a message that `strict` has read. Raises BadMessage."""
    try:
        read = _checked(wire)
        entity = table.entity_name(read.entity)
        return seal(
            stream=read.stream,
            n=read.n,
            by=read.by.hex(),
            at=read.at,
            entity=entity,
            id=read.id.hex(),
            fields={
                table.field_name(entity, number): _from_wire(value, MAX_NESTED)
                for number, value in read.fields.items()
            },
            over=tuple(Ref(ref.stream, ref.n, ref.tip) for ref in read.over),
        )
    except (ValueError, TypeError, LookupError) as error:
        raise BadMessage(why=str(error)) from error


def _checked(wire: Any) -> _Change:
    """Types, sizes and order of a change on the wire. Raises ValueError."""
    try:
        read = convert(wire, _Change, builtin_types=(bytes,))
    except ValidationError as error:
        raise ValueError(str(error)) from error
    for first, second in pairwise(read.over):
        if (first.stream, first.n, first.tip) >= (second.stream, second.n, second.tip):
            raise ValueError("what a change writes over stands in order, each once")
    return read


def _id_bytes(value: str) -> bytes:
    if not _ID.fullmatch(value):
        raise ValueError("an id has 32 hexadecimal digits")
    return bytes.fromhex(value)


def _to_wire(value: Value, nested: int) -> Any:
    if isinstance(value, tuple):
        if nested == 0 or len(value) > MAX_PARTS:
            raise ValueError("a list too long, or nested too deeply")
        return [_to_wire(part, nested - 1) for part in value]
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ValueError("a text too long")
        return bytes.fromhex(value) if _ID.fullmatch(value) else value
    if isinstance(value, bytes):
        return value if len(value) < _ID_BYTES else _MARK + value
    return value


def _from_wire(value: Any, nested: int) -> Value:
    if isinstance(value, list):
        if nested == 0 or len(value) > MAX_PARTS:
            raise ValueError("a list too long, or nested too deeply")
        return tuple(_from_wire(part, nested - 1) for part in value)
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ValueError("a text too long")
        if _ID.fullmatch(value):
            raise ValueError("an id written as a text")
        return value
    if isinstance(value, bytes):
        if len(value) == _ID_BYTES:
            return value.hex()
        if len(value) > _ID_BYTES:
            if not value.startswith(_MARK):
                raise ValueError("bytes without their mark")
            return value[1:]
        return value
    if value is None or isinstance(value, bool | int):
        return value
    raise ValueError("no value")
