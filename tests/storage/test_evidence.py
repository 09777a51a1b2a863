"""Sealed files, and what the ledger knows of them."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.record.faults import DiskFull
from app.storage import evidence
from app.storage.evidence import CHUNK, EvidenceDamaged, Vault
from app.storage.tables import file
from tests.world import Clock, Device, Province

KEY, NAMES = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "evidence", KEY, NAMES)


def put(vault, content: bytes) -> str:
    with vault.alone():
        return vault.put(content)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_001])
def test_what_is_sealed_is_read_again(vault, size):
    content = os.urandom(size)
    name = put(vault, content)
    assert name == sha(content) and vault.holds(name)
    assert vault.read(name) == content
    vault.check(name)


def test_neither_name_nor_content_can_be_read_on_the_disk(vault):
    content = "Lớp học bình dân học vụ số ở bản Huồi Tụ. ".encode() * 5000
    name = put(vault, content)
    [path] = [path for path in vault.folder.iterdir() if path.name != "lock"]
    assert name not in path.name
    assert content[:30] not in path.read_bytes()
    assert Vault(vault.folder, KEY, bytes(32)).path(name) != path


@given(start=st.integers(0, 200_000), length=st.integers(0, 200_000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_is_read_by_itself(vault, start, length):
    content = bytes(range(251)) * 700
    name = put(vault, content)
    assert vault.read(name, start, length) == content[start : start + length]


def test_a_part_costs_no_more_than_the_chunks_that_hold_it(vault):
    content = os.urandom(5 * CHUNK)
    name = put(vault, content)
    path = vault.path(name)
    raw = bytearray(path.read_bytes())
    raw[-100] ^= 1  # in the last chunk
    path.write_bytes(raw)
    assert vault.read(name, 10, CHUNK) == content[10 : 10 + CHUNK]
    with pytest.raises(EvidenceDamaged):
        vault.read(name, 4 * CHUNK, 10)


def _swap(raw: bytes, first: int, second: int) -> bytes:
    sealed = CHUNK + 16
    begin = len(raw) - 4 * sealed
    chunks = [raw[begin + i * sealed : begin + (i + 1) * sealed] for i in range(4)]
    chunks[first], chunks[second] = chunks[second], chunks[first]
    return raw[:begin] + b"".join(chunks)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"",
        lambda raw: raw[:10],
        lambda raw: bytes(len(raw)),
        lambda raw: raw[:-1],
        lambda raw: raw[: -(CHUNK + 16)],
        lambda raw: raw + raw[-(CHUNK + 16) :],
        lambda raw: raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        lambda raw: _swap(raw, 0, 1),
        lambda raw: _swap(raw, 2, 3),
    ],
)
def test_what_was_cut_swapped_or_altered_is_not_read(vault, spoil):
    name = put(vault, os.urandom(4 * CHUNK))
    path = vault.path(name)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(EvidenceDamaged):
        vault.read(name)  # by the seals alone: an upload reads parts, which no fingerprint is kept of


def test_one_file_in_the_place_of_another_is_noticed(vault):
    one, two = put(vault, b"one"), put(vault, b"two")
    vault.path(one).write_bytes(vault.path(two).read_bytes())
    with pytest.raises(EvidenceDamaged):
        vault.read(one)


def test_a_file_that_is_not_here(vault):
    with pytest.raises(EvidenceDamaged):
        vault.read(sha(b"nothing"))


def test_the_same_content_again_is_stored_once_and_a_damaged_one_is_mended(vault):
    name = put(vault, b"content")
    first = vault.path(name).read_bytes()
    put(vault, b"content")
    assert vault.path(name).read_bytes() == first
    vault.path(name).write_bytes(first[:-1])
    put(vault, b"content")
    assert vault.read(name) == b"content"


def test_a_disk_that_is_full_leaves_nothing(vault, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        put(vault, b"content")
    assert [path.name for path in vault.folder.iterdir()] == ["lock"]


def dying(vault, step: int) -> int:
    """Put a file in a process of its own that ends without warning before its step-th call of the system."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = iter(range(step))

    def before(real):
        def call(*given, **more):
            if next(left, None) is None:
                os._exit(9)
            return real(*given, **more)

        return call

    try:
        os.fsync, Path.replace = before(os.fsync), before(Path.replace)
        put(vault, b"x" * 200_000)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are copies")
