import subprocess
import sys
from pathlib import Path

import PySide6
import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QWidget

from app import words
from ui import application, qt_words
from ui.application import SingleWindow, WindowOpen, fit


def test_one_window_a_home(tmp_path):
    one, two = SingleWindow(tmp_path), SingleWindow(tmp_path)
    one.take()
    with pytest.raises(WindowOpen) as refused:
        two.take()
    assert "đang mở" in words.explain(refused.value)
    one.release()
    two.take()
    two.release()


def test_a_lock_left_by_a_dead_process_is_no_obstacle(tmp_path):
    code = "import os, sys; from pathlib import Path; from ui.application import SingleWindow; "
    code += "SingleWindow(Path(sys.argv[1])).take(); os._exit(0)"
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=True, cwd=Path(application.__file__).parent.parent
    )
    SingleWindow(tmp_path).take()


def test_a_folder_that_cannot_be_written_does_not_stop_the_window(tmp_path):
    SingleWindow(tmp_path / "missing").take()


def test_qts_own_words_are_vietnamese(qapp, tmp_path):
    ts, qm = tmp_path / "qt_vi.ts", tmp_path / "qt_vi.qm"
    words.use("vi")
    qt_words.write_ts(ts, words._)
    first = ts.read_bytes()
    qt_words.write_ts(ts, words._)
    assert ts.read_bytes() == first
    subprocess.run(
        [Path(sys.executable).parent / "pyside6-lrelease", ts, "-qm", qm], check=True, capture_output=True
    )
    translator = QTranslator()
    assert translator.load(str(qm))
    qapp.installTranslator(translator)
    try:
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Thôi"
        assert QCoreApplication.translate("QPlatformTheme", "OK") == "Đồng ý"
        assert QCoreApplication.translate("QWidgetTextControl", "&Copy") == "Ché&p"
    finally:
        qapp.removeTranslator(translator)


def test_the_list_holds_words_that_qt_really_asks_for():
    found = set(sources(next(Path(PySide6.__file__).parent.rglob("qtbase_de.qm"))))
    assert [pair for pair in qt_words.QT_WORDS if pair not in found] == []
    assert len(set(qt_words.QT_WORDS)) == len(qt_words.QT_WORDS)


def test_access_keys_are_letters_that_can_be_pressed():
    words.use("vi")
    for _context, source in qt_words.QT_WORDS:
        word = words._(source)
        if "&" in word:
            assert word[word.index("&") + 1].lower() in "abcdefghijklmnopqrstuvwxyz", word


def sources(file: Path) -> list[tuple[str, str]]:
    """(context, source) of each message in a .qm: section 0x69 is a tagged list."""
    data = file.read_bytes()[16:]
    sections, at = {}, 0
    while at < len(data):
        length = int.from_bytes(data[at + 1 : at + 5])
        sections[data[at]] = data[at + 5 : at + 5 + length]
        at += 5 + length
    body, at, message, found = sections[0x69], 0, {}, []
    while at < len(body):
        tag, at = body[at], at + 1
        if tag == 1:
            found.append((message.get(7, b"").decode(), message.get(6, b"").decode()))
            message = {}
            continue
        length = int.from_bytes(body[at : at + 4])
        length = 0 if length == 0xFFFFFFFF else length
        message[tag] = body[at + 4 : at + 4 + length]
        at += 4 + length
    return found


def test_the_window_is_single_in_a_home_that_is_not_there_yet(tmp_path):
    home = tmp_path / "deep" / "home"
    first = SingleWindow(home)
    first.take()
    with pytest.raises(WindowOpen):
        SingleWindow(home).take()
    first.release()


@pytest.mark.parametrize("more", [0, 1])
def test_a_window_larger_than_the_screen_is_maximised(qtbot, more):
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    window.resize(room.width() + more, room.height())
    fit(window)
    window.show()
    assert window.isMaximized() is bool(more)
