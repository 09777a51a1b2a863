"""The weekly report: its lines and figures put together, and the record that it was made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from app.domain.change import Value
from app.domain.errors import LedgerError
from app.domain.periods import HANOI, Week, local
from app.domain.progress import State
from app.domain.reporting import Period
from app.domain.reports import LINES, Report, ReportLine, Withdrawn, short_date
from app.domain.tasks import timeliness
from app.record.tables import rows
from app.reports import content
from app.reports.content import Content
from app.services import settings
from app.services.lines import TEXTS, Line, lines
from app.services.weeks import Now, calendar
from app.storage.ledger import Edit
from app.storage.meta import Identity

_CLOSING = time(17, 0, tzinfo=HANOI)
_OPENING_HOUR = 8


class WeekWithoutReport(LedgerError):
    """A week with fewer than two working days joins the next. Facts: week, next."""

    code = "week-without-report"


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as it would be made now.

    lines: of the reporting line, withdrawn ones left out. content: what is drawn; hash: SHA-256 of it.
    """

    report: Report
    lines: tuple[Line, ...]
    content: Content
    hash: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was made. made_at: seconds UTC; by this program's own record, not by its file."""

    record: str
    period: str
    line: str
    hash: bytes
    made_at: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the lines of a report since the week before; each line stands in one group."""

    done: tuple[Line, ...]
    moved: tuple[Line, ...]
    newly_late: tuple[Line, ...]
    unchanged: tuple[Line, ...]


def draft(connection: Connection, identity: Identity, week: Week, line: str, now: Now) -> Draft:
    """Put the report of a week and a reporting line together. Writes nothing.

    Raises WeekAhead, WeekWithoutReport, ValueError for a line that there is not.
    """
    now.check(week)
    if line not in LINES:
        raise ValueError(f"no reporting line called {line}")
    due = calendar().cut_off(week)
    if due is None:
        raise WeekWithoutReport(week=str(week), next=str(calendar().reporting_week(week)))
    given = [item for item in lines(connection, week, now) if item.line == line]
    found = tuple(item for item in given if not item.withdrawn)
    moment = data_moment(found, week, due, now)
    report = Report(
        unit=settings.block(connection, identity, line),
        line=line,
        period=Period.of_week(week),
        cutoff=moment,
        lines=tuple(_line(item, moment.date()) for item in found),
        notice=_notice(connection, moment.date()),
        withdrawn=tuple(
            Withdrawn(item.code, item.title, item.withdrawn_on, item.withdrawal)
            for item in given
            if item.withdrawn and item.withdrawn_on and item.withdrawn_on >= week.monday
        ),
    )
    made = content.build(report)
    return Draft(report, found, made, content.content_hash(made))


def data_moment(found: Sequence[Line], week: Week, cut_off: datetime, now: Now) -> datetime:
    """Up to when the data of a report go: the moment that the sheet prints, in Hanoi time.

    Normally the calendar's cut-off; later where something that was completed later was taken in; before the
    cut-off the last record, so that the same data give the same sheet.
    """
    completed = [item.said.completed_on for item in found if item.said and item.said.completed_on]
    latest = max(completed, default=cut_off.date())
    planned = max(cut_off, datetime.combine(latest, _CLOSING)) if latest > cut_off.date() else cut_off
    here = local(now.moment)
    if here >= planned or week > Week.containing(now.today).next():
        return planned
    start = here.replace(hour=_OPENING_HOUR if here.hour >= _OPENING_HOUR else 0, minute=0)
    written = [held.change.at for item in found for shown in item.fields.values() for held in shown.heads]
    last = local(min(max(written, default=0), now.moment))
    return max(start, last).replace(second=0, microsecond=0)


def write_report(edit: Edit, period: Week, line: str, hash: bytes) -> str | None:
    """Record that a report was made, if it says something else than the last one of its period and line.

    Returns the new record's id, None when there was nothing new.
    """
    before = made(edit.connection, period, line)
    if before and before[0].hash == hash:
        return None
    values: dict[str, Value] = {"period": str(period), "line": line, "hash": hash, "made_at": edit.at}
    return edit.create("report", values)


def made(connection: Connection, period: Week, line: str | None = None) -> list[Made]:
    """The reports made for a week, the newest first."""
    report = rows["report"]
    found = connection.execute(select(report).where(report.c.period == str(period))).all()
    wanted = [_made(row) for row in found if row.hash is not None and line in {None, row.line}]
    return sorted(wanted, key=lambda item: (item.made_at, item.record), reverse=True)


def due(week: Week) -> datetime | None:
    """When the report of a week must be signed, in Hanoi time; None for a week that has none."""
    return calendar().due(week)


def difference(found: Iterable[Line]) -> Difference:
    """The lines of a report by what became of them since the week before."""
    groups: dict[str, list[Line]] = {name: [] for name in Difference.__dataclass_fields__}
    for line in found:
        groups[_became(line)].append(line)
    return Difference(**{name: tuple(group) for name, group in groups.items()})


def _became(line: Line) -> str:
    before = line.before.status if line.before else "not_started"
    if not line.recurring and line.state.status == "done" and before != "done":
        return "done"
    if _moved(line):
        return "moved"
    fresh = line.deadline is not None and line.deadline >= line.week.monday - timedelta(days=1)
    return "newly_late" if fresh and line.timeliness.code == "overdue" else "unchanged"


def _moved(line: Line) -> bool:
    """Whether this week states something else than what held before."""
    if line.said is None:
        return False
    if line.recurring:
        return line.said.status == "done"
    before = line.before
    return before is None or (before.status, before.percent) != (line.state.status, line.state.percent)


def _line(line: Line, day: date) -> ReportLine:
    time = timeliness(line.state, line.deadline, day, recurring=line.recurring)
    before = None if line.recurring else line.before
    said: dict[str, Any] = {name: line.text(name) for name in TEXTS}
    return ReportLine(
        assignment=line.assignment,
        code=line.code,
        title=line.title,
        line=line.line,
        status=line.state.status,
        timeliness=time.code,
        days=time.days,
        percent=line.state.percent,
        completed_on=line.state.completed_on,
        deadline=line.deadline,
        extended=line.extended,
        product=line.product,
        source=line.source,
        lead=line.lead,
        cooperating=line.cooperating,
        group=line.group,
        group_name=line.group_name,
        shared=line.shared,
        recurring=line.recurring,
        occurrence_done=line.occurrence is not None,
        words=_words(line),
        changed=_moved(line) or any(text.strip() for text in said.values()),
        previous_status=before.status if before else None,
        previous_percent=before.percent if before else None,
        **said,
    )


def _words(line: Line) -> str:
    """The document of a pause that holds, the reason of a re-opening of this week."""
    state: State | None = line.state if line.state.status == "paused" else line.said
    return (state.words or "") if state else ""


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
    named = f"Thông báo số {row.number} ngày {short_date(date.fromisoformat(row.date))}"
    return f"{named} của {row.issuer}" if row.issuer else named


def _made(row: Row[tuple[object, ...]]) -> Made:
    return Made(row.id, row.period, row.line or "", bytes(row.hash), row.made_at or 0)
