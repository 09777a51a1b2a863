"""«Kiểm tra máy in»: a page of codes is printed, scanned or photographed, and read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.domain.errors import LedgerError
from app.reports.paper.printer_test import ReadBack
from app.words import _, explain
from ui import problems, tokens
from ui.jobs import Jobs, Task
from ui.tokens import Tone
from ui.widgets.buttons import Button
from ui.widgets.layouts import Flow, margins
from ui.widgets.notices import Notice


class TestPart(QWidget):
    """Two buttons and what came of them."""

    __test__ = False

    print_wanted = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._reading: Task | None = None
        self.ask_scan: Callable[[QWidget], str] = _ask_scan
        column = QVBoxLayout(self)
        margins(column, 0, 0, 0, 0, tokens.GAP8)
        self.notice = Notice(self)
        column.addWidget(self.notice)
        buttons = Flow()
        self.print_button = Button(_("Test the printer"), parent=self)
        self.print_button.setToolTip(_("Prints a page of codes, to see whether they can be read back"))
        self.print_button.clicked.connect(self.print_wanted)
        self.read_button = Button(_("Read the test page back"), parent=self)
        self.read_button.clicked.connect(self.read_back)
        buttons.addWidget(self.print_button)
        buttons.addWidget(self.read_button)
        column.addLayout(buttons)

    def set_ready(self, ready: bool) -> None:
        """Whether there is a printer that could print now."""
        self.print_button.setEnabled(ready)

    def printed(self) -> None:
        """Say what to do with the page that comes out."""
        self.notice.say(
            _("The test page is printed. Scan or photograph it, then read it back here."), tone=Tone.ACCENT
        )

    def read_back(self) -> None:
        """«Đọc lại trang in thử»: a scan or a photo of the page."""
        chosen = self.ask_scan(self)
        if not chosen or self._reading is not None:
            return
        path = Path(chosen)
        self.read_button.setEnabled(False)
        self.notice.say(_("Reading {file} …").format(file=path.name), tone=Tone.ACCENT)

        def work(task: Task) -> ReadBack | None:
            from app.reports.paper import printer_test
            from app.reports.scanning import reader

            pages = reader.read(path, path.name, every=True, stopped=lambda: task.cancelled)
            return printer_test.judge(frame for page in pages for frame in page.frames)

        self._reading = self._jobs.run_task(self, work, self._read, self._failed)

    def _read(self, back: ReadBack | None) -> None:
        self._end()
        if back is None:
            self.notice.say(
                _("No code of a test page was found. Take the whole page, straight, sharp and evenly lit."),
                tone=Tone.AMBER,
            )
            return
        count = _("{n} of {of} code squares were read.").format(n=back.symbols, of=back.of)
        if back.good:
            words, tone = _("This printer prints codes well."), Tone.GREEN
        elif back.usable:
            words, tone = _("That is enough, with little to spare. See to the toner."), Tone.AMBER
        else:
            words, tone = (
                _("That is too few. Change the toner, clean the printer, or use another one."),
                Tone.RED,
            )
        self.notice.say(f"{count} {words}", tone=tone)

    def _failed(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, LedgerError):
            self.notice.say(explain(error), tone=Tone.RED, code=error.code)
        else:
            problems.show(error, self.notice)

    def _end(self) -> None:
        self._reading = None
        self.read_button.setEnabled(True)


def _ask_scan(parent: QWidget) -> str:
    kinds = _("Scans (*.pdf *.png *.jpg *.jpeg *.tif *.tiff)")
    found, _kind = QFileDialog.getOpenFileName(parent, _("Scan of the test page"), str(Path.home()), kinds)
    return found
