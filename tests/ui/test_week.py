import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import event

from app.domain.periods import Week
from app.services.lines import line
from app.services.weeks import present
from tests.ui import office, seen
from tests.ui.test_editor import Desk
from ui import pictures
from ui.pages.base import Plan
from ui.pages.shown import read

KEY = Qt.Key


@pytest.fixture
def desk(tmp_path, qtbot, jobs):
    made = Desk(tmp_path, qtbot, jobs, *office.many(8))
    yield made
    made.device.close()


def test_three_tasks_are_recorded_by_keyboard_alone(desk):
    """Enter, type, Alt+Down to the same field of the next task; no mouse."""
    assert desk.page.list.hasFocus()
    first = desk.editor.line.code
    keys = desk.page.list.rows.keys()[:3]
    desk.key(KEY.Key_Return)
    for _ in range(10):
        if desk.form.focused() == "result":
            break
        desk.key(KEY.Key_Tab)
    codes = []
    for number in range(3):
        codes.append(desk.editor.line.code)
        QTest.keyClicks(QApplication.focusWidget(), f"Viec {number}")
        QTest.keyClick(desk.window, KEY.Key_Down, Qt.KeyboardModifier.AltModifier)
        desk.settle()
    assert codes[0] == first
    assert [desk.editor._shown.line(key).code for key in keys] == codes
    assert [desk.held(code).text("result") for code in codes] == ["Viec 0", "Viec 1", "Viec 2"]
    assert desk.page.count.text() == "Đã ghi 3/8"
    assert desk.form.focused() == "result"
    desk.key(KEY.Key_Escape)
    assert desk.page.list.hasFocus()


def test_the_task_under_the_pen_stays_in_its_place_until_it_is_left(desk):
    place = desk.page.list.currentIndex().row()
    desk.key(KEY.Key_Return)
    desk.type("Da lam", desk.box("result"))
    desk.key(KEY.Key_Tab)
    assert desk.held(desk.editor.line.code).recorded
    assert desk.page.list.currentIndex().row() == place
    code = desk.editor.line.code
    desk.page.step(1)
    desk.settle()
    assert desk.page.list.rows.group_of(desk.page.shown.coded(code).assignment) == "recorded"


def test_the_groups_stand_in_the_order_of_urgency(desk):
    groups = [group.key for group in desk.page.list.rows._groups if group.rows]
    assert groups[0] == "overdue"
    assert desk.page.deadline.text() == "Hạn 17:00 thứ Sáu 4/7, còn 3 ngày"
    assert desk.page.state.text() == "Báo cáo tuần 27 chưa lập"
    assert desk.window.page.title == "Tuần này"


def test_between_cut_off_and_due_moment_the_report_is_the_old_weeks(desk):
    desk.device.clock.now += 2 * 86_400 + 8 * 3600  # Thursday 18:21
    desk.page.reload()
    desk.settle()
    assert desk.page.shown.now.week.number == 28
    assert desk.page.state.text() == "Báo cáo tuần 27 chưa lập"
    assert desk.page.deadline.text() == "Hạn 17:00 thứ Sáu 4/7, còn 1 ngày"


def test_the_week_of_an_unsigned_report_is_recorded_when_it_is_asked_for(desk):
    """Friday: the data of week 27 ended on Thursday, and its report is being made."""
    desk.device.clock.now += 3 * 86_400 + 5 * 3600
    desk.page.reload()
    desk.settle()
    desk.open("T003")
    desk.type("Cho tuan 28", desk.box("result"))
    desk.window.open_page("week", ("T003", Week(2025, 27)))
    desk.settle()
    assert "tuần 27" in desk.page.week_notice.text and desk.box("result").toPlainText() == ""
    desk.type("Cho tuan 27", desk.box("result"))
    desk.window.open_page("tasks")
    desk.settle()
    desk.window.open_page("week")
    desk.settle()
    assert not desk.page.week_notice.isVisible() and desk.page.shown.now.week == Week(2025, 28)
    assert desk.box("result").toPlainText() == "Cho tuan 28"
    with desk.device.ledger.read() as connection:
        now = present(connection, desk.device.ledger.now())
        found = [line(connection, "T003", Week(2025, number), now).text("result") for number in (27, 28)]
    assert found == ["Cho tuan 27", "Cho tuan 28"]


@pytest.mark.parametrize("key", ["week", "tasks"])
@pytest.mark.parametrize("said", ["T003", "t003"])
def test_a_task_is_found_by_its_code_however_it_is_written(desk, key, said):
    desk.window.open_page(key)
    desk.settle()
    desk.page.show_target(said)
    desk.settle()
    assert desk.editor.line.code == "T003"


