"""Enrolment and sync over the real road: a server process, HTTP, two machines of one commune."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest

import resources
from app.domain.change import Held
from app.main import main
from app.record.apply import apply
from app.record.digest import seal
from app.record.engine import writing as transaction
from app.services.opening import open_home
from app.storage.home import Home
from tests.cli.conftest import Said


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """A provincial server with the sample tasks; gives `address` and a function that runs its commands."""
    folder = tmp_path_factory.mktemp("province")
    program = [sys.executable, "-m", "sync.server.main", "--db", f"sqlite:///{folder / 'p.db'}"]

    def command(*arguments: str) -> str:
        done = subprocess.run([*program, *arguments], capture_output=True, encoding="utf-8", check=True)
        return done.stdout

    command("init")
    command("import-tasks", str(resources.path("data", "sample_tasks.csv")))
    serving = subprocess.Popen(
        [*program, "serve", "--port", "0", "--until-stdin-closes"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    command.address = next(line.strip() for line in serving.stdout if line.startswith("http://"))
    yield command
    serving.stdin.close()
    serving.wait(20)
    serving.stdout.close()


@pytest.fixture
def machine(tmp_path, province, capfd):
    """Enrols a machine; gives a function that calls its command line."""
    made = iter(range(10))

    def enrol(code: str | None = None):
        folder = tmp_path / f"máy {next(made)}"
        folder.mkdir()
        # a home of the demo's never meets the keyring of whoever tests; its clock is the real one here
        Home(folder).mark_demo({"start": time.time(), "began": time.time()})

        def call(*arguments: str, home=folder) -> Said:
            capfd.readouterr()
            done = main([*arguments, "--home", str(home)])
            heard = capfd.readouterr()
            return Said(done, heard.out, heard.err)

        given = code or province("enrol-code", "16813").split()[-1]
        call.enrolled = call("enrol", "--server", province.address, "--code", given, "--name", "Hà")
        call.code, call.folder = given, folder
        return call

    return enrol


def test_a_week_s_records_reach_the_province_once(machine, province):
    first = machine()
    assert first.enrolled.code == 0 and "Mường Xén" in first.enrolled.out
    got = first("sync", "--json")
    assert (got.code, got.err) == (0, "")
    assert list(got.json) == [
        "sent", "received", "refused", "conflicts", "requests", "bytes_up", "bytes_down", "seconds",
        "road", "slices", "resumed", "evidence_sent",
    ]  # fmt: skip
    assert got.json["sent"] >= 1 and got.json["received"] > 80
    week = "2025-W27"
    assert first("record", "BCD25-048", "--percent", "10", "--period", week).code == 0
    assert first("sync", "--json").json["sent"] == 1
    idle = first("sync", "--json").json
    assert (idle["sent"], idle["received"]) == (0, 0)
    assert first("status", "--json").json["pending"] == 0
    assert first("status", "--json").json["last_sync"]
    assert first("check").code == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is a keyring")
def test_keys_in_a_file_are_said_once(province, tmp_path, capfd, monkeypatch):
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    code = province("enrol-code", "16738").split()[-1]
    home = ["--home", str(tmp_path / "home")]
    given = ["enrol", "--server", province.address, "--code", code, "--name", "Hà", "--json"]
    assert main([*given, *home]) == 0
    heard = capfd.readouterr()
    assert json.loads(heard.out)["unit"] == "16738" and "khóa của sổ" in heard.err
    assert main(["sync", "--json", *home]) == 0
    assert main(["tasks", "--json", *home]) == 0
    assert capfd.readouterr().err == ""


def test_a_used_code_is_told_and_nothing_half_enrolled(machine):
    first = machine()
    second = machine(first.code)
    assert second.enrolled.code == 1 and second.enrolled.err
    assert second("tasks").code == 1


def test_two_machines_see_one_conflict_and_one_edit_settles_it(machine):
    first, second = machine(), machine()
    for one in (first, second):
        one("sync")
    first("record", "BCD25-009", "--percent", "50")
    second("record", "BCD25-009", "--percent", "60")
    first("sync")
    found = second("sync", "--json")
    assert found.code == 0 and found.json["conflicts"] == 1 and "hai bản" in found.err
    first("sync")
    assert first("status", "--json").json["open_conflicts"] == 1
    first("record", "BCD25-009", "--percent", "55")
    first("sync")
    assert second("sync", "--json").json["conflicts"] == 0
    shown = [
        next(item for item in one("tasks", "--json").json if item["code"] == "BCD25-009")
        for one in (first, second)
    ]
    assert shown[0] == shown[1] and shown[0]["percent"] == 55


def test_a_copied_ledger_is_told_and_loses_nothing(machine, tmp_path):
    first = machine()
    first("sync")
    copy = tmp_path / "bản chép"
    shutil.copytree(first.folder, copy)
    first("record", "BCD25-010", "--result", "Máy cũ")
    first("record", "BCD25-011", "--result", "Máy chép", home=copy)
    first("sync")
    found = first("sync", home=copy)
    assert found.code == 0 and "bản sao" in found.err
    assert first("sync", home=copy).err == ""
    first("sync")
    logs = [{(item["stream"], item["n"], item["digest"]) for item in one.json}
            for one in (first("log", "--json"), first("log", "--json", home=copy))]  # fmt: skip
    assert logs[0] == logs[1]


def test_what_the_province_refuses_is_told_with_the_reason_and_ends_with_1(machine):
    first = machine()
    first("sync")
    opened = open_home(Home(first.folder), lambda: 1_751_245_200)
    try:
        identity = opened.ledger.identity
        made = seal(
            stream=identity.stream, n=500, by=identity.person, at=opened.ledger.now(), entity="report",
            id=os.urandom(16).hex(), fields={"content": "a" * 30_000}, over=(),
        )  # fmt: skip
        with transaction(opened.ledger.engine) as connection:
            apply(connection, [Held(made)])
    finally:
        opened.close()
    found = first("sync", "--json")
    assert found.code == 1 and found.json["refused"] == 1
    assert len(found.err.strip().splitlines()) == 2
    assert first("sync").code == 0  # a refused change is not sent again


def test_last_heard_is_told_by_the_province_s_clock_not_by_a_wrong_one_here(machine, clock, capfd):
    first = machine()
    assert main(["sync", "--home", str(first.folder)], clock=lambda: 1_425_340_800) == 0  # March 2015
    capfd.readouterr()
    assert first("status", "--json").json["last_sync"] > "2024"
