import json
import os
import subprocess
import sys

import pytest

from sync.server.main import main
from tests.world import Clock


def test_options_stand_before_or_after_the_command(tmp_path, capsys):
    assert main(["--home", str(tmp_path / "nhà"), "--json", "--lang", "en", "init"]) == 0
    assert json.loads(capsys.readouterr().out) == {"units": 130}
    assert main(["check", "--lang=en", "--json", "--home", str(tmp_path / "nhà")]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "wrong": []}
    assert (tmp_path / "nhà" / "province.db").is_file()


@pytest.mark.parametrize("variable", ["SNV_HOME", "SNV_SERVER_DB"])
def test_the_place_may_come_from_the_environment(tmp_path, monkeypatch, capsys, variable):
    database = tmp_path / "province.db"
    monkeypatch.setenv(variable, str(tmp_path) if variable == "SNV_HOME" else f"sqlite:///{database}")
    assert main(["init"]) == 0
    assert database.is_file()


def test_folders_with_odd_names(tmp_path, capsys):
    folder = tmp_path / "Sổ #1 %41 ?x 'y'"
    folder.mkdir()
    db = ["--db", f"sqlite:///{folder / 'a.db'}"]
    assert main([*db, "init"]) == 0
    assert main([*db, "check"]) == 0
    assert {path.name for path in folder.iterdir()} <= {"a.db", "a.db-wal", "a.db-shm", "server.log"}


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nothing"],
        ["log"],
        ["withdraw", "BCD25-001"],
        ["summary", "--at", "x", "--period", "y"],
        ["init", "--js"],
    ],
)
def test_wrong_usage_is_2(tmp_path, capsys, words):
    assert main(["--home", str(tmp_path), *words]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said and said.startswith("cách dùng: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("command", ["import-units", "import-tasks", "import-calendar", "import-rules"])
def test_a_pipe_to_which_nobody_writes_is_not_waited_for(tmp_path, capsys, command):
    os.mkfifo(tmp_path / "bảng.csv")
    assert main(["--home", str(tmp_path / "nhà"), "init"]) == 0
    assert main(["--home", str(tmp_path / "nhà"), command, str(tmp_path / "bảng.csv")]) == 1
    assert "bảng.csv" in capsys.readouterr().err


def test_words_are_vietnamese_unless_asked_otherwise(tmp_path, capsys):
    assert main(["--home", str(tmp_path), "check"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "so-nhiem-vu-server init" in said.err and "Hãy" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\0" * 8192, b"not a database at all" * 100])
def test_a_damaged_database_is_told_and_left(tmp_path, capsys, content):
    database = tmp_path / "province.db"
    database.write_bytes(content)
    for command in ("check", "init", "devices"):
        assert main(["--home", str(tmp_path), "--lang", "en", command]) == 1
        said = capsys.readouterr()
        assert said.out == "" and str(database) in said.err
        assert database.read_bytes() == content


def test_an_address_of_another_kind(capsys):
    assert main(["--db", "mysql://root:secret@host/x", "--lang", "en", "check"]) == 1
    said = capsys.readouterr().err
    assert "mysql" in said and "secret" not in said


def test_a_bug_is_told_calmly_and_kept_in_the_log_file(tmp_path, capsys):
    assert main(["--home", str(tmp_path), "init"]) == 0

    def clock():
        raise ZeroDivisionError

    assert main(["--home", str(tmp_path), "--lang", "en", "enrol-code", "16681"], clock) == 1
    said = capsys.readouterr().err
    assert "unexpected" in said and "Traceback" not in said
    assert "ZeroDivisionError" in (tmp_path / "server.log").read_text(encoding="utf-8")


def test_check_finds_a_row_that_was_changed_behind_the_log(issued):
    from app.record.engine import open_plain, writing
    from app.record.tables import rows

    engine = open_plain(issued.database, create=False)
    with writing(engine) as connection:
        connection.execute(rows["task"].update().where(rows["task"].c.code == "BCD25-001").values(title="?"))
    engine.dispose()
    code, out, err = issued.run("check")
    assert code == 1 and "row task" in out and "1 place" in err


def test_the_log_of_a_unit_is_its_feed_in_order(issued):
    lines = issued.json("log", "--unit", "16681")
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert list(lines[0]) == [
        "stream", "n", "digest", "by", "at", "entity", "id", "fields", "over", "seq", "arrived", "state"
    ]  # fmt: skip
    assert {line["state"] for line in lines} == {"held"}
    assert [line["entity"] for line in lines[:2]] == ["unit", "programme"]
    assert {line["fields"]["unit"] for line in lines if line["entity"] == "assignment"} == {"16681"}
    assert int(lines[0]["stream"], 16) > 0
    assert "99999" in issued.refused("log", "--unit", "99999")


def test_a_closed_pipe_is_no_traceback(issued):
    command = [
        sys.executable,
        "-m",
        "sync.server.main",
        "--db",
        issued.db,
        "log",
        "--unit",
        "16681",
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.read(10)
        process.stdout.close()
        process.wait(30)
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("year", [1_420_070_400, 2_051_222_400])
def test_a_clock_in_2015_or_2035_loses_nothing(tmp_path, capsys, year):
    db = ["--home", str(tmp_path), "--lang", "en"]
    assert main([*db, "init"], Clock(year)) == 0
    assert main([*db, "enrol-code", "16681"], Clock(year)) == 0
    assert main([*db, "check"], Clock()) == 0
