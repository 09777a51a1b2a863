"""Programs are killed in the middle of what they do; what they said was done is there, once."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.change import Name
from app.record import log
from app.record.engine import open_ledger, open_plain, quick_check
from app.record.reading import seen
from app.record.verify import disagreements
from app.storage import outgoing
from app.storage.ledger import Ledger
from sync.client.engine import synchronise
from sync.client.link import NoConnection, Stopped, StoppedByUser, never
from sync.client.network import HttpLink
from sync.server import feed
from sync.server.store import Store
from tests.benchmarks.proxy import Proxy
from tests.sync.places import KEY, RECORD, SPOT
from tests.world import UNIT, Clock, Device, Province, task, units

PROGRAM = Path(__file__).with_name("killed.py")
POINTS = ["editing", "committing", "sending", "answered"]
ADDRESS = re.compile(r"http://[0-9.]+:[0-9]+")


class Place:
    """A province and one device, as files; programs open them in turn."""

    def __init__(self, folder: Path) -> None:
        clock = Clock(int(time.time()))
        self.ledger, self.province = folder / "ledger.db", folder / "province.db"
        province = Province(self.province, clock)
        province.issue(*units(UNIT), *task("T1", UNIT))
        device = Device(self.ledger, clock)
        device.key = Ed25519PrivateKey.from_private_bytes(self.seed)
        device.enrol(province)
        with device.ledger.edit() as edit:
            edit.set("progress", SPOT, "result", "câu 0")
        device.close()
        province.close()
        self.wrote: set[Name] = set()

    seed = bytes(range(100, 132))

    @contextmanager
    def opened(self) -> Iterator[Ledger]:
        engine = open_ledger(self.ledger, KEY, create=False)
        try:
            yield Ledger(engine, lambda: int(time.time()))
        finally:
            engine.dispose()

    @contextmanager
    def opened_province(self) -> Iterator[Store]:
        engine = open_plain(self.province, create=False)
        try:
            yield Store(engine, lambda: int(time.time()))
        finally:
            engine.dispose()

    @contextmanager
    def serving(
        self, point: str = "-", stays: str = "goes-on"
    ) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """A server process, and its address."""
        with started("province", str(self.province), point, stays) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if found := ADDRESS.search(line):
                    break
            else:
                raise AssertionError("the server did not start")
            yield process, found.group()

    def sync(self, ledger: Ledger, address: str, stopped: Stopped = never):
        link = HttpLink(address, stopped=stopped)
        sign = Ed25519PrivateKey.from_private_bytes(self.seed).sign
        try:
            return synchronise(ledger, link, sign, stopped=stopped)
        finally:
            link.close()

    def check_ledger(self) -> None:
        with self.opened() as ledger, ledger.read() as connection:
            assert quick_check(connection) == ()
            assert disagreements(connection) == []
            assert not self.wrote - {held.change.name for held in log.read(connection)}

    def check_province(self) -> None:
        """All that was said to be written is at the province, once."""
        with self.opened_province() as store, store.read() as connection:
            assert quick_check(connection) == ()
            assert disagreements(connection) == []
            fed = [held.change for _, held in feed.after(connection, UNIT, 0)]
        assert len({made.name for made in fed}) == len(fed)
        texts = [made.fields["result"] for made in fed if made.entity == "progress"]
        assert len(set(texts)) == len(texts)
        assert not self.wrote - {made.name for made in fed}

    def write(self, ledger: Ledger, text: str) -> None:
        with ledger.edit() as edit:
            shown = seen(edit.connection, "progress", [RECORD])
            made = edit.set("progress", SPOT, "result", text, shown[RECORD, "result"])
        assert made is not None
        self.wrote.add(made.name)


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(PROGRAM), *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def kill_inside(process: subprocess.Popen[str], times: int) -> list[str]:
    """Kill it when it says for the n-th time that it is inside; returns what it had said."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line.strip())
        if said.count("inside") == times:
            break
    else:
        raise AssertionError(f"it ended of itself: {said}")
    process.send_signal(signal.SIGKILL)
    said += [line.strip() for line in process.stdout]  # what it said before the signal came
    assert process.wait() == -signal.SIGKILL
    return said


