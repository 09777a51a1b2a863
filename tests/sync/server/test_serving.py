import json
import signal
import socket
import subprocess
import sys
import threading

import pytest

from sync.protocol import enrolment as proof
from sync.protocol import messages
from sync.server.serving import listening
from tests.sync.server.test_enrolment import asking

UNIT = "16681"


def problem(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code and said["title"]
    return said["type"].removeprefix("urn:so-nhiem-vu:"), answer.status_code


def test_a_server_listens_answers_and_ends_with_0(served):
    assert served.get("/v1/health").json()["status"] == "ok"
    code = served.office.done("enrol-code", UNIT).splitlines()[-1]
    request = asking(code)
    answer = served.post("/v1/enrol", messages.pack_enrol_request(request))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/cose")
    assert {name.lower() for name in answer.headers} == {"content-type", "content-length"}
    enrolled = messages.unpack_enrol_answer(answer.content)
    assert proof.answer_holds(enrolled, request, code)
    again = served.post("/v1/enrol", messages.pack_enrol_request(asking(code, device=6)))
    assert problem(again) == ("code-used", 409)
    assert again.json()["device"] == "Văn phòng 1"
    back = served.post("/v1/devices", enrolled.certificate)
    assert (back.status_code, back.content) == (204, b"")
    [device] = served.office.json("devices")
    assert (device["unit"], device["name"], device["program"]) == (UNIT, "Văn phòng 1", "0.1.0")
    found = served.get(f"/v1/summary?at=2025-06-24&unit={UNIT}").json()
    assert found["counts"]["done"] == 3
    assert found["units"][0]["last_heard"] == device["last_heard"] is not None
    if sys.platform != "win32":
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(10) == 0
        assert served.process.stderr.read() == ""


def test_whatever_arrives_is_answered_with_a_problem_and_nothing_of_it(served):
    secret = b"<html>Xin chao</html>"
    for path in ("/v1/enrol", "/v1/sync"):
        answer = served.post(path, secret)
        assert problem(answer)[1] == 400
        assert b"Xin chao" not in answer.content
    assert problem(served.post("/v1/devices", secret)) == ("not-our-certificate", 403)
    assert problem(served.get("/v1/nothing")) == ("not-found", 404)
    assert problem(served.get("/v1/sync")) == ("method-not-allowed", 405)
    assert problem(served.get("/v1/summary?at=yesterday")) == ("bad-date", 400)
    assert problem(served.get("/v1/summary?period=2025-W99")) == ("bad-week", 400)
    assert problem(served.get("/v1/summary?unit=99999")) == ("unknown-unit", 404)
    long = served.get("/v1/summary?unit=" + "x" * 500)
    assert problem(long) == ("bad-request", 400)
    assert "xxx" not in long.text
    assert problem(served.post("/v1/enrol", b"x" * 5000)) == ("request-too-large", 413)
    assert served.get("/v1/health").status_code == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_read(served):
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as road:
        road.sendall(b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
        assert road.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_body_without_a_length_is_bounded_too(served):
    def parts():
        for _ in range(50):
            yield b"x" * 1000

    assert problem(served.post("/v1/devices", parts())) == ("request-too-large", 413)


def test_several_ask_at_once(served):
    code = served.office.done("enrol-code", UNIT).splitlines()[-1]
    found = []

    def ask(device):
        import requests

        body = messages.pack_enrol_request(asking(code, device=device))
        with requests.Session() as session:
            session.trust_env = False
            found.append(session.post(served.address + "/v1/enrol", data=body, timeout=30).status_code)

    threads = [threading.Thread(target=ask, args=(device,)) for device in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200] + [409] * 7


def test_a_port_that_is_taken_and_one_that_is_none(issued):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"127.0.0.1:{port}" in issued.refused("serve", "--port", port)
    assert issued.run("serve", "--port", "70000")[0] == 2
    assert "no.such.host.invalid" in issued.refused("serve", "--host", "no.such.host.invalid")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the system has its own way")
def test_a_connection_whose_other_end_is_gone_is_noticed():
    with (
        listening("127.0.0.1", 0) as bound,
        socket.create_connection(bound.getsockname(), timeout=10),
        bound.accept()[0] as taken,
    ):
        assert taken.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 120


@pytest.fixture
def demo(issued):
    # a demo that began an hour ago, and whose clock began at 30/06/2025 08:00
    import time

    facts = {"start": 1_751_245_200, "began": time.time() - 3600}
    (issued.database.parent / "demo.json").write_text(json.dumps(facts))
    return issued


def test_the_clock_of_a_demo_and_the_end_of_its_input(demo):
    command = [
        sys.executable,
        "-m",
        "sync.server.main",
        "--db",
        demo.db,
        "serve",
        "--port=0",
        "--until-stdin-closes",
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        address = process.stdout.readline().strip()
        import requests

        with requests.Session() as session:
            session.trust_env = False
            now = session.get(address + "/v1/health", timeout=10).json()["time"]
            assert 1_751_245_200 + 3600 <= now < 1_751_245_200 + 3700
            assert session.get(address + "/v1/summary", timeout=10).json()["at"] == "2025-06-30"
        process.stdin.close()
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


@pytest.mark.parametrize("content", ["", "{}", '{"start": "x", "began": 1}', "[1]", "\0" * 40])
def test_a_damaged_file_of_a_demo_is_none(tmp_path, content):
    from app.record.clock import demo_clock

    (tmp_path / "demo.json").write_text(content)
    assert demo_clock(tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


def test_a_long_import_keeps_a_device_waiting_and_not_away(served):
    from app.record.engine import open_plain, writing

    code = served.office.done("enrol-code", UNIT).splitlines()[-1]
    engine = open_plain(served.office.database, create=False)
    found = []

    def ask():
        found.append(served.post("/v1/enrol", messages.pack_enrol_request(asking(code))).status_code)

    with writing(engine):
        asked = threading.Thread(target=ask)
        asked.start()
        asked.join(6)  # longer than one wait of the database
        assert found == []
    asked.join(20)
    engine.dispose()
    assert found == [200]
