"""More than the province can take at a time: each is told when to come back, and comes through in the end."""

import threading
from contextlib import contextmanager

import pytest
import requests
import uvicorn

from sync.client.network import HttpLink
from sync.server.api import make_api
from sync.server.serving import listening
from tests.world import UNIT, Clock, Province, units


@pytest.fixture
def province(tmp_path):
    made = Province(tmp_path / "province.db", Clock())
    made.issue(*units(UNIT))
    yield made
    made.close()


@contextmanager
def serving(province, under_way):
    with listening("127.0.0.1", 0) as bound:
        api = make_api(province.store, under_way=under_way)
        server = uvicorn.Server(uvicorn.Config(api, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def held(province):
    """A province that lets one in at a time, and one who is in and does not end until `release`."""
    release, inside = threading.Event(), threading.Event()

    def slow():
        inside.set()
        release.wait(20)
        return 1_751_245_200

    with serving(province, 1) as address:
        province.store.now = slow
        first = threading.Thread(target=lambda: requests.get(address + "/v1/health", timeout=30))
        first.start()
        assert inside.wait(20)
        yield address, release, first
        release.set()
        first.join(20)


@pytest.mark.parametrize("size", [0, 300, 200_000])
def test_who_finds_too_many_is_told_when_to_come_back(held, size):
    address, _, _ = held
    answer = requests.post(address + "/v1/sync", data=b"x" * size, timeout=20)
    assert answer.status_code == 503
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert answer.json()["type"] == "urn:so-nhiem-vu:province-busy"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_who_comes_back_comes_through(held):
    address, release, first = held

    def come_back(_seconds: float) -> None:
        release.set()
        first.join(20)

    link = HttpLink(address, pause=come_back)
    assert link.call("GET", "/v1/health", {}, b"").status == 200
    assert (link.busy, link.requests) == (1, 2)
    link.close()


def test_a_request_that_ends_in_an_error_leaves_its_place(province):
    with serving(province, 1) as address:
        for _ in range(3):
            assert requests.get(address + "/v1/nothing", timeout=20).status_code == 404
            assert requests.post(address + "/v1/enrol", data=b"x", timeout=20).status_code == 400
