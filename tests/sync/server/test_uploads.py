"""The province's end of resumable uploads, met by a client that is not ours and by raw requests."""

import base64
import hashlib
import random
import select as select_module
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from sync.server import uploads
from sync.server.shelf import Shelf
from sync.server.tables import upload
from sync.server.tus import MAX_SIZE, OtherOffset, Wanted, WrongChecksum
from tests import world
from tests.sync.served import memory_folder, served
from tests.world import UNIT

BODY = "application/offset+octet-stream"


@pytest.fixture(scope="module")
def line():
    with served(memory_folder("tus")) as made:
        yield made


@pytest.fixture
def province(line):
    line.proxy.cut_after = 0
    shutil.rmtree(line.folder / "files", ignore_errors=True)
    with line.store.write() as connection:
        connection.execute(upload.delete())
    return Province(line)


class Province:
    def __init__(self, line):
        self.line = line
        self.address = f"http://127.0.0.1:{line.proxy._server}"
        self.proxied = line.proxy.address

    def leave(self, content: bytes, unit: str = UNIT) -> str:
        with self.line.store.read() as connection:
            return uploads.leaves(self.line.store, connection, unit, (hashlib.sha256(content).digest(),))[0]

    def call(self, method, path, content=b"", body=b"", unit=UNIT, **headers):
        sent = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.leave(content, unit)}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value is not None}
        url = path if "://" in path else self.address + path
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, url, data=body, headers=sent, timeout=20)

    def create(self, content: bytes, **more) -> str:
        answer = self.call(
            "POST", "/files", content,
            **{"Upload-Length": str(len(content)), "Upload-Metadata": named(content), **more},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def patch(self, place, content, offset, body, **more):
        return self.call(
            "PATCH", place, content, body, **{"Upload-Offset": str(offset), "Content-Type": BODY, **more}
        )

    def held(self) -> dict[str, bool]:
        with self.line.store.read() as connection:
            return {row.sha256: row.done_at is not None for row in connection.execute(select(upload))}

    def content(self, sha256: str) -> bytes:
        return (self.line.folder / "files" / UNIT / sha256).read_bytes()


def named(content: bytes, extra: str = "") -> str:
    return "sha256 " + base64.b64encode(hashlib.sha256(content).hexdigest().encode()).decode() + extra


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# ---- a foreign client --------------------------------------------------------------------------


def foreign(province, content: bytes, tmp_path, address="", **more):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    client = TusClient(
        (address or province.address) + "/files",
        headers={"Authorization": f"Bearer {province.leave(content)}"},
    )
    return client.uploader(
        str(path), metadata={"sha256": sha(content), "filename": "ảnh.jpg"}, chunk_size=40_000, **more
    )


@pytest.mark.parametrize("checksums", [False, True])
def test_a_foreign_client_uploads_a_file(province, tmp_path, checksums):
    content = noise(150_000)
    foreign(province, content, tmp_path, upload_checksum=checksums).upload()
    assert province.held() == {sha(content): True}
    assert province.content(sha(content)) == content


def test_a_foreign_client_is_cut_and_resumes_in_another_process(province, tmp_path):
    content = noise(150_000)
    first = foreign(province, content, tmp_path, province.proxied)
    province.line.proxy.cut_at("up", 90_000)
    with pytest.raises((TusUploadFailed, TusCommunicationError)):
        first.upload()
    assert province.held() == {sha(content): False}
    second = foreign(province, content, tmp_path, url=first.url)
    assert 80_000 < second.offset <= 90_000  # what arrived of the part that was cut stays
    second.upload()
    assert province.content(sha(content)) == content


def test_a_foreign_client_without_leave_gets_nowhere(province, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"photo")
    uploader = TusClient(province.address + "/files").uploader(str(path), metadata={"sha256": sha(b"photo")})
    with pytest.raises(TusCommunicationError) as refused:
        uploader.upload()
    assert refused.value.status_code == 401 and province.held() == {}


# ---- what the protocol says --------------------------------------------------------------------


def test_what_this_end_can_do_is_told_to_whoever_asks(province):
    answer = province.call("OPTIONS", "/files", Authorization=None, Tus_Resumable=None)
    assert answer.status_code == 204
    told = {name.lower(): answer.headers[name] for name in answer.headers if name.lower().startswith("tus-")}
    assert told == {
        "tus-resumable": "1.0.0",
        "tus-version": "1.0.0",
        "tus-extension": "creation,creation-with-upload,checksum,termination",
        "tus-max-size": str(MAX_SIZE),
        "tus-checksum-algorithm": "sha1,sha256,md5",
    }


def test_where_an_upload_stands(province):
    content = noise(1000)
    place = province.create(content)
    assert province.patch(place, content, 0, content[:300]).status_code == 204
    answer = province.call("HEAD", place, content)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, "300")
    assert (answer.headers["Upload-Length"], answer.headers["Cache-Control"]) == ("1000", "no-store")
    assert answer.headers["Tus-Resumable"] == "1.0.0"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Tus-Resumable": None}, 412),
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer 16813.99999999999.AAAA"}, 403),
        ({"Authorization": "Bearer nonsense"}, 403),
        ({"Authorization": "Basic abc"}, 401),
        ({"Content-Type": "application/octet-stream"}, 415),
        ({"Upload-Offset": "5"}, 409),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": None}, 400),
        ({"Upload-Checksum": "sha1 " + base64.b64encode(bytes(20)).decode()}, 460),
        ({"Upload-Checksum": "crc32 AAAA"}, 400),
        ({"Upload-Checksum": "sha1 AAAA"}, 400),
    ],
)
def test_what_is_wrong_with_a_part_has_its_own_status_and_adds_nothing(province, headers, status):
    content = noise(1000)
    place = province.create(content)
    answer = province.patch(place, content, 0, content[:300], **headers)
    assert answer.status_code == status, answer.text
    assert (answer.headers["Tus-Resumable"] == "1.0.0") if status != 412 else answer.headers["Tus-Version"]
    assert answer.json()["title"]
    assert province.call("HEAD", place, content).headers["Upload-Offset"] == "0"


