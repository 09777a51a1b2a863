"""Killed anywhere between what waits and its acknowledgement on a stick: the next try brings all, once."""

import os
import signal
import sys

import pytest
from sqlalchemy import Engine, event

from app.record import log
from app.record.verify import disagreements
from app.services.opening import open_home
from app.storage.home import Home
from sync.client import usb
from tests.sync.sticks import Desk, photo, record, waiting
from tests.world import UNIT, Clock, Province

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is copied to be killed")

WORDS = {"Đã mở lớp", "Mưa"}


class Place:
    """A province and a machine that lie on disk, and a folder for the stick; nothing is open."""

    def __init__(self, folder):
        self.folder, self.clock = folder, Clock()
        self.stick = folder / "USB"
        self.stick.mkdir()
        desk = Desk(folder, self.clock)
        opened = desk.machine("máy")
        self.home = opened.home.path
        record(opened, "Đã mở lớp")
        record(opened, "Mưa", "difficulty")
        photo(opened, os.urandom(150_000))
        opened.close()
        desk.close()

    def desk(self) -> Desk:
        made = Desk.__new__(Desk)
        made.folder, made.clock = self.folder, self.clock
        made.province = Province(self.folder / "province.db", self.clock, new=False)
        return made

    def export(self):
        opened = open_home(Home(self.home), self.clock)
        usb.export(opened, self.stick / "a")
        opened.close()

    def take(self):
        desk = self.desk()
        desk.take(self.stick / "a", self.stick / "b")
        desk.close()

    def receive(self):
        opened = open_home(Home(self.home), self.clock)
        usb.take(opened, self.stick / "b")
        opened.close()

    def steps(self):
        return (self.export, self.take, self.receive)


def in_a_copy(step, kill_at: int) -> int:
    """Do a step in a copy of this process that is killed at its so-many-th write, rename, flush or statement.

    0 kills nobody. Returns how many there were; -1 if it was killed.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0

        def touched(*_):
            nonlocal count
            count += 1
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            event.listen(Engine, "before_cursor_execute", touched)
            event.listen(Engine, "commit", touched)
            flush = os.fsync
            os.fsync = lambda descriptor: (touched(), flush(descriptor))[1]
            sys.addaudithook(lambda name, _: touched() if name in {"os.rename", "os.remove"} else None)
            step()
            os.write(writer, str(count).encode())
        finally:
            os._exit(0)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    said = os.read(reader, 20)
    os.close(reader)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return -1
    assert said, "the step failed"
    return int(said)


def arrived_once(place: Place) -> None:
    opened, desk = open_home(Home(place.home), place.clock), place.desk()
    try:
        assert waiting(opened) == 0
        with opened.ledger.read() as here, desk.store.read() as there:
            assert disagreements(here) == [] and disagreements(there) == []
            for connection in (here, there):
                words = [
                    value
                    for held in log.read(connection)
                    for value in held.change.fields.values()
                    if isinstance(value, str) and value in WORDS
                ]
                assert sorted(words) == sorted(WORDS)
        kept = [path.name for path in (place.folder / "evidence" / UNIT).iterdir()]
        assert sum(not name.endswith(".new") for name in kept) == 1
        assert sorted(path.name for path in place.stick.iterdir()) == ["a", "b"]
    finally:
        opened.close()
        desk.close()


def killed_at(place: Place, share: float) -> None:
    """Each step is killed after this share of its writes, and then done."""
    for step in place.steps():
        total = in_a_copy(step, 10**6)
        at = max(1, round(total * share))
        in_a_copy(step, at)
        step()
    arrived_once(place)


@pytest.mark.parametrize("share", [0.4, 0.95])
def test_each_step_done_once_more_after_a_kill(tmp_path, share):
    killed_at(Place(tmp_path), share)


def first_time(place: Place, number: int, at: int) -> bool:
    """The so-many-th step is killed at its first try. False when it has fewer writes than that."""
    steps = place.steps()
    for step in steps[:number]:
        step()
    killed = in_a_copy(steps[number], at) == -1
    for step in steps[number:]:
        step()
    arrived_once(place)
    return killed


@pytest.mark.parametrize(("number", "at"), [(0, 19), (1, 40), (2, 60)])
def test_a_step_killed_at_its_first_try(tmp_path, number, at):
    assert first_time(Place(tmp_path), number, at)


@pytest.mark.slow
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_step_killed_at_every_place(tmp_path, number):
    for at in range(1, 1_000):
        folder = tmp_path / str(at)
        folder.mkdir()
        if not first_time(Place(folder), number, at):
            assert at > 20
            return
    pytest.fail("no end")
