import csv
import io
import unicodedata

import pytest

from tests.sync.server.conftest import TABLE

UNITS = 130


def table():
    return list(csv.DictReader(io.StringIO(TABLE.read_text(encoding="utf-8"))))


def save(path, rows, *, delimiter=",", columns=None, encoding="utf-8", newline="\n", before=""):
    """Save a table as a spreadsheet would."""
    columns = columns or list(rows[0])
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter, extrasaction="ignore", lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes((before + out.getvalue()).encode(encoding))
    return str(path)


def vietnamese_date(text):
    return f"{text[8:]}/{text[5:7]}/{text[:4]}" if text else ""


def test_init_loads_the_units_once(office):
    assert office.json("init") == {"units": UNITS}
    before = office.database.read_bytes()
    assert office.json("init") == {"units": 0}
    assert "nothing was changed" in office.done("init").lower()
    assert office.json("check")["ok"] is True
    assert before


def test_the_same_table_again_issues_nothing(issued):
    log = issued.json("log", "--unit", "16681")
    again = issued.json("import-tasks", str(TABLE))
    assert (again["notice"], again["changes"], again["units"]) == ("", 0, [])
    assert issued.json("log", "--unit", "16681") == log


@pytest.mark.parametrize("way", ["excel", "utf16", "decomposed", "sep", "columns", "headings"])
def test_content_decides_not_bytes(issued, tmp_path, way):
    rows, path = table(), tmp_path / "Nhiệm vụ.csv"
    if way == "excel":
        for row in rows:
            for name in ("deadline", "completed_on", "as_of"):
                row[name] = vietnamese_date(row[name])
            row |= {"title": row["title"] + "  ", "percent": row["percent"] and row["percent"] + "%", "": ""}
        save(path, rows, delimiter=";", encoding="utf-8-sig", newline="\r\n")
    elif way == "utf16":
        save(path, rows, delimiter="\t", encoding="utf-16", newline="\r\n")
    elif way == "decomposed":
        save(path, [{k: unicodedata.normalize("NFD", v) for k, v in row.items()} for row in rows])
    elif way == "sep":
        save(path, rows, delimiter=";", before="sep=;\n")
    elif way == "columns":
        save(
            path,
            rows,
            columns=["unit_codes", "title", "code", "deadline", "report_line", "kind", "recurrence"],
        )
    else:
        named = {
            "title": "TÊN NHIỆM VỤ",
            "result": "Kết quả",
            "completed_on": "Completed-On",
            "next_step": "Next step",
        }
        save(path, [{named.get(k, k): v for k, v in row.items()} for row in rows])
    assert issued.json("import-tasks", str(path))["changes"] == 0


def test_a_changed_table_issues_a_correcting_notice_of_what_differs(issued, tmp_path):
    rows = table()
    rows[4]["deadline"] = "2025-07-15"
    rows[5]["title"] = "Tên mới"
    done = issued.json("import-tasks", save(tmp_path / "t.csv", rows))
    assert done["notice"] == "TB 02/2025"
    assert done["changes"] == 1 + 1 + UNITS, "the notice, the task's title, one deadline for each unit"
    lines = issued.json("log", "--unit", "16681")
    notices = [line for line in lines if line["entity"] == "notice"]
    assert [line["fields"]["number"] for line in notices] == ["TB 01/2025", "TB 02/2025"]
    assert notices[1]["fields"]["supersedes"] == notices[0]["id"]
    newest = [line["fields"] for line in lines if line["entity"] == "assignment"][-1]
    assert (newest["deadline"], newest["notice"]) == ("2025-07-15", notices[1]["id"])
    assert issued.json("import-tasks", str(tmp_path / "t.csv"))["changes"] == 0


