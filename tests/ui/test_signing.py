"""«Ký số»: device and file, person then agency, a wrong PIN, stopping, and what is said of signatures."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.reports.signatures.signing import Order, sign
from app.reports.signatures.stamping import StampUnreachable
from app.reports.signatures.verifying import first_revision, verify
from app.security.certificates import Certificate
from app.security.devices import Device, PinLocked, PinWrong
from app.security.signers import from_file
from app.services import signing
from app.services.signing_choices import Choices
from app.storage.home import Home
from tests.reports import signable
from tests.signing import LIBRARY, LONG, NOW, PASSWORD, PIN, Authority, SoftDevice, needs_device
from tests.ui import seen
from ui.pages.signatures import SignaturesWindow
from ui.pages.signing import SigningWindow
from ui.signing import Found, Plugged, Signatures
from ui.widgets.layouts import open_at


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def sheet():
    return signable.sheet()


@pytest.fixture
def home(tmp_path, authority):
    (tmp_path / "home" / "authorities").mkdir(parents=True)
    (tmp_path / "home" / "authorities" / "ca.pem").write_bytes(authority.pem)
    return Home(tmp_path / "home")


@pytest.fixture
def files(tmp_path, authority):
    for role in ("person", "agency"):
        (tmp_path / f"{role}.p12").write_bytes(authority.issue(f"Người {role}").p12())
    (tmp_path / "seal.png").write_bytes(signable.seal())
    return tmp_path


class Fake(Signatures):
    """Devices of the test's own; signing in files is real."""

    def __init__(self, home):
        super().__init__(home, lambda: int(NOW.timestamp()))
        self.found, self.asked, self.raises = Found(()), [], None
        self.go, self.begun = threading.Event(), threading.Event()
        self.go.set()

    def find(self, driver):
        self.asked.append(driver)
        return self.found

    def sign(self, asked, secret, *, stopped):
        self.begun.set()
        self.go.wait(5)
        self.secret = secret
        if self.raises is not None:
            raise self.raises
        return super().sign(asked, secret, stopped=stopped)


@pytest.fixture
def desk(home):
    made = Fake(home)
    yield made
    made.go.set()


@pytest.fixture
def window(desk, sheet, qtbot, jobs, files):
    made = SigningWindow(
        desk, jobs, sheet, "BC-tuan-29-2025.pdf", ask_save=lambda _parent, _name: str(files / "out")
    )
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made._searching is None)
    return made


def device(tries="", pad=False, *named):
    shown = tuple(
        Certificate(name, "UBND xã Mường Thử", "Cơ quan Thử nghiệm", NOW - LONG, NOW + LONG, f"{at:X}", True)
        for at, name in enumerate(named or ("Chủ tịch xã",), 1)
    )
    return Plugged(Path("driver.so"), Device("Thiết bị 1", "01", tries, pad, shown))


def by_file(window, files, role="person"):
    window.form.way.set_value("file")
    window.form.way.chosen.emit("file")
    window.form.file.set_path(files / f"{role}.p12")


def test_without_a_device_it_says_so_and_paper_is_the_other_way(window, qtbot):
    assert "Chưa thấy thiết bị ký số" in window.form.told.text()
    assert not window.sign_button.isEnabled() and window.ink_button.isVisible()
    with qtbot.waitSignal(window.ink):
        window.ink_button.click()
    assert not window.isVisible()


def test_a_device_shows_its_certificate_and_asks_for_the_pin(window, desk, qtbot):
    desk.found = Found((device(),))
    window.form.again.click()
    qtbot.waitUntil(lambda: window.form.device is not None)
    assert window.form.told.text().startswith(
        "Chứng thư: Chủ tịch xã (UBND xã Mường Thử) · Cơ quan Thử nghiệm"
    )
    assert "còn hạn đến" in window.form.told.text()
    assert window.form.secret.echoMode() == QLineEdit.EchoMode.Password
    assert not window.sign_button.isEnabled()
    qtbot.keyClicks(window.form.secret, "1234")
    assert window.sign_button.isEnabled()
    qtbot.waitUntil(lambda: seen.faults(window) == [])


@pytest.mark.parametrize(("tries", "told"), [("last", "còn 1 lần"), ("few", "ít lần"), ("locked", "khóa")])
def test_what_is_left_of_the_tries_is_said_before_the_pin(window, desk, qtbot, tries, told):
    desk.found = Found((device(tries),))
    window.search()
    qtbot.waitUntil(lambda: window.form.device is not None)
    assert told in window.form.told.text().lower()


