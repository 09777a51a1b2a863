"""Two versions of one thing: shown in words, chosen by a press or by a key, and taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.services import conflicts
from tests.ui import office, seen
from ui import pictures
from ui.jobs import Jobs
from ui.pages.tasks import TasksPage
from ui.pages.two import TwoPage
from ui.pages.week import WeekPage
from ui.widgets.differing import Differing, differing
from ui.window import Window

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


class Desk:
    def __init__(self, folder, qtbot):
        self.qtbot = qtbot
        self.device, self.wire, self.province = office.open_office(folder, *office.many(4))
        self.other = office.second_device(self.device, folder / "other.db", self.wire)
        self.jobs = Jobs()
        ledger = self.device.ledger
        self.page = TwoPage(ledger, self.jobs)
        self.window = Window(
            (WeekPage(ledger, self.jobs), TasksPage(ledger, self.jobs), self.page), self.jobs
        )
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()

    def differ(self, code="T002", **pair):
        """Two people write the same fields; each value is (here, there)."""
        office.record(self.other, code, **{name: there for name, (_here, there) in pair.items()})
        self.device.clock.now += 60
        office.record(self.device, code, **{name: here for name, (here, _there) in pair.items()})
        self.device.sync(self.wire)
        self.other.sync(self.wire)
        self.device.sync(self.wire)

    def open(self, target=None):
        self.window.open_page("two", target)
        self.window.touch(frozenset({"progress"}))
        self.settle()

    def settle(self):
        pictures.settle(self.window)

    def texts(self):
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]

    def found(self, device=None):
        with (device or self.device).ledger.read() as connection:
            return conflicts.conflicts(connection, (device or self.device).ledger.identity)

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        """Press a key and wait until the places that wait are others; a button's key acts a moment later."""
        before = self.found()
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)
        self.qtbot.waitUntil(lambda: self.found() != before)
        self.settle()


@pytest.fixture
def desk(tmp_path, qtbot):
    made = Desk(tmp_path, qtbot)
    yield made
    made.jobs.close()
    made.device.close()
    made.other.close()
    made.province.close()


def test_both_values_with_who_when_and_which_machine_stand_on_one_page(desk):
    desk.differ(result=("Đã mở 2/3 lớp", "Mở 2/3 lớp, 1 lớp hoãn"))
    desk.open()
    texts = desk.texts()
    assert "T002" in texts
    assert any("Lương Thị Hà" in text and "thứ Ba 1/7 10:22" in text for text in texts)
    assert any("Vi Văn Nam" in text and "thứ Ba 1/7 10:21" in text for text in texts)
    assert "Văn phòng 1" in texts and "mới hơn" in texts
    left, right = desk.page.findChildren(Differing)
    assert left.accessibleName() == "Đã mở 2/3 lớp"
    assert left.marked == ("Đã mở",)
    assert "1 lớp hoãn" in right.marked[-1]
    assert desk.window.page.subtitle == "chỗ 1 trong 1"
    assert desk.window.rail.opened() == "tasks"


@pytest.mark.parametrize(("key", "kept"), [(KEY.Key_T, "Toi"), (KEY.Key_P, "Ban")])
def test_a_key_takes_the_left_or_the_right_one_and_it_travels(desk, key, kept):
    desk.differ(result=("Toi", "Ban"))
    desk.open()
    desk.key(key, ALT)
    assert office.held(desk.device, "T002").text("result") == kept
    assert desk.found() == []
    assert desk.page.empty.isVisible()
    desk.device.sync(desk.wire)
    desk.other.sync(desk.wire)
    assert desk.found(desk.other) == []
    assert office.held(desk.other, "T002").text("result") == kept


def test_a_third_text_is_written_and_kept_as_a_draft_until_it_is_used(desk, qtbot):
    desk.differ(result=("Toi", "Ban"))
    desk.open()
    box = desk.page.box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "Ca hai")
    desk.window.open_page("week")
    desk.settle()
    with desk.device.ledger.read() as connection:
        texts = connection.exec_driver_sql("SELECT value FROM draft").scalars().all()
    assert texts == ["Ca hai"]
    desk.open()
    assert desk.page.box.text() == "Ca hai"
    desk.key(KEY.Key_V, ALT)
    assert office.held(desk.device, "T002").text("result") == "Ca hai"
    with desk.device.ledger.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM draft").scalar() == 0


def test_undo_puts_both_versions_side_by_side_again(desk):
    desk.differ(result=("Toi", "Ban"))
    desk.open()
    QTest.mouseClick(desk.page.buttons[1], Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.found() == []
    assert "Ban" in desk.page.undo_line._text.text()
    desk.key(KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    (back,) = desk.found()
    assert [version.value for version in back.versions] == ["Toi", "Ban"]
    assert len(desk.page.buttons) == 2
    assert any("Vi Văn Nam" in text for text in desk.texts())  # whose words they are, not who took them back
    desk.key(KEY.Key_T, ALT)
    desk.device.sync(desk.wire)
    desk.other.sync(desk.wire)
    assert desk.found(desk.other) == []
    assert office.held(desk.other, "T002").text("result") == "Toi"


def test_a_status_is_chosen_and_never_typed(desk):
    there = {"status": "in_progress", "percent": 60}
    office.record(desk.other, "T003", **there)
    desk.device.clock.now += 60
    office.record(desk.device, "T003", status="in_progress", percent=70)
    desk.device.sync(desk.wire)
    desk.other.sync(desk.wire)
    desk.device.sync(desk.wire)
    desk.open()
    assert desk.page.box is None
    left, right = desk.page.findChildren(Differing)
    assert (left.marked, right.marked) == (("70",), ("60",))
    desk.key(KEY.Key_P, ALT)
    assert office.held(desk.device, "T003").percent == 60


def test_the_next_place_is_shown_after_a_choice(desk):
    desk.differ(result=("Toi", "Ban"), difficulty=("Thieu may", "Thieu nguoi"))
    desk.open()
    assert desk.window.page.subtitle == "chỗ 1 trong 2"
    first = desk.page.conflict.field
    desk.key(KEY.Key_T, ALT)
    assert desk.window.page.subtitle == "chỗ 1 trong 1"
    assert desk.page.conflict.field != first
    assert desk.window.focusWidget() is desk.page.buttons[0]


@pytest.mark.parametrize("size", [(1366, 768), (911, 512), (640, 480)])
def test_nothing_is_cut_off(desk, qtbot, size):
    desk.differ(result=("Đã mở 2/3 lớp " * 20, "Mở 2/3 lớp, 1 lớp hoãn " * 20))
    desk.open()
    desk.window.resize(*size)
    qtbot.wait(20)
    desk.settle()
    assert seen.faults(desk.window) == []
    assert desk.window.size().toTuple() == size


def test_words_next_to_each_other_are_underlined_in_one_stroke():
    left, right = "Đã kiện toàn 13/19 tổ.", "Đã kiện toàn 11/19 tổ, 2 tổ chờ bầu lại."
    parts = differing([left, right])
    assert [left[a : a + n] for a, n in parts[0]] == ["13"]
    assert [right[a : a + n] for a, n in parts[1]] == ["11", ", 2 tổ chờ bầu lại"]
    assert differing(["như nhau", "như nhau"]) == [(), ()]
