from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import BadCalendar, Calendar
from app.domain.periods import HANOI, Week

TABLE = (Path(__file__).parents[2] / "resources" / "data" / "holidays.csv").read_text(encoding="utf-8")
SHIPPED = Calendar.from_csv(TABLE)

DAYS = st.dates(date(2024, 12, 1), date(2028, 1, 31))
MOMENTS = st.datetimes(datetime(2024, 12, 1), datetime(2028, 1, 31), timezones=st.just(HANOI))  # noqa: DTZ001
CALENDARS = st.just(SHIPPED) | st.builds(
    Calendar, st.frozensets(DAYS, max_size=60), st.frozensets(DAYS, max_size=10)
)


def at(year, month, day, hour=17, minute=0, second=0):
    return datetime(year, month, day, hour, minute, second, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("week", "first", "last", "cut_off", "due"),
    [
        ("2025-W26", date(2025, 6, 23), date(2025, 6, 29), at(2025, 6, 26), at(2025, 6, 27)),
        ("2026-W18", date(2026, 4, 27), date(2026, 5, 3), at(2026, 4, 28), at(2026, 4, 29)),
        ("2026-W08", date(2026, 2, 16), date(2026, 2, 22), None, None),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), at(2026, 12, 30), at(2026, 12, 31)),
    ],
)
def test_the_weeks_of_the_regime(week, first, last, cut_off, due):
    week = Week.parse(week)
    assert (week.monday, week.sunday) == (first, last)
    assert (SHIPPED.cut_off(week), SHIPPED.due(week)) == (cut_off, due)


def test_the_week_of_tet_joins_the_next():
    assert SHIPPED.reporting_week(Week(2026, 8)) == Week(2026, 9)
    assert SHIPPED.default_week(at(2026, 2, 17, 9)) == Week(2026, 9)
    assert SHIPPED.default_week(at(2026, 2, 13, 9)) == Week(2026, 9)  # after the cut-off of W07
    assert SHIPPED.default_week(at(2026, 2, 12, 9)) == Week(2026, 7)


def test_a_moment_at_the_cut_off_still_belongs_to_the_week():
    assert SHIPPED.default_week(at(2025, 6, 26, 17)) == Week(2025, 26)
    assert SHIPPED.default_week(at(2025, 6, 26, 17, 0, 1)) == Week(2025, 27)
    assert SHIPPED.default_week(at(2025, 6, 23, 0)) == Week(2025, 26)


def test_the_zone_of_a_moment_does_not_matter():
    assert SHIPPED.default_week(datetime(2025, 6, 26, 10, 0, tzinfo=UTC)) == Week(2025, 26)
    assert SHIPPED.default_week(datetime(2025, 6, 26, 10, 0, 1, tzinfo=UTC)) == Week(2025, 27)
    with pytest.raises(ValueError, match="zone"):
        SHIPPED.default_week(datetime(2025, 6, 26, 10, 0))  # noqa: DTZ001


def test_as_a_day_ends():
    assert SHIPPED.default_week_at_end_of(date(2025, 6, 25)) == Week(2025, 26)
    assert SHIPPED.default_week_at_end_of(date(2025, 6, 26)) == Week(2025, 27)
    assert SHIPPED.default_week_at_end_of(date(2025, 6, 29)) == Week(2025, 27)


def test_swapped_days_are_worked():
    swapped = Calendar(frozenset({date(2025, 5, 2)}), frozenset({date(2025, 4, 26)}))
    assert swapped.is_working(date(2025, 4, 26)) and not swapped.is_working(date(2025, 5, 2))
    assert swapped.due(Week(2025, 17)) == at(2025, 4, 26)
    assert swapped.cut_off(Week(2025, 17)) == at(2025, 4, 25)


def test_holidays_of_every_year_stand_in_the_table():
    for year in (2025, 2026, 2027):
        days = {day for day in SHIPPED.holidays if day.year == year}
        assert {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)} <= days
        assert (date(year, 11, 24) in days) == (year >= 2026)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("day,name,kind\n", 1),
        ("date,name,kind\n2025-01-01,Tết,holiday\n2025-13-01,Tết,holiday\n", 3),
        ("date,name,kind\n2025-01-01,Tết,feast\n", 2),
        ("date,name,kind\n2025-01-01,Tết\n", 2),
    ],
)
def test_a_broken_table_is_named_by_line(text, line):
    with pytest.raises(BadCalendar) as told:
        Calendar.from_csv(text)
    assert told.value.facts["line"] == line


def test_a_table_saved_by_a_spreadsheet_is_read():
    assert Calendar.from_csv("\ufeff" + TABLE.replace("\n", "\r\n")) == SHIPPED


@given(CALENDARS, DAYS)
def test_a_cut_off_comes_before_its_due_moment(calendar, day):
    week = Week.containing(day)
    cut_off, due = calendar.cut_off(week), calendar.due(week)
    assert (cut_off is None) == (due is None)
    if cut_off is not None and due is not None:
        assert cut_off < due and week.monday <= cut_off.date() < due.date() <= week.sunday
        assert calendar.is_working(cut_off.date()) and calendar.is_working(due.date())


@given(CALENDARS, DAYS)
def test_a_reporting_week_reports_in_itself(calendar, day):
    week = calendar.reporting_week(Week.containing(day))
    assert week >= Week.containing(day)
    assert calendar.reporting_week(week) == week and calendar.cut_off(week) is not None


@given(CALENDARS, MOMENTS, MOMENTS)
def test_default_weeks_never_go_back(calendar, one, other):
    early, late = sorted((one, other))
    assert calendar.default_week(early) <= calendar.default_week(late)


@given(CALENDARS, MOMENTS)
def test_the_default_week_is_the_first_still_open(calendar, moment):
    week = calendar.default_week(moment)
    closes = calendar.cut_off(week)
    assert closes is not None and closes >= moment
    before = week.previous()
    while before >= Week.containing(moment.date()):
        assert (calendar.cut_off(before) or moment - timedelta(1)) < moment
        before = before.previous()
    assert calendar.default_week(closes) == week
