"""Finished sheets on the screen and on paper. PDFium draws them; it bears one thread at a time.

PDFium and Qt's printing are loaded when the first sheet is drawn or printed: most days none is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter

from app.domain.errors import LedgerError
from app.record.faults import LedgerNoAccess
from app.record.files import write_whole
from app.services.pdfs import ONE_AT_A_TIME
from app.words import _

if TYPE_CHECKING:
    import pypdfium2
    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QWidget

POINT = 72
PRINT_DPI = 300


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

    return pypdfium2.PdfDocument(pdf)


def _picture(page: pypdfium2.PdfPage, scale: float) -> QImage:
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
    image = QImage(
        bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
    )
    return image.copy()  # of its own, the bitmap goes


def has_printer() -> bool:
    """Whether this machine knows a printer."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return bool(QPrinterInfo.availablePrinterNames())


def new_printer() -> QPrinter:
    """A printer set to A4 at 100 %: the whole sheet, without margins of the driver's."""
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setResolution(PRINT_DPI)
    printer.setFullPage(True)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    return printer


def put_on_paper(
    sheets: Sheets, pdf: bytes, printer: QPrinter, told: Callable[[int, int], object] = lambda _n, _of: None
) -> None:
    """Print all pages at their true size; a landscape page turns the sheet. For a thread of its own.

    told: hears (page, of) before each page. Raises SheetUnwritable when the printer does not begin.
    """
    count = sheets.count(pdf)
    painter = QPainter()
    for number in range(count):
        told(number + 1, count)
        size = sheets.size(pdf, number)
        turned = size.width() > size.height()
        orientation = QPageLayout.Orientation.Landscape if turned else QPageLayout.Orientation.Portrait
        printer.setPageOrientation(orientation)
        if number == 0:
            if not painter.begin(printer):
                raise SheetUnwritable(file=printer.printerName(), why=_("the printer does not answer"))
        elif not printer.newPage():
            painter.end()
            raise SheetUnwritable(file=printer.printerName(), why=_("the printer does not answer"))
        dots = printer.resolution() / POINT
        image = sheets.page(pdf, number, round(size.width() * dots))
        painter.drawImage(QRectF(0, 0, size.width() * dots, size.height() * dots), image)
    painter.end()


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
