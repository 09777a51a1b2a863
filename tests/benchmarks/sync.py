"""Bytes, requests and cuts of a sync, headers included, over plain HTTP to a real server process.

    python -m tests.benchmarks.sync [W1 W5 W6 TLS ...]        default: everything but W5's 130 devices
    python -m tests.benchmarks.sync W5 130

W1 first sync of 300 tasks of about 1 kB of text; W2 the week: 81 updates of about 650 bytes pushed, 20
changed tasks pulled; W3 nothing changed; W4 one small change; W5 many devices do the week at once; W6 the
week on a link that is cut after every few kilobytes; TLS what a secure connection adds. TARGETS are those
that the project set itself before it was begun. "pressed" is the bare text of the same work in one Zstandard
frame of level 19, without names, times, numbers or signatures: what any way of sending it has to carry. The
time on the link is computed: bytes over its rate, and a round trip for each connection and each request.
"""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sync.client.engine import Exchange
from tests.benchmarks import crowd, cuts, secure, texts
from tests.benchmarks.proxy import MOUNTAIN, Count
from tests.benchmarks.scene import UNIT, staged

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TARGETS = {"W1": 62_000, "W2": 11_500, "W3": 400, "W4": 500}
"""Bytes up and down; each in one request."""
SECONDS = {"W1": 9.5, "W2": 3.0}
"""On a link of 64 kbit/s with 600 ms there and back."""
WORDS = {"W1": "first, 300 tasks", "W2": "week, 81 up, 20 down", "W3": "nothing changed", "W4": "one change"}


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work: what the sync says it did, what the proxy counted, its bare text."""

    name: str
    done: Exchange
    count: Count
    text: bytes


def measure(folder: Path, *, tasks: int = 300, updates: int = 81, changed: int = 20) -> list[Work]:
    """Do the first four in a new province."""
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


def pressed(text: bytes) -> int:
    """Bytes of a text in one Zstandard frame of level 19."""
    return len(zstd.compress(text, level=19)) if text else 0


def show_works(folder: Path) -> None:
    print(
        f"{'':26}  bytes / target  ratio     up    down  req.       text  pressed  bytes/pressed"
        "  on the link / target"
    )
    for work in measure(folder):
        count, target, wanted = work.count, TARGETS[work.name], SECONDS.get(work.name)
        bare = pressed(work.text)
        ratio = f"{count.total / bare:8.2f}" if bare else "       -"
        print(
            f"{work.name} {WORDS[work.name]:22} {count.total:7,} /{target:7,}  {count.total / target:5.2f}"
            f" {count.up:6,} {count.down:7,}  {count.requests}/1 {len(work.text):11,} {bare:8,} {ratio}"
            f"     {MOUNTAIN.seconds(count):12.1f} s / {f'{wanted} s' if wanted else '-'}"
        )


def show_crowds(folder: Path, sizes: tuple[int, ...] = (13,)) -> None:
    for devices in sizes:
        done = crowd.measure(folder / str(devices), devices)
        count = done.count
        whole = "whole" if not done.faults else done.faults[:5]
        print(
            f"W5 {devices:3} devices at once     {count.total:9,} bytes, {count.requests}/{devices} requests,"
            f" {len(done.failures)} failures {sorted(set(done.failures)) or ''}; feeds {whole};"
            f" {done.seconds:.2f} s of processor, {done.ratio:.1f} times the reference work a request;"
            f" the last waited {done.longest:.1f} s"
        )


def show_cuts(folder: Path) -> None:
    text = _text(texts.week(81)) + _text(
        [{"title": row["title"]} for row in texts.corrected(texts.tasks(300, UNIT), 20)]
    )
    bare = pressed(text)
    for every in cuts.EVERY:
        done = cuts.measure(folder / str(every), every)
        count = done.count
        print(
            f"W6 cut after {every:5} bytes    {count.total:7,} bytes {count.up:6,} {count.down:7,}, "
            f"{count.requests} requests, {count.cuts} cuts, {done.tries} runs, {count.total / bare:.2f}"
            f" of pressed, {MOUNTAIN.seconds(count):.1f} s on the link; "
            f"{'all there, once' if not done.faults else done.faults}"
        )


def show_secure(folder: Path) -> None:
    done = secure.measure(folder)
    for words, count in (("full handshake adds", done.full), ("resumed one adds", done.resumed)):
        print(f"TLS {words:22} {count.total:7,} bytes {count.up:6,} {count.down:7,}, one round trip more")
    print(
        f"TLS nothing changed, new connection {done.idle.total:,} bytes {done.idle.up:,} {done.idle.down:,}"
    )


SHOWS: dict[str, Callable[[Path], None]] = {
    "W1": show_works,
    "W5": show_crowds,
    "W6": show_cuts,
    "TLS": show_secure,
}


def main(wanted: list[str]) -> None:
    sizes = tuple(int(word) for word in wanted if word.isdecimal())
    names = [word for word in wanted if word in SHOWS] or list(SHOWS)
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            if name == "W5" and sizes:
                show_crowds(Path(folder), sizes)
            else:
                SHOWS[name](Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
