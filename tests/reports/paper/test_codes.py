"""Pages of codes: where each symbol stands, that others read them, and what a page weighs."""

import io
import random
from contextlib import closing

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from app.reports.layout import fonts
from app.reports.paper import codes, frames
from tests.reports.rasters import raster, zbar
from tests.reports.reading import texts

WEEK = random.Random(29).randbytes(8_700)
FACTS = ("Ủy ban nhân dân xã Trường Sơn Đông", "Báo cáo tuần 29 năm 2025", "Mã kiểm tra 7K3F-92QA")


def drawn(data, heading="MÃ DỮ LIỆU KÈM THEO BÁO CÁO TUẦN 29 NĂM 2025"):
    fonts.letters()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1, initialFontName=fonts.REGULAR)
    codes.draw_pages(canvas, codes.CodeSheet(heading, FACTS, frames.cut(data)))
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def week():
    return drawn(WEEK)


def restored(read_frames):
    found = frames.sets(read_frames)
    ((page_set, k, n),) = found
    return frames.gather(found[page_set, k, n], k, n, page_set=page_set)


def test_every_symbol_stands_on_whole_dots_at_its_place(week, tmp_path):
    (page,) = raster(tmp_path, week, 300)
    packed = frames.cut(WEEK)
    for index in range(28):
        x, y = codes.corner(codes.place_of(index, 28))
        wanted = np.frombuffer(b"".join(codes.modules(packed[index])), np.uint8).reshape(77, 77)
        wanted = np.kron(np.pad(wanted, codes.QUIET), np.ones((5, 5), np.uint8))
        rim = codes.QUIET * codes.MODULE
        seen = page[y - rim : y + codes.SIDE + rim, x - rim : x + codes.SIDE + rim]
        assert np.array_equal(seen < 128, wanted == 1), index


def test_the_geometry_is_that_of_the_sheets_printed_before():
    assert codes.corner(0) == (260, 236)
    assert codes.corner(27) == (260 + 3 * 425, 236 + 6 * 425)
    assert pytest.approx(32.6, abs=0.01) == codes.SIDE / 300 * 25.4
    assert pytest.approx(36.0, abs=0.02) == codes.PITCH / 300 * 25.4
    assert (codes.place_of(0, 56), codes.place_of(1, 56), codes.place_of(55, 56)) == (0, 0, 27)


@pytest.mark.parametrize("dpi", [200, 300])
def test_other_readers_read_a_clean_raster(week, tmp_path, dpi):
    (page,) = raster(tmp_path, week, dpi)
    by_zxing = [frames.read_frame(each.bytes) for each in zxingcpp.read_barcodes(page)]
    assert len(by_zxing) == 28
    assert restored(frame for frame in by_zxing if frame) == WEEK
    raw = zbar(tmp_path, page)
    by_zbar = [frames.read_frame(raw[start : start + 412]) for start in range(0, len(raw), 412)]
    assert restored(frame for frame in by_zbar if frame) == WEEK


def test_two_pages_each_with_its_part(tmp_path):
    data = random.Random(2).randbytes(9_000)
    first, second = raster(tmp_path, drawn(data), 200)
    one, other = (
        [frames.read_frame(each.bytes) for each in zxingcpp.read_barcodes(page)] for page in (first, second)
    )
    assert {frames.page_of(frame.index, frame.n) for frame in one} == {1}
    assert {frames.page_of(frame.index, frame.n) for frame in other} == {2}
    assert restored([*one[3:], *other[4:]]) == data


def test_a_page_says_what_it_is(week):
    (words,) = (" ".join(text.split()) for text in texts(week))
    for wanted in (*FACTS, "Trang mã 1/1", "MÃ DỮ LIỆU KÈM THEO BÁO CÁO TUẦN 29 NĂM 2025", "Thước 127 mm"):
        assert wanted in words


def test_words_stay_clear_of_the_symbols_and_the_edges_however_long_the_heading():
    long = drawn(b"short", "MÃ DỮ LIỆU " + "Ủy ban nhân dân xã Trường Sơn Đông " * 6)
    rim, dot = codes.QUIET * codes.MODULE, 72 / 300
    left, top = (edge - rim for edge in codes.corner(0))
    right, bottom = (edge + codes.SIDE + rim for edge in codes.corner(27))
    with closing(pypdfium2.PdfDocument(long)) as document:
        page = document[0].get_textpage()
        boxes = [page.get_charbox(place, loose=True) for place in range(page.count_chars())]
    assert len(boxes) > 400
    for x0, low, x1, high in boxes:
        x0, x1, y0, y1 = x0 / dot, x1 / dot, (A4[1] - high) / dot, (A4[1] - low) / dot
        assert x1 <= left or x0 >= right or y1 <= top or y0 >= bottom
        assert x0 > 180 and x1 < 2480 - 150 and y0 > 50 and y1 < 3508 - 100


def test_a_page_is_small_and_every_font_is_in_it(week):
    with pikepdf.open(io.BytesIO(week)) as pdf:
        page = pdf.pages[0]
        assert len(page.Contents.read_raw_bytes()) < 100 * 1024 + 2_000
        assert "/XObject" not in page.Resources
        for font in page.Resources.Font.values():
            assert "/FontFile2" in font.FontDescriptor


def test_the_same_bytes_are_the_same_page(week):
    assert drawn(WEEK) == week