def test_of_several_certificates_one_is_chosen(window, desk, qtbot):
    desk.found = Found((device("", False, "Chủ tịch", "Phó Chủ tịch"),))
    window.search()
    qtbot.waitUntil(lambda: window.form.certificates.isVisible())
    window.form.certificates.set_value("2")
    assert window.form.chosen_way().certificate == "2"


def test_a_device_with_keys_of_its_own_is_given_no_pin(window, desk, qtbot):
    desk.found = Found((device("", True),))
    window.search()
    qtbot.waitUntil(lambda: window.sign_button.isEnabled())
    assert not window.form.secret.isVisible()


def test_person_then_agency_sign_and_the_file_is_handed_over(window, desk, qtbot, files, sheet):
    by_file(window, files)
    assert not window.form.role._segments["agency"].isEnabled()
    window.form.secret.setText(PASSWORD)
    window.sign_button.click()
    assert window.form.secret.text() == ""  # emptied as soon as it was handed over
    qtbot.waitUntil(lambda: window.done_with is not None)
    assert "Đã ký số" in window.notice.text and "dấu thời gian" in window.notice.text.lower()
    qtbot.waitUntil(lambda: seen.faults(window) == [])
    window.next_button.click()
    by_file(window, files, "agency")
    assert window.form.role.value() == "agency" and window.form.number.isVisible()
    window.form.picture.set_path(files / "seal.png")
    window.form.number.setText("05")
    window.form.day.setText("5/2/2025")
    window.form.secret.setText(PASSWORD)
    qtbot.waitUntil(lambda: seen.faults(window) == [])
    window.sign_button.click()
    qtbot.waitUntil(lambda: window.done_with is not None)
    with qtbot.waitSignal(window.taken) as told:
        window.sign_button.click()
    (path,) = told.args
    assert path == files / "out.pdf"
    pdf = path.read_bytes()
    assert [one.role for one in verify(pdf).signatures] == ["person", "agency"]
    assert first_revision(pdf) == sheet
    kept = desk.remembered()
    assert kept == Choices("file", "", str(files / "agency.p12"), "", {"agency": str(files / "seal.png")})
    assert PASSWORD not in (desk._home.path / "signing.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(("raised", "told"), [(PinWrong(), "Mã PIN sai"), (PinLocked(), "đã bị khóa")])
def test_a_refusal_is_said_and_the_secret_is_gone(window, desk, qtbot, files, raised, told):
    by_file(window, files)
    desk.raises = raised
    qtbot.keyClicks(window.form.secret, "1234")
    window.sign_button.click()
    qtbot.waitUntil(lambda: told in window.notice.text + window.form.secret_field.fault)
    assert window.form.secret.text() == "" and not (files / "out.pdf").exists()
    assert not window.sign_button.isEnabled()  # never tried twice by itself


def test_a_wrong_date_is_said_at_its_field(window, desk, qtbot, files, sheet):
    (files / "one.pdf").write_bytes(sheet)
    window._ask = lambda _parent, _title, _kinds: str(files / "one.pdf")
    window.open_signed()
    qtbot.waitUntil(lambda: window.form.role.value() == "agency")
    by_file(window, files, "agency")
    window.form.day.setText("31/2/2025")
    window.form.secret.setText(PASSWORD)
    window.sign_button.click()
    assert "31/2/2025" in window.form.day_field.fault
    assert window.form.secret.text() == PASSWORD and not desk.begun.is_set()


def test_stopped_it_leaves_nothing(window, desk, qtbot, files, jobs):
    by_file(window, files)
    desk.go.clear()
    window.form.secret.setText(PASSWORD)
    window.sign_button.click()
    qtbot.waitUntil(desk.begun.is_set)
    assert window.working.isVisible() and not window.form.isEnabled()
    window.working.stop.click()
    desk.go.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert "Đã dừng ký" in window.notice.text and window.form.isEnabled() and window.done_with is None
    assert not list(files.glob("out*"))


def test_enter_behind_the_secret_signs(window, qtbot, files):
    by_file(window, files)
    QTest.keyClick(window.form.secret, Qt.Key.Key_Return)
    assert window._signing is None  # nothing was typed
    window.form.secret.setText(PASSWORD)
    QTest.keyClick(window.form.secret, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.done_with is not None)


def test_on_a_small_screen_the_buttons_are_reached(window, qtbot, monkeypatch):
    """An office's laptop at 150 %: 911 by 512, with the title bar."""
    room = QSize(911, 512)
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _self: QRect(QPoint(), room))
    open_at(window, 600, 640)
    qtbot.waitUntil(lambda: window.height() <= room.height() - 40)
    assert window.sign_button.mapTo(window, QPoint(0, window.sign_button.height())).y() <= window.height()