def test_more_bytes_than_were_announced_are_refused(province):
    content = noise(1000)
    place = province.create(content)
    assert province.patch(place, content, 0, content + b"x").status_code == 413
    assert province.call("HEAD", place, content).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": None}, 400),
        ({"Upload-Length": None, "Upload-Defer-Length": "1"}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": str(MAX_SIZE + 1)}, 413),
        ({"Upload-Metadata": None}, 400),
        ({"Upload-Metadata": "sha256 !!!"}, 400),
        ({"Upload-Metadata": "sha256 AAAA,sha256 AAAA"}, 400),
        ({"Authorization": None}, 401),
        ({"Tus-Resumable": "2"}, 412),
    ],
)
def test_what_is_wrong_with_a_new_upload_has_its_own_status_and_makes_nothing(province, headers, status):
    content = noise(100)
    told = {"Upload-Length": "100", "Upload-Metadata": named(content), **headers}
    assert province.call("POST", "/files", content, **told).status_code == status
    assert province.held() == {}


def test_an_upload_that_is_not_there(province):
    for path in ("/files/" + "0" * 32, "/files/x", "/files/%00"):
        assert province.call("HEAD", path).status_code == 404
        assert province.patch(path, b"", 0, b"x").status_code == 404
        assert province.call("DELETE", path).status_code == 404


def test_leave_is_for_one_file_of_one_unit_and_runs_out(province, line):
    mine, other = noise(100, 1), noise(100, 2)
    place = province.create(mine)
    assert province.call("HEAD", place, other).status_code == 403
    assert province.call("HEAD", place, mine, unit="16816").status_code == 403
    forged = province.leave(mine, "16816").replace("16816", UNIT)
    assert province.call("HEAD", place, mine, Authorization=f"Bearer {forged}").status_code == 403
    clock, line.store.now = line.store.now, lambda: clock() - uploads.VALID_SECONDS - 10
    old = province.leave(mine)
    line.store.now = clock
    assert province.call("HEAD", place, mine, Authorization=f"Bearer {old}").status_code == 403


def test_an_upload_is_ended_by_who_began_it(province):
    content = noise(100)
    place = province.create(content)
    assert province.call("DELETE", place, content).status_code == 204
    assert province.call("HEAD", place, content).status_code == 404
    assert not list((province.line.folder / "files" / "parts").iterdir())


def test_evidence_that_is_there_is_not_taken_back(province):
    content = noise(100)
    place, leave = province.create(content), province.leave(content)
    province.patch(place, content, 0, content)
    assert province.call("DELETE", place, Authorization=f"Bearer {leave}").status_code == 204
    assert province.held() == {sha(content): True}


def test_a_proxy_that_lets_through_nothing_but_post(province):
    content = noise(100)
    place = province.create(content)
    told = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0", "Content-Type": BODY}
    assert province.call("POST", place, content).status_code == 405
    assert province.call("POST", place, content, content, **told).status_code == 204
    assert province.held() == {sha(content): True}


def test_a_new_upload_can_bring_its_first_bytes_along(province):
    content = noise(100)
    told = {"Upload-Length": "100", "Upload-Metadata": named(content), "Content-Type": BODY}
    answer = province.call("POST", "/files", content, content, **told)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "100")
    assert province.held() == {sha(content): True}


