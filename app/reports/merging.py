"""What the weeks of a period wrote about a task, told once: a repeated sentence keeps all its weeks."""

import re
from typing import Literal, NamedTuple

from app.domain.reporting import Period
from app.domain.reports import ReportLine
from app.reports.blocks import Source
from app.reports.letters import one_line, printable

Field = Literal["result", "difficulty", "proposal", "next_step"]

_END = re.compile(r"(?<=[.!?…])\s+(?=\S)")
_SHORT = 4  # letters before a full stop that is rather an abbreviation than an end: "TP. Vinh"


class Told(NamedTuple):
    """A text as a report tells it, and where its sentences come from; no sources in a weekly report."""

    text: str
    sources: tuple[Source, ...] = ()


def told(line: ReportLine, field: Field, period: Period) -> Told:
    """What was written in a field: the week's own words, or those of the period's weeks put together.

    A month tells all sentences of its weeks, the oldest first, each once. A longer period tells the newest
    words only: what came before stands in the reports of its months. So does any period of the next step; and
    of a task that is done, a difficulty or proposal stands only if its last week repeats it.
    """
    if not line.weeks:
        return Told(printable(getattr(line, field)).strip())
    over = line.status == "done" and field != "result"
    weeks = line.weeks[-1:] if over else line.weeks
    spoken = [(week, getattr(week, field)) for week in weeks if getattr(week, field).strip()]
    if period.kind not in {"week", "month"} or field == "next_step":
        spoken = spoken[-1:]
    weeks_of: dict[str, list[str]] = {}
    text_of: dict[str, str] = {}
    for week, text in spoken:
        for sentence in sentences(text):
            key = sentence.casefold().rstrip(" .;…")
            text_of.setdefault(key, sentence)
            named = weeks_of.setdefault(key, [])
            if str(week.week) not in named:
                named.append(str(week.week))
    sources = tuple(Source(text, tuple(weeks_of[key])) for key, text in text_of.items())
    return Told(" ".join(_ended(source.text) for source in sources), sources)


def sentences(text: str) -> list[str]:
    """The sentences of a text, each in one line; a line end parts them too."""
    found: list[str] = []
    for line in printable(text).split("\n"):
        begun = ""
        for part in _END.split(one_line(line)):
            begun = f"{begun} {part}" if begun else part
            if not _abbreviated(begun) or not part:
                found.append(begun)
                begun = ""
        found.append(begun)
    return [sentence for sentence in found if sentence]


def _abbreviated(sentence: str) -> bool:
    last = sentence.rpartition(" ")[2]
    return last.endswith(".") and len(last) <= _SHORT and last[:1].isupper()


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…", ";")) else sentence + "."
