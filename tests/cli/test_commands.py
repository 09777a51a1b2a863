import json
import os
import subprocess
import sys

import pytest

from app.main import main
from app.storage.home import Home
from sync.protocol.enrolment import new_code

KEYS = [
    "code",
    "title",
    "status",
    "percent",
    "deadline",
    "timeliness",
    "line",
    "recurring",
    "period",
    "conflict",
]


def test_tasks_are_listed_by_code_in_stable_keys(call):
    found = call("tasks", "--json")
    assert (found.code, found.err) == (0, "")
    assert [list(item) for item in found.json] == [KEYS] * 4
    assert [item["code"] for item in found.json] == ["A-1", "A-2", "A-3", "A-4"]
    assert found.json[0] == {
        "code": "A-1",
        "title": "Nhiệm vụ A-1",
        "status": "in_progress",
        "percent": 40,
        "deadline": "2025-07-31",
        "timeliness": "on_track",
        "line": "ubnd_tinh",
        "recurring": False,
        "period": None,
        "conflict": False,
    }
    assert (found.json[1]["deadline"], found.json[1]["timeliness"]) == (None, "undated")
    recurring = found.json[3]
    assert (recurring["status"], recurring["percent"], recurring["timeliness"]) == (
        "in_progress",
        None,
        "recurring",
    )


def test_the_week_that_rules_is_named(call):
    call("record", "A-1", "--percent", "60")
    assert (call("tasks", "--json").json[0]["percent"], call("tasks", "--json").json[0]["period"]) == (
        60,
        "2025-W27",
    )


@pytest.mark.parametrize("place", ["before", "after"])
def test_home_language_and_json_stand_before_or_after_the_command(office, clock, capfd, place):
    options = ["--home", str(office.home.path), "--lang", "en", "--json"]
    given = [*options, "tasks"] if place == "before" else ["tasks", *options]
    assert main(given, clock=clock) == 0
    assert len(json.loads(capfd.readouterr().out)) == 4


def test_the_home_comes_from_the_environment(office, clock, capfd, monkeypatch):
    monkeypatch.setenv("SNV_HOME", str(office.home.path))
    assert main(["status", "--json"], clock=clock) == 0
    assert json.loads(capfd.readouterr().out) == {
        "unit": "16813", "device": "Văn phòng 1", "pending": 2, "last_sync": None, "open_conflicts": 0,
        "scheduled": False,
    }  # fmt: skip


def test_the_report_that_is_due_is_told_by_the_calendar_of_the_ledger(call, office):
    assert "tuần 27 năm 2025, hạn 17:00 ngày 04/07/2025" in call("status").out
    office.province("holiday", date="2025-07-04", name="Nghỉ hoán đổi", kind="swapped_off")
    assert "hạn 17:00 ngày 03/07/2025" in call("status").out


