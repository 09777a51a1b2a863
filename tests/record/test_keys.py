"""What ids are made of is found for records that many changes speak of, and only where it is held."""

import pytest

from app.domain.change import Held
from app.domain.ids import assignment_id, progress_id, task_id
from app.record.apply import apply
from app.record.digest import seal
from app.record.engine import reading, writing
from app.record.keys import keys_of
from tests.record.making import WEEK, database

CODES = ("N-1", "N-2", "N-3")
TASKS = {task_id("KH", code): (4, ("KH", code)) for code in CODES}
ASSIGNMENTS = {assignment_id(task, "16813"): (5, (task, "16813")) for task in TASKS}


def made(entity, id, **fields):
    return seal(stream=1, n=1, by="0" * 32, at=1, entity=entity, id=id, fields=fields, over=())


PROGRESS = [
    made("progress", progress_id(one, WEEK), assignment=one, week=WEEK, result="Đã xong.")
    for one in ASSIGNMENTS
]


@pytest.fixture
def engine(tmp_path):
    told = [made("task", id, programme=key[0], code=key[1]) for id, (_, key) in TASKS.items()]
    told += [made("assignment", id, task=key[0], unit=key[1]) for id, (_, key) in ASSIGNMENTS.items()]
    with database(tmp_path / "record.db") as opened:
        with writing(opened) as connection:
            apply(connection, [Held(change) for change in told])
        yield opened


def found(engine, changes):
    with reading(engine) as connection:
        return keys_of(connection, changes)


def test_what_a_week_speaks_of_is_found_with_what_that_is_made_of(engine):
    assert found(engine, PROGRESS) == {**TASKS, **ASSIGNMENTS}


def test_for_one_or_two_the_ids_are_as_short(engine):
    assert found(engine, PROGRESS[:2]) == {}


def test_what_the_changes_tell_themselves_is_not_looked_for(engine):
    told = [made("assignment", id, task=key[0], unit=key[1]) for id, (_, key) in ASSIGNMENTS.items()]
    assert found(engine, [*PROGRESS, *told]) == TASKS


def test_what_is_not_held_is_left_out(engine):
    others = [
        made("progress", "9" * 32, assignment=f"{number:032x}", week=WEEK, result="Đã xong.")
        for number in range(5)
    ]
    odd = [made("progress", "8" * 32, assignment=5, week=None), made("#99", "7" * 32)]
    assert found(engine, [*others, *odd]) == {}
