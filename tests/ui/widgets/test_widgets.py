import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tests.ui import gallery
from ui import marks
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.band import BandState, ExchangeBand
from ui.widgets.boxes import TextBox
from ui.widgets.choices import Choice, Segmented
from ui.widgets.field import Field
from ui.widgets.labels import Elide, elided_lines, label
from ui.widgets.notices import Notice, UndoLine
from ui.widgets.rows import RowList
from ui.widgets.strips import TickStrip

STATES = [
    (code, marks.status(code).word, marks.status(code)) for code in ("not_started", "in_progress", "done")
]


def shown(qtbot, widget, width=600, height=300):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    return widget


def test_a_segmented_control_is_one_stop_and_arrows_choose(qtbot):
    control = shown(qtbot, Segmented(STATES, name="Tình trạng"))
    heard = []
    control.chosen.connect(heard.append)
    control.set_value("not_started")
    assert heard == []
    control.focus_choice()
    QTest.keyClick(control.focusWidget(), Qt.Key.Key_Right)
    assert control.value() == "in_progress"
    assert heard == ["in_progress"]
    before = control.width()
    control.set_value("done")
    assert control.sizeHint().width() <= before
    control.set_value("")
    assert control.value() == ""


def test_a_choice_is_a_combo_box_where_there_is_no_room(qtbot):
    choice = shown(qtbot, Choice(STATES, name="Tình trạng"), 600, 32)
    choice.set_value("done")
    assert choice.segments.isVisible()
    choice.resize(180, 32)
    assert choice.combo.isVisible()
    assert not choice.segments.isVisible()
    assert choice.combo.value() == choice.value() == "done"
    with qtbot.waitSignal(choice.chosen) as told:
        choice.combo.activated.emit(0) if choice.combo.setCurrentIndex(0) is None else None
    assert told.args == ["not_started"]
    assert choice.value() == "not_started"


def test_the_undo_line_takes_back_once(qtbot):
    line = UndoLine()
    qtbot.addWidget(line)
    done = []
    line.say("BCD25-006: Hoàn thành", lambda: done.append(1))
    assert line.can_undo
    line.undo()
    line.undo()
    assert done == [1]
    assert line.isHidden()


def test_the_undo_line_stays_while_the_focus_is_in_it(qtbot):
    holder = QWidget()
    column = QVBoxLayout(holder)
    line, box = UndoLine(), TextBox()
    column.addWidget(box)
    column.addWidget(line)
    shown(qtbot, holder)
    line.say("Đã ghi", lambda: None)
    line._button.setFocus()
    line._timer.timeout.emit()
    assert line.isVisible()
    box.setFocus()
    line._timer.timeout.emit()
    assert line.isHidden()


def test_a_notice_does_what_its_button_says_and_goes(qtbot):
    notice = shown(qtbot, Notice(), 700, 60)
    done = []
    notice.say(
        "Chuyển thành Hoàn thành?",
        tone=Tone.AMBER,
        actions=(("Chuyển", lambda: done.append("go")), ("Giữ", lambda: done.append("stay"))),
    )
    first = notice._buttons.itemAt(0).widget()
    first.click()
    assert done == ["go"]
    assert notice.isHidden()
    notice.say("Khác")
    assert notice._buttons.count() == 0
    QTest.keyClick(notice, Qt.Key.Key_Escape)
    assert notice.isHidden()


def test_a_field_offers_last_weeks_words_and_says_what_is_wrong(qtbot):
    field = shown(qtbot, Field("Kết quả đã làm", TextBox()))
    assert field.box.accessibleName() == "Kết quả đã làm"
    field.show_last("Tuần 28: Đã mở lớp.", "Đã mở lớp.")
    with qtbot.waitSignal(field.reused) as told:
        field._again.click()
    assert told.args == ["Đã mở lớp."]
    field.say("Chưa đúng.", focus=True)
    assert field.fault == "Chưa đúng."
    assert field.box.property("fault") is True
    field.say("")
    assert field.fault == ""


def test_long_words_are_cut_with_a_tooltip_and_never_widen(qtbot):
    text = gallery.TITLES[1]
    elide = shown(qtbot, Elide(text), 120, 20)
    assert elide.toolTip() == text
    assert elide.minimumSizeHint().width() < 40
    elide.resize(2000, 20)
    assert elide.toolTip() == ""
    lines = elided_lines(text, 200, 2, size=14)
    assert len(lines) == 2
    assert lines[1].endswith("…")


