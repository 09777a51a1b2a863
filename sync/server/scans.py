"""Paper at the province: scanned sheets give back what a commune's machine signed, and are kept themselves.

Symbols are kept across scans, and nothing enters before enough of a set are there. Then the whole is opened,
its signature verified, and it is taken as a request that came by network; what is taken counts once, by
whichever road it came first.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, select

from app.domain.change import Change
from app.domain.errors import LedgerError
from app.record import log, symbols
from app.record.files import ours, write_whole
from app.record.tables import rows
from app.reports.canonical import check_code
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
from sync.protocol import envelope, messages, paper
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner
from sync.server import exchange, introducing
from sync.server.store import PROVINCE_KID, Store
from sync.server.tables import device, scan, scanned

_NAME = 200


class SheetsUnknown(LedgerError):
    """Sheets of a machine that this province does not know, with nothing that would make it known."""

    code = "paper-machine-unknown"


class NotSigned(LedgerError):
    """Codes that were read whole, and are not signed by whom they name."""

    code = "paper-signer"


class IsReceipt(LedgerError):
    """Codes of a receipt, which the commune scans."""

    code = "paper-is-receipt"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a whole set says. sender: the machine's number. request: the message inside the envelope."""

    sender: int
    envelope: bytes
    introduction: bytes
    request: messages.Request
    known: bool

    @property
    def report(self) -> str:
        """The report that the codes are printed with: its own change is the last."""
        return self.request.changes[-1].id


def take(store: Store, folder: Path, paths: Sequence[Path], reader: Reader = read_scan) -> Scanned:
    """Take in the scans in these files; each report in them whole or not at all.

    folder: the scans are kept there. reader: reads the pages of a file. One report that cannot be taken, or a
    file that cannot be read, holds up no other. Raises DiskFull, LedgerNoAccess, LedgerBusy.
    """

    def files() -> Iterable[tuple[str, Callable[[], bytes]]]:
        for path in paths:
            yield str(path), lambda path=path: content_of(path)  # type: ignore[misc]

    return take_files(store, folder, files(), reader)


def take_files(
    store: Store, folder: Path, files: Iterable[tuple[str, Callable[[], bytes]]], reader: Reader = read_scan
) -> Scanned:
    """As `take`; files: the name of each, and what gives its content or raises LedgerError."""
    pile, unread = Pile(), list[tuple[str, LedgerError]]()
    kept: dict[str, tuple[str, str, int]] = {}
    for name, content_from in files:
        try:
            content = content_from()
            pages = list(reader(content, Path(name).name))
        except LedgerError as error:
            unread.append((name, error))
            continue
        if pile.add(name, pages):
            kept[name] = _keep(folder, content), Path(name).name[-_NAME:], len(content)
    _note(store, kept.values())
    results = tuple(_take(store, found, [kept[n][0] for n in found.files]) for found in pile.sets.values())
    _note_marks(store, {kept[n][0]: reports for n, reports in pile.marked.items() if n in kept})
    marked = {report for reports in pile.marked.values() for report in reports}
    return Scanned(results, tuple(pile.foreign), tuple(sorted(marked)), tuple(unread))


def opened(store: Store, data: bytes) -> Opened:
    """Open and verify what a whole set carries; nothing is taken.

    Raises IsReceipt, SheetsUnknown, NotSigned, PaperNewer, BadMessage.
    """
    carried = paper.unpack(data)
    try:
        number = envelope.peek_kid(carried.envelope)
        if number == PROVINCE_KID:
            raise IsReceipt()
        known, key = introducing.sender(store, number, carried.introduction)
        _, payload = envelope.open(
            carried.envelope, lambda kid: key if kid == number else None, limit=paper.MAX_UNPACKED
        )
    except introducing.NotIntroduced as error:
        raise SheetsUnknown() from error
    except (BadEnvelope, UnknownSigner) as error:
        raise NotSigned() from error
    request = messages.unpack_request(payload)
    if not request.changes or request.changes[-1].entity != "report":
        raise BadMessage(why="codes that belong to no report")
    return Opened(number, carried.envelope, carried.introduction, request, known)


# ---- one set ---------------------------------------------------------------------------------------


