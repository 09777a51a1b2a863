"""What the annexes hold: Biểu 01 (figures by group), 02 (each task), 03 (overdue and obstructed), and
the texts that are too long for them.
"""

from collections.abc import Sequence
from datetime import datetime

from app.domain.reports import (
    UNSET,
    Report,
    ReportLine,
    grouped,
    moment,
    share,
    short_date,
    tally_of,
)
from app.domain.tasks import Tally
from app.reports import texts_annex as words
from app.reports import texts_body, wording
from app.reports.blocks import Bar, Chart, Column, Table
from app.reports.letters import one_line, printable
from app.reports.merging import told

_NUMERALS = ("I", "II", "III", "IV", "V")

Group = tuple[str, str, tuple[ReportLine, ...]]
"""Code and name of a group, and its tasks."""

DETAILS = (
    Column(words.ORDINAL, 8, "centre"),
    Column(words.CODE, 16, "centre"),
    Column(words.TASK, 40),
    Column(words.SOURCE, 22),
    Column(words.OFFICES, 32),
    Column(words.PRODUCT, 20),
    Column(words.DEADLINE, 16, "centre"),
    Column(words.RESULT, 32),
    Column(words.STATE, 16),
    Column(words.DIFFICULTY, 18),
    Column(words.PROPOSAL, 18),
    Column(words.NEXT_STEP, 14),
)
"""Biểu 02; the offices have room, since they make most rows tall."""

TROUBLES = (
    Column(words.ORDINAL, 9, "centre"),
    Column(words.CODE, 20, "centre"),
    Column(words.TASK, 57),
    Column(words.DEADLINE, 22, "centre"),
    Column(words.DAYS_LATE, 16, "right"),
    Column(words.REASON, 50),
    Column(words.PROMISE, 38),
    Column(words.HELPER, 40),
)
"""Biểu 03."""

WHOLE_TEXTS = (
    Column(words.ORDINAL, 9, "centre"),
    Column(words.CODE, 21, "centre"),
    Column(words.WHOLE_TEXT, 135),
)
"""The annex of texts that are too long for a table of twelve columns."""


_PLACES = {
    "done_on_time": (words.DONE, words.ON_TIME),
    "done_late": (words.DONE, words.LATE),
    "done_undated": (words.DONE, words.UNDATED),
    "under_way_in_time": (words.UNDER_WAY, words.IN_TIME),
    "under_way_overdue": (words.UNDER_WAY, words.LATE),
    "recurring": (words.UNDER_WAY, words.OF_WHICH_RECURRING),
    "not_started_in_time": (words.NOT_STARTED, words.IN_TIME),
    "not_started_overdue": (words.NOT_STARTED, words.LATE),
    "paused": ("", words.PAUSED),
}
"""Where Biểu 01 has the figures: common heading and heading of the column."""


def groups_of(lines: Sequence[ReportLine]) -> tuple[Group, ...]:
    """The tasks by group, in the order of the lines; a group without a name is «Nhiệm vụ khác»."""
    found: dict[str, list[ReportLine]] = {}
    for line in lines:
        found.setdefault(line.group, []).append(line)
    return tuple(
        (group, one_line(held[0].group_name) or one_line(group) or texts_body.OTHER_GROUP, tuple(held))
        for group, held in found.items()
    )


def troubled(report: Report, lines: Sequence[ReportLine]) -> tuple[ReportLine, ...]:
    """The tasks of Biểu 03: overdue, or with a difficulty."""
    return tuple(line for line in lines if line.timeliness == "overdue" or obstructed(report, line))


def obstructed(report: Report, line: ReportLine) -> bool:
    """Whether a difficulty is written down."""
    return bool(told(line, "difficulty", report.period).text)


def tables(
    report: Report, lines: Sequence[ReportLine], number: str, day: str, issuer: str
) -> tuple[Table, ...]:
    """The annexes of a report, numbered where there are several; none that would be empty.

    lines: in the report's order. number, day: of issue, as the places for them are printed.
    """
    listed = [line for line in lines if in_details(report, line)]
    long = _long_texts(report, listed)
    troubles = [] if report.weekly else troubled(report, lines)
    columns_of: dict[str, tuple[Column, ...]] = {}
    if lines and not report.weekly:
        columns_of["01"] = _summary_columns(lines)
    columns_of |= {"02": DETAILS} if listed else {}
    columns_of |= {"03": TROUBLES} if troubles else {}
    columns_of |= {"04": WHOLE_TEXTS} if long else {}
    labels = _labels(tuple(columns_of))
    whole = labels.get("04", "")
    filled = {
        "01": lambda: _summary(lines),
        "02": lambda: [wording.cells(line, n, report.period, whole) for n, line in enumerate(listed, 1)],
        "03": lambda: _troubles(report, troubles, whole),
        "04": lambda: long,
    }
    titles = {**words.TITLES, **(words.TITLES_OF_WEEK if report.weekly else {})}
    return tuple(
        Table(
            number=kind,
            label=labels[kind],
            title=titles[kind].format(period=report.period.words.upper()),
            belongs_to=words.ANNEX_OF.format(number=number, date=day, issuer=issuer),
            note=_data(report.cutoff) + (words.COUNTED_IN if kind == "01" else ""),
            columns=columns,
            rows=tuple(filled[kind]()),
            landscape=kind in {"02", "03"},
            total=kind == "01",
        )
        for kind, columns in columns_of.items()
    )


