"""`schedule on|off`, what `status` says of it, and a scheduled run that does not reach the keys."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.record.files import sealed

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the task of systemd")


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A desktop without a running systemd."""
    folder = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.setenv("PATH", str(tmp_path / "no programs"))
    return folder


def test_on_off_and_what_status_says(call, office, config):
    assert call("status", "--json").json["scheduled"] is False
    on = call("schedule", "on", "--json")
    assert (on.code, on.json) == (0, {"schedule": "on", "works": "no"}) and "systemd" in on.err
    assert call("status", "--json").json["scheduled"] is True
    assert "Tự gửi, nhận khi không mở cửa sổ: có" in call("status").out
    (service,) = config.rglob("*.service")
    assert str(office.home.path.name).replace("%", "%%") in service.read_text()
    off = call("schedule", "off")
    assert (off.code, off.err) == (0, "")
    assert call("status", "--json").json["scheduled"] is False
    assert list(config.rglob("*.service")) == []


def test_wrong_words_and_a_home_without_a_ledger(call, config, tmp_path):
    assert call("schedule").code == 2
    assert call("schedule", "maybe").code == 2
    found = call("schedule", "on", "--home", str(tmp_path / "leer"), home=False)
    assert found.code == 1 and found.out == "" and not config.exists()


def test_the_task_calls_this_program_for_this_home(call, office, config, tmp_path):
    """What systemd would run is run here, as it stands there, in another folder and a bare environment."""
    call("schedule", "on")
    (service,) = config.rglob("*.service")
    lines = dict(line.partition("=")[::2] for line in service.read_text().splitlines() if "=" in line)
    import shlex  # its quotes are systemd's, for what stands in this home

    words = [word.replace("%%", "%") for word in shlex.split(lines["ExecStart"].removeprefix(":"))]
    variable = shlex.split(lines["Environment"])[0].replace("%%", "%")
    name, _, value = variable.partition("=")
    done = subprocess.run(
        words, capture_output=True, encoding="utf-8", cwd=tmp_path, env={name: value}, timeout=60
    )
    assert done.returncode == 3 and "Traceback" not in done.stderr  # nobody listens at this address
    assert done.stderr.strip()


def test_a_run_that_does_not_reach_the_keyring_says_so_in_seconds(office, tmp_path):
    """The keys were put into a desktop's keyring; the task runs without the desktop."""
    home = office.home.path
    plate = {"format": 1, "ledger": office.home.read().ledger_id, "keys": "keyring", "complete": True}
    for name in ("ledger.json", "ledger-spare.json"):
        (home / name).write_bytes(sealed(plate))
    (home / "keys.json").unlink()
    (home / "keys-spare.json").unlink()
    before = sorted(path.name for path in home.rglob("*"))
    bare = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "sync", "--home", str(home)],
        capture_output=True, encoding="utf-8", env=bare, timeout=60,
    )  # fmt: skip
    assert time.monotonic() - began < 30
    assert (done.returncode, done.stdout) == (1, "")
    assert "khóa" in done.stderr and "Traceback" not in done.stderr and "hỏng" not in done.stderr
    assert sorted(path.name for path in home.rglob("*")) == before
