"""The printing window, in front of a desk that does what it is told."""

import io
import threading

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from reportlab.lib.pagesizes import A4, landscape

from app.reports.layout import blank, fonts
from app.reports.paper import printer_test
from app.services.printing import ONE_SIDED, TWO_SIDED, NoPrinter, Printer, PrinterSilent
from tests.services.office import Clock, Office
from tests.services.printing_house import printing_house
from ui.desks import CupsDesk, Told
from ui.pages.printing_panel import Document, PrintPanel
from ui.printing import Sheets
from ui.widgets.buttons import Button

HP = Printer("HP", "HP LaserJet P1102", True, "A4", ("Letter", "A4"), True)
BROTHER = Printer("BR", "Brother HL-L2321D", False, "Letter", ("Letter", "iso_a4_210x297mm"))
SMALL = Printer("A5", "Máy in A5", False, "A5", ("A5", "A6"))


class Front:
    """A desk: says what printers there are; keeps what it was given; prints, waits or fails."""

    def __init__(self, *printers):
        self.known = printers or (HP, BROTHER, SMALL)
        self.orders = []
        self.fails = None
        self.gate = threading.Event()
        self.gate.set()
        self.ended = ""

    def printers(self):
        if not self.known[0]:
            raise NoPrinter()
        return self.known

    def put(self, pdf, order, *, stopped, left, told):
        self.orders.append((pdf, order))
        told(Told("printing"))
        while not self.gate.wait(0.01):
            if stopped() or left():
                self.ended = "stopped" if stopped() else "left"
                return "stopped" if stopped() else "queued"
        if self.fails:
            raise self.fails
        return "printed"


