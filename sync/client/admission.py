"""A device that the province does not know yet, or does not know any more, makes itself known."""

from dataclasses import replace

from app.storage import meta
from app.storage.ledger import Ledger
from sync.client import enrolment
from sync.client.link import Link, NoAnswer, OtherProvince, Problem
from sync.protocol import messages


def confirm(ledger: Ledger, link: Link) -> None:
    """Have an enrolment by file confirmed, if this device's still waits for that; the first thing it says.

    Raises CodeRefused and its kinds, OtherProvince, NoConnection, NoAnswer.
    """
    identity = ledger.identity
    if not identity.enrolment:
        return
    request = messages.unpack_enrol_request(identity.enrolment)
    answer = enrolment.ask(link, request)
    # without the code, but the key was pinned by the file: the certificate is what it signed
    if answer.province_key != identity.province_key or answer.unit != identity.unit:
        raise OtherProvince()
    enrolment.check_certificate(answer, request)
    with ledger.edit() as edit:
        found = meta.read_identity(edit.connection)
        assert found is not None
        confirmed = replace(
            found, certificate=answer.certificate, device_name=answer.device_name, enrolment=b""
        )
        meta.write_identity(edit.connection, confirmed)
        edit.name_machine()


def readmit(ledger: Ledger, link: Link) -> None:
    """Show the province its own word for this device: it may have gone back to before it enrolled it.

    Raises OtherProvince, NoConnection, NoAnswer.
    """
    try:
        link.post("/v1/devices", ledger.identity.certificate)
    except Problem as problem:
        raise (OtherProvince() if problem.problem == "not-our-certificate" else NoAnswer()) from problem
