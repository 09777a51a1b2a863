"""The messages of the protocol as frozen values, and the bytes that carry them.

A message is packed into canonical CBOR (`strict`, described in `envelope.cddl`) and goes into an
envelope, which presses and signs it; the two messages of an enrolment, which carry an HMAC under
the code, go as they are. Whatever does not fit the description is a BadMessage.

Requests, answers and certificates are arrays of 7, 9 and 6 parts, so that none of them can be
taken for another one, whoever signed it.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import astuple

from app.domain.change import START, Change, Cursor
from sync.protocol import columns, strict
from sync.protocol.errors import BadMessage
from sync.protocol.handles import Key
from sync.protocol.lines import pack_numbers, unpack_numbers

VERSION: Literal[1] = 1

MAX_CHANGES = columns.MAX_CHANGES  # in one request or answer, and rows of an answer
MAX_EARLIER = 100_000  # cursors offered after the server was restored, about 12 bytes each
MAX_BACK = 10_000  # signed answers given back
MAX_FILES = 10_000  # files of evidence asked about

NO_KEYS: Mapping[str, Key] = {}
_NEXT = -1  # in an answer's rows: the next of its own changes

_Number = Annotated[int, Meta(ge=0, le=strict.INT_MAX)]
_Eight = Annotated[bytes, Meta(min_length=8, max_length=8)]
_Key = Annotated[bytes, Meta(min_length=32, max_length=32)]
_Label = Annotated[str, Meta(min_length=1, max_length=64)]
_Name = Annotated[str, Meta(min_length=1, max_length=200)]
_Leave = Annotated[str, Meta(max_length=200)]
_Code = Annotated[str, Meta(pattern=r"\A[a-z0-9-]{1,64}\Z")]
_Sealed = Annotated[bytes, Meta(min_length=1, max_length=2000)]
_Index = Annotated[int, Meta(ge=0, lt=MAX_CHANGES)]


class _Wire(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """An array whose parts stand in the order of the fields."""


class Request(Struct, frozen=True, kw_only=True):
    """What a device asks and brings. Signed by the device."""

    nonce: bytes  # 8 random bytes; the answer repeats them
    cursor: Cursor
    changes: tuple[Change, ...] = ()
    earlier: tuple[Cursor, ...] = ()  # older cursors, when the server did not know the newest
    back: tuple[bytes, ...] = ()  # signed answers that hold what the province lost
    files: tuple[bytes, ...] = ()  # SHA-256 of the files that wait to be uploaded
    version: Literal[1] = VERSION


class Row(Struct, frozen=True):
    """One row of a unit's feed; its number follows from its place.

    `change` is the change itself, or the index of a change of the request that this answers.
    """

    arrived: int  # seconds UTC, by the province's clock
    change: Change | int


class Refusal(_Wire, frozen=True):
    """A change of the request that the province does not take, and the code that says why."""

    index: _Index
    code: _Code


class Answer(Struct, frozen=True, kw_only=True):
    """What the province says to a request. Signed by the province.

    `known` False: the province recognises none of the cursors; then `start` and `cursor` are START
    and there are no rows. Else the rows are those from `start.seq` + 1 to `cursor.seq`.
    """

    nonce: bytes
    known: bool
    start: Cursor
    rows: tuple[Row, ...]
    cursor: Cursor
    time: int  # seconds UTC, by the province's clock
    refused: tuple[Refusal, ...] = ()
    files: tuple[str, ...] = ()  # for each file asked about: leave to upload it, empty if it is held
    version: Literal[1] = VERSION

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes that the rows bring, without those of the request."""
        return tuple(row.change for row in self.rows if isinstance(row.change, Change))


class EnrolRequest(_Wire, frozen=True, kw_only=True):
    """A new device presents itself with the code it was given."""

    version: Literal[1] = VERSION
    code_hash: _Key
    device: _Number  # the stream it has drawn, which is its number as a signer too
    public_key: _Key  # Ed25519: what it signs with
    box_key: _Key  # X25519: what is sealed to it
    program: _Label  # version of the program
    mac: _Key  # HMAC-SHA256 under the code over the rest


