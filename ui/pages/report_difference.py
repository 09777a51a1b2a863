"""The right side of the report page: what became of the tasks since the period before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.tasks import Tally
from app.services.lines import Line
from app.services.report_lines import Difference
from app.services.views import figures
from app.words import N_, _
from app.words import period as in_words
from ui import marks, tokens
from ui.marks import Mark
from ui.pages.report_data import Shown
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.chip import Chip
from ui.widgets.labels import Elide, hairline, label
from ui.widgets.layouts import Scroll, empty, margins, surface

_LISTED = 8


@dataclass(frozen=True, slots=True)
class _Told:
    """What stands on this side: a heading, a note, groups of a mark with lines under it, and the sum."""

    heading: str
    note: str = ""
    groups: tuple[tuple[Mark, tuple[str, ...]], ...] = ()
    sum: str = ""


class DifferenceSide(QWidget):
    """The counts add up in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: _Told | None = None
        column = QVBoxLayout(self)
        margins(column, 0, 0, 0, 0, 0)
        self._inside = surface()
        self._column = QVBoxLayout(self._inside)
        margins(self._column, tokens.GAP16, tokens.GAP12, tokens.GAP16, tokens.GAP12, tokens.GAP4)
        column.addWidget(Scroll(self._inside, parent=self), 1)
        self.sum = label("", "small", wrap=True, parent=self)
        column.addWidget(hairline(parent=self))
        foot = QHBoxLayout()
        margins(foot, tokens.GAP16, tokens.GAP8, tokens.GAP16, tokens.GAP12)
        foot.addWidget(self.sum)
        column.addLayout(foot)

    def show_shown(self, shown: Shown) -> None:
        """Show the difference of a draft; nothing is built anew that says the same."""
        told = _tell(shown)
        if told == self._told:
            return
        self._told = told
        empty(self._column)
        self._column.addWidget(label(told.heading, "name", wrap=True, parent=self._inside))
        if told.note:
            self._column.addWidget(label(told.note, "small", wrap=True, parent=self._inside))
        for mark, lines in told.groups:
            self._column.addSpacing(tokens.GAP8)
            self._column.addWidget(Chip(mark, bare=True, parent=self._inside))
            for line in lines:
                self._column.addWidget(Elide(line, size=tokens.SMALL, ink="text2", parent=self._inside))
        self._column.addStretch(1)
        self.sum.setText(told.sum)


def _tell(shown: Shown) -> _Told:
    before = shown.period.previous()
    heading = (
        _("Compared with week {number}").format(number=before.number)
        if before.kind == "week"
        else _("Compared with {period}").format(period=in_words(str(before)))
    )
    if shown.difference is not None:
        return _of_week(heading, shown.difference)
    if shown.draft is None:
        return _Told(heading)
    return _of_tallies(heading, figures(shown.draft.lines), shown.draft.report.before)


def _of_week(heading: str, found: Difference) -> _Told:
    groups: tuple[tuple[Shape, Tone, str, Sequence[Line]], ...] = (
        (Shape.OVERDUE, Tone.RED, _("{n} newly overdue"), found.newly_late),
        (Shape.DONE, Tone.GREEN, _("{n} done"), found.done),
        (Shape.SENDING, Tone.ACCENT, _("{n} moved"), found.moved),
        (Shape.ON_TRACK, Tone.GREY, _("{n} unchanged"), found.unchanged),
    )
    told: list[tuple[Mark, tuple[str, ...]]] = []
    for shape, tone, words, lines in groups:
        ink = tone if lines else Tone.GREY  # nothing to look at
        listed = () if shape is Shape.ON_TRACK else lines[:_LISTED]
        became = _late if shape is Shape.OVERDUE else _moved
        texts = [f"{line.code}   {became(line)}".rstrip() for line in listed]
        if listed and len(lines) > _LISTED:
            texts.append(_("… and {n} more").format(n=len(lines) - _LISTED))
        told.append((Mark(shape, ink, words.format(n=len(lines))), tuple(texts)))
    counts = [len(lines) for lines in (found.done, found.moved, found.unchanged)]
    return _Told(heading, "", tuple(told), f"{sum(counts)} = " + " + ".join(str(n) for n in counts))


_KINDS: tuple[tuple[Shape, Tone, str, Callable[[Tally], int]], ...] = (
    (Shape.DONE, Tone.GREEN, N_("Done"), lambda tally: tally.counts.done),
    (Shape.IN_PROGRESS, Tone.ACCENT, N_("Under way"), lambda tally: tally.counts.in_progress),
    (Shape.NOT_STARTED, Tone.GREY, N_("Not started"), lambda tally: tally.counts.not_started),
    (Shape.PAUSED, Tone.GREY, N_("Paused"), lambda tally: tally.counts.paused),
    (
        Shape.OVERDUE,
        Tone.RED,
        N_("Overdue"),
        lambda tally: tally.under_way_overdue + tally.not_started_overdue,
    ),
)


def _of_tallies(heading: str, now: Tally, old: Tally | None) -> _Told:
    """The figures of a longer period beside those of the one before it."""
    told: list[tuple[Mark, tuple[str, ...]]] = []
    note = _("The period before is not known here") if old is None else ""
    for shape, tone, words, count in _KINDS:
        if shape is Shape.PAUSED and not count(now) and not (old and count(old)):
            continue
        figure = str(count(now)) if old is None else f"{count(old)} → {count(now)}"
        told.append((Mark(shape, tone, _(words)), (figure,)))
    counts = now.counts
    parts = [counts.done, counts.in_progress, counts.not_started, *([counts.paused] if counts.paused else [])]
    return _Told(heading, note, tuple(told), f"{counts.total} = " + " + ".join(str(n) for n in parts))


def _moved(line: Line) -> str:
    """How far it moved, such as 75 → 80%, or the new status where no percent moved."""
    if line.recurring and line.occurrence is not None:
        return _("done this time")
    before = line.before.percent if line.before else None
    if line.state.status == "in_progress" and line.percent not in {None, before}:
        return f"{before or 0} → {line.percent}%"
    return marks.status(line.status).word


def _late(line: Line) -> str:
    return marks.due("overdue", -(line.timeliness.days or 0), short=True).word
