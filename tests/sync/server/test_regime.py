import pytest
from sqlalchemy import event

from app.domain.periods import Week
from app.domain.reporting import Period
from app.record import regime
from app.record.engine import open_plain

UNIT = "16681"
DAYS = """date,name,kind
2025-07-11,Nghỉ hoán đổi,swapped_off
12/7/2025,Làm bù,swapped_on
"""
RULES = """line,frequency,valid_from,cut_off,due,time
ubnd_tinh,week,2025-07-01,3,2,11:30
ubnd_tinh,month,2025-07-01,20,3,
tinh_uy,week,2025-07-01,2,1,16:00
"""


@pytest.fixture
def imported(office, tmp_path):
    """Imports a table under a name; the facts, or the refusal."""
    office.done("init")

    def take(command, text, *, refused=False):
        path = tmp_path / "bảng.csv"
        path.write_text(text, encoding="utf-8")
        return office.refused(command, str(path)) if refused else office.json(command, str(path))

    return take


def held(office):
    engine = open_plain(office.database, create=False)
    with engine.connect() as connection:
        found = regime.calendar(connection)
    engine.dispose()
    return found


def test_days_and_rules_rule_the_province_and_go_to_every_commune(office, imported):
    assert imported("import-calendar", DAYS) == {"days": 2, "changes": 2, "units": 130}
    assert imported("import-rules", RULES) == {"rules": 3, "changes": 3, "units": 130}
    found = held(office)
    assert f"{found.cut_off(Week(2025, 28)):%d/%m %H:%M}" == "09/07 11:30"
    assert f"{found.due(Week(2025, 28)):%d/%m %H:%M}" == "10/07 11:30"
    assert f"{found.due(Week(2025, 28), 'tinh_uy'):%d/%m %H:%M}" == "12/07 16:00"
    assert f"{found.due(Period.parse('2025-07')):%d/%m %H:%M}" == "23/07 17:00"
    sent = [line["entity"] for line in office.json("log", "--unit", UNIT)]
    assert (sent.count("holiday"), sent.count("reporting_rule")) == (2, 3)
    assert office.json("check")["ok"] is True


def test_the_same_table_again_changes_nothing_and_ordinary_takes_a_day_back(office, imported):
    imported("import-calendar", DAYS)
    assert imported("import-calendar", DAYS)["changes"] == 0
    assert imported("import-calendar", DAYS.replace("swapped_off", "ordinary"))["changes"] == 1
    assert f"{held(office).due(Week(2025, 28)):%d/%m}" == "12/07"
    undone = "date,name,kind\n2025-07-12,Ngày nghỉ,ordinary\n2025-09-01,Ngày làm,ordinary\n"
    assert imported("import-calendar", undone)["changes"] == 2
    assert f"{held(office).due(Week(2025, 28)):%d/%m}" == "11/07"
    assert f"{held(office).due(Week(2025, 36)):%d/%m}" == "05/09"


def test_a_commune_that_comes_later_gets_the_whole_calendar(office, imported, tmp_path):
    imported("import-calendar", DAYS)
    imported("import-rules", RULES)
    path = tmp_path / "units.csv"
    path.write_text(
        "code,name,kind,former_district,mountainous\n19999,Xã Mới,xa,,\n16681,Xã Cũ đổi tên,xa,,\n",
        encoding="utf-8",
    )
    office.done("import-units", str(path))
    for unit in ("19999", UNIT):  # one that is new, and one that only has another name: nothing twice
        sent = [line["entity"] for line in office.json("log", "--unit", unit)]
        assert (sent.count("holiday"), sent.count("reporting_rule")) == (2, 3)


WRONG = (
    ("import-calendar", "date,name\n2025-07-11,A\n", "kind"),
    ("import-calendar", DAYS + "2025-07-11,Lại,holiday\n", "line 4"),
    ("import-calendar", DAYS + "2025-02-30,Sai,holiday\n", "“2025-02-30”"),
    ("import-calendar", DAYS + "2025-07-13,Sai,feast\n", "swapped_on"),
    ("import-calendar", "date,name,kind\n", "no rows"),
    ("import-rules", "line,frequency,valid_from,cut_off\n", "due"),
    ("import-rules", RULES + "ubnd_tinh,week,2025-07-01,2,1,\n", "stands twice"),
    ("import-rules", RULES + "ubnd_xa,week,2025-07-08,2,1,\n", "tinh_uy, not “ubnd_xa”"),
    ("import-rules", RULES + "tinh_uy,day,2025-07-08,2,1,\n", "nine_months"),
    ("import-rules", RULES + "tinh_uy,week,2025-07-08,6,1,\n", "2 to 5"),
    ("import-rules", RULES + "tinh_uy,week,2025-07-08,2,2,\n", "“2”"),
    ("import-rules", RULES + "tinh_uy,week,2025-07-08,hai,1,\n", "“hai”"),
    ("import-rules", RULES + "tinh_uy,month,2025-07-08,14,0,\n", "1 to 20"),
    ("import-rules", RULES + "tinh_uy,month,8.7.2025,14,2,\n", "line 5"),
    ("import-rules", RULES + "tinh_uy,month,2025-07-08,14,2,5 giờ\n", "17:00"),
)


def test_a_table_with_one_wrong_line_is_refused_whole(office, imported):
    before = office.json("log", "--unit", UNIT)
    for command, text, words in WRONG:
        assert words in imported(command, text, refused=True), (text, words)
    assert office.json("log", "--unit", UNIT) == before


def test_the_calendar_is_one_query(office, imported):
    imported("import-calendar", DAYS)
    engine = open_plain(office.database, create=False)
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    with engine.connect() as connection:
        asked.clear()
        first, again = regime.calendar(connection), regime.calendar(connection)
    engine.dispose()
    assert len([said for said in asked if said.startswith("SELECT")]) == 2 and first is again
