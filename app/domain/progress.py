"""How far a task is: its state in a week, what may be said about it, and which word holds at a date.

Rules: the project's reporting regime, section 5, and the design's "A week and its state".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple, Self

from app.domain.errors import LedgerError
from app.domain.periods import Week
from app.domain.refusals import (
    BadStatus,
    CancelledByProvince,
    CompletedAfterToday,
    CompletedWithoutDone,
    DoneNeedsDate,
    PauseNeedsDocument,
    PercentMeansDone,
    PercentMeansNotStarted,
    PercentOnRecurring,
    PercentOutOfRange,
    RecurringUnderWay,
    ReopenNeedsReason,
    StateContradiction,
    TransitionRefused,
)
from app.domain.text import clean

STATUSES = ("not_started", "in_progress", "done", "paused")
"""What a commune may state. `cancelled` is derived from the province's withdrawal and never stored here."""

ALLOWED = {
    "not_started": frozenset({"not_started", "in_progress", "done", "paused"}),
    "in_progress": frozenset({"in_progress", "done", "paused"}),
    "done": frozenset({"done", "in_progress"}),
    "paused": frozenset({"paused", "in_progress"}),
}
"""Status before a week: statuses that the week may state."""

Wire = tuple[str, int | None, str | None, str | None]


class BadState(LedgerError):
    """A state that no version of these rules writes; facts: state (what was found, as text)."""

    code: ClassVar[str] = "bad-state"


@dataclass(frozen=True, slots=True)
class State:
    """One statement about a task, one value in the record, so that a merge never makes "done at 60 %".

    status: one of STATUSES. percent: 0 when not started, 100 when done, 1 to 99 or None when under way,
    0 to 99 or None when paused; an officer's estimate. completed_on: the date of the product, when done.
    words: the document of a pause, the reason of a re-opening.
    """

    status: str
    percent: int | None
    completed_on: date | None = None
    words: str | None = None

    def check(self) -> Self:
        """Itself. Raises BadState when the parts do not fit each other."""
        percent = self.percent
        fits = {
            "not_started": percent == 0,
            "in_progress": percent is None or 1 <= percent <= 99,
            "done": percent == 100,
            "paused": percent is None or 0 <= percent <= 99,
        }.get(self.status, False)
        if not fits or (self.status == "done") != (self.completed_on is not None):
            raise BadState(state=str(self.to_wire()))
        return self

    def to_wire(self) -> Wire:
        """The value of the field `state` in a change: status, percent, ISO date, words."""
        day = None if self.completed_on is None else self.completed_on.isoformat()
        return (self.status, self.percent, day, self.words)

    @classmethod
    def from_wire(cls, value: object) -> Self:
        """Read the value of a field `state`. Raises BadState for what is not one, or not known here."""
        match value:
            case (str(status), percent, completed_on, None | str() as words) if (
                percent is None or type(percent) is int
            ) and (completed_on is None or isinstance(completed_on, str)):
                try:
                    day = None if completed_on is None else date.fromisoformat(completed_on)
                except ValueError as wrong:
                    raise BadState(state=str(value)) from wrong
                if day is not None and day.isoformat() != completed_on:
                    raise BadState(state=str(value))  # a second spelling would be a second value of one thing
                return cls(status, percent, day, words).check()
            case _:
                raise BadState(state=str(value))


NOT_STARTED = State("not_started", 0)
UNDER_WAY = State("in_progress", None)


class Effective(NamedTuple):
    """A state that holds, and the week that says so; None for the opening state, or when nothing was said."""

    state: State
    week: Week | None


