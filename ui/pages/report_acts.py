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
from ui.tokens import Tone

if TYPE_CHECKING:
    from ui.pages.report import ReportPage

CLOSED = frozenset({"report"})


class Acts(QObject):
    """The acts of the report page; each ends in a sentence."""

    def __init__(
        self,
        page: ReportPage,
        ledger: Ledger,
        jobs: Jobs,
        sheets: printing.Sheets,
        codes: Callable[[str], bytes] | None,
    ) -> None:
        super().__init__(page)
        self._page, self._ledger, self._jobs = page, ledger, jobs
        self._sheets, self._codes = sheets, codes
        self.ask = Asking(page)
        self._acts: dict[str, Callable[[], object]] = {
            "close": self.ask_close,
            "reprint": self.print_shown,
            "issue": self.issue,
            "scan": self.scan,
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
        shown = self._page.shown
        if shown is None or shown.draft is None:
            return
        said = _("The report is closed and printed for signing. What it says cannot be changed any more.")
        if shown.draft.report.empty:
            count = len(shown.draft.lines)
            nothing = ngettext(
                "Nothing came up in this period: {n} task, unchanged.",
                "Nothing came up in this period: {n} tasks, all unchanged.",
                count,
            )
            said = f"{nothing.format(n=count)} {said}"
        if shown.unset:
            said = f"{_('Some words are not filled in and print “Chưa ghi”.')} {said}"
        self._question(said, (_("Print for signing"), self.close), (_("Not yet"), lambda: None))

    def close(self) -> None:
        """Freeze the report and hand its sheet to the printer."""
        shown, correct = self._page.shown, self._page.asked.correct
        if shown is None:
            return
        period, line, codes = shown.period, shown.line, self._codes

        def work() -> tuple[Closed, bytes]:
            return report_work.close(self._ledger, period, line, correct=correct, codes=codes)

        def done(found: tuple[Closed, bytes]) -> None:
            closed, sheet = found
            if closed.new:
                self._page.touched.emit(CLOSED)
            self._page.look_at(replace(self._page.asked, correct=False, kept=b""))
            self._print(sheet, period, new=closed.new)

        self._run(work, done)

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
        self._page.look_at(replace(self._page.asked, correct=True, kept=b""))
        self._page.preview.show_view("words")

    def stop_correcting(self) -> None:
        """The signed report stands after all."""
        self._page.look_at(replace(self._page.asked, correct=False))

    # Paper

    def print_shown(self) -> None:
        """Ctrl+P: what is looked at, the draft or the closed report, once more."""
        shown = self._page.shown
        if shown is None or shown.sheet is None:
            return
        if not shown.frozen or shown.stands.made is None:
            self._print(shown.sheet, shown.period)
            return
        record, codes, period = shown.stands.made.record, self._codes, shown.period

        def work() -> bytes:
            return report_work.sheet(self._ledger, record, codes)

        self._run(work, lambda sheet: self._print(sheet, period))

    def _print(self, sheet: bytes, period: Period, *, new: bool | None = None) -> None:
        note = "" if new is not False else _("It says the same as the last one, so it was not closed again.")
        if not self.ask.printer_there():
            said = _("This machine knows no printer. Save the report as PDF and print it on another machine.")
            self._page.question.say(
                f"{said} {note}".strip(),
                tone=Tone.AMBER,
                actions=((_("Save PDF"), lambda: self._save(sheet, period)),),
            )
            return
        printer = self.ask.printer()
        if printer is None:
            return

        def work() -> None:
            printing.put_on_paper(self._sheets, sheet, printer)

        self._run(work, lambda _done: self._page.say_undo(f"{_('Sent to the printer.')} {note}".strip()))

    def save_pdf(self) -> None:
        """«Lưu PDF»: what is looked at, as a file."""
        shown = self._page.shown
        if shown is None or shown.sheet is None:
            return
        if not shown.frozen or shown.stands.made is None:
            self._save(shown.sheet, shown.period)
            return
        record, codes, period = shown.stands.made.record, self._codes, shown.period

        def work() -> bytes:
            return report_work.sheet(self._ledger, record, codes)

        self._run(work, lambda sheet: self._save(sheet, period))

    def _save(self, sheet: bytes, period: Period) -> None:
        chosen = self.ask.file(report_work.file_name(period))
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != ".pdf":
            path = path.with_name(path.name + ".pdf")
        said = _("Saved: {file}").format(file=path.name)
        self._run(lambda: printing.keep(path, sheet), lambda _done: self._page.say_undo(said))

    def copy_text(self) -> None:
        """«Chép toàn văn»: the whole text, to paste into Word."""
        shown = self._page.shown
        if shown is None or shown.text is None:
            return
        QGuiApplication.clipboard().setText(plain_text(shown.text))
        self._page.say_undo(_("The whole text was copied; paste it into Word."))

    # Signature

    def issue(self) -> None:
        """«Đã ký, đóng dấu»: number, date and signer."""

    def scan(self) -> None:
        """«Quét bản ký»: read a scan of the signed copy and attach it."""

    def sign(self) -> None:
        """«Ký số»."""

    # Saying

    def _question(self, said: str, *actions: tuple[str, Callable[[], object]]) -> None:
        self._page.question.say(said, tone=Tone.AMBER, closable=False, actions=actions)
        self._page.question.focus_first()

    def _run(self, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Do something on the ledger's thread; the buttons rest meanwhile."""
        buttons = (self._page.bar.print_button, self._page.bar.next_button)
        for button in buttons:
            button.setEnabled(False)

        def ready() -> None:
            for button in buttons:
                button.setEnabled(True)

        def well(found: Any) -> None:
            ready()
            done(found)

        def failed(error: BaseException) -> None:
            ready()
            if isinstance(error, LedgerError):
                self._page.question.say(explain(error), tone=Tone.RED, code=error.code)
            else:
                self._page.failed.emit(error)

        self._jobs.run(self._page, work, well, failed, lane="ledger")
