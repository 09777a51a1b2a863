from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.periods import Week
from app.domain.progress import (
    ALLOWED,
    NOT_STARTED,
    STATUSES,
    UNDER_WAY,
    BadState,
    Effective,
    State,
    decide,
    effective,
    occurrence,
    opening_state,
)
from app.domain.refusals import StateRefused

W26, W27, W28 = Week(2025, 26), Week(2025, 27), Week(2025, 28)
TODAY = date(2025, 7, 2)  # Wednesday of W27

HALF = State("in_progress", 50)
DONE = State("done", 100, date(2025, 6, 20))
PAUSED = State("paused", 30, None, "Công văn số 12/UBND ngày 20/6/2025")

DAYS = st.dates(date(2025, 6, 1), date(2025, 7, 20))
WEEKS = st.builds(Week, st.just(2025), st.integers(24, 30))
STATES = st.one_of(
    st.just(NOT_STARTED),
    st.builds(State, st.just("in_progress"), st.none() | st.integers(1, 99)),
    st.builds(State, st.just("done"), st.just(100), DAYS),
    st.builds(State, st.just("paused"), st.none() | st.integers(0, 99), st.none(), st.just("Công văn 1")),
)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from([*STATUSES, "cancelled", "xong"]),
        "percent": st.integers(-1, 101),
        "completed_on": DAYS,
        "document": st.sampled_from(["", "Công văn 2"]),
        "reason": st.sampled_from(["  ", "Sản phẩm bị trả lại"]),
    },
)


def say(before=None, current=None, *, today=TODAY, week=W27, **said):
    return decide(before, current, today=today, week=week, **said)


@pytest.mark.parametrize(
    ("before", "current", "said", "state"),
    [
        # a percent alone
        (None, None, {"percent": 10}, State("in_progress", 10)),
        (HALF, None, {"percent": 60}, State("in_progress", 60)),
        (None, None, {"percent": 0}, NOT_STARTED),
        (None, State("in_progress", 10), {"percent": 20}, State("in_progress", 20)),
        # a status
        (None, None, {"status": "in_progress"}, State("in_progress", None)),
        (HALF, None, {"status": "in_progress"}, HALF),
        (None, None, {"status": "not_started"}, NOT_STARTED),
        (None, None, {"status": "not_started", "percent": 0}, NOT_STARTED),
        (None, None, {"status": "in_progress", "percent": 99}, State("in_progress", 99)),
        (HALF, None, {"status": "done"}, State("done", 100, TODAY)),
        (HALF, None, {"status": "done", "percent": 100}, State("done", 100, TODAY)),
        (
            None,
            None,
            {"status": "done", "completed_on": date(2025, 6, 30)},
            State("done", 100, date(2025, 6, 30)),
        ),
        # the document of a pause
        (HALF, None, {"status": "paused", "document": " CV 1 "}, State("paused", 50, None, "CV 1")),
        (None, None, {"status": "paused", "document": "CV 1"}, State("paused", 0, None, "CV 1")),
        (
            HALF,
            None,
            {"status": "paused", "document": "CV 1", "reason": "chờ vốn"},
            State("paused", 50, None, "CV 1; chờ vốn"),
        ),
        (PAUSED, None, {"status": "paused"}, PAUSED),
        (PAUSED, None, {"document": "CV 2"}, State("paused", 30, None, "CV 2")),
        (PAUSED, None, {"status": "in_progress"}, State("in_progress", 30)),
        (PAUSED, None, {"status": "in_progress", "percent": 40}, State("in_progress", 40)),
        # done stays done, and its day can be set right
        (DONE, None, {"status": "done"}, DONE),
        (DONE, None, {"completed_on": date(2025, 6, 19)}, State("done", 100, date(2025, 6, 19))),
        # taken up again
        (
            DONE,
            None,
            {"status": "in_progress", "reason": "bị trả lại"},
            State("in_progress", None, None, "bị trả lại"),
        ),
        (
            DONE,
            State("in_progress", None, None, "bị trả lại"),
            {"percent": 80},
            State("in_progress", 80, None, "bị trả lại"),
        ),
        (
            DONE,
            State("in_progress", 80, None, "bị trả lại"),
            {"status": "done", "completed_on": TODAY},
            State("done", 100, TODAY),
        ),
        # within the week anything can be put right
        (None, State("done", 100, TODAY), {"status": "not_started"}, NOT_STARTED),
        (HALF, State("done", 100, TODAY), {"status": "in_progress"}, HALF),
        (
            HALF,
            State("done", 100, TODAY),
            {"status": "paused", "document": "CV 1"},
            State("paused", 50, None, "CV 1"),
        ),
        (None, State("in_progress", 10), {"status": "not_started"}, NOT_STARTED),
        (HALF, PAUSED, {"status": "done"}, State("done", 100, TODAY)),
    ],
)
def test_what_is_said_becomes_a_state(before, current, said, state):
    assert say(before, current, **said) == state


