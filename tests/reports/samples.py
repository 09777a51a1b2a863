"""Reports to print: the province's sample tasks, and units with the longest names."""

import csv
from dataclasses import replace
from datetime import date, datetime

import resources
from app.domain.periods import HANOI, Week
from app.domain.progress import State
from app.domain.reporting import Period
from app.domain.reports import Report, ReportLine, UnitBlock, WeekWords
from app.domain.tasks import Tally, timeliness
from app.reports.suggestions import suggested

WEEK = Period("week", 2025, 26)
THURSDAY = date(2025, 6, 26)
CUTOFF = datetime(2025, 6, 26, 17, 0, tzinfo=HANOI)
BEFORE = Tally(done_on_time=1, under_way_in_time=60, under_way_overdue=2, not_started_in_time=5, recurring=2)
NOTICE = "Thông báo về nhiệm vụ tháng 6 năm 2025 của Ban Chỉ đạo tỉnh"


def sample_lines(line: str | None = "ubnd_tinh", at: date = THURSDAY) -> tuple[ReportLine, ...]:
    """The sample tasks on one reporting line, or all of them as if they stood on the UBND's (line=None)."""
    text = resources.read_text("data", "sample_tasks.csv")
    rows = list(csv.DictReader(text.splitlines()))
    return tuple(_line(row, at, line or "ubnd_tinh") for row in rows if line in {None, row["report_line"]})


def _line(row: dict[str, str], at: date, line: str) -> ReportLine:
    recurring = row["kind"] == "recurring"
    completed = date.fromisoformat(row["completed_on"]) if row["completed_on"] else None
    deadline = date.fromisoformat(row["deadline"]) if row["deadline"] else None
    percent = int(row["percent"]) if row["percent"] else None
    code, days = timeliness(State(row["status"], percent, completed), deadline, at, recurring=recurring)
    return ReportLine(
        code=row["code"], title=row["title"], line=line, status=row["status"], timeliness=code, days=days,
        percent=percent, completed_on=completed, deadline=deadline, product=row["product"],
        source=row["source_doc"], lead=row["lead"], cooperating=row["cooperating"], group=row["group"],
        group_name=row["group_name"], shared=row["scope"] == "shared", recurring=recurring,
        result=row["result"], difficulty=row["difficulty"], proposal=row["proposal"],
        next_step=row["next_step"],
    )  # fmt: skip


def changed(lines: tuple[ReportLine, ...], every: int = 1) -> tuple[ReportLine, ...]:
    """Each `every`-th task changed this week, the others without words."""
    return tuple(
        replace(
            line,
            changed=True,
            previous_status=line.status,
            previous_percent=max(1, line.percent - 10) if line.percent else None,
        )
        if position % every == 0
        else replace(line, result="", difficulty="", proposal="")
        for position, line in enumerate(lines)
    )


def unit(line: str = "ubnd_tinh", name: str = "Mường Xén", kind: str = "xa") -> UnitBlock:
    return replace(suggested(line, name, kind), signer="Nguyễn Văn Minh")


def report(
    lines: tuple[ReportLine, ...], *, line: str = "ubnd_tinh", block: UnitBlock | None = None, **more: object
) -> Report:
    """A report of the week 26 of 2025."""
    given = Report(
        unit=block or unit(line), line=line, period=WEEK, cutoff=CUTOFF, lines=lines, notice=NOTICE
    )
    return replace(given, **more)  # type: ignore[arg-type]


def weeks_of(period: Period) -> tuple[Week, ...]:
    """The weeks that end inside a period's data."""
    found = [Week.containing(period.start)]
    while found[-1].next().sunday <= period.end:
        found.append(found[-1].next())
    return tuple(week for week in found if week.sunday <= period.end)


def told_by_weeks(lines: tuple[ReportLine, ...], period: Period) -> tuple[ReportLine, ...]:
    """What the tasks say, as if a longer period's weeks had written it; recurring ones missed one week."""
    weeks = weeks_of(period)
    return tuple(
        replace(
            line,
            result="", difficulty="", proposal="", next_step="",
            weeks=tuple(
                WeekWords(week, line.result, line.difficulty, line.proposal, line.next_step) for week in weeks
            ) if line.changed else (),
            occurrences=(len(weeks) - 1, len(weeks)) if line.recurring else None,
        )
        for line in lines
    )  # fmt: skip


def of_period(period: str, line: str = "ubnd_tinh", every: int = 6, **more: object) -> Report:
    """A report of any period, from the sample tasks; each `every`-th of them changed."""
    given = Period.parse(period)
    if given.kind == "week":
        return report(changed(sample_lines(line), every), line=line, period=given, **more)
    tasks = told_by_weeks(changed(sample_lines(line, given.end), every), given)
    cutoff = datetime.combine(given.end, CUTOFF.timetz())
    facts: dict[str, object] = {"period": given, "cutoff": cutoff, "before": BEFORE, **more}
    return report(tasks, line=line, **facts)
