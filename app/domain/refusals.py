"""What an officer's words about a task cannot mean, each with the command that would be right."""

from typing import ClassVar

from app.domain.errors import LedgerError


class StateRefused(LedgerError):
    """Base of what `decide` refuses. The fact `hint` is the part of the command that would be right."""

    code: ClassVar[str] = "state-refused"


class StateContradiction(StateRefused):
    """Two things said do not fit each other, or what is known; facts: status, hint."""

    code: ClassVar[str] = "state-contradiction"


class BadStatus(StateRefused):
    """No such status; facts: status, hint."""

    code: ClassVar[str] = "bad-status"


class CancelledByProvince(StateRefused):
    """Only the province withdraws a task; facts: hint."""

    code: ClassVar[str] = "cancelled-by-province"


class PercentOutOfRange(StateRefused):
    """Below 0 or above 100; facts: percent, hint."""

    code: ClassVar[str] = "percent-out-of-range"


class PercentMeansDone(StateRefused):
    """100 % without the word that the task is done; facts: hint."""

    code: ClassVar[str] = "percent-means-done"


class PercentMeansNotStarted(StateRefused):
    """0 % for a task that has begun; facts: status, hint."""

    code: ClassVar[str] = "percent-means-not-started"


class PercentOnRecurring(StateRefused):
    """A task that comes round each week or month has no percent; facts: hint."""

    code: ClassVar[str] = "percent-on-recurring"


class RecurringUnderWay(StateRefused):
    """A recurring task is neither not started nor paused; facts: status, hint."""

    code: ClassVar[str] = "recurring-under-way"


class CompletedAfterToday(StateRefused):
    """A day of completion that has not come yet; facts: completed_on, today (dates), hint."""

    code: ClassVar[str] = "completed-after-today"


class CompletedWithoutDone(StateRefused):
    """A day of completion for a task that is not done; facts: completed_on (date), hint."""

    code: ClassVar[str] = "completed-without-done"


class DoneNeedsDate(StateRefused):
    """Done, and no day of completion given; facts: hint."""

    code: ClassVar[str] = "done-needs-date"


class PauseNeedsDocument(StateRefused):
    """A pause rests on a document, named by number and date; facts: hint."""

    code: ClassVar[str] = "pause-needs-document"


class ReopenNeedsReason(StateRefused):
    """A task that was done before this week is taken up again; facts: hint."""

    code: ClassVar[str] = "reopen-needs-reason"


class TransitionRefused(StateRefused):
    """The state before this week does not lead there; facts: before, status, hint."""

    code: ClassVar[str] = "transition-refused"
