"""The signed report joins what was closed: its scan, or a PDF that was signed, here or in another program.

A scan is told by the small codes at the foot of its pages, and must be all pages of the content that was
closed; how they lie does not matter. A signed PDF must begin with the very bytes of the closed sheet. The
file is kept with the evidence and is sent before all other files.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from app.domain.errors import LedgerError
from app.domain.evidence import LIMIT, TOO_LARGE, FileRefused, check_secrecy, plain_name
from app.domain.reporting import Period
from app.record import outside
from app.reports.layout.footmark import PageMark
from app.services import evidence, sheets
from app.services.issuing import How, Issue, SignedFile, issue
from app.services.opening import Opened
from app.services.reports import Made, ReportElsewhere, ReportNotClosed, by_record, current, made
from app.services.weeks import Now
from app.storage import evidence as storage

if TYPE_CHECKING:
    from app.reports.signatures.verifying import Verdict

_PDF = b"%PDF-"
_SIGNED = re.compile(rb"/ByteRange|/(FT|Type)\s*/Sig\b")
_HASH = 8
_NAME = 200


class SheetUnread(LedgerError):
    """No code of ours was read at the foot of any page. Facts: file."""

    code = "sheet-unread"


class SheetOtherReport(LedgerError):
    """The scan is of another period. Facts: period, of the scan; wanted_period; page, of the file."""

    code = "sheet-other-report"


class SheetOtherLine(LedgerError):
    """The scan is of the same period to the other office. Facts: period, line."""

    code = "sheet-other-line"


class SheetOtherVersion(LedgerError):
    """The scan is of another version of the report. Facts: period, found, wanted (check codes)."""

    code = "sheet-other-version"


class SheetForeign(LedgerError):
    """The scan is of a report that this ledger does not hold. Facts: file, page."""

    code = "sheet-foreign"


class SheetPagesMissing(LedgerError):
    """Pages of the report are missing. Facts: missing ("3" or "3, 5"), pages."""

    code = "sheet-pages-missing"


class SheetUnsigned(LedgerError):
    """A PDF of the report without any signature. Facts: file."""

    code = "sheet-unsigned"


class SheetChanged(LedgerError):
    """A signed PDF that does not begin with the sheet as it was closed. Facts: file, period."""

    code = "sheet-changed"


class SheetChangedPages(LedgerError):
    """A signed PDF that is the report, but for some pages that look different now. Facts: file, pages."""

    code = "sheet-changed-pages"


class SheetBroken(LedgerError):
    """A signed PDF whose signatures do not hold. Facts: file."""

    code = "sheet-broken"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was read, before it is compared with anything.

    marks: of each page that has any, by its number in the file. turned: pages that lie turned. verdict: of
    the signatures in a PDF, None where it has none.
    """

    name: str
    content: bytes
    marks: tuple[tuple[int, PageMark], ...]
    turned: tuple[int, ...]
    verdict: "Verdict | None"


@dataclass(frozen=True, slots=True)
class Attached:
    """What came of it. report: as it stands now. turned: pages that were turned. warnings: of the issue."""

    report: Made
    file: SignedFile
    how: How
    turned: tuple[int, ...]
    warnings: tuple[LedgerError, ...]
    verdict: "Verdict | None"


def look(
    path: Path,
    *,
    stopped: Callable[[], bool] = lambda: False,
    told: Callable[[int], None] = lambda number: None,
) -> Seen:
    """Read a scan or a signed PDF; touches nothing of the ledger, so it may take its time elsewhere.

    told: hears the number of each page. Raises FileUnreadable, FileRefused, SecretRefused, SheetBroken, and
    what the reader of scans raises.
    """
    with outside.opened(path) as file:
        content = file.read(LIMIT + 1)
    name = plain_name(path.name)[-_NAME:]
    if len(content) > LIMIT:
        raise FileRefused(file=name, problem=TOO_LARGE)
    check_secrecy(path.name)
    verdict = _verdict(content)
    if verdict is not None:
        return Seen(name, content, (), (), verdict)
    if _SIGNED.search(content):  # what is left of a signature; it is no scan
        raise SheetBroken(file=name)
    from app.reports.scanning import reader  # late: it needs numpy

    marks: list[tuple[int, PageMark]] = []
    turned: list[int] = []
    for page in reader.read(content, name, stopped=stopped, told=told):
        marks += [(page.number, mark) for mark in page.marks]
        if page.turned and page.marks:
            turned.append(page.number)
    return Seen(name, content, tuple(marks), tuple(turned), None)


