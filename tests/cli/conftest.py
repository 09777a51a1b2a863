import json
from dataclasses import dataclass

import pytest

from app.main import main
from tests.services.office import Clock, Office


@dataclass
class Said:
    """What a command said: exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def office(tmp_path, clock):
    made = Office(tmp_path / "nhà #1 %41 '", clock)
    made.task("A-1", opening=("in_progress", 40, None, None))
    made.task("A-2", deadline=None)
    made.task("A-3", line="tinh_uy", opening=("done", 100, "2025-06-20", None), deadline="2025-06-25")
    made.task("A-4", deadline=None, kind="recurring", recurrence="weekly")
    return made


@pytest.fixture
def call(capfd, clock, office):
    """One call of the command line on the office's home, in this process."""

    def run(*arguments: str, home: bool = True, at=None) -> Said:
        capfd.readouterr()
        where = ["--home", str(office.home.path)] if home else []
        code = main([*where, *arguments], clock=at or clock)
        heard = capfd.readouterr()
        assert "Traceback" not in heard.out + heard.err
        return Said(code, heard.out, heard.err)

    return run
