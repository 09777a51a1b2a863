"""What a person is asked on the report page, by dialogs of the system; each answer is None or "" for no."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from app.words import _
from ui import printing

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class Asking:
    """Dialogs over a page."""

    def __init__(self, page: QWidget) -> None:
        self._page = page

    def file(self, name: str) -> str:
        """Where a PDF goes."""
        found, _kind = QFileDialog.getSaveFileName(
            self._page, _("Save PDF"), str(_documents() / name), _("PDF files (*.pdf)")
        )
        return found

    def scans(self) -> list[str]:
        """The files of a scan: one PDF, or a picture of each page."""
        kinds = _("Scans (*.pdf *.png *.jpg *.jpeg *.tif *.tiff)")
        found, _kind = QFileDialog.getOpenFileNames(
            self._page, _("Scan of the signed copy"), str(_documents()), kinds
        )
        return found

    def printer_there(self) -> bool:
        """Whether there is a printer to choose."""
        return printing.has_printer()

    def printer(self) -> QPrinter | None:
        """The printer that a person chose."""
        from PySide6.QtPrintSupport import QPrintDialog

        printer = printing.new_printer()
        dialog = QPrintDialog(printer, self._page)
        return printer if dialog.exec() == QDialog.DialogCode.Accepted else None


def _documents() -> Path:
    folder = Path.home() / "Documents"
    return folder if folder.is_dir() else Path.home()
