import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sync.client.enrolment import CodeUsed
from sync.client.link import NoConnection
from sync.protocol.enrolment import new_code
from tests.ui import seen
from ui.pages import first_run
from ui.pages.first_run import FirstRun

CODE = new_code(os.urandom)


class Province:
    """Answers as the test wants, and keeps what it was asked."""

    def __init__(self):
        self.asked, self.error = [], None

    def __call__(self, *asked):
        self.asked.append(asked)
        if self.error is not None:
            raise self.error
        return "opened"


@pytest.fixture
def province():
    return Province()


@pytest.fixture
def page(qtbot, jobs, province):
    made = FirstRun(province, jobs)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def type_in(page, text):
    box = page.fields[page.step].box
    box.setFocus()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def fill(page):
    type_in(page, "http://127.0.0.1:8765")
    type_in(page, CODE.lower())
    type_in(page, "Luong Thi Ha")


def test_three_questions_by_keyboard_and_the_ledger_is_there(page, province, qtbot):
    with qtbot.waitSignal(page.enrolled) as told:
        fill(page)
    assert told.args == ["opened"]
    assert province.asked == [("http://127.0.0.1:8765", CODE.lower(), "Luong Thi Ha")]


def test_an_empty_answer_keeps_the_question_open(page):
    QTest.keyClick(page.server, Qt.Key.Key_Return)
    assert page.step == first_run.SERVER
    assert page.fields[first_run.SERVER].fault


def test_the_wrong_group_of_the_code_is_named_before_anything_is_sent(page, province):
    type_in(page, "http://127.0.0.1:8765")
    type_in(page, "ABCDE FGHJK MN0PQ RSTUV")
    assert page.step == first_run.CODE
    assert "MN0PQ" in page.fields[first_run.CODE].fault
    assert page.code.text() == "ABCDE FGHJK MN0PQ RSTUV"
    marked = [chip._mark.tone.value for chip in page.groups]
    assert marked == ["green", "green", "red", "green"]
    assert province.asked == []


@pytest.mark.parametrize(
    ("error", "step", "words"),
    [
        (CodeUsed(device="Văn phòng 1"), first_run.CODE, "Văn phòng 1"),
        (NoConnection(why="timeout"), first_run.SERVER, "timeout"),
    ],
)
def test_a_refusal_stands_under_the_field_it_is_about(page, province, qtbot, error, step, words):
    province.error = error
    fill(page)
    qtbot.waitUntil(lambda: page.step == step)
    assert words in page.fields[step].fault
    assert page.code.text() == CODE.lower()
    assert page.name.text() == "Luong Thi Ha"
    assert page.next_button.isEnabled()


@pytest.mark.parametrize("size", [(1366, 697), (911, 512), (800, 600)])
def test_nothing_is_cut_off(page, qtbot, size):
    page.resize(*size)
    for step in range(3):
        page._show_step(step)
        qtbot.wait(20)
        assert seen.faults(page) == []
    assert page.size().toTuple() == size


def test_no_group_is_ticked_when_the_check_letter_says_no(page):
    type_in(page, "http://127.0.0.1:8765")
    wrong = CODE[:-1] + ("A" if CODE[-1] != "A" else "B")
    type_in(page, wrong)
    assert page.step == first_run.CODE
    assert page.fields[first_run.CODE].fault
    assert {chip._mark.tone.value for chip in page.groups} == {"grey"}
    page.code.clear()
    QTest.keyClicks(page.code, CODE)
    assert {chip._mark.tone.value for chip in page.groups} == {"green"}


def test_a_dead_address_promises_no_later_sending(page, province, qtbot):
    province.error = NoConnection(why="timeout")
    fill(page)
    qtbot.waitUntil(lambda: page.step == first_run.SERVER)
    assert "phiếu" in page.fields[first_run.SERVER].fault
    assert "đang chờ" not in page.fields[first_run.SERVER].fault