def test_the_report_is_a_press_away(desk, qtbot):
    with qtbot.waitSignal(desk.page.wants_page) as wanted:
        desk.page.make.click()
    assert wanted.args == ["reports", desk.page.shown.now.week]


def test_the_pages_ask_the_same_number_of_questions_whatever_the_number_of_tasks(tmp_path):
    counts = []
    for count in (10, 300):
        folder = tmp_path / str(count)
        folder.mkdir()
        device, _wire, _province = office.open_office(folder, *office.many(count))
        asked = []
        event.listen(device.engine, "before_cursor_execute", lambda *args, to=asked: to.append(args[2]))
        assert len(read(device.ledger).lines) == count
        counts.append(len(asked))
        device.close()
    assert counts[0] == counts[1] <= 16


def test_a_record_that_was_taken_back_is_still_to_be_made(desk):
    desk.open("T003")
    desk.type("Nham", desk.box("result"))
    desk.key(KEY.Key_Tab)
    assert desk.page.count.text() == "Đã ghi 1/8"
    desk.page.undo()
    desk.settle()
    assert desk.page.count.text() == "Đã ghi 0/8"


def test_nothing_is_asked_on_the_windows_thread(desk):
    import threading

    asked = []
    listen = lambda *_args: asked.append(threading.current_thread())  # noqa: E731
    event.listen(desk.device.engine, "before_cursor_execute", listen)
    desk.open("T003")
    desk.type("Mot hai", desk.box("result"))
    desk.key(KEY.Key_Tab)
    desk.window.open_page("tasks")
    desk.settle()
    assert asked
    assert threading.main_thread() not in asked


def test_without_tasks_the_page_says_what_will_bring_them(tmp_path, qtbot, jobs):
    desk = Desk(tmp_path, qtbot, jobs)
    assert desk.page.empty.isVisible()
    assert desk.page.empty._buttons[0].hasFocus()
    assert desk.page.empty._title.text() == "Chưa có nhiệm vụ"
    desk.device.close()


@pytest.mark.parametrize("size", [(1366, 768), (1366, 697), (911, 512), (800, 600), (700, 500)])
def test_nothing_is_cut_off(desk, size):
    desk.window.resize(*size)
    desk.settle()
    assert seen.faults(desk.window) == []
    desk.open("T004")
    desk.form.percent.setText("140")
    desk.editor.state.commit()
    desk.settle()
    assert seen.faults(desk.window) == []
    desk.window.open_page("tasks")
    desk.settle()
    assert seen.faults(desk.window) == []
    desk.page.open_line(desk.page.shown.lines[0])
    desk.settle()
    assert seen.faults(desk.window) == []
    assert desk.window.size().toTuple() == size


def test_all_five_fields_are_in_sight_where_a_maximised_window_has_697(desk):
    desk.window.resize(1366, 697)
    desk.open("T004")
    assert desk.form.area.verticalScrollBar().maximum() == 0


def test_a_narrow_window_shows_list_or_task_and_goes_back(desk):
    desk.window.resize(700, 500)
    desk.settle()
    assert desk.page.plan is Plan.NARROW
    assert desk.page.list.isVisible() and not desk.editor.isVisible()
    desk.key(KEY.Key_Return)
    assert desk.editor.isVisible() and not desk.page.list.isVisible()
    QTest.keyClick(QApplication.focusWidget(), KEY.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert desk.page.list.isVisible() and desk.page.list.hasFocus()


def test_closing_the_window_keeps_what_is_typed(desk):
    desk.open("T005")
    desk.type("Dang go", desk.box("proposal"))
    desk.window.close()
    assert desk.held("T005").text("proposal") == "Dang go"


def test_a_draft_of_a_week_that_is_over_is_recorded_there(desk, qtbot):
    from app.services import drafts
    from app.storage.ledger import Ledger
    from ui.jobs import Jobs

    line = desk.held("T006")
    with desk.device.ledger.edit() as edit:
        drafts.keep(edit, line, "result", "Viết dở tuần 27")
    desk.device.clock.now += 7 * 86_400
    jobs = Jobs()
    before = desk.window
    desk.start(qtbot, jobs, Ledger(desk.device.engine, desk.device.clock))
    desk.page.notice._buttons.itemAt(0).widget().click()
    desk.settle()
    assert desk.held("T006").last["result"].text == "Viết dở tuần 27"
    jobs.close()
    before.hide()


def test_pages_have_pictures(desk, tmp_path):
    assert len(pictures.save_pages(desk.window, tmp_path)) == 2