@pytest.mark.parametrize("role", ["", "small", "error"])
def test_wrapped_words_keep_their_height(qtbot, role):
    holder = QWidget()
    column = QVBoxLayout(holder)
    words = label("Ẫ Ễ Ỗ Ổ " * 30, role, wrap=True)
    column.addWidget(words)
    shown(qtbot, holder, 300, 40)
    tall = words.height()
    assert tall >= words.heightForWidth(words.width())
    holder.resize(900, 40)
    qtbot.waitUntil(lambda: words.minimumHeight() < tall)


def test_the_band_says_what_it_shows(qtbot):
    band = shown(qtbot, ExchangeBand(), 500, 32)
    band.show_state(BandState(Shape.RETURNED, Tone.RED, "1 mục bị trả lại:", "xem lý do"))
    assert band.accessibleName() == "1 mục bị trả lại: xem lý do"
    assert band.state.framed
    assert not BandState(Shape.WAITING, Tone.GREY, "Chờ").framed
    with qtbot.waitSignal(band.clicked):
        QTest.keyClick(band, Qt.Key.Key_Space)


def test_the_strip_says_how_many_are_recorded(qtbot):
    strip = TickStrip()
    qtbot.addWidget(strip)
    strip.show_ticks([(n < 8, Tone.GREY) for n in range(23)])
    assert strip.accessibleName() == "Đã ghi 8 trong 23 nhiệm vụ"


@pytest.fixture
def rows(qtbot):
    made = RowList("Việc cần làm")
    made.show_groups(gallery.groups())
    return shown(qtbot, made, 440, 500)


def test_a_list_goes_by_arrows_folds_and_searches(rows, qtbot):
    heard = []
    rows.chosen.connect(heard.append)
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Home)
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Down)
    assert rows.key() == "k1"
    QTest.keyClick(rows, Qt.Key.Key_Left)
    assert rows.rows.is_folded("late")
    QTest.keyClick(rows, Qt.Key.Key_Right)
    assert not rows.rows.is_folded("late")
    rows.keyboardSearch("niem")
    assert rows.key() == "k3"
    with qtbot.waitSignal(rows.opened) as told:
        QTest.keyClick(rows, Qt.Key.Key_Return)
    assert told.args == ["k3"]
    assert heard[-1] == "k3"


def test_next_and_previous_go_over_headings_and_folds(rows):
    rows.select("k1")
    rows.rows.fold("soon", True)
    assert rows.go(1)
    assert rows.key() == "k2"
    assert not rows.rows.is_folded("soon")
    assert rows.go(-1)
    rows.select("k14")
    assert not rows.go(1)


def test_the_chosen_row_stays_when_the_rows_change(rows):
    rows.select("k3")
    rows.show_groups(gallery.groups()[1:])
    assert rows.key() == "k3"
    rows.show_groups(gallery.groups()[2:])
    assert rows.key() == "k6"
    rows.show_groups(())
    assert rows.key() == ""


def test_tab_stops_at_the_chosen_segment_whoever_chose_it(qtbot):
    control = shown(qtbot, Segmented(STATES, name="Tình trạng"), 600, 32)
    values = [value for value, _word, _mark in STATES]

    def stops():
        tab = Qt.FocusPolicy.TabFocus
        return [v for v in values if control._segments[v].focusPolicy() & tab]

    assert stops() == values[:1]
    control.set_value(values[2])
    assert stops() == [values[2]]
    control.set_value(values[1])
    assert stops() == [values[1]]
    control.set_value("")
    assert stops() == values[:1]


def test_an_answer_gives_the_focus_back(qtbot):
    """Whether the button was clicked or reached by Tab: nobody should stand in another part of the window."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    notice, other, box = Notice(whole), TextBox(parent=whole), TextBox(parent=whole)
    for widget in (notice, other, box):
        column.addWidget(widget)
    shown(qtbot, whole)
    box.setFocus()
    notice.say("Hỏi?", actions=(("Có", lambda: None), ("Không", lambda: None)))
    button = notice._buttons.itemAt(1).widget()
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert notice.isHidden() and box.hasFocus()
