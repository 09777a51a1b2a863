"""Enrolment over the network: the code is the secret of both sides, nothing else is believed."""

from app.domain.errors import LedgerError
from app.domain.ids import random_id, random_stream
from app.storage.meta import Identity
from sync.client.link import Link, NoAnswer, OtherProvince, Problem
from sync.protocol import enrolment, envelope, messages
from sync.protocol.errors import BadEnvelope, BadMessage


class CodeRefused(LedgerError):
    """The province does not take the code. Facts: what the province added."""

    code = "code-unknown"


class CodeUsed(CodeRefused):
    """The code was used before. Facts: device, the name of the machine that used it."""

    code = "code-used"


class CodeExpired(CodeRefused):
    """The code is older than 30 days."""

    code = "code-expired"


def enrol(link: Link, address: str, code: str, device: int, public_key: bytes, program: str) -> Identity:
    """Present this device with a code; returns who it is from now on. Nothing is kept here yet.

    device: the number that it goes on using if the answer gets lost: the same request gets the same answer.
    Raises CodeMistyped before anything is sent, CodeRefused, CodeUsed, CodeExpired, NoConnection, NoAnswer.
    """
    plain = enrolment.read_code(code)
    request = enrolment.enrol_request(plain, device=device, public_key=public_key, program=program)
    try:
        body = link.post("/v1/enrol", messages.pack_enrol_request(request))
    except Problem as problem:
        kinds: dict[str, type[CodeRefused]] = {
            kind.code: kind for kind in (CodeRefused, CodeUsed, CodeExpired)
        }
        if problem.problem not in kinds:
            raise NoAnswer() from problem
        facts = {"device": problem.facts.get("device", "")}
        raise kinds[problem.problem](**facts) from problem
    try:
        answer = messages.unpack_enrol_answer(body)
    except BadMessage as error:
        raise NoAnswer() from error
    if not enrolment.answer_holds(answer, request, plain):
        raise OtherProvince()
    _check_certificate(answer, device, public_key)
    return Identity(
        unit=answer.unit,
        unit_name=answer.unit_name,
        device=device,
        device_name=answer.device_name,
        stream=random_stream(),
        server=address,
        province_key=answer.province_key,
        certificate=answer.certificate,
        person=random_id(),
    )


def _check_certificate(answer: messages.EnrolAnswer, device: int, public_key: bytes) -> None:
    try:
        _, payload = envelope.open(answer.certificate, lambda _: answer.province_key)
        said = messages.unpack_certificate(payload)
    except (BadEnvelope, BadMessage) as error:
        raise OtherProvince() from error
    if (said.device, said.public_key, said.unit) != (device, public_key, answer.unit):
        raise OtherProvince()
