"""Seals the key of a dead machine's copies anew, to a living machine of the same unit."""

import logging

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select

from app.domain.errors import LedgerError
from sync.protocol import envelope, escrow
from sync.protocol.escrow import LIMIT
from sync.server.exchange import UnknownDevice
from sync.server.store import Store, derived
from sync.server.tables import device

_log = logging.getLogger("so_nhiem_vu.server")


class EscrowOtherUnit(LedgerError):
    """The copy is of another unit than the machine that asks for its key."""

    code = "escrow-other-unit"


def reseal(store: Store, sealed: bytes) -> bytes:
    """The signed answer to a signed request for the key of a copy.

    Raises BadEnvelope, BadMessage, UnknownDevice, EscrowClosed, EscrowOtherUnit.
    """
    with store.read() as connection:
        number = envelope.peek_kid(sealed)
        sender = connection.execute(select(device).where(device.c.id == number)).first()
        if sender is None or sender.box_key is None:
            raise UnknownDevice(device=f"{number:x}")
        own = bytes(sender.public_key)
        _, payload = envelope.open(sealed, lambda kid: own if kid == number else None, limit=LIMIT)
        request = escrow.unpack_request(payload)
        private = X25519PrivateKey.from_private_bytes(derived(connection, "box"))
        unit, key = escrow.look_in(request.slot, request.ledger, private)
        if unit != sender.unit:
            raise EscrowOtherUnit()
        _log.info("the key of ledger %s was given to machine %x of %s", request.ledger, number, unit)
        given = escrow.give(key, ledger=request.ledger, box_key=bytes(sender.box_key))
        answer = escrow.pack_answer(escrow.Answer(ledger=request.ledger, sealed=given))
        return store.sign(connection, answer)


__all__ = ["LIMIT", "EscrowOtherUnit", "reseal"]
