import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.ui import gallery, seen
from ui import pictures, style, tokens
from ui.pages.base import Plan
from ui.widgets.help import Help


@pytest.fixture
def window(qtbot, jobs):
    made = gallery.window(jobs)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.open_page("week")
    return made


@pytest.mark.parametrize(
    ("size", "plan"),
    [
        ((1366, 768), Plan.WIDE),
        ((1366, 697), Plan.WIDE),
        ((911, 512), Plan.COMPACT),
        ((800, 600), Plan.COMPACT),
        ((683, 400), Plan.NARROW),
    ],
)
def test_nothing_is_cut_off(window, qtbot, size, plan):
    window.resize(*size)
    for page in window.pages:
        window.open_page(page.key)
        qtbot.wait(1)
        assert page.plan is plan
        assert seen.faults(window) == []
    assert window.size().toTuple() == size


def test_pages_open_by_keys_and_put_the_focus_where_work_goes_on(window):
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.page.key == "tasks"
    assert window.page.search.hasFocus()
    assert window.rail.opened() == "tasks"
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.page.key == "week"
    assert window.page.list.hasFocus()


def test_f6_goes_from_page_to_band_to_rail_and_back(window):
    stops = []
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_F6)
        focus = window.focusWidget()
        stops.append(
            "band" if focus is window.band else "rail" if window.rail.isAncestorOf(focus) else "page"
        )
    assert stops == ["band", "rail", "page"]


def test_the_rail_is_one_stop_and_goes_by_arrows(window):
    window.rail.focus_open()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    assert window.page.key == "week"
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.page.key == "tasks"
    stops = [b for b in window.rail._buttons.values() if b.focusPolicy() is Qt.FocusPolicy.StrongFocus]
    assert len(stops) == 1


def test_tab_goes_through_the_page_before_band_and_rail(window):
    window.open_page("exchange")
    assert window.page.empty._buttons[0].hasFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.band.hasFocus()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.rail.isAncestorOf(window.focusWidget())


def test_a_page_reloads_only_if_it_shows_what_was_touched_and_did_not_do_it_itself(window):
    week, tasks = window.pages[0], window.pages[1]
    assert (week.reloads, tasks.reloads) == (1, 0)
    window.touch(frozenset({"report"}))
    assert week.reloads == 1
    week.touched.emit(frozenset({"progress"}))
    assert (week.reloads, tasks.reloads) == (1, 0)
    window.open_page("tasks")
    assert tasks.reloads == 1
    tasks.touched.emit(frozenset({"progress"}))
    window.open_page("week")
    assert week.reloads == 2
    window.open_page("tasks")
    assert tasks.reloads == 1


def test_the_band_opens_the_exchange_page(window):
    window.band.click()
    assert window.page.key == "exchange"


def test_help_lists_all_keys(window, qtbot):
    QTest.keyClick(window, Qt.Key.Key_F1)
    help_ = window.findChild(Help)
    assert help_.isVisible()
    said = {label.text() for label in help_.findChildren(QLabel)}
    assert {"F5", "Thử gửi ngay", "Alt+↓", "Ctrl+1"} <= said
    assert seen.faults(help_) == []
    help_.close()


def test_f5_asks_to_send(window, qtbot):
    with qtbot.waitSignal(window.sync_wanted):
        QTest.keyClick(window, Qt.Key.Key_F5)


def test_ctrl_z_takes_back_what_the_page_says(window):
    done = []
    window.page.say_undo("Đã ghi", lambda: done.append(1))
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert done == [1]


def test_an_error_that_nobody_claimed_is_said_under_the_header(window, jobs, qtbot):
    jobs.run(window, lambda: 1 / 0)
    qtbot.waitUntil(lambda: bool(window.notice.text))
    assert "Chữ đã ghi vẫn còn" in window.notice.text


def test_the_first_run_stands_alone_and_gives_way_to_the_pages(window, qtbot):
    window.show_alone(QLabel("Gõ mã trên phiếu ghi danh"))
    assert not window.rail.isVisible()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.page.key == "week"
    window.show_shell()
    assert window.rail.isVisible()


def test_closing_keeps_what_is_written_and_ends_the_jobs(window, jobs):
    left = []
    for page in window.pages:
        page.leave = lambda page=page: left.append(page.key)
    window.close()
    assert left == ["week", "tasks", "exchange", "settings"]
    assert jobs.run(window, lambda: 1).cancelled


def test_a_theme_change_restyles_an_open_window(window, qapp):
    before = window.grab().toImage()
    style.apply(qapp, tokens.DARK, style.look().family)
    after = window.grab().toImage()
    assert before.pixelColor(5, 300).lightness() > 200
    assert after.pixelColor(5, 300).lightness() < 60
    style.apply(qapp, tokens.LIGHT, style.look().family)


def test_a_picture_of_each_page_is_written(window, tmp_path):
    files = pictures.save_pages(window, tmp_path)
    assert [file.name for file in files] == ["1-week.png", "2-tasks.png", "3-exchange.png", "4-settings.png"]
    assert all(file.stat().st_size > 5_000 for file in files)
    assert window.page.key == "week"


def test_a_picture_that_cannot_be_written_is_said(window, tmp_path):
    with pytest.raises(OSError):
        pictures.save(window, tmp_path / "missing" / "x.png")


def test_the_title_names_the_unit_and_the_program_once(window):
    window.set_unit("Xã Mường Xén", "", "")
    assert window.windowTitle() == "Xã Mường Xén - Sổ Nhiệm Vụ"
