"""The link is cut anywhere in an ordinary sync; one good sync later both ends are equal, all once.

Through a real socket, a real server in a thread of this process, and the engine that the program itself uses.
"""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from app.domain.ids import assignment_id, task_id
from sync.client.link import Cut, StoppedByUser, never
from sync.client.run import run
from tests.benchmarks import texts
from tests.benchmarks.proxy import Count, Direction
from tests.sync.served import Served, memory_folder, served
from tests.sync.whole import faults
from tests.world import UNIT, task

TASKS, WRITTEN, CORRECTED = 8, 6, 4


@pytest.fixture(scope="module")
def place() -> Iterator[Served]:
    """Both ends before an ordinary sync: some weeks' words wait here, corrected tasks wait there."""
    folder = memory_folder("cuts")
    wanted = [item for number in range(TASKS) for item in task(f"T{number}", UNIT)]
    with served(folder, *wanted) as made:
        with made.opened() as opened:
            run(opened)
            with opened.ledger.edit() as edit:
                for number, said in enumerate(texts.week(WRITTEN)):
                    spot = {"assignment": assignment_id(task_id("P", f"T{number}"), UNIT), "week": "2025-W27"}
                    edit.set("progress", spot, "result", said["result"])
        titles = [row["title"] for row in texts.tasks(CORRECTED, UNIT, seed=9)]
        for number, title in enumerate(titles):
            made.province.issue(*task(f"T{number}", UNIT, title=title))
        made.keep("before")
        yield made


def whole_sync(place: Served) -> Count:
    """What an uncut one costs."""
    place.put_back("before")
    before = place.proxy.count
    with place.opened() as opened:
        done = run(opened)
    assert (done.sent, done.received) == (WRITTEN, CORRECTED)
    return place.proxy.count - before


def cut_once(place: Served, direction: Direction, offset: int, *, goes_on: bool) -> None:
    """Cut there, then one good sync by a program that is started anew; all must be there, once.

    goes_on: the program may try again over the same link; else it ends with the cut, as if it were killed.
    """
    place.put_back("before")
    cuts = place.proxy.count.cuts
    place.proxy.cut_at(direction, offset)
    with place.opened() as opened, suppress(Cut, StoppedByUser):  # a cut is never taken for a login page
        run(opened, stopped=never if goes_on else lambda: place.proxy.count.cuts > cuts)
    place.proxy.spare()
    with place.opened() as opened:
        run(opened)
        assert faults(opened.ledger, place.store, UNIT) == [], (direction, offset, goes_on)
        assert (idle := run(opened)).sent == idle.received == 0, (direction, offset, goes_on)


def cut_everywhere(place: Served, step: int, *, goes_on: bool) -> None:
    count = whole_sync(place)
    for direction, size in (("up", count.up), ("down", count.down)):
        for offset in range(0, size + 1, step):
            cut_once(place, direction, offset, goes_on=goes_on)


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_link_cut_at_every_64th_byte_loses_nothing_and_doubles_nothing(place: Served, goes_on) -> None:
    cut_everywhere(place, 64, goes_on=goes_on)


@pytest.mark.parametrize("every", [1200, 1000, 860, 800])
def test_a_link_that_breaks_again_and_again_is_enough_for_one_run(place: Served, every: int) -> None:
    place.put_back("before")
    place.proxy.cut_after = every
    try:
        with place.opened() as opened:
            done = run(opened)
            assert (done.sent, done.received, done.slices > 0) == (WRITTEN, CORRECTED, True)
    finally:
        place.proxy.cut_after = 0
    with place.opened() as opened:
        assert (idle := run(opened)).sent == idle.received == 0
        assert faults(opened.ledger, place.store, UNIT) == []


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("goes_on", [True, False])
def test_a_link_cut_at_every_byte_loses_nothing_and_doubles_nothing(place: Served, goes_on) -> None:
    cut_everywhere(place, 1, goes_on=goes_on)