def test_other_bytes_than_the_name_says_never_count(province):
    content = noise(1000)
    place = province.create(content)
    answer = province.patch(place, content, 0, bytes(1000))
    assert answer.status_code == 460
    assert province.held() == {} and province.call("HEAD", place, content).status_code == 404
    place = province.create(content)
    assert province.patch(place, content, 0, content).status_code == 204
    assert province.held() == {sha(content): True}


def test_the_same_file_of_a_unit_is_one_and_needs_no_leave_any_more(province):
    content = noise(1000)
    leave = province.leave(content)
    first, second = province.create(content), province.create(content)
    assert first != second  # a foreign client begins at the first byte
    province.patch(first, content, 0, content)
    assert province.leave(content) == ""
    assert province.leave(content, "16816") != ""
    headers = {"Authorization": f"Bearer {leave}"}
    assert province.call("HEAD", second, content, **headers).status_code == 404
    answer = province.call(
        "POST", "/files", **headers, **{"Upload-Length": "1000", "Upload-Metadata": named(content)}
    )
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "1000")


def test_one_who_asks_to_go_on_finds_the_upload_that_is_furthest(province):
    content = noise(1000)
    far, near = province.create(content), province.create(content)
    province.patch(far, content, 0, content[:700])
    province.patch(near, content, 0, content[:100])
    assert province.create(content, **{"Upload-Metadata": named(content, ",resume")}) == far


def test_several_requests_on_one_upload_leave_a_whole_file(province):
    content = noise(400_000)
    place = province.create(content)
    seen = []

    def pushes(seed: int) -> None:
        choose, offset = random.Random(seed), 0
        for _ in range(200):
            answer = province.patch(
                place, content, offset, content[offset : offset + choose.randrange(1, 60_000)]
            )
            seen.append(answer.status_code)
            if answer.status_code == 404:  # another one has finished it
                return
            offset = int(answer.headers["Upload-Offset"])
            if offset == len(content):
                return

    threads = [threading.Thread(target=pushes, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert province.content(sha(content)) == content
    assert set(seen) <= {204, 409} and 204 in seen


def test_bytes_go_only_where_the_upload_stands(province, line):
    shelf = Shelf(line.store, line.folder / "files")
    row = shelf.find(shelf.create(UNIT, Wanted(100, sha(noise(100)), False)))
    shelf.append(row, 0, noise(100)[:40])
    for at in (0, 39, 41):  # as another request thought, which began before
        with pytest.raises(OtherOffset) as refused:
            shelf.append(row, at, b"x")
        assert refused.value.facts == {"offset": 40}
    assert shelf.append(row, 40, noise(100)[40:]) == 100 == shelf.offset(row)


@pytest.mark.parametrize("arrives", [1, 700, 30_000])
def test_what_arrived_of_a_body_that_is_cut_stays(province, arrives):
    content = noise(50_000)
    place = province.create(content)
    head = (
        f"PATCH {place} HTTP/1.1\r\nHost: h\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Authorization: Bearer {province.leave(content)}\r\nContent-Type: {BODY}\r\n"
        f"Content-Length: 50000\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", province.line.proxy._server)) as sender:
        sender.sendall(head + content[:arrives])  # and at once the line is gone
    offsets = set()
    for _ in range(200):
        offsets.add(int(province.call("HEAD", place, content).headers["Upload-Offset"]))
        if arrives in offsets:
            break
    assert arrives in offsets
    assert province.patch(place, content, arrives, content[arrives:]).status_code == 204
    assert province.content(sha(content)) == content


def test_bytes_that_were_to_be_checked_and_were_cut_do_not_stay(province):
    content = noise(50_000)
    place = province.create(content)
    digest = base64.b64encode(hashlib.sha1(content).digest()).decode()
    province.line.proxy.cut_at("up", 20_000)
    with suppress(requests.RequestException):
        province.patch(province.proxied + place, content, 0, content, **{"Upload-Checksum": f"sha1 {digest}"})
    assert province.line.proxy.spare() is None
    answer = province.patch(place, content, 0, content, **{"Upload-Checksum": f"sha1 {digest}"})
    assert answer.status_code == 204, answer.text


def test_a_unit_that_has_used_up_its_room_is_told_so(province, monkeypatch):
    monkeypatch.setattr("sync.server.shelf.UNIT_BYTES", 1500)
    province.create(noise(1000, 1))
    content = noise(1000, 2)
    told = {"Upload-Length": "1000", "Upload-Metadata": named(content)}
    assert province.call("POST", "/files", content, **told).status_code == 507


def test_uploads_that_nobody_goes_on_with_are_cleared_away(province, line):
    old = province.create(noise(1000, 1))
    clock, line.store.now = line.store.now, lambda: clock() + 31 * 86_400
    try:
        place = province.create(noise(1000, 2))
        assert province.call("HEAD", old, noise(1000, 1)).status_code == 404
    finally:
        line.store.now = clock
    assert [path.name for path in (line.folder / "files" / "parts").iterdir()] == [place.rpartition("/")[2]]


def test_a_province_that_was_killed_between_file_and_row_has_the_file(province, line):
    content = noise(1000)
    place = province.create(content)
    province.patch(place, content, 0, content[:400])
    part = line.folder / "files" / "parts" / place.rpartition("/")[2]
    part.write_bytes(content)  # all bytes came, and then the process was gone
    assert province.call("HEAD", place, content).headers["Upload-Offset"] == "1000"
    assert province.held() == {sha(content): True} and province.content(sha(content)) == content


def test_a_file_comes_by_stick_and_an_upload_of_it_is_over(province, line):
    content = noise(1000)
    place = province.create(content)
    province.patch(place, content, 0, content[:400])
    folder = line.folder / "files"
    assert uploads.take_file(line.store, folder, UNIT, sha(content), content) is True
    assert uploads.take_file(line.store, folder, UNIT, sha(content), content) is False
    assert province.held() == {sha(content): True} and province.content(sha(content)) == content
    assert province.call("HEAD", place, content, Authorization="Bearer x").status_code == 404
    with pytest.raises(WrongChecksum):
        uploads.take_file(line.store, folder, UNIT, sha(b"other"), content)


HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)
NAMES = ("Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Checksum", "Content-Type",
         "Tus-Resumable", "Authorization", "X-HTTP-Method-Override")  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["POST", "PATCH", "HEAD", "DELETE", "OPTIONS"]),
    new=st.booleans(),
    headers=st.dictionaries(st.sampled_from(NAMES), HEADER, max_size=5),
    body=st.binary(max_size=200),
)
def test_whatever_headers_say_the_answer_has_words_and_a_status_of_the_protocol(
    province, method, new, headers, body
):
    content = noise(100)
    place = "/files" if new else province.create(content)
    sent = {"Upload-Offset": "0", "Upload-Length": "100", "Content-Type": BODY} | {
        name: value.strip().encode("latin-1") for name, value in headers.items()
    }
    answer = province.call(method, place, content, body, **sent)
    assert answer.status_code in {200, 201, 204, 400, 401, 403, 404, 405, 409, 412, 413, 415, 460}
    if answer.status_code >= 400 and method != "HEAD" and answer.content:
        assert answer.json()["title"] and answer.json()["type"].startswith("urn:so-nhiem-vu:")


