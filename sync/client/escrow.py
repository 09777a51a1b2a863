"""Asks the province for the key of a copy that a dead machine of this unit left."""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.domain.errors import LedgerError
from app.services.opening import Opened
from sync.client.link import Link, NoAnswer, OtherProvince, Problem
from sync.protocol import envelope, escrow
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner
from sync.protocol.escrow import EscrowClosed

_PROVINCE_KID = 0


_SYNC_FIRST = "escrow-sync-first"
_REASONS = {
    EscrowClosed.code: EscrowClosed.code,
    "escrow-other-unit": "escrow-other-unit",
    "unknown-device": _SYNC_FIRST,  # not confirmed yet, or forgotten: an exchange mends both
}


class KeyRefused(LedgerError):
    """The province does not give the key. Facts: reason_code, of its reason."""

    code = "backup-key-refused"


def ask(link: Link, opened: Opened, ledger: str, slot: bytes) -> bytes:
    """The data key of 32 bytes in a slot. ledger: the id of the ledger that it is of.

    Raises NoConnection, NoAnswer, OtherProvince, KeyRefused.
    """
    identity = opened.ledger.identity
    request = escrow.pack_request(escrow.Request(ledger=ledger, slot=slot))
    try:
        escrow.unpack_request(request)
    except BadMessage as error:  # no slot of ours lay there
        raise KeyRefused(reason_code=EscrowClosed.code) from error
    try:
        raw = link.post(escrow.ADDRESS, envelope.seal(request, identity.device, opened.sign))
    except Problem as problem:
        if problem.problem in _REASONS:
            raise KeyRefused(reason_code=_REASONS[problem.problem]) from problem
        raise NoAnswer() from problem
    try:
        own = identity.province_key
        _, payload = envelope.open(raw, lambda kid: own if kid == _PROVINCE_KID else None, limit=escrow.LIMIT)
        answer = escrow.unpack_answer(payload)
    except UnknownSigner as error:
        raise NoAnswer() from error
    except BadEnvelope as error:
        raise (OtherProvince() if _looks_signed(raw) else NoAnswer()) from error
    except BadMessage as error:
        raise NoAnswer() from error
    private = X25519PrivateKey.from_private_bytes(opened.subkey("box"))
    try:
        return escrow.take(answer.sealed, ledger, private)
    except EscrowClosed as error:
        raise NoAnswer() from error


def _looks_signed(raw: bytes) -> bool:
    try:
        return envelope.peek_kid(raw) == _PROVINCE_KID
    except BadEnvelope:
        return False
