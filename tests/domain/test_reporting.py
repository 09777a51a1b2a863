from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import Week
from app.domain.reporting import BadPeriod, Period

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
LONGER = ("month", "quarter", "half", "nine_months", "year")
PERIODS = st.builds(Week.containing, DAYS).map(Period.of_week) | st.builds(
    lambda kind, day: Period.ending_in(kind, day.year, day.month), st.sampled_from(LONGER), DAYS
)


@pytest.mark.parametrize(
    ("text", "kind", "number", "words"),
    [
        ("2025-W27", "week", 27, "tuần 27 năm 2025"),
        ("2025-07", "month", 7, "tháng 7 năm 2025"),
        ("2025-02", "month", 2, "tháng 02 năm 2025"),
        ("2025-Q2", "quarter", 2, "quý II năm 2025"),
        ("2025-H1", "half", 1, "6 tháng đầu năm 2025"),
        ("2025-H2", "half", 2, "6 tháng cuối năm 2025"),
        ("2025-9M", "nine_months", 0, "9 tháng năm 2025"),
        ("2025", "year", 0, "năm 2025"),
    ],
)
def test_each_kind_of_period_has_its_text_and_its_words(text, kind, number, words):
    period = Period.parse(text)
    assert period == Period(kind, 2025, number)
    assert (str(period), period.words) == (text, words)


@given(PERIODS)
def test_what_is_written_is_read_again(period):
    assert Period.parse(str(period)) == period
    assert Period.parse(f" {str(period).lower()} ") == period


@pytest.mark.parametrize(
    "text",
    ["", "25", "2025-", "2025-W", "2025-W54", "2025-W00", "2025-13", "2025-00", "2025-Q5", "2025-Q0",
     "2025-H3", "2025-8M", "2025-W1", "2025-7", "0001", "9999",
     "2025-W27x", "2025/07", "2025-07-01", "\u0662025"],
)  # fmt: skip
def test_what_names_no_period_is_refused(text):
    with pytest.raises(BadPeriod) as told:
        Period.parse(text)
    assert told.value.facts["text"] == text


@given(st.text(max_size=12))
def test_any_text_is_a_period_or_refused(text):
    with suppress(BadPeriod):
        assert str(Period.parse(text)) == text.strip().upper()


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025-W27", date(2025, 6, 30), date(2025, 7, 6)),
        ("2025-01", date(2024, 12, 15), date(2025, 1, 14)),
        ("2025-Q1", date(2024, 12, 15), date(2025, 3, 14)),
        ("2025-Q4", date(2025, 9, 15), date(2025, 12, 14)),
        ("2025-H1", date(2024, 12, 15), date(2025, 6, 14)),
        ("2025-H2", date(2025, 6, 15), date(2025, 12, 14)),
        ("2025-9M", date(2024, 12, 15), date(2025, 9, 14)),
        ("2025", date(2024, 12, 15), date(2025, 12, 14)),
    ],
)
def test_the_data_of_a_period_begin_and_end(text, start, end):
    period = Period.parse(text)
    assert (period.start, period.end) == (start, end)


@given(PERIODS)
def test_before_and_after_undo_each_other(period):
    assert period.next().previous() == period == period.previous().next()
    assert period.previous().end < period.end < period.next().end


@given(PERIODS.filter(lambda period: period.kind != "nine_months"))
def test_one_follows_the_other_without_a_gap(period):
    assert period.next().start == period.end + timedelta(1)


@given(DAYS)
def test_every_day_lies_in_one_week_and_one_month(day):
    week = Period.of_week(Week.containing(day))
    month = Period.ending_in("month", day.year, day.month)
    for around in (week, month):
        near = (around.previous(), around, around.next())
        assert sum(period.start <= day <= period.end for period in near) == 1


@given(st.sampled_from(LONGER), DAYS)
def test_the_period_that_ends_in_a_month_or_after_it(kind, day):
    period = Period.ending_in(kind, day.year, day.month)
    month = (day.year, day.month)
    assert (period.previous().year, period.previous().last_month) < month <= (period.year, period.last_month)


def test_only_a_week_is_a_week():
    assert Period.parse("2025-W27").week == Week(2025, 27)
    with pytest.raises(ValueError, match="2025-07"):
        _ = Period.parse("2025-07").week
    with pytest.raises(ValueError, match="2025-W27"):
        _ = Period.parse("2025-W27").last_month
    with pytest.raises(ValueError, match="days"):
        Period.ending_in("week", 2025, 7)