def test_esc_in_a_field_closes_the_window(window):
    QTest.keyClick(window.form.secret, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_no_place_chosen_is_no_signature(window, desk, qtbot, files):
    by_file(window, files)
    window._ask_save = lambda _parent, _name: ""
    window.form.secret.setText(PASSWORD)
    window.sign_button.click()
    assert not desk.begun.is_set() and window.form.secret.text() == PASSWORD


@needs_device
def test_a_real_device_is_found_and_signs(home, sheet, files, authority, qtbot, jobs, monkeypatch):
    soft = SoftDevice(files / "device", monkeypatch)
    soft.plug("Thiết bị 1")
    soft.put("Thiết bị 1", authority.issue("Chủ tịch xã"))
    desk = Signatures(home, lambda: int(NOW.timestamp()))
    desk.remember(Choices(driver=str(LIBRARY)))
    window = SigningWindow(desk, jobs, sheet, "a.pdf", ask_save=lambda _parent, _name: str(files / "out.pdf"))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.form.device is not None)
    assert "Chủ tịch xã" in window.form.told.text()
    qtbot.keyClicks(window.form.secret, PIN)
    window.sign_button.click()
    qtbot.waitUntil(lambda: window.done_with is not None)
    assert window.warning.text == "" and verify((files / "out.pdf").read_bytes()).intact


def test_signatures_are_told_in_words(desk, sheet, files, authority, qtbot, jobs):
    window = SignaturesWindow(desk, jobs, ask=lambda _parent: str(files / "plain.pdf"))
    qtbot.addWidget(window)
    window.show()
    (files / "plain.pdf").write_bytes(sheet)
    with qtbot.waitSignal(window.shown):
        window.choose_button.click()
    assert any("chưa ký số" in text for text in words(window))
    (files / "none.pdf").write_bytes(b"nothing")
    window.check(files / "none.pdf")
    qtbot.waitUntil(lambda: "không phải PDF" in window.notice.text)
    qtbot.waitUntil(lambda: seen.faults(window) == [])


def test_the_time_of_an_authority_is_added_and_told(desk, sheet, files, authority, qtbot, jobs, monkeypatch):
    with from_file(authority.issue("Chủ tịch xã").p12(), PASSWORD) as key:
        signed = sign(sheet, key.signer, Order("person"), NOW)
    asked = []
    monkeypatch.setattr(signing, "stamp", lambda pdf, address: asked.append(address) or pdf)
    window = SignaturesWindow(desk, jobs, ask_save=lambda _parent, name: str(files / name))
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.shown):
        window.show_document(signed, "a.pdf")
    assert window.stamping.isVisible() and not window.stamp_button.isEnabled()
    window.address.setText("http://tsa.example/")
    with qtbot.waitSignal(window.shown):
        window.stamp_button.click()
    assert asked == ["http://tsa.example/"] and (files / "a-dau-thoi-gian.pdf").read_bytes() == signed
    assert desk.remembered().stamps == "http://tsa.example/"

    def silent(pdf, address):
        raise StampUnreachable(address=address)

    monkeypatch.setattr(signing, "stamp", silent)
    window.stamp_button.click()
    qtbot.waitUntil(lambda: "không trả lời" in window.notice.text)


def test_what_was_signed_is_seen_on_the_screen_and_on_paper(sheet, authority):
    from ui.printing import Sheets

    def red(pdf):
        picture = Sheets().page(pdf, 0, 150)
        dots = (picture.pixelColor(x, y) for x in range(150) for y in range(picture.height()))
        return sum(1 for dot in dots if dot.red() > 150 and dot.green() < 100)

    signed = sheet
    for order in (Order("person", signable.hand()), Order("agency", signable.seal())):
        with from_file(authority.issue("x").p12(), PASSWORD) as key:
            signed = sign(signed, key.signer, order, NOW)
    assert red(sheet) == 0 < red(signed)


def words(window):
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