def effective(
    states: Iterable[tuple[Week, State]],
    opening: State | None,
    *,
    at: date,
    week: Week,
    recurring: bool = False,
) -> Effective:
    """What holds at a date: the newest state of a week not after `week`, else the opening, else not started.

    at: "done" counts from its completed_on; before that day the word below it holds. week: the default week
    as `at` ends (`Calendar.default_week_at_end_of`).

    A recurring task carries nothing from week to week and is always under way; its week is named only when it
    spoke itself, see `occurrence`.
    """
    heard = sorted((pair for pair in states if pair[0] <= week), key=lambda pair: pair[0], reverse=True)
    if recurring:
        return Effective(UNDER_WAY, week if heard and heard[0][0] == week else None)
    for said_in, state in heard:
        if _counts(state, at):
            return Effective(state, said_in)
    if opening is not None and _counts(opening, at):
        return Effective(opening, None)
    return Effective(NOT_STARTED, None)


def occurrence(
    states: Iterable[tuple[Week, State]], *, at: date, week: Week, recurrence: str = "weekly"
) -> State | None:
    """The "done" of a recurring task for this week, or for the month of `at`; None while there is none.

    recurrence: `monthly`, or anything else for weekly. A month is told by the day of completion.
    """
    done = [pair for pair in states if pair[0] <= week and pair[1].status == "done" and _counts(pair[1], at)]
    for said_in, state in sorted(done, key=lambda pair: pair[0], reverse=True):
        day = state.completed_on
        if recurrence == "monthly" and day is not None and (day.year, day.month) == (at.year, at.month):
            return state
        if recurrence != "monthly" and said_in == week:
            return state
    return None


def opening_state(
    status: str, percent: int | None, completed_on: date | None, *, recurring: bool = False
) -> State:
    """The state that the province gives a task with, from a row of its table; what follows is filled in.

    Raises StateRefused when the parts contradict each other. A pause needs no document here: the province
    made it.
    """
    _check_status(status)
    if recurring:
        if percent is not None:
            raise PercentOnRecurring(hint="--status in_progress")
        if status != "in_progress":
            raise RecurringUnderWay(status=status, hint="--status in_progress")
    if status == "done" and completed_on is None:
        raise DoneNeedsDate(hint="--completed-on")
    if (status, percent, completed_on) == ("paused", 0, None):
        return State(status, percent)  # paused before it began
    return _fit(status, percent, completed_on, kept=None).check()


def decide(
    before: State | None,
    current: State | None,
    *,
    status: str | None = None,
    percent: int | None = None,
    completed_on: date | None = None,
    document: str | None = None,
    reason: str | None = None,
    recurring: bool = False,
    today: date,
    week: Week,
) -> State:
    """The state that an officer's words make of a task in a week.

    before: what held before this week (None: not started); transitions are checked against it, so that within
    the week anything can be put right. current: what this week said so far. today: the local day. The rest is
    what was said; None is not said, and at least one thing must be (else ValueError).

    Raises a subclass of StateRefused, whose `hint` is the command that would be right; TextTooLong.
    """
    base = before or NOT_STARTED
    shown = current or (UNDER_WAY if recurring else base)
    if status is not None:
        _check_status(status)
    if percent is not None and not 0 <= percent <= 100:
        raise PercentOutOfRange(percent=percent, hint="--percent 1–99")
    if recurring and percent is not None:
        raise PercentOnRecurring(hint="--status done")
    if status is None:
        if percent is not None:
            status = _status_of_percent(percent, shown, base, completed_on)
        elif completed_on is not None:
            status = "done"
            if shown.status != "done":
                raise CompletedWithoutDone(
                    completed_on=completed_on, hint=f"--status done --completed-on {completed_on}"
                )
        elif document is not None or reason is not None:
            status = _status_of_words(document, shown)
        else:
            raise ValueError("nothing was stated")
    if recurring:
        if status not in {"in_progress", "done"}:
            raise RecurringUnderWay(status=status, hint="--status done")
        base = UNDER_WAY
    kept = _kept_percent(shown, base)
    if status == "done":
        completed_on = _completion(completed_on, shown, today, week)
    made = _fit(status, percent, completed_on, kept=kept)
    if status not in ALLOWED[base.status]:
        hint = '--status in_progress --reason "…"' if base.status == "done" else "--status in_progress"
        raise TransitionRefused(before=base.status, status=status, hint=hint)
    if shown.status == status == "paused" and not _said(document):
        document = shown.words  # a pause that is confirmed rests on the document it had
    words = _said(document, reason)
    if words is None and current is not None and current.status == status:
        words = current.words
    if status == "paused" and not _said(document):
        raise PauseNeedsDocument(hint='--status paused --document "…"')
    if base.status == "done" and status == "in_progress" and words is None:
        at_percent = "" if percent is None else f" --percent {percent}"
        raise ReopenNeedsReason(hint=f'--status in_progress{at_percent} --reason "…"')
    return State(made.status, made.percent, made.completed_on, words).check()


