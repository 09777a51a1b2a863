"""From a file added at the commune to the province that has it, in one run as everybody starts it."""

import hashlib
import shutil
from functools import partial

import pytest

from app.services import evidence as service
from app.storage import evidence
from app.storage.home import Home
from sync.client import run as running
from sync.client.network import HttpLink
from sync.server import missing
from tests.sync.places import ASSIGNMENT
from tests.sync.served import memory_folder, served
from tests.world import UNIT

KEY = {"assignment": ASSIGNMENT, "week": "2025-W27"}


@pytest.fixture(scope="module")
def line():
    with served(memory_folder("evidence")) as made:
        with made.opened() as opened:
            running.run(opened)
        made.keep("empty")
        yield made


@pytest.fixture
def both(line):
    line.proxy.cut_after = 0
    line.put_back("empty")
    shutil.rmtree(line.folder / "files", ignore_errors=True)
    return line


def add(opened, content: bytes, name: str = "ảnh.jpg") -> service.Added:
    sha256 = hashlib.sha256(content).hexdigest()
    return service.commit(opened, KEY, service.Prepared(sha256, name, "photo", content, 0, False))


def states(opened) -> dict[str, str]:
    with opened.ledger.read() as connection:
        return {item.name: item.exchange for item in service.items(connection)}


def awaited(line) -> tuple[int, int]:
    with line.store.read() as connection:
        return tuple(missing.counts(connection).get(UNIT, missing.NONE))


def test_words_and_files_go_in_one_run_and_both_ends_know_it(both):
    with both.opened() as opened:
        add(opened, bytes(range(256)) * 400)
        assert states(opened) == {"ảnh.jpg": "waiting"}
        done = running.run(opened)
        assert (done.evidence_sent, done.told) == (1, ())
        assert states(opened) == {"ảnh.jpg": "received"}
        assert awaited(both) == (1, 0)
        again = running.run(opened)
        assert (again.evidence_sent, again.requests) == (0, 1)


def test_more_files_than_one_request_asks_about_go_in_one_run(both, monkeypatch):
    ask = evidence.wanted
    monkeypatch.setattr(evidence, "wanted", lambda connection: ask(connection, limit=2))
    with both.opened() as opened:
        for number in range(5):
            add(opened, bytes([number]) * 900, f"{number}.jpg")
        assert running.run(opened).evidence_sent == 5
        assert set(states(opened).values()) == {"received"}


def test_words_alone_leave_the_file_here_and_the_province_knows_that_it_is_missing(both):
    with both.opened() as opened:
        add(opened, b"x" * 5000)
        assert running.run(opened, evidence=False).evidence_sent == 0
        assert awaited(both) == (1, 1)
        assert states(opened) == {"ảnh.jpg": "waiting"}


def test_a_link_that_breaks_during_the_files_does_not_take_back_the_words(both, monkeypatch):
    content = bytes(range(256)) * 2000
    with both.opened() as opened:
        add(opened, content)
        running.run(opened, evidence=False)
        before = both.proxy.count
        link_is_gone = []

        def tell(progress):
            if progress.phase == "evidence" and not link_is_gone:
                link_is_gone.append(True)
                both.proxy.cut_after = 50
                both.proxy.cut()

        with opened.ledger.edit() as edit:
            running.meta.write(edit.connection, "slice", 65_536)
        monkeypatch.setattr(running, "HttpLink", partial(HttpLink, pause=lambda _: None))
        done = running.run(opened, tell=tell)
        assert done.told == ("evidence-later",) and done.evidence_sent == 0
        assert states(opened) == {"ảnh.jpg": "sending"}
        both.proxy.cut_after = 0
        middle = both.proxy.count
        assert running.run(opened).evidence_sent == 1
        assert (both.proxy.count - middle).up < len(content) - 60_000
        assert (both.proxy.count - before).up < len(content) + 20_000
        assert awaited(both) == (1, 0)


def test_the_second_machine_of_a_unit_does_not_send_what_the_first_one_brought(both, tmp_path):
    content = bytes(range(256)) * 400
    with both.opened() as opened:
        add(opened, content)
        running.run(opened)
    second = both.enrol(Home(tmp_path / "second"))
    try:
        add(second, content)
        before = both.proxy.count
        done = running.run(second)
        assert (both.proxy.count - before).up < 5000
        assert done.evidence_sent == 1  # held, though by the other's hand
        assert states(second) == {"ảnh.jpg": "received"}
    finally:
        second.close()


def test_a_restored_province_gets_its_files_again(both):
    content = bytes(range(256)) * 400
    with both.opened() as opened:
        running.run(opened)
        both.keep("yesterday")
        add(opened, content)
        running.run(opened)
        both.put_back_province("yesterday")
        shutil.rmtree(both.folder / "files")
        done = running.run(opened)
        assert "province-went-back" in done.told
        running.run(opened)
        assert awaited(both) == (1, 0)


def test_a_ledger_restored_from_an_older_copy_still_sends_the_files_that_are_here(both):
    content = bytes(range(256)) * 400
    with both.opened() as opened:
        copy = opened.copy()
        add(opened, content)
        running.run(opened, evidence=False)
    for suffix in ("", "-wal", "-shm"):
        both.home.ledger.with_name(both.home.ledger.name + suffix).unlink(missing_ok=True)
    shutil.copy(copy, both.home.ledger)
    with both.opened() as opened:
        assert states(opened) == {}
        running.run(opened)  # the words come back, and the file is taken up
        assert running.run(opened).evidence_sent == 1
    assert awaited(both) == (1, 0)
