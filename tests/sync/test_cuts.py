"""The link is cut anywhere in an ordinary sync; one good sync later both ends are equal, all once.

Through a real socket, a real server in a thread of this process, and the engine that the program itself uses.
"""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from app.domain.ids import assignment_id, task_id
from app.storage import outgoing
from sync.client.link import NoConnection
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


def cut_once(place: Served, direction: Direction, offset: int) -> None:
    """Cut there, then one good sync by a program that is started anew; all must be there, once."""
    place.put_back("before")
    place.proxy.cut_at(direction, offset)
    with place.opened() as opened, suppress(NoConnection):
        run(opened)
    assert place.proxy.spare() is None or offset > 0
    with place.opened() as opened:
        run(opened)
        assert faults(opened.ledger, place.store, UNIT) == [], (direction, offset)
        with opened.ledger.read() as connection:
            assert outgoing.pending_count(connection) == 0


def cut_everywhere(place: Served, step: int) -> None:
    count = whole_sync(place)
    for direction, size in (("up", count.up), ("down", count.down)):
        for offset in range(0, size + 1, step):
            cut_once(place, direction, offset)


def test_a_link_cut_at_every_64th_byte_loses_nothing_and_doubles_nothing(place: Served) -> None:
    cut_everywhere(place, 64)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_link_cut_at_every_byte_loses_nothing_and_doubles_nothing(place: Served) -> None:
    cut_everywhere(place, 1)
