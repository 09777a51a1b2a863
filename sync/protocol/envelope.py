"""An envelope: one message, signed by a device or by the province.

COSE_Sign1 (RFC 9052) with Ed25519 (-19, RFC 9864), described in `envelope.cddl`: tag 18, the
algorithm and the signer's number in the protected header, nothing in the unprotected one.

There is one way only to write an envelope. Opening takes it apart, writes it again from signer,
payload and signature, and compares the bytes: other headers, other algorithms, other lengths and
bytes behind the end have no place to hide. Only then is the signature looked at, and only after it
holds is the payload unpacked.
"""

import base64
import hashlib
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.protocol import payload as payloads
from sync.protocol import strict
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner

MEDIA_TYPE = "application/cose"

_TAG = b"\xd2"  # tag 18, COSE_Sign1
_ALGORITHM, _KID = 1, 4
_ED25519 = -19
_KID_BYTES = 8
_NAME_BYTES = 16
_SIGNATURE_BYTES = 64


def seal(payload: bytes, kid: int, sign: Callable[[bytes], bytes]) -> bytes:
    """The signed envelope around a message.

    payload: the message, as `messages` packs it; it is pressed here where that makes it shorter.
    kid: the signer's number, 0 to 2**63 - 1: a device's stream, or the province's own number.
    sign: gives the 64 bytes of the Ed25519 signature over what it is handed; the key stays where it is.
    """
    protected = _protected(kid)
    carried = payloads.wrap(payload)
    return _write(protected, carried, sign(_to_be_signed(protected, carried)))


def open(
    envelope: bytes, key_of: Callable[[int], bytes | None], *, limit: int = payloads.LIMIT
) -> tuple[int, bytes]:
    """The signer's number and the message, once the signature holds.

    key_of: the 32 bytes of the public key of a signer, None for a stranger.
    limit: how many bytes the message may have when unpacked.
    Raises BadEnvelope, UnknownSigner, BadMessage for what only a newer program can unpack.
    """
    kid, protected, carried, signature = _read(envelope)
    key = key_of(kid)
    if key is None:
        raise UnknownSigner(kid=kid)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, _to_be_signed(protected, carried))
        return kid, payloads.unwrap(carried, limit)
    except payloads.NewerPayload as error:
        raise BadMessage(why=str(error)) from error
    except (InvalidSignature, ValueError) as error:
        raise BadEnvelope from error


def peek_kid(envelope: bytes) -> int:
    """The signer whom a well-formed envelope names; nothing is verified. Raises BadEnvelope."""
    return _read(envelope)[0]


def peek_start(start: bytes) -> int | None:
    """The signer whom an envelope names of which only the first bytes have come; None if they are too few.

    Nothing is verified. Raises BadEnvelope where no envelope begins so.
    """
    head = start[: len(_HEAD) + _KID_BYTES]
    if not _HEAD.startswith(head[: len(_HEAD)]):
        raise BadEnvelope
    if len(head) < len(_HEAD) + _KID_BYTES:
        return None
    kid = int.from_bytes(head[len(_HEAD) :], "big")
    if kid > strict.INT_MAX:
        raise BadEnvelope
    return kid


def name(envelope: bytes) -> str:
    """The name of an envelope on its way: base64url of the first 16 bytes of its SHA-256, 22 characters."""
    return base64.urlsafe_b64encode(hashlib.sha256(envelope).digest()[:_NAME_BYTES]).rstrip(b"=").decode()


def _protected(kid: int) -> bytes:
    if not 0 <= kid <= strict.INT_MAX:
        raise ValueError("a signer's number has 63 bits")
    return strict.dumps({_ALGORITHM: _ED25519, _KID: kid.to_bytes(_KID_BYTES, "big")}, 1)


def _to_be_signed(protected: bytes, carried: bytes) -> bytes:
    """Sig_structure of RFC 9052, section 4.4, with no data from outside."""
    return strict.dumps(["Signature1", protected, b"", carried], 1)


def _write(protected: bytes, carried: bytes, signature: bytes) -> bytes:
    if len(signature) != _SIGNATURE_BYTES:
        raise ValueError("an Ed25519 signature has 64 bytes")
    return _TAG + strict.dumps([protected, {}, carried, signature], 2)


def _read(envelope: bytes) -> tuple[int, bytes, bytes, bytes]:
    """Signer, protected header, payload as carried, signature. Raises BadEnvelope."""
    try:
        if envelope[:1] != _TAG:
            raise ValueError("not a COSE_Sign1")
        match strict.loads(envelope[1:], 2):
            case [bytes(protected), dict(), bytes(carried), bytes(signature)]:
                kid = _kid(strict.loads(protected, 1))
            case _:
                raise ValueError("not the four parts")
        rebuilt = _write(_protected(kid), carried, signature)
    except ValueError as error:
        raise BadEnvelope from error
    if rebuilt != envelope:
        raise BadEnvelope
    return kid, protected, carried, signature


def _kid(header: strict.Plain) -> int:
    match header:
        case {4: bytes(kid)} if len(kid) == _KID_BYTES:
            return int.from_bytes(kid, "big")
        case _:
            raise ValueError("no signer")


_HEAD = _TAG + b"\x84" + strict.dumps(_protected(0), 1)[:-_KID_BYTES]
"""How every envelope begins, up to the signer's number."""
