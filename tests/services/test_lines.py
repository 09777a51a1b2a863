from datetime import date

from sqlalchemy import event

from app.domain.merge import NOTHING
from app.domain.periods import Week
from app.services import views
from app.services.lines import Words, lines
from app.services.progress import confirm, record
from app.services.weeks import present

W27 = Week(2025, 27)


def read(office, week=None):
    with office.opened() as opened, opened.ledger.read() as connection:
        now = present(connection, office.clock())
        return {line.code: line for line in lines(connection, week or now.week, now)}


def write(office, code, week=None, **said):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        found = {line.code: line for line in lines(edit.connection, week or now.week, now)}
        return record(edit, found[code], now, **said)


def test_the_opening_state_holds_until_a_week_speaks(office):
    office.task("A", opening=("in_progress", 40, None, None))
    office.task("B")
    before = read(office)
    assert (before["A"].status, before["A"].percent, before["A"].period) == ("in_progress", 40, None)
    assert (before["B"].status, before["B"].percent, before["B"].before) == ("not_started", 0, None)
    assert before["A"].last["result"] == Words("Kết quả cũ A", None)

    write(office, "A", percent=60, result="Xong bước một")
    after = read(office)["A"]
    assert (after.percent, after.period, after.before.percent) == (60, W27, 40)
    assert after.recorded and after.exchange == "waiting" and after.text("result") == "Xong bước một"

    office.clock.set("2025-07-07 08:00")
    later = read(office)["A"]
    assert (later.week, later.percent, later.period, later.recorded) == (Week(2025, 28), 60, W27, False)
    assert later.last["result"] == Words("Xong bước một", W27)


def test_a_later_week_does_not_rule_an_earlier_one(office):
    office.task("A", opening=("in_progress", 40, None, None))
    write(office, "A", percent=60)
    assert read(office, Week(2025, 26))["A"].percent == 40


def test_a_withdrawn_task_is_shown_as_such_from_its_day_on(office):
    office.task("A", opening=("in_progress", 40, None, None))
    office.assignment("A", withdrawn_on="2025-07-01", withdrawal="CV 12")
    assert read(office)["A"].status == "in_progress"
    office.clock.set("2025-07-01 08:00")
    assert (read(office)["A"].status, read(office)["A"].timeliness.code) == ("cancelled", "cancelled")


def test_a_recurring_task_is_always_under_way(office):
    office.task(
        "A", deadline=None, kind="recurring", recurrence="weekly", opening=("in_progress", None, None, None)
    )
    assert (read(office)["A"].status, read(office)["A"].percent, read(office)["A"].period) == (
        "in_progress",
        None,
        None,
    )
    write(office, "A", status="done")
    line = read(office)["A"]
    assert (line.status, line.percent, line.period, line.occurrence.status) == (
        "in_progress",
        None,
        W27,
        "done",
    )


def test_groups_of_the_week(office):
    office.task("LATE", deadline="2025-06-28")
    office.task("SOON", deadline="2025-07-04")
    office.task("OPEN")
    office.task("SAID")
    office.task("DONE", opening=("done", 100, "2025-06-20", None))
    write(office, "SAID", percent=10)
    due = views.due(read(office).values())
    codes = {name: [line.code for line in getattr(due, name)] for name in due.__dataclass_fields__}
    assert codes == {
        "overdue": ["LATE"], "soon": ["SOON"], "unrecorded": ["OPEN"], "recorded": ["SAID"],
        "closed": ["DONE"],
    }  # fmt: skip
    assert (due.total, len(due.left)) == (4, 3)


def test_search_ignores_accents_and_case_and_filters_narrow(office):
    office.task("A", title="Kiểm thử điểm cầu hội nghị", group="HTS", group_name="Hạ tầng số")
    office.task("B", title="Đường truyền dự phòng", line="tinh_uy", deadline=None)
    found = list(read(office).values())
    assert [line.code for line in views.matching(found, "DIEM cau")] == ["A"]
    assert [line.code for line in views.matching(found, "duong")] == ["B"]
    assert views.matching(found, "iem") == [], "a search begins where a word begins"
    assert [line.code for line in views.matching(found, line="tinh_uy")] == ["B"]
    assert [line.code for line in views.matching(found, group="HTS", status="not_started")] == ["A"]
    assert [line.code for line in views.matching(found, window="undated", today=date(2025, 6, 30))] == ["B"]
    assert views.groups(found) == {"HTS": "Hạ tầng số"}
    assert views.quick_counts(found)["unrecorded"] == 2


def test_a_difficulty_stands_until_it_is_taken_away(office):
    office.task("A")
    write(office, "A", difficulty="Thiếu máy")
    assert read(office)["A"].has_difficulty
    office.clock.set("2025-07-07 08:00")
    assert read(office)["A"].has_difficulty
    write(office, "A", difficulty=" ", result="Đã có máy")
    assert not read(office)["A"].has_difficulty


def test_two_values_are_a_conflict_in_every_week_until_one_is_written(office):
    office.task("A")
    write(office, "A", percent=30)
    office.other_machine("A", "2025-W27", "state", ("in_progress", 50, None, None))
    line = read(office)["A"]
    assert line.conflict and line.conflicts == ("state",) and line.percent == 50
    office.clock.set("2025-07-07 08:00")
    assert read(office)["A"].conflict and read(office)["A"].conflicts == ()
    write(office, "A", W27, percent=50)
    assert not read(office)["A"].conflict


def test_no_change_in_the_week_states_what_held(office):
    office.task("A", opening=("in_progress", 40, None, None))
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        (line,) = lines(edit.connection, now.week, now)
        assert line.fields["state"] == NOTHING
        assert confirm(edit, line, now) is not None
    line = read(office)["A"]
    assert line.recorded and (line.percent, line.period) == (40, W27)


def test_the_number_of_queries_does_not_follow_the_number_of_tasks(office):
    def queries() -> int:
        seen = []
        with office.opened() as opened:
            event.listen(opened.ledger.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
            with opened.ledger.read() as connection:
                lines(connection, W27, present(connection, office.clock()))
        return len(seen)

    office.task("A", opening=("in_progress", 40, None, None))
    write(office, "A", percent=50)
    one = queries()
    for number in range(30):
        office.task(f"B{number}", opening=("in_progress", 40, None, None))
    write(office, "B3", percent=50, result="Có")
    assert queries() == one
