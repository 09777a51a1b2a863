"""What the larger measurements must show, on a smaller scale: all ends well, whatever the machine's speed."""

import pytest

from tests.benchmarks import crowd, cuts, secure

pytestmark = pytest.mark.slow


def test_all_of_a_crowd_come_through_with_one_request_each(tmp_path):
    done = crowd.measure(tmp_path, 6)
    assert (done.count.requests, done.failures, done.faults) == (6, (), ())
    assert done.ratio > 0


@pytest.mark.parametrize("every", cuts.EVERY)
def test_the_week_ends_by_itself_on_a_link_that_is_cut(tmp_path, every):
    done = cuts.measure(tmp_path, every, tasks=81)
    assert (done.tries, done.faults) == (1, ())
    assert done.count.cuts >= 1 or done.count.total < every
    assert done.count.total <= 20_000


def test_a_handshake_stays_small_and_a_resumed_one_smaller(tmp_path):
    done = secure.measure(tmp_path)
    assert done.full.total <= 2_100
    assert done.resumed.total <= min(1_200, done.full.total)
    assert done.idle.requests == 0  # nobody on the way can read them, so nobody can count them
