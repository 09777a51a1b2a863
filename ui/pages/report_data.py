"""What the report page shows, read in one go: no widgets here, so that it can be read on another thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.errors import LedgerError
from app.domain.merge import Seen
from app.domain.periods import Week, local
from app.domain.reporting import Kind, Period
from app.domain.reports import LINES
from app.reports import content, news, pdf
from app.reports.blocks import Content
from app.services import drafting, report_lines, sentences, settings, sheets, views, weeks
from app.services.drafting import Draft
from app.services.lines import Line, lines
from app.services.report_lines import Difference
from app.services.report_standing import Standing, differing, forgotten, standing
from app.services.weeks import Now
from app.storage.ledger import Ledger

Heads = tuple[Seen, Seen]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person looks at. period: None for the one of its kind that is due next, or was when the page was
    opened (pinned).

    correct: the report that replaces the signed one is being written. kept: hash of what was closed and is to
    stand although the record went on.
    """

    kind: Kind = "week"
    period: Period | None = None
    line: str = "ubnd_tinh"
    correct: bool = False
    kept: bytes = b""
    pinned: Period | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One period and reporting line. draft, text and sheet are None where refused says why.

    counts: tasks of each reporting line. left: tasks not recorded in the period. unset: settings that print
    «Chưa ghi». text: the words on the sheet. foreign: letters that no font has. stands: the closed report.
    changed: how many sentences of it the record would write otherwise now; None where it says the same.
    frozen: the sheet is the closed one's. heads: what the ledger holds of each sentence. longest: the longest
    period that ends with this one; contained: those that its report contains. late: the period before, where
    it was recorded and its report is not closed although it was due.
    """

    now: Now
    period: Period
    line: str
    counts: dict[str, int]
    left: tuple[Line, ...]
    unset: tuple[str, ...]
    draft: Draft | None = None
    difference: Difference | None = None
    text: Content | None = None
    sheet: bytes | None = None
    foreign: tuple[str, ...] = ()
    stands: Standing = field(default_factory=Standing)
    changed: int | None = None
    frozen: bool = False
    heads: Mapping[str, Heads] = field(default_factory=dict)
    longest: Period | None = None
    contained: tuple[Period, ...] = ()
    late: Period | None = None
    refused: LedgerError | None = None

    @property
    def signed(self) -> bool:
        """Whether the closed report was signed: then nothing of it can be changed."""
        return self.stands.made is not None and bool(self.stands.made.signed)


def chosen(now: Now, asked: Asked) -> Period:
    """The period that is asked for."""
    if (wanted := asked.period or asked.pinned) is not None:
        return wanted
    if asked.kind == "week" and now.clock_behind:
        return Period.of_week(now.week)
    return now.calendar.open_period(asked.kind, local(now.moment), asked.line)


def later_begun(now: Now, period: Period) -> bool:
    """Whether the period after has begun, so that it can be looked at."""
    if period.kind == "week":
        return period.week < now.week or now.clock_behind
    return period.next().start <= now.today


def read(ledger: Ledger, asked: Asked) -> Shown:
    """Read and draw what is asked for; writes nothing. A fixed number of queries."""
    with ledger.read() as connection:
        now = weeks.present(connection, ledger.now())
        period, line = chosen(now, asked), asked.line
        unset = settings.unset(connection, ledger.identity, line)
        counts = dict.fromkeys(LINES, 0)
        try:
            draft = drafting.draft(connection, ledger.identity, period, line, now, correct=asked.correct)
        except LedgerError as error:
            return Shown(now, period, line, counts, (), unset, refused=error)
        found = [item for item in lines(connection, _last(now, period, line), now) if not item.withdrawn]
        stands = Standing() if asked.correct else standing(connection, period, line)
        heads = sentences.heads(connection, period, line)
        before = period.previous()
        late = asked.period is None and forgotten(connection, before, line)
        frozen = stands.words is not None and _stands(stands, draft, asked.kept)
        sheet = sheets.sheet(connection, stands.made.record) if frozen and stands.made else None
    for item in found:
        counts[item.line] = counts.get(item.line, 0) + 1
    text = stands.words if frozen and stands.words else draft.content
    same = stands.words is None or stands.made is None or stands.made.hash == draft.hash
    return Shown(
        now=now,
        period=period,
        line=line,
        counts=counts,
        left=_left(found, draft, period),
        unset=unset,
        draft=draft,
        difference=(
            report_lines.difference(draft.lines, draft.report.cutoff.date())
            if period.kind == "week"
            else None
        ),
        text=text,
        sheet=sheet or pdf.render(draft.content, draft=True, news=news.news(draft.report)),
        foreign=pdf.missing_letters(content.every_text(text)),
        stands=stands,
        changed=None if same or stands.words is None else differing(stands.words, draft.content),
        frozen=frozen,
        heads=heads,
        longest=now.calendar.longest_ending_with(period, line),
        contained=now.calendar.contained(period, line),
        late=before if late else None,
    )


def _stands(stands: Standing, draft: Draft, kept: bytes) -> bool:
    """Whether the closed report is what is looked at, not the draft."""
    made = stands.made
    return made is not None and (bool(made.signed) or made.hash in {draft.hash, kept})


def _last(now: Now, period: Period, line: str) -> Week:
    """The week that shows how the tasks of a period stand."""
    if period.kind == "week":
        return period.week
    found = [week for week in now.calendar.weeks_of(period, line) if week <= now.week]
    return max(found, default=now.week)


def _left(found: Iterable[Line], draft: Draft, period: Period) -> tuple[Line, ...]:
    """The tasks of which nothing was recorded in the period."""
    if period.kind == "week":
        return tuple(item for item in views.due(list(found)).left if item.line == draft.report.line)
    silent = {item.code for item in draft.report.lines if not item.changed}
    return tuple(item for item in draft.lines if item.code in silent and item.status != "done")
