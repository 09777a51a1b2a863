"""Each report that arrives gets one receipt, in its unit's feed; by network and stick alike."""

import pytest

from app.record.tables import rows
from sync.client import usb
from sync.server import receipts
from tests.sync.sticks import OTHER, Desk, record, there_and_back, waiting
from tests.sync.whole import faults
from tests.world import UNIT, Clock


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path, Clock())
    yield made
    made.close()


def close(opened, number=1, period="2025-W27"):
    values = {"period": period, "line": "ubnd_tinh", "hash": bytes([number]) * 32, "made_at": number}
    with opened.ledger.edit() as edit:
        return edit.create("report", values)


def sync(desk, opened):
    from sync.client import engine

    return engine.synchronise(opened.ledger, desk.wire(), opened.sign)


def given(end):
    table = rows["receipt"]
    with end.read() as connection:
        return [
            (row.report, row.number, bytes(row.hash), row.received_at)
            for row in connection.execute(table.select().order_by(table.c.number))
        ]


def test_a_report_gets_its_receipt_with_the_answer(desk):
    opened = desk.machine("máy")
    record(opened, "Đã mở lớp")
    report = close(opened)
    sync(desk, opened)
    expected = [(report, f"2025-06-30/{UNIT}/0001", b"\1" * 32, desk.clock.now)]
    assert given(desk.store) == expected == given(opened.ledger)
    assert faults(opened.ledger, desk.store, UNIT) == []
    opened.close()


def test_reports_are_counted_by_day_and_unit(desk):
    opened, other = desk.machine("máy"), desk.machine("khác", OTHER)
    for number in (1, 2):
        close(opened, number)
    sync(desk, opened)
    close(opened, 3)
    close(other, 4)
    sync(desk, opened)
    sync(desk, other)
    desk.clock.now += 86_400
    close(opened, 5)
    sync(desk, opened)
    numbers = [number for _, number, *_ in given(desk.store)]
    assert numbers == [
        f"2025-06-30/{OTHER}/0001",
        *[f"2025-06-30/{UNIT}/000{n}" for n in (1, 2, 3)],
        f"2025-07-01/{UNIT}/0001",
    ]
    assert {number.split("/")[1] for _, number, *_ in given(other.ledger)} == {OTHER}
    opened.close()
    other.close()


def test_twice_by_two_roads_is_one_receipt(desk, tmp_path):
    opened = desk.machine("máy")
    close(opened)
    usb.export(opened, tmp_path / "gói")
    sync(desk, opened)
    desk.take(tmp_path / "gói", tmp_path / "trả lời")
    usb.take(opened, tmp_path / "trả lời")
    there_and_back(desk, opened, tmp_path)
    assert len(given(desk.store)) == 1
    assert waiting(opened) == 0
    opened.close()


def test_a_later_word_of_the_same_report_gets_none(desk):
    opened = desk.machine("máy")
    report = close(opened)
    sync(desk, opened)
    with opened.ledger.edit() as edit:
        edit.write("report", {}, {"number": "45/BC-UBND"}, record=report)
    sync(desk, opened)
    assert len(given(desk.store)) == 1
    opened.close()


def test_a_province_that_lost_it_has_it_back_from_the_commune(desk, tmp_path):
    from app.record.engine import write_copy
    from tests.world import Province

    opened = desk.machine("máy")
    write_copy(desk.province.engine, tmp_path / "before.db")
    close(opened)
    sync(desk, opened)
    expected = given(desk.store)
    desk.province.close()
    desk.province = Province(tmp_path / "before.db", desk.clock, new=False)
    sync(desk, opened)
    assert given(desk.store) == expected
    assert faults(opened.ledger, desk.store, UNIT) == []
    opened.close()


def test_receipts_of_reports_are_found(desk):
    opened = desk.machine("máy")
    report = close(opened)
    sync(desk, opened)
    with desk.store.read() as connection:
        assert [row.report for row in receipts.of_reports(connection, [report, "0" * 32])] == [report]
    opened.close()
