"""From the start of the process to a window that can be used, and its memory.

    python -m tests.benchmarks.start [runs]        default: 5, each of the two windows in turn

Against a bare PySide6 window with a table of 300 rows from a list, on the same screen in the same run: times
say something about the machine, ratios about the program, and the processor's seconds the most where others
work on it too. Usable is a window that is visible, shows rows and answers its events. Memory is PSS three
seconds later, which Linux alone tells. Both are warm: the first of each leaves its bytecode and fills the
caches. Without a display it runs on Qt's offscreen platform.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import texts
from tests.benchmarks.scene import UNIT, staged

ROWS = 300
GIVE_UP_SECONDS = 60


REST_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Started:
    """One start. processor: seconds computed. memory: PSS in KiB. late: what was loaded that can wait."""

    seconds: float
    processor: float
    memory: float
    late: tuple[str, ...]


def main(runs: int) -> None:
    """Print medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        with staged(Path(folder), texts.tasks(ROWS, UNIT)) as scene:
            scene.sync()
        home, bytecode = Path(folder) / "commune", Path(folder) / "bytecode"
        found: dict[str, list[Started]] = {"bare": [], "ours": []}
        for run in range(runs + 1):
            for name, starts in found.items():
                started = start(name, home, bytecode)
                if run:  # the first of each only fills the caches
                    starts.append(started)
    seconds = {name: statistics.median(it.seconds for it in starts) for name, starts in found.items()}
    processor = {name: statistics.median(it.processor for it in starts) for name, starts in found.items()}
    memory = {name: statistics.median(it.memory for it in starts) / 1024 for name, starts in found.items()}
    for name in found:
        print(f"{name:5} {seconds[name]:6.2f} s  computed {processor[name]:6.2f} s  {memory[name]:6.0f} MB")
    more, computed = seconds["ours"] - seconds["bare"], processor["ours"] - processor["bare"]
    ratio = seconds["ours"] / seconds["bare"]
    print(f"ours - bare: {more:.2f} s, computed {computed:.2f} s, 0.4 set out for; ours / bare: {ratio:.2f}")
    print(f"memory: {memory['ours']:.0f} MB, 110 set out for")


def start(name: str, home: Path, bytecode: Path, rest: float = REST_SECONDS) -> Started:
    """Start one of the windows and end it. rest: seconds until its memory is read."""
    environment = dict(os.environ, PYTHONPYCACHEPREFIX=str(bytecode))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if sys.platform == "linux" and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    words = [sys.executable, "-m", "tests.benchmarks.started", name, str(home), repr(time.monotonic())]
    done = subprocess.run(
        [*words, str(rest)],
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
        timeout=GIVE_UP_SECONDS * 2,
    )
    times, late, memory = done.stdout.split("\n")[-4:-1]
    seconds, processor = map(float, times.split())
    return Started(seconds, processor, float(memory), tuple(late.split()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