@pytest.mark.parametrize(
    ("before", "current", "said", "code", "hint"),
    [
        (None, None, {"percent": 100}, "percent-means-done", "--status done"),
        (HALF, None, {"percent": 100}, "percent-means-done", "--status done"),
        (None, None, {"status": "in_progress", "percent": 100}, "percent-means-done", "--status done"),
        (None, None, {"percent": 140}, "percent-out-of-range", "--percent 1–99"),
        (None, None, {"percent": -1}, "percent-out-of-range", "--percent 1–99"),
        (HALF, None, {"percent": 0}, "percent-means-not-started", "--percent 1–99"),
        (None, State("in_progress", 10), {"percent": 0}, "percent-means-not-started", "--status not_started"),
        (None, None, {"status": "in_progress", "percent": 0}, "percent-means-not-started", "--percent 1–99"),
        (HALF, None, {"status": "done", "percent": 60}, "state-contradiction", "--status done"),
        (
            None,
            None,
            {"status": "not_started", "percent": 5},
            "state-contradiction",
            "--status in_progress --percent 5",
        ),
        (
            DONE,
            None,
            {"percent": 60},
            "state-contradiction",
            '--status in_progress --percent 60 --reason "…"',
        ),
        (
            HALF,
            State("done", 100, TODAY),
            {"percent": 60},
            "state-contradiction",
            "--status in_progress --percent 60",
        ),
        (PAUSED, None, {"percent": 60}, "state-contradiction", "--status in_progress --percent 60"),
        (HALF, None, {"document": "CV 1"}, "state-contradiction", '--status paused --document "…"'),
        (DONE, None, {"reason": "sai"}, "state-contradiction", '--status in_progress --reason "…"'),
        (HALF, None, {"status": "paused"}, "pause-needs-document", '--status paused --document "…"'),
        (
            HALF,
            None,
            {"status": "paused", "reason": "chờ vốn"},
            "pause-needs-document",
            '--status paused --document "…"',
        ),
        (
            HALF,
            None,
            {"status": "paused", "document": " "},
            "pause-needs-document",
            '--status paused --document "…"',
        ),
        (DONE, None, {"status": "in_progress"}, "reopen-needs-reason", '--status in_progress --reason "…"'),
        (
            DONE,
            None,
            {"status": "in_progress", "percent": 9},
            "reopen-needs-reason",
            '--status in_progress --percent 9 --reason "…"',
        ),
        (
            DONE,
            None,
            {"status": "paused", "document": "CV 1"},
            "transition-refused",
            '--status in_progress --reason "…"',
        ),
        (DONE, None, {"status": "not_started"}, "transition-refused", '--status in_progress --reason "…"'),
        (PAUSED, None, {"status": "done"}, "transition-refused", "--status in_progress"),
        (PAUSED, None, {"status": "not_started"}, "transition-refused", "--status in_progress"),
        (HALF, None, {"status": "not_started"}, "transition-refused", "--status in_progress"),
        (HALF, None, {"status": "cancelled"}, "cancelled-by-province", '--status paused --document "…"'),
        (HALF, None, {"status": "xong"}, "bad-status", "not_started, in_progress, done, paused"),
        (
            HALF,
            None,
            {"status": "done", "completed_on": TODAY + timedelta(1)},
            "completed-after-today",
            "--status done --completed-on 2025-07-02",
        ),
        (
            HALF,
            None,
            {"completed_on": TODAY},
            "completed-without-done",
            "--status done --completed-on 2025-07-02",
        ),
        (
            HALF,
            None,
            {"percent": 60, "completed_on": TODAY},
            "completed-without-done",
            "--status done --completed-on 2025-07-02",
        ),
        (
            HALF,
            None,
            {"percent": 100, "completed_on": TODAY},
            "percent-means-done",
            "--status done --completed-on 2025-07-02",
        ),
        (None, None, {"percent": 10, "recurring": True}, "percent-on-recurring", "--status done"),
        (
            None,
            None,
            {"status": "paused", "document": "CV 1", "recurring": True},
            "recurring-under-way",
            "--status done",
        ),
        (None, None, {"status": "not_started", "recurring": True}, "recurring-under-way", "--status done"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_right_command(before, current, said, code, hint):
    with pytest.raises(StateRefused) as told:
        say(before, current, **said)
    assert (told.value.code, told.value.facts["hint"]) == (code, hint)


@pytest.mark.parametrize(
    ("today", "week", "day"),
    [(TODAY, W27, TODAY), (TODAY, W26, W26.sunday), (date(2025, 7, 4), W28, date(2025, 7, 4))],
)
def test_the_day_of_completion_is_the_earlier_of_today_and_the_weeks_end(today, week, day):
    assert say(HALF, None, status="done", today=today, week=week).completed_on == day


def test_a_recurring_task_states_its_occurrence():
    done = say(None, None, status="done", recurring=True)
    assert done == State("done", 100, TODAY)
    assert say(done, None, status="done", recurring=True) == done  # what was before does not carry
    assert say(None, done, status="in_progress", recurring=True) == UNDER_WAY
    assert say(None, done, completed_on=date(2025, 7, 1), recurring=True) == State(
        "done", 100, date(2025, 7, 1)
    )


def test_to_say_nothing_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="nothing"):
        say(HALF, None)


@given(st.none() | STATES, st.none() | STATES, SAID, st.booleans(), DAYS, WEEKS)
def test_whatever_is_said_a_state_fits_or_is_refused(before, current, said, recurring, today, week):
    assume(said)
    try:
        state = say(before, current, recurring=recurring, today=today, week=week, **said)
    except StateRefused as refused:
        assert refused.facts["hint"]
        return
    assert state.check() is state
    was = "in_progress" if recurring else (before or NOT_STARTED).status
    assert state.status in ALLOWED[was]
    assert said.get("status", state.status) == state.status
    assert said.get("percent", state.percent) == state.percent
    assert said.get("completed_on", state.completed_on) == state.completed_on
    assert state.status != "paused" or state.words
    if said.keys() != {"document"}:  # said once more in the same week, it is the same
        again = say(before, state, recurring=recurring, today=today, week=week, **said)
        assert (again.status, again.percent, again.completed_on) == (
            state.status,
            state.percent,
            state.completed_on,
        )


@given(STATES, STATES, st.sampled_from(STATUSES))
def test_what_a_week_said_never_bars_a_status(before, current, status):
    def can(now):
        try:
            return say(before, now, status=status, document="CV 1", reason="bị trả lại").status
        except StateRefused as refused:
            return refused.code

    assert can(current) == can(None)


@given(STATES)
def test_the_wire_carries_a_state_unaltered(state):
    assert State.from_wire(state.to_wire()) == state
    assert State.from_wire(list(state.to_wire())) == state


@pytest.mark.parametrize(
    "value",
    [
        None,
        "done",
        (),
        ("done", 100, None, None),
        ("done", 60, "2025-06-20", None),
        ("in_progress", 0, None, None),
        ("in_progress", 100, None, None),
        ("in_progress", 50, "2025-06-20", None),
        ("not_started", None, None, None),
        ("not_started", 5, None, None),
        ("paused", 100, None, "CV"),
        ("in_progress", True, None, None),
        ("in_progress", 50.0, None, None),
        ("in_progress", 50, None, 7),
        ("done", 100, "20250620", None),
        ("done", 100, "2025-06-31", None),
        ("done", 100, "2025-W25-5", None),
        ("postponed", 5, None, None),
        ("in_progress", 50, None, None, None),
        (b"done", 100, "2025-06-20", None),
    ],
)
def test_what_is_no_state_is_said(value):
    with pytest.raises(BadState):
        State.from_wire(value)


@given(st.dictionaries(WEEKS, STATES), st.none() | STATES, DAYS, WEEKS, st.randoms())
def test_the_newest_week_rules(states, opening, at, week, random):
    pairs = list(states.items())
    random.shuffle(pairs)
    told = effective(pairs, opening, at=at, week=week)
    usable = [w for w, s in pairs if w <= week and not (s.status == "done" and s.completed_on > at)]
    if usable:
        assert told == Effective(states[max(usable)], max(usable))
    elif opening is not None and not (opening.status == "done" and opening.completed_on > at):
        assert told == Effective(opening, None)
    else:
        assert told == Effective(NOT_STARTED, None)


def test_done_counts_from_its_day():
    states = [(W26, HALF), (W27, State("done", 100, date(2025, 7, 3)))]
    assert effective(states, None, at=date(2025, 7, 2), week=W27) == Effective(HALF, W26)
    assert effective(states, None, at=date(2025, 7, 3), week=W27).state.status == "done"
    assert effective([], DONE, at=date(2025, 6, 19), week=W26) == Effective(NOT_STARTED, None)


def test_a_week_of_2035_rules_nothing():
    assert effective([(Week(2035, 1), DONE), (W26, HALF)], None, at=TODAY, week=W27) == Effective(HALF, W26)


def test_a_recurring_task_carries_nothing():
    states = [(W26, State("done", 100, date(2025, 6, 25)))]
    assert effective(states, None, at=TODAY, week=W27, recurring=True) == Effective(UNDER_WAY, None)
    assert effective(states, None, at=date(2025, 6, 25), week=W26, recurring=True) == Effective(
        UNDER_WAY, W26
    )


def test_the_occurrence_of_a_week_and_of_a_month():
    done = State("done", 100, date(2025, 7, 2))
    assert occurrence([(W27, done)], at=TODAY, week=W27) == done
    assert occurrence([(W27, done)], at=date(2025, 7, 1), week=W27) is None
    assert occurrence([(W27, done)], at=date(2025, 7, 9), week=W28) is None
    assert occurrence([(W27, done)], at=date(2025, 7, 9), week=W28, recurrence="monthly") == done
    assert occurrence([(W27, done)], at=date(2025, 8, 1), week=Week(2025, 32), recurrence="monthly") is None


def test_the_opening_state_of_a_row():
    assert opening_state("not_started", None, None) == NOT_STARTED
    assert opening_state("done", None, date(2025, 6, 20)) == DONE
    assert opening_state("in_progress", None, None, recurring=True) == UNDER_WAY
    assert opening_state("paused", None, None) == State("paused", None)
    assert opening_state("paused", 0, None) == State("paused", 0)


@pytest.mark.parametrize(
    ("row", "recurring", "code"),
    [
        (("done", 100, None), False, "done-needs-date"),
        (("done", 60, date(2025, 6, 20)), False, "state-contradiction"),
        (("not_started", 5, None), False, "state-contradiction"),
        (("in_progress", 0, None), False, "percent-means-not-started"),
        (("in_progress", 100, None), False, "percent-means-done"),
        (("in_progress", 140, None), False, "percent-out-of-range"),
        (("in_progress", 50, date(2025, 6, 20)), False, "completed-without-done"),
        (("cancelled", None, None), False, "cancelled-by-province"),
        (("", None, None), False, "bad-status"),
        (("in_progress", 50, None), True, "percent-on-recurring"),
        (("done", None, date(2025, 6, 20)), True, "recurring-under-way"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(row, recurring, code):
    with pytest.raises(StateRefused) as told:
        opening_state(*row, recurring=recurring)
    assert told.value.code == code
