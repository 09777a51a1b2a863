"""Printing where the system takes no PDF (Windows): pages painted at the printer's own resolution.

A page is drawn by PDFium in bands, so that a sheet at 600 dots does not take 139 MB. The symbols of a page of
codes are painted over it as rectangles of whole device dots, since smoothing would cost them; which symbols a
page has is read from its own picture. Qt's printing is loaded with the first print.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QColorConstants, QImage, QPageLayout, QPageSize, QPainter

from app.reports.paper import codes, frames
from app.services.cups import Outcome
from app.services.pdfs import ONE_AT_A_TIME
from app.services.printing import TWO_SIDED, NoPrinter, Order, Printer, PrinterGone, PrintRefused
from app.words import _
from ui.desks import Told

if TYPE_CHECKING:
    import pypdfium2
    from PySide6.QtPrintSupport import QPrinter

LEAST_DPI, MOST_DPI = 300, 600
BAND_PIXELS = 6_000_000
"""24 MB as Qt keeps it, whatever the colours; a few such at a time."""
_POINT = 72
_PLACE_MM = 2.0
"""How far from its place a symbol may have been read to be repainted there."""
_ROUNDING = 0.02
"""By how much a module of whole dots may differ from its true size; else the picture is better."""


class PaintedDesk:
    """Windows; anywhere through Qt's printers."""

    def printers(self) -> tuple[Printer, ...]:
        """See Desk."""
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        known = QPrinterInfo.availablePrinters()
        if not known:
            raise NoPrinter()
        found = (
            Printer(
                each.printerName(),
                each.description() or each.printerName(),
                each.isDefault(),
                each.defaultPageSize().key(),
                tuple(size.key() for size in each.supportedPageSizes()),
                QPrinter.DuplexMode.DuplexLongSide in each.supportedDuplexModes(),
            )
            for each in known
        )
        return tuple(sorted(found, key=lambda each: not each.default))

    def put(
        self,
        pdf: bytes,
        order: Order,
        *,
        stopped: Callable[[], bool],
        left: Callable[[], bool],
        told: Callable[[Told], object],
    ) -> Outcome:
        """See Desk; a sheet that is half painted when the program ends is not printed."""
        from PySide6.QtPrintSupport import QPrinterInfo

        if order.printer not in QPrinterInfo.availablePrinterNames():
            raise PrinterGone(printer=order.printer)

        def ended() -> bool:
            return stopped() or left()

        return put_on(printer_for(order), pdf, order, stopped=ended, told=told)


def printer_for(order: Order) -> QPrinter:
    """A printer set to A4, 100 %, whole page, its own resolution up to 600 dots."""
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPrinterName(order.printer)
    fitting = [dpi for dpi in printer.supportedResolutions() if LEAST_DPI <= dpi <= MOST_DPI]
    if fitting or printer.resolution() > MOST_DPI:
        printer.setResolution(max(fitting, default=MOST_DPI))
    printer.setFullPage(True)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    printer.setDocName(order.title)
    printer.setCopyCount(order.copies)
    printer.setCollateCopies(True)
    sides = QPrinter.DuplexMode
    printer.setDuplex(sides.DuplexLongSide if order.sides == TWO_SIDED else sides.DuplexNone)
    return printer


def put_on(
    printer: QPrinter,
    pdf: bytes,
    order: Order,
    *,
    stopped: Callable[[], bool] = lambda: False,
    told: Callable[[Told], object] = lambda _told: None,
) -> Outcome:
    """Paint the pages of an order on a printer. Raises PrintRefused when it does not begin or go on."""
    import pypdfium2

    painter = QPainter()
    with ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        document.init_forms()  # as for the screen: what was signed is drawn too
    try:
        pages = order.pages or tuple(range(1, len(document) + 1))
        for place, number in enumerate(pages):
            told(Told("printing", page=place + 1, of=len(pages)))
            with ONE_AT_A_TIME:
                page = document[number - 1]
                turned = page.get_width() > page.get_height()
            sheet = QPageLayout.Orientation
            printer.setPageOrientation(sheet.Landscape if turned else sheet.Portrait)
            if not (printer.newPage() if painter.isActive() else painter.begin(printer)):
                raise PrintRefused(printer=order.printer, why=_("the printer does not answer"))
            colour = printer.colorMode() == printer.ColorMode.Color
            if not paint_page(painter, page, printer.resolution(), colour=colour, stopped=stopped):
                printer.abort()
                return "stopped"
        return "queued"
    finally:
        if painter.isActive():
            painter.end()
        with ONE_AT_A_TIME:
            document.close()


def paint_page(
    painter: QPainter,
    page: pypdfium2.PdfPage,
    dpi: int,
    *,
    colour: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Paint one page at true size, one unit of the painter a dot. Returns False where it was stopped."""
    wide, high = round(page.get_width() * dpi / _POINT), round(page.get_height() * dpi / _POINT)
    rows = max(1, BAND_PIXELS // wide)
    for top in range(0, high, rows):
        if stopped():
            return False
        painter.drawImage(0, top, _band(page, wide, high, top, min(rows, high - top), colour=colour))
    for frame in _symbols(page):
        _paint_symbol(painter, frame, dpi)
    return True


def _band(page: pypdfium2.PdfPage, wide: int, high: int, top: int, rows: int, *, colour: bool) -> QImage:
    import pypdfium2
    from pypdfium2 import raw

    kind = raw.FPDFBitmap_BGRx if colour else raw.FPDFBitmap_Gray
    flags = raw.FPDF_PRINTING | raw.FPDF_ANNOT | (0 if colour else raw.FPDF_GRAYSCALE)
    with ONE_AT_A_TIME:
        bitmap = pypdfium2.PdfBitmap.new_native(wide, rows, kind)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, wide, rows)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, -top, wide, high, 0, flags)
        form = QImage.Format.Format_RGB32 if colour else QImage.Format.Format_Grayscale8
        return QImage(bytes(bitmap.buffer), wide, rows, bitmap.stride, form).copy()


def _symbols(page: pypdfium2.PdfPage) -> Iterable[frames.Frame]:
    """The frames of a page of codes that stand where they were drawn."""
    from app.reports.scanning import decoder

    with ONE_AT_A_TIME:
        bitmap = page.render(scale=codes.DOTS_PER_INCH / _POINT, grayscale=True)
        picture = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)
    far = _PLACE_MM / 25.4 * codes.DOTS_PER_INCH
    for seen in decoder.symbols(picture, decoder.Budget(picture.size)):
        frame = frames.read_frame(seen.data)
        if frame is not None:
            x, y = codes.corner(codes.place_of(frame.index, frame.n))
            if abs(seen.corners[0][0] - x) < far and abs(seen.corners[0][1] - y) < far:
                yield frame


def _paint_symbol(painter: QPainter, frame: frames.Frame, dpi: int) -> None:
    true = codes.MODULE * dpi / codes.DOTS_PER_INCH
    dot = round(true)
    if not dot or abs(dot - true) > _ROUNDING * true:
        return
    left, top = (
        round(edge * dpi / codes.DOTS_PER_INCH) for edge in codes.corner(codes.place_of(frame.index, frame.n))
    )
    quiet, side = codes.QUIET * dot, codes.MODULES * dot
    painter.fillRect(left - quiet, top - quiet, side + 2 * quiet, side + 2 * quiet, QColorConstants.White)
    for x, y, width in codes.runs(codes.modules(frame.packed())):
        painter.fillRect(left + x * dot, top + y * dot, width * dot, dot, QColorConstants.Black)
