"""Lines of the ledger as rows of the week's list, and the sentences that a line is told in."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.periods import local, show_date
from app.domain.progress import State
from app.services.lines import Line
from app.services.views import Due
from app.words import N_, _
from ui import marks
from ui.marks import Mark
from ui.models.rows import Group, Row
from ui.tokens import Tone

GROUPS = (
    ("overdue", N_("Overdue"), "overdue"),
    ("soon", N_("Due within 7 days"), "due_soon"),
    ("unrecorded", N_("Not yet recorded this week"), ""),
    ("recorded", N_("Recorded"), "done_on_time"),
    ("closed", N_("Nothing to record"), "on_track"),
)
"""Key, words and timeliness mark of the groups, in the order of urgency."""

TONES = {"overdue": Tone.RED, "soon": Tone.AMBER}

DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)

FIELD_WORDS = {
    "state": N_("Status"),
    "result": N_("Results"),
    "difficulty": N_("Difficulties"),
    "proposal": N_("Proposals"),
    "next_step": N_("Next step"),
}
"""The names of the fields of a record."""


def groups(due: Due, held: tuple[str, str] = ("", "")) -> list[Group]:
    """The groups of the week's list.

    held: a row and the group it stays in: the task under the pen does not jump away when it is recorded.
    """
    found: dict[str, list[Line]] = {key: list(getattr(due, key)) for key, _words, _mark in GROUPS}
    key, place = held
    if key and place in found:
        for lines in found.values():
            for line in lines:
                if line.assignment == key and lines is not found[place]:
                    lines.remove(line)
                    found[place].append(line)
                    found[place].sort(key=_nearest)
                    break
    return [
        Group(name, _(words), _mark(mark), tuple(row(line) for line in found[name]))
        for name, words, mark in GROUPS
    ]


def group_of(due: Due, assignment: str) -> str:
    """The group in which a line stands by itself, or an empty text."""
    for name, _words, _mark in GROUPS:
        if any(line.assignment == assignment for line in getattr(due, name)):
            return name
    return ""


def row(line: Line) -> Row:
    """One row of the list."""
    return Row(
        key=line.assignment,
        title=line.title,
        code=line.code,
        status=shown_status(line),
        right=percent(line.percent),
        due=due_mark(line),
        due_short=due_mark(line, short=True),
        date=_("due {date}").format(date=f"{line.deadline.day}/{line.deadline.month}")
        if line.deadline
        else "",
        flags=flags(line),
        spoken=spoken(line),
    )


def shown_status(line: Line) -> Mark:
    """The status of a line; a recurring one that was done this time is shown as done."""
    if line.recurring and line.occurrence is not None and not line.withdrawn:
        return marks.status("done")
    return marks.status(line.status)


def due_mark(line: Line, *, short: bool = False) -> Mark | None:
    """The mark beside the deadline: only where it wants something, or says more than the date."""
    code, days = line.timeliness
    if code == "overdue":
        return marks.due(code, -(days or 0), short=short)
    if code == "due_soon":
        return marks.due(code, days or 0, short=short)
    if code in {"recurring", "done_late", "undated"}:
        return marks.timeliness(code)
    return None


def flags(line: Line, *, short: bool = True) -> tuple[Mark, ...]:
    """Difficulty and two versions."""
    found = []
    if line.conflict:
        found.append(marks.two_versions())
    if line.has_difficulty and not line.closed:
        found.append(marks.difficulty(short=short))
    return tuple(found)


def spoken(line: Line) -> str:
    """The sentence of a line for a screen reader: title, status, percent, mark, exchange."""
    due = due_mark(line)
    parts = [
        f"{line.code} {line.title}",
        shown_status(line).word,
        percent(line.percent),
        due.word if due else "",
        *(flag.word for flag in flags(line, short=False)),
        marks.exchange(line.exchange).word if line.exchange else "",
    ]
    return ", ".join(part for part in parts if part)


def facts(line: Line) -> str:
    """The line of facts under the title of an open task."""
    parts = []
    if line.deadline is None:
        parts.append(_("no deadline") if not line.recurring else _("recurring"))
    elif line.extended and line.original_deadline is not None:
        parts.append(
            _("Due {date} (first {before})").format(
                date=show_date(line.deadline), before=show_date(line.original_deadline)
            )
        )
    else:
        parts.append(_("Due {date}").format(date=show_date(line.deadline)))
    parts.append(line_word(line.line))
    if line.lead:
        parts.append(_("Lead: {office}").format(office=line.lead))
    if line.product:
        parts.append(_("Product: {product}").format(product=line.product))
    if line.source:
        parts.append(_("By: {document}").format(document=line.source))
    return "  ·  ".join(parts)


def line_word(code: str) -> str:
    """To whom a reporting line goes."""
    return _("To the Party committee") if code == "tinh_uy" else _("To the People's Committee")


def percent(value: int | None) -> str:
    """A percent, or nothing."""
    return "" if value is None else f"{value}%"


def state_words(state: State) -> str:
    """A state in one line, e.g. «Đang thực hiện, 60%»."""
    parts = [marks.status(state.status).word]
    if state.percent is not None and state.status not in {"done", "not_started"}:
        parts.append(percent(state.percent))
    if state.completed_on is not None:
        parts.append(show_date(state.completed_on))
    if state.words:
        parts.append(f"“{state.words}”")
    return ", ".join(parts)


def moment(at: int) -> str:
    """A moment as people say it: «thứ Ba 15/7 09:20»."""
    time = local(at)
    return f"{_(DAYS[time.weekday()])} {time.day}/{time.month} {time:%H:%M}"


def clock(at: int) -> str:
    """The time of day of a moment."""
    return f"{local(at):%H:%M}"


def ticks(due: Due) -> Sequence[tuple[bool, Tone]]:
    """The tick strip: one for each line that wants a record this week."""
    made: list[tuple[bool, Tone]] = [(True, Tone.GREY) for _line in due.recorded]
    for name in ("unrecorded", "soon", "overdue"):
        made += [(False, TONES.get(name, Tone.GREY)) for _line in getattr(due, name)]
    return made


def _mark(code: str) -> Mark:
    return marks.timeliness(code) if code else marks.status("not_started")


def _nearest(line: Line) -> tuple[bool, str, str]:
    return (line.deadline is None, line.deadline.isoformat() if line.deadline else "", line.code)
