"""Báo cáo: choose period and line, see what is missing and how it will print, bring it to the end."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.domain.errors import LedgerError
from app.domain.periods import Week, local
from app.domain.reporting import Kind, Period
from app.services import progress
from app.services.lines import Line
from app.storage.ledger import Ledger
from app.words import _, explain
from ui import printing
from ui.jobs import Jobs, Task
from ui.pages import report_data
from ui.pages.base import Plan
from ui.pages.report_acts import Acts
from ui.pages.report_bar import PeriodBar
from ui.pages.report_data import Asked, Shown
from ui.pages.report_entry import ReportEntry
from ui.pages.report_flow import ACTS, FlowLine, next_act
from ui.pages.report_parts import Parts
from ui.pages.report_preview import Preview
from ui.pages.report_telling import tell
from ui.pages.report_text import SentencesPart
from ui.pages.report_writing import Writing
from ui.paperwork import Paperwork
from ui.standing import TWO
from ui.tokens import Tone
from ui.widgets.labels import hairline
from ui.widgets.notices import Notice

WRITTEN = frozenset({"sentence"})


class ReportPage(ReportEntry):
    """Looking records nothing; «In bản ký» closes the report."""

    def __init__(
        self,
        ledger: Ledger,
        jobs: Jobs,
        paper: Paperwork | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """paper: what needs the whole home; without it there are no codes, scans and signatures."""
        super().__init__(parent)
        self._ledger, self._jobs = ledger, jobs
        self._sheets = printing.Sheets()
        self._asked = Asked()
        self._pinned: Period | None = None
        """The period that is due, as it was when the page was opened: it does not turn under the fingers."""
        self._shown: Shown | None = None
        self._reading: Task | None = None
        self._fresh = False
        self.acts = Acts(self, ledger, jobs, self._sheets, paper)
        self.bar = PeriodBar(self)
        self.body.addWidget(self.bar)
        self.body.addWidget(hairline(parent=self))
        self.flow = FlowLine(self)
        self.body.addWidget(self.flow)
        self.body.addWidget(hairline(parent=self))
        self.notice = Notice(self)
        """What wants to be known of the report that is looked at."""
        self.question = Notice(self)
        """What an act asks, and what became of it."""
        self.body.addWidget(self.notice)
        self.body.addWidget(self.question)
        self.words = SentencesPart(self)
        self.writing = Writing(self.words, ledger, jobs, self)
        self.preview = Preview(self._sheets, jobs, self.words, self)
        self.parts = Parts(self.preview, self)
        self.missing, self.compared = self.parts.missing, self.parts.compared
        self.body.addWidget(self.parts, 1)
        self._join()
        self.fit(self.plan)

    # Built once

    def _join(self) -> None:
        bar = self.bar
        bar.kind_chosen.connect(lambda kind: self.look_at(Asked(cast(Kind, kind), None, self._asked.line)))
        bar.moved.connect(self._move)
        bar.line_chosen.connect(lambda line: self.look_at(replace(self._asked, line=line, correct=False)))
        bar.print_button.clicked.connect(self.print_page)
        bar.next_button.clicked.connect(self._go_on)
        self.flow.wanted.connect(self.acts.do)
        self.missing.record.connect(self._record)
        self.missing.nothing.connect(self._nothing_new)
        self.missing.two.connect(lambda: self.wants_page.emit(TWO, None))
        self.missing.settings.connect(lambda field: self.wants_page.emit("settings", field))
        self.missing.sentence.connect(self.show_sentence)
        self.missing.worksheet.connect(self.acts.print_worksheet)
        self.writing.written.connect(self._written)
        self.writing.failed.connect(self.failed)
        self.words.task_wanted.connect(self._record)
        self.preview.copy_wanted.connect(self.acts.copy_text)
        self.preview.save_wanted.connect(self.acts.save_pdf)
        self.preview.viewed.connect(self._viewed)
        shortcut = QShortcut(QKeySequence("F2"), self)
        shortcut.activated.connect(self.words.open_task)

    # Reading and showing

    @property
    def shown(self) -> Shown | None:
        """What was read last."""
        return self._shown

    @property
    def asked(self) -> Asked:
        """What is looked at."""
        return self._asked

    def look_at(self, asked: Asked) -> None:
        """Look at another period or line, or at the same in another way."""
        before, self._asked = self._asked, asked
        if (asked.kind, asked.period, asked.line) != (before.kind, before.period, before.line):
            self._pinned = None
            self.writing.turn_to_another()
            self.question.hide()
            self.notice.hide()
        self.reload()

    def show_target(self, target: object) -> None:
        """A Week or a Period; "week" for the week that is due, whatever was looked at last."""
        if target == "week":
            if self._asked.kind != "week" or self._asked.period is not None:
                self.look_at(Asked(line=self._asked.line))
            return
        period = Period.of_week(target) if isinstance(target, Week) else target
        if isinstance(period, Period):
            self.look_at(Asked(period.kind, period, self._asked.line))

    def reload(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        asked, mark = self._asked, self.writing.mark
        if asked.period is None:
            asked = replace(asked, pinned=self._pinned)
        self._reading = self._jobs.run(
            self, lambda: report_data.read(self._ledger, asked), lambda shown: self._show(shown, mark)
        )

    def _show(self, shown: Shown, mark: int) -> None:
        before, self._shown = self._shown, shown
        another = before is None or (before.period, before.line) != (shown.period, shown.line)
        self._pinned = shown.period
        self.bar.show_period(shown.period, shown.line, later=report_data.later_begun(shown.now, shown.period))
        if shown.refused is None:
            self.bar.show_counts(shown.counts)
        self._head(shown)
        correct = self._asked.correct
        self.flow.show_shown(shown, correct=correct)
        act = next_act(shown)
        self.bar.show_next(_(ACTS[act]) if act else "")
        self.bar.print_button.set_text(_("Print again") if shown.frozen else _("Print the draft"))
        self.bar.print_button.setEnabled(shown.sheet is not None)
        self.missing.show_shown(shown)
        self.compared.show_shown(shown)
        self.writing.show_shown(shown, mark, correct=correct)
        tell(self, shown)
        self.preview.show_sheet(shown.sheet, first=another)
        if self._fresh and (self.bar.next_button.hasFocus() or self.bar.earlier.hasFocus()):
            self.focus_start()  # opened before there was anything to stand on
        self._fresh = False

    def _head(self, shown: Shown) -> None:
        due = shown.now.calendar.due(shown.period, shown.line)
        said = _("Due {time} on {day}").format(time=f"{due:%H:%M}", day=f"{due:%d/%m}") if due else ""
        self.set_heading(_(self.word), said)

    def fit(self, plan: Plan) -> None:
        super().fit(plan)
        self.bar.set_compact(plan is not Plan.WIDE)
        self.preview.set_roomy(plan is Plan.WIDE)
        self.parts.fit(plan)

    def _catch_up(self) -> None:
        """The page is opened anew: another period may be due by now."""
        shown = self._shown
        if shown is None or self._asked.period is not None or shown.now.clock_behind:
            return
        moment = local(max(self._ledger.now(), shown.now.moment))
        if shown.now.calendar.open_period(shown.period.kind, moment, shown.line) != shown.period:
            self._pinned = None
            self.reload()

    def focus_start(self) -> None:
        self._catch_up()
        self._fresh = self._shown is None
        end = self.bar.next_button
        self.missing.focus_start(end if end.isVisible() and not self._fresh else self.bar.earlier)

    # Acts

    def _go_on(self) -> None:
        if self._shown is not None:
            self.acts.do(next_act(self._shown))

    def _move(self, by: int) -> None:
        if self._shown is not None:
            period = self._shown.period.next() if by > 0 else self._shown.period.previous()
            self.look_at(Asked(period.kind, period, self._shown.line))

    def show_sentence(self, slot: str) -> None:
        """Look at the words, and go into one sentence."""
        self.preview.show_view("words")
        self.words.show_slot(slot)

    def _viewed(self, view: str) -> None:
        if view == "words":
            self.words.list.setFocus()
        else:
            self.words.commit()

    def step(self, by: int) -> None:
        if self.preview.view == "words":
            self.words.step(by)

    def leave(self) -> None:
        self.words.box.settle()
        self.words.commit()

    def _written(self) -> None:
        self.touched.emit(WRITTEN)
        self.reload()

    def _record(self, code: str) -> None:
        """A task in the week of this report, or in the present one where nothing more goes into it."""
        shown = self._shown
        if shown is None or shown.period.kind != "week" or shown.period.week >= shown.now.week:
            self.wants_page.emit("week", code)
            return
        signed = (str(shown.period), shown.line) in shown.now.signed
        self.wants_page.emit("week", code if signed else (code, shown.period.week))

    def _nothing_new(self, line: Line) -> None:
        """«Không thay đổi trong tuần»: exactly that is written."""
        now = self._shown.now if self._shown else None
        if now is None:
            return

        def work() -> None:
            with self._ledger.edit() as edit:
                progress.confirm(edit, line, now)

        def done(_nothing: object) -> None:
            self.say_undo(_("{code}: no change in the week, recorded.").format(code=line.code))
            self.touched.emit(frozenset({"progress"}))
            self.reload()

        def failed(error: BaseException) -> None:
            if isinstance(error, LedgerError):
                self.question.say(explain(error), tone=Tone.RED, code=error.code)
            else:
                self.failed.emit(error)

        self._jobs.run(self, work, done, failed, lane="ledger")

    def print_page(self) -> None:
        self.acts.print_shown()
