"""What may never grow: requests of a sync, bytes of an idle one, queries of a page, what the start loads."""

import pytest

from tests.benchmarks import pages, sync, texts
from tests.benchmarks.proxy import Requests
from tests.benchmarks.scene import UNIT, staged
from tests.benchmarks.start import start as started


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    found = sync.measure(tmp_path_factory.mktemp("sync"), tasks=60, updates=30, changed=10)
    return {work.name: work for work in found}


@pytest.mark.parametrize("name", ["W1", "W2", "W3", "W4"])
def test_every_sync_is_one_request(works, name):
    assert works[name].count.requests == works[name].done.requests == 1


def test_the_work_was_done(works):
    assert works["W1"].done.received >= 2 * 60  # tasks and assignments
    assert works["W2"].done.sent == 30
    assert works["W2"].done.received >= 10
    assert (works["W3"].done.sent, works["W3"].done.received) == (0, 0)
    assert (works["W4"].done.sent, works["W4"].done.received) == (1, 0)
    assert not any(work.done.refused or work.done.conflicts for work in works.values())


def test_an_idle_sync_stays_small(works):
    # two signatures, the cursor, the nonce, and HTTP's own lines: nothing else has a reason to be there
    assert works["W3"].count.total <= sync.TARGETS["W3"]
    assert works["W4"].count.total <= sync.TARGETS["W4"]


def test_a_sync_costs_less_than_its_bare_text_alone_would_pressed_by_zstandard(works):
    for name in ("W1", "W2"):
        assert works[name].count.total < sync.pressed(works[name].text)


def test_the_program_counts_nearly_what_the_wire_carries(works):
    for work in works.values():
        said = work.done.bytes_up + work.done.bytes_down
        assert abs(said - work.count.total) < 200  # it does not see the first lines of HTTP


def test_no_page_asks_more_for_more_tasks(tmp_path):
    for name, counts in pages.measure(tmp_path, (10, 120)).items():
        assert len(set(counts)) == 1, f"{name}: {counts}"


def test_the_week_is_shown_before_anything_is_loaded_that_can_wait(tmp_path):
    with staged(tmp_path, texts.tasks(10, UNIT)) as scene:
        scene.sync()
    assert started("ours", tmp_path / "commune", tmp_path / "bytecode", rest=0).late == ()


def test_requests_are_counted_however_they_are_cut():
    stream = (
        b"POST /a HTTP/1.1\r\nContent-Length: 6\r\n\r\n\r\n\r\nab" + b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    for step in (1, 2, 3, 7, len(stream)):
        parser = Requests()
        for start in range(0, len(stream), step):
            parser.feed(stream[start : start + step])
        assert parser.count == 2
