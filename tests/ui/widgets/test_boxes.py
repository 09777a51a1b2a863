import unicodedata

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.widgets.boxes import LineBox, PercentBox, TextBox


def type_(box: QWidget, text: str) -> None:
    """As an input method that sends keys does; keyClicks ends the process at the first Vietnamese letter."""
    for letter in text:
        QApplication.sendEvent(
            box, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        )


def compose(box: QWidget, preedit: str = "", commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(box, event)


def paste(box: TextBox, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    box.insertFromMimeData(data)


@pytest.fixture
def form(qtbot):
    widget = QWidget()
    column = QVBoxLayout(widget)
    widget.one, widget.two, widget.line = TextBox(name="một"), TextBox(name="hai"), LineBox(name="ba")
    for box in (widget.one, widget.two, widget.line):
        column.addWidget(box)
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.one.setFocus()
    return widget


def test_a_word_under_composition_stays_where_it_was_typed(form):
    type_(form.one, "Đã ")
    compose(form.one, "kiểm")
    assert form.one.text() == "Đã kiểm"
    QTest.mouseClick(form.two.viewport(), Qt.MouseButton.LeftButton)
    assert form.two.hasFocus()
    assert form.one.toPlainText() == "Đã kiểm"
    assert form.two.toPlainText() == ""


def test_a_commit_that_comes_late_is_not_typed_again(form):
    compose(form.one, "kiểm")
    form.two.setFocus()
    compose(form.two, commit="kiểm")
    assert (form.one.text(), form.two.text()) == ("kiểm", "")
    compose(form.two, commit="kiểm")
    assert form.two.text() == "kiểm"


def test_a_commit_that_comes_late_to_a_line_is_not_typed_again(form):
    compose(form.one, "thử")
    form.line.setFocus()
    compose(form.line, commit="thử")
    assert form.line.text() == ""
    compose(form.line, "ab")
    form.one.setFocus()
    assert form.line.text() == "ab"


def test_closing_takes_the_word_under_composition(form):
    compose(form.one, "xã")
    form.one.settle()
    compose(form.one, commit="xã")
    assert form.one.text() == "xã"


def test_a_text_from_outside_leaves_an_open_editor_alone(form):
    type_(form.one, "một hai ba")
    cursor = form.one.textCursor()
    cursor.setPosition(4)
    form.one.setTextCursor(cursor)
    assert not form.one.offer("khác")
    assert form.one.text() == "một hai ba"
    assert form.one.textCursor().position() == 4
    form.two.setFocus()
    assert form.one.offer("khác")
    assert form.one.text() == "khác"


def test_edits_are_told_and_what_the_program_sets_is_not(form, qtbot):
    edits, pauses, leaves = [], [], []
    form.one.edited.connect(lambda: edits.append(1))
    form.one.paused.connect(lambda: pauses.append(1))
    form.one.left.connect(lambda: leaves.append(1))
    form.one.set_text("của tuần trước")
    assert edits == []
    type_(form.one, "ắ")
    assert edits == [1]
    qtbot.waitUntil(lambda: pauses == [1], timeout=4000)
    form.two.setFocus()
    assert leaves == [1]


def test_who_types_without_a_pause_is_told_of_too(form, qtbot):
    """A power cut takes the last two seconds, not the last minute."""
    pauses, still = [], []
    form.one.paused.connect(lambda: pauses.append(1))
    form.one.typed_on.connect(lambda: still.append(1))

    def typing():
        type_(form.one, "a")
        return bool(still)

    qtbot.waitUntil(typing, timeout=6000)
    assert pauses == []


def test_text_becomes_nfc_when_the_field_is_left_and_not_before(form):
    apart = unicodedata.normalize("NFD", "Mường Xén")
    paste_free = form.one
    paste_free.textCursor().insertText(apart)
    assert form.one.toPlainText() == apart
    assert form.one.text() == "Mường Xén"
    form.two.setFocus()
    assert form.one.toPlainText() == "Mường Xén"


def test_a_paste_from_word_is_cleaned(form):
    paste(form.one, "một\u000bhai\r\n\uf0b7 ba\u00ad\u200b")
    assert form.one.toPlainText() == "một\nhai\n- ba"


def test_a_paste_of_a_million_letters_is_refused_in_words_and_nothing_is_lost(form):
    said = []
    form.one.refused.connect(said.append)
    type_(form.one, "giữ lại")
    paste(form.one, "a" * 1_000_000)
    assert form.one.toPlainText() == "giữ lại"
    assert len(said) == 1
    paste(form.one, "b" * 19_990)
    paste(form.one, "c" * 100)
    assert len(said) == 2
    assert "c" not in form.one.toPlainText()


def test_a_box_grows_with_its_text_up_to_six_lines(form, qtbot):
    heights = []
    for count in (1, 2, 3, 6, 20):
        form.one.set_text("\n".join(["Ẫ Ễ"] * count))
        heights.append(form.one.height())
    assert heights[0] == heights[1] < heights[2] < heights[3] == heights[4]


def test_reusing_last_weeks_words_can_be_undone(form):
    type_(form.one, "Mới.")
    form.one.append_text("Tuần trước.")
    assert form.one.text() == "Mới.\nTuần trước."
    form.one.undo()
    assert form.one.text() == "Mới."


def test_escape_says_so_and_drops_no_text(form, qtbot):
    type_(form.one, "chữ")
    with qtbot.waitSignal(form.one.escaped):
        QTest.keyClick(form.one, Qt.Key.Key_Escape)
    assert form.one.text() == "chữ"


def test_tab_leaves_a_box(form):
    QTest.keyClick(form.one, Qt.Key.Key_Tab)
    assert form.two.hasFocus()


@pytest.mark.parametrize(("text", "value"), [("", None), ("80", 80), (" 80 % ", 80), ("0", 0), ("100", 100)])
def test_a_percentage_is_read(qtbot, text, value):
    box = PercentBox()
    qtbot.addWidget(box)
    box.setText(text)
    assert box.value() == value


@pytest.mark.parametrize("text", ["140", "-5", "4.5", "1_0", "８０", "abc"])
def test_what_is_no_percentage_stays_typed_and_is_refused(qtbot, text):
    box = PercentBox()
    qtbot.addWidget(box)
    box.setText(text)
    with pytest.raises(ValueError):
        box.value()
    assert box.text() == text


def test_arrows_step_a_percentage(qtbot):
    box = PercentBox()
    qtbot.addWidget(box)
    box.set_value(98)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == 100
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.value() == 95
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(box.width() - 5, 4))
    assert box.value() == 100
