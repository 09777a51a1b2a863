"""The week on a link that is cut after every few kilobytes: does it end, at what cost, and is all there."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sync.client.link import NoConnection
from tests.benchmarks import texts
from tests.benchmarks.proxy import Count
from tests.benchmarks.scene import UNIT, database, staged
from tests.sync.whole import faults

EVERY = (8192, 3072, 1536)
"""Bytes of a connection, both ways together, headers included, after which it is cut."""
TRIES = 100


@dataclass(frozen=True, slots=True)
class Cut:
    """One week on one such link. tries: runs that a person or a schedule began; slices: those of the last.

    faults: what is not whole afterwards, or travelled twice; empty is what must be.
    """

    every: int
    tries: int
    slices: int
    count: Count
    faults: tuple[str, ...]


def measure(folder: Path, every: int, *, tasks: int = 300, updates: int = 81, changed: int = 20) -> Cut:
    """Do the week over a link that is cut after so many bytes, then one sync over a good one."""
    rows = texts.tasks(tasks, UNIT)
    with staged(folder, rows) as scene:
        scene.sync()
        scene.issue(texts.corrected(rows, changed))
        scene.record(texts.week(updates))
        before = scene.proxy.count
        scene.proxy.cut_after = every
        done, tries = None, 0
        wrong: list[str] = []
        while done is None and tries < TRIES:
            tries += 1
            with suppress(NoConnection):
                done, _ = scene.sync()
        count = scene.proxy.count - before
        scene.proxy.cut_after = 0
        if done is None:
            wrong.append("it never ended")
        elif done.sent != updates:
            wrong.append(f"{done.sent} of {updates} sent")
        idle, _ = scene.sync()
        if done is not None and (idle.sent, idle.received) != (0, 0):
            wrong.append(f"something went again: {idle}")
        with database(folder) as store:
            wrong += faults(scene.opened.ledger, store, UNIT)
    return Cut(every, tries, 0 if done is None else done.slices, count, tuple(wrong))
