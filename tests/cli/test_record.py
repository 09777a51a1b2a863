import codecs
import os
import unicodedata

import pytest


@pytest.fixture
def table(tmp_path):
    def write(text: str, encoding: str = "utf-8") -> str:
        path = tmp_path / "bảng.csv"
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


def states(call):
    return {
        item["code"]: (item["status"], item["percent"], item["period"])
        for item in call("tasks", "--json").json
    }


def changes(call):
    return [item for item in call("log", "--json").json if item["entity"] == "progress"]


def test_a_percent_alone_begins_a_task(call):
    assert call("record", "A-2", "--percent", "10").code == 0
    assert states(call)["A-2"] == ("in_progress", 10, "2025-W27")


def test_zero_is_a_statement_before_the_beginning_and_refused_after(call):
    assert call("record", "A-2", "--percent", "0").code == 0
    assert states(call)["A-2"] == ("not_started", 0, "2025-W27")
    assert call("record", "A-1", "--percent", "0").code == 1


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        (["--percent", "140"], "1–99"),
        (["--percent", "100"], "--status done"),
        (["--status", "done", "--percent", "60"], "--status done"),
        (["--status", "not_started"], "--status in_progress"),
        (["--status", "paused"], "--document"),
        (["--status", "cancelled"], "--document"),
        (["--status", "finished"], "not_started"),
        (["--completed-on", "2025-06-30"], "--status done"),
        (["--status", "done", "--completed-on", "2025-07-05"], "--completed-on"),
        (["--percent", "8,5"], "80"),
        (["--percent", "1_0"], "80"),
        (["--percent", "٨٠"], "80"),
        (["--status", "done", "--completed-on", "31/02/2025"], "24/06/2025"),
        (["--period", "2025-W28", "--percent", "50"], "2025-W27"),
        (["--period", "2025-W54", "--percent", "50"], "2025-W27"),
        ([], "--percent"),
    ],
)
def test_what_cannot_be_is_refused_with_the_right_command_and_nothing_is_kept(call, said, hint):
    found = call("record", "A-1", *said)
    assert (found.code, found.out) == (1, "")
    assert hint in found.err
    assert changes(call) == []


def test_the_right_command_can_be_copied(call):
    told = call("record", "a-1", "--period", "2025-W27", "--percent", "100").err
    assert "so-nhiem-vu record A-1 --period 2025-W27 --status done" in told


def test_a_recurring_task_takes_its_occurrence_and_no_percent(call):
    assert call("record", "A-4", "--percent", "50").code == 1
    assert call("record", "A-4", "--status", "done").code == 0
    assert states(call)["A-4"] == ("in_progress", None, "2025-W27")


def test_an_unknown_code_is_named(call):
    found = call("record", "B-9", "--percent", "50")
    assert found.code == 1 and "B-9" in found.err


def test_an_earlier_week_takes_a_record_and_its_own_last_day(call, clock):
    clock.set("2025-07-09 08:00")
    assert call("record", "A-1", "--period", "2025-W27", "--status", "done").code == 0
    (made,) = changes(call)
    assert made["fields"]["state"] == ["done", 100, "2025-07-06", None]


def test_pasted_text_is_kept_composed_and_a_megabyte_is_refused(call):
    assert call("record", "A-1", "--result", unicodedata.normalize("NFD", "Đã kiểm thử")).code == 0
    assert changes(call)[0]["fields"]["result"] == "Đã kiểm thử"
    found = call("record", "A-1", "--percent", "50", "--difficulty", "a" * 1_000_000)
    assert found.code == 1 and "20000" in found.err
    assert len(changes(call)) == 1


def test_saying_it_again_writes_nothing(call):
    call("record", "A-1", "--percent", "60", "--result", "Có")
    assert call("record", "A-1", "--percent", "60", "--result", "Có", "--json").json == {"recorded": 0}
    assert len(changes(call)) == 1


