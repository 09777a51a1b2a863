"""What the report page writes, on the ledger's thread: sentences, closing, issue. No widgets here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.errors import LedgerError
from app.domain.merge import NOTHING
from app.domain.periods import Week
from app.domain.reporting import Period
from app.reports.paper.frames import TooMuchForPaper
from app.services import closing, sentences, sheets, weeks
from app.services.reports import Closed
from app.storage.ledger import Ledger
from ui.pages.report_data import Heads

Codes = Callable[[str], bytes]
"""What the page of codes of a closed report carries, by its record."""


class Pens:
    """What each sentence's next edit is written over: what was shown, or what was written here since.

    What another machine wrote meanwhile was not seen, and so is not written over.
    """

    def __init__(self) -> None:
        self._base: dict[str, Heads] = {}
        self._written: dict[str, int] = {}
        self._count = 0

    @property
    def mark(self) -> int:
        """Taken before a reading begins: what is written after it is newer than what was read."""
        return self._count

    def take(self, found: Mapping[str, Heads], mark: int) -> None:
        """A reading of this page's period and line stands on the screen now."""
        for slot in {*found, *self._base}:
            if self._written.get(slot, 0) > mark:
                continue
            if slot in found:
                self._base[slot] = found[slot]
            else:
                self._base.pop(slot, None)

    def write(self, ledger: Ledger, period: Period, line: str, slot: str, text: str, basis: str) -> None:
        """Keep a sentence; in the lane of edits, so that the second of two is over the first."""
        with ledger.edit() as edit:
            before = self._base.get(slot, (NOTHING, NOTHING))
            sentences.write_sentence(edit, period, line, slot, text or None, basis, before)
        with ledger.read() as connection:
            self._base[slot] = sentences.shown(connection, period, line, slot)
        self._count += 1
        self._written[slot] = self._count


@dataclass(frozen=True, slots=True)
class Printed:
    """A sheet to print. bare: why it has no page of codes although it could have one."""

    sheet: bytes
    bare: LedgerError | None = None


def close(
    ledger: Ledger, period: Period, line: str, *, correct: bool, codes: Codes | None
) -> tuple[Closed, Printed]:
    """«In bản ký»: freeze what the record says now, and draw it. Raises what `closing.finish` does."""
    with ledger.read() as connection:
        now = weeks.present(connection, ledger.now())
    done = closing.finish(ledger, period, line, now, correct=correct)
    return done, sheet(ledger, done.record, codes)


def sheet(ledger: Ledger, record: str, codes: Codes | None) -> Printed:
    """The sheet of a closed report as it is printed, with its page of codes where that is possible."""
    bare: LedgerError | None = None
    carried: bytes | None = None
    if codes is not None:
        try:
            carried = codes(record)
        except LedgerError as error:  # the report can be signed all the same, and goes by another road
            bare = error
    with ledger.read() as connection:
        try:
            return Printed(sheets.sheet(connection, record, codes=carried), bare)
        except TooMuchForPaper as error:
            return Printed(sheets.sheet(connection, record), error)


def worksheet(ledger: Ledger, week: Week) -> bytes:
    """The worksheet of a week. Raises WeekAhead."""
    from app.services import worksheet as drawing  # late: it loads what draws

    with ledger.read() as connection:
        now = weeks.present(connection, ledger.now())
        return drawing.sheet(connection, ledger.identity, week, now)


def file_name(period: Period, kind: str = "report") -> str:
    """A plain name for the sheet's file, without marks: it goes over sticks and through other programs."""
    name = {
        "week": "tuan",
        "month": "thang",
        "quarter": "quy",
        "half": "6-thang",
        "nine_months": "9-thang",
        "year": "nam",
    }
    number = (
        f"-{period.number:02}"
        if period.kind in {"week", "month"}
        else f"-{period.number}"
        if period.number
        else ""
    )
    return f"{'phieu-ghi-tay' if kind == 'worksheet' else 'BC'}-{name[period.kind]}{number}-{period.year}.pdf"
