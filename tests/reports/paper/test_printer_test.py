import random
from datetime import UTC, datetime

import pytest
import zxingcpp

from app.reports.paper import frames, printer_test
from tests.reports.rasters import raster

NOW = datetime(2025, 7, 21, 14, 5, tzinfo=UTC)
PRINTER = "HP LaserJet P1102 (phòng Văn thư)"


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    (page,) = raster(tmp_path_factory.mktemp("test"), printer_test.render(PRINTER, NOW), 200)
    found = (frames.read_frame(each.bytes) for each in zxingcpp.read_barcodes(page))
    return sorted((frame for frame in found if frame), key=lambda frame: frame.index)


def test_a_clean_print_is_read_back_whole(read):
    assert printer_test.judge(read) == printer_test.ReadBack(28, 28, PRINTER, "2025-07-21 14:05")
    assert printer_test.judge(read).good


@pytest.mark.parametrize(("left", "good", "usable"), [(26, True, True), (25, False, True), (22, False, True)])
def test_what_was_lost_is_counted(read, left, good, usable):
    back = printer_test.judge(random.Random(left).sample(read, left))
    assert (back.symbols, back.good, back.usable) == (left, good, usable)


def test_too_few_to_tell_are_counted_all_the_same(read):
    back = printer_test.judge(read[:21])
    assert (back.symbols, back.printer, back.good, back.usable) == (21, None, False, False)


def test_a_report_is_no_test_page(read):
    report = [frames.read_frame(each) for each in frames.cut(b"a week")]
    assert printer_test.judge(report) is None
    assert printer_test.judge([*report, *read]).good
    assert printer_test.judge([]) is None


def test_pages_of_two_prints_do_not_add_up(read):
    other = printer_test.render(PRINTER, NOW.replace(minute=6))
    assert other != printer_test.render(PRINTER, NOW)
    assert printer_test.judge(read[:20]).symbols == 20


def test_a_name_of_any_length_fits():
    assert printer_test.render("Máy in " * 200, NOW).startswith(b"%PDF")
