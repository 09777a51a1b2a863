"""Enrolment over the network: the code is the secret of both sides, nothing else is believed."""

from app.domain.errors import LedgerError
from app.domain.ids import random_id, random_stream
from app.services.opening import Newcomer
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


def enrol(link: Link, address: str, newcomer: Newcomer, program: str, *, ca: str = "") -> Identity:
    """Present this device with a code; returns who it is from now on. Nothing is kept here yet.

    ca: the certificate (PEM) that the address must show ever after; empty for those that the system trusts.
    newcomer: keeps its number if the answer gets lost: the same request gets the same answer.
    Raises CodeMistyped before anything is sent, CodeRefused, CodeUsed, CodeExpired, NoConnection, NoAnswer.
    """
    plain = enrolment.read_code(newcomer.code)
    request = enrolment.enrol_request(
        plain,
        device=newcomer.device,
        public_key=newcomer.public_key,
        box_key=newcomer.box_key,
        program=program,
    )
    answer = ask(link, request)
    if not enrolment.answer_holds(answer, request, plain):
        raise OtherProvince()
    check_certificate(answer, request)
    return Identity(
        unit=answer.unit,
        unit_name=answer.unit_name,
        device=newcomer.device,
        device_name=answer.device_name,
        stream=random_stream(),
        server=address,
        province_key=answer.province_key,
        certificate=answer.certificate,
        person=random_id(),
        box_key=answer.box_key,
        ca=ca,
    )


def ask(link: Link, request: messages.EnrolRequest) -> messages.EnrolAnswer:
    """Present a device; the answer is not proven yet.

    Raises CodeRefused and its kinds, NoConnection, NoAnswer.
    """
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
        return messages.unpack_enrol_answer(body)
    except BadMessage as error:
        raise NoAnswer() from error


def check_certificate(answer: messages.EnrolAnswer, request: messages.EnrolRequest) -> None:
    """Whether the province's word in an answer is signed, and is for this device. Raises OtherProvince."""
    try:
        _, payload = envelope.open(answer.certificate, lambda _: answer.province_key)
        said = messages.unpack_certificate(payload)
    except (BadEnvelope, BadMessage) as error:
        raise OtherProvince() from error
    theirs = (said.device, said.public_key, said.box_key, said.unit)
    if theirs != (request.device, request.public_key, request.box_key, answer.unit):
        raise OtherProvince()
