"""A dead machine's copy at a living one, with a province in between that may itself have lost something."""

from functools import partial

import pytest

from app.domain.ids import random_id, random_stream
from app.record.engine import open_plain, write_copy
from app.record.verify import disagreements
from app.services import lines, opening, progress, weeks
from app.services.takein import take_in
from app.storage import outgoing
from app.storage.home import Home
from app.storage.meta import Identity
from sync.client.engine import synchronise
from sync.client.escrow import ask
from sync.protocol.enrolment import new_code
from sync.server.escrow import reseal
from tests.world import UNIT, Clock, Province, Wire, tables, task, units


class Road(Wire):
    def post(self, path, body):
        return reseal(self.province.store, body) if path == "/v1/escrow" else super().post(path, body)


class Machine:
    """An enrolled home, with its keys in a file."""

    def __init__(self, folder, clock, province):
        def present(newcomer):
            certificate = province.enrol(newcomer.device, newcomer.public_key, box_key=newcomer.box_key)
            with province.store.read() as connection:
                pinned, box_key = province.store.public_key(connection), province.store.box_key(connection)
            return Identity(
                UNIT, "Xã Mường Xén", newcomer.device, "Văn phòng 1", random_stream(), "test", pinned,
                certificate, random_id(), box_key,
            )  # fmt: skip

        code = new_code(lambda count: bytes(range(count)))
        home = Home(folder)
        self.opened = opening.enrol(home, clock, code, "Lương Thị Hà", present, keyring=False)

    def sync(self, road):
        return synchronise(self.opened.ledger, road, self.opened.sign)

    def record(self, code, **said):
        with self.opened.ledger.edit() as edit:
            now = weeks.present(edit.connection, self.opened.ledger.now())
            line = progress.found(lines.line(edit.connection, code, now.week, now), code)
            return progress.record(edit, line, now, **said)

    def take_in(self, path, road):
        return take_in(self.opened, path, ask=partial(ask, road, self.opened))

    def tables(self):
        with self.opened.ledger.read() as connection:
            assert disagreements(connection) == []
            return tables(connection)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def province(tmp_path, clock):
    made = Province(tmp_path / "province.db", clock)
    made.issue(*units(UNIT), *task("T1", UNIT))
    yield made
    made.close()


@pytest.fixture
def machine(tmp_path, clock):
    made = []

    def enrol(province):
        one = Machine(tmp_path / f"máy {len(made)}", clock, province)
        made.append(one)
        return one

    yield enrol
    for one in made:
        one.opened.close()


def province_tables(province):
    with province.store.read() as connection:
        return tables(connection)


def test_acknowledged_and_backup_together_are_all_there_is(province, machine, tmp_path):
    first = machine(province)
    first.sync(Road(province))
    first.record("T1", percent=30)
    first.sync(Road(province))
    first.record("T1", result="Chưa gửi")
    copy = first.opened.copy(tmp_path / "usb")
    second = machine(province)
    road = Road(province)
    second.sync(road)
    assert second.take_in(copy, road).taken == 1
    assert second.sync(road).sent >= 1
    first.sync(Road(province))  # it was only lost, and turns up: all of it once
    second.sync(road)
    assert first.tables() == second.tables()
    assert first.tables()["progress"] == province_tables(province)["progress"]


def test_before_the_first_sync_of_the_new_machine(province, machine, tmp_path):
    first = machine(province)
    first.sync(Road(province))
    first.record("T1", percent=30)
    copy = first.opened.copy(tmp_path / "usb")
    second = machine(province)
    road = Road(province)
    assert second.take_in(copy, road).taken == 3
    second.sync(road)
    first.sync(Road(province))
    second.sync(road)
    assert first.tables() == second.tables()


def test_what_a_restored_province_lost_comes_back_out_of_a_dead_machine_s_copy(
    province, machine, tmp_path, clock
):
    first = machine(province)
    first.sync(Road(province))
    write_copy(province.engine, tmp_path / "last night.db")
    province.issue(*task("T2", UNIT))
    first.sync(Road(province))
    first.record("T2", percent=50)
    first.sync(Road(province))
    clock.now += 3600
    copy = first.opened.copy(tmp_path / "usb")
    restored = Province(tmp_path / "last night.db", clock, new=False, engine=open_plain(
        tmp_path / "last night.db", create=False))  # fmt: skip
    second = machine(restored)
    road = Road(restored)
    second.sync(road)
    with second.opened.ledger.read() as connection:
        assert "T2" not in str(tables(connection)["task"])
    second.take_in(copy, road)
    with second.opened.ledger.read() as connection:
        assert outgoing.back(connection)
    second.sync(road)
    with second.opened.ledger.read() as connection:
        assert outgoing.back(connection) == [] and outgoing.pending_count(connection) == 0
    there = province_tables(restored)
    assert "T2" in str(there["task"]) and "50" in str(there["progress"])
    assert second.tables()["task"] == there["task"]
    assert second.tables()["progress"] == there["progress"]
    restored.close()
