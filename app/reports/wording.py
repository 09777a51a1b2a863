"""How one task is told: in a sentence of the body, and in the cells of Biểu 02."""

from app.domain.reporting import Period
from app.domain.reports import ReportLine, Withdrawn, padded, short_date
from app.reports import texts, texts_body
from app.reports.letters import brief, one_line, printable
from app.reports.merging import told

LONG = 700
"""Letters from which a text stands whole in an annex of its own, and no cell of a table holds it."""

BRIEF = 350
"""Letters of a statement that the body repeats when an annex carries it whole."""

_IN_CELL = 120  # letters that a narrow cell repeats of such a text


def named(line: ReportLine | Withdrawn) -> str:
    """The task's title without its full stop, and its code."""
    return f"{one_line(line.title).rstrip(' .;')} ({one_line(line.code)})"


def statement(text: str, annex: str, most: int = BRIEF) -> str:
    """What was written about a task, in one line, ending like a sentence.

    annex: the label of the one that carries the task whole, "" for none; only then is a text of more than
    `most` letters shortened, and says where to read on.
    """
    whole = one_line(text)
    if annex and len(whole) > most:
        return brief(whole, most) + texts_body.WHOLE_IN.format(label=annex)
    return whole if not whole or whole.endswith((".", "!", "?", "…")) else whole + "."


def is_long(text: str) -> bool:
    """Whether a text is too long for a cell of a table."""
    return len(text) > LONG


def in_cell(text: str, whole: str) -> str:
    """A text as a cell holds it; whole: the annex where a long one stands whole."""
    return statement(text, whole, _IN_CELL) if is_long(text) else text


def change(line: ReportLine, period: Period) -> str:
    """What the period made of a task: "hoàn thành đúng hạn", "đạt 80% (tuần trước 75%), quá hạn 17 ngày"."""
    if line.recurring:
        return _occurrence(line)
    if line.status == "done":
        when = f" (ngày {short_date(line.completed_on)})" if line.completed_on else ""
        return _timeliness(line, padded(line.days or 0)).lower() + when
    if line.status == "paused":
        return "tạm dừng" + (f" ({one_line(line.words).rstrip('.')})" if line.words else "")
    if line.status == "not_started":
        said = "chưa thực hiện"
    else:
        said = "đang thực hiện" if line.percent is None else f"đạt {line.percent}%"
        if line.previous_status == "not_started":
            said = "bắt đầu thực hiện" + ("" if line.percent is None else f", {said}")
        elif line.previous_status == "done":
            reason = one_line(line.words).rstrip(" .;")
            begun = "tiếp tục thực hiện" + (f" ({reason})" if reason else "")
            said = begun + ("" if line.percent is None else f", {said}")
        elif _moved(line):
            said += f" ({texts_body.BEFORE[period.kind]} {line.previous_percent}%)"
    return said + (f", quá hạn {padded(line.days or 0)} ngày" if line.timeliness == "overdue" else "")


def withdrawn(task: Withdrawn) -> str:
    """A task that was taken back: since when, and by which document if it is known."""
    said = f"{named(task)}: {texts_body.WITHDRAWN_ON.format(day=short_date(task.day))}"
    document = one_line(task.document).rstrip(" .;")
    return said + (texts_body.WITHDRAWN_BY.format(document=document) if document else "") + "."


def cells(line: ReportLine, position: int, period: Period, whole: str) -> tuple[str, ...]:
    """The row of a task in Biểu 02, in the order of `app.reports.annexes.DETAILS`; whole: see `in_cell`."""
    return tuple(
        printable(cell).strip()
        for cell in (
            str(position),
            line.code,
            line.title,
            line.source,
            _offices(line),
            line.product,
            deadline(line),
            _result(line, period, whole),
            _state(line),
            in_cell(told(line, "difficulty", period).text, whole),
            in_cell(told(line, "proposal", period).text, whole),
            in_cell(told(line, "next_step", period).text, whole),
        )
    )


def deadline(line: ReportLine) -> str:
    """The deadline in force as a cell shows it."""
    if line.deadline is None:
        return texts.RECURRING if line.recurring else texts.NO_DEADLINE
    day = short_date(line.deadline)
    return texts.EXTENDED.format(deadline=day) if line.extended else day


def _moved(line: ReportLine) -> bool:
    before = line.previous_percent
    return line.percent is not None and before is not None and before != line.percent


def _occurrence(line: ReportLine) -> str:
    if line.occurrences is None:
        return texts.OCCURRENCE[line.occurrence_done]
    done, of = line.occurrences
    return texts_body.OCCURRENCES.format(done=done, of=of)


def _timeliness(line: ReportLine, days: str) -> str:
    return texts.TIMELINESS[line.timeliness].format(status=texts.STATUS[line.status], days=days)


def _state(line: ReportLine) -> str:
    if line.recurring:
        return f"{texts.RECURRING}, {_occurrence(line)}"
    said = _timeliness(line, str(line.days))
    return f"{said}: {line.words}" if line.words else said


def _offices(line: ReportLine) -> str:
    if line.lead and line.cooperating:
        return texts.COOPERATING.format(lead=line.lead, cooperating=line.cooperating)
    if line.cooperating:
        return texts.ONLY_COOPERATING.format(cooperating=line.cooperating)
    return line.lead


def _result(line: ReportLine, period: Period, whole: str) -> str:
    if line.status == "done" and line.completed_on is not None:
        said = texts.COMPLETED.format(day=short_date(line.completed_on))
    elif line.status != "in_progress" or line.percent is None:
        said = ""
    elif _moved(line):
        before = texts_body.BEFORE[period.kind]
        said = texts.PERCENT_FROM.format(percent=line.percent, when=before, before=line.previous_percent)
    else:
        said = texts.PERCENT.format(percent=line.percent)
    return " ".join(part for part in (said, in_cell(told(line, "result", period).text, whole)) if part)
