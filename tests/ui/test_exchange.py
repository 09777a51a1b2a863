import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.storage import diary, tables
from sync.client.link import NoConnection, Progress
from tests.ui import office, seen
from ui import standing
from ui.models import diary as diary_rows
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


def keep_file(device, size, *, sent=0, held=None):
    """A file of evidence as the ledger knows it; its content matters to nobody here."""
    with device.ledger.edit() as edit:
        edit.connection.execute(
            tables.file.insert().values(
                sha256=os.urandom(32).hex(), size=size, kind="photo", added_at=1, sent=sent, held_at=held
            )
        )


def test_evidence_is_counted_and_goes_last(place, page, qtbot):
    device = place[0]
    keep_file(device, 3 * 1024 * 1024, sent=1024 * 1024)
    keep_file(device, 1000, held=5)
    texts = read(page, qtbot)
    assert counts(page) == {"waiting": 1, "received": 2}
    assert "Tệp minh chứng, gửi sau cùng" in texts
    assert "1 tệp · 2,0 MB" in texts
    assert "Tỉnh đã nhận hết chữ. 1 tệp minh chứng chờ gửi" in page.sentence.text()
    send = next(b for b in page.findChildren(Button) if b.text() == "Gửi ngay" and b is not page.send_button)
    with qtbot.waitSignal(page.files_wanted):
        QTest.mouseClick(send, Qt.MouseButton.LeftButton)


def test_an_exchange_under_way_says_how_far_it_is_and_can_be_stopped(place, page, qtbot):
    office.record(place[0], "T001", percent=40)
    read(page, qtbot)
    page.set_sending(True)
    page.set_progress(Progress("words", 48 * 1024, 120 * 1024, 0, 0))
    assert page.sentence.text() == "Đang gửi 1 mục, 48/120 KB."
    assert page.line.part == 0.4
    assert counts(page) == {"sending": 1, "received": 1}
    page.set_progress(Progress("words", 120 * 1024, 120 * 1024, 1024, 4096))
    assert page.sentence.text() == "Đang nhận của tỉnh, 1,0/4,0 KB."
    page.set_progress(Progress("evidence", 1 << 20, 4 << 20, 0, 0))
    assert page.sentence.text() == "Đang gửi minh chứng, 1,0/4,0 MB."
    with qtbot.waitSignal(page.stop_wanted):
        QTest.mouseClick(page.stop_button, Qt.MouseButton.LeftButton)
    assert not page.stop_button.isEnabled()
    page.set_sending(False)
    assert page.send_button.isVisible() and not page.stop_button.isVisible()


def test_the_diary_says_which_road_how_much_and_why_something_came_back(place, page, qtbot):
    device = place[0]
    office.record(device, "T002", percent=40)
    with device.ledger.edit() as edit:
        edit.connection.exec_driver_sql(
            "UPDATE change SET refused='too-large' WHERE record=?", (office.held(device, "T002").progress,)
        )
        diary.note(
            edit.connection, at=device.clock() + 5, road="usb", sent=31, received=0, refused=1,
            bytes_up=4_404_019, bytes_down=0, failure=None,
        )  # fmt: skip
        diary.note(
            edit.connection, at=device.clock() + 9, road="network", sent=0, received=0, refused=0,
            bytes_up=300, bytes_down=0, failure="stopped",
        )  # fmt: skip
    read(page, qtbot)
    rows = [[page.entries.data(page.entries.index(n, c)) for c in range(1, 4)] for n in range(2)]
    assert rows[0] == ["Đã dừng theo yêu cầu.", "mạng", "0,3 KB"]
    assert rows[1][1:] == ["USB", "4,2 MB"]
    assert rows[1][0].startswith("Trả lại 1 mục (T002: Nội dung này quá dài")
    assert rows[1][0].endswith("tỉnh đã nhận 31 mục.")
    assert "T002: Nội dung này quá dài" in diary_rows.told(page._shown.entries[1])


def test_tab_goes_through_the_cards_in_the_order_in_which_they_stand(place, page, qtbot):
    device = place[0]
    office.record(device, "T002", percent=40)
    with device.ledger.edit() as edit:
        record = office.held(device, "T002").progress
        edit.connection.exec_driver_sql("UPDATE change SET refused='too-large' WHERE record=?", (record,))
    read(page, qtbot)
    page.activateWindow()
    page.usb_button.setFocus()
    gone = []
    for _ in range(3):
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        gone.append(page.window().focusWidget())
    assert [widget.text() for widget in gone[:2]] == ["Sửa và gửi lại", "Chép"]
    assert gone[2] is page.table
