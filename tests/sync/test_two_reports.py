"""Two machines of one commune and the report of one week: closed at one, asked for at the other."""

from datetime import date

import pytest

from app.domain.periods import Week
from app.domain.reporting import Period
from app.services import closing, reports, sheets
from app.services.issuing import Issue, issue
from app.services.lines import line
from app.services.progress import WeekSigned, record
from app.services.weeks import present
from tests.world import UNIT, Clock, Device, Province, Wire, task, units

W27 = Period.of_week(Week(2025, 27))
LINE = "ubnd_tinh"


@pytest.fixture
def place(tmp_path):
    clock = Clock()
    province = Province(tmp_path / "province.db", clock)
    province.issue(*units(UNIT), *task("T1", UNIT), *task("T2", UNIT))
    devices = []
    for name in ("Văn phòng 1", "Máy chị Hà"):
        device = Device(tmp_path / f"{len(devices)}.db", clock)
        device.enrol(province, machine=name)
        devices.append(device)
    clock.now = 1_751_598_000  # 04/7/2025 10:00 in Hanoi, after the cut-off of week 27
    for device in devices * 2:
        device.sync(Wire(province))
    yield province, *devices
    for device in devices:
        device.close()
    province.close()


def now(device):
    with device.ledger.read() as connection:
        return present(connection, device.ledger.now())


def write(device, code, week=W27.week, **said):
    device.clock.now += 60
    with device.ledger.edit() as edit:
        return record(edit, line(edit.connection, code, week, now(device)), now(device), **said)


def close(device):
    device.clock.now += 60
    return closing.finish(device.ledger, W27, LINE, now(device))


def drawn(device, closed):
    with device.ledger.read() as connection:
        return sheets.sheet(connection, closed.record)


def test_the_other_machine_draws_the_very_same_sheet_where_it_says_the_same(place):
    province, one, other = place
    write(one, "T1", percent=40, result="Đã họp")
    closed = close(one)
    for device in (one, other, one):
        device.sync(Wire(province))
    taken = close(other)
    assert (taken.record, taken.new) == (closed.record, False)
    assert drawn(other, taken) == drawn(one, closed)


def test_a_signed_report_of_other_words_is_told_with_the_machine_that_keeps_it(place):
    province, one, other = place
    closed = close(one)
    with one.ledger.edit() as edit:
        issue(edit, closed.record, Issue("45", date(2025, 7, 4), "Lò Văn Tư"), now(one))
    write(other, "T1", percent=40, result="Đã họp")  # it has not heard yet that the week is signed
    for device in (one, other, one):
        device.sync(Wire(province))
    with pytest.raises(reports.ReportElsewhere) as told:
        close(other)
    assert told.value.facts == {"period": "2025-W27", "machine": "Văn phòng 1"}
    for device in (one, other):
        with pytest.raises(WeekSigned):
            write(device, "T2", percent=10)
    with one.ledger.read() as connection:
        late = line(connection, "T1", W27.week, now(one))
    assert late.text("result") == "Đã họp"  # what was written elsewhere is never turned away
    assert close(one).hash == closed.hash


def test_what_each_closed_alone_stays_and_the_signed_one_counts(place):
    province, one, other = place
    first = close(one)
    write(other, "T1", percent=40, result="Đã họp")
    second = close(other)
    assert second.record != first.record
    with one.ledger.edit() as edit:
        issue(edit, first.record, Issue("45", date(2025, 7, 4)), now(one))
    for device in (one, other, one):
        device.sync(Wire(province))
    for device in (one, other):
        with device.ledger.read() as connection:
            counting = reports.current(connection, W27, LINE)
            assert counting is not None and counting.record == first.record
            assert {item.record for item in reports.made(connection, W27, LINE)} == {
                first.record,
                second.record,
            }
