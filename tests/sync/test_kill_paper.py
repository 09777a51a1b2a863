"""Killed anywhere between a report and its receipt on paper: the next try brings all once, nothing half."""

import os

import pytest
from sqlalchemy import select

from app.record import log
from app.record.tables import rows, symbol
from app.record.verify import disagreements
from app.services.opening import open_home
from app.storage.home import Home
from sync.client import paper
from sync.server import scans, slips
from sync.server.tables import scan, scanned
from tests.sync.sheets import close, reader, write
from tests.sync.sticks import Desk, record, waiting
from tests.sync.test_kill_stick import in_a_copy
from tests.world import Clock, Province

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is copied to be killed")

WORDS = {"Đã mở lớp", "Mưa"}


class Place:
    """A province and a machine that lie on disk, and sheets between them; nothing is open."""

    def __init__(self, folder):
        self.folder, self.clock = folder, Clock()
        desk = Desk(folder, self.clock)
        opened = desk.machine("máy")
        self.home = opened.home.path
        record(opened, "Đã mở lớp")
        record(opened, "Mưa", "difficulty")
        self.report = close(opened)
        opened.close()
        desk.close()

    def province(self) -> Province:
        return Province(self.folder / "province.db", self.clock, new=False)

    def prints(self):
        opened = open_home(Home(self.home), self.clock)
        write(self.folder / "sheets", paper.printed(opened, self.report))
        opened.close()

    def scans(self):
        province = self.province()
        done = scans.take(province.store, self.folder / "scans", [self.folder / "sheets"], reader)
        assert done.good
        found = slips.slip(province.store, done.results[0].page_set)
        write(self.folder / "receipt", found.carried)
        province.close()

    def receives(self):
        opened = open_home(Home(self.home), self.clock)
        assert paper.take(opened, [self.folder / "receipt"], reader).good
        opened.close()

    def steps(self):
        return (self.prints, self.scans, self.receives)

    def nothing_half(self) -> None:
        """What a kill left at the province: all of the sheet, or none of it."""
        province = self.province()
        with province.store.read() as connection:
            assert disagreements(connection) == []
            taken = len(connection.execute(select(rows["progress"])).all())
            assert taken in {0, 1}
            for table in ("report", "receipt"):
                assert len(connection.execute(select(rows[table])).all()) == taken
        province.close()

    def arrived_once(self) -> None:
        opened, province = open_home(Home(self.home), self.clock), self.province()
        try:
            assert waiting(opened) == 0
            with opened.ledger.read() as here, province.store.read() as there:
                assert disagreements(here) == [] and disagreements(there) == []
                for connection in (here, there):
                    words = [
                        value
                        for held in log.read(connection)
                        for value in held.change.fields.values()
                        if isinstance(value, str) and value in WORDS
                    ]
                    assert sorted(words) == sorted(WORDS)
                    assert len(connection.execute(select(rows["receipt"])).all()) == 1
                    assert len(connection.execute(select(symbol)).all()) == 1
                assert len(there.execute(select(scan)).all()) == 1
                assert [row.report for row in there.execute(select(scanned))] == [self.report]
            kept = [path.name for path in (self.folder / "scans").glob("*/*")]
            assert sum(not name.endswith(".new") for name in kept) == 1
        finally:
            opened.close()
            province.close()


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_each_step_done_once_more_after_a_kill(tmp_path, share):
    place = Place(tmp_path)
    for step in place.steps():
        total = in_a_copy(step, 10**6)
        in_a_copy(step, max(1, round(total * share)))
        place.nothing_half()
        step()
    place.arrived_once()


def first_time(place: Place, number: int, at: int) -> bool:
    """The so-many-th step is killed at its first try. False when it has fewer writes than that."""
    steps = place.steps()
    for step in steps[:number]:
        step()
    killed = in_a_copy(steps[number], at) == -1
    place.nothing_half()
    for step in steps[number:]:
        step()
    place.arrived_once()
    return killed


@pytest.mark.parametrize(("number", "at"), [(0, 12), (1, 25), (1, 60), (2, 30)])
def test_a_step_killed_at_its_first_try(tmp_path, number, at):
    assert first_time(Place(tmp_path), number, at)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_step_killed_at_every_place(tmp_path, number):
    for at in range(1, 1_000):
        folder = tmp_path / str(at)
        folder.mkdir()
        if not first_time(Place(folder), number, at):
            assert at > 12
            return
    pytest.fail("no end")
