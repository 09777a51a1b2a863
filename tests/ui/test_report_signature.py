"""A closed report comes back signed: as a scan, or as a file that was signed from the page itself."""

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.services.office import Clock, Office
from tests.signing import NOW, PASSWORD, Authority
from tests.ui.test_report import answers, close
from ui.pages.report import ReportPage
from ui.paperwork import Paperwork


@pytest.fixture
def home(tmp_path):
    clock = Clock()
    clock.now = int(NOW.timestamp())
    office = Office(tmp_path / "home", clock)
    office.task("T001", deadline=f"{NOW:%Y-%m-%d}", opening=("in_progress", 20, None, None))
    with office.opened() as opened:
        yield opened


@pytest.fixture
def page(home, qtbot, jobs):
    made = ReportPage(home.ledger, jobs, Paperwork(home))
    qtbot.addWidget(made)
    made.resize(1166, 640)
    made.show()
    made.reload()
    qtbot.waitUntil(lambda: made.preview.sheet.shown)
    return made


def scanned(pdf: bytes, path, *, without: int | None = None):
    """A grey scan of a sheet, as a copier writes it: a PDF of pictures, upside down."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in document]
    document.close()
    kept = [page.rotate(180) for number, page in enumerate(pages, 1) if number != without]
    kept[0].save(path, save_all=True, append_images=kept[1:], resolution=200)
    return path


def test_a_scan_of_the_signed_copy_is_taken_if_it_is_the_closed_report_whole(page, qtbot, tmp_path):
    panel = close(page, qtbot)
    sheet = panel._document.pdf
    panel.close()
    take = page.acts.signature.take_scan
    take(scanned(sheet, tmp_path / "thiếu.pdf", without=1))
    qtbot.waitUntil(lambda: "hiếu trang" in page.question.text, timeout=30_000)
    assert not page.shown.signed
    take(scanned(sheet, tmp_path / "đủ.pdf"))
    qtbot.waitUntil(lambda: "đúng với nội dung đã chốt" in page.question.text, timeout=30_000)
    qtbot.waitUntil(lambda: page.shown.signed)
    assert page.shown.stands.made.sheet_name == "đủ.pdf"
    page.acts.ask.file = lambda name: str(tmp_path / f"lưu {name}")
    page.acts.do("copy")
    qtbot.waitUntil(lambda: page.undo_line.isVisible())
    assert (tmp_path / "lưu đủ.pdf").read_bytes() == (tmp_path / "đủ.pdf").read_bytes()
    assert page.bar.next_button.text() == "Đã ký, đóng dấu"  # number and date are still to be entered


def test_a_report_is_signed_digitally_from_the_page_and_taken_into_the_book(page, qtbot, tmp_path, home):
    authority = Authority()
    (tmp_path / "person.p12").write_bytes(authority.issue("Nguyễn Văn Minh").p12())
    (tmp_path / "agency.p12").write_bytes(authority.issue("Ủy ban nhân dân xã Mường Thử").p12())
    page.acts.do("sign")
    QTest.mouseClick(answers(page.question)[0], Qt.MouseButton.LeftButton)
    signature = page.acts.signature
    qtbot.waitUntil(lambda: signature.window is not None and signature.window._searching is None)
    window = signature.window
    window._ask_save = lambda _parent, _name: str(tmp_path / "đã ký.pdf")
    window.form.way.set_value("file")
    window.form.way.chosen.emit("file")
    window.form.file.set_path(tmp_path / "person.p12")
    window.form.secret.setText(PASSWORD)
    window.sign_button.click()
    qtbot.waitUntil(lambda: window.done_with is not None, timeout=20_000)
    window.sign_button.click()
    qtbot.waitUntil(lambda: "chữ ký đúng" in page.question.text, timeout=20_000)
    qtbot.waitUntil(lambda: page.shown.signed)
    assert page.shown.stands.made.signed == "digital"
    assert page.shown.stands.made.signer == "Nguyễn Văn Minh"
    page.acts.do("check")
    qtbot.waitUntil(lambda: signature.checking.title.text() == "đã ký.pdf", timeout=20_000)
    assert signature.checking._pdf == (tmp_path / "đã ký.pdf").read_bytes()
    signature.checking.close()
    assert page.flow.links["sign"].isVisible()  # another day the clerk signs for the agency
    page.acts.do("sign")
    qtbot.waitUntil(lambda: signature.window is not window, timeout=20_000)
    qtbot.waitUntil(lambda: signature.window.form.role.value() == "agency", timeout=20_000)
    clerk = signature.window
    qtbot.waitUntil(lambda: clerk._searching is None, timeout=20_000)
    clerk._ask_save = lambda _parent, _name: str(tmp_path / "đủ.pdf")
    clerk.form.way.set_value("file")
    clerk.form.way.chosen.emit("file")
    clerk.form.file.set_path(tmp_path / "agency.p12")
    clerk.form.number.setText("45")
    clerk.form.day.setText(f"{NOW:%d/%m/%Y}")
    clerk.form.secret.setText(PASSWORD)
    clerk.sign_button.click()
    qtbot.waitUntil(lambda: clerk.done_with is not None, timeout=20_000)
    clerk.sign_button.click()
    qtbot.waitUntil(lambda: page.shown.stands.made.number == "45", timeout=20_000)
    assert page.shown.stands.made.signer == "Nguyễn Văn Minh"


def test_who_signs_on_paper_after_all_comes_to_the_printer(page, qtbot):
    close(page, qtbot).close()
    page.acts.panel = None
    page.acts.do("sign")
    qtbot.waitUntil(lambda: page.acts.signature.window is not None)
    page.acts.signature.window.ink_button.click()
    qtbot.waitUntil(lambda: page.acts.panel is not None)
    page.acts.panel.close()