def _take(store: Store, found: CodeSet, files: Sequence[str]) -> ScanResult:
    with store.write() as connection:
        kept = symbols.held(connection, found.page_set, found.k, found.n)
        read = put_together(found, kept, symbols.whole(connection, found.page_set))
        if read.spoiled:
            symbols.forget(connection, found.page_set)
        symbols.keep(connection, found.page_set, found.k, found.n, found.bodies, store.now())
    result = ScanResult(found.page_set, read.symbols, found.k, read.missing)
    if read.data is None:
        return result
    try:
        what = opened(store, read.data)
        if not what.known:
            introducing.make_known(store, what.introduction)
        return _enter(store, what, read.data, files, result)
    except LedgerError as error:
        return replace(result, problem=error)


def _enter(store: Store, what: Opened, data: bytes, files: Sequence[str], result: ScanResult) -> ScanResult:
    """What a verified set says enters, with its scan and the set itself, in one transaction."""
    changes = what.request.changes
    with store.write() as connection:
        known = len(log.held_names(connection, [made.name for made in changes]))
        sealed = exchange.answer(store, connection, what.envelope)
        own = store.public_key(connection)
        said = messages.unpack_answer(envelope.open(sealed, lambda _: own)[1])
        symbols.put_together(connection, result.page_set, data, store.now())
        _note_scanned(connection, files, what.report)
        sender = connection.execute(select(device).where(device.c.id == what.sender)).one()
        name = _unit_name(connection, sender.unit)
        period, line, check = _facts(connection, what.report, changes)
    refused = tuple(item.code for item in said.refused)
    return replace(
        result,
        missing_pages=(),
        report=what.report,
        unit=sender.unit,
        unit_name=name,
        period=period,
        new=len(changes) - known - len(refused),
        known=known,
        refused=refused,
        machine=sender.name,
        line=line,
        check_code=check,
        enrolled=not what.known,
    )


def _facts(connection: Connection, report: str, changes: Sequence[Change]) -> tuple[str | None, str, str]:
    """The period and the line of a report, and the check code of its content."""
    told: dict[str, object] = {}
    for made in changes:
        if made.id == report:
            told |= made.fields
    table = rows["report"]
    query = select(table.c.period, table.c.line, table.c.hash).where(table.c.id == report)
    held = connection.execute(query).first()
    if held is not None:
        told |= {"period": held.period, "line": held.line, "hash": held.hash}
    period, hash = told.get("period"), told.get("hash")
    return (
        None if period is None else str(period),
        str(told.get("line") or ""),
        check_code(bytes(hash)) if isinstance(hash, bytes) else "",
    )


def _unit_name(connection: Connection, unit: str) -> str:
    table = rows["unit"]
    return str(connection.execute(select(table.c.name).where(table.c.code == unit)).scalar() or unit)


# ---- the scans themselves ----------------------------------------------------------------------------


def _keep(folder: Path, content: bytes) -> str:
    """Keep a scan under its SHA-256, once. Raises DiskFull, LedgerNoAccess."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = folder / sha256[:2] / sha256
    try:
        if target.stat().st_size == len(content):
            return sha256
    except OSError:
        pass
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ours(error, target) from error
    write_whole(target, content, private=True)
    return sha256


def _note(store: Store, files: Iterable[tuple[str, str, int]]) -> None:
    with store.write() as connection:
        for sha256, name, size in files:
            known = connection.execute(select(scan.c.sha256).where(scan.c.sha256 == sha256)).first()
            if known is None:
                connection.execute(scan.insert().values(sha256=sha256, name=name, size=size, at=store.now()))


def _note_marks(store: Store, marked: dict[str, set[str]]) -> None:
    """The signed pages themselves: which reports they say that they are of."""
    with store.write() as connection:
        for sha256, reports in marked.items():
            for report in sorted(reports):
                _note_scanned(connection, [sha256], report)


def _note_scanned(connection: Connection, files: Iterable[str], report: str) -> None:
    for sha256 in sorted(set(files)):
        same = (scanned.c.sha256 == sha256, scanned.c.report == report)
        if connection.execute(select(scanned.c.report).where(*same)).first() is None:
            connection.execute(scanned.insert().values(sha256=sha256, report=report))
