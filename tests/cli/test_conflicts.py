"""`conflicts` and `conflicts decide`, as a person or a script calls them."""

import pytest

WEEK = "2025-W27"


@pytest.fixture
def two(office, call):
    assert call("record", "A-1", "--percent", "50", "--result", "Mở hai lớp").code == 0
    office.other_machine("A-1", WEEK, "state", ("in_progress", 60, None, None))
    office.other_machine("A-1", WEEK, "result", "Mở ba lớp")
    return office


def by_field(call):
    return {item["field"]: item for item in call("conflicts", "--json").json}


def test_nothing_to_decide(call, office):
    assert call("conflicts", "--json").json == []
    said = call("conflicts")
    assert (said.code, said.err) == (0, "") and "Không có" in said.out


def test_both_values_with_who_and_when(two, call):
    found = by_field(call)
    assert set(found) == {"state", "result"}
    state = found["state"]
    assert list(state) == ["id", "code", "period", "field", "heads"]
    assert (state["code"], state["period"]) == ("A-1", WEEK)
    assert [head["value"][1] for head in state["heads"]] == [60, 50]  # the newer one first
    assert [list(head) for head in state["heads"]] == [["value", "by", "device", "at"]] * 2
    mine = state["heads"][1]
    assert (mine["by"], mine["device"]) == ("Lương Thị Hà", "Văn phòng 1")
    assert mine["at"] == "2025-06-30T08:00:00+07:00"
    assert state["heads"][0]["device"] == ""
    said = call("conflicts")
    assert said.code == 0
    for words in ("Mở hai lớp", "Mở ba lớp", "60%", "50%", "A-1", state["id"], "Lương Thị Hà", "2 chỗ"):
        assert words in said.out


def test_a_version_is_taken_by_its_number(two, call):
    found = by_field(call)
    said = call("conflicts", "decide", found["state"]["id"], "--take", "2", "--json")
    assert said.code == 0 and said.json["value"][1] == 50
    assert set(by_field(call)) == {"result"}
    assert call("status", "--json").json["open_conflicts"] == 1
    shown = next(item for item in call("tasks", "--json").json if item["code"] == "A-1")
    assert (shown["percent"], shown["conflict"]) == (50, True)


def test_a_third_version_in_words(two, call):
    id = by_field(call)["result"]["id"]
    said = call("conflicts", "decide", id, "--text", "Mở ba lớp, một lớp hoãn")
    assert said.code == 0 and "Mở ba lớp, một lớp hoãn" in said.out
    assert set(by_field(call)) == {"state"}
    again = call("conflicts", "decide", id, "--take", "1")
    assert again.code == 1 and id in again.err


@pytest.mark.parametrize(
    "how",
    [
        (), ("--take", "0"), ("--take", "3"), ("--take", "một"), ("--take", "1", "--text", "x"),
        ("--text", "xong"),
    ],
)  # fmt: skip
def test_wrong_usage_decides_nothing_and_is_said_in_words(two, call, how):
    said = call("conflicts", "decide", by_field(call)["state"]["id"], *how)
    assert said.code == 2 and said.out == ""
    assert said.err.startswith("Không hiểu") or "conflicts decide" in said.err
    assert " is " not in said.err and "argument" not in said.err
    assert set(by_field(call)) == {"state", "result"}


def test_an_unknown_name(two, call):
    said = call("conflicts", "decide", "1234.state", "--take", "1")
    assert said.code == 1 and "1234.state" in said.err