def attach(
    opened: Opened,
    seen: Seen,
    period: Period,
    line: str,
    entered: Issue,
    now: Now,
    *,
    keep: bool = False,
    by: str | None = None,
) -> Attached:
    """Keep what was read as the signed sheet of the report of a period, and what the clerk entered with it.

    keep: a scan of an earlier version of the report is taken too, which then is the one that counts. Raises
    ReportNotClosed and, when the file is not what was closed, the kinds of error of this module.
    """
    with opened.ledger.read() as connection:
        report = _compared(connection, seen, period, line, keep=keep)
    how: How = "ink" if seen.verdict is None else "digital"
    signed_at = None
    if seen.verdict is not None:
        first = seen.verdict.signatures[0]
        signed_at = None if first.time is None else int(first.time.timestamp())
        if not entered.signer.strip():
            entered = replace(entered, signer=first.signer)
        if not entered.number.strip() and seen.verdict.number:
            entered = replace(entered, number=seen.verdict.number, day=entered.day or seen.verdict.day)
    return store(opened, report.record, seen, entered, now, how=how, signed_at=signed_at, by=by)


def store(
    opened: Opened,
    record: str,
    seen: Seen,
    entered: Issue,
    now: Now,
    *,
    how: How,
    signed_at: int | None = None,
    by: str | None = None,
) -> Attached:
    """Seal a signed sheet and record that the report is signed, in one transaction; nothing is compared.

    Raises LowDisk, DiskFull, LedgerBusy, ReportNotClosed.
    """
    place = evidence.vault(opened)
    evidence.check_room(opened, len(seen.content))
    with place.alone():
        sha256 = place.put(seen.content)
        file = SignedFile(sha256, seen.name, len(seen.content))
        with opened.ledger.edit(by) as edit:
            storage.note(edit.connection, sha256, file.size, "sheet", opened.ledger.now())
            before = by_record(edit.connection, record)
            told = issue(edit, record, entered, now, how=how, signed_at=signed_at, file=file)
            if before is not None and before.sheet not in ("", sha256):
                storage.drop_sheet(edit.connection, before.sheet)
            report = by_record(edit.connection, record)
    assert report is not None
    return Attached(report, file, how, seen.turned, told, seen.verdict)


def _verdict(content: bytes) -> "Verdict | None":
    if _PDF not in content[:1024]:
        return None
    from app.reports.signatures import verifying

    try:
        found = verifying.verify(content)
    except verifying.NotReadable:
        return None  # a scanner's PDF may be odd; whether it can be read at all, its pages tell
    return found if found.signatures else None


def _compared(connection: Connection, seen: Seen, period: Period, line: str, *, keep: bool) -> Made:
    wanted = current(connection, period, line)
    if wanted is None:
        raise _of_another(connection, seen, period, line)
    if seen.verdict is not None:
        return _signed(connection, seen, wanted)
    if not seen.marks:
        raise SheetUnread(file=seen.name)
    versions = {bytes.fromhex(wanted.record): wanted}
    if keep:
        versions |= {bytes.fromhex(item.record): item for item in made(connection, period, line)}
    found = versions.get(seen.marks[0][1].report, wanted)
    for number, mark in seen.marks:
        if (mark.report, mark.hash8) != (bytes.fromhex(found.record), found.hash[:_HASH]):
            raise _other(connection, seen, number, mark, found)
    if _PDF in seen.content[:1024] and _is_sheet(connection, found, seen.content):
        raise SheetUnsigned(file=seen.name)
    pages = seen.marks[0][1].pages
    missing = sorted(set(range(1, pages + 1)) - {mark.page for _, mark in seen.marks})
    if missing:
        raise SheetPagesMissing(missing=", ".join(map(str, missing)), pages=pages)
    return found


