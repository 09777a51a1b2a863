import io

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest

from app.domain.periods import Week
from app.services import reports
from app.services.weeks import calendar
from tests.ui import office, seen
from ui import printing
from ui.pages.base import Plan
from ui.pages.report import ReportPage
from ui.widgets.buttons import Button

WEEK = Week.parse("2025-W27")


@pytest.fixture
def place(tmp_path):
    device, wire, province = office.open_office(tmp_path, *office.many(3))
    office.record(device, "T001", percent=40, result="Đã lắp xong đường truyền.")
    yield device, wire
    device.close()
    province.close()


@pytest.fixture
def page(place, qtbot, jobs):
    made = ReportPage(place[0].ledger, jobs)
    qtbot.addWidget(made)
    made.resize(1166, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.reload()
    qtbot.waitUntil(lambda: made.preview.sheet.shown)
    return made


def records(device):
    with device.ledger.read() as connection:
        return reports.made(connection, WEEK)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        whole = " ".join(page.get_textpage().get_text_range() for page in document)
        return " ".join(whole.split())
    finally:
        document.close()


def test_the_preview_shows_the_draft_and_records_nothing(place, page):
    assert page.week_name.text().startswith("Tuần 27")
    assert page.preview.name.text().startswith("Trang 1/")
    assert "DỰ THẢO" in text_of(page._shown.sheet)
    assert "Đã lắp xong đường truyền" in text_of(page._shown.sheet)
    assert records(place[0]) == []


def test_what_is_missing_stands_at_the_left(page):
    assert sorted(page.missing.list.rows.keys()) == ["T002", "T003"]
    assert page.missing.heading.text() == "2 nhiệm vụ chưa ghi tuần này"
    assert page._shown.unset == ("signer", "recipients")


def test_saving_writes_the_file_and_one_record_and_the_same_again_writes_none(
    place, page, qtbot, tmp_path, monkeypatch
):
    asked = []
    monkeypatch.setattr(page, "ask_file", lambda name: asked.append(name) or str(tmp_path / name))
    with qtbot.waitSignal(page.touched):
        QTest.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    assert asked == ["BC-tuan-27-2025.pdf"]
    assert "Đã lắp xong đường truyền" in text_of((tmp_path / asked[0]).read_bytes())
    assert len(records(place[0])) == 1
    page.undo_line.dismiss()
    page.save_pdf()
    qtbot.waitUntil(lambda: page.undo_line.isVisible())
    assert "không ghi thêm" in page.undo_line._text.text()
    assert len(records(place[0])) == 1


def test_a_place_that_takes_no_file_is_said_and_nothing_is_recorded(
    place, page, qtbot, tmp_path, monkeypatch
):
    (tmp_path / "folder.pdf").mkdir()
    monkeypatch.setattr(page, "ask_file", lambda _name: str(tmp_path / "folder.pdf"))
    page.save_pdf()
    qtbot.waitUntil(lambda: "folder.pdf" in page.notice.text)
    assert page.save_button.isEnabled()
    assert records(place[0]) == []


def test_without_a_printer_saving_is_offered(page, monkeypatch):
    monkeypatch.setattr(page, "printer_there", lambda: False)
    page.print_page()
    assert "chưa có máy in" in page.notice.text


def test_printing_keeps_true_sizes_and_records(place, page, qtbot, tmp_path, monkeypatch):
    def to_file() -> QPrinter:
        printer = printing.new_printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        return printer

    monkeypatch.setattr(page, "printer_there", lambda: True)
    monkeypatch.setattr(page, "ask_printer", to_file)
    with qtbot.waitSignal(page.touched, timeout=20_000):
        page.print_page()
    printed = pypdfium2.PdfDocument(tmp_path / "printed.pdf")
    sizes = [tuple(round(side / 72 * 25.4) for side in sheet.get_size()) for sheet in printed]
    printed.close()
    assert sizes[0] == (210, 297)
    assert sizes[-1] == (297, 210)
    assert len(sizes) == page.preview.count
    assert len(records(place[0])) == 1


def test_the_whole_text_goes_to_the_clipboard(page):
    page.copy_text()
    assert "Đã lắp xong đường truyền" in QGuiApplication.clipboard().text()


def test_no_change_in_the_week_is_recorded_from_here(place, page, qtbot):
    page.missing.list.select("T002")
    with qtbot.waitSignal(page.touched):
        QTest.mouseClick(page.missing.nothing_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.missing.list.rows.keys() == ["T003"])
    assert office.held(place[0], "T002").recorded


def test_pages_turn(page, qtbot):
    assert not page.preview.before.isEnabled()
    QTest.mouseClick(page.preview.after, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.preview.name.text().startswith("Trang 2/"))
    assert page.preview.before.isEnabled()


def test_page_down_reads_on_to_the_next_page(page, qtbot):
    page.preview.after.setFocus()
    for _press in range(3):
        QTest.keyClick(page.preview.after, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: page.preview.name.text().startswith("Trang 2/"))


def test_the_week_before_and_the_other_line(page, qtbot):
    page.lines.chosen.emit("tinh_uy")
    qtbot.waitUntil(lambda: page._shown.line == "tinh_uy")
    assert not page.later.isEnabled()
    QTest.mouseClick(page.earlier, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page._shown.week.number == 26)
    assert page.later.isEnabled()


def test_a_week_that_has_no_report_says_why_and_saves_nothing(page, qtbot):
    page._week = next(week for week in weeks_of(2025) if calendar().due(week) is None)
    page.reload()
    qtbot.waitUntil(lambda: page._shown.refused is not None)
    assert page.notice.isVisible()
    assert not page.preview.sheet.shown
    assert not page.save_button.isEnabled()


def weeks_of(year):
    week = Week(year, 1)
    while week.year == year:
        yield week
        week = week.next()


@pytest.mark.parametrize("size", [(1166, 712), (1166, 640), (835, 456), (724, 544)])
def test_nothing_is_cut_off(page, qtbot, size):
    page.resize(*size)
    page.fit(Plan.of(size[0] + (200 if size[0] > 1000 else 76)))
    qtbot.wait(20)
    assert seen.faults(page) == []


def test_a_place_with_two_versions_is_named_before_signing_and_leads_there(place, page, qtbot, tmp_path):
    device, wire = place
    other = office.second_device(device, tmp_path / "other.db", wire)
    office.record(other, "T001", result="Đã lắp một nửa.")
    office.record(device, "T001", result="Đã lắp xong cả hai.")
    other.sync(wire)
    device.sync(wire)
    other.close()
    page.reload()

    def found():
        return [b for b in page.missing.findChildren(Button) if b.text() == "Chọn bản"]

    qtbot.waitUntil(lambda: len(found()) == 1)
    with qtbot.waitSignal(page.wants_page) as wanted:
        QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)
    assert wanted.args == ["two", None]


def test_ctrl_s_says_that_all_is_saved(page):
    page.save_now()
    assert page.undo_line._text.text() == "Đã lưu."
