"""Enrolment by a file on a stick: the officer works at once, the province confirms when it hears of it."""

from pathlib import Path

from app.domain.change import START, Change, Cursor
from app.domain.errors import LedgerError
from app.domain.ids import random_id, random_stream
from app.domain.periods import show_date, today
from app.record import outside
from app.services.opening import Newcomer
from app.storage.ledger import Ledger
from app.storage.meta import Identity
from app.storage.receiving import Delivery
from sync.protocol import enrolment, envelope, messages
from sync.protocol import enrolment_file as form
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner

VALID_DAYS = 30
NEW_MACHINE = "Máy mới"
"""How a machine is called until the province names it: data like the names that the province gives."""


class EnrolFileOld(LedgerError):
    """The file is older than a code is good for. Facts: created (a day), days."""

    code = "enrol-file-old"


class EnrolmentFile:
    """A file of enrolment that holds: `content`, and the answer in it, taken in by the new ledger."""

    def __init__(self, content: form.EnrolFile, delivery: Delivery) -> None:
        self.content = content
        self._delivery = delivery

    @property
    def tasks(self) -> int:
        """How many tasks the unit has in it."""
        return len({made.id for _, made in self._delivery.rows if made.entity == "assignment"})

    def identity(self, newcomer: Newcomer, program: str, *, server: str = "", ca: str = "") -> Identity:
        """Who this device is until the province confirms it. server, ca: else those of the file."""
        request = enrolment.enrol_request(
            self.content.code,
            device=newcomer.device,
            public_key=newcomer.public_key,
            box_key=newcomer.box_key,
            program=program,
        )
        return Identity(
            unit=self.content.unit,
            unit_name=self.content.unit_name,
            device=newcomer.device,
            device_name=NEW_MACHINE,
            stream=random_stream(),
            server=server or self.content.server,
            province_key=self.content.province_key,
            certificate=b"",
            person=random_id(),
            box_key=self.content.box_key,
            ca=ca or self.content.ca,
            enrolment=messages.pack_enrol_request(request),
        )

    def fill(self, ledger: Ledger) -> None:
        """Take what the unit has into a new ledger."""
        ledger.receive(self._delivery)


def read(path: Path, now: int) -> EnrolmentFile:
    """Read a file of enrolment; nothing is kept. now: this machine's clock, seconds UTC.

    Raises FileUnreadable, EnrolFileForeign, EnrolFileUnsigned, EnrolFileOld.
    """
    with outside.opened(path) as file:
        data = file.read(form.LIMIT + 1)
    if len(data) > form.LIMIT:
        raise form.EnrolFileForeign(file=str(path))
    content = form.read(data, str(path))
    delivery = _delivery(content, str(path))
    if now - content.created > VALID_DAYS * 86_400:
        raise EnrolFileOld(created=show_date(today(content.created)), days=VALID_DAYS)
    return EnrolmentFile(content, delivery)


def _delivery(content: form.EnrolFile, file: str) -> Delivery:
    try:
        _, payload = envelope.open(
            content.answer, lambda kid: content.province_key if kid == form.PROVINCE_KID else None
        )
        answer = messages.unpack_answer(payload)
    except (BadEnvelope, UnknownSigner, BadMessage) as error:
        raise form.EnrolFileUnsigned(file=file) from error
    rows = tuple((row.arrived, row.change) for row in answer.rows if isinstance(row.change, Change))
    if answer.start != START or not answer.known or len(rows) != len(answer.rows):
        raise form.EnrolFileUnsigned(file=file)
    return Delivery(START, START, rows, Cursor(*answer.cursor), (), answer.time, content.answer)