@contextmanager
def process(database):
    """A server of its own, that can be killed."""
    command = [
        sys.executable,
        "-m",
        "sync.server.main",
        "--db",
        f"sqlite:///{database}",
        "serve",
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server, server.stdout.readline().strip()
        finally:
            server.kill()


def test_a_server_that_is_killed_in_the_middle_of_a_part_has_what_arrived(tmp_path):
    content = noise(300_000)
    province = world.Province(tmp_path / "province.db", lambda: int(time.time()))
    province.issue(*world.units(UNIT))
    with province.store.read() as connection:
        leave = uploads.leaves(province.store, connection, UNIT, (hashlib.sha256(content).digest(),))[0]
    sent = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {leave}"}
    part = tmp_path / "evidence" / "parts"
    with process(tmp_path / "province.db") as (server, address):
        told = {**sent, "Upload-Length": "300000", "Upload-Metadata": named(content)}
        place = requests.post(address + "/files", headers=told, timeout=20).headers["Location"]
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as sender:
            sender.sendall(
                f"PATCH {place} HTTP/1.1\r\nHost: h\r\n{head}Upload-Offset: 0\r\nContent-Type: {BODY}\r\n"
                "Content-Length: 300000\r\n\r\n".encode()
                + content[:100_000]
            )
            arrived = part / place.rpartition("/")[2]
            until = time.monotonic() + 20
            while arrived.stat().st_size < 100_000 and time.monotonic() < until:
                select_module.select([sender], [], [], 0.01)
            server.kill()
            server.wait(20)
    with process(tmp_path / "province.db") as (_, address):
        offset = int(requests.head(address + place, headers=sent, timeout=20).headers["Upload-Offset"])
        assert offset == 100_000
        told = {**sent, "Upload-Offset": str(offset), "Content-Type": BODY}
        done = requests.patch(address + place, data=content[offset:], headers=told, timeout=20)
        assert done.status_code == 204
    assert (tmp_path / "evidence" / UNIT / sha(content)).read_bytes() == content
    province.close()
