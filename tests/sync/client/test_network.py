"""What answers on the network is often not the province: only its own form counts as an answer."""

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.words import explain
from sync.client.link import NoAnswer, NoConnection, Problem
from sync.client.network import HttpLink


class Answer:
    def __init__(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.status, self.kind, self.body, self.headers = status, kind, body, headers or {}


@pytest.fixture
def serve():
    """Start a small server that gives one answer to everything; its address."""
    running: list[ThreadingHTTPServer] = []

    def start(answer: Answer, context: ssl.SSLContext | None = None) -> str:
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
        server.handle_error = lambda *_: None  # a client that refuses a certificate is what is wanted
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
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


@pytest.mark.parametrize(
    ("shift", "trusted", "words"),
    [
        (timedelta(days=-900), True, "check its clock"),
        (timedelta(days=900), True, "check its clock"),
        (timedelta(), False, "certificate at this address is not accepted"),
    ],
)
def test_a_certificate_out_of_its_dates_names_the_clock_and_a_stranger_s_does_not(
    serve, tmp_path, shift, trusted, words
):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tinh")])
    start = datetime.now(UTC) + shift - timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + timedelta(days=30))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    file = tmp_path / "both.pem"
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + signed.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    link = HttpLink(serve(LOGIN_PAGE, context).replace("http:", "https:"))
    if trusted:
        link._session.verify = str(file)
    with pytest.raises(NoConnection) as told:
        link.post("/v1/sync", b"x")
    link.close()
    assert words in explain(told.value)


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