class EnrolAnswer(_Wire, frozen=True, kw_only=True):
    """The province takes the device into a unit and shows its own key."""

    unit: _Label
    unit_name: _Name
    device_name: _Name
    province_key: _Key  # Ed25519
    box_key: _Key  # X25519: what sticks for the province are sealed to
    certificate: _Sealed  # an envelope of the province around a Certificate
    mac: _Key  # HMAC-SHA256 under the code over the rest and the request's own


class Certificate(_Wire, frozen=True, kw_only=True):
    """The province's word that a key is a device of a unit. Signed by the province."""

    device: _Number
    public_key: _Key
    box_key: _Key
    unit: _Label
    device_name: _Name
    at: _Number  # seconds UTC


# ---- the shapes on the wire ------------------------------------------------------------------


class _Cursor(_Wire, frozen=True):
    seq: _Number
    chain: _Eight


class _Request(_Wire, frozen=True):
    version: Literal[1]
    nonce: _Eight
    cursor: _Cursor
    changes: list[Any]
    earlier: Annotated[list[_Cursor], Meta(max_length=MAX_EARLIER)]
    back: Annotated[list[bytes], Meta(max_length=MAX_BACK)]
    files: Annotated[list[_Key], Meta(max_length=MAX_FILES)]


class _Answer(_Wire, frozen=True):
    version: Literal[1]
    nonce: _Eight
    known: bool
    start: _Cursor
    rows: list[Any]
    cursor: _Cursor
    refused: Annotated[list[Refusal], Meta(max_length=MAX_CHANGES)]
    time: _Number
    files: Annotated[list[_Leave], Meta(max_length=MAX_FILES)]


_T = TypeVar("_T", bound=_Wire)


def _shaped(value: Any, shape: type[_T]) -> _T:
    """The value as `shape`; the same for what is sent and what is received. Raises BadMessage."""
    try:
        return convert(value, shape, builtin_types=(bytes,))
    except ValidationError as error:
        raise BadMessage(why=str(error)) from error


def _packed(value: list[Any], shape: type[_Wire]) -> bytes:
    _shaped(value, shape)
    try:
        return strict.dumps(value)
    except strict.NotStrict as error:
        raise BadMessage(why=str(error)) from error


def _unpacked(data: bytes, shape: type[_T]) -> _T:
    try:
        value = strict.loads(data)
    except strict.NotStrict as error:
        raise BadMessage(why=str(error)) from error
    return _shaped(value, shape)


# ---- packing and unpacking -------------------------------------------------------------------


def pack_request(request: Request, keys: Mapping[str, Key] = NO_KEYS) -> bytes:
    """The bytes of a request. Raises BadMessage for what the other end would refuse.

    keys: what ids in its changes are made of, as far as that is known: it saves bytes, and the request that
    is read is the same.
    """
    return _packed(
        [
            request.version,
            request.nonce,
            list(request.cursor),
            _table(request.changes, keys),
            [list(cursor) for cursor in request.earlier],
            list(request.back),
            list(request.files),
        ],
        _Request,
    )


def unpack_request(data: bytes) -> Request:
    """The request in `data`. Raises BadMessage."""
    wire = _unpacked(data, _Request)
    table = _read(wire.changes, len(data))
    request = Request(
        version=wire.version,
        nonce=wire.nonce,
        cursor=_cursor(wire.cursor),
        changes=table.changes,
        earlier=tuple(_cursor(cursor) for cursor in wire.earlier),
        back=tuple(wire.back),
        files=tuple(wire.files),
    )
    _one_form(pack_request(request, table.keys), data)
    return request


def pack_answer(answer: Answer, keys: Mapping[str, Key] = NO_KEYS) -> bytes:
    """The bytes of an answer, with keys as for a request. Raises BadMessage for what nobody would take."""
    _check_answer(answer)
    return _packed(
        [
            answer.version,
            answer.nonce,
            answer.known,
            list(answer.start),
            _rows(answer.rows, keys),
            list(answer.cursor),
            [[refusal.index, refusal.code] for refusal in answer.refused],
            answer.time,
            list(answer.files),
        ],
        _Answer,
    )


