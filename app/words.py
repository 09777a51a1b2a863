"""Words: gettext for window, command line and server. No Qt.

English stands in the code, Vietnamese in `resources/translations`.
"""

import gettext as _gettext
import re
from collections.abc import Mapping
from datetime import date

import resources
from app.sentences import N_ as N_
from app.sentences import SENTENCES as SENTENCES

DOMAIN = "so_nhiem_vu"
LANGUAGES = ("vi", "en")

_catalogue: dict[str, _gettext.NullTranslations] = {}


def use(language: str) -> None:
    """Speak this language from now on: `vi`, or `en`, the language of the code itself."""
    _catalogue["now"] = _gettext.translation(
        DOMAIN, resources.path("translations"), languages=[language], fallback=True
    )


def _(message: str) -> str:
    """The words for a message of the code, in the language in use."""
    spoken = _catalogue.get("now")
    return spoken.gettext(message) if spoken is not None and message else message


def ngettext(one: str, many: str, count: int) -> str:
    """The words for a message about a number of things."""
    spoken = _catalogue.get("now") or _gettext.NullTranslations()
    return spoken.ngettext(one, many, count)


def explain(error: Exception) -> str:
    """The sentence for an error of ours, in the language in use.

    error: has `code` and `facts`, like LedgerError; anything else gives the sentence for a bug.
    """
    code = getattr(error, "code", None)
    template = SENTENCES.get(code) if isinstance(code, str) else None
    if template is None:
        template = SENTENCES["bug"]
        return _(template)
    facts: Mapping[str, object] = getattr(error, "facts", {})
    return _(template).format(**{name: _shown(name, fact) for name, fact in facts.items()})


def period(id: str) -> str:
    """The words for a period of reporting, inside a sentence; a text that names none stays as it is."""
    found = _PERIOD.fullmatch(id)
    if found is None:
        return id
    year, kind, number = found.groups()
    place = int(number or 0)
    match kind:
        case None:
            return _("the year {year}").format(year=year)
        case "-W":
            return _("week {number} of {year}").format(number=place, year=year)
        case "-Q":
            return _("quarter {number} of {year}").format(number=_ROMAN[place - 1], year=year)
        case "-H":
            half = _("the first half of {year}") if place == 1 else _("the second half of {year}")
            return half.format(year=year)
        case "-9M":
            return _("the first nine months of {year}").format(year=year)
    return _("month {number} of {year}").format(number=place, year=year)


_PERIOD = re.compile("([0-9]{4})(?:(-W|-Q|-H|-9M|-)([0-9]{1,2})?)?")
_ROMAN = ("I", "II", "III", "IV")


def _shown(name: str, fact: object) -> object:
    if isinstance(fact, date):
        return f"{fact.day:02}/{fact.month:02}/{fact.year:04}"
    if name.endswith("period") and isinstance(fact, str):
        return period(fact)
    if name == "problem" and isinstance(fact, str):
        return _(PROBLEMS.get(fact, fact))
    if name == "column" and isinstance(fact, str):
        return _(", column “{column}”").format(column=fact) if fact else ""
    if name == "value" and isinstance(fact, str):
        return _(" “{value}”").format(value=fact) if fact else ""
    if name == "why" and isinstance(fact, str) and fact:
        return _(fact)
    if name == "reason_code" and isinstance(fact, str):
        return _(SENTENCES.get(fact, fact))
    return fact


