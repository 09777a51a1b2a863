"""One sync: counts, what is believed, and what is told."""

import pytest
from sqlalchemy import select

from app.domain.ids import assignment_id, task_id
from app.record.faults import LedgerBusy
from app.record.tables import rows
from app.storage import outgoing
from app.storage.tables import exchange as diary
from app.words import explain
from sync.client.link import NoAnswer, NoConnection, OtherProvince, Problem, StoppedByUser
from tests.world import UNIT, Clock, Device, Province, Wire, task, units

KEY = {"assignment": assignment_id(task_id("P", "T1"), UNIT), "week": "2025-W27"}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def province(tmp_path, clock):
    made = Province(tmp_path / "province.db", clock)
    made.issue(*units(UNIT, "16816"), *task("T1", UNIT, "16816"), *task("T2", UNIT))
    yield made
    made.close()


@pytest.fixture
def device(tmp_path, clock, province):
    made = Device(tmp_path / "device.db", clock)
    made.enrol(province)
    yield made
    made.close()


def write(device: Device, text: str, field: str = "result") -> None:
    with device.ledger.edit() as edit:
        edit.set("progress", KEY, field, text)


def pending(device: Device) -> int:
    with device.ledger.read() as connection:
        return outgoing.pending_count(connection)


def test_an_idle_sync_is_one_request_and_counts_nothing(device, province):
    device.sync(Wire(province))
    idle = device.sync(Wire(province))
    assert (idle.sent, idle.received, idle.refused, idle.conflicts, idle.requests) == (0, 0, 0, 0, 1)


def test_own_changes_are_sent_and_never_received(device, province):
    device.sync(Wire(province))
    write(device, "một")
    done = device.sync(Wire(province))
    assert (done.sent, done.received) == (1, 0)
    assert pending(device) == 0


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_a_cut_loses_nothing_and_doubles_nothing(device, province, lost):
    device.sync(Wire(province))
    write(device, "một")
    with pytest.raises(NoConnection):
        device.sync(Wire(province, lose=lost))
    assert pending(device) == 1
    done = device.sync(Wire(province))
    assert done.sent == 1
    assert pending(device) == 0


def test_another_key_at_the_address_is_another_province(tmp_path, clock, device, province):
    device.sync(Wire(province))
    write(device, "một")
    other = Province(tmp_path / "other.db", clock)
    with pytest.raises((OtherProvince, NoAnswer)):
        device.sync(Wire(other))
    other.close()
    assert pending(device) == 1


def test_an_answer_to_another_request_is_not_taken(device, province):
    device.sync(Wire(province))
    write(device, "một")
    earlier = Wire(province)
    device.sync(earlier)
    write(device, "hai", "difficulty")

    class Old(Wire):
        def post(self, path: str, body: bytes) -> bytes:
            return super().post(path, earlier.seen[0])

    with pytest.raises(NoAnswer):
        device.sync(Old(province))
    assert pending(device) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", bytes(range(256)), b"\xd2\x84" + bytes(80)])
def test_what_is_not_signed_is_no_answer(device, province, body):
    class Captive(Wire):
        def post(self, path: str, content: bytes) -> bytes:
            return body

    waiting = pending(device)
    assert waiting  # the officer's own record
    with pytest.raises((NoAnswer, OtherProvince)):
        device.sync(Captive(province))
    assert pending(device) == waiting


def failures(device: Device) -> list[str | None]:
    with device.ledger.read() as connection:
        return list(connection.execute(select(diary.c.failure).order_by(diary.c.id)).scalars())


@pytest.mark.parametrize("problem", ["bug", "disk-full", "bad-envelope", "request-too-large"])
def test_trouble_at_the_province_is_no_stranger_s_page(device, province, problem):
    class Troubled(Wire):
        def post(self, path: str, body: bytes) -> bytes:
            raise Problem(problem)

    waiting = pending(device)
    with pytest.raises(NoConnection) as told:
        device.sync(Troubled(province))
    assert not isinstance(told.value, NoAnswer)
    assert "something is wrong there" in explain(told.value)
    assert pending(device) == waiting


