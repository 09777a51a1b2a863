"""The form of one task: its head, its fields and its foot. Widgets and their places only."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.progress import STATUSES
from app.services.lines import TEXTS, Line
from app.words import _
from ui import marks, tokens
from ui.marks import Mark
from ui.models import week_lines
from ui.models.week_lines import FIELD_WORDS
from ui.pages.base import Plan
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.boxes import LineBox, PercentBox, TextBox
from ui.widgets.buttons import Button, icon_button, link
from ui.widgets.chip import Chip
from ui.widgets.choices import Choice
from ui.widgets.evidence import EvidencePanel
from ui.widgets.field import Fault, Field
from ui.widgets.labels import Elide, hairline, label
from ui.widgets.layouts import Scroll, margins
from ui.widgets.notices import Notice

_PERCENT_WIDTH = 140


class Form(QWidget):
    """What the editor is made of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.takes: Callable[[QMimeData], bool] = lambda _data: False
        """Whether something that is dragged here is taken, and what takes it."""
        self.brought: Callable[[QMimeData], object] = lambda _data: None
        column = QVBoxLayout(self)
        margins(column, 0, 0, 0, 0, 0)
        column.addLayout(self._head())
        column.addWidget(hairline(parent=self))
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        margins(self._column, tokens.EDITOR_LEFT, tokens.GAP12, tokens.EDGE, tokens.GAP12, tokens.GAP12)
        self.notice = Notice(inside)
        self._column.addWidget(self.notice)
        self.older = QVBoxLayout()
        self.older.setSpacing(tokens.GAP8)
        self._column.addLayout(self.older)
        self.fields: dict[str, Field] = {}
        self._state()
        self.boxes: dict[str, TextBox] = {}
        for name in TEXTS:
            short = name == "next_step"
            box = TextBox(lines=(1, 4) if short else (2, 6))
            self.boxes[name] = box
            self.fields[name] = Field(_(FIELD_WORDS[name]), box, short=short, parent=inside)
            self._column.addWidget(self.fields[name])
        self.evidence = EvidencePanel(inside)
        self._column.addWidget(self.evidence)
        self._column.addStretch(1)
        self.area = Scroll(inside, parent=self)
        column.addWidget(self.area, 1)
        column.addWidget(hairline(parent=self))
        column.addLayout(self._foot())

    def _head(self) -> QVBoxLayout:
        self._head_box = head = QVBoxLayout()
        margins(head, tokens.EDITOR_LEFT, tokens.GAP12, tokens.EDGE, tokens.GAP12 - 2, tokens.GAP4)
        first = QHBoxLayout()
        first.setSpacing(tokens.GAP8)
        self.back = link(_("List"), icon="chevron_left", hint="Alt+←", parent=self)
        self.back.hide()
        first.addWidget(self.back)
        self._code = label("", "small", parent=self)
        first.addWidget(self._code)
        self._chips = [Chip(parent=self) for _n in range(3)]
        for chip in self._chips:
            first.addWidget(chip)
        first.addStretch(1)
        self.history = icon_button(_("Earlier versions"), "history", parent=self)
        self.history.setFixedHeight(tokens.CLICK)
        first.addWidget(self.history)
        head.addLayout(first)
        self._title = Elide(size=tokens.HEADING, strong=True, lines=2, parent=self)
        head.addWidget(self._title)
        self._facts = Elide(size=tokens.SMALL, ink="text2", parent=self)
        head.addWidget(self._facts)
        return head

    def _state(self) -> None:
        inside = self._column.parentWidget()
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP12)
        choices = [(code, marks.status(code).word, marks.status(code)) for code in STATUSES]
        self.status = Choice(choices, name=_("Status"))
        self.fields["status"] = Field(_("Status"), self.status, short=True, parent=inside)
        row.addWidget(self.fields["status"], 1, Qt.AlignmentFlag.AlignTop)
        self.percent = PercentBox()
        self.fields["percent"] = Field(_("Percent (%)"), self.percent, short=True, parent=inside)
        self.fields["percent"].setFixedWidth(_PERCENT_WIDTH)
        row.addWidget(self.fields["percent"], 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)
        second = QHBoxLayout()
        second.setSpacing(tokens.GAP16)
        self.date = LineBox(placeholder="24/06/2025")
        self.date.setFixedWidth(140)
        self.fields["date"] = Field(_("Completed on"), self.date, short=True, parent=inside)
        self.words = LineBox()
        self.fields["words"] = Field(_("Document of the pause"), self.words, short=True, parent=inside)
        second.addWidget(self.fields["date"], 0, Qt.AlignmentFlag.AlignTop)
        second.addWidget(self.fields["words"], 1, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(second)
        # Under the whole row: the percent's own place is too narrow for a sentence.
        self.percent_fault = Fault(inside)
        self._column.addWidget(self.percent_fault)
        self.question = Notice(inside)
        self._column.addWidget(self.question)
        self.state_extra = QVBoxLayout()
        self.state_extra.setSpacing(tokens.GAP8)
        self._column.addLayout(self.state_extra)

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        margins(foot, tokens.EDITOR_LEFT, tokens.GAP8, tokens.EDGE, tokens.GAP8, tokens.GAP8)
        self._saved = Chip(bare=True, parent=self)
        foot.addWidget(self._saved)
        foot.addStretch(1)
        self.same = Button(_("No change this week"), parent=self)
        foot.addWidget(self.same)
        self.previous = link(_("Previous"), hint="Alt+↑", parent=self)
        foot.addWidget(self.previous)
        self.next = Button(_("Next"), hint="Alt+↓", parent=self)
        foot.addWidget(self.next)
        return foot

    def show_head(self, line: Line) -> None:
        """Code, marks, title and facts of a task."""
        self._code.setText(line.code)
        due = marks.timeliness("cancelled") if line.withdrawn else week_lines.due_mark(line)
        chips: list[Mark | None] = [due, *week_lines.flags(line, short=False)]
        if line.exchange in {"waiting", "returned"} and len(chips) < 4:
            chips.append(marks.exchange(line.exchange))
        given = [mark for mark in chips if mark is not None][:3]
        for chip, mark in zip(self._chips, [*given, None, None, None], strict=False):
            chip.show_mark(mark)
        self._title.setText(line.title)
        self._facts.setText(week_lines.facts(line))

    def say_fault(self, name: str, fault: str) -> None:
        """What is wrong with a field; an empty text says that all is well."""
        if name == "percent":
            self.percent.show_fault(bool(fault))
            if fault != self.fault("percent"):
                self.percent_fault.say(fault)
        elif fault != self.fields[name].fault:
            self.fields[name].say(fault)

    def fault(self, name: str) -> str:
        """What is said to be wrong with a field, or an empty text."""
        if name == "percent":
            return "" if self.percent_fault.isHidden() else self.percent_fault.text()
        return self.fields[name].fault

    def say_saved(self, words: str, *, writing: bool = False) -> None:
        """The line in the foot: «Đã lưu lúc 10:41», or that words are still being written."""
        if not words:
            self._saved.show_mark(None)
        elif writing:
            self._saved.show_mark(Mark(Shape.WRITING, Tone.GREY, words))
        else:
            self._saved.show_mark(Mark(Shape.ON_TIME, Tone.GREEN, words))

    @property
    def saved(self) -> str:
        """What the foot says."""
        return self._saved.text()

    def show_parts(self, status: str, *, reopens: bool, recurring: bool) -> None:
        """Show the parts of the state that this status has."""
        self.fields["percent"].setVisible(not recurring)
        self.fields["date"].setVisible(status == "done")
        self.fields["words"].setVisible(status == "paused" or reopens)
        self.fields["words"].set_name(
            _("Reason for taking it up again") if reopens else _("Document of the pause")
        )
        self.words.setPlaceholderText("" if reopens else _("number, date, who signed"))

    def set_writable(self, writable: bool) -> None:
        """A task that was withdrawn can be read only."""
        for box in self.boxes.values():
            box.setReadOnly(not writable)
        for line in (self.percent, self.date, self.words):
            line.setReadOnly(not writable)
        self.status.setEnabled(writable)
        self.same.setEnabled(writable)

    # Focus

    def focus_first(self) -> None:
        """The first field."""
        self.status.focus_choice()

    def focused(self) -> str:
        """The field that has the focus, or an empty text."""
        focus = self.window().focusWidget()
        for name, field in self.fields.items():
            if focus is not None and field.isAncestorOf(focus):
                return name
        return ""

    def focus_field(self, name: str) -> None:
        """Put the focus into a field by its name; the first one for a name that is not shown."""
        field = self.fields.get(name)
        if field is None or field.isHidden() or name == "status":
            self.focus_first()
        else:
            field.box.setFocus()

    # Files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.takes(event.mimeData()):
            event.acceptProposedAction()
            self.brought(event.mimeData())

    def fit(self, plan: Plan, *, back: bool) -> None:
        """Lay out for a plan. back: «Danh sách» is needed to get to the list."""
        wide = plan is Plan.WIDE
        left = tokens.EDITOR_LEFT if wide else tokens.EDGE_COMPACT
        right = tokens.EDGE if wide else tokens.EDGE_COMPACT
        margins(self._head_box, left, tokens.GAP12, right, tokens.GAP12 - 2)
        margins(self._column, left, tokens.GAP12, right, tokens.GAP12)
        self._facts.setVisible(wide)
        self.previous.setVisible(wide)
        self.back.setVisible(back)
        self.fields["percent"].setFixedWidth(_PERCENT_WIDTH)