def _of_another(connection: Connection, seen: Seen, period: Period, line: str) -> LedgerError:
    """What to say where the report that was named is not closed yet: which report the scan is of, if any."""
    for number, mark in seen.marks:
        held = by_record(connection, mark.report.hex())
        if held is not None and held.period != str(period):
            return SheetOtherReport(period=held.period, wanted_period=str(period), page=number)
        if held is not None and held.line != line:
            return SheetOtherLine(period=held.period, line=held.line)
    return ReportNotClosed(period=str(period))


def _other(connection: Connection, seen: Seen, number: int, mark: PageMark, wanted: Made) -> LedgerError:
    """Which report a page is of, where it is not the one that is wanted."""
    held = by_record(connection, mark.report.hex())
    if held is None or mark.hash8 != held.hash[:_HASH]:
        return SheetForeign(file=seen.name, page=number)
    if held.period != wanted.period:
        return SheetOtherReport(period=held.period, wanted_period=wanted.period, page=number)
    if held.line != wanted.line:
        return SheetOtherLine(period=held.period, line=held.line)
    return SheetOtherVersion(period=held.period, found=held.check_code, wanted=wanted.check_code)


def _signed(connection: Connection, seen: Seen, wanted: Made) -> Made:
    """The report of a signed PDF: its first revision is the sheet that was closed, byte for byte."""
    from app.reports.signatures import verifying

    assert seen.verdict is not None
    first = verifying.first_revision(seen.content)
    if _is_sheet(connection, wanted, first):
        if seen.verdict.intact:
            return wanted
        if pages := sorted({page for one in seen.verdict.signatures for page in one.pages}):
            raise SheetChangedPages(file=seen.name, pages=", ".join(map(str, pages)))
        raise SheetBroken(file=seen.name)
    others = [item for item in made(connection, None) if item.record != wanted.record]
    near = sorted(others, key=lambda item: item.period != wanted.period)
    other = next((item for item in near if _is_sheet(connection, item, first)), None)
    if other is None:
        raise _changed(connection, seen, wanted, first)
    mark = PageMark(bytes.fromhex(other.record), other.hash[:_HASH], 1, 1)
    raise _other(connection, seen, 1, mark, wanted)


def _changed(connection: Connection, seen: Seen, wanted: Made, first: bytes) -> LedgerError:
    """On which pages a signed PDF differs from the report, where most of them are the report's."""
    from app.reports.comparing import differing_pages

    ours = sheets.sheet(connection, wanted.record)
    pages = differing_pages(first, ours)
    if pages and (len(pages) < wanted.pages or len(first) == len(ours)):
        return SheetChangedPages(file=seen.name, pages=", ".join(map(str, pages)))
    return SheetChanged(file=seen.name, period=wanted.period)


def _is_sheet(connection: Connection, report: Made, first: bytes) -> bool:
    """Whether these bytes are the sheet of a report, with its codes or without."""
    try:
        if sheets.sheet(connection, report.record) == first:
            return True
        return any(sheets.sheet(connection, report.record, codes=data) == first for data in _data(first))
    except ReportElsewhere:
        return False


def _data(pdf: bytes) -> Sequence[bytes]:
    """What is attached to a PDF."""
    import pypdfium2

    from app.reports.pdfium import ONE_AT_A_TIME

    with ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError:
            return ()
        try:
            count = min(document.count_attachments(), 4)
            return [bytes(document.get_attachment(place).get_data()) for place in range(count)]
        finally:
            document.close()
