"""Three weeks without any road, then 6,000 changes: bounded memory, progress told, stopped and gone on."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.change import START, Change, Held
from app.domain.ids import assignment_id, random_id, random_stream, task_id
from app.domain.merge import NOTHING, Seen
from app.record.writing import make
from sync.client.run import run
from sync.protocol import envelope, messages
from sync.server import exchange
from tests.benchmarks import texts
from tests.sync.served import Served, clock, memory_folder, served
from tests.sync.whole import faults
from tests.world import UNIT, task

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux tells what it took"
)

TASKS, WEEKS, CHANGES = 80, 3, 6000
PROGRAM = Path(__file__).with_name("absent.py")
WAITS_AT = 60_000  # bytes
MOST_MEMORY = 96 * 2**20
"""What 6,000 changes may take on the device at most, beyond what the open program has."""


def written() -> tuple[Change, ...]:
    """What colleagues wrote meanwhile: each record again and again, as people do who save often."""
    chance = random.Random(5)
    stream, by, now = random_stream(), random_id(), clock()
    made: list[Change] = []
    shown: dict[int, Seen] = {}
    for n in range(1, CHANGES + 1):
        place = n % (TASKS * WEEKS)
        assignment = assignment_id(task_id("P", f"T{place % TASKS}"), UNIT)
        key = {"assignment": assignment, "week": f"2025-W{27 + place // TASKS}"}
        said = {"result": texts.prose(chance, 220)}
        over = {"result": shown.get(place, NOTHING)}
        change = make(
            stream=stream, n=n, by=by, at=now, entity="progress", key=key, values=said, seen=over
        )  # fmt: skip
        shown[place] = Seen(said["result"], (Held(change),), False)
        made.append(change)
    return tuple(made)


@pytest.fixture(scope="module")
def place() -> Iterator[Served]:
    wanted = [item for number in range(TASKS) for item in task(f"T{number}", UNIT)]
    with served(memory_folder("absence"), *wanted) as made:
        with made.opened() as opened:
            run(opened)
        colleague, key = random_stream(), Ed25519PrivateKey.generate()
        made.province.enrol(colleague, key.public_key().public_bytes_raw())
        request = messages.Request(nonce=bytes(8), cursor=START, changes=written())
        exchange.take(made.store, envelope.seal(messages.pack_request(request), colleague, key.sign))
        made.keep("absent")
        yield made


def come_back(place: Served, part: float = 0.0) -> dict:
    words = [sys.executable, str(PROGRAM), str(place.home.path), str(part)]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return json.loads(done.stdout)


def test_what_6000_changes_take_is_bounded_and_how_far_it_is_is_told(place: Served) -> None:
    place.put_back("absent")
    before = place.proxy.count
    said = come_back(place)
    count = place.proxy.count - before
    assert said["outcome"]["received"] == CHANGES
    downs = [down for _, _, _, down, _ in said["steps"]]
    total = said["steps"][-1][4]
    assert downs == sorted(downs)
    assert downs[-1] == total > 0
    assert len({down for down in downs if 0 < down < total}) >= 8
    took = said["peak"] - said["before"]
    print(f"{CHANGES} changes: {count.down:,} bytes down; {took / 2**20:.1f} MiB more memory at most")
    assert took <= MOST_MEMORY
    with place.opened() as opened:
        assert faults(opened.ledger, place.store, UNIT) == []


def test_it_can_be_stopped_in_the_middle_and_goes_on_from_there(place: Served) -> None:
    place.put_back("absent")
    before = place.proxy.count
    place.proxy.hold_at(
        "down", WAITS_AT
    )  # a line gone silent: a person sees that nothing moves, and stops it
    stopped = come_back(place, 0.05)
    assert stopped["outcome"] == {"code": "stopped"}
    place.proxy.cut()
    place.proxy.release()
    done = come_back(place)
    assert done["outcome"]["received"] == CHANGES
    assert done["outcome"]["resumed"]
    count, total = place.proxy.count - before, stopped["steps"][-1][4]
    assert WAITS_AT < total <= count.down <= total + 3_000  # what was here has not come again
    with place.opened() as opened:
        assert faults(opened.ledger, place.store, UNIT) == []
