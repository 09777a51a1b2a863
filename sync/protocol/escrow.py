"""The key of a ledger in the province's keeping, so that a dead machine's copies can still be opened.

Beside each copy lies a slot: the data key, with the unit that it belongs to, sealed to the province (HPKE,
RFC 9180). Only the province opens it, and seals the key anew to a living machine of the same unit that asks.
What the slot is and which ledger it is of are bound in, so none can be passed off as another.
"""

from typing import Annotated, Literal, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from msgspec import Meta, Struct, ValidationError, convert

from app.domain.errors import LedgerError
from sync.protocol import strict
from sync.protocol.errors import BadMessage

ADDRESS = "/v1/escrow"
LIMIT = 4096
"""Bytes that a request may have."""

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_KEPT, _GIVEN = b"so-nhiem-vu escrow 1\0", b"so-nhiem-vu escrow again 1\0"
_KEY_BYTES = 32

_Id = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
_Sealed = Annotated[bytes, Meta(min_length=48, max_length=512)]


class EscrowClosed(LedgerError):
    """A slot that does not open here: damaged, of another ledger, or sealed to another key."""

    code = "escrow-closed"


class _Shape(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Begins with a word of its own: no other message that is signed does."""


class Request(_Shape, frozen=True, kw_only=True):
    """A device asks for the key of a copy of its unit. Signed by the device. ledger: its id, hex digits."""

    what: Literal["escrow"] = "escrow"
    version: Literal[1] = 1
    ledger: _Id
    slot: _Sealed


class Answer(_Shape, frozen=True, kw_only=True):
    """The key, sealed to the device that asked. Signed by the province."""

    what: Literal["escrow-key"] = "escrow-key"
    version: Literal[1] = 1
    ledger: _Id
    sealed: _Sealed


class _Content(_Shape, frozen=True, kw_only=True):
    version: Literal[1] = 1
    unit: Annotated[str, Meta(min_length=1, max_length=64)]
    key: Annotated[bytes, Meta(min_length=_KEY_BYTES, max_length=_KEY_BYTES)]


_T = TypeVar("_T", bound=_Shape)


def keep(data_key: bytes, *, unit: str, ledger: str, box_key: bytes) -> bytes:
    """The slot for a data key of 32 bytes. ledger: its id. box_key: the province's, X25519, 32 bytes."""
    plain = strict.dumps([1, unit, data_key])
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(box_key), info=_KEPT + ledger.encode())


def look_in(slot: bytes, ledger: str, private: X25519PrivateKey) -> tuple[str, bytes]:
    """Unit and data key in a slot, for the province alone. Raises EscrowClosed."""
    try:
        content = _read(_SUITE.decrypt(slot, private, info=_KEPT + ledger.encode()), _Content)
    except (InvalidTag, ValueError, BadMessage) as error:
        raise EscrowClosed() from error
    return content.unit, content.key


def give(data_key: bytes, *, ledger: str, box_key: bytes) -> bytes:
    """The data key sealed to a device. box_key: the device's."""
    return _SUITE.encrypt(data_key, X25519PublicKey.from_public_bytes(box_key), info=_GIVEN + ledger.encode())


def take(sealed: bytes, ledger: str, private: X25519PrivateKey) -> bytes:
    """The data key that was sealed to this device. Raises EscrowClosed."""
    try:
        found = _SUITE.decrypt(sealed, private, info=_GIVEN + ledger.encode())
    except (InvalidTag, ValueError) as error:
        raise EscrowClosed() from error
    if len(found) != _KEY_BYTES:
        raise EscrowClosed()
    return found


def pack_request(request: Request) -> bytes:
    """The bytes of a request, for an envelope of the device."""
    return strict.dumps([request.what, request.version, request.ledger, request.slot])


def unpack_request(data: bytes) -> Request:
    """The request in these bytes. Raises BadMessage."""
    return _read(data, Request)


def pack_answer(answer: Answer) -> bytes:
    """The bytes of an answer, for an envelope of the province."""
    return strict.dumps([answer.what, answer.version, answer.ledger, answer.sealed])


def unpack_answer(data: bytes) -> Answer:
    """The answer in these bytes. Raises BadMessage."""
    return _read(data, Answer)


def _read(data: bytes, shape: type[_T]) -> _T:
    try:
        return convert(strict.loads(data), shape, builtin_types=(bytes,))
    except (strict.NotStrict, ValidationError) as error:
        raise BadMessage(why=str(error)) from error
