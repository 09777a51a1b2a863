"""What the report page shows, read in one go: no widgets here, so that it can be read on another thread."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import LedgerError
from app.domain.periods import Week
from app.domain.reports import LINES
from app.reports import content, pdf
from app.services import reports, settings, views, weeks
from app.services.lines import Line, lines
from app.services.reports import Difference, Draft
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
            draft = reports.draft(connection, ledger.identity, chosen, line, now)
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
        difference=reports.difference(draft.lines),
        sheet=pdf.render(draft.content, draft=True),
        foreign=pdf.missing_letters(content.every_text(draft.content)),
        recorded=bool(made) and made[0].hash == draft.hash,
    )


def finished(ledger: Ledger, week: Week, line: str) -> tuple[Draft, bytes]:
    """The report as it is saved or printed now; «DỰ THẢO» stays while something prints «Chưa ghi»."""
    with ledger.read() as connection:
        now = weeks.present(connection, ledger.now())
        draft = reports.draft(connection, ledger.identity, week, line, now)
        unset = settings.unset(connection, ledger.identity, line)
    return draft, pdf.render(draft.content, draft=bool(unset))


def record(ledger: Ledger, week: Week, line: str, hash: bytes) -> bool:
    """Record that the report was made; False where the last one said the same."""
    with ledger.edit() as edit:
        return reports.write_report(edit, week, line, hash) is not None
