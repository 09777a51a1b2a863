"""«Nhiệm vụ»: the ledger, with search, filters and sorting; a line opens in the editor."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.tasks import CANCELLED
from app.services import views
from app.services.lines import Line
from app.storage.ledger import Ledger
from app.words import N_, _, ngettext
from ui import marks, tokens
from ui.evidence import Evidence
from ui.jobs import Jobs
from ui.marks import Mark
from ui.models import task_lines
from ui.models.lines import LinesModel
from ui.models.week_lines import spoken
from ui.pages.base import Page, Plan
from ui.pages.editor import KINDS, Editor
from ui.pages.shown import Shown, read
from ui.widgets.boxes import SearchBox
from ui.widgets.choices import FilterChip
from ui.widgets.combo import Combo
from ui.widgets.layouts import Flow, margins
from ui.widgets.notices import EmptyState
from ui.widgets.table import Table

_STATUS = ("not_started", "in_progress", "done", "paused", CANCELLED)


class TasksPage(Page):
    """The table of all tasks; Enter opens one in the editor, «Danh sách» goes back."""

    key: ClassVar[str] = "tasks"
    icon: ClassVar[str] = "book"
    word: ClassVar[str] = N_("Tasks")
    shows: ClassVar[frozenset[str]] = frozenset(
        {"progress", "task", "assignment", "source", "notice", "report", "person"}
    )

    def __init__(
        self, ledger: Ledger, jobs: Jobs, evidence: Evidence | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ledger, self._jobs, self._evidence = ledger, jobs, evidence
        self.shown: Shown | None = None
        self._quick = ""
        self._wanted = ""
        self._stack = QStackedWidget(self)
        self.body.addWidget(self._stack, 1)
        self._stack.addWidget(self._ledger_view())
        self.editor = Editor(ledger, jobs, self, evidence)
        self.editor.written.connect(self._written)
        self.editor.recorded.connect(self.say_undo)
        self.editor.failed.connect(self.failed)
        self.editor.escaped.connect(self.show_list)
        self.editor.stepped.connect(self.step)
        self.editor.back.connect(self.show_list)
        self._stack.addWidget(self.editor)
        self._back = QShortcut(QKeySequence("Alt+Left"), self)
        self._back.activated.connect(self.show_list)

    def _ledger_view(self) -> QWidget:
        view = QWidget(self)
        column = QVBoxLayout(view)
        margins(column, 0, 0, 0, 0, 0)
        self._bar = QWidget(view)
        bar = Flow(self._bar)
        self._bar_flow = bar
        margins(bar, tokens.EDGE, tokens.GAP12, tokens.EDGE, tokens.GAP8, tokens.GAP8)
        self.search = SearchBox(_("Search code, task, document"), parent=self._bar)
        self.search.setMinimumWidth(tokens.LIST_COMPACT - tokens.GAP20)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.returnPressed.connect(self._to_table)
        bar.addWidget(self.search)
        self.status = self._combo(_("Status"), bar)
        self.groups = self._combo(_("Group"), bar)
        self.window_ = self._combo(_("Deadline"), bar)
        self.line = self._combo(_("Report to"), bar)
        self.status.fill([("", _("Any status")), *((code, marks.status(code).word) for code in _STATUS)])
        self.window_.fill(
            [
                ("", _("Any deadline")),
                ("overdue", _("Overdue")),
                ("days_7", _("Due within 7 days")),
                ("days_30", _("Due within 30 days")),
                ("later", _("Later")),
                ("undated", _("Without a deadline")),
            ]
        )
        self.line.fill(
            [
                ("", _("Any receiver")),
                ("ubnd_tinh", _("People's Committee")),
                ("tinh_uy", _("Party committee")),
            ]
        )
        self.groups.fill([("", _("Any group"))])
        column.addWidget(self._bar)
        column.addWidget(self._chips(view))
        self.model = LinesModel[Line](task_lines.columns(), spoken=spoken)
        self.table = Table(self.model, name=_("Tasks"), parent=view)
        self.table.opened.connect(self.open_line)
        self.table.sort_by(task_lines.DEADLINE)
        self._below = QStackedWidget(view)
        self._below.addWidget(self.table)
        self.empty = EmptyState("", "", ((_("Show all tasks"), self.show_everything),), parent=view)
        self._below.addWidget(self.empty)
        column.addWidget(self._below, 1)
        return view

    def _combo(self, name: str, bar: Flow) -> Combo:
        combo = Combo(name=name, parent=self._bar)
        combo.setMaximumWidth(tokens.COMBO)
        combo.chosen.connect(lambda _value: self._filter())
        bar.addWidget(combo)
        return combo

    def _chips(self, view: QWidget) -> QWidget:
        holder = QWidget(view)
        flow = Flow(holder)
        margins(flow, tokens.EDGE, 0, tokens.EDGE, tokens.GAP12, tokens.GAP8)
        words: dict[str, tuple[str, Mark | None]] = {
            "": (_("All"), None),
            "overdue": (_("Overdue"), marks.timeliness("overdue")),
            "due_soon": (_("Due soon"), marks.timeliness("due_soon")),
            "unrecorded": (_("Not yet recorded"), marks.status("not_started")),
            "difficulty": (_("With a difficulty"), marks.difficulty()),
            "conflict": (_("2 versions"), marks.two_versions()),
            "returned": (_("Returned by the province"), marks.exchange("returned")),
        }
        self.chips: dict[str, FilterChip] = {}
        for quick in ("", *views.QUICK):
            word, mark = words[quick]
            chip = FilterChip(word, mark, parent=holder)
            chip.clicked.connect(lambda _on=False, quick=quick: self.show_quick(quick))
            self.chips[quick] = chip
            flow.addWidget(chip)
        self.chips[""].setChecked(True)
        self._chips_flow = flow
        return holder

    # Reading

    def reload(self) -> None:
        self._jobs.run(self, lambda: read(self._ledger), self.show_all, self.failed.emit, lane="ledger")

    def _written(self, shown: Shown) -> None:
        self.show_all(shown)
        self.touched.emit(KINDS)

    def show_all(self, shown: Shown) -> None:
        """Show a fresh reading; what is being written stays."""
        self.shown = shown
        count = sum(1 for line in shown.lines if not line.withdrawn)
        said = ngettext("{n} task of the commune", "{n} tasks of the commune", count).format(n=count)
        self.set_heading(_("Tasks"), said)
        self.groups.fill([("", _("Any group")), *views.groups(shown.lines).items()])
        counts = views.quick_counts(shown.lines)
        for quick, chip in self.chips.items():
            chip.set_count(counts[quick] if quick else len(shown.lines))
            chip.setVisible(not quick or counts[quick] > 0 or quick == self._quick)
        key = self._key()
        self.model.show(shown.lines)
        self._filter()
        if key:
            self.table.select_where(lambda line: line.assignment == key)
        self.editor.refresh(shown)
        if self._wanted:
            wanted, self._wanted = self._wanted, ""
            self.show_target(wanted)

    def _key(self) -> str:
        line = self.table.line()
        return line.assignment if isinstance(line, Line) else ""

    def _filter(self) -> None:
        if self.shown is None:
            return
        kept = views.matching(
            self.shown.lines,
            self.search.value_text(),
            status=self.status.value() or None,
            group=self.groups.value() or None,
            window=self.window_.value() or None,
            line=self.line.value() or None,
            quick=self._quick or None,
            today=self.shown.now.today,
        )
        keys = {line.assignment for line in kept}
        self.table.sorted.keep(lambda line: line.assignment in keys)
        if keys or not self.shown.lines:
            self.empty.say(
                _("No tasks yet"),
                _("Tasks will come with the province's notice, over the network or by USB."),
            )
        else:
            self.empty.say(_("No task fits"), _("Change the search or the filters."))
        self._below.setCurrentIndex(0 if keys else 1)

    # Choosing

    def show_quick(self, quick: str) -> None:
        """Show what a quick filter leaves; the one that is on is switched off again."""
        self._quick = "" if quick == self._quick else quick
        for name, chip in self.chips.items():
            chip.setChecked(name == self._quick)
        self._filter()

    def show_everything(self) -> None:
        """Take search and filters away."""
        self.search.clear()
        for combo in (self.status, self.groups, self.window_, self.line):
            combo.set_value("")
        self.show_quick("")
        self.search.setFocus()

    def open_line(self, line: object) -> None:
        """Open a line in the editor."""
        if isinstance(line, Line) and self.shown is not None:
            self._stack.setCurrentIndex(1)
            self.editor.open(self.shown.line(line.assignment) or line, self.shown)
            self.editor.form.focus_first()

    def show_list(self) -> None:
        """Back to the table; what was written is recorded."""
        if self._stack.currentIndex() == 1:
            self.editor.close_task()
            self._stack.setCurrentIndex(0)
            self.table.setFocus()

    def step(self, by: int) -> None:
        if self._stack.currentIndex() != 1:
            return
        row = self.table.currentIndex().row() + by
        if 0 <= row < self.table.sorted.rowCount():
            field = self.editor.form.focused()
            self.table.setCurrentIndex(self.table.sorted.index(row, 0))
            self.open_line(self.table.line())
            if field:
                self.editor.form.focus_field(field)

    def _to_table(self) -> None:
        if self.table.sorted.rowCount():
            self.table.setFocus()

    # What every page has

    def focus_start(self) -> None:
        if self._stack.currentIndex() == 1:
            self.editor.form.focus_first()
        else:
            self.search.setFocus()

    def show_target(self, target: object) -> None:
        """Open a task by its code."""
        if not isinstance(target, str):
            return
        if self.shown is None:
            self._wanted = target
            return
        line = self.shown.coded(target)
        if line is not None:
            self.show_everything()
            self.table.select_where(lambda item: item.assignment == line.assignment)
            self.open_line(line)

    def leave(self) -> None:
        self.editor.commit()

    def paste(self) -> None:
        self.editor.evidence.paste()

    def save_now(self) -> None:
        self.editor.save()

    def start_search(self) -> None:
        self.show_list()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def fit(self, plan: Plan) -> None:
        super().fit(plan)
        edge = tokens.EDGE if plan is Plan.WIDE else tokens.EDGE_COMPACT
        margins(self._bar_flow, edge, tokens.GAP12, edge, tokens.GAP8)
        margins(self._chips_flow, edge, 0, edge, tokens.GAP12)
        shown = {Plan.WIDE: None, Plan.COMPACT: {0, 1, 2, 4}, Plan.NARROW: {0, 1, 4}}[plan]
        self.table.show_columns(shown)
        self.editor.fit(plan, back=True)
