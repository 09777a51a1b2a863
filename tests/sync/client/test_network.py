"""What answers on the network is often not the province: only its own form counts as an answer."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.words import explain
from sync.client.link import Cut, NoAnswer, NoConnection, Problem, StoppedByUser
from sync.client.network import LONGEST_BUSY, MAX_BUSY, HttpLink


class Answer:
    def __init__(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.status, self.kind, self.body, self.headers = status, kind, body, headers or {}


@pytest.fixture
def serve():
    """Start a small server that gives one answer to everything; its address."""
    running: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.kind)
                if not {"Content-Length", "Transfer-Encoding"} & answer.headers.keys():
                    self.send_header("Content-Length", str(len(answer.body)))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            do_GET = do_POST

            def log_message(self, *_: object) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def post(address: str) -> bytes:
    link = HttpLink(address)
    try:
        return link.post("/v1/sync", b"x" * 100)
    finally:
        link.close()


def test_a_province_that_stays_busy_is_waited_for_and_at_last_says_when_to_come_back(serve):
    waited = []
    link = HttpLink(serve(Answer(503, "text/plain", b"", {"Retry-After": "7"})), pause=waited.append)
    with pytest.raises(NoConnection) as busy:
        link.post("/v1/sync", b"x")
    link.close()
    assert busy.value.facts["retry_after"] == 7
    assert sum(waited) >= 7 * link.busy > 0


LOGIN_PAGE = Answer(200, "text/html", b"<html>Log in</html>")


@pytest.mark.parametrize(
    "answer",
    [
        LOGIN_PAGE,
        Answer(302, "text/html", b"", {"Location": "http://127.0.0.1:9/login"}),
        Answer(413, "text/html", b"too large"),
        Answer(502, "text/html", b"bad gateway"),
        Answer(200, "application/json", b"{}"),
        Answer(500, "application/problem+json", b"not json"),
        Answer(404, "application/problem+json", b'{"type": "about:blank", "status": 404}'),
    ],
)
def test_only_the_provinces_own_form_is_an_answer(serve, answer):
    with pytest.raises(NoAnswer):
        post(serve(answer))


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, "application/cose", b"no gzip", {"Content-Encoding": "gzip"}),
        Answer(200, "application/cose", b"no chunk", {"Transfer-Encoding": "chunked"}),
        Answer(200, "application/cose", b"cut off", {"Content-Length": "1000"}),
    ],
)
def test_an_answer_that_breaks_off_is_no_connection(serve, answer):
    with pytest.raises(NoConnection):
        post(serve(answer))


WHOLE = b"HTTP/1.1 204 No Content\r\nUpload-Offset: 512\r\n\r\n"


@pytest.mark.parametrize("length", range(len(WHOLE) + 1))
def test_a_head_that_is_cut_off_anywhere_is_no_answer_without_a_few_lines(length):
    def answer(listener):
        with listener.accept()[0] as road:
            road.recv(65536)
            road.sendall(WHOLE[:length])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer, args=(listener,))
        thread.start()
        link = HttpLink(f"http://127.0.0.1:{listener.getsockname()[1]}")
        if length == len(WHOLE):
            assert link.call("GET", "/v1/parts/x", {}, b"").headers == {"upload-offset": "512"}
        else:
            with pytest.raises(Cut):
                link.call("GET", "/v1/parts/x", {}, b"")
        thread.join(10)
        link.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:1", "nobody listens"),
        ("http://[::1", "this is no address"),
        ("http://127.0.0.1:99999", "this is no address"),
        ("ftp://x", "this is no address"),
        ("không phải địa chỉ", "this is no address"),
        ("https://tinh.invalid", "this name is not known"),
    ],
)
def test_why_there_is_no_connection_is_said_in_words_and_by_no_name_of_a_library(address, words):
    with pytest.raises(NoConnection) as told:
        post(address)
    assert words in explain(told.value)


def test_a_plain_address_taken_for_a_secure_one_is_told_from_a_bad_certificate(serve):
    with pytest.raises(NoConnection) as told:
        post(serve(LOGIN_PAGE).removeprefix("http://"))
    assert "is it https:// or http://" in explain(told.value)


class Busy(Answer):
    """Sends away so many times, then answers."""

    def __init__(self, times: int, after: str, status: int = 503) -> None:
        self.times, self.after, self.busy = times, after, status
        self.kind, self.body = "application/cose", b"ok"

    @property
    def status(self) -> int:
        self.times -= 1
        return self.busy if self.times >= 0 else 200

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": self.after} if self.times >= 0 else {}


@pytest.mark.parametrize("status", [503, 429])
def test_a_busy_province_is_asked_again_when_it_said(serve, status):
    waited = []
    link = HttpLink(serve(Busy(2, "4", status)), pause=waited.append)
    assert link.post("/v1/sync", b"x") == b"ok"
    link.close()
    assert (link.busy, link.requests, len(waited)) == (2, 3, 2)
    assert all(4 <= seconds <= 8 for seconds in waited)


def test_a_province_that_stays_busy_is_left_alone_after_a_bounded_time(serve):
    waited = []
    link = HttpLink(serve(Busy(1000, "999999999999")), pause=waited.append)
    with pytest.raises(NoConnection) as told:
        link.post("/v1/sync", b"x")
    link.close()
    assert "too much to do" in explain(told.value)
    assert sum(waited) <= MAX_BUSY * 2 * LONGEST_BUSY


def test_being_busy_without_saying_until_when_is_no_answer_of_the_province(serve):
    for after in ("", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT"):
        with pytest.raises(NoAnswer):
            post(serve(Busy(1000, after)))


def test_who_waits_for_a_busy_province_can_stop(serve):
    waited = []
    link = HttpLink(serve(Busy(1000, "60")), pause=waited.append, stopped=lambda: len(waited) > 3)
    with pytest.raises(StoppedByUser):
        link.post("/v1/sync", b"x")
    link.close()
    assert sum(waited) < 1


def test_a_problem_that_is_made_to_harm_is_still_only_a_problem(serve):
    body = b'{"type": "urn:so-nhiem-vu:code-used", "problem": 1, "self": 2, "device": {"a": [1]}}'
    with pytest.raises(Problem) as told:
        post(serve(Answer(409, "application/problem+json", body)))
    assert told.value.facts == {"problem": "code-used"}


def test_a_problem_of_the_province_keeps_its_code_and_facts(serve):
    body = b'{"type": "urn:so-nhiem-vu:code-used", "title": "t", "status": 409, "device": "may 1"}'
    with pytest.raises(Problem) as told:
        post(serve(Answer(409, "application/problem+json", body)))
    assert told.value.problem == "code-used"
    assert told.value.facts["device"] == "may 1"


def test_bytes_and_requests_are_counted(serve):
    link = HttpLink(serve(Answer(200, "application/cose", b"y" * 50)))
    assert link.post("/v1/sync", b"x" * 100) == b"y" * 50
    link.close()
    assert link.requests == 1
    assert 100 < link.bytes_up < 400
    assert 50 < link.bytes_down < 400


def test_nobody_there_is_no_connection(serve):
    with pytest.raises(NoConnection) as told:
        post("http://127.0.0.1:1")
    assert told.value.code == "no-connection"


@pytest.mark.parametrize("address", ["", "ftp://x", "http://", "không phải địa chỉ"])
def test_an_address_that_is_none_is_no_connection(address):
    with pytest.raises(NoConnection):
        post(address)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("ALL_PROXY", "socks5h://127.0.0.1:1"),
        ("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem"),
    ],
)
def test_the_machine_itself_is_never_reached_through_a_proxy(serve, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert post(serve(Answer(200, "application/cose", b"ok"))) == b"ok"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("ALL_PROXY", "socks5h://127.0.0.1:1"),
        ("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem"),
    ],
)
def test_a_broken_proxy_setting_is_no_connection_in_words(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(NoConnection):
        post("https://tinh.invalid")
