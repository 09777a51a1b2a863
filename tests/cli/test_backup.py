"""`backup make|list|take-in` through real files; the key of a dead machine's copy from a real province."""

import os
import shutil
import subprocess
import sys
import time

import pytest

import resources
from app.main import main
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
    """Enrols a machine of a unit; gives a function that calls its command line."""
    made = iter(range(10))

    def enrol(unit="16813"):
        folder = tmp_path / f"máy {next(made)}"
        folder.mkdir()
        # a home of the demo's never meets the keyring of whoever tests; its clock is the real one here
        Home(folder).mark_demo({"start": time.time(), "began": time.time()})

        def call(*arguments: str) -> Said:
            capfd.readouterr()
            done = main([*arguments, "--home", str(folder)])
            heard = capfd.readouterr()
            assert "Traceback" not in heard.out + heard.err
            return Said(done, heard.out, heard.err)

        code = province("enrol-code", unit).split()[-1]
        assert call("enrol", "--server", province.address, "--code", code, "--name", "Hà").code == 0
        assert call("sync").code == 0
        call.folder = folder
        return call

    return enrol


def codes(said):
    return {(item["stream"], item["n"], item["digest"]) for item in said.json}


@pytest.fixture
def dead(machine, tmp_path):
    """A machine that wrote two things, sent one, was copied to a stick, and died."""
    first = machine()
    assert first("record", "BCD25-048", "--percent", "10", "--period", "2025-W27").code == 0
    assert first("sync").code == 0
    said = f"Đã họp dân {time.monotonic_ns()}"  # the province is one for all these tests
    assert first("record", "BCD25-009", "--result", said, "--period", "2025-W27").code == 0
    stick = tmp_path / "USB của văn thư"
    made = first("backup", "make", str(stick), "--json")
    assert made.code == 0
    log = codes(first("log", "--json"))
    keys = tmp_path / "keys of the old home.json"
    shutil.copy(first.folder / "keys.json", keys)
    shutil.rmtree(first.folder)
    return log, made.json["file"], keys


def test_a_dead_machine_s_copy_is_opened_by_the_province_and_sent_as_if_by_that_machine(machine, dead):
    log, copy, _ = dead
    second = machine()
    assert not log <= codes(second("log", "--json"))
    taken = second("backup", "take-in", copy, "--json")
    assert (taken.code, taken.err) == (0, "")
    assert taken.json == {"taken": 1, "pending": 1}
    assert second("backup", "take-in", copy, "--json").json == {"taken": 0, "pending": 1}
    assert second("sync", "--json").json["sent"] == 1
    assert log <= codes(second("log", "--json"))
    assert second("backup", "take-in", copy, "--json").json == {"taken": 0, "pending": 0}
    assert second("check").code == 0


def test_with_the_keys_of_the_old_home_no_province_is_asked_and_a_stranger_gets_nothing(machine, dead):
    _, copy, keys = dead
    second = machine()
    said = second("backup", "take-in", copy, "--keys", str(keys))
    assert said.code == 0 and "Đã lấy 1 mục" in said.out and "1 mục chờ gửi" in said.out
    assert "không có gì thêm" in second("backup", "take-in", copy, "--keys", str(keys)).out
    stranger = machine("16738")
    before = codes(stranger("log", "--json"))
    refused = stranger("backup", "take-in", copy)
    assert (refused.code, refused.out) == (1, "") and "đơn vị khác" in refused.err
    refused = stranger("backup", "take-in", copy, "--keys", str(keys))
    assert refused.code == 1 and "Mường Xén" in refused.err
    assert codes(stranger("log", "--json")) == before


def test_copies_are_made_and_listed(call, office, tmp_path):
    made = [call("backup", "make", str(tmp_path / "usb"), "--json").json["file"] for _ in range(2)]
    listed = call("backup", "list", str(tmp_path / "usb"), "--json").json
    assert [item["file"] for item in listed] == made[::-1]
    assert made[1] in call("backup", "list", str(tmp_path / "usb")).out
    assert call("backup", "list", "--json").json == []
    assert call("backup", "make").code == 0
    assert len(call("backup", "list", "--json").json) == 1
    assert call("backup", "take-in", made[0], "--json").json["taken"] == 0


def test_what_is_wrong_is_said_in_words(call, office, tmp_path):
    nowhere = call("backup", "take-in", str(tmp_path / "x.db"))
    assert (nowhere.code, nowhere.out) == (1, "") and "x.db" in nowhere.err
    (tmp_path / "thư.db").write_bytes("Kính gửi ".encode() * 2000)
    foreign = call("backup", "take-in", str(tmp_path / "thư.db"))
    assert foreign.code == 1 and "thư.db" in foreign.err
    if hasattr(os, "mkfifo"):  # nobody writes into it, and nobody waits for that
        os.mkfifo(tmp_path / "ống.db")
        assert call("backup", "take-in", str(tmp_path / "ống.db")).code == 1
    assert call("backup").code == 2 and call("backup", "take-in").code == 2