TABLE = "code,percent,result\nA-1,60,Đã xong phần một\nA-2,10,\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TABLE, "utf-8"),
        (TABLE, "utf-8-sig"),
        (TABLE.replace(",", ";").replace("\n", "\r\n"), "utf-8-sig"),
        ("sep=;\n" + TABLE.replace(",", ";"), "utf-8"),
        (TABLE.replace(",", "\t"), "utf-16"),
        (unicodedata.normalize("NFD", TABLE), "utf-8"),
        ("Mã nhiệm vụ,Tỷ lệ (%),Kết quả\nA-1,60%,Đã xong phần một\nA-2,10 %,\n", "utf-8"),
        ("CODE,Percent,RESULT,Completed_On\nA-1,60,Đã xong phần một,\nA-2,10,,\n", "utf-8"),
    ],
)
def test_a_table_is_recorded_in_whatever_form_it_was_saved(call, table, text, encoding):
    found = call("record", "--from", table(text, encoding), "--json")
    assert (found.code, found.json, found.err) == (0, {"recorded": 2}, "")
    assert states(call)["A-1"] == ("in_progress", 60, "2025-W27")
    assert states(call)["A-2"] == ("in_progress", 10, "2025-W27")
    assert [item["fields"].get("result") for item in changes(call)] == ["Đã xong phần một", None]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("code,percent\nA-1,60\nA-2,140\n", ["dòng 3", "percent", "140"]),
        ("code,percent\nA-1,60\nB-9,10\n", ["dòng 3", "code", "B-9"]),
        ("code,percent\nA-1,1\n", ["dòng 2", "percent"]),
        ("code,percent\nA-1,0.8\n", ["dòng 2", "percent"]),
        ("code,resutl\nA-1,x\n", ["resutl"]),
        ("percent\n60\n", ["code"]),
        ("code,percent\nA-1,60\n,10\n", ["dòng 3", "code"]),
        ("code,percent\nA-1,60\nA-1,70\n", ["dòng 3", "A-1"]),
        ('code,result\nA-1,"x\n', ["dòng 2"]),
        ("code,status,completed-on\nA-1,done,31/02/2025\n", ["dòng 2", "completed-on"]),
        ("code,period,percent\nA-1,2025-W40,60\n", ["dòng 2", "period"]),
        ("code,status\nA-1,60\n", ["dòng 2", "status"]),
        ("", []),
    ],
)
def test_one_bad_row_or_heading_is_named_and_nothing_is_written(call, table, text, named):
    found = call("record", "--from", table(text))
    assert (found.code, found.out) == (1, "")
    assert all(part in found.err for part in ["bảng.csv", *named]), found.err
    assert changes(call) == []


def test_rows_name_their_week_the_task_table_s_headings_and_vietnamese_states(call, table, clock):
    clock.set("2025-07-09 08:00")
    text = "Mã,Tuần,Trạng thái,next_step\nA-1,2025-W27,Hoàn thành,\nA-2,,đang thực hiện,Họp tổ\n"
    assert call("record", "--from", table(text)).code == 0
    assert states(call)["A-1"] == ("done", 100, "2025-W27")
    assert states(call)["A-2"] == ("in_progress", None, "2025-W28")
    assert changes(call)[-1]["fields"]["next_step"] == "Họp tổ"


def test_a_table_that_is_not_there_or_of_another_code_page_is_refused(call, table, tmp_path):
    assert call("record", "--from", str(tmp_path / "none.csv")).code == 1
    if hasattr(os, "mkfifo"):  # nobody writes into it, and nobody waits for that
        os.mkfifo(tmp_path / "pipe.csv")
        assert call("record", "--from", str(tmp_path / "pipe.csv")).code == 1
    path = tmp_path / "cũ.csv"
    path.write_bytes(codecs.encode("code,result\nA-1,đường\n", "cp1258", "replace"))
    assert call("record", "--from", str(path)).code == 1
    assert changes(call) == []


def test_a_bad_row_names_its_column_once_and_a_missing_file_is_said_in_vietnamese(call, table, tmp_path):
    told = call("record", "--from", table("code,percent\nA-1,60\nA-2,140\n")).err
    assert "dòng 3, cột «percent»: " in told and told.count("cột") == 1
    told = call("record", "--from", str(tmp_path / "không có.csv")).err
    assert "không có ở đó" in told and "No such file" not in told


def test_what_is_named_after_a_colon_is_there(call, table):
    assert "«A-1,“x»" in call("record", "--from", table('code,result\nA-1,"x\n')).err.replace('"', "“")
    assert "gặp." not in call("record", "--from", table("code,result\nA-1,đá\n", "cp1258")).err
