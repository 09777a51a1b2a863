import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services import settings
from tests.ui import office, seen
from ui.pages.settings import SettingsPage


@pytest.fixture
def place(tmp_path):
    device, wire, province = office.open_office(tmp_path)
    yield device, wire
    device.close()
    province.close()


@pytest.fixture
def page(place, qtbot, jobs):
    made = SettingsPage(place[0].ledger, jobs)
    qtbot.addWidget(made)
    made.resize(1166, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.reload()
    qtbot.waitUntil(lambda: made._shown is not None)
    return made


def kept(device, name):
    with device.ledger.read() as connection:
        return settings.value(settings.shown(connection, device.ledger.identity)[name])


def test_a_field_is_kept_when_it_is_left_and_the_others_hear_of_it(place, page, qtbot):
    box = page.fields["signer"].box
    box.setFocus()
    QTest.keyClicks(box, "Nguyen Van Minh")
    with qtbot.waitSignal(page.touched) as told:
        page.fields["place"].box.setFocus()
    assert told.args == [frozenset({"unit_settings"})]
    assert kept(place[0], "signer") == "Nguyen Van Minh"


def test_two_quick_edits_of_one_field_are_no_conflict(place, page, qtbot):
    box = page.fields["signer"].box
    for text in ("A", "AB"):
        box.setText(text)
        page.leave()
    qtbot.waitUntil(lambda: not page._changed and page._jobs.idle)
    assert kept(place[0], "signer") == "AB"
    with place[0].ledger.read() as connection:
        assert not settings.shown(connection, place[0].ledger.identity)["signer"].conflict


def test_the_suggested_words_fill_what_is_empty_and_can_be_taken_back(place, page, qtbot):
    box = page.fields["symbol"].box
    box.setText("BC-X")
    page.leave()
    qtbot.waitUntil(lambda: page._jobs.idle)
    QTest.mouseClick(page.usual_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.undo_line.can_undo)
    assert kept(place[0], "issuer") == ("ỦY BAN NHÂN DÂN", "XÃ 16813")
    assert kept(place[0], "symbol") == "BC-X"
    assert kept(place[0], "signer") is None
    page.undo()
    qtbot.waitUntil(lambda: page._jobs.idle and kept(place[0], "issuer") is None)
    assert kept(place[0], "symbol") == "BC-X"


def test_what_is_unset_says_so(page):
    assert page.fields["signer"].box.placeholderText() == "Chưa ghi"
    assert page.fields["symbol"].box.placeholderText() == "BC-UBND"


def test_what_came_while_somebody_types_is_not_written_over_unseen(place, page, qtbot, tmp_path):
    device, wire = place
    other = office.second_device(device, tmp_path / "other.db", wire)
    with other.ledger.edit() as edit:
        before = settings.shown(edit.connection, other.ledger.identity)
        settings.write(edit, other.ledger.identity.unit, {"signer": "Vi Văn Nam"}, before)
    other.sync(wire)
    other.close()
    page.fields["signer"].box.setText("Lương Thị Hà")
    device.sync(wire)
    page.reload()
    qtbot.waitUntil(lambda: page._jobs.idle)
    page.leave()
    qtbot.waitUntil(lambda: page._jobs.idle and bool(page.fields["signer"].fault))
    with device.ledger.read() as connection:
        assert settings.shown(connection, device.ledger.identity)["signer"].conflict


def test_nothing_is_cut_off(page, qtbot):
    qtbot.wait(1)
    assert seen.faults(page) == []
