import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

import resources
from sync.server.main import main
from tests.world import Clock

TABLE = resources.path("data", "sample_tasks.csv")


class Office:
    """The province's commands, run in this process on a real database, as an administrator runs them."""

    def __init__(self, folder, capsys):
        self.database = Path(folder) / "province.db"
        self.db = f"sqlite:///{self.database}"
        self.clock = Clock()
        self._capsys = capsys

    def run(self, *words):
        self._capsys.readouterr()
        code = main([*words, "--db", self.db, "--lang", "en"], self.clock)
        said = self._capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    def done(self, *words):
        code, out, err = self.run(*words)
        assert (code, err) == (0, ""), err
        return out

    def json(self, *words):
        return json.loads(self.done(*words, "--json"))

    def refused(self, *words):
        code, out, err = self.run(*words)
        assert code == 1 and out == "", (code, out)
        return err


@pytest.fixture
def office(tmp_path, capsys):
    return Office(tmp_path, capsys)


@pytest.fixture(scope="session")
def full(tmp_path_factory):
    """A database with the units and the 81 tasks, made once."""
    folder = tmp_path_factory.mktemp("full")
    db = ["--db", f"sqlite:///{folder / 'province.db'}"]
    assert main(["init", *db], Clock()) == 0
    assert main(["import-tasks", str(TABLE), *db], Clock()) == 0
    return folder


@pytest.fixture
def issued(full, tmp_path, capsys):
    """An office that has issued the 81 tasks."""
    made = Office(tmp_path, capsys)
    made.database.write_bytes((full / "province.db").read_bytes())
    return made


@pytest.fixture
def served(issued):
    """A server process for the office, and a session that knows its address."""
    issued.clock = lambda: int(time.time())  # the process has the system's
    command = [sys.executable, "-m", "sync.server.main", "--db", issued.db, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            began = time.monotonic()
            address = process.stdout.readline().strip()
            assert time.monotonic() - began < 10
            with requests.Session() as session:
                session.trust_env = False
                yield Served(issued, process, address, session)
        finally:
            process.kill()


class Served:
    def __init__(self, office, process, address, session):
        self.office, self.process, self.address, self.session = office, process, address, session

    def post(self, path, body, **more):
        return self.session.post(self.address + path, data=body, timeout=30, **more)

    def get(self, path):
        return self.session.get(self.address + path, timeout=30)
