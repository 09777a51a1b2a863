"""What an officer does with a line of the week: say how far it is, and in words what was done."""

from datetime import date

from app.domain.change import Change, Value
from app.domain.errors import LedgerError
from app.domain.merge import Seen
from app.domain.periods import Week
from app.domain.progress import State, decide
from app.domain.text import clean
from app.services.lines import TEXTS, Line
from app.services.weeks import Now
from app.storage.ledger import Edit


class UnknownTask(LedgerError):
    """The ledger has no such task. Facts: task."""

    code = "unknown-task"


class TaskWithdrawn(LedgerError):
    """The province took the task back. Facts: task, day."""

    code = "task-withdrawn"


class WeekSigned(LedgerError):
    """The week's report is signed, so nothing more is written there. Facts: period, later_period."""

    code = "week-signed"


class NothingSaid(LedgerError):
    """Nothing was given to record."""

    code = "nothing-said"


def stated(
    line: Line,
    now: Now,
    *,
    status: str | None = None,
    percent: int | None = None,
    completed_on: date | None = None,
    document: str | None = None,
    reason: str | None = None,
) -> State:
    """The state that these words make of the line in its week. Raises a kind of StateRefused, TextTooLong."""
    return decide(
        line.before,
        line.said,
        status=status,
        percent=percent,
        completed_on=completed_on,
        document=document,
        reason=reason,
        recurring=line.recurring,
        today=now.day_in(line.week),
        week=line.week,
    )


def record(
    edit: Edit,
    line: Line,
    now: Now,
    *,
    status: str | None = None,
    percent: int | None = None,
    completed_on: date | None = None,
    document: str | None = None,
    reason: str | None = None,
    result: str | None = None,
    difficulty: str | None = None,
    proposal: str | None = None,
    next_step: str | None = None,
) -> Change | None:
    """Record what was said of a line in its week, as one change: all its fields were read at the same time.

    None is not said; an empty text takes the words away. Returns None when it says what stands there already.
    Raises NothingSaid, TaskWithdrawn, WeekAhead, WeekSigned, a kind of StateRefused, BadText, TextTooLong.
    """
    writable(line, now)
    values: dict[str, Value] = {}
    if any(part is not None for part in (status, percent, completed_on, document, reason)):
        values["state"] = stated(
            line,
            now,
            status=status,
            percent=percent,
            completed_on=completed_on,
            document=document,
            reason=reason,
        ).to_wire()
    said = zip(TEXTS, (result, difficulty, proposal, next_step), strict=True)
    values |= {name: clean(text) for name, text in said if text is not None}
    if not values:
        raise NothingSaid()
    return edit.write("progress", line.key, values, {name: line.fields[name] for name in values})


def write_state(edit: Edit, line: Line, state: State, now: Now, seen: Seen | None = None) -> Change | None:
    """Write a state made by `stated` (or one of two that stand against each other), over what was shown.

    seen: what the editor showed of the field, default what the line holds. Raises what `writable` raises.
    """
    writable(line, now)
    return edit.set("progress", line.key, "state", state.to_wire(), seen or line.fields["state"])


def write_text(
    edit: Edit, line: Line, field: str, text: str, now: Now, seen: Seen | None = None
) -> Change | None:
    """Write one field of text over what was shown of it; see `write_state`. field: one of TEXTS."""
    writable(line, now)
    if field not in TEXTS:
        raise ValueError(f"no field of text: {field}")
    return edit.set("progress", line.key, field, clean(text), seen or line.fields[field])


def confirm(edit: Edit, line: Line, now: Now) -> Change | None:
    """«Không thay đổi trong tuần»: state this week what held before it, and nothing better."""
    writable(line, now)
    state = line.said or line.state
    return edit.set("progress", line.key, "state", state.to_wire(), line.fields["state"])


def check(line: Line, now: Now) -> None:
    """Whether the line takes a record in its week. Raises TaskWithdrawn, WeekAhead."""
    if line.withdrawn_on is not None and line.withdrawn_on <= now.today:
        raise TaskWithdrawn(task=line.code, day=line.withdrawn_on)
    now.check(line.week)


def writable(line: Line, now: Now) -> None:
    """Whether the line can be written in its week. Raises WeekSigned, and what `check` raises."""
    check(line, now)
    if line.signed:
        after = now.calendar.reporting_week(line.week.next(), line.line)
        raise WeekSigned(period=str(line.week), later_period=str(max(now.week, after)))


def found(line: Line | None, code: str) -> Line:
    """The line itself. Raises UnknownTask."""
    if line is None:
        raise UnknownTask(task=code.strip())
    return line


def week_of(text: str | None, now: Now) -> Week:
    """The week that a text names, the default one for None or "". Raises BadWeek, WeekAhead."""
    if not text or not text.strip():
        return now.week
    week = Week.parse(text)
    now.check(week)
    return week
