"""The editor on a real ledger: what is typed is kept, told and never written over."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.domain.periods import show_date
from app.domain.reporting import Period
from app.services import closing, issuing
from app.services.weeks import present
from app.storage.ledger import Ledger
from tests.ui import office, seen
from ui import pictures
from ui.jobs import Jobs
from ui.pages.history import History
from ui.pages.tasks import TasksPage
from ui.pages.week import WeekPage
from ui.window import Window

KEY = Qt.Key


@pytest.fixture
def desk(tmp_path, qtbot, jobs):
    made = Desk(tmp_path, qtbot, jobs, *office.many(4))
    yield made
    made.device.close()


class Desk:
    """An officer before the window."""

    def __init__(self, folder, qtbot, jobs, *wanted):
        self.folder = folder
        self.device, self.wire, self.province = office.open_office(folder, *wanted)
        self.start(qtbot, jobs, self.device.ledger)

    def start(self, qtbot, jobs, ledger):
        self.window = Window((WeekPage(ledger, jobs), TasksPage(ledger, jobs)), jobs)
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self.window.open_page("week")
        self.settle()

    def settle(self):
        pictures.settle(self.window)

    @property
    def page(self):
        return self.window.page

    @property
    def editor(self):
        return self.page.editor

    @property
    def form(self):
        return self.editor.form

    def box(self, name):
        return self.form.boxes[name]

    def open(self, code):
        self.page.show_target(code)
        self.settle()

    def type(self, text, into=None):
        if into is not None:
            into.setFocus()
        QTest.keyClicks(QApplication.focusWidget(), text)

    def key(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(QApplication.focusWidget(), key, modifier)
        self.settle()

    def held(self, code):
        return office.held(self.device, code)

    def other(self):
        return office.second_device(self.device, self.folder / "other.db", self.wire)

    def arrive(self, other):
        """What another device recorded comes in while the window is open."""
        other.sync(self.wire)
        self.device.sync(self.wire)
        self.window.touch(frozenset({"progress"}))
        self.settle()


def test_a_field_that_is_left_becomes_one_change_and_says_so(desk):
    desk.open("T002")
    desk.type("Da kiem thu.", desk.box("result"))
    desk.key(KEY.Key_Tab)
    assert desk.held("T002").text("result") == "Da kiem thu."
    assert desk.form.saved == "Đã lưu lúc 10:21"
    assert "T002: đã ghi" in desk.page.undo_line._text.text()
    with desk.device.ledger.read() as connection:
        from app.storage import drafts

        assert drafts.left(connection) == []


def test_undo_takes_the_last_words_back(desk):
    desk.open("T002")
    desk.type("Mot", desk.box("result"))
    desk.key(KEY.Key_Tab)
    desk.type("Hai", desk.box("result"))
    desk.key(KEY.Key_Tab)
    assert desk.held("T002").text("result") in {"MotHai", "HaiMot"}
    desk.page.undo()
    desk.settle()
    assert desk.held("T002").text("result") == "Mot"
    assert desk.box("result").text() == "Mot"
    assert not desk.held("T002").conflict


def test_undo_takes_a_state_back(desk):
    desk.open("T001")
    before = desk.held("T001").state
    desk.type("40", desk.form.percent)
    desk.key(KEY.Key_Tab)
    assert desk.held("T001").state.status == "in_progress"
    assert desk.held("T001").percent == 40
    desk.page.list.setFocus()
    desk.page.undo()
    desk.settle()
    assert desk.held("T001").state == before
    assert desk.form.percent.value() == before.percent


def test_words_typed_are_a_draft_after_two_seconds_and_survive_a_crash(desk, qtbot):
    desk.open("T003")
    desk.type("Dang viet do", desk.box("difficulty"))
    desk.box("difficulty").typed_on.emit()
    desk.settle()
    assert desk.held("T003").text("difficulty") == ""
    assert "đã giữ lúc 10:21" in desk.form.saved
    jobs = Jobs()
    window, desk.window = desk.window, None
    desk.start(qtbot, jobs, Ledger(desk.device.engine, desk.device.clock))
    assert "T003" in desk.page.notice.text and "3 chữ" in desk.page.notice.text
    desk.page.notice._buttons.itemAt(0).widget().click()
    desk.settle()
    assert desk.editor.line.code == "T003"
    assert desk.box("difficulty").text() == "Dang viet do"
    assert desk.box("difficulty").hasFocus()
    desk.key(KEY.Key_Tab)
    assert desk.held("T003").text("difficulty") == "Dang viet do"
    jobs.close()
    window.hide()


def test_a_percent_is_recorded_two_seconds_after_the_last_key_and_the_typing_goes_on(desk, qtbot):
    desk.open("T002")
    percent = desk.form.percent
    percent._timer.setInterval(20)
    percent.setFocus()
    percent.selectAll()
    desk.type("55")
    qtbot.waitUntil(lambda: desk.held("T002").percent == 55)
    desk.settle()
    assert percent.hasFocus() and percent.text() == "55" and percent.cursorPosition() == 2
    desk.type("x")
    qtbot.waitUntil(lambda: not percent._timer.isActive())
    desk.settle()
    assert desk.form.fault("percent") == ""  # nothing is said while somebody types
    assert desk.held("T002").percent == 55


def test_a_percent_of_140_is_told_at_its_field_and_the_rest_is_saved(desk):
    desk.open("T001")
    desk.type("140", desk.form.percent)
    desk.key(KEY.Key_Tab)
    assert desk.form.fault("percent") == "Tỷ lệ là số nguyên từ 0 đến 100."
    assert desk.form.percent.text() == "0140" or desk.form.percent.text().endswith("140")
    desk.type("Van ghi duoc", desk.box("result"))
    desk.key(KEY.Key_Tab)
    assert desk.held("T001").text("result") == "Van ghi duoc"
    assert desk.form.percent.text().endswith("140")
    desk.form.percent.setFocus()
    desk.form.percent.setText("60")
    desk.key(KEY.Key_Return)
    assert desk.form.fault("percent") == ""
    assert desk.held("T001").percent == 60


def test_a_hundred_percent_asks_whether_it_is_done(desk):
    office.record(desk.device, "T001", status="in_progress", percent=50)
    desk.page.reload()
    desk.settle()
    desk.open("T001")
    desk.form.percent.setFocus()
    desk.form.percent.setText("100")
    desk.key(KEY.Key_Tab)
    assert "Chuyển thành Hoàn thành?" in desk.form.question.text
    assert desk.held("T001").percent == 50
    desk.form.question._buttons.itemAt(0).widget().click()
    desk.settle()
    held = desk.held("T001")
    assert (held.state.status, show_date(held.state.completed_on)) == ("done", "01/07/2025")


def test_a_pause_waits_for_its_document_even_when_the_task_is_left(desk):
    desk.open("T001")
    desk.form.status.set_value("paused")
    desk.editor.state.chosen("paused")
    assert not desk.form.fields["words"].isHidden()
    desk.window.page.step(1)
    desk.settle()
    assert desk.held("T001").state.status == "not_started"
    assert "T001" in desk.page.notice.text
    desk.open("T001")
    assert desk.form.status.value() == "paused"
    assert "văn bản" in desk.form.fault("words")
    desk.type("CV 12/UBND", desk.form.words)
    desk.key(KEY.Key_Return)
    held = desk.held("T001")
    assert (held.state.status, held.state.words) == ("paused", "CV 12/UBND")


def test_a_done_task_is_taken_up_again_only_with_a_reason(desk):
    office.record(desk.device, "T001", status="done")
    desk.device.clock.now += 7 * 86_400
    desk.page.reload()
    desk.settle()
    desk.open("T001")
    desk.form.status.set_value("in_progress")
    desk.editor.state.chosen("in_progress")
    assert not desk.editor.state.commit()
    assert "lý do" in desk.form.fault("words")
    desk.type("Tinh yeu cau bo sung", desk.form.words)
    desk.key(KEY.Key_Return)
    assert desk.held("T001").state.words == "Tinh yeu cau bo sung"


def test_a_late_sync_does_not_touch_the_typed_text_and_two_values_are_shown_after_leaving(desk):
    other = desk.other()
    desk.open("T002")
    box = desk.box("result")
    desk.type("Toi viet", box)
    cursor = box.textCursor()
    cursor.setPosition(3)
    box.setTextCursor(cursor)
    office.record(other, "T002", result="Người khác viết", difficulty="Thiếu màn hình")
    desk.arrive(other)
    assert (box.text(), box.textCursor().position()) == ("Toi viet", 3)
    assert desk.box("difficulty").text() == "Thiếu màn hình"
    desk.key(KEY.Key_Tab)
    line = desk.held("T002")
    assert line.conflicts == ("result",)
    panel = desk.form.fields["result"].extra.itemAt(0).widget()
    assert {v.value for v in panel.conflict.versions} == {"Toi viet", "Người khác viết"}
    other.close()


def test_a_focused_field_that_nobody_changed_shows_the_news_once_it_is_left(desk):
    other = desk.other()
    desk.open("T002")
    desk.box("result").setFocus()
    office.record(other, "T002", result="Người khác viết")
    desk.arrive(other)
    assert desk.box("result").text() == ""
    desk.key(KEY.Key_Tab)
    assert desk.box("result").text() == "Người khác viết"
    desk.type("Tiep", desk.box("result"))
    desk.key(KEY.Key_Tab)
    assert not desk.held("T002").conflict
    other.close()


def test_two_own_edits_in_a_row_are_no_two_versions(desk):
    desk.open("T002")
    box = desk.box("result")
    for text in ("a", "b", "c"):
        box.setFocus()
        QTest.keyClicks(box, text)
        desk.box("difficulty").setFocus()  # nobody waits for the ledger
    desk.settle()
    assert desk.held("T002").text("result") == "abc"
    assert not desk.held("T002").conflict


@pytest.mark.parametrize("way", ["take", "write"])
def test_a_conflict_is_settled_by_taking_one_or_by_writing(desk, way):
    other = desk.other()
    office.record(other, "T002", status="in_progress", percent=60, result="Mở 2/3 lớp")
    office.record(desk.device, "T002", status="in_progress", percent=70, result="Đã mở 2/3 lớp")
    desk.arrive(other)
    desk.open("T002")
    assert set(desk.held("T002").conflicts) == {"state", "result"}
    panel = desk.form.fields["result"].extra.itemAt(0).widget()
    said = " ".join(label.text() for label in panel.findChildren(type(desk.form._code)))
    assert "Vi Văn Nam" in said and "Lương Thị Hà" in said and "Văn phòng 1" in said
    if way == "take":
        at = [v.value for v in panel.conflict.versions].index("Mở 2/3 lớp")
        panel.buttons[at].click()
        desk.settle()
        assert desk.held("T002").text("result") == "Mở 2/3 lớp"
        desk.form.state_extra.itemAt(0).widget().buttons[0].click()
    else:
        desk.type(" x", desk.box("result"))
        desk.key(KEY.Key_Tab)
        desk.form.percent.setFocus()
        desk.form.percent.setText("65")
        desk.key(KEY.Key_Return)
        assert desk.held("T002").percent == 65
    desk.settle()
    assert not desk.held("T002").conflict
    assert desk.form.fields["result"].extra.count() == 0
    desk.device.sync(desk.wire)
    other.sync(desk.wire)
    assert not office.held(other, "T002").conflict
    other.close()


def test_a_lone_blank_settles_nothing(desk):
    other = desk.other()
    office.record(other, "T002", result="Mở 2/3 lớp")
    office.record(desk.device, "T002", result="Đã mở 2/3 lớp")
    desk.arrive(other)
    desk.open("T002")
    desk.type(" ", desk.box("result"))
    desk.key(KEY.Key_Tab)
    desk.settle()
    assert desk.held("T002").conflicts == ("result",)
    other.close()


def test_tab_goes_from_the_field_to_its_two_versions(desk):
    other = desk.other()
    office.record(other, "T002", status="in_progress", percent=60, result="Mở 2/3 lớp")
    office.record(desk.device, "T002", status="in_progress", percent=70, result="Đã mở 2/3 lớp")
    desk.arrive(other)
    desk.open("T002")
    panels = [desk.form.state_extra.itemAt(0).widget(), desk.form.fields["result"].extra.itemAt(0).widget()]
    for start, panel in zip([desk.form.percent, desk.box("result")], panels, strict=True):
        start.setFocus()
        for button in panel.buttons:
            desk.key(KEY.Key_Tab)
            assert desk.window.focusWidget() is button


def test_a_conflict_of_an_earlier_week_is_shown_and_settled(desk):
    other = desk.other()
    office.record(other, "T002", result="Một")
    office.record(desk.device, "T002", result="Hai")
    desk.arrive(other)
    desk.device.clock.now += 7 * 86_400
    desk.page.reload()
    desk.settle()
    desk.open("T002")
    panel = desk.form.older.itemAt(0).widget()
    panel.buttons[0].click()
    desk.settle()
    assert not desk.held("T002").conflict
    assert desk.form.older.count() == 0
    other.close()


@pytest.mark.parametrize("way", ["click", "next", "leave"])
def test_a_word_under_composition_is_saved_once_where_it_was_typed(desk, way):
    desk.open("T002")
    box = desk.box("result")
    box.setFocus()
    QTest.keyClicks(box, "Da ")
    QApplication.sendEvent(box, QInputMethodEvent("xong", []))
    if way == "click":
        QTest.mouseClick(desk.box("difficulty").viewport(), Qt.MouseButton.LeftButton)
    elif way == "next":
        desk.page.step(1)
    else:
        desk.page.leave()
    late = QInputMethodEvent()
    late.setCommitString("xong")
    QApplication.sendEvent(QApplication.focusWidget(), late)
    desk.settle()
    desk.page.leave()
    desk.settle()
    assert desk.held("T002").text("result") == "Da xong"
    assert desk.held("T002").text("difficulty") == ""
    assert desk.held("T003").text("result") == ""


def test_a_withdrawn_task_can_only_be_read(desk):
    from tests.world import UNIT, task

    wanted = [item for item in task("T002", UNIT) if item.entity == "assignment"]
    fields = {**wanted[0].fields, "withdrawn_on": "2025-07-01", "withdrawal": "QĐ 15"}
    desk.province.issue(wanted[0]._replace(fields=fields))
    desk.device.sync(desk.wire)
    desk.window.touch(frozenset({"assignment"}))
    desk.settle()
    desk.open("T002")
    assert "QĐ 15" in desk.form.notice.text
    assert desk.box("result").isReadOnly()


def test_a_task_of_a_signed_week_can_only_be_read(desk):
    from tests.world import UNIT, task

    wanted = [item for item in task("T001", UNIT) if item.entity == "assignment"]
    desk.province.issue(wanted[0]._replace(fields={**wanted[0].fields, "line": "tinh_uy"}))
    desk.device.sync(desk.wire)
    ledger = desk.device.ledger
    with ledger.read() as connection:
        now = present(connection, ledger.now())
    closed = closing.finish(ledger, Period.of_week(now.week), "ubnd_tinh", now)
    with ledger.edit() as edit:
        issuing.issue(edit, closed.record, issuing.Issue("45"), now)
    desk.window.touch(frozenset({"report"}))
    desk.page.reload()
    desk.settle()
    desk.open("T002")
    assert "đã ký báo cáo" in desk.form.notice.text
    assert desk.box("result").isReadOnly()
    desk.open("T001")
    assert not desk.box("result").isReadOnly()


def test_last_weeks_words_are_offered_again(desk):
    office.record(desk.device, "T002", result="Tuần trước đã làm")
    desk.device.clock.now += 7 * 86_400
    desk.page.reload()
    desk.settle()
    desk.open("T002")
    assert desk.box("result").text() == ""
    desk.form.fields["result"]._again.click()
    desk.page.leave()
    desk.settle()
    assert desk.held("T002").text("result") == "Tuần trước đã làm"


def test_no_change_this_week_is_one_press(desk):
    office.record(desk.device, "T003", status="in_progress", percent=30)
    desk.device.clock.now += 7 * 86_400
    desk.page.reload()
    desk.settle()
    desk.open("T003")
    assert not desk.held("T003").recorded
    desk.form.same.click()
    desk.settle()
    line = desk.held("T003")
    assert (line.recorded, line.percent) == (True, 30)


def test_back_and_forth_before_the_ledger_answers_loses_nothing(desk):
    desk.open("T002")
    desk.type("Mot", desk.box("result"))
    desk.page.step(1)
    desk.page.step(-1)
    assert desk.editor.line.code == "T002"
    assert desk.box("result").text() == "Mot"
    QTest.keyClick(desk.box("result"), KEY.Key_End)
    QTest.keyClicks(desk.box("result"), " hai")
    desk.page.leave()
    desk.settle()
    assert desk.held("T002").text("result") == "Mot hai"
    assert not desk.held("T002").conflict


def test_a_draft_is_found_on_either_page(desk):
    from app.services import drafts

    with desk.device.ledger.edit() as edit:
        drafts.keep(edit, desk.held("T004"), "result", "Dang do")
    desk.window.open_page("tasks")
    desk.settle()
    desk.open("T004")
    assert desk.box("result").text() == "Dang do"
    desk.page.show_list()
    desk.settle()
    assert desk.held("T004").text("result") == "Dang do"
    desk.window.open_page("week")
    desk.settle()
    desk.open("T004")
    assert desk.box("result").text() == "Dang do"
    assert not desk.editor._dirty


def test_what_cannot_be_recorded_stays_as_typed(desk):
    desk.open("T002")
    desk.device.clock.now -= 400 * 86_400  # nothing is refused for a wrong clock
    desk.box("result").setPlainText("x" * 200_001)
    desk.box("result").setFocus()
    desk.key(KEY.Key_Tab)
    assert desk.form.fault("result")
    assert len(desk.box("result").text()) == 200_001
    desk.page.step(1)
    desk.settle()
    desk.open("T002")
    assert len(desk.box("result").text()) == 200_001


def test_earlier_versions_are_all_there_with_who_wrote_them(desk, qtbot):
    other = desk.other()
    office.record(other, "T002", result="Mở 1/3 lớp", status="in_progress", percent=30)
    desk.arrive(other)
    other.close()
    desk.open("T002")
    desk.device.clock.now += 60
    desk.type(" va hon", desk.box("result"))
    QTest.mouseClick(desk.form.history, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(desk.editor.findChildren(History)))
    (shown,) = desk.editor.findChildren(History)
    texts = [label.text() for label in shown.findChildren(QLabel)]
    at = texts.index("Kết quả đã làm")
    assert "Lương Thị Hà" in texts[at + 1] and "chờ gửi" in texts[at + 1] and "đang dùng" in texts[at + 1]
    assert "va hon" in texts[at + 2]
    assert "Vi Văn Nam" in texts[at + 3] and texts[at + 4] == "Mở 1/3 lớp"
    assert "Đang thực hiện, 30%" in texts
    assert seen.faults(shown) == []
    desk.key(KEY.Key_Escape)
    assert not shown.isVisible()
