import ast
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = ROOT / "installer" / "bootstrap.py"


def start(*words, python=sys.executable, folder=None):
    return subprocess.run(
        [python, str(BOOTSTRAP), *words], capture_output=True, encoding="utf-8", cwd=folder, check=False
    )


def runs(python):
    found = which(python)
    return bool(found) and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0


def test_an_old_python_can_read_the_file():
    text = BOOTSTRAP.read_text(encoding="utf-8")
    assert ast.parse(text, feature_version=(3, 7))
    assert text.isascii()  # Python 2 refuses anything else without a declaration


def test_an_old_python_is_told_what_is_missing():
    for python in filter(runs, ("python2.7", "python3.6", "python3.8", "python3.9", "python3.10")):
        told = start("test", python=python)
        assert told.returncode == 1
        assert "needs Python 3.11" in told.stderr
        assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    "words",
    [(), ("tests",), ("check", "more"), ("--wheels", "no-such-folder", "test"), ("--whe", ".", "test")],
)
def test_wrong_usage_is_told_before_anything_is_made(words, tmp_path):
    told = start(*words, folder=tmp_path)
    assert told.returncode == 2
    assert told.stderr.startswith("usage:")
    assert list(tmp_path.iterdir()) == []
