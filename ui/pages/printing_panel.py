"""The printing window: the sheet itself, which printer, how many copies, which pages, one side or two.

It says what would go wrong before it does, and never loses the sheet: that can be printed again, on another
printer, or saved. Closed while it prints, it comes back if something went wrong.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import LedgerError
from app.services import printing as asked
from app.services.cups import Outcome
from app.services.printing import ONE_SIDED, BadPages, Choice, Order, Printer
from app.storage.ledger import Ledger
from app.words import _, explain
from ui import printing, problems, tokens
from ui.desks import Desk, Told, desk
from ui.jobs import Jobs, Task
from ui.pages.printing_choices import Choices
from ui.pages.printing_preview import PrintPreview
from ui.pages.printing_test import TestPart
from ui.tokens import Tone
from ui.widgets.buttons import Button, primary
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Scroll, margins, open_at
from ui.widgets.notices import Notice
from ui.widgets.progress import Working

_SIZE = (1000, 660)
_SIDE = 360


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed. title: for the queue; file_name: proposed for saving.

    kind: "report", "draft", "receipt", …: what printer and copies are remembered by.
    """

    pdf: bytes
    title: str
    file_name: str
    kind: str = "report"


class PrintPanel(QDialog):
    """Open it with `open`; it prints by itself and tells what came of it."""

    printed = Signal(str)
    """An outcome (`app.services.cups.Outcome`): "printed" or "queued"."""
    saved = Signal(object)
    """The path under which the PDF was saved."""

    def __init__(
        self,
        sheets: printing.Sheets,
        jobs: Jobs,
        ledger: Ledger,
        document: Document,
        parent: QWidget | None = None,
        *,
        at: Desk | None = None,
        ask_file: Callable[[QWidget, str], str] = printing.ask_where,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._ledger, self._document = jobs, ledger, document
        self._desk, self._ask_file = at or desk(), ask_file
        self._printing: Task | None = None
        self._halted = threading.Event()
        self._again = False
        self._wide: tuple[int, ...] = ()
        self.setWindowTitle(_("Print"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        open_at(self, *_SIZE)
        row = QHBoxLayout(self)
        margins(row, 0, 0, 0, 0, 0)
        self.preview = PrintPreview(sheets, jobs, document.pdf, self)
        self.preview.counted.connect(self._counted)
        row.addWidget(self.preview, 1)
        row.addWidget(hairline(vertical=True, parent=self))
        row.addWidget(self._side())
        self._sheets = sheets
        self._read()

    def _side(self) -> QWidget:
        side = QWidget(self)
        side.setFixedWidth(_SIDE)
        whole = QVBoxLayout(side)
        margins(whole, 0, 0, 0, 0, 0)
        inside = QWidget(side)
        column = QVBoxLayout(inside)
        margins(column, tokens.GAP16, tokens.GAP16, tokens.GAP16, tokens.GAP8, tokens.GAP12)
        whole.addWidget(Scroll(inside, ground=True, parent=side), 1)
        column.addWidget(label(self._document.title, "title", wrap=True, parent=side))
        self.choices = Choices(side)
        self.choices.changed.connect(self._changed)
        self.choices.this_page.connect(lambda: self.choices.set_pages((self.preview.number,)))
        column.addWidget(self.choices)
        self.hint = label("", "small", wrap=True, parent=side)
        column.addWidget(self.hint)
        self.paper = Notice(side)
        column.addWidget(self.paper)
        self.test = TestPart(self._jobs, side)
        self.test.print_wanted.connect(self._print_test)
        column.addStretch(1)
        column.addWidget(self.test)
        column = QVBoxLayout()
        margins(column, tokens.GAP16, tokens.GAP8, tokens.GAP16, tokens.GAP16, tokens.GAP12)
        whole.addLayout(column)
        self.working = Working(side)
        self.working.stop.clicked.connect(self._halted_by_person)
        column.addWidget(self.working)
        self.notice = Notice(side)
        column.addWidget(self.notice)
        self.print_button = primary("", parent=side)
        self.print_button.clicked.connect(self.print_sheet)
        self.save_button = Button(_("Save PDF"), parent=side)
        self.save_button.clicked.connect(self.save)
        self.close_button = Button(_("Close"), hint="Esc", parent=side)
        self.close_button.clicked.connect(self.close)
        column.addWidget(self.print_button)
        last = QHBoxLayout()
        last.addWidget(self.save_button)
        last.addStretch(1)
        last.addWidget(self.close_button)
        column.addLayout(last)
        self._name_button()
        return side

    # What there is to choose from

    def _read(self) -> None:
        """Look for printers; those of a network take their time."""
        self._settle()
        self.notice.say(_("Looking for printers …"), tone=Tone.ACCENT, closable=False)
        kind = self._document.kind

        def work() -> tuple[tuple[Printer, ...], Choice]:
            with self._ledger.read() as connection:
                before = asked.remembered(connection, kind)
            return self._desk.printers(), before

        self._jobs.run(self, work, lambda found: self._show(*found), self._failed)

    def _show(self, printers: tuple[Printer, ...], before: Choice) -> None:
        self.notice.dismiss()
        self.choices.show_printers(printers, before)
        self._changed()
        self.print_button.setFocus()

    def _counted(self, count: int) -> None:
        self.choices.show_count(count)
        pdf = self._document.pdf

        def work() -> tuple[int, ...]:
            sizes = [self._sheets.size(pdf, place) for place in range(count)]
            return tuple(place + 1 for place, size in enumerate(sizes) if size.width() > size.height())

        self._jobs.run(self, work, self._found_wide)

    def _found_wide(self, wide: tuple[int, ...]) -> None:
        self._wide = wide
        self._changed()

    def _changed(self) -> None:
        """Say what would go wrong, and which printer the button means."""
        self._name_button()
        said = [_("Printed at exactly 100 %, on A4.")]
        if self._wide:
            said.append(_("Pages {pages} lie on their side.").format(pages=asked.show_pages(self._wide)))
        self.hint.setText(" ".join(said))
        printer = self.choices.printer
        self.paper.dismiss()
        if printer is None:
            return
        if printer.a4 is None:
            self.paper.say(
                _("This printer has no A4 paper. Choose another printer, or save the PDF."),
                tone=Tone.AMBER,
                closable=False,
            )
        elif not printer.set_to_a4 and not self.choices.a4_wanted:
            words = _("The printer is set to {paper}. The document needs A4.").format(paper=printer.paper)
            change = ((_("Change to A4"), self._to_a4),)
            self.paper.say(words, tone=Tone.AMBER, actions=change, closable=False)
        self._settle()

    def _to_a4(self) -> None:
        self.choices.a4_wanted = True
        self._changed()
        self.print_button.setFocus()

    def _name_button(self) -> None:
        printer = self.choices.printer
        words = _("Print again on: {printer}") if self._again else _("Print on: {printer}")
        self.print_button.setText(words.format(printer=printer.words) if printer else _("Print"))

    def _settle(self) -> None:
        """Buttons can be pressed when pressing them does something."""
        printer = self.choices.printer
        busy = self._printing is not None
        paper = printer is not None and (printer.set_to_a4 or self.choices.a4_wanted)
        ready = paper and printer is not None and printer.a4 is not None and not busy
        self.print_button.setEnabled(ready)
        self.test.set_ready(ready)
        self.choices.setEnabled(not busy)

    # Printing

    def print_sheet(self) -> None:
        """«In ra: …»."""
        printer = self.choices.printer
        if printer is None or self._printing is not None:
            return
        try:
            copies, pages = self.choices.copies(), self.choices.pages()
        except BadPages as wrong:
            self.choices.say_bad_pages(explain(wrong))
            return
        order = Order(
            printer.name, self._document.title, copies, pages, self.choices.sides, printer.a4 or "A4"
        )
        choice = Choice(printer.name, copies, self.choices.sides)
        self._jobs.run(self, lambda: self._remember(choice), lane="ledger")
        pdf = self._document.pdf
        self._begin(lambda: pdf, order, self._done)

    def _remember(self, choice: Choice) -> None:
        with self._ledger.edit() as edit:
            asked.remember(edit, self._document.kind, choice)

    def _print_test(self) -> None:
        printer = self.choices.printer
        if printer is None or self._printing is not None:
            return
        order = Order(printer.name, _("Test the printer"), 1, (), ONE_SIDED, printer.a4 or "A4")
        moment = self._ledger.now()

        def sheet() -> bytes:
            from app.domain.periods import local
            from app.reports.paper import printer_test

            return printer_test.render(printer.words, local(moment))

        self._begin(sheet, order, self._test_done)

    def _begin(self, sheet: Callable[[], bytes], order: Order, done: Callable[[Outcome], None]) -> None:
        self.notice.dismiss()
        self._halted = halted = threading.Event()
        at = self._desk

        def work(task: Task) -> Outcome:
            return at.put(
                sheet(), order, stopped=halted.is_set, left=lambda: task.cancelled, told=task.progress
            )

        self.working.say(_("Handing the sheet to the printer …"))
        self._printing = self._jobs.run_task(self, work, done, self._failed, progress=self._told)
        self._settle()

    def _told(self, told: Told) -> None:
        if self._printing is None:
            return
        if told.of:
            words = _("Printing page {n}/{count} …").format(n=told.page, count=told.of)
            self.working.say(words, told.page / told.of)
            return
        self.working.say({
            "waiting": _("The printer is busy with something else …"),
            "silent": _("The printer does not answer: {why}").format(why=told.why or "…"),
        }.get(told.state, _("Printing …")))  # fmt: skip

    def _done(self, outcome: Outcome) -> None:
        self._end(again=True)
        printer = self.choices.printer
        name = printer.words if printer else ""
        self.notice.say({
            "printed": _("Printed on {printer}.").format(printer=name),
            "queued": _("Handed to {printer}, which goes on by itself.").format(printer=name),
            "stopped": _("The job was withdrawn. The sheet is kept."),
        }[outcome], tone=Tone.AMBER if outcome == "stopped" else Tone.GREEN)  # fmt: skip
        if outcome != "stopped":
            self.printed.emit(outcome)

    def _test_done(self, outcome: Outcome) -> None:
        self._end(again=self._again)
        if outcome == "stopped":
            self.notice.say(_("The job was withdrawn. The sheet is kept."), tone=Tone.AMBER)
        else:
            self.test.printed()

    def _failed(self, error: BaseException) -> None:
        was_printing = self._printing is not None
        self._end(again=was_printing)
        if was_printing and not self.isVisible():
            self.show()
        if not self.print_button.isEnabled():
            self.save_button.setFocus()
        if isinstance(error, LedgerError):
            self.notice.say(explain(error), tone=Tone.RED, code=error.code)
        else:
            problems.show(error, self.notice)

    def _end(self, *, again: bool) -> None:
        self._printing = None
        self._again = again
        self.working.hide()
        self._name_button()
        self._settle()
        self.print_button.setFocus()

    def _halted_by_person(self) -> None:
        """«Dừng»."""
        self._halted.set()

    # Keeping

    def save(self) -> None:
        """«Lưu PDF»: to print it elsewhere."""
        chosen = self._ask_file(self, self._document.file_name)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != ".pdf":
            path = path.with_name(path.name + ".pdf")
        pdf = self._document.pdf

        def done(_nothing: object) -> None:
            self.notice.say(_("Saved: {file}").format(file=path.name), tone=Tone.GREEN)
            self.saved.emit(path)

        self._jobs.run(self, lambda: printing.keep(path, pdf), done, self._failed)