def test_a_person_reads_the_tasks_in_words(call):
    told = call("tasks").out
    assert "Đang thực hiện · 40% · 31/07/2025" in told
    assert "Under way" in call("tasks", "--lang", "en").out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["record"],
        ["record", "A-1", "--from", "x.csv"],
        ["record", "A-1", "--pct", "4"],
        ["report"],
        ["record", "--from", "x.csv", "--status", "done"],
        ["tasks", "--lang", "fr"],
        ["tasks", "--hom", "x"],
    ],
)
def test_wrong_usage_is_said_and_ends_with_2(call, arguments):
    found = call(*arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("Câu lệnh chưa đúng")


def test_help_ends_with_0(call):
    told = call("record", "--help")
    assert told.code == 0
    assert "cách dùng: " in told.out and "usage" not in told.out and "options" not in told.out


@pytest.mark.parametrize("before", [(), ("bundle",), ("backup",), ("evidence",)])
def test_help_is_in_the_language_in_use(call, before):
    told = call(*before, "--help").out
    assert "LỆNH" in told and "COMMAND" not in told and "ACTION" not in told


def test_a_home_without_a_ledger_is_refused_and_nothing_is_made(tmp_path, clock, capfd):
    for command in (["tasks"], ["sync"], ["record", "A-1", "--percent", "4"], ["status"], ["log"], ["check"]):
        assert main([*command, "--home", str(tmp_path / "none")], clock=clock) == 1
        assert "ghi danh" in capfd.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_second_enrolment_is_refused_and_changes_nothing(call, office):
    before = sorted((path.name, path.read_bytes()) for path in office.home.path.iterdir() if path.is_file())
    found = call("enrol", "--server", "http://127.0.0.1:9", "--code", new_code(os.urandom), "--name", "Hà")
    assert found.code == 1 and "Xã Mường Xén" in found.err
    after = sorted((path.name, path.read_bytes()) for path in office.home.path.iterdir() if path.is_file())
    assert [name for name, _ in after] == [name for name, _ in before]


def test_a_mistyped_code_is_said_and_a_dead_link_ends_with_3(tmp_path, clock, capfd):
    home = str(tmp_path / "new")
    code = new_code(os.urandom)
    given = ["enrol", "--home", home, "--server", "http://127.0.0.1:9", "--name", "Hà", "--code"]
    assert main([*given, "ABCDE"], clock=clock) == 1
    assert not (tmp_path / "new").exists()
    (tmp_path / "new").mkdir()
    Home(tmp_path / "new").mark_demo({"start": 0, "began": 0})  # the keyring of whoever tests is left alone
    assert main([*given, code], clock=clock) == 3
    assert capfd.readouterr().err
    assert main(["tasks", "--home", home], clock=clock) == 1


def test_sync_without_a_link_ends_with_3_and_keeps_what_waits(call):
    call("record", "A-1", "--percent", "60")
    found = call("sync", "--json")
    assert (found.code, found.out) == (3, "") and found.err
    assert call("status", "--json").json["pending"] == 3  # with the names of the officer and of the machine


def test_the_log_lists_every_change(call):
    call("record", "A-1", "--percent", "60", "--result", "Có")
    found = call("log", "--json")
    keys = ["stream", "n", "digest", "by", "at", "entity", "id", "fields", "over", "seq", "arrived", "state"]
    assert all(list(item) == keys for item in found.json)
    made = next(item for item in found.json if item["entity"] == "progress")
    assert (made["state"], made["seq"], made["fields"]["state"]) == (
        "waiting",
        None,
        ["in_progress", 60, None, None],
    )
    int(made["stream"], 16)
    assert "progress" in call("log").out


def test_check_tells_a_ledger_whose_rows_do_not_follow_from_the_log(call, office):
    assert call("check").code == 0
    assert call("check", "--json").json["ok"] is True
    with office.opened() as opened, opened.ledger.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE task SET title = 'khác' WHERE code = 'A-1'")
    found = call("check")
    assert found.code == 1 and "row task" in found.err


def test_a_conflict_is_told(call, office):
    call("record", "A-1", "--percent", "60")
    office.other_machine("A-1", "2025-W27", "state", ("in_progress", 70, None, None))
    assert call("status", "--json").json["open_conflicts"] == 1
    assert call("tasks", "--json").json[0]["conflict"] is True
    call("record", "A-1", "--percent", "65")
    assert call("tasks", "--json").json[0]["conflict"] is False


@pytest.mark.parametrize("moment", ["2015-01-05 08:00", "2035-01-05 08:00"])
def test_a_wrong_clock_is_named_before_anything_is_kept_and_json_stays_alone(call, office, clock, moment):
    office.heard("2025-06-30 08:00")
    clock.set(moment)
    for arguments in (
        ["record", "A-1", "--percent", "60", "--json"],
        ["tasks", "--json"],
        ["status", "--json"],
    ):
        found = call(*arguments)
        assert found.code == 0
        assert found.json
        assert "Đồng hồ máy ghi 05/01/" in found.err
    clock.set("2025-06-30 09:00")
    expected = (60, "2025-W27") if moment.startswith("2015") else (40, None)
    assert (call("tasks", "--json").json[0]["percent"], call("tasks", "--json").json[0]["period"]) == expected


def test_a_bug_is_one_calm_sentence_and_is_kept_whole(call, office):
    found = call("tasks", at=lambda: 1 // 0)
    assert found.code == 1 and len(found.err.strip().splitlines()) == 1
    assert "ZeroDivisionError" in (office.home.path / "logs" / "errors.log").read_text(encoding="utf-8")


def test_tasks_loads_nothing_that_it_does_not_need(office):
    slow = ["PySide6", "reportlab", "requests", "keyring", "alembic", "fastapi", "starlette", "uvicorn"]
    script = (
        "import sys\nfrom app.main import main\n"
        f"assert main(['tasks', '--json', '--home', {str(office.home.path)!r}]) == 0\n"
        f"print([name for name in {slow} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr.strip() == "[]"


def test_a_name_too_long_for_the_system_is_said(call, tmp_path, clock, capfd):
    assert main(["tasks", "--home", str(tmp_path / ("a" * 300))], clock=clock) == 1
    assert "Hệ điều hành" in capfd.readouterr().err
    found = call("report", "--period", "2025-W27", "--out", str(tmp_path / f"{'a' * 300}.pdf"))
    assert found.code == 1 and "tên quá dài" in found.err


def test_a_demo_that_cannot_make_its_folder_says_so(tmp_path, clock, capfd):
    (tmp_path / "tệp").write_text("mine")
    for out in (tmp_path / "tệp", tmp_path / "tệp" / "x"):
        assert main(["demo", "--headless", "--out", str(out)], clock=clock) == 1
        assert str(out) in (told := capfd.readouterr().err) and "tệp" in told and "sự cố" not in told
    assert (tmp_path / "tệp").read_text() == "mine"
