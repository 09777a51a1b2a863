"""The progress editor: what is typed is kept every two seconds, what is left becomes one change."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.change import Change, Value
from app.domain.progress import State
from app.services import progress
from app.services.conflicts import Conflict
from app.services.lines import TEXTS, Line
from app.storage.ledger import Ledger
from app.words import _
from ui.evidence import Evidence
from ui.jobs import Jobs
from ui.models.week_lines import clock
from ui.pages import history, refusals, telling
from ui.pages.base import Plan
from ui.pages.evidence_part import EvidencePart
from ui.pages.form import Form
from ui.pages.history import History
from ui.pages.recorder import Recorder
from ui.pages.shown import Reading, Sheet, Shown
from ui.pages.state_part import Stated, StatePart

KINDS = frozenset({"progress"})
"""What an edit here touches."""


class Editor(QWidget):
    """Shows one task and records what is written there. It never reads the ledger on the window's thread."""

    written = Signal(object)
    """A fresh `Shown`, after an own edit."""
    recorded = Signal(str, object)
    """What was recorded, in words, and what takes it back."""
    failed = Signal(object)
    """An error that has no place in the form, as the task was left meanwhile."""
    escaped = Signal()
    """Esc: back to the list."""
    stepped = Signal(int)
    """Previous or next task."""
    back = Signal()

    def __init__(
        self, ledger: Ledger, jobs: Jobs, parent: QWidget | None = None, evidence: Evidence | None = None
    ) -> None:
        super().__init__(parent)
        self._ledger, self._jobs = ledger, jobs
        self._sheet: Sheet | None = None
        self._shown: Shown | None = None
        self._dirty: set[str] = set()
        self.reading = Reading(ledger)
        self._recorder = Recorder(self.reading, jobs, lambda: self._sheet, self)
        self._stated: dict[str, Stated] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.form = Form(self)
        column.addWidget(self.form)
        self.evidence = EvidencePart(self.form, evidence, self.reading, jobs, self)
        self.state = StatePart(self.form, self)
        self.state.stated.connect(self._write_state)
        self._connect()
        self.form.hide()

    def _connect(self) -> None:
        form = self.form
        for name in TEXTS:
            box, field = form.boxes[name], form.fields[name]
            box.edited.connect(lambda name=name: self._edited(name))
            box.paused.connect(lambda name=name: self._keep(name))
            box.typed_on.connect(lambda name=name: self._keep(name))
            box.left.connect(lambda name=name: self._left(name))
            box.escaped.connect(self.escaped)
            box.refused.connect(field.say)
            field.reused.connect(lambda words, name=name: self._reuse(name, words))
        for line in (form.percent, form.date, form.words):
            line.escaped.connect(self.escaped)
            line.left.connect(self._state_left)
        form.same.clicked.connect(self.confirm)
        form.previous.clicked.connect(lambda: self.stepped.emit(-1))
        form.next.clicked.connect(lambda: self.stepped.emit(1))
        form.back.clicked.connect(self.back)
        form.history.clicked.connect(self.show_history)
        for part in (self.evidence, self._recorder):
            part.written.connect(self.written)
            part.recorded.connect(self.recorded)
        self._recorder.failed.connect(self.failed)
        self._recorder.settled.connect(self._settled)

    # What is shown

    @property
    def line(self) -> Line | None:
        """The task under the pen."""
        return self._sheet.line if self._sheet else None

    def open(self, line: Line, shown: Shown) -> None:
        """Show a task; what was written in the one before is recorded first."""
        if self._sheet is not None and self._sheet.line.progress == line.progress:
            self.refresh(shown)
            return
        self.commit()
        self._shown = shown
        self._sheet = sheet = self._recorder.sheet_of(line, shown.now)
        self._dirty.clear()
        self.form.say_saved("")
        self.form.question.hide()
        self.form.area.verticalScrollBar().setValue(0)
        for name in TEXTS:
            self.form.say_fault(name, "")
            self.form.boxes[name].set_text(sheet.text(name))
            self._resume(sheet, name)
        self.state.open(sheet)
        self._show_line(line)
        if line.progress in self._stated:
            self.state.resume(self._stated.pop(line.progress))
        self.form.show()

    def refresh(self, shown: Shown) -> None:
        """The ledger was read anew: fields that nobody writes in show it, the others stay as they are."""
        self._shown = shown
        if self._sheet is None:
            return
        line = shown.line(self._sheet.line.assignment)
        if line is None:
            self.close_task()
            return
        if line.progress != self._sheet.line.progress:  # another week has begun
            self.commit()
            self._sheet = None
            self.open(line, shown)
            return
        self._sheet.line, self._sheet.now = line, shown.now
        for name in TEXTS:
            self._catch_up(name, line)
        if not self._busy("state"):
            self._sheet.take(line, "state")
            self.state.show()
        self._show_line(line)

    def close_task(self) -> None:
        """Show no task."""
        self.commit()
        self._sheet = None
        self.form.hide()

    def _resume(self, sheet: Sheet, name: str) -> None:
        """Words on their way to the ledger, or a draft, stand in the box instead of what is recorded."""
        place = (sheet.line.progress, name)
        if self._recorder.pending(*place):
            self.form.boxes[name].set_text(self._recorder.flying(*place, sheet.text(name)))
            return
        for item, seen in self._shown.left if self._shown else ():
            if (item.draft.record, item.draft.field) == place:
                sheet.resume(name, seen)
                self.form.boxes[name].set_text(item.draft.value)
                self._dirty.add(name)

    def _catch_up(self, name: str, line: Line) -> None:
        if self._busy(name) or self._sheet is None:
            return
        self._sheet.take(line, name)
        box = self.form.boxes[name]
        if box.text() != self._sheet.text(name):
            box.set_text(self._sheet.text(name))

    def _busy(self, name: str) -> bool:
        """Whether somebody writes in a field, or what was written is still on its way."""
        assert self._sheet is not None
        if name in self._dirty or self._recorder.pending(self._sheet.line.progress, name):
            return True
        if name == "state":
            return self.state.busy
        focus = self.window().focusWidget()
        return focus is self.form.boxes[name] or self.form.boxes[name].composing

    def _show_line(self, line: Line) -> None:
        found = self._shown.conflicts.get(line.assignment, ()) if self._shown else ()
        telling.show_line(self.form, line)
        telling.show_conflicts(self.form, line, found, self._take)
        if self._shown is not None:
            self.evidence.show(line, self._shown)

    def show_history(self) -> None:
        """«Các bản trước»: what is written here is recorded first, so that it stands there too."""
        self.commit()
        if (line := self.line) is not None:
            self._jobs.run(
                self,
                lambda: history.read(self._ledger, line),
                lambda found: History(found, self).open(),
                lane="ledger",
            )

    # Text

    def _edited(self, name: str) -> None:
        self._dirty.add(name)
        self.form.say_saved(_("Being written"), writing=True)

    def _keep(self, name: str) -> None:
        """Two seconds after the last key: a draft."""
        if self._sheet is None or name not in self._dirty:
            return
        sheet, text = self._sheet, self.form.boxes[name].text()

        def kept(at: int) -> None:
            if sheet is self._sheet and name in self._dirty:
                said = _("Being written, kept at {time}").format(time=clock(at))
                self.form.say_saved(said, writing=True)

        self._jobs.run(
            self, lambda: sheet.keep(self._ledger, name, text), kept, self.failed.emit, lane="ledger"
        )

    def _left(self, name: str) -> None:
        if self._sheet is None:
            return
        if name in self._dirty:
            self._commit_text(name)
            return
        line = self._shown.line(self._sheet.line.assignment) if self._shown else None
        if line is not None and line.progress == self._sheet.line.progress:
            self._catch_up(name, line)

    def _commit_text(self, name: str) -> None:
        sheet = self._sheet
        assert sheet is not None
        self._dirty.discard(name)
        text = self.form.boxes[name].text()

        def failed(error: BaseException) -> None:
            if sheet is self._sheet:
                self._dirty.add(name)
                self.form.say_fault(name, refusals.said(error))
                return
            self.failed.emit(error)

        self.form.say_fault(name, "")
        self._recorder.write_text(sheet, name, text, failed)

    def _reuse(self, name: str, words: str) -> None:
        self.form.boxes[name].append_text(words)
        self.form.boxes[name].setFocus()

    # State

    def _state_left(self) -> None:
        if self._sheet is None or self._shown is None or self._busy("state"):
            return
        line = self._shown.line(self._sheet.line.assignment)
        if line is not None and line.progress == self._sheet.line.progress:
            self._sheet.take(line, "state")
            self.state.show()

    def _write_state(self, state: State) -> None:
        sheet = self._sheet
        assert sheet is not None

        def failed(error: BaseException) -> None:
            if sheet is self._sheet:
                self.state.refuse_late(error)
            else:
                self.failed.emit(error)

        self._recorder.write(sheet, "state", lambda: sheet.write_state(self._ledger, state), failed)

    # Writing

    def commit(self) -> None:
        """Record all that is written here, the word under composition too; for leaving and for Ctrl+S."""
        if self._sheet is None:
            return
        for box in self.form.boxes.values():
            box.settle()
        for line in (self.form.percent, self.form.date, self.form.words):
            line.settle()
        for name in TEXTS:
            if name in self._dirty:
                self._commit_text(name)
        if self.state.commit():
            self._stated.pop(self._sheet.line.progress, None)
        else:
            self._stated[self._sheet.line.progress] = self.state.said()

    @property
    def unrecorded(self) -> frozenset[str]:
        """The records whose state was chosen but could not be recorded; it stands there again when opened."""
        return frozenset(self._stated)

    def save(self) -> None:
        """Ctrl+S: record what is written and say so."""
        self.commit()
        if self._sheet is not None and not self._dirty and not self.state.dirty and not self._recorder.busy:
            self.form.say_saved(_("Saved"))

    def confirm(self) -> None:
        """«Không thay đổi trong tuần»."""
        sheet = self._sheet
        if sheet is None or not self.state.commit():
            return
        if self._recorder.pending(sheet.line.progress, "state"):
            return
        line, state = sheet.line, sheet.state

        def work() -> Change | None:
            progress.writable(line, sheet.now)
            return sheet.write_state(self._ledger, state)

        self._recorder.write(sheet, "state", work, self._said_at_status)

    def _take(self, conflict: Conflict, value: Value) -> None:
        sheet = self._sheet
        if sheet is None:
            return
        if conflict.record == sheet.line.progress:
            self._dirty.discard(conflict.field)
            if conflict.field == "state":
                self.state.show()
        self._recorder.write(
            sheet,
            conflict.field,
            lambda: sheet.choose(self._ledger, conflict, value),
            self.failed.emit,
            undo=conflict.record == sheet.line.progress,
        )

    def _said_at_status(self, error: BaseException) -> None:
        self.form.say_fault("status", refusals.said(error))

    def _settled(self, sheet: Sheet, change: Change | None, shown: Shown) -> None:
        if sheet is self._sheet and not self._dirty and not self.state.dirty:
            at = change.at if change else shown.now.clock
            self.form.say_saved(_("Saved at {time}").format(time=clock(at)))

    def fit(self, plan: Plan, *, back: bool) -> None:
        """Lay out for a plan."""
        self.form.fit(plan, back=back)