def test_a_notice_that_corrects_words_alone_reaches_the_units_too(issued, tmp_path):
    rows = table()
    rows[5]["title"] = "Tên mới"
    number = issued.json("import-tasks", save(tmp_path / "t.csv", rows))["notice"]
    notices = [line for line in issued.json("log", "--unit", "16681") if line["entity"] == "notice"]
    assert notices[-1]["fields"]["number"] == number


def test_a_new_deadline_keeps_the_first_one_in_sight(issued, tmp_path):
    rows = table()
    rows[8]["deadline"] = "2025-07-31"
    notice = issued.json("import-tasks", save(tmp_path / "extended.csv", rows))["notice"]
    rows[8]["deadline"] = "2025-08-15"
    issued.json("import-tasks", save(tmp_path / "again.csv", rows))
    moved = [
        change["fields"]
        for change in issued.json("log", "--unit", "16681")
        if change["entity"] == "assignment" and "extension" in change["fields"]
    ]
    assert moved[0]["original_deadline"] == "2025-07-15"
    assert "original_deadline" not in moved[1], "the first deadline stays"
    assert [fields["deadline"] for fields in moved] == ["2025-07-31", "2025-08-15"]
    assert moved[0]["extension"] == notice


def test_a_task_that_is_missing_stays_and_a_unit_no_longer_named_loses_it(issued, tmp_path):
    rows = table()[:10]
    rows[7]["unit_codes"] = "16681;16690"
    path = save(tmp_path / "t.csv", rows)
    done = issued.json("import-tasks", path)
    assert done["withdrawn"] == UNITS - 2
    assert issued.json("import-tasks", path)["changes"] == 0
    day = ("summary", "--at", "2025-06-30")
    assert issued.json(*day)["counts"]["total"] == 81
    [row] = [r for r in issued.json(*day, "--unit", "16702")["tasks"] if r["code"] == rows[7]["code"]]
    assert row["status"] == "cancelled"
    before = issued.json("summary", "--at", "2025-06-29", "--unit", "16702")
    after = issued.json(*day, "--unit", "16702")
    assert before["units"][0]["counts"]["total"] == after["units"][0]["counts"]["total"] + 1

    back = issued.json("import-tasks", str(TABLE))
    assert back["returned"] == UNITS - 2
    [row] = [r for r in issued.json(*day, "--unit", "16702")["tasks"] if r["code"] == rows[7]["code"]]
    assert row["status"] != "cancelled"
    assert issued.json("check")["ok"] is True


