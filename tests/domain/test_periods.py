from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import BadDate, BadWeek, Week, local, parse_date, show_date, today

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_every_day_lies_in_exactly_one_week(day):
    week = Week.containing(day)
    assert week.monday <= day <= week.sunday
    assert day in week.days() and len(week.days()) == 7
    assert day not in week.next().days() + week.previous().days()


@given(DAYS)
def test_weeks_follow_each_other_in_order(day):
    week = Week.containing(day)
    assert week.next().monday == week.sunday + timedelta(days=1)
    assert week.next().previous() == week
    assert week.previous() < week < week.next()


@given(DAYS)
def test_what_is_written_is_read_back(day):
    assert parse_date(day.isoformat()) == parse_date(show_date(day)) == day
    assert Week.parse(str(Week.containing(day))) == Week.containing(day)


def test_weeks_at_the_turn_of_the_year():
    assert Week.containing(date(2024, 12, 30)) == Week(2025, 1)
    assert Week(2026, 53).sunday == date(2027, 1, 3)
    assert Week(2026, 53).next() == Week(2027, 1)
    assert str(Week(2025, 3)) == "2025-W03"
    assert Week.parse(" 2025-w27 ") == Week(2025, 27)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-W00",
        "2025-W53",
        "2025-W54",
        "2025-27",
        "2025W27",
        "25-W27",
        "2025-W7",
        "٢٠٢٥-W27",
        "0000-W01",
    ],
)
def test_no_week_is_said(text):
    with pytest.raises(BadWeek) as told:
        Week.parse(text)
    assert told.value.facts["text"] == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-02-29",
        "31/6/2025",
        "24.6.2025",
        "2025-6-24",
        "24/6/25",
        "٢٤/٦/٢٠٢٥",
        "hôm nay",
        "00/01/2025",
    ],
)
def test_no_date_is_said(text):
    with pytest.raises(BadDate) as told:
        parse_date(text)
    assert told.value.facts == {"text": text}


def test_dates_are_read_day_first():
    assert parse_date(" 4/6/2025 ") == date(2025, 6, 4)
    assert show_date(date(2025, 6, 4)) == "04/06/2025"


def test_monday_at_three_in_the_morning_is_monday_whatever_the_zone(monkeypatch):
    moment = int(datetime(2025, 6, 29, 20, 0, tzinfo=UTC).timestamp())
    for zone in ("UTC", "America/Los_Angeles", "Asia/Ho_Chi_Minh", "Nowhere/Atall"):
        monkeypatch.setenv("TZ", zone)
        assert today(moment) == date(2025, 6, 30)
        assert (local(moment).hour, local(moment).utcoffset()) == (3, timedelta(hours=7))
