"""What the window says where a state is refused: the same refusals as at the command line, in the editor's
words instead of a command's.
"""

from __future__ import annotations

from typing import Final

from app.words import N_, _
from ui import problems

PERCENT: Final = N_("The percent is a whole number from 0 to 100.")

_WORDS: Final = {
    "state-contradiction": N_("This percent does not fit the status. Change the status, or the percent."),
    "percent-out-of-range": PERCENT,
    "percent-means-not-started": N_("The task is under way, so its percent is 1 to 99."),
    "percent-on-recurring": N_("A recurring task has no percent."),
    "recurring-under-way": N_("A recurring task is under way, or done this time."),
    "completed-after-today": N_("This day has not come yet."),
    "completed-without-done": N_("A day of completion belongs to a task that is done."),
    "pause-needs-document": N_(
        "A pause rests on a document: write its number and date. It is not recorded before."
    ),
    "reopen-needs-reason": N_(
        "The task was already done. Write why it is taken up again. It is not recorded before."
    ),
    "transition-refused": N_("The state before this week does not lead to this status."),
    "bad-date": N_("A date looks like 24/06/2025."),
}

PLACES: Final = {
    "percent-out-of-range": "percent",
    "percent-means-done": "percent",
    "percent-means-not-started": "percent",
    "percent-on-recurring": "percent",
    "state-contradiction": "percent",
    "completed-after-today": "date",
    "completed-without-done": "date",
    "bad-date": "date",
    "pause-needs-document": "words",
    "reopen-needs-reason": "words",
}
"""The field at which each refusal is shown; the others stand at the status."""


def said(error: BaseException) -> str:
    """The sentence for an error in the editor."""
    code = getattr(error, "code", "")
    return _(_WORDS[code]) if code in _WORDS else problems.problem(error).text
