"""From the start of the process to a window that can be used, and its memory.

    python -m tests.benchmarks.start [runs]        default: 5, each of the two windows in turn

Against a bare PySide6 window with a table of 300 rows from a list, on the same screen in the same run: times
say something about the machine, ratios about the program. Usable is a window that is visible, shows rows and
answers its events. Memory is PSS three seconds later, which Linux alone tells. Without a display it runs on
Qt's offscreen platform.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import texts
from tests.benchmarks.scene import UNIT, staged

ROWS = 300
GIVE_UP_SECONDS = 60


def main(runs: int) -> None:
    """Print medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        with staged(Path(folder), texts.tasks(ROWS, UNIT)) as scene:
            scene.sync()
        home = str(Path(folder) / "commune")
        found: dict[str, list[tuple[float, int]]] = {"bare": [], "ours": []}
        for run in range(runs + 1):
            for name, times in found.items():
                measured = _start(name, home)
                if run:  # the first of each only fills the caches
                    times.append(measured)
    seconds = {name: statistics.median(time for time, _ in times) for name, times in found.items()}
    memory = {name: statistics.median(size for _, size in times) for name, times in found.items()}
    for name in found:
        print(f"{name:5} {seconds[name]:6.2f} s  {memory[name] / 1024:6.0f} MB")
    more, ratio = seconds["ours"] - seconds["bare"], seconds["ours"] / seconds["bare"]
    print(f"ours - bare: {more:.2f} s, 0.4 set out for; ours / bare: {ratio:.2f}")
    print(f"memory: {memory['ours'] / 1024:.0f} MB, 110 set out for")


def _start(name: str, home: str) -> tuple[float, int]:
    """Seconds until the window can be used, and PSS in KiB."""
    environment = dict(os.environ)
    if sys.platform == "linux" and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "tests.benchmarks.started", name, home, repr(time.monotonic())]
    done = subprocess.run(
        command,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
        timeout=GIVE_UP_SECONDS * 2,
    )
    seconds, size = done.stdout.split()[-2:]
    return float(seconds), int(size)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
