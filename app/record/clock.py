"""The clock of a demo: it starts where the demo says and runs on from there.

Honoured only beside a file `demo.json` that the demo itself wrote: {"start": …, "began": …}, seconds UTC.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

NAME = "demo.json"


def demo_clock(folder: Path) -> Callable[[], int] | None:
    """The clock (seconds UTC) of the demo that made this folder; None where no demo did."""
    try:
        facts = json.loads((folder / NAME).read_text(encoding="utf-8"))
        start, began = facts["start"], facts["began"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if type(start) not in (int, float) or type(began) not in (int, float):
        return None
    return lambda: int(start + (time.time() - began))
