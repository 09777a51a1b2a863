"""What shape, tone and word each state has; the one place where a state meets its looks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.words import N_, _, ngettext
from ui.shapes import Shape
from ui.tokens import Tone


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape, its tone and its word. `word` is ready for the screen."""

    shape: Shape
    tone: Tone
    word: str = ""


# Words here are msgids: `status()` and its neighbours translate when asked, since the language is chosen at
# start.
_STATUS = {
    "not_started": Mark(Shape.NOT_STARTED, Tone.GREY, N_("Not started")),
    "in_progress": Mark(Shape.IN_PROGRESS, Tone.ACCENT, N_("Under way")),
    "done": Mark(Shape.DONE, Tone.GREEN, N_("Done")),
    "paused": Mark(Shape.PAUSED, Tone.AMBER, N_("Paused")),
    "cancelled": Mark(Shape.CANCELLED, Tone.GREY, N_("Not continued")),
}
_TIMELINESS = {
    "overdue": Mark(Shape.OVERDUE, Tone.RED, N_("Overdue")),
    "due_soon": Mark(Shape.SOON, Tone.AMBER, N_("Due soon")),
    "on_track": Mark(Shape.ON_TRACK, Tone.GREY, N_("In time")),
    "undated": Mark(Shape.ON_TRACK, Tone.GREY, N_("No deadline set")),
    "done_on_time": Mark(Shape.ON_TIME, Tone.GREEN, N_("Done in time")),
    "done_late": Mark(Shape.DONE_LATE, Tone.GREEN, N_("Done after the deadline")),
    "done_undated": Mark(Shape.ON_TIME, Tone.GREEN, N_("Done")),
    "paused": Mark(Shape.PAUSED, Tone.AMBER, N_("Paused")),
    "recurring": Mark(Shape.RECURRING, Tone.GREY, N_("Recurring")),
    "cancelled": Mark(Shape.CANCELLED, Tone.GREY, N_("Not continued")),
}
_EXCHANGE = {
    "writing": Mark(Shape.WRITING, Tone.GREY, N_("Being written")),
    "waiting": Mark(Shape.WAITING, Tone.GREY, N_("Waiting to be sent")),
    "sending": Mark(Shape.SENDING, Tone.ACCENT, N_("Being sent")),
    "received": Mark(Shape.RECEIVED, Tone.GREEN, N_("The province has it")),
    "returned": Mark(Shape.RETURNED, Tone.RED, N_("Returned by the province")),
}


def status(code: str) -> Mark:
    """The mark of a recorded status; an unknown one is shown by its code, never dropped."""
    return _translated(_STATUS, code)


def timeliness(code: str) -> Mark:
    """The mark of a worked-out timeliness."""
    return _translated(_TIMELINESS, code)


def exchange(code: str) -> Mark:
    """The mark of where an item is: one of the five words."""
    return _translated(_EXCHANGE, code)


def due(code: str, days: int, *, short: bool = False) -> Mark:
    """The timeliness in a list: "15 days overdue", "due today", "3 days left".

    Args:
        code: the timeliness; only overdue and due_soon count days.
        days: from today to the deadline, negative when it has passed.
        short: for narrow lists.
    """
    mark = _translated(_TIMELINESS, code)
    if code == "overdue":
        late = -days
        if short:
            return replace(mark, word=ngettext("{n} day late", "{n} days late", late).format(n=late))
        return replace(mark, word=ngettext("{n} day overdue", "{n} days overdue", late).format(n=late))
    if code == "due_soon":
        if days == 0:
            return replace(mark, word=_("due today"))
        return replace(mark, word=ngettext("{n} day left", "{n} days left", days).format(n=days))
    return mark


def difficulty(*, short: bool = False) -> Mark:
    """The flag of a task for which a difficulty is written."""
    return Mark(Shape.FLAG, Tone.GREY, _("difficulty") if short else _("Has a difficulty"))


def two_versions() -> Mark:
    """The mark of a field that two people wrote without having seen each other."""
    return Mark(Shape.TWO, Tone.ACCENT, _("2 versions"))


def _translated(table: dict[str, Mark], code: str) -> Mark:
    found = table.get(code)
    if found is None:
        return Mark(Shape.ON_TRACK, Tone.GREY, code)
    return replace(found, word=_(found.word))