def test_an_add_that_is_killed_at_any_step_leaves_nothing_that_counts_and_is_cleared_away(vault):
    name = sha(b"x" * 200_000)
    codes = []
    for step in range(4):  # the file, its new name, the folder, and through
        codes.append(dying(vault, step))
        with vault.alone():
            left = {path.name for path in vault.folder.iterdir()} - {"lock"}
            assert left <= {vault.path(name).name}
        if left:
            vault.check(name)  # whole, or not there
            vault.path(name).unlink()
    assert codes == [9, 9, 9, 0]


# ---- what the ledger knows -----------------------------------------------------------------------


@pytest.fixture
def device(tmp_path):
    clock = Clock()
    province = Province(tmp_path / "province.db", clock)
    made = Device(tmp_path / "ledger.db", clock)
    made.enrol(province)
    yield made
    made.close()
    province.close()


def note(device, content: bytes, kind: str, at: int = 1) -> bytes:
    with device.ledger.edit() as edit:
        evidence.note(edit.connection, sha(content), len(content), kind, at)
    return bytes.fromhex(sha(content))


def wanted(device, **more) -> list[bytes]:
    with device.ledger.read() as connection:
        return evidence.wanted(connection, **more)


def leaves(device, *pairs) -> None:
    with device.ledger.edit() as edit:
        evidence.note_leaves(edit.connection, [(name.hex(), leave) for name, leave in pairs], 77)


def sending(device) -> list[bytes]:
    with device.ledger.read() as connection:
        return [bytes.fromhex(item.sha256) for item in evidence.to_send(connection)]


def test_sheets_are_asked_about_first_and_photos_last(device):
    photo, old = note(device, b"p", "photo", 5), note(device, b"q", "photo", 1)
    document, sheet = note(device, b"d", "document", 7), note(device, b"s", "sheet", 9)
    assert wanted(device) == sending(device) == [sheet, document, old, photo]
    assert wanted(device, limit=2) == [sheet, document]


def test_a_file_is_held_when_an_answer_says_so_and_not_before(device):
    one, two = note(device, b"1", "photo"), note(device, b"2", "photo")
    leaves(device, (one, "leave"), (two, ""))
    assert wanted(device) == []  # there is leave to upload the one
    assert sending(device) == [one]
    with device.ledger.edit() as edit:
        evidence.note_upload(edit.connection, one.hex(), "/files/x", 1)
    assert wanted(device) == [one]  # all bytes went: is it held?
    leaves(device, (one, ""))
    assert wanted(device) == sending(device) == []
    with device.ledger.read() as connection:
        rows = connection.execute(select(file)).all()
    assert {(row.held_at, row.token, row.url) for row in rows} == {(77, None, None)}


def test_leave_for_what_went_whole_means_that_it_is_gone_there(device):
    one = note(device, b"1", "photo")
    with device.ledger.edit() as edit:
        evidence.note_upload(edit.connection, one.hex(), "/files/x", 1)
    leaves(device, (one, "leave"))
    with device.ledger.read() as connection:
        assert [item.sent for item in evidence.to_send(connection)] == [0]


def test_a_province_that_went_back_is_asked_anew(device):
    one = note(device, b"1", "photo")
    leaves(device, (one, ""))
    with device.ledger.edit() as edit:
        evidence.forget_held(edit.connection)
    assert wanted(device) == [one]


def test_what_was_taken_away_is_not_sent_unless_another_task_needs_it(device):
    one = note(device, b"1", "photo")
    with device.ledger.edit() as edit:
        for task in ("1" * 32, "2" * 32):
            edit.write("evidence", {"progress": task, "file": one.hex()}, {"name": "a.jpg", "size": 1})
    with device.ledger.edit() as edit:
        edit.set("evidence", {"progress": "1" * 32, "file": one.hex()}, "removed", True)
    assert sending(device) == [one]
    with device.ledger.edit() as edit:
        edit.set("evidence", {"progress": "2" * 32, "file": one.hex()}, "removed", True)
    assert sending(device) == wanted(device) == []


def test_a_ledger_that_was_restored_takes_up_the_files_it_learns_of_again(device, vault):
    name = put(vault, b"content")
    with device.ledger.edit() as edit:
        for told in (name, "no name at all", "f" * 64):
            edit.write("evidence", {"progress": "1" * 32, "file": told}, {"name": "a.jpg", "size": 7})
        assert evidence.adopt(edit.connection, vault, 5) == [name]
        assert evidence.adopt(edit.connection, vault, 5) == []
    assert wanted(device) == [bytes.fromhex(name)]
