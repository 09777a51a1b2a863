"""Whose version is whose: each machine of the unit is known by its name at all the others."""

import pytest

from app.domain.ids import assignment_id, task_id
from app.record import log
from app.record.verify import disagreements
from app.services import conflicts
from tests.world import UNIT, Clock, Device, Province, Wire, task, units

KEY = {"assignment": assignment_id(task_id("P", "T1"), UNIT), "week": "2025-W27"}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def province(tmp_path, clock):
    made = Province(tmp_path / "province.db", clock)
    made.issue(*units(UNIT, "16816"), *task("T1", UNIT))
    yield made
    made.close()


@pytest.fixture
def machine(tmp_path, clock, province):
    """Makes a machine of a name that has exchanged once."""
    made = []

    def make(name: str, unit: str = UNIT) -> Device:
        device = Device(tmp_path / f"{len(made)}.db", clock)
        made.append(device)
        device.enrol(province, unit=unit, machine=name)
        device.sync(Wire(province))
        return device

    yield make
    for device in made:
        device.close()


def write(device, words):
    device.clock.now += 60
    with device.ledger.edit() as edit:
        return edit.set("progress", KEY, "result", words)


def weeks(connection):
    return [held.change for held in log.read(connection) if held.change.entity == "progress"]


def whose(device):
    """The machine of each version: of those that stand against each other, and of all there were."""
    with device.ledger.read() as connection:
        assert disagreements(connection) == []
        (found,) = conflicts.conflicts(connection, device.ledger.identity)
        known = conflicts.versions(connection, device.ledger.identity, found.record, "result")
    against = {version.value: version.device for version in found.versions}
    assert {version.value: version.device for version in known if version.holds} == against
    return against


def test_both_machines_see_which_of_them_wrote_what(province, machine):
    one, two = machine("Văn phòng 1"), machine("Văn phòng 2")
    write(one, "Mở hai lớp")
    write(two, "Mở ba lớp")
    for device in (one, two, one):
        device.sync(Wire(province))
    wanted = {"Mở hai lớp": "Văn phòng 1", "Mở ba lớp": "Văn phòng 2"}
    assert whose(one) == whose(two) == wanted
    for device in (one, two):
        done = device.sync(Wire(province))
        assert (done.sent, done.received, done.requests) == (0, 0, 1)


def test_a_machine_that_goes_on_under_a_new_stream_is_known_there_too(province, machine, tmp_path):
    one, two = machine("Văn phòng 1"), machine("Văn phòng 2")
    twin = one.copy(tmp_path / "twin.db")
    write(one, "Mở hai lớp")
    write(twin, "Mở bốn lớp")
    one.sync(Wire(province))
    assert "ledger-copied" in twin.sync(Wire(province)).told
    assert twin.sync(Wire(province)).sent == 0  # a new stream alone is no reason to send
    with twin.ledger.edit() as edit:
        edit.set("progress", KEY | {"week": "2025-W28"}, "result", "Mở năm lớp")
    assert twin.sync(Wire(province)).sent == 2
    two.sync(Wire(province))
    with two.ledger.read() as connection:
        (record,) = [made.id for made in weeks(connection) if made.fields["week"] == "2025-W28"]
        (found,) = conflicts.versions(connection, two.ledger.identity, record, "result")
    assert (found.value, found.device) == ("Mở năm lớp", "Văn phòng 1")
    twin.close()


def test_a_machine_of_another_unit_names_none_of_ours(province, machine):
    ours, theirs = machine("Văn phòng 1"), machine("Máy lạ", "16816")
    with theirs.ledger.edit() as edit:
        edit.set("machine", {"stream": str(ours.ledger.identity.stream)}, "name", "Máy lạ")
    assert theirs.sync(Wire(province)).refused == 1
    write(ours, "Mở hai lớp")
    assert ours.sync(Wire(province)).received == 0
    with ours.ledger.read() as connection:
        record = weeks(connection)[0].id
        (found,) = conflicts.versions(connection, ours.ledger.identity, record, "result")
    assert found.device == "Văn phòng 1"
