"""Bytes and requests of a sync, headers included, over plain HTTP to a real server process.

    python -m tests.benchmarks.sync

W1 first sync of 300 tasks of about 1 kB of text; W2 the week: 81 updates of about 650 bytes pushed, 20
changed tasks pulled; W3 nothing changed; W4 one small change. TARGETS are those that the project set itself
before it was begun, W2 with a dictionary that both ends share, which is not built yet. "pressed" is the bare
text of the same work in one Zstandard frame of level 19, without names, times, numbers or signatures: what
any way of sending it has to carry.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sync.client.engine import Exchange
from tests.benchmarks import texts
from tests.benchmarks.proxy import Count
from tests.benchmarks.scene import UNIT, staged

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TARGETS = {"W1": 62_000, "W2": 11_500, "W3": 400, "W4": 500}
"""Bytes up and down; each in one request."""
WORDS = {"W1": "first, 300 tasks", "W2": "week, 81 up, 20 down", "W3": "nothing changed", "W4": "one change"}


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work: what the sync says it did, what the proxy counted, its bare text."""

    name: str
    done: Exchange
    count: Count
    text: bytes


def measure(folder: Path, *, tasks: int = 300, updates: int = 81, changed: int = 20) -> list[Work]:
    """Do all four in a new province."""
    rows = texts.tasks(tasks, UNIT)
    written, corrections = texts.week(updates), texts.corrected(rows, changed)
    small = [{"percent": str(100 - int(written[0]["percent"]) or 1)}]
    found = []
    with staged(folder, rows) as scene:
        found.append(Work("W1", *scene.sync(), _text(rows)))
        scene.issue(corrections)
        scene.record(written)
        brought = [{"title": row["title"]} for row in corrections]
        found.append(Work("W2", *scene.sync(), _text(written) + _text(brought)))
        found.append(Work("W3", *scene.sync(), b""))
        scene.record(small)
        found.append(Work("W4", *scene.sync(), b""))
    return found


def _text(rows: list[dict[str, str]]) -> bytes:
    return "\n".join(value for row in rows for value in row.values() if len(value) > 30).encode()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    print(f"{'':26}  bytes / target  ratio     up    down  req.       text  pressed  bytes/pressed")
    for work in found:
        count, target = work.count, TARGETS[work.name]
        pressed = len(zstd.compress(work.text, level=19)) if work.text else 0
        ratio = f"{count.total / pressed:8.2f}" if pressed else "       -"
        print(
            f"{work.name} {WORDS[work.name]:22} {count.total:7,} /{target:7,}  {count.total / target:5.2f}"
            f" {count.up:6,} {count.down:7,}  {count.requests}/1 {len(work.text):11,} {pressed:8,} {ratio}"
        )


if __name__ == "__main__":
    main()
