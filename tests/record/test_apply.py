"""Rows are made from the log by one function, and only from it."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.domain.change import Held
from app.record.apply import apply, settle
from app.record.digest import seal
from app.record.engine import reading, writing
from app.record.reading import seen
from app.record.tables import change, head, rows
from app.record.verify import disagreements
from tests.record.making import ASSIGNMENT, RECORD, WEEK, database, progress

VALUES = st.sampled_from(["a", "b", ("in_progress", 50, None, None), ("done", 100, "2025-07-01", None)])


@pytest.fixture
def engine(tmp_path):
    with database(tmp_path / "record.db") as opened:
        yield opened


def row(engine):
    with reading(engine) as connection:
        return connection.execute(select(rows["progress"])).mappings().one_or_none()


def applied(engine, *changes) -> list[Held]:
    with writing(engine) as connection:
        return apply(connection, [item if isinstance(item, Held) else Held(item) for item in changes])


def test_a_change_makes_its_row_and_its_heads(engine) -> None:
    applied(engine, progress(1, result="Đã làm", state=("in_progress", 40, None, None)))
    found = row(engine)
    assert (found["id"], found["assignment"], found["week"]) == (RECORD, ASSIGNMENT, WEEK)
    assert (found["result"], found["state"], found["difficulty"]) == (
        "Đã làm", ["in_progress", 40, None, None], None,
    )  # fmt: skip
    with reading(engine) as connection:
        assert {r.field for r in connection.execute(select(head))} == {"result", "state"}


def test_a_second_time_nothing_is_new_and_nothing_differs(engine) -> None:
    one = progress(1, result="Đã làm")
    assert len(applied(engine, one)) == 1
    assert applied(engine, one) == []
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(change)).scalar() == 1


def test_of_two_unseen_values_one_is_in_the_row_and_both_are_heads(engine) -> None:
    applied(engine, progress(1, result="một", at=1), progress(1, result="hai", at=2, stream=2))
    assert row(engine)["result"] == "hai"
    with reading(engine) as connection:
        shown = seen(connection, "progress", [RECORD])[RECORD, "result"]
    assert shown.conflict
    assert [item.change.fields["result"] for item in shown.heads] == ["hai", "một"]


def test_a_refusal_brings_the_accepted_value_back(engine) -> None:
    one = progress(1, result="một")
    two = progress(2, result="hai", over=[one])
    applied(engine, Held(one, 5), two)
    assert row(engine)["result"] == "hai"
    applied(engine, Held(two, None, "malformed"))
    assert row(engine)["result"] == "một"
    with reading(engine) as connection:
        assert disagreements(connection) == []


def test_a_record_with_nothing_but_refused_changes_has_no_row(engine) -> None:
    applied(engine, Held(progress(1, result="một"), None, "malformed"))
    assert row(engine) is None


def test_arrival_decides_anew_which_value_is_shown(engine) -> None:
    ahead, right = progress(1, result="vượt", at=9_999), progress(1, result="đúng", at=20, stream=2)
    applied(engine, ahead, Held(right, 21))
    assert row(engine)["result"] == "vượt"
    applied(engine, Held(ahead, 15))
    assert row(engine)["result"] == "đúng"


def test_what_is_not_known_here_is_logged_and_not_applied(engine) -> None:
    strange = seal(
        stream=1, n=1, by="0" * 32, at=1, entity="#77", id="2" * 32, fields={"#1": "mới"}, over=(),
    )  # fmt: skip
    known = progress(2, **{"#66": "mới", "result": "cũ"})
    applied(engine, strange, known)
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(change)).scalar() == 2
        assert [r.field for r in connection.execute(select(head))] == ["result"]
        assert disagreements(connection) == []


def test_a_state_of_a_newer_program_does_not_hide_the_one_that_is_understood(engine) -> None:
    one = progress(1, state=("in_progress", 40, None, None))
    applied(engine, one, progress(2, state=("merged", "x"), over=[one]))
    assert row(engine)["state"] == ["in_progress", 40, None, None]


@for_all(st.data())
def test_the_same_set_of_changes_gives_the_same_rows_in_any_order_and_any_portions(data) -> None:
    made = []
    for n in range(1, data.draw(st.integers(1, 6)) + 1):
        over = data.draw(st.lists(st.sampled_from(made), max_size=3)) if made else []
        value = data.draw(VALUES)
        field = "result" if isinstance(value, str) else "state"
        made.append(progress(n, stream=data.draw(st.integers(1, 2)), at=n % 3, over=over, **{field: value}))
    held = [Held(item, data.draw(st.none() | st.integers(0, 5))) for item in made]
    with tempfile.TemporaryDirectory() as folder, database(Path(folder) / "a.db") as one:
        with writing(one) as connection:
            apply(connection, held)
        expected = everything(one)
        with writing(one) as connection:
            for table in (head, change, *rows.values()):
                connection.execute(table.delete())
        for item in data.draw(st.permutations(held)):
            with writing(one) as connection:
                apply(connection, [item])
        assert everything(one) == expected


def everything(engine):
    with reading(engine) as connection:
        assert disagreements(connection) == []
        return {
            table.name: sorted(map(str, connection.execute(select(table))))
            for table in (head, change, rows["progress"])
        }


def test_rows_can_be_made_again_from_the_log(engine) -> None:
    applied(engine, progress(1, result="một"), progress(1, result="hai", stream=2))
    before = everything(engine)
    with writing(engine) as connection:
        connection.execute(rows["progress"].update().values(result="vỡ"))
        connection.execute(head.delete())
        settle(connection, [("progress", RECORD)])
    assert everything(engine) == before


def test_a_record_of_another_kind_under_the_same_id_takes_no_heads_away(engine):
    applied(engine, progress(1, result="a"))
    name = seal(
        stream=2, n=1, by="0" * 32, at=100, entity="person", id=RECORD, fields={"name": "b"}, over=[]
    )  # fmt: skip
    applied(engine, name)
    with reading(engine) as connection:
        assert disagreements(connection) == []
        assert seen(connection, "progress", [RECORD])[RECORD, "result"].value == "a"


@pytest.mark.parametrize("odd", [7, b"\x00", ("a",), "NFD: e\u0302", "x" * 20_001])
def test_a_value_that_the_field_cannot_hold_is_logged_and_holds_up_nothing(engine, odd) -> None:
    good = progress(1, result="Đã làm")
    with writing(engine) as connection:
        apply(
            connection,
            [Held(good), Held(progress(2, over=[good], at=200, result=odd, difficulty="Thiếu máy"))],
        )
    with reading(engine) as connection:
        row = connection.execute(select(rows["progress"])).one()
        assert (row.result, row.difficulty) == ("Đã làm", "Thiếu máy")
        assert connection.execute(select(func.count()).select_from(change)).scalar_one() == 2
        assert disagreements(connection) == []
