"""How one task is told: in a sentence of the body, and in the cells of the annex."""

from app.domain.reports import ReportLine, short_date
from app.reports import texts
from app.reports.blocks import Column
from app.reports.letters import brief, one_line, printable

_WIDTHS = (8, 16, 40, 22, 32, 20, 16, 32, 16, 18, 18, 14)
_CENTRED = frozenset({0, 1, 6})
COLUMNS = tuple(
    Column(heading, width, "centre" if place in _CENTRED else "left")
    for place, (heading, width) in enumerate(zip(texts.HEADINGS, _WIDTHS, strict=True))
)
"""The columns of Biểu 02; the offices have room, since they make most rows tall."""

BRIEF = 350
"""Letters of a statement that the body repeats when the annex carries it whole."""


def named(line: ReportLine) -> str:
    """The task's title without its full stop, and its code."""
    return f"{one_line(line.title).rstrip(' .;')} ({one_line(line.code)})"


def statement(text: str, line: ReportLine) -> str:
    """What was written about a task, in one line, ending like a sentence.

    Shortened only when the annex carries the task: what an officer wrote stands somewhere whole.
    """
    told = brief(text, BRIEF) if line.listed else one_line(text)
    return told if not told or told.endswith((".", "!", "?", "…")) else told + "."


def change(line: ReportLine) -> str:
    """What this week made of a task: "hoàn thành đúng hạn", "đạt 80% (tuần trước 75%), quá hạn 17 ngày"."""
    if line.recurring:
        return texts.OCCURRENCE[line.occurrence_done]
    if line.status == "done":
        when = f" (ngày {short_date(line.completed_on)})" if line.completed_on else ""
        return _timeliness(line).lower() + when
    if line.status == "paused":
        return "tạm dừng" + (f" ({one_line(line.words).rstrip('.')})" if line.words else "")
    if line.status == "not_started":
        told = "chưa thực hiện"
    else:
        told = "đang thực hiện" if line.percent is None else f"đạt {line.percent}%"
        if line.previous_status == "not_started":
            told = "bắt đầu thực hiện" + ("" if line.percent is None else f", {told}")
        elif line.previous_status == "done":
            told = "tiếp tục thực hiện" + ("" if line.percent is None else f", {told}")
        elif _moved(line):
            told += f" (tuần trước {line.previous_percent}%)"
    return told + (f", quá hạn {line.days} ngày" if line.timeliness == "overdue" else "")


def cells(line: ReportLine, position: int) -> tuple[str, ...]:
    """The row of a task in Biểu 02, in the order of `texts.HEADINGS`."""
    return tuple(
        printable(cell).strip()
        for cell in (
            str(position), line.code, line.title, line.source, _offices(line), line.product, _deadline(line),
            _result(line), _state(line), line.difficulty, line.proposal, line.next_step,
        )
    )  # fmt: skip


def _moved(line: ReportLine) -> bool:
    before = line.previous_percent
    return line.percent is not None and before is not None and before != line.percent


def _timeliness(line: ReportLine) -> str:
    return texts.TIMELINESS[line.timeliness].format(status=texts.STATUS[line.status], days=line.days)


def _state(line: ReportLine) -> str:
    if line.recurring:
        return f"{texts.RECURRING}, {texts.OCCURRENCE[line.occurrence_done]}"
    told = _timeliness(line)
    return f"{told}: {line.words}" if line.words else told


def _offices(line: ReportLine) -> str:
    if line.lead and line.cooperating:
        return texts.COOPERATING.format(lead=line.lead, cooperating=line.cooperating)
    if line.cooperating:
        return texts.ONLY_COOPERATING.format(cooperating=line.cooperating)
    return line.lead


def _deadline(line: ReportLine) -> str:
    if line.deadline is None:
        return texts.RECURRING if line.recurring else texts.NO_DEADLINE
    day = short_date(line.deadline)
    return texts.EXTENDED.format(deadline=day) if line.extended else day


def _result(line: ReportLine) -> str:
    if line.status == "done" and line.completed_on is not None:
        told = texts.COMPLETED.format(day=short_date(line.completed_on))
    elif line.status != "in_progress" or line.percent is None:
        told = ""
    elif _moved(line):
        told = texts.PERCENT_FROM.format(percent=line.percent, before=line.previous_percent)
    else:
        told = texts.PERCENT.format(percent=line.percent)
    return " ".join(part for part in (told, line.result) if part)
