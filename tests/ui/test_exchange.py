import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from sync.client.link import NoConnection
from tests.ui import office, seen
from ui import standing
from ui.pages.base import Plan
from ui.pages.exchange import ExchangePage
from ui.tokens import Tone
from ui.widgets.buttons import Button


@pytest.fixture
def place(tmp_path):
    device, wire, province = office.open_office(tmp_path, *office.many(3))
    yield device, wire, province
    device.close()
    province.close()


@pytest.fixture
def page(place, qtbot, jobs):
    made = ExchangePage(place[0].ledger, jobs)
    qtbot.addWidget(made)
    made.resize(1166, 640)
    with qtbot.waitExposed(made):
        made.show()
    return made


def read(page, qtbot):
    page._shown = None
    page.reload()
    qtbot.waitUntil(lambda: page._shown is not None)
    return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]


def counts(page):
    return {word: box.count for word, box in page.boxes.items() if box.count}


def test_what_waits_and_what_the_province_has(place, page, qtbot):
    device, wire, _ = place
    office.record(device, "T001", percent=40)
    texts = read(page, qtbot)
    assert counts(page) == {"waiting": 1, "received": 1}
    assert "Chữ ghi ở nhiệm vụ" in texts
    device.sync(wire)
    read(page, qtbot)
    assert counts(page) == {"received": 2}
    assert page.sentence.text().startswith("Tỉnh đã nhận tất cả")


def test_a_failed_try_is_in_the_diary_and_said_calmly(place, page, qtbot):
    device, wire, _ = place
    office.record(device, "T001", percent=40)
    wire.lose = "request"
    with pytest.raises(NoConnection):
        device.sync(wire)
    read(page, qtbot)
    assert page.entries.data(page.entries.index(0, 1)) == "Chưa tới được tỉnh."
    said = standing.band(standing.read(device.ledger))
    assert "Chưa có mạng" in said.text
    assert said.tone is Tone.GREY
    assert not said.framed


def test_what_was_returned_has_its_reason_and_the_way_to_its_task(place, page, qtbot):
    device = place[0]
    office.record(device, "T002", percent=40)
    with device.ledger.edit() as edit:
        held = office.held(device, "T002")
        edit.connection.exec_driver_sql(
            "UPDATE change SET refused='task-withdrawn' WHERE record=?", (held.progress,)
        )
    texts = read(page, qtbot)
    assert any(text.startswith("T002") for text in texts)
    assert any(text.startswith("Lý do:") for text in texts)
    assert standing.band(standing.read(device.ledger)).tone is Tone.RED
    again = next(b for b in page.findChildren(Button) if b.text() == "Sửa và gửi lại")
    with qtbot.waitSignal(page.wants_page) as wanted:
        QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    assert wanted.args == ["week", "T002"]


def test_the_lines_for_the_telephone_can_be_copied(place, page, qtbot):
    read(page, qtbot)
    page.copy_lines()
    told = QGuiApplication.clipboard().text()
    assert "Xã 16813 (16813)" in told  # as the province named it last
    assert "Văn phòng 1" in told


def test_two_versions_lead_to_their_task(place, page, qtbot, tmp_path):
    device, wire, _ = place
    other = office.second_device(device, tmp_path / "other.db", wire)
    office.record(other, "T001", percent=30)
    other.sync(wire)
    other.close()
    office.record(device, "T001", percent=70)
    device.sync(wire)
    assert "Hai bản khác nhau (1)" in read(page, qtbot)
    assert standing.band(standing.read(device.ledger)).link


@pytest.mark.parametrize("size", [(1166, 640), (835, 456), (724, 544)])
def test_nothing_is_cut_off(place, page, qtbot, size):
    page.resize(*size)
    page.fit(Plan.of(size[0] + 76))
    read(page, qtbot)
    qtbot.wait(20)
    assert seen.faults(page) == []
