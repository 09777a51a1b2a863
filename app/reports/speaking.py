"""Sentences with their slots: what the program writes, or the officer's words in its place."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from app.domain.reporting import Kind
from app.domain.reports import Report, ReportLine
from app.reports.blocks import Bullet, Paragraph, Source
from app.reports.letters import printable
from app.reports.locked import numbers_kept

_LETTER = re.compile(r"^[^\W\d_]{1,3}\)\s*")  # of an item, as it was when the sentence was edited

_FREE: Mapping[Kind, tuple[str, ...]] = {
    "week": ("extra",),
    "month": ("direction", "extra"),
    "quarter": ("direction", "extra"),
    "half": ("direction", "extra"),
    "nine_months": ("direction", "extra"),
    "year": ("direction", "extra", "lessons"),
}


def free_slots(kind: Kind) -> tuple[str, ...]:
    """The sentences that only an officer writes; each is left out of the report while it is empty."""
    return _FREE[kind]


class Speaker:
    """Makes the blocks of one report.

    An officer's sentence stands as long as it keeps the numbers of what the program writes now: a figure in
    the text is never another than the one in the tables. The program's words are always there as `basis`.
    """

    def __init__(self, report: Report, lines: Sequence[ReportLine]) -> None:
        self._sentences = report.sentences
        held = Counter(line.code for line in lines)
        self._twice = {code for code, count in held.items() if count > 1}

    def paragraph(self, slot: str, basis: str, *, leading: str = "", ending: str = "") -> Paragraph:
        """A sentence of its own. leading ("b) "), ending: what opens and closes it, whoever wrote it."""
        text = self._words(slot, basis)
        if leading:
            text = leading + _LETTER.sub("", text)
            basis = leading + basis
        if ending:
            text = text.rstrip(" ./") + ending
            basis += ending
        return Paragraph(text, slot, basis=basis)

    def bullet(self, kind: str, line: ReportLine, basis: str, sources: tuple[Source, ...] = ()) -> Bullet:
        """A sentence about one task."""
        slot = self.slot(kind, line)
        return Bullet(self._words(slot, basis), slot, line.code, basis, sources)

    def free(self, slot: str) -> list[Paragraph]:
        """What an officer wrote where the program writes nothing; no block while that is empty."""
        text = self._words(slot, "")
        return [Paragraph(text, slot)] if text else []

    def edited(self, kind: str, line: ReportLine) -> bool:
        """Whether an officer has words of his own about a task."""
        said = self._sentences.get(self.slot(kind, line))
        return said is not None and bool(said.text.strip())

    def slot(self, kind: str, line: ReportLine) -> str:
        """The slot of a task's sentence; two programmes may have a task of the same code."""
        apart = f"~{line.assignment[:8]}" if line.code in self._twice else ""
        return f"{kind}:{line.code}{apart}"

    def _words(self, slot: str, basis: str) -> str:
        said = self._sentences.get(slot)
        own = printable(said.text).strip() if said else ""
        return own if own and numbers_kept(basis, own) else basis


def fixed(text: str) -> Paragraph:
    """A paragraph that nobody edits."""
    return Paragraph(text, basis=text)
