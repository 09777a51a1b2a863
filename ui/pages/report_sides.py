"""The two sides of the report page: what is missing at the left, the difference to last time at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.tasks import Tally
from app.reports.speaking import free_slots
from app.services.lines import Line
from app.services.views import figures
from app.words import N_, _, ngettext
from ui import marks, tokens
from ui.marks import Mark
from ui.models.rows import Group, Row
from ui.pages.report_bar import period_words
from ui.pages.report_data import Shown
from ui.pages.report_text import FREE
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.buttons import Button, link
from ui.widgets.chip import Chip
from ui.widgets.labels import Elide, hairline, label
from ui.widgets.layouts import Flow, Scroll, margins, surface
from ui.widgets.rows import RowList

SETTING_WORDS = {
    "place": N_("Place"), "issuer": N_("Issuing body"), "symbol": N_("Symbol"),
    "authority": N_("Authority"), "signer": N_("Signer"), "recipients": N_("Recipients"),
}  # fmt: skip
"""The settings that a report may lack, as they are called on both pages."""

_LISTED = 8


class MissingSide(QWidget):
    """The tasks that the period says nothing of, and what prints «Chưa ghi»."""

    record = Signal(str)
    """«Ghi ngay»: the code of a task."""
    nothing = Signal(object)
    """«Không thay đổi trong tuần»: the line."""
    settings = Signal(str)
    """«Sửa»: the name of a setting."""
    two = Signal()
    """To the places that have two versions."""
    sentence = Signal(str)
    """To a sentence, by its slot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[str, Line] = {}
        column = QVBoxLayout(self)
        margins(column, 0, tokens.GAP12, 0, 0, tokens.GAP8)
        self.heading = label("", "name", wrap=True, parent=self)
        head = QHBoxLayout()
        margins(head, tokens.EDGE, 0, tokens.GAP12, 0)
        head.addWidget(self.heading)
        column.addLayout(head)
        self.list = RowList(_("Tasks that are not recorded this week"), self)
        self.list.setMinimumHeight(tokens.LIST_ROW_TALL)
        self.list.set_tall(True)
        column.addWidget(self.list, 1)
        acts = Flow(spacing=tokens.GAP4)
        margins(acts, tokens.EDGE - tokens.GAP4, 0, tokens.GAP8, 0)
        self.record_button = link(_("Record now"), parent=self)
        self.nothing_button = link(_("No change in the week"), parent=self)
        self.record_button.clicked.connect(self._record)
        self.nothing_button.clicked.connect(self._nothing)
        self.list.opened.connect(lambda key: self.record.emit(key) if key in self._lines else None)
        for button in (self.record_button, self.nothing_button):
            acts.addWidget(button)
        column.addLayout(acts)
        column.addWidget(hairline(parent=self))
        self._checks = QVBoxLayout()
        margins(self._checks, tokens.EDGE, tokens.GAP4, tokens.GAP8, tokens.GAP12, tokens.GAP4)
        column.addLayout(self._checks)
        self._stretch = QWidget(self)
        column.addWidget(self._stretch, 1)

    def show_shown(self, shown: Shown) -> None:
        """Show what a draft lacks."""
        self._lines = {line.code: line for line in shown.left}
        count = len(shown.left)
        weekly = shown.period.kind == "week"
        if shown.refused is not None:
            self.heading.setText(_("No report for this period"))
        elif count and not weekly:
            said = ngettext(
                "{n} task without a record in the period", "{n} tasks without a record in the period", count
            )
            self.heading.setText(said.format(n=count))
        elif not weekly:
            self.heading.setText(_("Every open task was recorded in the period"))
        elif count:
            said = ngettext("{n} task not recorded this week", "{n} tasks not recorded this week", count)
            self.heading.setText(said.format(n=count))
        else:
            self.heading.setText(_("All tasks of the week are recorded"))
        rows = tuple(_row(line) for line in shown.left)
        self.list.show_groups([Group("left", _("Not recorded this week"), marks.status("not_started"), rows)])
        for widget in (self.list, self.record_button, self.nothing_button):
            widget.setVisible(bool(count))
        self.nothing_button.setVisible(bool(count) and weekly)
        self._stretch.setVisible(not count)
        if count and not self._chosen():
            self.list.select(shown.left[0].code)
        self._show_checks(shown)

    def focus_start(self, otherwise: QWidget) -> None:
        """The first thing missing, else what ends the work."""
        (self.list if self._lines else otherwise).setFocus()

    def _show_checks(self, shown: Shown) -> None:
        while (item := self._checks.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._checks.addWidget(label(_("Check before signing"), "name", parent=self))
        if shown.draft is not None:
            tally = figures(shown.draft.lines).counts
            parts = [
                (tally.done, _("{n} done")), (tally.in_progress, _("{n} under way")),
                (tally.not_started, _("{n} not started")), (tally.paused, _("{n} paused")),
            ]  # fmt: skip
            adds = " + ".join(words.format(n=n) for n, words in parts if n) or "0"
            said = _("{total} tasks = {parts}").format(total=len(shown.draft.lines), parts=adds)
            self._checks.addWidget(_Check(Mark(Shape.ON_TIME, Tone.GREEN, ""), said, self))
            self._show_words(shown)
        differ = sum(len(line.conflicts) for line in shown.draft.lines) if shown.draft is not None else 0
        if differ:
            said = ngettext(
                "{n} place has two versions. Choose before it is signed.",
                "{n} places have two versions. Choose before it is signed.",
                differ,
            ).format(n=differ)
            check = _Check(Mark(Shape.TWO, Tone.ACCENT, ""), said, self, act=_("Choose"))
            check.pressed.connect(self.two)
            self._checks.addWidget(check)
        for name in shown.unset:
            check = _Check(
                Mark(Shape.SOON, Tone.AMBER, ""),
                _("{name}: not filled in").format(name=_(SETTING_WORDS[name])),
                self,
                act=_("Correct"),
            )
            prefix = "party_" if shown.line == "tinh_uy" and name != "place" else ""
            check.pressed.connect(lambda field=prefix + name: self.settings.emit(field))
            self._checks.addWidget(check)
        if not shown.unset:
            said = _("Signer and recipients are filled in")
            self._checks.addWidget(_Check(Mark(Shape.ON_TIME, Tone.GREEN, ""), said, self))

    def _show_words(self, shown: Shown) -> None:
        """What of the words wants a look: nothing came up, sentences of an older record, parts left empty."""
        if shown.draft is None or shown.signed:
            return
        report = shown.draft.report
        if report.empty:
            said = _("Nothing came up: all tasks are unchanged")
            self._checks.addWidget(_Check(Mark(Shape.SOON, Tone.AMBER, ""), said, self))
        wanted: list[tuple[str, str]] = []
        if shown.draft.stale:
            count = len(shown.draft.stale)
            said = ngettext(
                "{n} edited sentence whose record changed", "{n} edited sentences whose record changed", count
            )
            wanted.append((shown.draft.stale[0].slot, said.format(n=count)))
        wanted += [
            (slot, _("{name}: nothing written yet").format(name=_(FREE[slot])))
            for slot in free_slots(shown.period.kind)
            if slot in FREE and slot != "extra" and slot not in report.sentences
        ]
        for slot, said in wanted:
            check = _Check(Mark(Shape.SOON, Tone.AMBER, ""), said, self, act=_("Write"))
            check.pressed.connect(lambda slot=slot: self.sentence.emit(slot))
            self._checks.addWidget(check)

    def _chosen(self) -> bool:
        return self.list.key() in self._lines

    def _record(self) -> None:
        if self._chosen():
            self.record.emit(self.list.key())

    def _nothing(self) -> None:
        if self._chosen():
            self.nothing.emit(self._lines[self.list.key()])


class _Check(QWidget):
    """A shape, what was checked, and «Sửa» where it is not in order."""

    pressed = Signal()

    def __init__(self, mark: Mark, said: str, parent: QWidget, act: str = "") -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        margins(row, 0, 0, 0, 0, tokens.GAP8)
        row.addWidget(Chip(mark, bare=True, parent=self))
        row.addWidget(label(said, "small", wrap=True, parent=self), 1)
        if act:
            button: Button = link(act, parent=self)
            button.clicked.connect(self.pressed)
            row.addWidget(button)


class DifferenceSide(QWidget):
    """What became of the tasks since the period before; the counts add up in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        """Show the difference of a draft."""
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        found = shown.difference
        before = shown.period.previous()
        said = (
            _("Compared with week {number}").format(number=before.number)
            if before.kind == "week"
            else _("Compared with {period}").format(period=period_words(before))
        )
        self._column.addWidget(label(said, "name", wrap=True, parent=self._inside))
        self.sum.setText("")
        if found is None:
            self._show_tallies(shown)
            self._column.addStretch(1)
            return
        groups: tuple[tuple[Shape, Tone, str, Sequence[Line]], ...] = (
            (Shape.DONE, Tone.GREEN, _("{n} done"), found.done),
            (Shape.SENDING, Tone.ACCENT, _("{n} moved"), found.moved),
            (Shape.OVERDUE, Tone.RED, _("{n} newly overdue"), found.newly_late),
            (Shape.ON_TRACK, Tone.GREY, _("{n} unchanged"), found.unchanged),
        )
        for shape, tone, words, lines in groups:
            self._column.addSpacing(tokens.GAP8)
            ink = tone if lines else Tone.GREY  # nothing to look at
            chip = Chip(Mark(shape, ink, words.format(n=len(lines))), bare=True, parent=self._inside)
            self._column.addWidget(chip)
            if shape is Shape.ON_TRACK:
                continue
            for line in lines[:_LISTED]:
                text = f"{line.code}   {_moved(line)}".rstrip()
                self._column.addWidget(Elide(text, size=tokens.SMALL, ink="text2", parent=self._inside))
            if len(lines) > _LISTED:
                more = _("… and {n} more").format(n=len(lines) - _LISTED)
                self._column.addWidget(label(more, "small", parent=self._inside))
        self._column.addStretch(1)
        counts = [len(lines) for *_rest, lines in groups]
        self.sum.setText(f"{sum(counts)} = " + " + ".join(str(n) for n in counts))

    def _show_tallies(self, shown: Shown) -> None:
        """The figures of a longer period beside those of the one before it."""
        if shown.draft is None:
            return
        now, old = figures(shown.draft.lines), shown.draft.report.before
        if old is None:
            said = _("The period before is not known here")
            self._column.addWidget(label(said, "small", wrap=True, parent=self._inside))
        for shape, tone, words, count in _KINDS:
            self._column.addSpacing(tokens.GAP8)
            chip = Chip(Mark(shape, tone, _(words)), bare=True, parent=self._inside)
            self._column.addWidget(chip)
            figure = str(count(now)) if old is None else f"{count(old)} → {count(now)}"
            self._column.addWidget(Elide(figure, size=tokens.SMALL, ink="text2", parent=self._inside))
        counts = now.counts
        parts = [counts.done, counts.in_progress, counts.not_started, counts.paused]
        self.sum.setText(f"{counts.total} = " + " + ".join(str(n) for n in parts))


_KINDS: tuple[tuple[Shape, Tone, str, Callable[[Tally], int]], ...] = (
    (Shape.DONE, Tone.GREEN, N_("Done"), lambda tally: tally.counts.done),
    (Shape.IN_PROGRESS, Tone.ACCENT, N_("Under way"), lambda tally: tally.counts.in_progress),
    (Shape.NOT_STARTED, Tone.GREY, N_("Not started"), lambda tally: tally.counts.not_started),
    (
        Shape.OVERDUE,
        Tone.RED,
        N_("Overdue"),
        lambda tally: tally.under_way_overdue + tally.not_started_overdue,
    ),
)


def _row(line: Line) -> Row:
    status = marks.status(line.status)
    percent = "" if line.percent is None else f"{line.percent}%"
    due = None
    if line.timeliness.code in {"overdue", "due_soon"}:
        due = _due(line)
    spoken = ", ".join(part for part in (line.code, line.title, status.word, percent) if part)
    return Row(
        key=line.code, title=line.title, code=line.code, status=status, right=percent, due=due, spoken=spoken
    )


def _due(line: Line) -> Mark:
    days = line.timeliness.days or 0
    late = line.timeliness.code == "overdue"
    return marks.due(line.timeliness.code, -days if late else days, short=True)


def _moved(line: Line) -> str:
    """How far it moved, such as 75 → 80%, or the new status where no percent moved."""
    if line.recurring and line.occurrence is not None:
        return _("done this time")
    before = line.before.percent if line.before else None
    if line.state.status == "in_progress" and line.percent not in {None, before}:
        return f"{before or 0} → {line.percent}%"
    if line.timeliness.code == "overdue":
        return _due(line).word
    return marks.status(line.status).word
