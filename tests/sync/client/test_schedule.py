"""When it is tried: every rule by itself, and what holds whatever happens, in whatever order."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.client.schedule import (
    EDIT_APART,
    FIRST_WAIT,
    FLOOR,
    GATHER,
    LEADS,
    LONGEST_AFTER,
    LONGEST_WAIT,
    LOOK,
    NETWORK_APART,
    REST,
    Plan,
)

NOW = 1_000.0


def after_failures(count: int, random: float = 0.999, **last) -> Plan:
    plan = Plan()
    for number in range(count):
        plan = plan.began(NOW).failed(NOW, random, **(last if number == count - 1 else {}))
    return plan


def after_success(random: float = 0.5) -> Plan:
    return Plan().started(NOW).began(NOW).succeeded(NOW, random)


def test_at_the_start_at_once():
    assert Plan().started(NOW).due == NOW
    assert Plan().due == math.inf


def test_nothing_is_due_while_a_try_is_under_way():
    plan = Plan().started(NOW).began(NOW)
    assert plan.due == math.inf
    assert plan.edited(NOW).network_changed(NOW).asked_for(NOW).due == math.inf


def test_half_a_minute_after_the_first_of_a_group_of_edits():
    plan = after_success().edited(NOW + 10)
    assert plan.due == NOW + 10 + GATHER
    assert plan.edited(NOW + 25).edited(NOW + 39).due == NOW + 10 + GATHER


def test_what_is_written_during_a_try_goes_with_the_next():
    plan = Plan().started(NOW).began(NOW).edited(NOW + 3)
    assert plan.succeeded(NOW + 5).due == NOW + 3 + GATHER
    assert plan.failed(NOW + 5, 0.999).due <= NOW + 5 + EDIT_APART


def test_at_once_when_the_network_changes_but_not_at_every_flicker():
    plan = after_failures(8)
    assert plan.due > NOW + FIRST_WAIT
    later = plan.network_changed(NOW + 40)
    assert later.due == NOW + 40
    again = later.began(NOW + 40).failed(NOW + 41, 0.999).network_changed(NOW + 42).network_changed(NOW + 43)
    assert again.due == NOW + 40 + NETWORK_APART


def test_a_network_that_changed_during_a_hanging_try_is_tried_when_that_failed():
    plan = Plan().began(NOW).network_changed(NOW + 5)
    assert plan.failed(NOW + 60, 0.999).due <= NOW + 60
    assert plan.succeeded(NOW + 60).due > NOW + 60 + LOOK / 2


def test_the_wait_grows_and_is_drawn_from_the_whole_of_it():
    highest = [after_failures(count).due - NOW for count in range(1, 9)]
    assert highest == sorted(highest)
    assert FIRST_WAIT - 1 < highest[0] <= FIRST_WAIT
    assert highest[-1] <= LONGEST_WAIT
    assert highest[-1] > LONGEST_WAIT - 10
    assert {after_failures(count, 0.0).due - NOW for count in range(1, 99)} == {FLOOR}
    assert after_failures(10_000).due - NOW <= LONGEST_WAIT


def test_a_success_ends_the_growing():
    plan = after_failures(9).began(NOW).succeeded(NOW).began(NOW).failed(NOW, 0.999)
    assert plan.due - NOW <= FIRST_WAIT


def test_come_back_later_is_honoured_but_not_for_ever():
    plan = after_failures(1, 0.0, retry_after=300.0)
    assert plan.due == NOW + 300
    assert plan.edited(NOW + 1).network_changed(NOW + 2).due == NOW + 300
    assert plan.asked_for(NOW + 10).due == NOW + 10  # a person's word
    assert after_failures(1, 0.0, retry_after=10**9).due == NOW + LONGEST_AFTER
    assert after_failures(1, 0.5, retry_after=1.0).due == after_failures(1, 0.5).due


def test_after_a_person_stopped_it_rests_until_asked():
    plan = Plan().started(NOW).began(NOW).edited(NOW + 1).stopped(NOW + 2)
    assert plan.due == NOW + 2 + REST
    assert plan.network_changed(NOW + 9).edited(NOW + 9).due == NOW + 2 + REST
    assert plan.asked_for(NOW + 20).due == NOW + 20
    again = plan.asked_for(NOW + 20).began(NOW + 20).failed(NOW + 21, 0.5)
    assert again.network_changed(NOW + 40).due == NOW + 40


def test_before_a_deadline_whatever_the_wait():
    plan = after_failures(9).deadline(NOW, NOW + 2000)
    assert plan.due == NOW + 2000 - LEADS[0]
    plan = plan.began(NOW + 300).failed(NOW + 301, 0.999)
    assert plan.due == NOW + 2000 - LEADS[1]
    stopped = plan.began(NOW + 310).stopped(NOW + 311)
    assert stopped.due == NOW + 2000 - LEADS[1]
    told = after_failures(9, retry_after=1900.0).deadline(NOW, NOW + 2000)
    assert told.due == NOW + 1900  # the province asked for it


def test_a_deadline_that_is_over_or_unknown_changes_nothing():
    plan = after_failures(9)
    for at in (NOW - 10, NOW, math.inf, -math.inf):
        assert plan.deadline(NOW, at).due == plan.due
    nudged = plan.deadline(NOW, NOW + 2000).deadline(NOW + 200.5, NOW + 2000.4)
    assert nudged.due == pytest.approx(NOW + 200.4)  # worked out anew as it was due, it still is
    late = plan.deadline(NOW, NOW + 500)
    assert late.due == NOW + 500 - LEADS[2]


# ---- whatever happens ----------------------------------------------------------------------------

RANDOM = st.floats(0, 1, exclude_max=True, allow_nan=False)
STEP = st.floats(0, 4000, allow_nan=False)
EVENT = st.one_of(
    st.tuples(st.just("edited"), STEP, st.just(())),
    st.tuples(st.just("network_changed"), STEP, st.just(())),
    st.tuples(st.just("asked_for"), STEP, st.just(())),
    st.tuples(st.just("deadline"), STEP, st.tuples(st.floats(-1000, 1e6, allow_nan=False))),
)
OUTCOME = st.one_of(
    st.tuples(st.just("succeeded"), st.floats(0, 100), st.tuples(RANDOM)),
    st.tuples(st.just("failed"), st.floats(0, 100), st.tuples(RANDOM, st.floats(0, 1e5))),
    st.tuples(st.just("stopped"), st.floats(0, 100), st.just(())),
)
HISTORY = st.lists(st.tuples(st.lists(EVENT, max_size=4), st.lists(EVENT, max_size=3), OUTCOME), max_size=12)


def happen(plan: Plan, event, now: float) -> Plan:
    name, _, given = event
    if name == "deadline":
        given = (now + given[0],)
    return getattr(plan, name)(now, *given)


def played(history, start: float):
    """Runs a history as the courier does; gives each try's moment and what was known before it."""
    now, plan = start, Plan().started(start)
    tries = []
    for before, during, outcome in history:
        for event in before:
            step = min(event[1], max(0.0, plan.due - now))  # nothing happens after a try was due
            now += step
            plan = happen(plan, event, now)
        now = max(now, plan.due)
        tries.append((now, plan))
        plan = plan.began(now)
        for event in during:
            now += event[1] / 100
            plan = happen(plan, event, now)
            assert plan.due == math.inf
        now += outcome[1]
        plan = getattr(plan, outcome[0])(now, *outcome[2])
        assert plan.due < math.inf
        assert plan.due <= now + max(LONGEST_WAIT, LONGEST_AFTER, REST), "it always comes to a next try"
    return tries, plan, now


@given(HISTORY)
def test_it_never_rests_for_ever_and_never_hammers(history):
    tries, _, _ = played(history, 0.0)
    for (first, _), (second, known) in itertools.pairwise(tries):
        if known.asked < math.inf:
            continue
        assert second - first >= min(FLOOR, NETWORK_APART)
        if known.not_before > first:
            assert second >= known.not_before


@given(HISTORY, st.sampled_from(("edited", "network_changed", "asked_for")), STEP)
def test_nothing_that_happens_delays_a_try(history, event, step):
    _, plan, now = played(history, 0.0)
    at = min(now + step, plan.due)
    assert getattr(plan, event)(at).due <= plan.due


@given(HISTORY, st.integers(-(2**31), 2**31))
def test_only_the_time_between_counts_never_the_time_itself(history, shift):
    """The clock may begin anywhere: a machine that runs for a year tries as one that has just begun."""
    here, _, _ = played(history, 0.0)
    there, _, _ = played(history, float(shift))
    assert [moment for moment, _ in there] == pytest.approx([moment + shift for moment, _ in here], abs=1e-3)
