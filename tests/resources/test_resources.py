import csv
import io

import pytest

import resources


def rows(name):
    return list(csv.DictReader(io.StringIO(resources.read_text("data", name))))


def test_the_units_of_the_province():
    units = rows("nghe_an_units.csv")
    assert len(units) == 130
    assert len({unit["code"] for unit in units}) == 130
    assert {unit["kind"] for unit in units} == {"xa", "phuong"}


def test_the_tasks_of_the_demo_name_units_that_are_there():
    codes = {unit["code"] for unit in rows("nghe_an_units.csv")}
    tasks = rows("sample_tasks.csv")
    assert len({task["code"] for task in tasks}) == 81
    named = {code for task in tasks for code in task["unit_codes"].split(";")} - {"*"}
    assert named <= codes


def test_a_file_that_is_not_there():
    assert not resources.path("data", "none.csv").exists()
    with pytest.raises(FileNotFoundError):
        resources.read_text("data", "none.csv")