def figures_of(tables: Sequence[Table]) -> Tally | None:
    """The figures that a report's Biểu 01 printed; None where it has none, as a week's."""
    for table in tables:
        if table.number == "01":
            told = {
                (column.over, column.heading): int(cell.replace(".", ""))
                for column, cell in zip(table.columns, table.rows[-1], strict=True)
                if column.align == "right" and column.heading != words.RATE
            }
            return Tally(**{field: told.get(place, 0) for field, place in _PLACES.items()})
    return None


def in_details(report: Report, line: ReportLine) -> bool:
    """Whether Biểu 02 carries a task: every one, in a week what changed, is due, late, or told at length."""
    if not report.weekly or line.listed:
        return True
    texts = (line.result, line.difficulty, line.proposal, line.next_step)
    return any(len(text) > wording.BRIEF for text in texts)


def chart(report: Report, figures: Tally) -> Chart | None:
    """How many tasks stand where, for periods longer than a week; None where there is nothing to show."""
    if report.weekly or not figures.counts.total:
        return None
    counts = {
        "done": figures.counts.done,
        "in_time": figures.under_way_in_time,
        "not_started": figures.not_started_in_time,
        "overdue": figures.under_way_overdue + figures.not_started_overdue,
        "paused": figures.paused,
    }
    if not figures.paused:
        del counts["paused"]
    bars = tuple(Bar(texts_body.BARS[kind], count, kind) for kind, count in counts.items())
    return Chart(texts_body.CHART.format(period=report.period.words), bars)


def _data(cutoff: datetime) -> str:
    return words.ANNEX_DATA.format(cutoff=moment(cutoff))


def _labels(kinds: Sequence[str]) -> dict[str, str]:
    if len(kinds) == 1:
        return {kinds[0]: words.ANNEX}
    return {
        kind: words.NUMBERED.format(numeral=numeral) for kind, numeral in zip(kinds, _NUMERALS, strict=False)
    }


def _long_texts(report: Report, lines: Sequence[ReportLine]) -> list[tuple[str, ...]]:
    """The texts that no cell of a table can hold, each whole in a row of its own."""
    found = [
        (line.code, f"{one_line(line.title)}\n{heading}:\n{text}")
        for line in lines
        for field, heading in words.FIELDS
        if wording.is_long(text := told(line, field, report.period).text)
    ]
    return [(str(place), printable(code), printable(text)) for place, (code, text) in enumerate(found, 1)]


def _summary_columns(lines: Sequence[ReportLine]) -> tuple[Column, ...]:
    """Biểu 01; tasks done that had no deadline get a column where there are any, so that the parts add up."""
    undated = _undated(lines)
    columns = [
        Column(words.ORDINAL, 9, "centre"),
        Column(words.GROUP, 38 if undated else 43),
        Column(words.TOTAL, 11, "right"),
        Column(words.ON_TIME, 11, "right", words.DONE),
        Column(words.LATE, 11, "right", words.DONE),
        Column(words.IN_TIME, 12, "right", words.UNDER_WAY),
        Column(words.LATE, 11, "right", words.UNDER_WAY),
        Column(words.OF_WHICH_RECURRING, 14, "right", words.UNDER_WAY),
        Column(words.IN_TIME, 12, "right", words.NOT_STARTED),
        Column(words.LATE, 11, "right", words.NOT_STARTED),
        Column(words.PAUSED, 11, "right"),
        Column(words.RATE, 14, "right"),
    ]
    if undated:
        columns.insert(5, Column(words.UNDATED, 12, "right", words.DONE))
    return tuple(columns)


def _undated(lines: Sequence[ReportLine]) -> bool:
    return any(line.timeliness == "done_undated" for line in lines)


def _summary(lines: Sequence[ReportLine]) -> list[tuple[str, ...]]:
    undated = _undated(lines)
    rows: list[tuple[str, ...]] = [
        (str(place), name, *_figures(tally_of(held), undated=undated))
        for place, (_, name, held) in enumerate(groups_of(lines), 1)
    ]
    return [*rows, ("", words.TOTAL_ROW, *_figures(tally_of(lines), undated=undated))]


def _figures(figures: Tally, *, undated: bool) -> tuple[str, ...]:
    done = [figures.done_on_time, figures.done_late, *([figures.done_undated] if undated else [])]
    numbers = (
        figures.counts.total,
        *done,
        figures.under_way_in_time,
        figures.under_way_overdue,
        figures.recurring,
        figures.not_started_in_time,
        figures.not_started_overdue,
        figures.paused,
    )
    return (*(grouped(number) for number in numbers), share(figures.counts.done, figures.counts.total))


def _troubles(report: Report, lines: Sequence[ReportLine], whole: str) -> list[tuple[str, ...]]:
    """Biểu 03, the longest overdue first; what an overdue task needs and nobody wrote reads «Chưa ghi»."""
    late = sorted(lines, key=lambda line: -(line.days or 0) if line.timeliness == "overdue" else 1)
    rows = []
    for place, line in enumerate(late, 1):
        overdue = line.timeliness == "overdue"
        missing = UNSET if overdue else ""
        cells = (
            str(place),
            line.code,
            line.title,
            short_date(line.deadline) if line.deadline else wording.deadline(line),
            grouped(line.days or 0) if overdue else "",
            wording.in_cell(told(line, "difficulty", report.period).text, whole) or missing,
            wording.in_cell(told(line, "next_step", report.period).text, whole) or missing,
            wording.in_cell(told(line, "proposal", report.period).text, whole),
        )
        rows.append(tuple(printable(cell).strip() for cell in cells))
    return rows
