"""Finished sheets on the screen and in files. PDFium draws them; it bears one thread at a time.

PDFium is loaded when the first sheet is drawn: most days none is. Paper is the business of `ui.desks`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage

from app.domain.errors import LedgerError
from app.record.faults import LedgerNoAccess
from app.record.files import write_whole
from app.services.pdfs import ONE_AT_A_TIME
from app.words import _

if TYPE_CHECKING:
    import pypdfium2
    from PySide6.QtWidgets import QWidget


class SheetUnwritable(LedgerError):
    """The file for the sheet cannot be written. Facts: file, why."""

    code: ClassVar[str] = "file-unwritable"


class Sheets:
    """Pages of PDFs as pictures; safe on any thread, one page after the other."""

    def __init__(self) -> None:
        self._lock = ONE_AT_A_TIME

    def count(self, pdf: bytes) -> int:
        """How many pages a document has."""
        with self._lock:
            document = _document(pdf)
            try:
                return len(document)
            finally:
                document.close()

    def page(self, pdf: bytes, number: int, width: int) -> QImage:
        """A page (from 0), `width` pixels wide."""
        with self._lock:
            document = _document(pdf)
            try:
                page = document[number]
                return _picture(page, width / page.get_width())
            finally:
                document.close()

    def size(self, pdf: bytes, number: int) -> QSizeF:
        """Width and height of a page, in points."""
        with self._lock:
            document = _document(pdf)
            try:
                return QSizeF(*document[number].get_size())
            finally:
                document.close()


def _document(pdf: bytes) -> pypdfium2.PdfDocument:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()  # signatures, number and date are fields, which else are not drawn
    return document


def _picture(page: pypdfium2.PdfPage, scale: float) -> QImage:
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
    image = QImage(
        bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
    )
    return image.copy()  # of its own, the bitmap goes


def keep(path: Path, pdf: bytes) -> None:
    """Write a sheet to the place a person chose. Raises SheetUnwritable, DiskFull."""
    if path.is_dir():
        raise SheetUnwritable(file=str(path), why=_("this is a folder"))
    try:
        write_whole(path.absolute(), pdf, keep=True)
    except LedgerNoAccess as error:
        raise SheetUnwritable(file=str(path), why=_("the system does not allow it")) from error


def ask_where(parent: QWidget, name: str) -> str:
    """Ask where a PDF goes, in the folder of documents; an empty text when the question was closed."""
    from PySide6.QtWidgets import QFileDialog

    folder = Path.home() / "Documents"
    start = (folder if folder.is_dir() else Path.home()) / name
    found, _kind = QFileDialog.getSaveFileName(parent, _("Save PDF"), str(start), _("PDF files (*.pdf)"))
    return found
