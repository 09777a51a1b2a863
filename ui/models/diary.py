"""The diary of exchanges as rows of a table: when, by which road, what went and came, how much."""

from __future__ import annotations

from app.domain.periods import local
from app.services.status import Entry, Returned
from app.words import N_, SENTENCES, _, ngettext
from ui.marks import Mark
from ui.models.lines import Column
from ui.shapes import Shape
from ui.standing import amount
from ui.tokens import Tone

_ROADS = {"network": N_("network"), "usb": N_("USB"), "paper": N_("paper")}
_CALM = {"no-connection": N_("The province was not reached."), "stopped": N_("Stopped by a person.")}


def columns() -> list[Column[Entry]]:
    """The columns of the diary."""
    return [
        Column(N_("When"), _moment, sort=lambda e: e.at, width=128, quiet=True),
        Column(N_("What"), what, mark=_mark, tip=told),
        Column(N_("Road"), road, width=66, quiet=True),
        Column(
            N_("Amount"), _size, sort=lambda e: e.bytes_up + e.bytes_down, width=104, quiet=True, right=True
        ),
    ]


def road(entry: Entry) -> str:
    """By which road it went; one that this program does not know is named as it is."""
    return _(_ROADS.get(entry.road, entry.road))


def what(entry: Entry) -> str:
    """What one exchange did, in a sentence; of what was refused the first reason."""
    if entry.failure in _CALM:
        return _(_CALM[entry.failure])
    if entry.failure:
        return _("Not exchanged: {why}").format(why=_(SENTENCES.get(entry.failure, entry.failure)))
    said = (
        (entry.refused, ngettext("{n} entry returned", "{n} entries returned", entry.refused) + _why(entry)),
        (entry.sent, ngettext("the province has {n} entry", "the province has {n} entries", entry.sent)),
        (entry.received, ngettext("{n} entry came", "{n} entries came", entry.received)),
    )
    parts = [words.format(n=n) for n, words in said if n]
    if not parts:
        return _("Nothing new on either side.")
    whole = ", ".join(parts)
    return whole[:1].upper() + whole[1:] + "."


def told(entry: Entry) -> str:
    """All that is known of one exchange: its sentence and each thing that was refused with its reason."""
    first = what(entry)
    return "\n".join((first, *(f"{item.task}: {reason(item)}".lstrip(": ") for item in entry.why)))


def reason(item: Returned) -> str:
    """Why the province refused something, in words."""
    return _(SENTENCES.get(item.reason, item.reason))


def _why(entry: Entry) -> str:
    """The first thing that was refused: of which task, and why. Braces in it are no places to fill."""
    if not entry.why:
        return ""
    first = entry.why[0]
    said = ": ".join(part for part in (first.task, reason(first).rstrip(".")) if part)
    return f" ({said})".replace("{", "{{").replace("}", "}}")


def _moment(entry: Entry) -> str:
    return f"{local(entry.at):%d/%m/%y %H:%M}"


def _mark(entry: Entry) -> Mark:
    if entry.failure:
        return Mark(Shape.WAITING, Tone.GREY)
    if entry.refused:
        return Mark(Shape.RETURNED, Tone.RED)
    if entry.sent:
        return Mark(Shape.RECEIVED, Tone.GREEN)
    return Mark(Shape.INCOMING if entry.received else Shape.ON_TRACK, Tone.GREY)


def _size(entry: Entry) -> str:
    total = entry.bytes_up + entry.bytes_down
    return amount(total) if total else ""
