import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sync.client.enrolment import CodeUsed
from sync.client.link import NoConnection
from sync.protocol.enrolment import new_code
from sync.protocol.enrolment_file import EnrolFileUnsigned
from tests.ui import seen
from ui.pages import first_card
from ui.pages.first_run import FirstRun
from ui.starting import Found

CODE = new_code(os.urandom)


class Province:
    """Answers as the test wants, and keeps what it was asked."""

    def __init__(self):
        self.asked, self.error = [], None

    def __call__(self, *asked, ca=""):
        self.asked.append(asked)
        self.ca = ca
        if self.error is not None:
            raise self.error
        return "opened"


@pytest.fixture
def province():
    return Province()


class Ways:
    """Files and practice as the test wants them."""

    def __init__(self):
        self.read, self.enrolled, self.practised, self.error = [], [], 0, None

    def read_file(self, path):
        self.read.append(path.name)
        if self.error is not None:
            raise self.error
        return Found("16813", "Xã Mường Xén", 23, 1_751_340_060, "whole")

    def enrol_file(self, found, name):
        self.enrolled.append((found.file, name))
        return "opened by file"

    def read_ca(self, path):
        return f"certificate of {path.name}"

    def practise(self):
        self.practised += 1
        return True


@pytest.fixture
def ways():
    return Ways()


@pytest.fixture
def page(qtbot, jobs, province, ways):
    made = FirstRun(province, jobs, ways)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def type_in(page, text):
    box = page.card.fields[page.step].box
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
    QTest.keyClick(page.card.server, Qt.Key.Key_Return)
    assert page.step == first_card.SERVER
    assert page.card.fields[first_card.SERVER].fault


def test_the_wrong_group_of_the_code_is_named_before_anything_is_sent(page, province):
    type_in(page, "http://127.0.0.1:8765")
    type_in(page, "ABCDE FGHJK MN0PQ RSTUV")
    assert page.step == first_card.CODE
    assert "MN0PQ" in page.card.fields[first_card.CODE].fault
    assert page.card.code.text() == "ABCDE FGHJK MN0PQ RSTUV"
    marked = [chip._mark.tone.value for chip in page.card.code_groups.chips]
    assert marked == ["green", "green", "red", "green"]
    assert province.asked == []


@pytest.mark.parametrize(
    ("error", "step", "words"),
    [
        (CodeUsed(device="Văn phòng 1"), first_card.CODE, "Văn phòng 1"),
        (NoConnection(why="timeout"), first_card.SERVER, "timeout"),
    ],
)
def test_a_refusal_stands_under_the_field_it_is_about(page, province, qtbot, error, step, words):
    province.error = error
    fill(page)
    qtbot.waitUntil(lambda: page.step == step)
    assert words in page.card.fields[step].fault
    assert page.card.code.text() == CODE.lower()
    assert page.card.name.text() == "Luong Thi Ha"
    assert page.card.next_button.isEnabled()


@pytest.mark.parametrize("size", [(1366, 697), (911, 512), (800, 600)])
def test_nothing_is_cut_off(page, qtbot, size):
    page.resize(*size)
    page._found = None
    for step in range(4):
        page._way = first_card.FILE_WAY if step == first_card.FILE else first_card.CODE_WAY
        page.card.show_step(step, page._way)
        qtbot.wait(20)
        assert seen.faults(page) == []
    assert page.size().toTuple() == size


def test_no_group_is_ticked_when_the_check_letter_says_no(page):
    type_in(page, "http://127.0.0.1:8765")
    wrong = CODE[:-1] + ("A" if CODE[-1] != "A" else "B")
    type_in(page, wrong)
    assert page.step == first_card.CODE
    assert page.card.fields[first_card.CODE].fault
    assert {chip._mark.tone.value for chip in page.card.code_groups.chips} == {"grey"}
    page.card.code.clear()
    QTest.keyClicks(page.card.code, CODE)
    assert {chip._mark.tone.value for chip in page.card.code_groups.chips} == {"green"}


def test_a_dead_address_promises_no_later_sending(page, province, qtbot):
    province.error = NoConnection(why="timeout")
    fill(page)
    qtbot.waitUntil(lambda: page.step == first_card.SERVER)
    assert "phiếu" in page.card.fields[first_card.SERVER].fault
    assert "đang chờ" not in page.card.fields[first_card.SERVER].fault


def test_a_file_shows_unit_and_tasks_before_anything_is_kept_and_then_one_name_is_enough(page, ways, qtbot):
    page.ask_file = lambda _parent: Path("/stick/ghi-danh.snv")
    QTest.mouseClick(page.card.file_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.step == first_card.FILE)
    assert page.card.unit.text() == "Xã Mường Xén (16813)"
    assert page.card.unit_facts.text() == "Trong tệp có 23 nhiệm vụ. Tỉnh lập ngày 01/07/2025."
    assert ways.enrolled == []
    assert page.card.next_button.hasFocus() and page.card.next_button.text() == "Đúng đơn vị của tôi"
    assert page.card.steps._words == ("Tệp ghi danh", "Người dùng đầu tiên")
    QTest.keyClick(page.card.next_button, Qt.Key.Key_Return)
    assert page.step == first_card.NAME
    with qtbot.waitSignal(page.enrolled) as told:
        type_in(page, "Luong Thi Ha")
    assert told.args == ["opened by file"]
    assert ways.enrolled == [("whole", "Luong Thi Ha")]


def test_the_file_of_another_unit_leads_back_and_nothing_is_kept(page, ways, province, qtbot):
    page.open_file(Path("/stick/ghi-danh.snv"))
    qtbot.waitUntil(lambda: page.step == first_card.FILE)
    QTest.mouseClick(page.card.back_button, Qt.MouseButton.LeftButton)
    assert page.step == first_card.SERVER and page.card.other_ways.isVisible()
    fill(page)
    qtbot.waitUntil(lambda: province.asked != [])
    assert ways.enrolled == []


def test_a_file_that_the_province_did_not_sign_is_refused_in_words(page, ways, qtbot):
    ways.error = EnrolFileUnsigned(file="ghi-danh.snv")
    page.open_file(Path("/stick/ghi-danh.snv"))
    qtbot.waitUntil(lambda: page.card.notice.text != "")
    assert "không phải do tỉnh ký" in page.card.notice.text
    assert page.step == first_card.SERVER and page.card.file_button.isEnabled()


def test_practice_is_another_window(page, ways):
    QTest.mouseClick(page.card.practice_button, Qt.MouseButton.LeftButton)
    assert ways.practised == 1
    assert "số liệu mẫu" in page.card.notice.text


def test_a_province_with_a_certificate_of_its_own_is_known_by_it(page, province, qtbot):
    page.ask_file = lambda _parent: Path("/stick/tinh.pem")
    QTest.mouseClick(page.card.ca_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "tinh.pem" in page.card.ca_button.text())
    with qtbot.waitSignal(page.enrolled):
        fill(page)
    assert province.ca == "certificate of tinh.pem"
