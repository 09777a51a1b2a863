"""What a person is asked on the report page, in windows over it; each answer is "" for no."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.reporting import Period
from app.storage.ledger import Ledger
from app.words import _
from ui import printing
from ui.desks import Desk
from ui.jobs import Jobs
from ui.pages.report_bar import period_words
from ui.pages.report_work import file_name

if TYPE_CHECKING:
    from ui.pages.printing_panel import PrintPanel


class Asking:
    """Windows over a page."""

    def __init__(self, page: QWidget, ledger: Ledger, jobs: Jobs, sheets: printing.Sheets) -> None:
        self._page, self._ledger, self._jobs, self._sheets = page, ledger, jobs, sheets
        self.desk: Desk | None = None
        """Where is printed; None for the system's own printing."""

    def file(self, name: str) -> str:
        """Where a PDF goes."""
        return printing.ask_where(self._page, name)

    def scan(self) -> str:
        """The file of a scan, or a signed PDF."""
        kinds = _("Scans (*.pdf *.png *.jpg *.jpeg *.tif *.tiff)")
        folder = Path.home() / "Documents"
        start = str(folder if folder.is_dir() else Path.home())
        found, _kind = QFileDialog.getOpenFileName(self._page, _("Scan of the signed copy"), start, kinds)
        return found

    def print(self, sheet: bytes, period: Period, kind: str) -> PrintPanel:
        """Open the printing window. kind: "report", "draft", "worksheet": the printer is kept by it."""
        from ui.pages.printing_panel import Document, PrintPanel  # late: few days print anything

        words = {
            "draft": _("Draft: {period}"),
            "report": _("Report: {period}"),
            "worksheet": _("Worksheet: {period}"),
        }[kind]
        title = words.format(period=period_words(period))
        document = Document(sheet, title, file_name(period, kind), kind)
        panel = PrintPanel(
            self._sheets,
            self._jobs,
            self._ledger,
            document,
            self._page,
            at=self.desk,
            ask_file=lambda _parent, name: self.file(name),
        )
        panel.open()
        return panel
