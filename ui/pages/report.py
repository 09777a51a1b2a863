"""Báo cáo: choose week and line, see what is missing and the pages as they will print, save, print, copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import LedgerError
from app.domain.periods import Week
from app.reports.content import plain_text
from app.services import progress
from app.services.lines import Line
from app.storage.ledger import Ledger
from app.words import N_, _, explain
from ui import printing, tokens
from ui.jobs import Jobs, Task
from ui.pages import report_data
from ui.pages.base import Page, Plan
from ui.pages.report_data import Shown
from ui.pages.report_preview import Preview
from ui.pages.report_sides import DifferenceSide, MissingSide
from ui.standing import TWO
from ui.tokens import Tone
from ui.widgets.buttons import Button, icon_button, primary
from ui.widgets.choices import Choice, Segmented
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Scroll, margins, surface
from ui.widgets.notices import Notice

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

FILE_NAME = "BC-tuan-{week:02}-{year}.pdf"
_LINES = {
    "ubnd_tinh": N_("To the People's Committee ({n})"),
    "tinh_uy": N_("To the Party Committee ({n})"),
}


class ReportPage(Page):
    """Previewing records nothing; «Lưu PDF» and «In» record the report if it says something new."""

    key, icon, word, short, group = "reports", "document_text", N_("Reports"), N_("Reports"), 0
    shows = frozenset(
        {"progress", "assignment", "task", "notice", "unit_settings", "unit", "source", "report"}
    )

    def __init__(self, ledger: Ledger, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ledger, self._jobs = ledger, jobs
        self._sheets = printing.Sheets()
        self._week: Week | None = None
        self._line = "ubnd_tinh"
        self._shown: Shown | None = None
        self._reading: Task | None = None
        self._fresh = False
        self.body.addWidget(self._bar())
        self.body.addWidget(hairline(parent=self))
        self.notice = Notice(self)
        self.body.addWidget(self.notice)
        self.body.addLayout(self._parts(), 1)
        self._arrange()

    # Built once

    def _bar(self) -> QWidget:
        bar = surface(self)
        bar.setFixedHeight(tokens.REPORT_BAR)
        row = QHBoxLayout(bar)
        margins(row, tokens.EDGE, 0, tokens.EDGE, 0, tokens.GAP4)
        self.earlier = icon_button(_("Week before"), "chevron_left", parent=bar)
        self.earlier.clicked.connect(lambda: self._go_week(-1))
        self.week_name = label("", "name", parent=bar)
        self.later = icon_button(_("Week after"), "chevron_right", parent=bar)
        self.later.clicked.connect(lambda: self._go_week(1))
        lines = [(line, _(word).format(n="–"), None) for line, word in _LINES.items()]
        self.lines = Choice(lines, name=_("Reporting line"), parent=bar)
        self.lines.set_value(self._line)
        self.lines.chosen.connect(self._choose_line)
        self.print_button = Button(_("Print"), hint="Ctrl+P", parent=bar)
        self.print_button.clicked.connect(self.print_page)
        self.save_button = primary(_("Save PDF"), parent=bar)
        self.save_button.clicked.connect(self.save_pdf)
        for widget in (self.earlier, self.week_name, self.later):
            row.addWidget(widget)
        row.addSpacing(tokens.GAP12)
        row.addWidget(self.lines, 1)
        row.addSpacing(tokens.GAP12)
        row.addWidget(self.print_button)
        row.addSpacing(tokens.GAP4)
        row.addWidget(self.save_button)
        return bar

    def _parts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(0)
        left = surface(self)
        self._side = left
        column = QVBoxLayout(left)
        margins(column, 0, 0, 0, 0, 0)
        self._which = Segmented(
            [("missing", _("Missing"), None), ("difference", _("Compared"), None)],
            name=_("What stands beside the page"),
            parent=left,
        )
        self._which.set_value("missing")
        self._which.chosen.connect(lambda _value: self._arrange())
        self._which_row = QWidget(left)
        choice = QHBoxLayout(self._which_row)
        margins(choice, tokens.EDGE_COMPACT, tokens.GAP8, tokens.EDGE_COMPACT, 0)
        choice.addWidget(self._which)
        choice.addStretch(1)
        column.addWidget(self._which_row)
        self.missing = MissingSide()
        self.missing.record.connect(lambda code: self.wants_page.emit("week", code))
        self.missing.nothing.connect(self._nothing_new)
        self.missing.two.connect(lambda: self.wants_page.emit(TWO, None))
        self.missing.settings.connect(lambda field: self.wants_page.emit("settings", field))
        self._missing_view = Scroll(self.missing, parent=left)  # in a low window all of it scrolls
        column.addWidget(self._missing_view, 1)
        row.addWidget(left)
        self._left_line = hairline(vertical=True, parent=self)
        row.addWidget(self._left_line)
        self.preview = Preview(self._sheets, self._jobs, self)
        self.preview.copy_wanted.connect(self.copy_text)
        row.addWidget(self.preview, 1)
        self._right_line = hairline(vertical=True, parent=self)
        row.addWidget(self._right_line)
        self._left_column = column
        self.compared = DifferenceSide(self)
        self.compared.setFixedWidth(tokens.DIFFERENCE)
        row.addWidget(self.compared)
        self._row = row
        return row

    # Reading and showing

    def reload(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        week, line = self._week, self._line
        self._reading = self._jobs.run(self, lambda: report_data.read(self._ledger, week, line), self._show)

    def _show(self, shown: Shown) -> None:
        before, self._shown = self._shown, shown
        another = before is None or (before.week, before.line) != (shown.week, shown.line)
        week = shown.week
        name = _("Week {number} ({start} – {end})")
        self.week_name.setText(
            name.format(number=week.number, start=_day(week.monday), end=_day(week.sunday))
        )
        self.later.setEnabled(week < shown.now.week or shown.now.clock_behind)
        self.later.setToolTip(
            _("Week after") if self.later.isEnabled() else _("The next week has not come yet")
        )
        if shown.refused is None:
            for line, word in _LINES.items():
                self._name_line(line, _(word).format(n=shown.counts[line]))
        due = shown.now.calendar.due(week, shown.line)
        said = _("Due {time} on {day}").format(time=f"{due:%H:%M}", day=f"{due:%d/%m}") if due else ""
        self.set_heading(_(self.word), said)
        self.missing.show_shown(shown)
        self.compared.show_shown(shown)
        ready = shown.sheet is not None
        for button in (self.print_button, self.save_button):
            button.setEnabled(ready)
        if shown.refused is not None:
            self.notice.say(explain(shown.refused), tone=Tone.AMBER, closable=False)
        elif shown.foreign:
            said = _("No font has these signs, they are printed as boxes: {signs}")
            self.notice.say(said.format(signs=" ".join(shown.foreign)), tone=Tone.AMBER)
        elif shown.now.warning is not None:
            self.notice.say(explain(shown.now.warning), tone=Tone.AMBER)
        else:
            self.notice.hide()
        self.preview.show_sheet(shown.sheet, first=another)
        if self._fresh and (self.save_button.hasFocus() or self.earlier.hasFocus()):
            self.focus_start()  # opened before there was anything to stand on
        self._fresh = False

    def _name_line(self, line: str, word: str) -> None:
        self.lines.segments.set_word(line, word)
        self.lines.combo.setItemText(self.lines.combo.findData(line), word)
        self.lines.updateGeometry()

    def fit(self, plan: Plan) -> None:
        super().fit(plan)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.plan is Plan.WIDE
        self._which_row.setVisible(not wide)
        self._right_line.setVisible(wide)
        self._side.setFixedWidth(tokens.MISSING if self.plan is not Plan.NARROW else tokens.LIST_COMPACT - 40)
        inside = self._left_column.indexOf(self.compared) >= 0
        if wide and inside:
            self._left_column.removeWidget(self.compared)
            self.compared.setFixedWidth(tokens.DIFFERENCE)
            self._row.addWidget(self.compared)
        elif not wide and not inside:
            self._row.removeWidget(self.compared)
            self.compared.setMinimumWidth(0)
            self.compared.setMaximumWidth(16_777_215)
            self._left_column.addWidget(self.compared, 1)
        compared = self._which.value() == "difference"
        self._missing_view.setVisible(wide or not compared)
        self.compared.setVisible(wide or compared)

    def focus_start(self) -> None:
        self._fresh = self._shown is None
        self.missing.focus_start(self.save_button if self.save_button.isEnabled() else self.earlier)

    # Acts

    def _go_week(self, by: int) -> None:
        if self._shown is None:
            return
        self._week = self._shown.week.next() if by > 0 else self._shown.week.previous()
        self.reload()

    def _choose_line(self, line: str) -> None:
        self._line = line
        self.reload()

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

        self._jobs.run(self, work, done, lane="ledger")

    def copy_text(self) -> None:
        """«Chép toàn văn»: the whole text, to paste into Word."""
        if self._shown is None or self._shown.draft is None:
            return
        QGuiApplication.clipboard().setText(plain_text(self._shown.draft.content))
        self.say_undo(_("The whole text was copied; paste it into Word."))

    def save_pdf(self) -> None:
        """«Lưu PDF»: ask where, write the sheet, record the report if it is new."""
        if self._shown is None or self._shown.draft is None:
            return
        week, line = self._shown.week, self._shown.line
        chosen = self.ask_file(FILE_NAME.format(week=week.number, year=week.year))
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != ".pdf":
            path = path.with_name(path.name + ".pdf")

        def work() -> bool:
            draft, sheet = report_data.finished(self._ledger, week, line)
            printing.keep(path, sheet)
            return report_data.record(self._ledger, draft)

        self._finish(work, _("Saved: {file}").format(file=path.name))

    def print_page(self) -> None:
        """«In»: choose a printer, print at 100 %, record the report if it is new."""
        if self._shown is None or self._shown.draft is None:
            return
        if not self.printer_there():
            self.notice.say(
                _("This machine knows no printer. Save the report as PDF and print it on another machine."),
                tone=Tone.AMBER,
                actions=((_("Save PDF"), self.save_pdf),),
            )
            return
        printer = self.ask_printer()
        if printer is None:
            return
        week, line = self._shown.week, self._shown.line

        def work() -> bool:
            draft, sheet = report_data.finished(self._ledger, week, line)
            printing.put_on_paper(self._sheets, sheet, printer)
            return report_data.record(self._ledger, draft)

        self._finish(work, _("Sent to the printer."))

    def _finish(self, work: Callable[[], bool], said: str) -> None:
        for button in (self.print_button, self.save_button):
            button.setEnabled(False)

        def done(new: bool) -> None:
            self._ready()
            note = "" if new else " " + _("It says the same as the last one, so it was not recorded again.")
            self.say_undo(said + note)
            if new:
                self.touched.emit(frozenset({"report"}))

        def failed(error: BaseException) -> None:
            self._ready()
            if not isinstance(error, LedgerError):
                self.failed.emit(error)
                return
            self.notice.say(explain(error), tone=Tone.RED, code=error.code)

        self._jobs.run(self, work, done, failed)

    def _ready(self) -> None:
        for button in (self.print_button, self.save_button):
            button.setEnabled(True)

    # What a person is asked

    def ask_file(self, name: str) -> str:
        """Where the PDF goes; an empty text when the question was closed."""
        folder = Path.home() / "Documents"
        start = (folder if folder.is_dir() else Path.home()) / name
        found, _kind = QFileDialog.getSaveFileName(self, _("Save PDF"), str(start), _("PDF files (*.pdf)"))
        return found

    def printer_there(self) -> bool:
        """Whether there is a printer to choose."""
        return printing.has_printer()

    def ask_printer(self) -> QPrinter | None:
        """The printer that a person chose, None when the question was closed."""
        from PySide6.QtPrintSupport import QPrintDialog

        printer = printing.new_printer()
        dialog = QPrintDialog(printer, self)
        return printer if dialog.exec() == QDialog.DialogCode.Accepted else None


def _day(day: object) -> str:
    return f"{day:%d/%m}"
