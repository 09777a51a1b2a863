"""The server is killed in the middle of exchanges: what was answered is there, and nothing is there twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from app.domain.change import START
from app.domain.ids import PROVINCE, assignment_id, progress_id, task_id
from app.record.digest import seal
from app.record.tables import change, feed, rows
from app.record.verify import disagreements
from sync.protocol import envelope, messages
from sync.server import exchange
from tests.sync.server.test_enrolment import UNIT, Door, asking

ROOT = Path(__file__).parents[3]
WEEK = "2025-W27"
DEVICE = 5


class Asker:
    """An enrolled device that brings one more change with each request, and those not answered yet."""

    def __init__(self, path):
        self.door = Door(path)
        self.key = Ed25519PrivateKey.generate()
        self.door.enrol(asking(self.door.code(), device=DEVICE, key=self.key.public_key().public_bytes_raw()))
        self.waiting = []
        self.written = 0

    def request(self):
        self.written += 1
        assignment = assignment_id(task_id("BCD25", f"BCD25-{self.written:03}"), UNIT)
        fields = {"assignment": assignment, "week": WEEK, "result": f"Kết quả {self.written}"}
        id = progress_id(assignment, WEEK)
        self.waiting.append(
            seal(
                stream=3, n=self.written, by=PROVINCE, at=1, entity="progress", id=id, fields=fields, over=()
            )
        )
        asked = messages.Request(nonce=os.urandom(8), cursor=START, changes=tuple(self.waiting))
        return envelope.seal(messages.pack_request(asked), DEVICE, self.key.sign)

    def answered(self, request):
        _, payload = envelope.open(
            exchange.take(self.door.store, request),
            lambda _: self.key_of_province(),
        )
        answer = messages.unpack_answer(payload)
        assert answer.known and not answer.refused
        self.waiting = []
        return answer

    def key_of_province(self):
        with self.door.store.read() as connection:
            return self.door.store.public_key(connection)


def kill_inside(database, folder, request, stop_at):
    """Kill a server that has begun to take a request; returns whether it was inside the transaction."""
    (folder / "request").write_bytes(request)
    command = [
        sys.executable,
        "-m",
        "tests.sync.server.dying",
        str(database),
        str(folder / "request"),
        str(stop_at),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        said = process.stdout.readline().strip()
        process.kill()
    return said == "inside"


def killed(issued, folder, times):
    asker = Asker(issued.database)
    store = asker.door.store
    for time in range(times):
        request = asker.request()
        # one kill after the other reaches a later statement; past the last one it is the commit itself
        assert kill_inside(issued.database, folder, request, 1 + time * 2 % 40)
        with store.read() as connection:
            assert connection.execute(select(func.count()).select_from(rows["progress"])).scalar_one() == (
                asker.written - len(asker.waiting)
            )
        if time % 3 == 2:
            asker.answered(request)  # the same envelope, once more
    asker.answered(asker.request())
    with store.read() as connection:
        assert disagreements(connection) == []
        mine = connection.execute(
            select(change.c.n).where(change.c.stream == 3).order_by(change.c.n)
        ).scalars()
        assert list(mine) == list(range(1, asker.written + 1))
        fed = select(feed.c.n).where(feed.c.unit == UNIT, feed.c.stream == 3).order_by(feed.c.n)
        assert list(connection.scalars(fed)) == list(range(1, asker.written + 1))
    asker.door.engine.dispose()
    assert issued.json("check") == {"ok": True, "wrong": []}


def test_a_server_killed_20_times_loses_nothing_and_has_nothing_twice(issued, tmp_path):
    killed(issued, tmp_path, 20)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_server_killed_200_times_loses_nothing_and_has_nothing_twice(issued, tmp_path):
    killed(issued, tmp_path, 200)


def test_a_server_process_is_killed_and_another_goes_on(served):
    code = served.office.done("enrol-code", UNIT).splitlines()[-1]
    request = messages.pack_enrol_request(asking(code))
    first = served.post("/v1/enrol", request)
    served.process.kill()
    served.process.wait(10)
    command = [sys.executable, "-m", "sync.server.main", "--db", served.office.db, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as again:
        try:
            address = again.stdout.readline().strip()
            second = served.session.post(address + "/v1/enrol", data=request, timeout=30)
        finally:
            again.kill()
    assert first.content == second.content
    assert len(served.office.json("devices")) == 1