def test_withdraw_takes_a_task_from_all_and_the_table_does_not_bring_it_back(issued):
    words = ("withdraw", "BCD25-005", "--document", "Quyết định số 12/QĐ-UBND ngày 30/6/2025")
    assert issued.json(*words)["units"] == UNITS
    assert issued.json(*words)["units"] == 0
    assert issued.json("summary", "--at", "2025-06-30")["counts"]["total"] == 80
    assert issued.json("summary", "--at", "2025-06-29")["counts"]["total"] == 81
    again = issued.json("import-tasks", str(TABLE))
    assert (again["changes"], again["kept_withdrawn"]) == (0, ["BCD25-005"])
    assert "BCD25-999" in issued.refused("withdraw", "BCD25-999", "--document", "x")
    assert "--document" in issued.refused("withdraw", "BCD25-006", "--document", "  ")


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("deadline", "31/02/2025", "date"),
        ("percent", "140", "between 0 and 100"),
        ("percent", "0.8", "percent"),
        ("percent", "1", "percent"),
        ("percent", "1_0", "percent"),
        ("percent", "８０", "percent"),
        ("status", "doing", "no meaning"),
        ("status", "not_started", "contradict"),
        ("completed_on", "2025-06-20", "done only"),
        ("kind", "twice", "no meaning"),
        ("recurrence", "weekly", "recurring"),
        ("report_line", "", "empty"),
        ("report_line", "huyen", "no meaning"),
        ("unit_codes", "1668", "five digits"),
        ("unit_codes", "99999", "99999"),
        ("unit_codes", "", "empty"),
        ("title", "", "empty"),
        ("title", "x" * 20_001, "20,000"),
        ("code", "BCD25-001", "twice"),
        ("code", "007", "BCD25-001"),
        ("source_doc", "Văn bản khác", "another title"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column_and_nothing_is_issued(issued, tmp_path, column, value, words):
    rows = table()
    rows[5][column] = value
    said = issued.refused("import-tasks", save(tmp_path / "Bảng nhiệm vụ.csv", rows))
    assert "Bảng nhiệm vụ.csv, line 7" in said and words in said
    assert column in said
    assert issued.json("import-tasks", str(TABLE))["changes"] == 0


@pytest.mark.parametrize(
    ("heading", "words"),
    [("resutl", "resutl"), ("code", "“code”")],
)
def test_an_unknown_or_doubled_heading_is_named(issued, tmp_path, heading, words):
    text = TABLE.read_text(encoding="utf-8").replace(",result,", f",{heading},", 1)
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    said = issued.refused("import-tasks", str(tmp_path / "t.csv"))
    assert "line 1" in said and words in said


@pytest.mark.parametrize("encoding", ["cp1258", "mojibake"])
def test_other_code_pages_are_refused_with_advice(issued, tmp_path, encoding):
    text = unicodedata.normalize("NFD", TABLE.read_text(encoding="utf-8"))
    if encoding == "cp1258":
        data = text.encode("cp1258", errors="replace")
    else:
        data = TABLE.read_bytes().decode("cp1252", errors="replace").encode("utf-8")
    (tmp_path / "t.csv").write_bytes(data)
    said = issued.refused("import-tasks", str(tmp_path / "t.csv"))
    assert "CSV UTF-8" in said and "line 2" in said


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ('code,title,unit_codes,report_line\nA-1,"Tên,*,ubnd_tinh\n', 2),
        ("code,title,unit_codes,report_line\nA-1,Tên,*,ubnd_tinh\nA-2,Tên,*\n", 3),
        ("code,title,unit_codes,report_line\nA-1,Tên,có phẩy,*,ubnd_tinh\n", 2),
        ("code,title,unit_codes,report_line\n", 1),
        ("code,title,unit_codes\nA-1,Tên,*\n", 1),
        ("", 1),
    ],
)
def test_a_broken_table_is_refused_whole(issued, tmp_path, broken, line):
    (tmp_path / "t.csv").write_text(broken, encoding="utf-8")
    assert f"line {line}" in issued.refused("import-tasks", str(tmp_path / "t.csv"))


def test_without_status_or_day_there_is_no_opening_state(office, tmp_path):
    office.done("init")
    rows = table()[:6]
    rows[0]["status"] = rows[0]["percent"] = rows[0]["completed_on"] = ""
    rows[1]["as_of"] = ""
    assert office.json("import-tasks", save(tmp_path / "t.csv", rows))["notice"] == "TB 01/2025"
    tasks = office.json("summary", "--at", "2025-06-24", "--unit", "16681")["tasks"]
    assert [row["status"] for row in tasks[:3]] == ["not_started", "not_started", "done"]


def test_tasks_need_units_and_a_file(office, tmp_path):
    assert "init" in office.refused("import-tasks", str(TABLE))
    office.done("init")
    assert "nothing.csv" in office.refused("import-tasks", str(tmp_path / "nothing.csv"))


def test_units_are_corrected(office, tmp_path):
    office.done("init")
    text = "code;name;kind;former_district;mountainous\r\n16681;Phường Thành Vinh mới;phuong;Vinh;0\r\n"
    (tmp_path / "u.csv").write_bytes(text.encode("utf-8-sig"))
    assert office.json("import-units", str(tmp_path / "u.csv")) == {"units": 1}
    assert office.json("import-units", str(tmp_path / "u.csv")) == {"units": 0}
    assert "Phường Thành Vinh mới" in office.done("enrol-code", "16681")