@pytest.fixture(scope="module")
def pdf():
    out = io.BytesIO()
    canvas = blank.canvas(out, "three")
    for number, size in enumerate((A4, landscape(A4), A4), 1):
        canvas.setPageSize(size)
        canvas.setFont(fonts.REGULAR, 40)
        canvas.drawString(100, 100, f"{number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture
def ledger(tmp_path):
    with Office(tmp_path / "home", Clock()).opened() as found:
        yield found.ledger


@pytest.fixture
def opened(qtbot, jobs, ledger, pdf, tmp_path):
    def make(front, kind="report", title="Báo cáo tuần 29 năm 2025"):
        document = Document(pdf, title, "BC-tuan-29-2025.pdf", kind)
        panel = PrintPanel(
            Sheets(), jobs, ledger, document, at=front, ask_file=lambda _parent, name: str(tmp_path / name)
        )
        qtbot.addWidget(panel)
        panel.open()
        qtbot.waitUntil(lambda: jobs.idle and panel.preview.sheet.shown, timeout=20_000)
        return panel

    return make


def press(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_button_names_the_printer_and_the_sheet_is_shown(opened):
    panel = opened(Front())
    assert panel.print_button.text() == "In ra: HP LaserJet P1102"
    assert panel.preview.name.text() == "Trang 1/3"
    assert "100 %" in panel.hint.text() and "Trang 2 nằm ngang" in panel.hint.text()


def test_what_is_chosen_is_ordered_and_remembered(opened, qtbot, jobs, pdf):
    front = Front()
    panel = opened(front)
    panel.choices.copies_box.setText("2")
    panel.choices.pages_box.setText("1, 3")
    panel.choices.sides_choice.set_value(TWO_SIDED)
    with qtbot.waitSignal(panel.printed):
        press(panel.print_button)
    ((sent, order),) = front.orders
    assert sent == pdf
    assert (order.printer, order.copies, order.pages, order.sides) == ("HP", 2, (1, 3), TWO_SIDED)
    assert (order.paper, order.title) == ("A4", "Báo cáo tuần 29 năm 2025")
    assert panel.notice.text == "Đã in ra HP LaserJet P1102."
    assert panel.print_button.text() == "In lại ra: HP LaserJet P1102"
    qtbot.waitUntil(lambda: jobs.idle)
    again, other = opened(Front()), opened(Front(), "receipt")
    assert (again.choices.copies(), again.choices.sides) == (2, TWO_SIDED)
    assert (other.choices.copies(), other.choices.sides) == (1, ONE_SIDED)


def test_letter_is_said_and_can_be_changed(opened, qtbot):
    front = Front(BROTHER)
    panel = opened(front)
    assert panel.paper.text == "Máy in đang chọn khổ Letter. Văn bản cần A4."
    assert not panel.print_button.isEnabled()
    press(next(button for button in panel.paper.findChildren(Button) if button.text() == "Đổi sang A4"))
    with qtbot.waitSignal(panel.printed):
        press(panel.print_button)
    assert front.orders[0][1].paper == "iso_a4_210x297mm"


def test_a_printer_without_a4_is_not_printed_on(opened):
    panel = opened(Front(SMALL))
    assert "không có khổ A4" in panel.paper.text
    assert not panel.print_button.isEnabled() and not panel.test.print_button.isEnabled()


def test_pages_that_are_not_there_are_named_beside_the_box(opened):
    front = Front()
    panel = opened(front)
    panel.choices.pages_box.setText("2-4")
    press(panel.print_button)
    assert "có 3 trang" in panel.choices.pages_field.fault
    assert front.orders == []


def test_the_page_that_is_looked_at_alone(opened, qtbot):
    front = Front()
    panel = opened(front)
    panel.preview.go(1)
    press(panel.choices.this_button)
    with qtbot.waitSignal(panel.printed):
        press(panel.print_button)
    assert front.orders[0][1].pages == (2,)


def test_a_printer_that_is_off_is_said_and_the_sheet_is_kept(opened, qtbot, pdf, tmp_path):
    front = Front()
    panel = opened(front)
    front.fails = PrinterSilent(printer="HP", why="hết giấy")
    press(panel.print_button)
    qtbot.waitUntil(lambda: panel.notice.isVisible())
    assert "hết giấy" in panel.notice.text and "Đã giữ bản in" in panel.notice.text
    with qtbot.waitSignal(panel.saved):
        press(panel.save_button)
    assert (tmp_path / "BC-tuan-29-2025.pdf").read_bytes() == pdf
    front.fails = None
    with qtbot.waitSignal(panel.printed):
        press(panel.print_button)


def test_without_a_printer_the_pdf_can_be_saved(opened, qtbot, tmp_path):
    panel = opened(Front(None))
    assert "chưa có máy in" in panel.notice.text
    assert not panel.print_button.isEnabled()
    assert panel.focusWidget() is panel.save_button
    with qtbot.waitSignal(panel.saved):
        press(panel.save_button)
    assert (tmp_path / "BC-tuan-29-2025.pdf").exists()


def test_a_print_can_be_stopped(opened, qtbot):
    front = Front()
    front.gate.clear()
    panel = opened(front)
    press(panel.print_button)
    qtbot.waitUntil(lambda: bool(front.orders) and panel.working.words.text() == "Đang in …")
    assert not panel.print_button.isEnabled()
    press(panel.working.stop)
    qtbot.waitUntil(lambda: panel.notice.isVisible())
    assert "Đã rút lệnh in" in panel.notice.text and front.ended == "stopped"


def test_closed_while_it_prints_it_comes_back_when_that_fails(opened, qtbot):
    front = Front()
    front.gate.clear()
    panel = opened(front)
    press(panel.print_button)
    qtbot.waitUntil(lambda: bool(front.orders))
    panel.close()
    assert not panel.isVisible()
    front.fails = PrinterSilent(printer="HP", why="kẹt giấy")
    front.gate.set()
    qtbot.waitUntil(lambda: panel.isVisible())
    assert "kẹt giấy" in panel.notice.text


def test_the_program_can_end_while_a_queue_goes_on(opened, qtbot, jobs):
    front = Front()
    front.gate.clear()
    panel = opened(front)
    press(panel.print_button)
    qtbot.waitUntil(lambda: bool(front.orders))
    jobs.close()
    assert front.ended == "left"


def scan(pdf, path):
    document = pypdfium2.PdfDocument(pdf)
    try:
        document[0].render(scale=200 / 72, grayscale=True).to_pil().save(path)
    finally:
        document.close()


def test_the_test_page_is_printed_and_read_back(opened, qtbot, tmp_path):
    front = Front()
    panel = opened(front)
    press(panel.test.print_button)
    qtbot.waitUntil(lambda: panel.test.notice.isVisible())
    ((sent, order),) = front.orders
    assert (order.copies, order.sides, order.pages) == (1, ONE_SIDED, ())
    scan(sent, tmp_path / "scan.png")
    panel.test.ask_scan = lambda _parent: str(tmp_path / "scan.png")
    press(panel.test.read_button)
    qtbot.waitUntil(panel.test.read_button.isEnabled, timeout=20_000)
    assert panel.test.notice.text == "Đọc được 28/28 ô mã. Máy in này in mã tốt."


def test_another_picture_is_no_test_page(opened, qtbot, tmp_path, pdf):
    panel = opened(Front())
    scan(pdf, tmp_path / "other.png")
    panel.test.ask_scan = lambda _parent: str(tmp_path / "other.png")
    press(panel.test.read_button)
    qtbot.waitUntil(panel.test.read_button.isEnabled, timeout=20_000)
    assert "Không thấy mã" in panel.test.notice.text


def test_a_faint_test_page_is_told(opened, qtbot, tmp_path, monkeypatch):
    panel = opened(Front())
    for symbols, whole, said in ((24, True, "Vừa đủ"), (9, False, "Chưa đủ")):
        name = "HP" if whole else None
        panel.test._read(printer_test.ReadBack(symbols, 28, name, name))
        assert said in panel.test.notice.text


def test_through_the_system_to_paper(opened, qtbot, tmp_path, monkeypatch):
    """The window, CUPS and its PDF printer together: pages 1 and 3, at their size."""
    with printing_house(monkeypatch) as house:
        house.add("Van-thu")
        panel = opened(CupsDesk(), title=f"{house.title}-window")
        assert panel.print_button.text() == "In ra: Máy in Van-thu"
        panel.choices.pages_box.setText("1,3")
        with qtbot.waitSignal(panel.printed, timeout=30_000) as outcome:
            press(panel.print_button)
        assert outcome.args == ["printed"]
        out = house.printed(f"{house.title}-window")
    document = pypdfium2.PdfDocument(out)
    try:
        assert [page.get_textpage().get_text_range().strip() for page in document] == ["1", "3"]
        assert {page.get_size() for page in document} == {(595, 842)}
    finally:
        document.close()
