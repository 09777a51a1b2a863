from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import PARTY, BadCalendar, BadRule, Calendar, Rule
from app.domain.periods import HANOI, Week
from app.domain.reporting import Period

TABLE = (Path(__file__).parents[2] / "resources" / "data" / "holidays.csv").read_text(encoding="utf-8")
SHIPPED = Calendar.from_csv(TABLE)

DAYS = st.dates(date(2024, 12, 1), date(2028, 1, 31))
MOMENTS = st.datetimes(datetime(2024, 12, 1), datetime(2028, 1, 31), timezones=st.just(HANOI))  # noqa: DTZ001
LONGER = ("month", "quarter", "half", "nine_months", "year")
WEEK_RULES = st.tuples(st.integers(2, 5), st.integers(1, 4)).filter(lambda pair: pair[1] < pair[0])
RULES = st.builds(
    lambda day, pair, line: Rule(line, "week", day, *pair),
    DAYS,
    WEEK_RULES,
    st.sampled_from(["ubnd_tinh", PARTY]),
) | st.builds(
    Rule,
    st.sampled_from(["ubnd_tinh", PARTY]),
    st.sampled_from(LONGER),
    DAYS,
    st.integers(1, 28),
    st.integers(1, 5),
)
CALENDARS = st.just(SHIPPED) | st.builds(
    Calendar,
    st.frozensets(DAYS, max_size=60),
    st.frozensets(DAYS, max_size=10),
    st.lists(RULES, max_size=4).map(tuple),
)
MONTHS = st.builds(lambda day: Period.ending_in("month", day.year, day.month), DAYS)
PERIODS = st.builds(
    lambda kind, day: Period.ending_in(kind, day.year, day.month), st.sampled_from(LONGER), DAYS
)


def at(year, month, day, hour=17, minute=0, second=0):
    return datetime(year, month, day, hour, minute, second, tzinfo=HANOI)


@pytest.mark.parametrize(
    ("period", "first", "last", "cut_off", "due"),
    [
        ("2025-W26", date(2025, 6, 23), date(2025, 6, 29), at(2025, 6, 26), at(2025, 6, 27)),
        ("2026-W18", date(2026, 4, 27), date(2026, 5, 3), at(2026, 4, 28), at(2026, 4, 29)),
        ("2026-W08", date(2026, 2, 16), date(2026, 2, 22), None, None),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), at(2026, 12, 30), at(2026, 12, 31)),
        ("2025-07", date(2025, 6, 15), date(2025, 7, 14), at(2025, 7, 14), at(2025, 7, 16)),
        ("2025-01", date(2024, 12, 15), date(2025, 1, 14), at(2025, 1, 14), at(2025, 1, 16)),
        ("2026-11", date(2026, 10, 15), date(2026, 11, 14), at(2026, 11, 14), at(2026, 11, 17)),
        ("2025-Q2", date(2025, 3, 15), date(2025, 6, 14), at(2025, 6, 14), at(2025, 6, 17)),
        ("2025", date(2024, 12, 15), date(2025, 12, 14), at(2025, 12, 14), at(2025, 12, 16)),
    ],
)
def test_the_periods_of_the_regime(period, first, last, cut_off, due):
    period = Period.parse(period)
    assert SHIPPED.days_of(period) == (first, last) == (period.start, period.end)
    for line in ("ubnd_tinh", PARTY):
        assert (SHIPPED.cut_off(period, line), SHIPPED.due(period, line)) == (cut_off, due)


def test_a_rule_of_the_province_counts_from_its_day_for_its_line_alone():
    changed = SHIPPED.with_data([], [Rule("ubnd_tinh", "week", date(2025, 7, 7), 3, 1, "11:30")])
    assert changed.cut_off(Week(2025, 27)) == at(2025, 7, 3)
    assert changed.cut_off(Week(2025, 28)) == at(2025, 7, 9, 11, 30)
    assert changed.due(Week(2025, 28)) == at(2025, 7, 11, 11, 30)
    assert changed.cut_off(Week(2025, 28), PARTY) == at(2025, 7, 10)
    assert changed.default_week(at(2025, 7, 9, 12)) == Week(2025, 29)
    newer = changed.with_data([], [Rule("ubnd_tinh", "week", date(2025, 7, 14), 2, 1)])
    assert newer.cut_off(Week(2025, 28)) == at(2025, 7, 9, 11, 30)
    assert newer.cut_off(Week(2025, 29)) == at(2025, 7, 17)


def test_a_month_that_closes_on_another_day_leaves_no_day_out():
    changed = SHIPPED.with_data([], [Rule("ubnd_tinh", "month", date(2025, 8, 1), 20, 3)])
    assert changed.days_of(Period.parse("2025-07")) == (date(2025, 6, 15), date(2025, 7, 14))
    assert changed.days_of(Period.parse("2025-08")) == (date(2025, 7, 15), date(2025, 8, 20))
    assert changed.due(Period.parse("2025-08")) == at(2025, 8, 25)
    assert changed.days_of(Period.parse("2025-09")) == (date(2025, 8, 21), date(2025, 9, 20))
    assert changed.contained(Period.parse("2025-9M")) == (Period.parse("2025-Q3"),)


def test_what_the_province_says_of_a_day_counts_before_the_table():
    said = SHIPPED.with_data([(date(2025, 9, 1), "ordinary"), (date(2025, 9, 6), "swapped_on")], [])
    assert not SHIPPED.is_working(date(2025, 9, 1)) and said.is_working(date(2025, 9, 1))
    assert said.due(Week(2025, 36)) == at(2025, 9, 6)
    assert said.with_data([(date(2025, 9, 6), "ordinary")], []).due(Week(2025, 36)) == at(2025, 9, 5)


