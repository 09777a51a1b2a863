"""The courier does what the plan says: one exchange at a time, stopped at once, never by a wall clock."""

import math
import threading

import pytest
from PySide6.QtCore import QCoreApplication

from sync.client.link import NoConnection, Progress, StoppedByUser
from sync.client.schedule import FIRST_WAIT, GATHER, LEADS, REST
from ui.courier import Courier, seconds_to_cut_off
from ui.reachability import Reachability, addresses

PROGRESS = Progress("words", 1, 2, 0, 0)


class Road:
    """An exchange that a test holds, fails or lets go."""

    def __init__(self):
        self.calls = []
        self.error = None
        self.hold = None
        self.inside = threading.Event()

    def __call__(self, *, evidence, tell, stopped):
        self.calls.append(evidence)
        tell(PROGRESS)
        self.inside.set()
        if self.hold is not None:
            while not self.hold.wait(0.005):
                if stopped():
                    raise StoppedByUser()
        if self.error is not None:
            raise self.error
        return "done"


class Time:
    def __init__(self):
        self.now = 5_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def road():
    return Road()


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def courier(qapp, road, time):
    made = Courier(road, now=time, draw=lambda: 0.999)
    yield made
    made.stop()


def settled(qtbot, courier, signal, act):
    """Do it and wait for the signal and for what the courier itself does about it."""
    with qtbot.waitSignal(signal) as caught:
        act()
    qtbot.waitUntil(lambda: not courier.busy)
    return caught.args


def test_at_the_start_at_once_and_again_after_a_while(courier, road, qtbot):
    assert settled(qtbot, courier, courier.went, courier.start) == ["done"]
    assert road.calls == [True]
    assert 600 < courier.wait < 1200


def test_what_it_tells_is_heard_and_the_words_can_go_alone(courier, road, qtbot):
    with qtbot.waitSignal(courier.told) as told:
        courier.send(evidence=False)
    assert told.args == [PROGRESS] and road.calls == [False]
    qtbot.waitUntil(lambda: not courier.busy)


def test_one_at_a_time(courier, road, qtbot):
    road.hold = threading.Event()
    with qtbot.waitSignal(courier.began):
        courier.send()
    for again in (courier.send, courier.start, courier.soon, courier.network_changed):
        again()
    assert courier.busy and courier.wait == math.inf
    road.hold.set()
    qtbot.waitUntil(lambda: not courier.busy)
    assert len(road.calls) == 1
    assert 0 < courier.wait <= GATHER  # what was written meanwhile goes next


def test_a_failure_is_told_and_tried_again_later(courier, road, qtbot):
    road.error = NoConnection(why="cut")
    assert settled(qtbot, courier, courier.missed, courier.start) == [road.error]
    assert FIRST_WAIT / 2 < courier.wait <= FIRST_WAIT
    courier.network_changed()
    assert courier.wait <= 15


def test_come_back_later(courier, road, qtbot):
    road.error = NoConnection(why="busy", retry_after=600)
    settled(qtbot, courier, courier.missed, courier.start)
    assert courier.wait == 600


def test_a_person_stops_it_at_once_and_it_rests(courier, road, time, qtbot):
    road.hold = threading.Event()
    with qtbot.waitSignal(courier.began):
        courier.send()
    road.inside.wait(5)
    (error,) = settled(qtbot, courier, courier.missed, courier.halt)
    assert error.code == "stopped"
    courier.soon()
    courier.network_changed()
    assert courier.wait == REST
    time.now += 10
    road.hold.set()
    assert settled(qtbot, courier, courier.went, courier.send) == ["done"]


def test_closing_begins_nothing_more_and_ends_what_is_under_way(courier, road, qtbot):
    road.hold = threading.Event()
    with qtbot.waitSignal(courier.began):
        courier.send()
    with qtbot.waitSignal(courier.missed):
        courier.stop()
    courier.start()
    courier.send()
    QCoreApplication.processEvents()
    assert len(road.calls) == 1


def test_it_tries_when_it_is_time_and_not_before(courier, road, time, qtbot):
    courier.soon()
    courier._look()
    assert not courier.busy
    time.now += GATHER
    settled(qtbot, courier, courier.went, courier._look)


def test_a_clock_that_jumps_to_another_year_and_back_delays_nothing(qapp, road, time, qtbot):
    """The wall clock only tells how far the cut-off is: a try before it may be added, none is put off."""
    clock = [1_751_340_060]
    courier = Courier(road, now=time, draw=lambda: 0.999, until_cut_off=lambda: seconds_to_cut_off(clock[0]))
    road.error = NoConnection(why="cut")
    settled(qtbot, courier, courier.missed, courier.start)
    for tries, jump in enumerate((10 * 365 * 86_400, -10 * 365 * 86_400, 0)):
        clock[0] = 1_751_340_060 + jump
        courier._look()
        assert not courier.busy and courier.wait <= FIRST_WAIT * 2**tries
        time.now += courier.wait
        settled(qtbot, courier, courier.missed, courier._look)
    assert len(road.calls) == 4
    courier.stop()


def test_before_the_cut_off_of_the_week_whatever_the_wait(qapp, road, time, qtbot):
    left = [LEADS[0] + 100.0]
    courier = Courier(road, now=time, draw=lambda: 0.999, until_cut_off=lambda: left[0])
    road.error = NoConnection(why="busy", retry_after=50)
    for _ in range(9):
        courier._plan = courier._plan.failed(time.now, 0.999)
    courier.soon()
    assert courier.wait == 100
    courier.stop()


def test_how_far_the_cut_off_is():
    thursday = 1_751_536_800  # 03/07/2025 17:00 in Hanoi, when the data of week 27 end
    assert seconds_to_cut_off(thursday - 60) == 60
    assert seconds_to_cut_off(thursday) == 0
    assert seconds_to_cut_off(thursday + 1) == 7 * 86_400 - 1


def test_another_way_outside_is_noticed_and_a_lost_one_is_not(qapp, qtbot):
    ways = [("10.0.0.2", "")]
    network = Reachability(lambda: ways[0])
    heard = []
    network.changed.connect(lambda: heard.append(ways[0]))
    network.start()
    for way in (("10.0.0.2", ""), ("", ""), ("10.0.0.2", ""), ("192.168.43.7", ""), ("192.168.43.7", "")):
        ways[0] = way
        network.look()
    network.stop()
    assert heard == [("10.0.0.2", ""), ("192.168.43.7", "")]


def test_the_system_is_asked_without_sending_anything():
    found = addresses()
    assert len(found) == 2 and all(isinstance(item, str) for item in found)
