"""What goes on beside before there is a window."""

import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from ui import waiting


def signs():
    return [w.text() for w in QApplication.topLevelWidgets() if isinstance(w, QLabel) and w.isVisible()]


def test_a_quick_work_is_done_on_another_thread_and_nothing_is_shown(qtbot):
    seen = []

    def work():
        seen.append(threading.current_thread())
        return 7

    assert waiting.beside(work, "Đang mở sổ…") == 7
    assert seen != [threading.main_thread()]
    assert signs() == []


def test_a_slow_work_is_said_meanwhile_and_the_sign_goes_with_it(qtbot):
    go, seen = threading.Event(), []

    def look():
        if signs():
            seen.extend(signs())
            go.set()
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)
    assert waiting.beside(lambda: go.wait(20), "Đang mở sổ…") is True
    assert seen == ["Đang mở sổ…"]
    assert signs() == []


def test_what_goes_wrong_comes_out_where_it_was_asked(qtbot):
    def work():
        raise FileNotFoundError("so.db")

    with pytest.raises(FileNotFoundError, match=r"so\.db"):
        waiting.beside(work, "Đang mở sổ…")
