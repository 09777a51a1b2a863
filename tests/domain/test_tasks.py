import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.progress import NOT_STARTED, UNDER_WAY, State, opening_state
from app.domain.tasks import (
    TIMELINESS,
    BadPercent,
    Counts,
    Tally,
    Timeliness,
    count,
    province_status,
    quarter_end,
    read_percent,
    tally,
    timeliness,
)

TODAY = date(2025, 6, 24)
STATUSES = st.sampled_from(["not_started", "in_progress", "done", "paused"])
DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
STATES = st.one_of(
    st.just(NOT_STARTED),
    st.builds(State, st.just("in_progress"), st.none() | st.integers(1, 99)),
    st.builds(State, st.just("done"), st.just(100), DAYS),
    st.builds(State, st.just("paused"), st.none() | st.integers(0, 99)),
)


def done(day):
    return State("done", 100, day)


@pytest.mark.parametrize(
    ("state", "deadline", "code", "days"),
    [
        (done(date(2025, 6, 24)), date(2025, 6, 24), "done_on_time", None),
        (done(date(2025, 6, 24)), date(2025, 6, 20), "done_late", 4),
        (done(date(2025, 6, 24)), None, "done_undated", None),
        (UNDER_WAY, date(2025, 6, 23), "overdue", 1),
        (NOT_STARTED, date(2025, 6, 1), "overdue", 23),
        (UNDER_WAY, date(2025, 6, 24), "due_soon", 0),
        (UNDER_WAY, date(2025, 7, 1), "due_soon", 7),
        (NOT_STARTED, date(2025, 7, 2), "on_track", 8),
        (UNDER_WAY, None, "undated", None),
        (State("paused", 40), date(2025, 6, 1), "paused", None),
    ],
)
def test_how_a_task_stands_to_its_deadline(state, deadline, code, days):
    assert timeliness(state, deadline, TODAY) == Timeliness(code, days)


def test_a_recurring_task_is_never_overdue_and_a_withdrawn_one_is_told_first():
    assert timeliness(UNDER_WAY, None, TODAY, recurring=True).code == "recurring"
    assert timeliness(done(TODAY), None, TODAY, recurring=True).code == "recurring"
    assert timeliness(UNDER_WAY, date(2025, 1, 1), TODAY, withdrawn=True).code == "cancelled"


@given(STATES, st.none() | DAYS, DAYS, st.booleans())
def test_every_task_has_one_code(state, deadline, at, recurring):
    told = timeliness(state, deadline, at, recurring=recurring)
    assert told.code in TIMELINESS
    assert (told.days is not None) == (told.code in {"done_late", "overdue", "due_soon", "on_track"})
    assert told.days is None or told.days >= 0


@given(st.lists(st.tuples(STATES, st.none() | DAYS, st.booleans(), st.booleans())), DAYS)
def test_the_invariants_of_every_table(tasks, at):
    seen = []
    for state, deadline, recurring, withdrawn in tasks:
        state = UNDER_WAY if recurring else state
        time = timeliness(state, deadline, at, recurring=recurring, withdrawn=withdrawn)
        seen.append(("cancelled" if withdrawn else state.status, recurring, time))
    counts = count((status, recurring) for status, recurring, _ in seen)
    split = tally((status, time) for status, _, time in seen)
    assert split.counts == counts
    assert counts.total == counts.done + counts.in_progress + counts.not_started + counts.paused
    assert counts.total == sum(status != "cancelled" for status, _, _ in seen)
    assert counts.recurring <= counts.in_progress
    assert split.under_way_overdue + split.not_started_overdue == sum(t.code == "overdue" for _, _, t in seen)
    half = len(seen) // 2
    parts = [
        count((status, recurring) for status, recurring, _ in part) for part in (seen[:half], seen[half:])
    ]
    assert parts[0] + parts[1] == counts


def test_a_recurring_task_counts_as_under_way():
    assert count([("done", True), ("done", False), ("cancelled", True)]) == Counts(2, 1, 1, 0, 0, 1)


def test_the_figures_of_24_june_2025():
    table = Path(__file__).parents[2] / "resources" / "data" / "sample_tasks.csv"
    with table.open(encoding="utf-8", newline="") as rows:
        tasks = list(csv.DictReader(rows))
    seen = []
    for row in tasks:
        recurring = row["kind"] == "recurring"
        day = date.fromisoformat(row["completed_on"]) if row["completed_on"] else None
        state = opening_state(
            row["status"], read_percent(row["percent"], from_table=True), day, recurring=recurring
        )
        deadline = date.fromisoformat(row["deadline"]) if row["deadline"] else None
        seen.append((state, recurring, deadline))
    counts = [count((s.status, r) for s, r, d in seen if keep(d)) for keep in (
        lambda d: True,
        lambda d: d is not None and d <= quarter_end(TODAY),
        lambda d: d is None or d > quarter_end(TODAY),
    )]  # fmt: skip
    assert counts == [Counts(81, 3, 75, 3, 0, 3), Counts(8, 3, 5, 0, 0, 0), Counts(73, 0, 70, 3, 0, 3)]
    split = tally((s.status, timeliness(s, d, TODAY, recurring=r)) for s, r, d in seen)
    assert split == Tally(done_on_time=3, under_way_in_time=75, not_started_in_time=3, recurring=3)
    for day, overdue in ((date(2025, 7, 14), 6), (date(2025, 7, 31), 8), (date(2025, 12, 31), 64)):
        codes = [timeliness(NOT_STARTED, d, day, recurring=r).code for s, r, d in seen if s.status != "done"]
        assert codes.count("overdue") == overdue


@given(st.lists(STATUSES, min_size=1))
def test_one_task_over_its_units(statuses):
    told = province_status(statuses)
    assert told == (statuses[0] if len(set(statuses)) == 1 else "in_progress")
    assert province_status([*statuses, "cancelled"]) == told


def test_a_task_withdrawn_everywhere_is_not_counted():
    assert (
        count([(province_status(["cancelled", "cancelled"]), False), (province_status([]), False)])
        == Counts()
    )


@given(DAYS)
def test_a_quarter_ends_with_its_third_month(day):
    end = quarter_end(day)
    assert day <= end and end.month % 3 == 0 and (end + timedelta(days=1)).day == 1
    assert (end.month - 1) // 3 == (day.month - 1) // 3 and end.year == day.year


@pytest.mark.parametrize(
    ("text", "percent"),
    [("80", 80), ("80%", 80), (" 80 % ", 80), ("80,0", 80), ("80.00", 80), ("0", 0), ("0%", 0),
     ("100,0%", 100), ("140", 140), ("1%", 1), ("", None), ("  ", None)],
)  # fmt: skip
def test_a_percent_is_read(text, percent):
    assert read_percent(text) == read_percent(text, from_table=True) == percent


@pytest.mark.parametrize(
    "text",
    ["0.8", "0,8", "80,5", "1_0", "٨٠", "８０", "-5", "+5", "8e1", "80%%", "%", "tám mươi", "1.000,5", "²"],
)
def test_no_percent_is_said(text):
    with pytest.raises(BadPercent) as told:
        read_percent(text)
    assert told.value.facts == {"text": text}


@pytest.mark.parametrize("text", ["1", "1,0", "1.0", "01"])
def test_one_of_a_table_may_be_a_hundred_percent(text):
    assert read_percent(text) == 1
    with pytest.raises(BadPercent):
        read_percent(text, from_table=True)


def test_percents_are_whole_numbers_and_no_floats():
    assert type(read_percent("80,0")) is int
