import pytest

from app.domain.change import Held
from app.record import log
from app.record.apply import apply
from app.record.engine import writing as transaction
from app.record.tables import rows
from app.services import conflicts, people, status
from app.services.lines import line
from app.services.progress import record
from app.services.weeks import present


def write(office, code, **said):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        return record(edit, line(edit.connection, code, now.week, now), now, **said)


@pytest.fixture(autouse=True)
def task(office):
    office.task("A")


def test_a_conflict_shows_both_values_and_what_both_had_seen(office, clock):
    write(office, "A", result="Của tôi")
    office.other_machine("A", "2025-W27", "result", "Của máy kia")
    with office.opened() as opened, opened.ledger.read() as connection:
        assert conflicts.count(connection) == 1
        (found,) = conflicts.conflicts(connection, opened.ledger.identity)
    assert (found.code, str(found.week), found.field) == ("A", "2025-W27", "result")
    told = {version.value: (version.by, version.device) for version in found.versions}
    assert told == {"Của tôi": ("Lương Thị Hà", "Văn phòng 1"), "Của máy kia": ("", "")}


def test_every_version_of_a_field_is_kept(office, clock):
    write(office, "A", result="Một")
    clock.now += 60
    write(office, "A", result="Hai")
    record_id = office.line("A").progress
    with office.opened() as opened, opened.ledger.read() as connection:
        found = conflicts.versions(connection, opened.ledger.identity, record_id, "result")
    assert [(version.value, version.holds) for version in found] == [("Hai", True), ("Một", False)]


def test_a_refused_change_is_returned_until_it_is_written_again(office, clock):
    made = write(office, "A", result="Sai chỗ")
    with office.opened() as opened, transaction(opened.ledger.engine) as connection:
        apply(connection, [Held(made, None, "too-large")])
    assert (office.line("A").exchange, office.line("A").text("result")) == ("returned", "")
    with office.opened() as opened, opened.ledger.read() as connection:
        (found,) = status.returned(connection)
        assert (found.task, found.reason) == ("A", "too-large")
    write(office, "A", result="Đã sửa")
    assert office.line("A").exchange == "waiting"
    with office.opened() as opened, opened.ledger.read() as connection:
        assert status.returned(connection) == []


@pytest.mark.parametrize("first, second", [("signer", "symbol"), ("symbol", "signer")])
def test_a_change_is_returned_until_each_of_its_fields_is_written_again(office, first, second):
    def write(name):
        with office.opened() as opened, opened.ledger.edit() as edit:
            return edit.write("unit_settings", {"unit": "16813"}, dict.fromkeys(name.split(), f"{name}, mới"))

    made = write("signer symbol")
    with office.opened() as opened, transaction(opened.ledger.engine) as connection:
        apply(connection, [Held(made, None, "too-large")])
    left = []
    for name in ("place", first, second):
        write(name)
        with office.opened() as opened, opened.ledger.read() as connection:
            left.append(len(status.returned(connection)))
    assert left == [1, 1, 0]


def test_status_counts_what_waits(office):
    made = write(office, "A", percent=10)
    with office.opened() as opened, opened.ledger.read() as connection:
        found = status.status(connection, opened.ledger.identity)
        assert (found.unit, found.device, found.pending, found.last_sync) == ("16813", "Văn phòng 1", 3, None)
        assert status.waiting(connection) == {"machine": 1, "person": 1, "progress": 1}
    with office.opened() as opened, transaction(opened.ledger.engine) as connection:
        apply(connection, [Held(made, office.clock())])
        (held,) = [held for held in log.read(connection) if held.change.name == made.name]
        assert held.arrived == office.clock()
    assert office.line("A").exchange == "received"


def test_a_person_can_be_renamed(office):
    with office.opened() as opened, opened.ledger.edit() as edit:
        person = opened.ledger.identity.person
        people.rename(edit, person, "  Lương  Thị Hà Giang ", people.shown(edit.connection, person))
        assert people.names(edit.connection)[person] == "Lương Thị Hà Giang"


def test_a_unit_that_the_province_renamed_is_called_by_its_new_name(office):
    with office.opened() as opened, transaction(opened.ledger.engine) as connection:
        identity = opened.ledger.identity
        assert status.status(connection, identity).unit_name == identity.unit_name
        connection.execute(rows["unit"].insert().values(id="0" * 32, code=identity.unit, name="Xã Mới"))
        assert status.status(connection, identity).unit_name == "Xã Mới"