PROBLEMS: dict[str, str] = {
    "heading": N_("a heading that is unknown or stands twice:"),
    "missing-column": N_("this column is missing"),
    "cells": N_("the line has fewer or more cells than the heading, namely"),
    "cell-outside": N_("behind this column stands a cell without a heading:"),
    "encoding": N_(
        "the letters of this file are not readable; save it in Excel as “CSV UTF-8 (Comma delimited)” and use that file; found"
    ),
    "missing": N_("this cell must not be empty"),
    "choice": N_("this word has no meaning here:"),
    "task-code": N_("a code of a task looks like BCD25-001, not"),
    "recurrence": N_("weekly or monthly stands with a recurring task, and with no other; found"),
    "source-differs": N_("this source document has another title in a line above:"),
    "completed-after-as-of": N_("the day of completion lies after the day of the figures:"),
    "bad-date": N_("a date looks like 24/06/2025 or 2025-06-24, not"),
    "bad-week": N_("a week looks like 2025-W27, not"),
    "bad-percent": N_("a whole percent looks like 80 or 80%, and 1% or 100% where the cell shows 1; found"),
    "bad-status": N_("the statuses are not_started, in_progress, done and paused, not"),
    "state-contradiction": N_("status, percent and day of completion contradict one another:"),
    "percent-out-of-range": N_("a percent lies between 0 and 100, not"),
    "percent-means-done": N_("100 percent means done, and the status says otherwise:"),
    "percent-means-not-started": N_("0 percent means not started, and the status says otherwise:"),
    "percent-on-recurring": N_("a recurring task has no percent:"),
    "recurring-under-way": N_("a recurring task is always in_progress, not"),
    "completed-without-done": N_("a day of completion belongs to the status done only:"),
    "done-needs-date": N_("done needs a day of completion, and it is missing"),
    "twice": N_("this code stands twice:"),
    "empty": N_("the table has no rows"),
    "quotes": N_("a quotation mark is missing or too many:"),
    "unit-code": N_("a code of a commune has five digits, not"),
    "unit-name": N_("the name is missing or has two lines:"),
    "unit-kind": N_("the kind is xa or phuong, not"),
    "unit-mountainous": N_("mountainous is 1, 0 or empty, not"),
    "day-twice": N_("this day stands twice:"),
    "day-kind": N_("the kinds of day are holiday, moved, swapped_off, swapped_on and ordinary, not"),
    "rule-line": N_("the lines of reporting are ubnd_tinh and tinh_uy, not"),
    "rule-frequency": N_("the periods are week, month, quarter, half, nine_months and year, not"),
    "rule-cut-off": N_(
        "the cut-off of a week is a working day counted from its end, 2 to 5; of a longer period a day of its last month, 1 to 28; not"
    ),
    "rule-due": N_(
        "a week is due on a working day counted from its end, later than its cut-off; a longer period 1 to 20 working days after it; not"
    ),
    "rule-time": N_("a time looks like 17:00, not"),
    "no-code": N_("the code of the task is missing"),
    "text-too-long": N_("a cell holds more than 20,000 characters"),
    "bad-text": N_("a cell holds half a character"),
    "file-empty": N_("the file is empty"),
    "file-too-large": N_("the file has more than 20 MB"),
    "file-too-wide": N_("the picture has more than 80 million dots"),
    "file-other-kind": N_("the content is of another kind"),
    "file-damaged": N_("the content is damaged"),
    "file-macros": N_("there are macros or other programs inside"),
    "file-locked": N_("the file is locked with a password"),
}
"""What the fact `problem` of a table or a file that is not taken means."""

STATUSES: dict[str, str] = {
    "not_started": N_("Not started"),
    "in_progress": N_("Under way"),
    "done": N_("Done"),
    "paused": N_("Paused"),
    "cancelled": N_("Not continued"),
}
"""The words for a status."""

TIMELINESS: dict[str, str] = {
    "overdue": N_("Overdue"),
    "due_soon": N_("Due soon"),
    "on_track": N_("In time"),
    "undated": N_("No deadline set"),
    "done_on_time": N_("Done in time"),
    "done_late": N_("Done after the deadline"),
    "done_undated": N_("Done"),
    "paused": N_("Paused"),
    "recurring": N_("Recurring"),
    "cancelled": N_("Not continued"),
}
"""The words for how a task stands to its deadline."""
