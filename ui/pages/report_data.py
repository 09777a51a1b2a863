"""What the report page shows, read in one go: no widgets here, so that it can be read on another thread."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import LedgerError
from app.domain.periods import Week
from app.domain.reporting import Period
from app.domain.reports import LINES
from app.reports import content, pdf
from app.services import closing, drafting, report_lines, reports, settings, sheets, views, weeks
from app.services.drafting import Draft
from app.services.lines import Line, lines
from app.services.report_lines import Difference
from app.services.weeks import Now
from app.storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Shown:
    """One week and reporting line. draft, sheet and difference are None where refused says why.

    counts: tasks of each reporting line. left: tasks not recorded in the week. unset: settings that print
    «Chưa ghi». foreign: letters that no font has. recorded: this very content was recorded as made.
    """

    now: Now
    week: Week
    line: str
    counts: dict[str, int]
    left: tuple[Line, ...]
    unset: tuple[str, ...]
    draft: Draft | None
    difference: Difference | None
    sheet: bytes | None
    foreign: tuple[str, ...]
    recorded: bool
    refused: LedgerError | None = None


def read(ledger: Ledger, week: Week | None, line: str) -> Shown:
    """Read and draw a draft; writes nothing. week: None for the default one; a fixed number of queries."""
    with ledger.read() as connection:
        now = weeks.present(connection, ledger.now())
        chosen = week or now.week
        unset = settings.unset(connection, ledger.identity, line)
        counts = dict.fromkeys(LINES, 0)
        try:
            draft = drafting.draft(connection, ledger.identity, Period.of_week(chosen), line, now)
        except LedgerError as error:
            return Shown(now, chosen, line, counts, (), unset, None, None, None, (), False, error)
        found = [item for item in lines(connection, chosen, now) if not item.withdrawn]
        made = reports.made(connection, chosen, line)
    for item in found:
        counts[item.line] = counts.get(item.line, 0) + 1
    return Shown(
        now=now,
        week=chosen,
        line=line,
        counts=counts,
        left=tuple(item for item in views.due(found).left if item.line == line),
        unset=unset,
        draft=draft,
        difference=report_lines.difference(draft.lines),
        sheet=pdf.render(draft.content, draft=True),
        foreign=pdf.missing_letters(content.every_text(draft.content)),
        recorded=bool(made) and made[0].hash == draft.hash,
    )


def finished(ledger: Ledger, week: Week, line: str) -> tuple[Draft, bytes]:
    """The report as it is saved or printed now; «DỰ THẢO» stays while something prints «Chưa ghi»."""
    with ledger.read() as connection:
        now = weeks.present(connection, ledger.now())
        draft = drafting.draft(connection, ledger.identity, Period.of_week(week), line, now)
        unset = settings.unset(connection, ledger.identity, line)
    return draft, pdf.render(draft.content, draft=bool(unset))


def record(ledger: Ledger, draft: Draft) -> bool:
    """Close the report; False where the last one said the same."""
    count = sheets.pages(draft.content)
    with ledger.edit() as edit:
        return closing.close(edit, draft, count).new