@contextmanager
def over(address: str, cut_after: int) -> Iterator[str]:
    """The address over a link that breaks after so many bytes each time; 0 is never."""
    proxy = Proxy(int(address.rpartition(":")[2]), cut_after=cut_after)
    try:
        yield proxy.address
    finally:
        proxy.close()


def kill_devices(folder: Path, times: int, cut_after: int = 0) -> None:
    place = Place(folder)
    with place.serving() as (_, direct), over(direct, cut_after) as address:
        for turn in range(times):
            point = POINTS[turn % len(POINTS)]
            stays = turn // len(POINTS) % 2 == 0
            # one that stays is inside once; one that goes on is killed wherever it has come to by then
            count = 1 if stays else 1 + turn % 3
            arguments = (address, point, "stays" if stays else "goes-on")
            with started("device", str(place.ledger), place.seed.hex(), *arguments) as process:
                said = kill_inside(process, count)
            for line in said:
                if line.startswith("wrote "):
                    stream, n, digest = line.split()[1:]
                    place.wrote.add(Name(int(stream), int(n), bytes.fromhex(digest)))
            place.check_ledger()
        with place.opened() as ledger:
            place.sync(ledger, address)
            assert place.sync(ledger, address).sent == 0
            with ledger.read() as connection:
                assert outgoing.pending_count(connection) == 0
    assert place.wrote
    place.check_ledger()
    place.check_province()


def kill_provinces(folder: Path, times: int) -> None:
    place = Place(folder)
    for turn in range(times):
        stays = "stays" if turn % 2 == 0 else "goes-on"
        with place.opened() as ledger, place.serving("committing", stays) as (process, address):
            place.write(ledger, f"câu {turn + 1}")
            killer = threading.Thread(target=kill_inside, args=(process, 1))
            killer.start()
            try:
                place.sync(ledger, address)
            except NoConnection:
                pass  # no answer came: it goes again to the next
            else:
                assert stays == "goes-on", "an answer came out of a transaction that was not committed"
            killer.join()
        place.check_ledger()
    with place.opened() as ledger, place.serving() as (_, address):
        place.sync(ledger, address)
        with ledger.read() as connection:
            assert outgoing.pending_count(connection) == 0
    place.check_ledger()
    place.check_province()


def kill_provinces_between_parts(folder: Path, times: int) -> None:
    """Killed as it commits one of the parts that an envelope comes in; the next one goes on with them."""
    place = Place(folder)
    for turn in range(times):
        with (
            place.opened() as ledger,
            place.serving("committing") as (process, direct),
            over(direct, 700) as address,
        ):
            place.write(ledger, os.urandom(2000).hex())  # nothing presses it: it takes many parts
            killer = threading.Thread(target=kill_inside, args=(process, 1 + turn % 3))
            killer.start()
            with pytest.raises((NoConnection, StoppedByUser)):  # it would wait for the province to come back
                place.sync(ledger, address, lambda process=process: process.poll() is not None)
            killer.join()
        place.check_ledger()
    with place.opened() as ledger, place.serving() as (_, address):
        place.sync(ledger, address)
        with ledger.read() as connection:
            assert outgoing.pending_count(connection) == 0
    place.check_ledger()
    place.check_province()


def test_a_device_killed_anywhere_loses_nothing_it_said_was_written(tmp_path: Path) -> None:
    kill_devices(tmp_path, 20)


def test_a_device_killed_on_a_link_that_breaks_loses_nothing_either(tmp_path: Path) -> None:
    kill_devices(tmp_path, 8, cut_after=700)


def test_a_province_killed_in_a_transaction_loses_nothing_and_takes_nothing_twice(tmp_path: Path) -> None:
    kill_provinces(tmp_path, 20)


def test_a_province_killed_between_the_parts_of_an_envelope_loses_nothing_either(tmp_path: Path) -> None:
    kill_provinces_between_parts(tmp_path, 6)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_device_killed_200_times(tmp_path: Path) -> None:
    kill_devices(tmp_path, 200)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_device_killed_200_times_on_a_link_that_breaks(tmp_path: Path) -> None:
    kill_devices(tmp_path, 200, cut_after=700)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_province_killed_200_times(tmp_path: Path) -> None:
    kill_provinces(tmp_path, 200)
