"""Machines that come by stick or on paper: known here, or made known by the paper that they show."""

from sqlalchemy import select

from app.domain.errors import LedgerError
from sync.protocol import envelope, messages
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner
from sync.server import enrolment
from sync.server.store import PROVINCE_KID, Store
from sync.server.tables import device

_CERTIFICATE = b"\xd2"  # how an envelope begins; an enrolment that waits begins otherwise


class NotIntroduced(LedgerError):
    """A machine that this province does not know, with nothing that would make it known."""

    code = "unknown-device"


def sender(store: Store, kid: int, introduction: bytes) -> tuple[bool, bytes]:
    """Whether a machine is known here, and the key that it signs with. Raises NotIntroduced."""
    with store.read() as connection:
        held = connection.execute(select(device).where(device.c.id == kid)).first()
        own = store.public_key(connection)
    if held is not None:
        return True, bytes(held.public_key)
    try:
        shown = _shown(introduction, own)
    except (BadEnvelope, UnknownSigner, BadMessage) as error:
        raise NotIntroduced() from error
    if shown.device != kid:
        raise NotIntroduced()
    return False, shown.public_key


def make_known(store: Store, introduction: bytes) -> None:
    """Take a machine in by what it shows. Raises what `enrolment.enrol` and `enrolment.readmit` raise."""
    if introduction.startswith(_CERTIFICATE):
        enrolment.readmit(store, introduction)
    else:
        enrolment.enrol(store, introduction)


def _shown(paper: bytes, own: bytes) -> messages.Certificate | messages.EnrolRequest:
    if not paper.startswith(_CERTIFICATE):
        return messages.unpack_enrol_request(paper)
    _, payload = envelope.open(paper, lambda kid: own if kid == PROVINCE_KID else None)
    return messages.unpack_certificate(payload)
