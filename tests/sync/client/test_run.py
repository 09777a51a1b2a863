"""Two runs at once are one, whatever programs they are of."""

import threading

import pytest

from app.storage import outgoing
from sync.client.link import NoConnection, StoppedByUser
from sync.client.run import run
from tests.sync.places import SPOT
from tests.sync.served import memory_folder, served


@pytest.fixture(scope="module")
def place():
    with served(memory_folder("run")) as made:
        with made.opened() as opened:
            run(opened)
        made.keep("before")
        yield made


@pytest.fixture(autouse=True)
def clean(place):
    yield
    place.proxy.release()
    place.put_back("before")


class Runner:
    """A program of its own on the ledger, which runs in a thread. waits: it has asked whether to stop."""

    def __init__(self, place):
        self.waits, self.stop = threading.Event(), threading.Event()
        self.done = self.error = None
        self._place = place
        self._thread = threading.Thread(target=self._go)
        self._thread.start()

    def _go(self):
        with self._place.opened() as opened:
            try:
                self.done = run(opened, stopped=self._stopped)
            except Exception as error:  # noqa: BLE001  looked at by the test
                self.error = error

    def _stopped(self):
        self.waits.set()
        return self.stop.is_set()

    def join(self):
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture
def two(place):
    """One run that is held on the line, and a second one that waits for it."""
    with place.opened() as opened, opened.ledger.edit() as edit:
        edit.set("progress", SPOT, "result", "hai chương trình")
    place.proxy.hold("down")
    first = Runner(place)
    place.proxy.wait_until_held("down")
    second = Runner(place)
    assert second.waits.wait(20)
    return first, second


def pending(place):
    with place.opened() as opened, opened.ledger.read() as connection:
        return outgoing.pending_count(connection)


def test_the_second_waits_for_the_first_and_returns_its_result(place, two):
    before = place.proxy.count
    place.proxy.release()
    for one in two:
        one.join()
    assert two[0].done == two[1].done
    assert two[0].done.sent == 1
    assert (place.proxy.count - before).requests == 0  # the one that was held is all there was
    assert pending(place) == 0


def test_a_person_s_word_holds_for_the_run_that_heard_it(place, two):
    two[0].stop.set()
    two[0].join()
    assert isinstance(two[0].error, StoppedByUser)
    place.proxy.release()
    two[1].join()
    assert two[1].done.sent == 1


def test_a_failure_of_the_first_is_the_second_s_too(place, two, monkeypatch):
    from sync.client import patience

    monkeypatch.setattr(patience, "_MAX_BARREN", 0)
    before = place.proxy.count
    place.proxy.cut()
    for one in two:
        one.join()
        assert isinstance(one.error, NoConnection)
    assert two[0].error.facts == two[1].error.facts
    assert (place.proxy.count - before).requests == 0
    assert pending(place) == 1


def test_who_waits_can_be_stopped(two):
    two[1].stop.set()
    two[1].join()
    assert isinstance(two[1].error, StoppedByUser)


def test_a_lock_that_nobody_holds_stops_nobody(place):
    with place.opened() as opened:
        lock = opened.home.path / "sync.lock"
        assert lock.exists()
        assert run(opened).requests == 1
