"""Whatever comes over HTTP, the province answers: never a 500, and each refusal has a code and words."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings, strategies

from app.domain.change import START
from app.domain.ids import random_id, random_stream
from app.record.writing import make
from sync.protocol import envelope, payload
from sync.protocol.messages import Request, pack_request
from tests.fuzz.damage import damaged, signed
from tests.sync.places import SPOT
from tests.sync.served import Served, memory_folder, served
from tests.world import UNIT

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(7, 39)))
DEVICE = 0x1234_5678_9ABC
TEXT = strategies.text(strategies.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=60)
NUMBERS = strategies.one_of(
    strategies.integers(-1, 10**6).map(str),
    strategies.sampled_from(["", "0", "00", "-0", "1e3", "²", "99999999999999999999", " 5", "5, 6", "0x10"]),
    TEXT,
)
MORE = settings(max_examples=150)


def sample() -> bytes:
    """The message of a small week."""
    stream, by = random_stream(), random_id()
    changes = [
        make(
            stream=stream, n=n, by=by, at=1_751_245_200 + n, entity="progress", key=SPOT,
            values={"result": f"Đã rà soát {n} hồ sơ, còn vướng ở khâu xác minh"}, seen={},
        )
        for n in range(1, 4)
    ]  # fmt: skip
    files = (bytes(range(32)),)
    return pack_request(Request(nonce=bytes(8), cursor=START, changes=tuple(changes), files=files))


MESSAGE = sample()
ENVELOPE = envelope.seal(MESSAGE, DEVICE, KEY.sign)
PAYLOADS = [payload.wrap(MESSAGE), bytes([0]) + MESSAGE]


class Asking:
    """A connection to the province; a broken one is made anew."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> int:
        """The status, once it is checked that a refusal says why."""
        for last in (False, True):
            try:
                self._connection.request(method, path, body, headers or {})
                answer = self._connection.getresponse()
                content = answer.read()
                break
            except (http.client.HTTPException, OSError):
                self._connection.close()
                if last:
                    raise
        assert answer.status < 500 or answer.status in {503, 507}, (answer.status, content)
        assert b"Traceback" not in content
        if answer.status >= 400 and method != "HEAD":
            self._told(answer, content)
        return answer.status

    def _told(self, answer: http.client.HTTPResponse, content: bytes) -> None:
        if answer.status == 409 and answer.headers.get("Upload-Offset", "").isdecimal():
            return  # the number is the answer
        if answer.status == 416 and answer.headers.get("Content-Range"):
            return
        assert answer.headers["Content-Type"] == "application/problem+json", (answer.status, content)
        said = json.loads(content)
        code = said["type"].removeprefix("urn:so-nhiem-vu:")
        assert code not in {said["type"], "", "bug"}
        assert said["title"] not in {"", code}


@pytest.fixture(scope="module")
def place() -> Iterator[Served]:
    with served(memory_folder("fuzz")) as made:
        made.province.enrol(DEVICE, KEY.public_key().public_bytes_raw(), UNIT)
        yield made


@pytest.fixture(scope="module")
def asking(place: Served) -> Asking:
    return Asking(place.proxy.port)


def test_the_samples_themselves_are_taken(asking: Asking) -> None:
    assert asking.ask("POST", "/v1/sync", ENVELOPE) == 200
    for carried in PAYLOADS:
        assert asking.ask("POST", "/v1/sync", signed(carried, DEVICE, KEY.sign)) == 200


@given(
    path=strategies.sampled_from(["/v1/sync", "/v1/enrol", "/v1/devices"]),
    body=strategies.one_of(strategies.binary(max_size=300), damaged([ENVELOPE])),
)
@MORE
def test_bytes_that_nobody_signed(asking: Asking, path: str, body: bytes) -> None:
    assert asking.ask("POST", path, body) >= 400 or body == ENVELOPE


@given(carried=strategies.one_of(strategies.binary(max_size=200), damaged(PAYLOADS)))
@MORE
def test_a_payload_that_a_device_signed_and_that_is_none(asking: Asking, carried: bytes) -> None:
    """The byte of the codec, the number of a dictionary, what is pressed, and what comes out of it."""
    assert asking.ask("POST", "/v1/sync", signed(carried, DEVICE, KEY.sign)) in {200, 400, 413}


@given(message=damaged([MESSAGE]))
@MORE
def test_a_message_that_a_device_signed_and_that_is_none(asking: Asking, message: bytes) -> None:
    carried = bytes([0]) + message
    assert asking.ask("POST", "/v1/sync", signed(carried, DEVICE, KEY.sign)) in {200, 400, 413}


