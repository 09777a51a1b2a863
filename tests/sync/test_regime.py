"""The province changes the calendar; a device hears of it by a sync."""

from app.domain.periods import Week, show_date
from app.services import weeks
from sync.server import regime
from tests.world import Clock, Device, Province, Wire

RULES = b"line,frequency,valid_from,cut_off,due,time\nubnd_tinh,week,2025-06-30,3,1,09:00\n"
DAYS = "date,name,kind\n2025-07-04,Nghỉ hoán đổi,swapped_off\n".encode()


def held(device):
    with device.ledger.read() as connection:
        return weeks.calendar(connection), weeks.present(connection, device.ledger.now())


def test_a_changed_rule_reaches_a_device_and_moves_its_cut_off(tmp_path):
    clock = Clock(1_751_421_600)  # Wednesday 02/07/2025 09:00 in Hanoi
    province = Province(tmp_path / "province.db", clock)
    first, late = Device(tmp_path / "1.db", clock), Device(tmp_path / "2.db", clock)
    first.enrol(province)
    first.sync(Wire(province))
    clock.now += 60
    calendar, now = held(first)
    assert f"{calendar.cut_off(Week(2025, 27)):%d/%m %H:%M}" == "03/07 17:00" and now.week == Week(2025, 27)

    province.issue(*regime.read_rules(RULES, "rules.csv"))
    assert held(first)[0] == calendar
    first.sync(Wire(province))
    calendar, now = held(first)
    assert f"{calendar.cut_off(Week(2025, 27)):%d/%m %H:%M}" == "02/07 09:00"
    assert now.week == Week(2025, 28)

    province.issue(*regime.read_days(DAYS, "days.csv"))
    first.sync(Wire(province))
    due = held(first)[0].due(Week(2025, 27))
    assert show_date(due.date()) == "03/07/2025"

    late.enrol(province, name="Vi Văn Nam", machine="Văn phòng 2")
    late.sync(Wire(province))
    assert held(late)[0] == held(first)[0]
    for end in (first, late, province):
        end.close()
