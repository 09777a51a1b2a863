"""What is done with a report: closed, printed, saved, issued, scanned, signed, replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.domain.errors import LedgerError
from app.domain.reporting import Period
from app.reports.content import plain_text
from app.services.reports import Closed
from app.storage.ledger import Ledger
from app.words import _, explain, ngettext
from ui import printing
from ui.jobs import Jobs
from ui.pages import report_work
from ui.pages.report_asking import Asking
from ui.pages.report_data import Shown
from ui.pages.report_signature import CLOSED, Signature
from ui.pages.report_work import Printed, file_name
from ui.tokens import Tone

if TYPE_CHECKING:
    from ui.pages.printing_panel import PrintPanel
    from ui.pages.report import ReportPage
    from ui.paperwork import Paperwork


class Acts(QObject):
    """The acts of the report page; each ends in a sentence."""

    def __init__(
        self,
        page: ReportPage,
        ledger: Ledger,
        jobs: Jobs,
        sheets: printing.Sheets,
        paper: Paperwork | None,
    ) -> None:
        super().__init__(page)
        self._page, self._ledger, self._jobs = page, ledger, jobs
        self._paper = paper
        self._codes = None if paper is None else paper.codes
        self.signature = Signature(page, self, ledger, jobs, paper)
        self.ask = Asking(page, ledger, jobs, sheets)
        self.panel: PrintPanel | None = None
        """The printing window that was opened last."""
        self._acts: dict[str, Callable[[], object]] = {
            "close": self.ask_close,
            "issue": self.signature.issue,
            "number": self.signature.issue,
            "scan": self.signature.scan,
            "check": self.signature.check,
            "copy": self.signature.save_copy,
            "sign": self.sign,
            "correct": self.correct,
            "stop": self.stop_correcting,
        }

    def do(self, act: str) -> None:
        """Do what a button of the page asks for: a key of `report_flow.ACTS`."""
        self._page.words.commit()
        if act in self._acts:
            self._acts[act]()

    # Closing

    def ask_close(self) -> None:
        """«In bản ký» cannot be taken back, so it is asked."""
        said = _("The report is closed and printed for signing. What it says cannot be changed any more.")
        self._ask_close(_("Print for signing"), said, self.close)

    def _ask_close(self, word: str, said: str, act: Callable[[], object]) -> None:
        shown = self._page.shown
        if shown is None or shown.draft is None:
            return
        if shown.draft.report.empty:
            count = len(shown.draft.lines)
            nothing = ngettext(
                "Nothing came up in this period: {n} task, unchanged.",
                "Nothing came up in this period: {n} tasks, all unchanged.",
                count,
            )
            said = f"{nothing.format(n=count)} {said}"
        if shown.unset:
            unset = _("Some words are not filled in and print “Chưa ghi”.")
            said = f"{unset} {said}"
        self._page.question.say(
            said, tone=Tone.AMBER, closable=False, actions=((word, act), (_("Not yet"), lambda: None))
        )
        self._page.question.focus_first()

    def close(self, use: Callable[[Printed, Period, str], None] | None = None) -> None:
        """Freeze the report and hand its sheet to the printer, or to what uses it."""
        shown, correct = self._page.shown, self._page.asked.correct
        if shown is None:
            return
        period, line, codes = shown.period, shown.line, self._codes

        def work() -> tuple[Closed, Printed]:
            return report_work.close(self._ledger, period, line, correct=correct, codes=codes)

        def done(found: tuple[Closed, Printed]) -> None:
            closed, printed = found
            if closed.new:
                self._page.touched.emit(CLOSED)
            else:
                said = _("It says the same as the last one, so it was not closed again.")
                self._page.question.say(said)
            self._page.look_at(replace(self._page.asked, correct=False, kept=b""))
            (use or self._print)(printed, period, "report")

        self.run(work, done)

    def tell_changed(self, shown: Shown) -> None:
        """«Nội dung đã đổi sau khi in bản ký»: print again, or keep what was printed."""
        made = shown.stands.made
        if made is None or shown.changed is None:
            return
        said = (
            ngettext(
                "What the report says changed after it was printed for signing ({n} sentence).",
                "What the report says changed after it was printed for signing ({n} sentences).",
                shown.changed,
            )
            if shown.changed
            else _("The tables of the report changed after it was printed for signing.")
        )
        kept = replace(self._page.asked, kept=made.hash)
        self._page.notice.say(
            said.format(n=shown.changed),
            tone=Tone.AMBER,
            closable=False,
            actions=(
                (_("Print again for signing"), self.ask_close),
                (_("Keep the printed one"), lambda: self._page.look_at(kept)),
            ),
        )

    def correct(self) -> None:
        """«Lập báo cáo thay thế»: a new report that names the signed one."""
        self._page.question.hide()  # what was said of the signed one
        self._page.look_at(replace(self._page.asked, correct=True, kept=b""))
        self._page.preview.show_view("words")

    def stop_correcting(self) -> None:
        """The signed report stands after all."""
        self._page.look_at(replace(self._page.asked, correct=False))

    # Paper

    def print_shown(self) -> None:
        """Ctrl+P: what is looked at, the draft or the closed report, once more."""
        self._with_sheet(self._print)

    def save_pdf(self) -> None:
        """«Lưu PDF»: what is looked at, as a file."""
        self._with_sheet(lambda printed, period, _kind: self._save(printed.sheet, period))

    def _with_sheet(self, use: Callable[[Printed, Period, str], None]) -> None:
        """Use what is looked at; a closed report with its page of codes."""
        shown = self._page.shown
        if shown is None or shown.sheet is None:
            return
        period = shown.period
        if not shown.frozen or shown.stands.made is None:
            use(Printed(shown.sheet), period, "draft")
            return
        record, codes = shown.stands.made.record, self._codes

        def work() -> Printed:
            return report_work.sheet(self._ledger, record, codes)

        self.run(work, lambda printed: use(printed, period, "report"))

    def _print(self, printed: Printed, period: Period, kind: str) -> None:
        if printed.bare is not None:
            self._page.question.say(
                explain(printed.bare), tone=Tone.AMBER, code=getattr(printed.bare, "code", "")
            )
        self.panel = self.ask.print(printed.sheet, period, kind)

    def print_worksheet(self) -> None:
        """«Phiếu ghi tay»: the week's tasks with room to write, to be carried through the village."""
        shown = self._page.shown
        if shown is None:
            return
        week = shown.now.week

        def work() -> Printed:
            return Printed(report_work.worksheet(self._ledger, week))

        period = Period.of_week(week)
        self.run(work, lambda printed: self._print(printed, period, "worksheet"))

    def _save(self, sheet: bytes, period: Period) -> None:
        self.save(sheet, file_name(period), ".pdf")

    def save(self, content: bytes, name: str, ending: str) -> None:
        """Ask where a file goes, and write it there."""
        chosen = self.ask.file(name)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != ending:
            path = path.with_name(path.name + ending)
        said = _("Saved: {file}").format(file=path.name)
        self.run(lambda: printing.keep(path, content), lambda _done: self._page.say_undo(said))

    def copy_text(self) -> None:
        """«Chép toàn văn»: the whole text, to paste into Word."""
        shown = self._page.shown
        if shown is None or shown.text is None:
            return
        QGuiApplication.clipboard().setText(plain_text(shown.text))
        self._page.say_undo(_("The whole text was copied; paste it into Word."))

    def sign(self) -> None:
        """«Ký số»: the closed report; one that is not closed yet is closed first."""
        shown = self._page.shown
        if shown is None or shown.sheet is None:
            return
        if shown.frozen:
            self._with_sheet(self._sign)
        else:
            said = _("The report is closed to be signed digitally. What it says cannot be changed any more.")
            self._ask_close(_("Sign digitally"), said, lambda: self.close(self._sign))

    def _sign(self, printed: Printed, period: Period, _kind: str) -> None:
        self.signature.sign(printed.sheet, file_name(period))

    # Saying

    def run(self, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Do something on the ledger's thread; the buttons rest meanwhile."""
        buttons = (self._page.bar.print_button, self._page.bar.next_button)
        window = self._page.window()
        held = window.focusWidget()
        for button in buttons:
            button.setEnabled(False)
        fell = window.focusWidget()

        def ready() -> None:
            for button in buttons:
                button.setEnabled(True)
            if held is not None and held in buttons and window.focusWidget() is fell:
                held.setFocus()

        def well(found: Any) -> None:
            ready()
            done(found)

        def failed(error: BaseException) -> None:
            ready()
            self.say_failed(error)

        self._jobs.run(self._page, work, well, failed, lane="ledger")

    def say_failed(self, error: BaseException) -> None:
        """Say an error of an act."""
        if isinstance(error, LedgerError):
            self._page.question.say(explain(error), tone=Tone.RED, code=error.code)
        else:
            self._page.failed.emit(error)
