"""Tasks seen together: timely or late, counted, and what one shared task comes to in the province.

Rules: the project's reporting regime, section 5. Nothing here is stored; all of it follows from states,
deadlines and a date.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from app.domain.errors import LedgerError
from app.domain.progress import State

CANCELLED = "cancelled"
"""Status and timeliness of what the province withdrew."""

SOON = 7
"""Days before a deadline from which it is near."""

TIMELINESS = (
    "done_on_time", "done_late", "done_undated", "overdue", "due_soon", "on_track", "undated", "paused",
    "recurring", CANCELLED,
)  # fmt: skip

_PERCENT = re.compile(r"([0-9]{1,6})(?:[.,]0+)?\s*(%?)")


class BadPercent(LedgerError):
    """A text that is no whole percent, or one that a spreadsheet may mean otherwise; facts: text."""

    code: ClassVar[str] = "bad-percent"


class Timeliness(NamedTuple):
    """A code of TIMELINESS; days: late, when overdue or done late; left, when due soon or on track."""

    code: str
    days: int | None = None


def timeliness(
    state: State, deadline: date | None, at: date, *, recurring: bool = False, withdrawn: bool = False
) -> Timeliness:
    """How a task stands to its deadline at a date; the deadline is included to the end of its day.

    deadline: the one in force, after extensions.
    """
    if withdrawn:
        return Timeliness(CANCELLED)
    if recurring:
        return Timeliness("recurring")
    if state.status == "paused":
        return Timeliness("paused")
    if state.status == "done":
        if deadline is None or state.completed_on is None:
            return Timeliness("done_undated")
        late = (state.completed_on - deadline).days
        return Timeliness("done_late", late) if late > 0 else Timeliness("done_on_time")
    if deadline is None:
        return Timeliness("undated")
    left = (deadline - at).days
    if left < 0:
        return Timeliness("overdue", -left)
    return Timeliness("due_soon" if left <= SOON else "on_track", left)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks (or assignments) stand where; total is the sum of the next four.

    recurring is "of which": those tasks are counted in in_progress too.
    """

    total: int = 0
    done: int = 0
    in_progress: int = 0
    not_started: int = 0
    paused: int = 0
    recurring: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.total + other.total,
            self.done + other.done,
            self.in_progress + other.in_progress,
            self.not_started + other.not_started,
            self.paused + other.paused,
            self.recurring + other.recurring,
        )


def count(tasks: Iterable[tuple[str, bool]]) -> Counts:
    """Count pairs (status, recurring). Withdrawn ones are left out; a recurring one is always under way."""
    found = {"done": 0, "in_progress": 0, "not_started": 0, "paused": 0}
    rounds = 0
    for status, recurring in tasks:
        if status == CANCELLED:
            continue
        found["in_progress" if recurring else status] += 1
        rounds += recurring
    return Counts(total=sum(found.values()), recurring=rounds, **found)


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of Biểu 01 and of the sentence in II.1: each status split by its deadline.

    "In time" takes in what is due soon and what has no deadline; under_way_in_time takes in the recurring
    ones, and `recurring` says how many they are.
    """

    done_on_time: int = 0
    done_late: int = 0
    done_undated: int = 0
    under_way_in_time: int = 0
    under_way_overdue: int = 0
    not_started_in_time: int = 0
    not_started_overdue: int = 0
    paused: int = 0
    recurring: int = 0

    @property
    def counts(self) -> Counts:
        """The same, by status alone."""
        done = self.done_on_time + self.done_late + self.done_undated
        under_way = self.under_way_in_time + self.under_way_overdue
        not_started = self.not_started_in_time + self.not_started_overdue
        total = done + under_way + not_started + self.paused
        return Counts(total, done, under_way, not_started, self.paused, self.recurring)


def tally(tasks: Iterable[tuple[str, Timeliness]]) -> Tally:
    """Count pairs (status, timeliness). Withdrawn ones are left out."""
    found = dict.fromkeys(Tally.__dataclass_fields__, 0)
    for status, time in tasks:
        if CANCELLED in {status, time.code}:
            continue
        if time.code == "recurring":
            found["recurring"] += 1
            found["under_way_in_time"] += 1
        elif status in {"done", "paused"}:
            found[time.code] += 1
        else:
            begun = "under_way" if status == "in_progress" else "not_started"
            found[f"{begun}_overdue" if time.code == "overdue" else f"{begun}_in_time"] += 1
    return Tally(**found)


def province_status(statuses: Iterable[str]) -> str:
    """What one shared task comes to over its units: done, not started or paused if all are; else under way.

    Withdrawn assignments are left out; `cancelled` when none is left, and such a task is not counted.
    """
    held = {status for status in statuses if status != CANCELLED}
    if not held:
        return CANCELLED
    if len(held) == 1:
        return held.pop()
    return "in_progress"


def quarter_end(day: date) -> date:
    """The last day of the calendar quarter of a day."""
    month = (day.month + 2) // 3 * 3
    return date(day.year, month, monthrange(day.year, month)[1])


def read_percent(text: str, *, from_table: bool = False) -> int | None:
    """Read a whole percent: `80`, `80%`, `80 %`, `80,0`, `80.0`; None for an empty text.

    The range is not checked here (`progress.decide` does). Raises BadPercent for anything else, so for parts
    of one (0,8), signs, `1_0`, and digits that are not ASCII.

    from_table: a spreadsheet keeps 100 % as 1, so a bare `1` of a table is refused too; `1%` says it plainly.
    """
    plain = text.strip()
    if not plain:
        return None
    found = _PERCENT.fullmatch(plain)
    if found is None or (from_table and int(found[1]) == 1 and not found[2]):
        raise BadPercent(text=text)
    return int(found[1])
