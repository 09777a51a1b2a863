"""A report as it would be made now: lines at the cut-off, figures, the officer's own sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, func, select

from app.domain.errors import LedgerError
from app.domain.periods import HANOI, Week, local
from app.domain.reporting import Period
from app.domain.reports import LINES, Report, Withdrawn, short_date
from app.record.tables import change, rows
from app.reports import content
from app.reports.blocks import Content
from app.services import correcting, earlier, report_lines, sentences, settings
from app.services.lines import Line, lines
from app.services.sentences import Stale
from app.services.weeks import Now
from app.storage.meta import Identity

_CLOSING = time(17, 0, tzinfo=HANOI)
_OPENING_HOUR = 8


class WeekWithoutReport(LedgerError):
    """A week with fewer than two working days joins the next. Facts: week, next."""

    code = "week-without-report"


class PeriodAhead(LedgerError):
    """A period that has not begun. Facts: period, start (a date)."""

    code = "period-ahead"


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as it would be made now.

    lines: of the reporting line as its last week shows them, withdrawn ones left out. content: what is drawn;
    hash: SHA-256 of it. replaces: id of the report that this one corrects, "". later: codes of tasks in it
    that came with a notice of after its data's moment.
    """

    report: Report
    lines: tuple[Line, ...]
    content: Content
    hash: bytes
    replaces: str = ""
    later: tuple[str, ...] = ()

    @property
    def stale(self) -> tuple[Stale, ...]:
        """The officer's sentences whose record changed since, to be shown side by side."""
        return sentences.stale(self.report.sentences, self.content)


def draft(
    connection: Connection,
    identity: Identity,
    period: Period,
    line: str,
    now: Now,
    *,
    correct: bool = False,
) -> Draft:
    """Put the report of a period and a reporting line together. Writes nothing.

    correct: it is to replace the signed one; one that was begun as such goes on so by itself. Raises
    WeekAhead, PeriodAhead, WeekWithoutReport, NothingToReplace, NumberUnknown, ValueError for a line that
    there is not.
    """
    if line not in LINES:
        raise ValueError(f"no reporting line called {line}")
    rules = now.calendar
    replaces = correcting.replaced(connection, period, line, begin=correct)
    if period.kind == "week":
        now.check(period.week)
    elif period.start > now.today:
        raise PeriodAhead(period=str(period), start=period.start)
    closes = rules.cut_off(period, line)
    if closes is None:
        raise WeekWithoutReport(week=str(period), next=str(rules.reporting_week(period.week, line)))
    span = _Span(rules.weeks_of(period, line), now, closes)
    every = [item for item in lines(connection, span.last, now) if item.line == line]
    moment = _moment(connection, period, span, every, now)
    there = [item for item in every if not _withdrawn(item, moment.date())]
    report = Report(
        unit=settings.block(connection, identity, line),
        line=line,
        period=period,
        cutoff=moment,
        lines=report_lines.weekly(there, moment.date())
        if period.kind == "week"
        else report_lines.longer(connection, there, span.weeks, moment.date(), now),
        notice=_notice(connection, moment.date()),
        sentences=sentences.edited(connection, period, line),
        replaces=replaces[1] if replaces else None,
        before=earlier.signed(connection, period.previous(), line)
        or earlier.before(connection, every, rules.cut_off(period.previous(), line), span.weeks[0], now),
        year_before=earlier.year_before(connection, period, line, now),
        withdrawn=_gone(every, period, moment.date()),
    )
    built = content.build(report)
    return Draft(
        report,
        tuple(there),
        built,
        content.content_hash(built),
        replaces[0] if replaces else "",
        _later(connection, there, moment.date()),
    )


def data_moment(found: Sequence[Line], week: Week, cut_off: datetime, now: Now) -> datetime:
    """Up to when the data of a week's report go: the moment that the sheet prints, in Hanoi time.

    Normally the calendar's cut-off; later where something that was completed later was taken in; before the
    cut-off the last record, so that the same data give the same sheet.
    """
    completed = [item.said.completed_on for item in found if item.said and item.said.completed_on]
    latest = max(completed, default=cut_off.date())
    planned = max(cut_off, datetime.combine(latest, _CLOSING)) if latest > cut_off.date() else cut_off
    if local(now.moment) >= planned or week > Week.containing(now.today).next():
        return planned
    written = [held.change.at for item in found for shown in item.fields.values() for held in shown.heads]
    return _before_cut_off(max(written, default=0), now)


class _Span:
    """The weeks that a period takes in, as far as they have come."""

    def __init__(self, weeks: Sequence[Week], now: Now, closes: datetime) -> None:
        begun = [week for week in weeks if week <= now.week]
        own = weeks if len(weeks) == 1 else begun  # a week that comes first is believed, see `Now.check`
        self.weeks = tuple(own) or (min(Week.containing(closes.date()), now.week),)
        self.closes = closes

    @property
    def last(self) -> Week:
        """The week that shows how the tasks stand."""
        return self.weeks[-1]


def _moment(connection: Connection, period: Period, span: _Span, found: Sequence[Line], now: Now) -> datetime:
    if period.kind == "week":
        here = [item for item in found if not item.withdrawn]
        return data_moment(here, span.last, span.closes, now)
    if local(now.moment) >= span.closes:
        return span.closes
    wanted = [str(week) for week in span.weeks]
    progress = rows["progress"]
    query = (
        select(func.max(change.c.at))
        .join(progress, progress.c.id == change.c.record)
        .where(progress.c.week.in_(wanted))
    )
    return _before_cut_off(connection.execute(query).scalar() or 0, now)


def _before_cut_off(written: int, now: Now) -> datetime:
    here = local(now.moment)
    start = here.replace(hour=_OPENING_HOUR if here.hour >= _OPENING_HOUR else 0, minute=0)
    return max(start, local(min(written, now.moment))).replace(second=0, microsecond=0)


def _withdrawn(item: Line, day: date) -> bool:
    return item.withdrawn_on is not None and item.withdrawn_on <= day


def _gone(found: Iterable[Line], period: Period, day: date) -> tuple[Withdrawn, ...]:
    return tuple(
        Withdrawn(item.code, item.title, item.withdrawn_on, item.withdrawal)
        for item in found
        if item.withdrawn_on is not None and period.start <= item.withdrawn_on <= day
    )


def _later(connection: Connection, found: Iterable[Line], day: date) -> tuple[str, ...]:
    """The codes of tasks that a notice of after a day gave."""
    given, notice = rows["assignment"], rows["notice"]
    query = (
        select(given.c.id).join(notice, notice.c.id == given.c.notice).where(notice.c.date > day.isoformat())
    )
    late = set(connection.execute(query).scalars())
    return tuple(item.code for item in found if item.assignment in late)


def _notice(connection: Connection, day: date) -> str | None:
    """The notice that a report answers: the newest that was there at its data's moment."""
    notice = rows["notice"]
    query = (
        select(notice)
        .where(notice.c.date <= day.isoformat())
        .order_by(notice.c.date.desc(), notice.c.number.desc())
    )
    row = connection.execute(query).first()
    if row is None or not row.number:
        return None
    number = row.number.removeprefix("TB ")  # the type is said in words
    named = f"Thông báo số {number} ngày {short_date(date.fromisoformat(row.date))}"
    return f"{named} của {row.issuer}" if row.issuer else named
