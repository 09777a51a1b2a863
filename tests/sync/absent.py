"""A device that comes back after weeks: a program of its own, so that its memory is its own too.

python absent.py HOME [PART]    one sync; stopped when PART of the answer (0 to 1) is here

Tells on standard output what it did, as JSON: outcome, progress as told, memory in bytes before and at most.
"""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from app.services.opening import open_home  # noqa: E402
from app.storage.home import Home  # noqa: E402
from sync.client.link import Progress, StoppedByUser  # noqa: E402
from sync.client.run import run  # noqa: E402


def peak() -> int:
    """The most memory that this process has had since `forget`, in bytes, as Linux tells it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def forget() -> None:
    """What it has had so far does not count."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def main(home: str, part: float) -> None:
    told: list[Progress] = []

    def stopped() -> bool:
        last = told[-1] if told else None
        return last is not None and 0 < last.down_total * part <= last.down

    opened = open_home(Home(Path(home)), lambda: int(time.time()))
    forget()
    before = peak()
    try:
        done = run(opened, tell=told.append, stopped=stopped if part else lambda: False)
        outcome: dict[str, object] = asdict(done)
    except StoppedByUser as error:
        outcome = {"code": error.code}
    finally:
        opened.close()
    steps = [(step.phase, step.up, step.up_total, step.down, step.down_total) for step in told]
    print(json.dumps({"outcome": outcome, "steps": steps, "before": before, "peak": peak()}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0.0)
