from datetime import date

import pytest

from app.domain.periods import Week
from app.services import weeks
from app.services.lines import line
from app.services.progress import record, week_of
from app.services.weeks import WeekAhead, present


def now(office):
    with office.opened() as opened, opened.ledger.read() as connection:
        return present(connection, office.clock())


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2025-06-30 03:00", "2025-W27"),
        ("2025-07-03 17:00", "2025-W27"),  # the cut-off itself still belongs to it
        ("2025-07-03 17:01", "2025-W28"),
        ("2025-06-24 23:59", "2025-W26"),
    ],
)
def test_the_default_week_is_the_one_whose_cut_off_comes_next(office, clock, moment, week):
    clock.set(moment)
    assert str(now(office).week) == week
    assert now(office).warning is None


def test_a_clock_before_the_province_s_time_is_named_and_that_time_rules(office, clock):
    office.heard("2025-07-10 09:00")
    clock.set("2015-01-05 08:00")
    found = now(office)
    assert (found.warning.code, found.today, found.week) == (
        "clock-behind",
        date(2025, 7, 10),
        Week(2025, 28),
    )
    found.check(Week(2025, 34))  # a later week is believed


def test_a_clock_that_is_hours_behind_is_named_with_the_time_of_day(office, clock):
    office.heard("2025-07-10 19:00")
    clock.set("2025-07-10 09:00")
    assert now(office).warning.facts == {"clock": "10/07/2025 09:00", "heard": "10/07/2025 19:00"}
    clock.set("2025-07-10 18:30")
    assert now(office).warning is None


def test_a_week_recorded_while_the_clock_is_wrong_rules(office, clock):
    office.task("A")
    office.heard("2025-07-10 09:00")
    clock.set("2015-01-05 08:00")
    with office.opened() as opened, opened.ledger.edit() as edit:
        here = present(edit.connection, clock())
        week = week_of("2025-W34", here)
        record(edit, line(edit.connection, "A", week, here), here, status="done")
    assert now(office).week == Week(2025, 34)
    assert office.line("A").state.completed_on == date(2025, 8, 24)


def test_a_clock_far_ahead_is_named(office, clock):
    office.heard("2025-07-10 09:00")
    clock.set("2035-01-05 08:00")
    assert now(office).warning.code == "clock-ahead"


def test_what_a_clock_in_2035_recorded_rules_nothing_once_the_clock_is_right(office, clock):
    office.task("A", opening=("in_progress", 40, None, None))
    clock.set("2035-01-05 08:00")
    with office.opened() as opened, opened.ledger.edit() as edit:
        here = present(edit.connection, clock())
        record(edit, line(edit.connection, "A", here.week, here), here, percent=90)
    clock.set("2025-07-01 08:00")
    assert (office.line("A").percent, office.line("A").period) == (40, None)
    office.heard("2025-07-10 09:00")
    clock.set("2015-01-05 08:00")
    assert now(office).week == Week(2025, 28)


def test_a_week_that_has_not_come_takes_no_record(office):
    with pytest.raises(WeekAhead) as refused:
        week_of("2025-W28", now(office))
    assert refused.value.facts == {"week": "2025-W28", "default": "2025-W27"}


def test_few_minutes_of_difference_are_no_wrong_clock(office, clock):
    office.heard("2025-06-30 08:05")
    assert now(office).warning is None
    assert weeks.default_week(clock(), None) == Week(2025, 27)


def test_the_calendar_of_the_ledger_rules_its_weeks(office, clock):
    rule = {"line": "ubnd_tinh", "frequency": "week", "valid_from": "2025-06-30"}
    office.province("reporting_rule", **rule | {"cut_off": 4, "due": 3, "time": "08:00"})
    office.province("holiday", date="2025-07-04", name="Nghỉ hoán đổi", kind="swapped_off")
    clock.set("2025-06-30 07:59")
    found = now(office)
    assert found.week == Week(2025, 27) and f"{found.calendar.due(found.week):%d/%m %H:%M}" == "01/07 08:00"
    clock.set("2025-06-30 08:01")
    assert now(office).week == Week(2025, 28)


def test_a_rule_of_a_newer_program_counts_for_nothing(office):
    rule = {"line": "ubnd_tinh", "frequency": "week", "valid_from": "2025-06-30"}
    office.province("reporting_rule", **rule | {"cut_off": 99, "due": 3, "time": "08:00"})
    office.province("holiday", date="2025-07-04", name="Nửa ngày", kind="half_day")
    assert now(office).calendar == weeks.calendar()
