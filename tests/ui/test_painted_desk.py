"""What Windows prints, painted where Qt can be asked: a picture, and Qt's own PDF printer."""

import random

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PySide6.QtGui import QImage, QPainter

from app.reports.paper import codes, frames
from app.services.printing import Order, PrinterGone
from tests.reports.paper.test_codes import drawn
from ui import painted_desk

WEEK = random.Random(7).randbytes(6_000)


@pytest.fixture(scope="module")
def sheet():
    return drawn(WEEK)


def painted(pdf, dpi, **more):
    """The first page as a printer of so many dots would get it."""
    image = QImage(round(210 / 25.4 * dpi), round(297 / 25.4 * dpi), QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert painted_desk.paint_page(painter, document[0], dpi, **more)
    finally:
        document.close()
        painter.end()
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width()].copy()


@pytest.mark.parametrize("dpi", [600, 360])
def test_symbols_are_whole_dots_of_black_and_white(sheet, dpi, monkeypatch):
    monkeypatch.setattr(painted_desk, "BAND_PIXELS", 2_000_000)
    page = painted(sheet, dpi)
    dot = codes.MODULE * dpi // 300
    for index, packed in enumerate(frames.cut(WEEK)):
        x, y = (round(edge * dpi / 300) for edge in codes.corner(index))
        wanted = np.frombuffer(b"".join(codes.modules(packed)), np.uint8).reshape(77, 77)
        wanted = 255 * (1 - np.kron(wanted, np.ones((dot, dot), np.uint8)))
        assert np.array_equal(page[y : y + 77 * dot, x : x + 77 * dot], wanted), index
    assert (page[: round(20 / 25.4 * dpi)] < 128).any(), "the heading is there"


def test_where_modules_are_no_whole_dots_the_picture_stays_and_is_read(sheet):
    read = zxingcpp.read_barcodes(painted(sheet, 203))
    assert sum(frames.read_frame(each.bytes) is not None for each in read) >= 22


def test_a_print_goes_through_qt_at_full_size(qapp, sheet, tmp_path):
    order = Order("", "Báo cáo")
    printer = painted_desk.printer_for(order)
    printer.setOutputFormat(printer.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    told = []
    assert painted_desk.put_on(printer, sheet, order, told=told.append) == "queued"
    assert [(each.page, each.of) for each in told] == [(1, 1)]
    document = pypdfium2.PdfDocument(tmp_path / "out.pdf")
    assert document[0].get_size() == pytest.approx((595, 842), abs=1)
    page = document[0].render(scale=300 / 72, grayscale=True).to_numpy()
    document.close()
    found = {frames.read_frame(each.bytes).index: each.position for each in zxingcpp.read_barcodes(page)}
    assert len(found) == 28
    for index, at in found.items():
        x, y = codes.corner(index)
        assert (at.top_right.x - at.top_left.x) / 300 * 25.4 == pytest.approx(32.6, abs=0.3)
        assert (at.top_left.x, at.top_left.y) == pytest.approx((x, y), abs=4)


def test_a_print_can_be_stopped(qapp, sheet, tmp_path):
    order = Order("", "Báo cáo")
    printer = painted_desk.printer_for(order)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    assert painted_desk.put_on(printer, sheet, order, stopped=lambda: True) == "stopped"


def test_a_printer_that_is_gone_is_named(qapp, sheet):
    with pytest.raises(PrinterGone):
        painted_desk.PaintedDesk().put(
            sheet, Order("Khong-co", "x"), stopped=bool, left=bool, told=lambda _told: None
        )
