"""What every test stands on: no display, the officers' screen, and the same examples each time."""

import atexit
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from app import words

# Qt reads this when it is imported, so before any test module can do that. Without a file of its own the
# offscreen screen has 800x800 points; the officers' has 1366x768. Children inherit it.
_folder = Path(tempfile.mkdtemp(prefix="so-nhiem-vu-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
_screen = {
    "name": "s",
    "x": 0,
    "y": 0,
    "width": 1366,
    "height": 768,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}
(_folder / "screen.json").write_text(json.dumps({"screens": [_screen]}), encoding="utf-8")
os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={_folder / 'screen.json'}"
os.environ.pop("QT_SCALE_FACTOR", None)

# The user's own ledger and words must never reach a test, nor a test them.
for _name in ("SNV_HOME", "LANGUAGE"):
    os.environ.pop(_name, None)

# "suite" finds the same each time; "slow" (bootstrap.py test --slow) searches anew at every run.
_shared = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("suite", derandomize=True, max_examples=100, **_shared)
settings.register_profile("slow", derandomize=False, max_examples=1000, print_blob=True, **_shared)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _the_codes_own_language() -> None:
    """Each test begins with the language of the code: a command run by another one has chosen its own."""
    words.use("en")
