"""Reports that were closed: what each says, word for word, and how far it has come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from app.domain.errors import LedgerError
from app.domain.periods import Week
from app.domain.reporting import Period
from app.record.log import of_records
from app.record.tables import rows
from app.reports import canonical
from app.reports.blocks import Content
from app.services import exchange, machines
from app.storage import frozen, meta

State = Literal["draft", "closed", "signed", "received", "returned"]
"""«Đang viết», «Chờ ký», «Đã ký, chờ gửi», «Tỉnh đã nhận», «Tỉnh trả lại»."""


class ReportNotClosed(LedgerError):
    """There is no closed report. Facts: period."""

    code = "report-not-closed"


class ReportElsewhere(LedgerError):
    """The report was closed at another machine, and its words are kept there. Facts: period, machine."""

    code = "report-elsewhere"


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was closed, here or at another machine of the unit.

    record: its id. hash: SHA-256 of its content. made_at, data_at, signed_at: seconds UTC, by this program's
    own record. pages: without pages of codes; 0 where that is not known. number, date, signer: of issue.
    replaces: id of the report that it corrects. signed: ink or digital, "" while it waits. sheet: SHA-256 of
    the signed file, in hex.
    """

    record: str
    period: str
    line: str
    hash: bytes
    made_at: int
    pages: int
    data_at: int
    number: str
    date: date | None
    signer: str
    replaces: str
    signed: str
    signed_at: int | None
    sheet: str
    sheet_name: str

    @property
    def check_code(self) -> str:
        """The code that stands at the foot of each page."""
        return canonical.check_code(self.hash)


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed report with its words. new: False where an earlier one says the same."""

    record: str
    content: Content
    hash: bytes
    new: bool
    made: Made


def closed(connection: Connection, record: str) -> Closed:
    """What a closed report says. Raises ReportNotClosed, ReportElsewhere, FrozenDamaged."""
    found = by_record(connection, record)
    if found is None:
        raise ReportNotClosed(period="")
    content = frozen.read(connection, found.hash)
    if content is None:
        raise ReportElsewhere(period=found.period, machine=_machine(connection, record))
    return Closed(record, canonical.parse(content), found.hash, False, found)


def made(connection: Connection, period: Period | Week | None, line: str | None = None) -> list[Made]:
    """The reports closed for a period (None: for all), the newest first."""
    report = rows["report"]
    query = select(report) if period is None else select(report).where(report.c.period == str(period))
    found = [_made(row) for row in connection.execute(query) if row.hash is not None]
    wanted = [item for item in found if line in {None, item.line}]
    return sorted(wanted, key=lambda item: (item.made_at, item.record), reverse=True)


def by_record(connection: Connection, record: str) -> Made | None:
    """The report with this id, if it was closed."""
    report = rows["report"]
    row = connection.execute(select(report).where(report.c.id == record)).first()
    return None if row is None or row.hash is None else _made(row)


def current(connection: Connection, period: Period, line: str) -> Made | None:
    """The report of a period and line that counts: the newest signed one, unless a newer one replaces it;
    before a signature the newest.
    """
    return _current(made(connection, period, line))


def state(connection: Connection, record: str) -> State:
    """How far a report has come. "received" is said only of a signed one, on the province's own word."""
    found = by_record(connection, record)
    if found is None:
        return "draft"
    told = exchange.words(connection, [record]).get(record, "waiting")
    if told == "returned":
        return "returned"
    if not found.signed:
        return "closed"
    return "received" if told == "received" else "signed"


def receipt(connection: Connection, record: str) -> str:
    """The number of the province's receipt for a report, "" while there is none for what it says now."""
    table, report = rows["receipt"], rows["report"]
    query = (
        select(table.c.number)
        .join(report, report.c.id == table.c.report)
        .where(report.c.id == record, table.c.hash == report.c.hash)
    )
    return connection.execute(query).scalar() or ""


def signed_weeks(connection: Connection) -> frozenset[tuple[str, str]]:
    """Weeks ("2025-W28") and lines whose report is signed, so that nothing more is written there.

    One query. A report that replaces the signed one opens the week again, until it is signed itself.
    """
    groups: dict[tuple[str, str], list[Made]] = {}
    for item in made(connection, None):
        groups.setdefault((item.period, item.line), []).append(item)
    counting = {place: _current(items) for place, items in groups.items() if "-W" in place[0]}
    return frozenset(place for place, item in counting.items() if item is not None and item.signed)


def _current(newest_first: Sequence[Made]) -> Made | None:
    for item in newest_first:
        if item.signed or item.replaces:
            return item
    return newest_first[0] if newest_first else None


def _machine(connection: Connection, record: str) -> str:
    """The name of the machine that closed a report, "" where it is not known."""
    identity = meta.read_identity(connection)
    changes: Iterable[Any] = of_records(connection, [record]).get(record, [])
    first = next(iter(changes), None)
    if first is None or identity is None:
        return ""
    return machines.names(connection, identity).get(str(first.change.stream), "")


def _made(row: Row[Any]) -> Made:
    return Made(
        record=row.id,
        period=row.period or "",
        line=row.line or "",
        hash=bytes(row.hash),
        made_at=row.made_at or 0,
        pages=row.pages or 0,
        data_at=row.data_at or 0,
        number=row.number or "",
        date=date.fromisoformat(row.date) if row.date else None,
        signer=row.signer or "",
        replaces=row.replaces or "",
        signed=row.signed or "",
        signed_at=row.signed_at,
        sheet=row.sheet or "",
        sheet_name=row.sheet_name or "",
    )
