import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui import office
from tests.ui.test_editor import Desk
from tests.world import UNIT, task

KEY = Qt.Key


def given(code, title, deadline, group, group_name):
    return task(code, UNIT, title=title, deadline=deadline, group=group, group_name=group_name)


@pytest.fixture
def desk(tmp_path, qtbot, jobs):
    wanted = [
        *given("A01", "Kiện toàn Tổ công nghệ số", "2025-06-20", "HTS", "Hạ tầng số"),
        *given("A02", "Niêm yết thủ tục hành chính", "2025-07-03", "CCHC", "Cải cách"),
        *given("A03", "Đào tạo kỹ năng số", "2025-12-31", "HTS", "Hạ tầng số"),
        *given("A04", "Báo cáo hằng năm", None, "CCHC", "Cải cách"),
    ]
    made = Desk(tmp_path, qtbot, jobs, *wanted)
    made.window.open_page("tasks")
    made.settle()
    yield made
    made.device.close()


def codes(desk):
    model = desk.page.table.sorted
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_the_nearest_deadline_comes_first_and_the_search_has_the_focus(desk):
    assert codes(desk) == ["A01", "A02", "A03", "A04"]
    assert desk.page.search.hasFocus()
    assert desk.page.subtitle == "4 nhiệm vụ của xã"


@pytest.mark.parametrize("typed", ["kien toan", "KIỆN TOÀN", "ki\u00ea\u0323n toàn", "so cong nghe"])
def test_search_ignores_accents_and_case(desk, typed):
    desk.page.search.setText(typed)
    assert codes(desk) == ["A01"]


def test_search_folds_d_with_stroke(desk):
    desk.page.search.setText("dao tao")
    assert codes(desk) == ["A03"]


def test_filters_and_quick_filters_leave_what_fits_and_count_it(desk):
    office.record(desk.device, "A02", status="done")
    office.record(desk.device, "A03", difficulty="Thiếu máy")
    desk.page.reload()
    desk.settle()
    page = desk.page
    assert page.chips["overdue"].accessibleName() == "Quá hạn 1"
    assert page.chips["conflict"].isHidden()
    page.show_quick("overdue")
    assert codes(desk) == ["A01"]
    page.show_quick("overdue")
    page.status.set_value("done")
    page._filter()
    assert codes(desk) == ["A02"]
    page.status.set_value("")
    page.groups.set_value("HTS")
    page._filter()
    assert codes(desk) == ["A01", "A03"]
    page.window_.set_value("later")
    page._filter()
    assert codes(desk) == ["A03"]
    page.search.setText("không có đâu")
    assert page.empty.isVisible()
    page.empty._buttons[0].click()
    assert len(codes(desk)) == 4
    assert page.search.hasFocus()


def test_a_heading_sorts_and_what_has_no_deadline_stays_last(desk):
    desk.page.table.sort_by(0, down=True)
    assert codes(desk) == ["A04", "A03", "A02", "A01"]


def test_enter_opens_the_task_and_alt_left_goes_back(desk):
    QTest.keyClicks(desk.page.search, "nie")
    desk.key(KEY.Key_Return)
    assert desk.page.table.hasFocus()
    desk.key(KEY.Key_Return)
    assert desk.editor.line.code == "A02"
    assert desk.editor.isVisible()
    desk.type("Da niem yet", desk.box("result"))
    QTest.keyClick(QApplication.focusWidget(), KEY.Key_Left, Qt.KeyboardModifier.AltModifier)
    desk.settle()
    assert desk.page.table.isVisible() and desk.page.table.hasFocus()
    assert desk.held("A02").text("result") == "Da niem yet"
    assert desk.page.table.line().code == "A02"


def test_the_other_page_reads_anew_what_was_recorded_here(desk):
    desk.page.open_line(desk.page.shown.coded("A03"))
    desk.type("Da lam", desk.box("result"))
    desk.key(KEY.Key_Tab)
    desk.window.open_page("week")
    desk.settle()
    assert desk.page.count.text() == "Đã ghi 1/4"


def test_ctrl_f_comes_back_to_the_search(desk):
    desk.page.open_line(desk.page.shown.coded("A03"))
    desk.window.page.start_search()
    assert desk.page.search.hasFocus()
