"""The left side of the report page: what is missing, and what is to be looked at before it is signed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.reports.speaking import free_slots
from app.services.lines import Line
from app.services.views import figures
from app.words import N_, _, ngettext
from ui import marks, tokens
from ui.marks import Mark
from ui.models.rows import Group, Row
from ui.pages.report_data import Shown
from ui.pages.report_text import FREE
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.buttons import Button, link
from ui.widgets.chip import Chip
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Flow, margins
from ui.widgets.rows import RowList

SETTING_WORDS = {
    "place": N_("Place"), "issuer": N_("Issuing body"), "symbol": N_("Symbol"),
    "authority": N_("Authority"), "signer": N_("Signer"), "recipients": N_("Recipients"),
}  # fmt: skip
"""The settings that a report may lack, as they are called on both pages."""


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
    worksheet = Signal()
    """«Phiếu ghi tay»."""
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
        self.sheet_button = link(_("Worksheet"), parent=self)
        self.sheet_button.setToolTip(_("Print the week's tasks with room to write by hand"))
        self.sheet_button.clicked.connect(self.worksheet)
        for button in (self.record_button, self.nothing_button, self.sheet_button):
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
        taken = (str(shown.period), shown.line) not in shown.now.signed  # a signed week takes no record
        self.list.setVisible(bool(count))
        self.record_button.setVisible(bool(count) and taken)
        self.nothing_button.setVisible(bool(count) and weekly and taken)
        self.sheet_button.setVisible(weekly and shown.refused is None)
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
        differ += sum(text.conflict for text, _basis in shown.heads.values())
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