@pytest.mark.parametrize(
    ("line", "kind", "cut_off", "due", "time", "field"),
    [
        ("tinh", "week", 2, 1, "17:00", "line"),
        ("tinh_uy", "day", 2, 1, "17:00", "frequency"),
        ("tinh_uy", "week", 1, 1, "17:00", "cut_off"),
        ("tinh_uy", "week", 6, 1, "17:00", "cut_off"),
        ("tinh_uy", "week", 2, 2, "17:00", "due"),
        ("tinh_uy", "week", 2, 0, "17:00", "due"),
        ("tinh_uy", "month", 29, 2, "17:00", "cut_off"),
        ("tinh_uy", "month", 0, 2, "17:00", "cut_off"),
        ("tinh_uy", "month", 14, 0, "17:00", "due"),
        ("tinh_uy", "month", 14, 2, "25:00", "time"),
        ("tinh_uy", "month", 14, 2, "5 pm", "time"),
    ],
)
def test_a_rule_that_nothing_could_follow_is_refused(line, kind, cut_off, due, time, field):
    with pytest.raises(BadRule) as told:
        Rule(line, kind, date(2025, 7, 1), cut_off, due, time)
    assert told.value.facts["field"] == field


@pytest.mark.parametrize(
    ("period", "longest", "contained"),
    [
        ("2025-W26", "2025-W26", []),
        ("2025-07", "2025-07", []),
        ("2025-03", "2025-Q1", []),
        ("2025-06", "2025-H1", []),
        ("2025-Q2", "2025-H1", ["2025-06"]),
        ("2025-H1", "2025-H1", ["2025-Q2", "2025-06"]),
        ("2025-09", "2025-9M", []),
        ("2025-9M", "2025-9M", ["2025-Q3", "2025-09"]),
        ("2025-12", "2025", []),
        ("2025", "2025", ["2025-H2", "2025-Q4", "2025-12"]),
    ],
)
def test_a_longer_report_contains_the_shorter_ones_that_end_with_it(period, longest, contained):
    assert str(SHIPPED.longest_ending_with(Period.parse(period))) == longest
    assert [str(shorter) for shorter in SHIPPED.contained(Period.parse(period))] == contained


def test_a_month_takes_in_the_weeks_that_close_in_it():
    july = SHIPPED.weeks_of(Period.parse("2025-07"))
    assert [str(week) for week in july] == ["2025-W25", "2025-W26", "2025-W27", "2025-W28"]
    tet = SHIPPED.weeks_of(Period.parse("2026-03"))
    assert "2026-W08" not in {str(week) for week in tet} and "2026-W09" in {str(week) for week in tet}
    assert SHIPPED.weeks_of(Week(2025, 27)) == (Week(2025, 27),)


def test_a_report_stays_open_until_it_is_due():
    friday, monday = at(2025, 7, 18, 15, 30), at(2025, 7, 21, 8)
    assert SHIPPED.default_period("week", friday) == Period.parse("2025-W30")
    assert SHIPPED.open_period("week", friday) == Period.parse("2025-W29")
    assert SHIPPED.open_period("week", monday) == Period.parse("2025-W30")
    assert SHIPPED.open_period("month", at(2025, 7, 16)) == Period.parse("2025-07")
    assert SHIPPED.open_period("month", at(2025, 7, 16, 17, 1)) == Period.parse("2025-08")
    assert SHIPPED.open_period("nine_months", at(2025, 11, 1)) == Period.parse("2026-9M")


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


@given(CALENDARS, PERIODS, st.sampled_from(["ubnd_tinh", PARTY]))
def test_a_longer_period_is_due_on_a_working_day_after_its_cut_off(calendar, period, line):
    cut_off, due = calendar.cut_off(period, line), calendar.due(period, line)
    assert cut_off is not None and due is not None and cut_off < due
    assert calendar.is_working(due.date()) and (cut_off.year, cut_off.month) == (
        period.year,
        period.last_month,
    )


@given(CALENDARS, MONTHS, DAYS, st.sampled_from(["ubnd_tinh", PARTY]))
def test_every_day_belongs_to_one_month_period(calendar, month, day, line):
    first, last = calendar.days_of(month, line)
    assert first <= last and calendar.days_of(month.next(), line)[0] == last + timedelta(1)
    around = Period.ending_in("month", day.year, day.month)
    months = (around.previous(), around, around.next())
    assert sum(a <= day <= b for a, b in (calendar.days_of(month, line) for month in months)) == 1


@given(CALENDARS, DAYS, st.sampled_from(["ubnd_tinh", PARTY]))
def test_every_week_that_reports_goes_into_one_month(calendar, day, line):
    week = Week.containing(day)
    around = Period.ending_in("month", day.year, day.month)
    months = (around.previous().previous(), around.previous(), around, around.next(), around.next().next())
    taken = [month for month in months if week in calendar.weeks_of(month, line)]
    assert len(taken) == (calendar.cut_off(week, line) is not None)


@given(CALENDARS, st.sampled_from(["week", *LONGER]), MOMENTS, st.sampled_from(["ubnd_tinh", PARTY]))
def test_the_default_period_is_the_first_still_open(calendar, kind, moment, line):
    period = calendar.default_period(kind, moment, line)
    closes = calendar.cut_off(period, line)
    assert closes is not None and closes >= moment
    assert (calendar.cut_off(period.previous(), line) or moment - timedelta(1)) < moment
    still = calendar.open_period(kind, moment, line)
    assert (calendar.due(still, line) or moment) >= moment


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
