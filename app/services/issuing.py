"""Number, date and signature of a closed report: what the clerk enters once it is signed and sealed.

The number of the office's book is the clerk's: the program warns and refuses nothing but what is no date.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from app.domain.change import Value
from app.domain.errors import LedgerError
from app.domain.periods import local
from app.domain.text import clean
from app.record.reading import seen
from app.reports.layout import profiles
from app.services.reports import Made, ReportElsewhere, ReportNotClosed, by_record, closed, made
from app.services.weeks import Now
from app.storage.ledger import Edit

How = Literal["ink", "digital"]


class NumberUsed(LedgerError):
    """Another report of the year bears the number. Facts: number, period."""

    code = "number-used"


class NumberOdd(LedgerError):
    """A number that holds letters, or is none. Facts: number."""

    code = "number-odd"


class DateAhead(LedgerError):
    """A date of issue that has not come yet. Facts: day, today."""

    code = "issue-ahead"


class DateBeforeData(LedgerError):
    """A date of issue before the moment up to which the report's data go. Facts: day, data (dates)."""

    code = "issue-before-data"


@dataclass(frozen=True, slots=True)
class Issue:
    """What the clerk enters; "" and None where it is not known yet.

    number: of the office's book, "45" or "45/BC-UBND". signer: who signed. authority: lines above the name
    ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH") where it is not the one that the sheet prints.
    """

    number: str = ""
    day: date | None = None
    signer: str = ""
    authority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignedFile:
    """The signed sheet as it is kept. sha256 in hex; size in bytes."""

    sha256: str
    name: str
    size: int


def issue(
    edit: Edit,
    record: str,
    entered: Issue,
    now: Now,
    *,
    how: How = "ink",
    signed_at: int | None = None,
    file: SignedFile | None = None,
) -> tuple[LedgerError, ...]:
    """Record that a report is signed, and what is known of its issue; what was entered before stays where
    nothing is entered now.

    signed_at: seconds UTC, of a digital signature its own time; default now. Returns what `warnings` says.
    Raises ReportNotClosed, BadText, TextTooLong.
    """
    found = by_record(edit.connection, record)
    if found is None:
        raise ReportNotClosed(period="")
    told = warnings(edit.connection, found, entered, now)
    values: dict[str, Value] = {}
    if entered.number.strip():
        values["number"] = plain_number(edit.connection, found, entered.number)
    if entered.day is not None:
        values["date"] = entered.day.isoformat()
    if entered.signer.strip():
        values["signer"] = ", ".join(
            [*(clean(line) for line in entered.authority), clean(entered.signer).strip()]
        )
    if found.signed != how or signed_at is not None:
        values |= {"signed": how, "signed_at": edit.at if signed_at is None else signed_at}
    if file is not None:
        values |= {"sheet": file.sha256, "sheet_name": file.name, "sheet_size": file.size}
    held = seen(edit.connection, "report", [record])
    shown = {name: held[record, name] for name in values if (record, name) in held}
    edit.write("report", {}, values, shown, record=record)
    return told


def warnings(connection: Connection, report: Made, entered: Issue, now: Now) -> tuple[LedgerError, ...]:
    """What looks wrong about number and date, to be shown beside the fields; nothing of it is refused."""
    told: list[LedgerError] = []
    if entered.number.strip():
        number = plain_number(connection, report, entered.number)
        if not number.isdecimal() or not int(number):
            told.append(NumberOdd(number=entered.number.strip()))
        told += _used(connection, report, number, entered.day or now.today)
    if entered.day is not None:
        if entered.day > now.today:
            told.append(DateAhead(day=entered.day, today=now.today))
        data = local(report.data_at).date()
        if report.data_at and entered.day < data:
            told.append(DateBeforeData(day=entered.day, data=data))
    return tuple(told)


def plain_number(connection: Connection, report: Made, text: str) -> str:
    """The number of the book alone: "45" of "45/BC-UBND", "045" or " 45 "; another text as it is."""
    plain = " ".join(clean(text).split())
    try:
        words = closed(connection, report.record).content
    except ReportElsewhere:
        return plain
    profile = profiles.PROFILES[words.profile]
    _blank, _sign, symbol = words.head.number.removeprefix(profile.number_label).partition(
        _MARK[profile.name]
    )
    if symbol and plain.casefold().endswith((_MARK[profile.name] + symbol).casefold()):
        plain = plain[: -len(symbol) - 1].strip()
    return str(int(plain)) if plain.isdecimal() and plain.isascii() else plain


_MARK = {name: profile.numbering.format(number="", symbol="") for name, profile in profiles.PROFILES.items()}


def _used(connection: Connection, report: Made, number: str, day: date) -> list[LedgerError]:
    """Another report of the same line and year with this number: they stand in one book."""
    for other in made(connection, None, report.line):
        year = other.date.year if other.date else None
        if other.record != report.record and other.number == number and year == day.year:
            return [NumberUsed(number=number, period=other.period)]
    return []