@given(
    method=strategies.sampled_from(["POST", "GET", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"]),
    path=strategies.sampled_from(["/v1/parts/", "/v1/parts/" + "a" * 22, "/v1/sync", "/v1/nothing"]),
    offset=NUMBERS, length=NUMBERS, asked=strategies.one_of(NUMBERS.map("bytes={}-".format), TEXT),
    body=strategies.binary(max_size=100),
)  # fmt: skip
@MORE
def test_headers_of_parts(asking: Asking, method, path, offset, length, asked, body) -> None:
    headers = {"Upload-Offset": offset, "Upload-Length": length, "Range": asked}
    asking.ask(method, path, body, {name: value for name, value in headers.items() if value})


@given(offset=strategies.integers(0, len(ENVELOPE) + 3), end=strategies.integers(0, len(ENVELOPE) + 3),
       length=NUMBERS, wrong=strategies.booleans())  # fmt: skip
@MORE
def test_parts_of_an_envelope_in_any_order(asking: Asking, offset, end, length, wrong) -> None:
    name = "A" * 22 if wrong else envelope.name(ENVELOPE)
    headers = {"Upload-Offset": str(offset), "Upload-Length": length or str(len(ENVELOPE))}
    asking.ask("POST", f"/v1/parts/{name}", ENVELOPE[offset:end], headers)
    asking.ask("GET", f"/v1/parts/{name}", b"", {"Range": f"bytes={offset}-{end}"})


CHECKSUMS = strategies.one_of(TEXT, TEXT.map("sha256 {}".format), strategies.just("sha1 ="))
METADATA = strategies.one_of(
    TEXT,
    damaged([b"sha256 " + b"MDA=" * 22, b"filename YQ==,sha256"]).map(lambda data: data.decode("latin-1")),
)


@given(
    method=strategies.sampled_from(["POST", "HEAD", "PATCH", "DELETE", "OPTIONS", "GET"]),
    path=strategies.sampled_from(["/files", "/files/", "/files/x", "/files/" + "0" * 32, "/files/%2e%2fx"]),
    version=strategies.sampled_from(["1.0.0", "0.2", "", "1.0.0, 2"]),
    leave=strategies.one_of(TEXT, TEXT.map("Bearer {}".format),
                            strategies.just(f"Bearer {UNIT}.1999999999.AAAAAAAAAAAAAAAAAAAAAA")),
    length=NUMBERS, offset=NUMBERS, metadata=METADATA, checksum=CHECKSUMS,
    kind=strategies.sampled_from(["application/offset+octet-stream", "text/plain", ""]),
    override=strategies.sampled_from(["", "PATCH", "HEAD", "DELETE", "NOTHING"]),
    body=strategies.binary(max_size=60),
)  # fmt: skip
@MORE
def test_headers_of_an_upload(
    asking: Asking, method, path, version, leave, length, offset, metadata, checksum, kind, override, body
) -> None:
    headers = {
        "Tus-Resumable": version, "Authorization": leave, "Upload-Length": length, "Upload-Offset": offset,
        "Upload-Metadata": metadata, "Upload-Checksum": checksum, "Content-Type": kind,
        "X-HTTP-Method-Override": override,
    }  # fmt: skip
    usable = {name: value.strip() for name, value in headers.items() if value.strip() and value.isprintable()}
    asking.ask(method, path, b"" if method in {"HEAD", "OPTIONS"} else body, usable)


@given(lines=strategies.lists(strategies.binary(max_size=40), max_size=6))
@settings(max_examples=60)
def test_what_is_no_http_at_all(place: Served, asking: Asking, lines: list[bytes]) -> None:
    with socket.create_connection(("127.0.0.1", place.proxy.port), timeout=20) as road, suppress(OSError):
        road.sendall(b"POST /v1/sync HTTP/1.1\r\n" + b"\r\n".join(lines) + b"\r\n\r\n")
        road.shutdown(socket.SHUT_WR)
        found = b""
        while data := road.recv(4096):
            found += data
        assert b"Traceback" not in found
        assert not found.startswith(b"HTTP/1.1 5")
    assert asking.ask("GET", "/v1/health") == 200


def test_a_payload_that_would_become_a_gigabyte_is_refused(asking: Asking) -> None:
    for message in (bytes(300 * 2**20), MESSAGE + bytes(80 * 2**20)):
        carried = bytes((payload.ZSTANDARD,)) + payload.zstd.compress(message)[4:]
        assert len(carried) < 100_000
        assert asking.ask("POST", "/v1/sync", signed(carried, DEVICE, KEY.sign)) == 400
