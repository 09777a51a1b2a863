"""The road on paper: what the codes of a report carry, and the province's receipt on the way back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.errors import LedgerError
from app.record import symbols
from app.record.keys import keys_of
from app.reports.paper import frames
from app.reports.paper.piles import (
    CodeSet,
    Pile,
    Reader,
    Scanned,
    ScanResult,
    content_of,
    put_together,
    read_scan,
)
from app.services import papers
from app.services.opening import Opened
from app.services.papers import Certified, Wants
from app.storage import papers as table
from app.storage.ledger import Edit
from app.storage.meta import Identity
from sync.protocol import envelope, messages, paper
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner


class NotSigned(LedgerError):
    """Codes that were read whole, and are not signed by whom they name."""

    code = "paper-signer"


class IsReport(LedgerError):
    """Codes of a report, which the province scans."""

    code = "paper-is-report"


class OtherUnit(LedgerError):
    """A receipt for another commune. Facts: unit."""

    code = "paper-other-unit"


class OtherMachine(LedgerError):
    """A receipt for another machine of this commune. Facts: device, its name."""

    code = "paper-other-machine"


class OtherProvince(LedgerError):
    """A receipt that the province of this machine did not sign."""

    code = "paper-other-province"


def printed(opened: Opened, record: str) -> bytes:
    """The bytes that the codes of a report are cut from; printed again, the same while they wait.

    record: of the report. Nothing is deleted by it. Raises UnknownReport, TooMuchForPaper.
    """
    ledger = opened.ledger
    with ledger.edit() as edit:
        wanted = papers.wants(edit.connection, record)
        last = papers.again(edit.connection, record, wanted)
        if last is not None:
            return last.carried
        made = _fitting(opened, edit, wanted)
        table.note(edit.connection, record, made.nonce, made.request, made.carried, ledger.now())
        return made.carried


def take(opened: Opened, paths: Sequence[Path], reader: Reader | None = None) -> Scanned:
    """Read scans at the commune: receipts are taken, each whole or not at all; reports are only told.

    Symbols are kept until their set is whole, so that a page may be scanned later. One receipt that cannot
    be taken holds up no other. reader: reads the pages of a file.
    """
    pile, unread = Pile(), list[tuple[str, LedgerError]]()
    for path in paths:
        try:
            pages = list((reader or read_scan)(content_of(path), path.name))
        except LedgerError as error:
            unread.append((str(path), error))
        else:
            pile.add(str(path), pages)
    results = tuple(_take(opened, found) for found in pile.sets.values())
    marked = {report for reports in pile.marked.values() for report in reports}
    return Scanned(results, tuple(pile.foreign), tuple(sorted(marked)), tuple(unread))


# ---- out -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Made:
    nonce: bytes
    request: bytes
    carried: bytes


_CHOICES = ((True, True, True), (True, True, False), (True, False, False), (False, False, False))
"""What goes along where it costs no page more: what is late, all else that waits, the certificate."""


def _fitting(opened: Opened, edit: Edit, wanted: Wants) -> _Made:
    least = _make(opened, edit, wanted, late=False, more=False, certified=False)
    pages = frames.pages_for(len(least.carried))
    for late, more, certified in _CHOICES[:-1]:
        made = _make(opened, edit, wanted, late=late, more=more, certified=certified)
        if len(made.carried) <= frames.room(pages):
            return made
    return least


def _make(opened: Opened, edit: Edit, wanted: Wants, *, late: bool, more: bool, certified: bool) -> _Made:
    identity = opened.ledger.identity
    request = papers.request(edit.connection, wanted, late=late, more=more)
    packed = messages.pack_request(request, keys_of(edit.connection, request.changes))
    sealed = envelope.seal(packed, identity.device, opened.sign)
    introduction = identity.enrolment or (identity.certificate if certified else b"")
    return _Made(request.nonce, packed, paper.pack(paper.Carried(sealed, introduction)))


# ---- back ----------------------------------------------------------------------------------------


def _take(opened: Opened, found: CodeSet) -> ScanResult:
    ledger = opened.ledger
    with ledger.edit() as edit:
        connection = edit.connection
        kept = symbols.held(connection, found.page_set, found.k, found.n)
        read = put_together(found, kept, symbols.whole(connection, found.page_set))
        if read.spoiled:
            symbols.forget(connection, found.page_set)
        if read.data is None:
            symbols.keep(connection, found.page_set, found.k, found.n, found.bodies, ledger.now())
    result = ScanResult(found.page_set, read.symbols, found.k, read.missing)
    if read.data is None:
        return result
    try:
        return _take_whole(opened, read.data, result)
    except LedgerError as error:
        return replace(result, problem=error)


def _take_whole(opened: Opened, data: bytes, result: ScanResult) -> ScanResult:
    identity = opened.ledger.identity
    carried = paper.unpack(data)
    if envelope.peek_kid(carried.envelope) != paper.PROVINCE_KID:
        return _told_only(opened, data, result)
    certificate = _certificate(carried.introduction, identity)
    answer = messages.unpack_answer(_opened(carried.envelope, identity))
    certified = None
    if not identity.certificate:
        certified = _confirmed(certificate, carried.introduction, identity)
    done = papers.receive(opened.ledger, answer, carried.envelope, certified, len(data))
    _keep(opened, result.page_set, data)
    return replace(
        result,
        report=done.report,
        unit=identity.unit,
        unit_name=identity.unit_name,
        period=done.period,
        new=done.sent + done.received,
        known=done.known,
        refused=done.refused,
        told=done.told,
        machine=certificate.device_name,
        enrolled=certified is not None,
    )


def _told_only(opened: Opened, data: bytes, result: ScanResult) -> ScanResult:
    """Pages of a report: of this ledger's own it is told which, and that all of it can be read."""
    with opened.ledger.read() as connection:
        own = table.of_bytes(connection, data)
        period = None if own is None else papers.period(connection, own.report)
    if own is None:
        raise IsReport()
    return replace(
        result,
        report=own.report,
        unit=opened.ledger.identity.unit,
        unit_name=opened.ledger.identity.unit_name,
        period=period,
        known=len(messages.unpack_request(own.request).changes),
        told=(IsReport.code,),
    )


def _keep(opened: Opened, page_set: bytes, data: bytes) -> None:
    with opened.ledger.edit() as edit:
        symbols.put_together(edit.connection, page_set, data, opened.ledger.now())


def _certificate(sealed: bytes, identity: Identity) -> messages.Certificate:
    """For whom a receipt is. Raises OtherProvince, OtherUnit, OtherMachine, BadMessage."""
    certificate = messages.unpack_certificate(_opened(sealed, identity))
    if certificate.unit != identity.unit:
        raise OtherUnit(unit=certificate.unit)
    if certificate.device != identity.device:
        raise OtherMachine(device=certificate.device_name)
    return certificate


def _opened(sealed: bytes, identity: Identity) -> bytes:
    key = identity.province_key
    try:
        _, payload = envelope.open(
            sealed, lambda kid: key if kid == paper.PROVINCE_KID else None, limit=paper.MAX_UNPACKED
        )
    except (BadEnvelope, UnknownSigner) as error:
        raise OtherProvince() from error
    return payload


def _confirmed(said: messages.Certificate, sealed: bytes, identity: Identity) -> Certified:
    """The province's word for a machine that waited for it. Raises BadMessage for another key."""
    asked = messages.unpack_enrol_request(identity.enrolment)
    if (said.public_key, said.box_key) != (asked.public_key, asked.box_key):
        raise BadMessage(why="a certificate of another machine")
    return Certified(sealed, said.device_name)
