"""The stick: written and taken by button and by drag, told in words, stopped, refused in words."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from app.services import opening
from app.storage import tables
from app.storage.home import Home
from sync.client.link import Progress, StoppedByUser
from sync.client.usb import BundleOtherUnit, Exported, Taken
from tests.ui import office, seen
from ui import sticks
from ui.pages.exchange import ExchangePage
from ui.pages.usb import Stick

TAKEN = Taken(sent=5, received=3, refused=0, new=True, held=1, told=(), confirmed=False)


class Fake(Stick):
    """A stick of the test's own."""

    def __init__(self):
        super().__init__(
            self._export, self._take, lambda: "16813-2025-W27.snvgoi", lambda _path: self.strange,
            lambda: Path("/media/USB"),
        )  # fmt: skip
        self.strange = []
        self.asked, self.result, self.go = [], TAKEN, threading.Event()

    def _export(self, path, evidence, tell, stopped):
        self.target = path
        self.asked.append((path.name, evidence))
        tell(Progress("evidence", 1 << 20, 4 << 20, 0, 0))
        while not self.go.wait(0.01):
            if stopped():
                raise StoppedByUser()
        return Exported(path, 5 << 20, 12, 3 if evidence else 0, 4 << 20, 1)

    def _take(self, path):
        self.asked.append(path.name)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


@pytest.fixture
def place(tmp_path):
    device, _wire, province = office.open_office(tmp_path, *office.many(3))
    with device.ledger.edit() as edit:
        edit.connection.execute(
            tables.file.insert().values(sha256="ab" * 32, size=4 << 20, kind="photo", added_at=1, sent=0)
        )
    yield device
    device.close()
    province.close()


@pytest.fixture
def stick():
    made = Fake()
    yield made
    made.go.set()


@pytest.fixture
def page(place, stick, qtbot, jobs):
    made = ExchangePage(place.ledger, jobs, stick)
    qtbot.addWidget(made)
    made.resize(1166, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.reload()
    qtbot.waitUntil(lambda: made._shown is not None)
    made.usb.ask_save = lambda _parent, name: Path(name)
    return made


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_bundle_is_written_and_the_stick_can_be_taken_out(page, stick, qtbot):
    office_words = page.usb.amount.text()
    assert office_words == "Sẽ ghi một tệp: 0 mục, 1 tệp minh chứng (4,0 MB)."
    click(page.usb_button)
    assert page.usb.export_button.hasFocus()
    click(page.usb.export_button)
    qtbot.waitUntil(lambda: page.usb.working.words.text() == "Đang ghi, 1,0/4,0 MB.")
    assert page.usb.working.line.part == 0.25
    assert not page.usb.take_button.isEnabled()
    stick.go.set()
    qtbot.waitUntil(lambda: page.usb.result.text != "")
    assert "Có thể rút USB" in page.usb.result.text
    assert "16813-2025-W27.snvgoi, 5,0 MB: 12 mục, 3 tệp minh chứng." in page.usb.result.text
    assert "1 tệp minh chứng chưa ghi vào gói" in page.usb.result.text
    assert stick.asked == [("16813-2025-W27.snvgoi", True)]
    assert stick.target == Path("/media/USB/16813-2025-W27.snvgoi")


def test_words_alone_fit_on_a_small_stick(page, stick, qtbot):
    stick.go.set()
    page.usb.which._segments["words"].click()
    assert "minh chứng" not in page.usb.amount.text()
    click(page.usb.export_button)
    qtbot.waitUntil(lambda: page.usb.result.text != "")
    assert stick.asked == [("16813-2025-W27.snvgoi", False)]


def test_writing_is_stopped_and_nothing_half_written_is_left(page, stick, qtbot):
    click(page.usb.export_button)
    qtbot.waitUntil(lambda: page.usb.working.isVisible())
    click(page.usb.working.stop)
    qtbot.waitUntil(lambda: "Đã dừng" in page.usb.result.text)
    assert page.usb.export_button.isEnabled()


def drop(page, file):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    page.dropEvent(event)


def test_a_file_dropped_on_the_page_is_taken(page, stick, qtbot, tmp_path):
    with qtbot.waitSignal(page.touched) as touched:
        drop(page, tmp_path / "tra-loi.snvgoi")
    assert stick.asked == ["tra-loi.snvgoi"]
    assert "progress" in touched.args[0]
    assert page.usb.result.text == (
        "Tỉnh đã nhận 5 mục. Tỉnh đã nhận 1 tệp minh chứng. Nhận về 3 mục của tỉnh."
    )


def test_programs_on_the_stick_are_named_and_not_opened(page, stick, qtbot, tmp_path):
    stick.strange = ["Ảnh đẹp.exe"]
    drop(page, tmp_path / "tra-loi.snvgoi")
    qtbot.waitUntil(lambda: "Ảnh đẹp.exe" in page.usb.result.text)
    assert "Tỉnh đã nhận 5 mục." in page.usb.result.text


def test_an_older_stick_changes_nothing_and_says_so(page, stick, qtbot, tmp_path):
    stick.result = Taken(0, 0, 0, False, 0, (), False)
    page.usb.ask_open = lambda _parent, _place: tmp_path / "cu.snvgoi"
    click(page.usb.take_button)
    qtbot.waitUntil(lambda: "Không có gì thay đổi" in page.usb.result.text)


def test_a_stick_of_another_unit_is_refused_in_words(page, stick, qtbot, tmp_path):
    stick.result = BundleOtherUnit(file="khac.snvgoi", unit="16738")
    drop(page, tmp_path / "khac.snvgoi")
    qtbot.waitUntil(lambda: page.usb.result.text != "")
    assert "16738" in page.usb.result.text
    assert seen.faults(page) == []


def test_the_real_stick_carries_what_waits(place, tmp_path, jobs, qtbot):
    office.record(place, "T001", percent=40)
    home = Home(tmp_path / "home")
    home.path.mkdir()
    opened = opening.Opened(home, place.ledger, place.key.sign, "file", place.subkey, place.engine, b"")
    stick = sticks.stick(opened)
    assert stick.name() == "16813-2025-W27.snvgoi"
    page = ExchangePage(place.ledger, jobs, stick)
    qtbot.addWidget(page)
    page.usb.ask_save = lambda _parent, name: tmp_path / name
    page.usb.export()
    qtbot.waitUntil(lambda: page.usb.result._text.text() != "")
    assert "1 mục" in page.usb.result._text.text()
    assert (tmp_path / stick.name()).stat().st_size > 100