def unpack_answer(data: bytes) -> Answer:
    """The answer in `data`. Raises BadMessage.

    Whether it answers this request, and whether its chain runs through, is for who asked.
    """
    wire = _unpacked(data, _Answer)
    rows, keys = _read_rows(wire.rows, len(data))
    answer = Answer(
        version=wire.version,
        nonce=wire.nonce,
        known=wire.known,
        start=_cursor(wire.start),
        rows=rows,
        cursor=_cursor(wire.cursor),
        refused=tuple(wire.refused),
        time=wire.time,
        files=tuple(wire.files),
    )
    _one_form(pack_answer(answer, keys), data)
    return answer


def pack_enrol_request(request: EnrolRequest) -> bytes:
    """The bytes of an enrolment. Raises BadMessage for what the other end would refuse."""
    return _packed(list(astuple(request)), EnrolRequest)


def unpack_enrol_request(data: bytes) -> EnrolRequest:
    """The enrolment in `data`; its MAC is not yet checked. Raises BadMessage."""
    return _unpacked(data, EnrolRequest)


def pack_enrol_answer(answer: EnrolAnswer) -> bytes:
    """The bytes of the answer to an enrolment. Raises BadMessage for what the other end would refuse."""
    return _packed(list(astuple(answer)), EnrolAnswer)


def unpack_enrol_answer(data: bytes) -> EnrolAnswer:
    """The answer in `data`; its MAC is not yet checked. Raises BadMessage."""
    return _unpacked(data, EnrolAnswer)


def pack_certificate(certificate: Certificate) -> bytes:
    """The bytes of a certificate, for an envelope of the province. Raises BadMessage."""
    return _packed(list(astuple(certificate)), Certificate)


def unpack_certificate(data: bytes) -> Certificate:
    """The certificate in `data`. Raises BadMessage."""
    return _unpacked(data, Certificate)


def _cursor(wire: _Cursor) -> Cursor:
    return Cursor(wire.seq, wire.chain)


def _table(changes: Sequence[Change], keys: Mapping[str, Key]) -> list[Any]:
    try:
        return columns.pack(changes, keys)
    except columns.UNFIT as error:
        raise BadMessage(why=str(error)) from error


def _read(wire: Any, size: int) -> columns.Table:
    try:
        return columns.unpack(wire, columns.budget(size))
    except columns.UNFIT as error:
        raise BadMessage(why=str(error)) from error


def _rows(rows: Sequence[Row], keys: Mapping[str, Key]) -> list[Any]:
    """How many rows, when they arrived, what is in each, and the table of the changes among them."""
    if not rows:
        return []
    if len(rows) > MAX_CHANGES or not all(0 <= row.arrived <= strict.INT_MAX for row in rows):
        raise BadMessage(why="too many rows, or one without its time")
    which = [row.change if isinstance(row.change, int) else _NEXT for row in rows]
    if not all(type(index) is int and _NEXT <= index < MAX_CHANGES for index in which):
        raise BadMessage(why="no index of a change")
    changes = [row.change for row in rows if isinstance(row.change, Change)]
    if len(changes) != which.count(_NEXT):
        raise BadMessage(why="no index of a change")
    arrived = pack_numbers([row.arrived for row in rows])
    return [len(rows), arrived, pack_numbers(which), _table(changes, keys)]


def _read_rows(wire: Any, size: int) -> tuple[tuple[Row, ...], Mapping[str, Key]]:
    if not wire:
        return (), NO_KEYS
    try:
        count, arrived, which, table = wire
        budget = columns.budget(size)
        budget.spend(count)
        read = columns.unpack(table, budget)
        changes = iter(read.changes)
        found = [next(changes) if index == _NEXT else index for index in unpack_numbers(which, count)]
        times = unpack_numbers(arrived, count)
        return tuple(map(Row, times, found)), read.keys
    except (*columns.UNFIT, StopIteration) as error:
        raise BadMessage(why=str(error)) from error


def _one_form(written: bytes, read: bytes) -> None:
    """What was read and is written again gives the same bytes, so nothing can be said in two ways."""
    if written != read:
        raise BadMessage(why="not the one form")


def _check_answer(answer: Answer) -> None:
    """What no shape can say: the numbers of an answer agree with one another."""
    if not answer.known and (answer.rows or answer.start != START or answer.cursor != START):
        raise BadMessage(why="rows after a cursor that is not known")
    if answer.cursor.seq != answer.start.seq + len(answer.rows):
        raise BadMessage(why="rows are missing")
    if not answer.rows and answer.cursor != answer.start:
        raise BadMessage(why="another cursor without a row")
