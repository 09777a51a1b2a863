"""Many communes at once: each does its week with one server process on SQLite, all at the same moment.

The requests are held in the proxy until every one is there, so they come to the server together. Its
processor time per request is told in pieces of reference work, done in the same run on the same machine: to
press 50,000 bytes that never change (zlib, level 9), sign them, check the signature and take them out again.
"""

import hashlib
import threading
import time
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.errors import LedgerError
from app.record.verify import disagreements
from app.services.opening import Opened
from resources import read_text
from sync.client.engine import Exchange
from sync.server import enrolment
from tests.benchmarks import texts
from tests.benchmarks.proxy import Count, Proxy
from tests.benchmarks.scene import database, enrolled, issue, province, record, serving, synced
from tests.sync.whole import faults_of

TASKS, UPDATES, CORRECTED = 81, 81, 20
_REFERENCE_BYTES = 50_000
_REFERENCE_TIMES = 200


@dataclass(frozen=True, slots=True)
class Crowd:
    """What many devices at once cost. failures: what went wrong, in codes; faults: what is not whole after.

    seconds: the server's processor time. reference: that of one piece of reference work.
    """

    devices: int
    count: Count
    failures: tuple[str, ...]
    faults: tuple[str, ...]
    seconds: float
    reference: float
    longest: float

    @property
    def ratio(self) -> float:
        """The server's processor time per request, in pieces of reference work."""
        return self.seconds / max(1, self.count.requests) / self.reference


def measure(folder: Path, devices: int) -> Crowd:
    """Enrol so many devices of as many units, give each its first sync and its week, then let all sync."""
    codes = [line.split(",")[0] for line in read_text("data", "nghe_an_units.csv").splitlines()[1:]]
    units = codes[:devices]
    province(folder, "init")
    rows = texts.tasks(TASKS, ";".join(units))
    issue(folder, rows)
    with database(folder) as store, store.write() as connection:
        secrets = [enrolment.new_code(store, connection, unit) for unit in units]
    with ExitStack() as stack:
        server = stack.enter_context(serving(folder))
        proxy = Proxy(server.port)
        stack.callback(proxy.close)
        opened: list[Opened] = []
        for number, secret in enumerate(secrets):
            device = enrolled(folder / f"commune{number}", proxy.address, secret)
            stack.callback(device.close)
            synced(device)
            record(device, texts.week(UPDATES, seed=1000 + number))
            opened.append(device)
        issue(folder, texts.corrected(rows, CORRECTED))
        before, used = proxy.count, server.processor_seconds()
        done, failures, longest = _all_at_once(proxy, opened)
        count, seconds = proxy.count - before, server.processor_seconds() - used
        wrong = [f"sent {one.sent}" for one in done if one.sent != UPDATES]
        with database(folder) as store:
            for unit, device in zip(units, opened, strict=True):
                wrong += faults_of(device.ledger, store, unit)
            with store.read() as connection:
                wrong += disagreements(connection)
    return Crowd(devices, count, tuple(failures), tuple(wrong), seconds, reference(), longest)


def _all_at_once(proxy: Proxy, opened: list[Opened]) -> tuple[list[Exchange], list[str], float]:
    """The exchanges that went well, the codes of those that did not, and how long the last one waited."""
    done: list[Exchange] = []
    failures: list[str] = []

    def go(device: Opened) -> None:
        try:
            done.append(synced(device))
        except LedgerError as error:
            failures.append(error.code)

    proxy.hold("up")
    threads = [threading.Thread(target=go, args=(device,)) for device in opened]
    for thread in threads:
        thread.start()
    proxy.wait_until_held("up", connections=len(opened), seconds=600)
    began = time.monotonic()
    proxy.release()
    for thread in threads:
        thread.join()
    return done, failures, time.monotonic() - began


def reference() -> float:
    """Processor seconds of one piece of reference work, which uses nothing of this project."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    words = (hashlib.sha256(b"%d" % (number % 1000)).hexdigest()[:6] for number in range(0, 70_000, 7))
    text = " ".join(words).encode()[:_REFERENCE_BYTES]
    began = time.process_time()
    for _ in range(_REFERENCE_TIMES):
        pressed = zlib.compress(text, 9)
        key.public_key().verify(key.sign(pressed), pressed)
        zlib.decompress(pressed)
    return (time.process_time() - began) / _REFERENCE_TIMES