@pytest.mark.parametrize(
    ("error", "code"),
    [(NoConnection(why="cut"), "no-connection"), (StoppedByUser(), "stopped"), (RuntimeError("x"), "bug")],
)
def test_the_diary_says_what_went_wrong_and_never_hides_it(device, province, monkeypatch, error, code):
    class Failing(Wire):
        def post(self, path: str, body: bytes) -> bytes:
            raise error

    with pytest.raises(type(error)) as told:
        device.sync(Failing(province))
    assert told.value is error
    assert failures(device) == [code]

    def busy(by: str | None = None) -> None:
        raise LedgerBusy(path="x")

    monkeypatch.setattr(device.ledger, "edit", busy)  # another program holds it: then there is no line
    with pytest.raises(type(error)) as told:
        device.sync(Failing(province))
    assert told.value is error


def test_what_belongs_to_another_unit_is_refused_alone(device, province):
    device.sync(Wire(province))
    theirs = {"assignment": assignment_id(task_id("P", "T1"), "16816"), "week": "2025-W27"}
    with device.ledger.edit() as edit:
        edit.set("progress", theirs, "result", "không phải của xã")
        edit.set("progress", KEY, "result", "của xã")
    done = device.sync(Wire(province))
    assert (done.sent, done.refused) == (1, 1)
    assert pending(device) == 0
    assert device.sync(Wire(province)).refused == 0  # a refused change is not sent again


def test_a_copied_ledger_is_told_and_both_go_on(tmp_path, device, province):
    device.sync(Wire(province))
    copy = device.copy(tmp_path / "copy.db")
    write(device, "gốc")
    write(copy, "bản sao", "difficulty")
    device.sync(Wire(province))
    assert "ledger-copied" in copy.sync(Wire(province)).told
    assert "ledger-copied" in device.sync(Wire(province)).told
    assert copy.ledger.identity.stream != device.ledger.identity.stream
    assert device.sync(Wire(province)).told == ()
    copy.close()


def test_a_province_that_went_back_gets_everything_again(tmp_path, clock, device, province):
    from app.record.engine import write_copy

    device.sync(Wire(province))
    write_copy(province.engine, tmp_path / "last-night.db")
    write(device, "hôm nay")
    province.issue(*task("T3", UNIT))
    device.sync(Wire(province))
    back = Province(tmp_path / "last-night.db", clock, new=False)
    done = device.sync(Wire(back))
    assert "province-went-back" in done.told
    assert done.requests == 3
    assert pending(device) == 0
    idle = device.sync(Wire(back))
    assert (idle.sent, idle.received, idle.told, idle.requests) == (0, 0, (), 1)
    with back.store.read() as connection, device.ledger.read() as ours:
        from sqlalchemy import select

        from app.record.tables import rows

        assert connection.execute(select(rows["progress"].c.result)).scalars().all() == ["hôm nay"]
        codes = select(rows["task"].c.code).order_by(rows["task"].c.code)
        assert (
            connection.execute(codes).scalars().all()
            == ours.execute(codes).scalars().all()
            == ["T1", "T2", "T3"]
        )
    back.close()


def test_a_record_of_one_unit_is_refused_to_another(tmp_path, clock, province, device):
    device.sync(Wire(province))
    person = device.ledger.identity.person
    other = Device(tmp_path / "other.db", clock)
    other.enrol(province, "Vừ Bá Xử", "16816")
    clock.now += 60
    with other.ledger.edit() as edit:
        edit.write("person", {}, {"name": "Tên khác"}, record=person)
    done = other.sync(Wire(province))
    assert done.sent and done.refused == 1  # its own officer is taken
    with device.ledger.edit() as edit:
        edit.write("person", {}, {"post": "Công chức"}, record=person)
    assert device.sync(Wire(province)).refused == 0
    query = select(rows["person"]).where(rows["person"].c.id == person)
    with device.ledger.read() as here, province.store.read() as there:
        assert here.execute(query).one() == there.execute(query).one()
    other.close()
