"""The machine in the settings: sent by itself or not, copies made and taken in; all told in words."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.errors import LedgerError
from app.services import opening
from app.services.scheduling import ScheduleRefused, Standing
from app.services.takein import BackupOtherUnit, TakenIn
from app.storage.home import Home
from tests.ui import office, seen
from ui.machine import Machine
from ui.pages.settings import SettingsPage


class Fake:
    """A machine of the test's own."""

    practice = False

    def __init__(self):
        self.on, self.works, self.error = False, "yes", None
        self.result: TakenIn | LedgerError = TakenIn(14, 14, "Văn phòng 1")
        self.asked = []

    def standing(self):
        return Standing(self.on)

    def schedule(self, on):
        if self.error is not None:
            raise self.error
        self.on = on
        return Standing(on, self.works)

    def copy(self, folder):
        self.asked.append(folder)
        return folder / "16813-1.db"

    def take_in(self, path):
        self.asked.append(path)
        if isinstance(self.result, LedgerError):
            raise self.result
        return self.result


@pytest.fixture
def machine():
    return Fake()


@pytest.fixture
def device(tmp_path):
    made, _wire, province = office.open_office(tmp_path)
    yield made
    made.close()
    province.close()


@pytest.fixture
def page(device, machine, qtbot, jobs):
    made = SettingsPage(device.ledger, jobs, machine)
    qtbot.addWidget(made)
    made.resize(1166, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.reload()
    qtbot.waitUntil(lambda: made._shown is not None and made.schedule.choice.isEnabled())
    return made


def choose(page, value):
    QTest.mouseClick(page.schedule.choice._segments[value], Qt.MouseButton.LeftButton)


def test_sending_by_itself_is_turned_on_and_off(page, machine, qtbot):
    assert page.schedule.choice.value() == "off"
    choose(page, "on")
    qtbot.waitUntil(lambda: "phút" in page.schedule.result.text)
    assert machine.on
    choose(page, "off")
    qtbot.waitUntil(lambda: "khi mở cửa sổ" in page.schedule.result.text)
    assert not machine.on


def test_a_refusal_of_the_system_is_told_and_the_choice_stays_what_it_is(page, machine, qtbot):
    machine.error = ScheduleRefused(system="schtasks")
    choose(page, "on")
    qtbot.waitUntil(lambda: page.schedule.result.text != "" and page.schedule.choice.value() == "off")
    assert page.schedule.choice.isEnabled()


def test_a_copy_is_made_where_a_person_says(page, machine, qtbot):
    page.copies.ask_folder = lambda _parent: Path("/stick")
    QTest.mouseClick(page.copies.copy_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "16813-1.db" in page.copies.result.text)
    assert machine.asked == [Path("/stick")]


def test_a_copy_of_a_dead_machine_is_taken_in_and_the_pages_hear_of_it(page, qtbot):
    page.copies.ask_file = lambda _parent: Path("/stick/may-cu.db")
    with qtbot.waitSignal(page.touched) as touched:
        QTest.mouseClick(page.copies.take_button, Qt.MouseButton.LeftButton)
    assert "progress" in touched.args[0]
    assert "14 mục" in page.copies.result.text and "Văn phòng 1" in page.copies.result.text


def test_a_copy_that_is_refused_says_why(page, machine, qtbot):
    machine.result = BackupOtherUnit(unit="Xã Keng Đu")
    page.copies.ask_file = lambda _parent: Path("/stick/khac.db")
    page.copies.take_in()
    qtbot.waitUntil(lambda: "Keng Đu" in page.copies.result.text)
    assert page.copies.take_button.isEnabled()


@pytest.mark.parametrize("width", [1166, 835, 724])
def test_nothing_is_cut_off(page, qtbot, width):
    choose(page, "on")
    qtbot.waitUntil(lambda: page.schedule.result.text != "")
    page.copies.result.say("Một câu dài để xem có vừa không. " * 4)
    page.resize(width, 640)
    qtbot.wait(20)
    assert seen.faults(page) == []


def test_practice_installs_nothing_at_the_system(device, tmp_path):
    home = Home(tmp_path / "home")
    home.path.mkdir()
    opened = opening.Opened(home, device.ledger, device.key.sign, "file", device.subkey, device.engine, b"")
    assert not Machine(opened).practice
    home.mark_demo({"start": office.START, "began": 0.0})
    assert Machine(opened).practice
