"""The log keeps every change as it was written, and says once what became of it."""

import pytest

from app.domain.change import Held, Name, Ref
from app.record import log
from app.record.digest import seal
from app.record.engine import reading, writing
from tests.record.making import RECORD, database, progress


@pytest.fixture
def engine(tmp_path):
    with database(tmp_path / "record.db") as opened:
        yield opened


def write(engine, *held: Held) -> list[Held]:
    with writing(engine) as connection:
        return log.write(connection, held)


def everything(engine) -> list[Held]:
    with reading(engine) as connection:
        return list(log.read(connection))


def test_a_change_comes_back_as_it_was_written(engine) -> None:
    first = progress(1, result="Đường liên xã", state=("done", 100, "2025-07-01", None))
    second = progress(2, stream=2**62, result=None, over=[first])
    odd = seal(
        stream=3, n=9, by="f" * 32, at=0, entity="#99", id="e" * 32, over=[Ref(1, 2, b"ab")],
        fields={"#1": (1, b"x", True, None, ("a", -5)), "#2": b""},
    )  # fmt: skip
    write(engine, Held(first), Held(second, 7), Held(odd, None, "malformed"))
    assert everything(engine) == [Held(first), Held(odd, None, "malformed"), Held(second, 7)]


def test_a_change_that_is_there_learns_its_arrival_and_nothing_else(engine) -> None:
    one = progress(1, result="một")
    assert write(engine, Held(one)) == [Held(one)]
    assert write(engine, Held(one, 7)) == []
    assert everything(engine) == [Held(one, 7)]


def test_two_changes_of_one_number_are_two(engine) -> None:
    one, twin = progress(1, result="một"), progress(1, result="hai")
    assert len(write(engine, Held(one), Held(twin), Held(one))) == 2
    with reading(engine) as connection:
        assert log.held_names(connection, [one.name]) == {one.name: (None, None)}
        assert log.held_names(connection, [Name(1, 1, b"another!")]) == {}


def test_more_than_one_statement_can_bind(engine) -> None:
    made = [progress(n, result=f"{n}") for n in range(1, 2 * log.CHUNK + 3)]
    write(engine, *map(Held, made))
    with reading(engine) as connection:
        assert len(log.held_names(connection, [item.name for item in made])) == len(made)
        assert len(log.of_records(connection, [RECORD])[RECORD]) == len(made)


def test_only_the_change_that_arrived_learns_of_it_and_not_its_twin(engine) -> None:
    one, twin = progress(1, result="một"), progress(1, result="hai")
    write(engine, Held(one), Held(twin))
    write(engine, Held(twin, 7))
    assert {held.change.name: held.arrived for held in everything(engine)} == {one.name: None, twin.name: 7}