def _counts(state: State, at: date) -> bool:
    return state.completed_on is None or state.completed_on <= at


def _check_status(status: str) -> None:
    if status == "cancelled":
        raise CancelledByProvince(hint='--status paused --document "…"')
    if status not in STATUSES:
        raise BadStatus(status=status, hint=", ".join(STATUSES))


def _said(*texts: str | None) -> str | None:
    said = [part for part in (clean(text).strip() for text in texts if text is not None) if part]
    return clean("; ".join(said)) if said else None


def _status_of_percent(percent: int, shown: State, base: State, completed_on: date | None) -> str:
    """The status that a percent alone stands for, if it stands for one."""
    if percent == 100:
        day = "" if completed_on is None else f" --completed-on {completed_on}"
        raise PercentMeansDone(hint=f"--status done{day}")
    if percent == 0:
        if shown.status == "not_started":
            return "not_started"
        begun = "not_started" not in ALLOWED[base.status]
        raise PercentMeansNotStarted(
            status=shown.status, hint="--percent 1–99" if begun else "--status not_started"
        )
    if shown.status in {"done", "paused"}:
        reason = ' --reason "…"' if base.status == "done" else ""
        raise StateContradiction(
            status=shown.status, hint=f"--status in_progress --percent {percent}{reason}"
        )
    return "in_progress"


def _status_of_words(document: str | None, shown: State) -> str:
    """The status that a document or a reason alone adds to: words never make a state by themselves."""
    if document is not None and shown.status not in {"paused", "done"}:
        raise StateContradiction(status=shown.status, hint='--status paused --document "…"')
    if document is None and shown.status != "in_progress":
        raise StateContradiction(status=shown.status, hint='--status in_progress --reason "…"')
    return shown.status


def _kept_percent(shown: State, base: State) -> int | None:
    """The estimate that stays when none is given; a "done" put right brings back the one before the week."""
    for state in (shown, base):
        if state.status != "done" and state.percent is not None:
            return state.percent
    return None


def _completion(completed_on: date | None, shown: State, today: date, week: Week) -> date:
    if completed_on is None:
        if shown.status == "done" and shown.completed_on is not None:
            return shown.completed_on
        return min(today, week.sunday)
    if completed_on > today:
        raise CompletedAfterToday(
            completed_on=completed_on, today=today, hint=f"--status done --completed-on {today}"
        )
    return completed_on


def _fit(status: str, percent: int | None, completed_on: date | None, *, kept: int | None) -> State:
    """A state of a status, with what else was said; refused where that does not fit the status."""
    if percent is not None and not 0 <= percent <= 100:
        raise PercentOutOfRange(percent=percent, hint="--percent 1–99")
    if completed_on is not None and status != "done":
        raise CompletedWithoutDone(
            completed_on=completed_on, hint=f"--status done --completed-on {completed_on}"
        )
    if status == "done":
        if percent not in {None, 100}:
            raise StateContradiction(status=status, hint="--status done")
        return State(status, 100, completed_on)
    if percent == 100:
        raise PercentMeansDone(hint="--status done")
    if status == "not_started":
        if percent not in {None, 0}:
            raise StateContradiction(status=status, hint=f"--status in_progress --percent {percent}")
        return State(status, 0)
    if percent is None:
        percent = kept if status == "paused" or kept != 0 else None
    elif percent == 0 and (status == "in_progress" or kept != 0):
        raise PercentMeansNotStarted(status=status, hint="--percent 1–99")
    return State(status, percent)
