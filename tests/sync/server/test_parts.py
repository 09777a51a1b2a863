"""Envelopes that come in parts: kept, bounded, applied once and whole."""

import os
import socket
import threading
import time

import pytest
import uvicorn
from sqlalchemy import func, select

from app.domain.change import START
from app.domain.ids import assignment_id, task_id
from sync.protocol import envelope, messages
from sync.protocol.errors import BadEnvelope
from sync.server import exchange, feed, parts
from sync.server.api import make_api
from sync.server.serving import listening
from sync.server.tables import part, part_slice
from tests.world import UNIT, Clock, Device, Province, Wire, task, units

SPOT = {"assignment": assignment_id(task_id("P", "T1"), UNIT), "week": "2025-W27"}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def province(tmp_path, clock):
    made = Province(tmp_path / "province.db", clock)
    made.issue(*units(UNIT), *task("T1", UNIT))
    yield made
    made.close()


@pytest.fixture
def device(tmp_path, clock, province):
    made = Device(tmp_path / "device.db", clock)
    made.enrol(province)
    yield made
    made.close()


def sealed(device):
    """A request of the device's that nothing presses much."""
    request = messages.Request(
        nonce=os.urandom(8), cursor=START, files=tuple(os.urandom(32) for _ in range(40))
    )
    return envelope.seal(messages.pack_request(request), device.ledger.identity.device, device.key.sign)


def send(province, whole, size, name=None):
    for start in range(0, len(whole), size):
        piece = whole[start : start + size]
        found = parts.take(province.store, name or envelope.name(whole), start, len(whole), piece)
    return found


def count(province, table):
    with province.store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize("size", [17, 500, 10_000])
def test_parts_are_applied_when_the_last_is_there_and_leave_nothing(province, device, size):
    whole = sealed(device)
    found = send(province, whole, size)
    assert found.received == len(whole)
    assert found.answer is not None
    assert count(province, part) == count(province, part_slice) == 0
    # again, by whatever way, in part or whole: the same answer, not one that is made anew
    assert parts.take(province.store, envelope.name(whole), 0, len(whole), whole).answer == found.answer
    assert exchange.take(province.store, whole) == found.answer
    assert parts.look(province.store, envelope.name(whole)).answer == found.answer


def test_what_is_there_is_skipped_and_a_gap_is_not_taken(province, device):
    whole = sealed(device)
    name = envelope.name(whole)
    assert parts.take(province.store, name, 0, len(whole), whole[:100]).received == 100
    assert parts.take(province.store, name, 60, len(whole), whole[60:200]).received == 200
    assert parts.take(province.store, name, 0, len(whole), whole[:50]).received == 200
    gap = parts.take(province.store, name, 201, len(whole), whole[201:])
    assert (gap.received, gap.gap, gap.answer) == (200, True, None)
    assert parts.take(province.store, name, 0, len(whole), whole).answer is not None


def test_an_answer_is_kept_until_the_device_s_next_envelope(province, device):
    first, second = sealed(device), sealed(device)
    exchange.take(province.store, first)
    assert parts.look(province.store, envelope.name(first)) is not None
    exchange.take(province.store, second)
    assert parts.look(province.store, envelope.name(first)) is None
    assert parts.look(province.store, envelope.name(second)) is not None


def test_what_is_no_envelope_is_refused_at_once_or_at_the_end_and_not_kept(province, device):
    whole = sealed(device)
    with pytest.raises(BadEnvelope):
        parts.take(province.store, envelope.name(whole), 0, 500, b"<html>")
    with pytest.raises(BadEnvelope):
        send(province, whole, 100, name="A" * 22)
    turned = whole[:-1] + bytes([whole[-1] ^ 1])
    with pytest.raises(BadEnvelope):
        send(province, turned, 100)
    assert count(province, part) == count(province, part_slice) == 0


def test_a_stranger_s_first_part_says_that_the_device_is_not_known(province, device):
    request = messages.pack_request(messages.Request(nonce=bytes(8), cursor=START, files=(bytes(32),)))
    whole = envelope.seal(request, 12345, device.key.sign)
    with pytest.raises(exchange.UnknownDevice):
        parts.take(province.store, envelope.name(whole), 0, len(whole), whole[:20])
    assert parts.take(province.store, envelope.name(whole), 0, len(whole), whole[:10]).received == 0
    assert count(province, part) == 0


def test_parts_are_bounded_for_each_device_and_expire(province, device, clock):
    made = [sealed(device) for _ in range(parts.MAX_PARTS + 3)]
    for whole in made:
        clock.now += 1
        parts.take(province.store, envelope.name(whole), 0, len(whole), whole[:30])
    assert count(province, part) == count(province, part_slice) == parts.MAX_PARTS
    assert parts.look(province.store, envelope.name(made[-1])).received == 30  # the newest stay
    clock.now += parts.KEEP_SECONDS + 1
    parts.take(province.store, envelope.name(made[0]), 0, len(made[0]), made[0][:30])
    assert count(province, part) == 1
    with pytest.raises(parts.PartTooLarge):
        parts.take(province.store, "A" * 22, 0, parts.MAX_BYTES + 1, made[0][:30])


def test_where_a_device_stood_is_kept(province, device):
    from sync.server.tables import device as table

    device.sync(Wire(province))
    device.sync(Wire(province))
    with province.store.read() as connection:
        row = connection.execute(select(table)).one()
        newest = feed.newest(connection, UNIT)
    assert (row.seq, bytes(row.chain)) == newest


@pytest.fixture
def served(province):
    """The province on a port."""
    with listening("127.0.0.1", 0) as bound:
        server = uvicorn.Server(
            uvicorn.Config(make_api(province.store), log_config=None, access_log=False, lifespan="off")
        )
        thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
        thread.start()
        yield bound.getsockname()
        server.should_exit = True
        thread.join(10)


def ask(address, head, body=b""):
    """One request over a connection of its own; the head and the body of the answer."""
    with socket.create_connection(address, timeout=10) as road:
        road.sendall(head.encode() + b"\r\nHost: x\r\nConnection: close\r\n\r\n" + body)
        found = b""
        while piece := road.recv(65536):
            found += piece
    head, _, content = found.partition(b"\r\n\r\n")
    return head.decode().lower(), content


def test_a_body_cut_in_the_middle_keeps_what_arrived_and_the_answer_comes_in_parts(province, device, served):
    whole = sealed(device)
    path = f"/v1/parts/{envelope.name(whole)} HTTP/1.1\r\n"
    with socket.create_connection(served, timeout=10) as road:
        head = f"POST {path}Host: x\r\nContent-Length: {len(whole)}\r\n\r\n"
        road.sendall(head.encode() + whole[:300])
    until = time.monotonic() + 10
    while parts.look(province.store, envelope.name(whole)) is None:
        assert time.monotonic() < until
    head, _ = ask(served, f"GET {path}X: y")
    assert " 204 " in head and "upload-offset: 300" in head
    head, _ = ask(
        served,
        f"POST {path}Upload-Offset: 400\r\nUpload-Length: {len(whole)}\r\nContent-Length: {len(whole) - 400}",
        whole[400:],
    )
    assert " 409 " in head and "upload-offset: 300" in head
    head, begun = ask(
        served,
        f"POST {path}Upload-Offset: 300\r\nRange: bytes=0-39\r\nContent-Length: {len(whole) - 300}",
        whole[300:],
    )
    answer = exchange.take(province.store, whole)
    assert " 206 " in head and f"content-range: bytes 0-39/{len(answer)}" in head
    head, rest = ask(served, f"GET {path}Range: bytes=40-")
    assert " 206 " in head and begun + rest == answer
    head, content = ask(served, f"GET {path}X: y")
    assert " 200 " in head and content == answer
    assert " 416 " in ask(served, f"GET {path}Range: bytes={len(answer)}-")[0]
    assert " 404 " in ask(served, f"GET /v1/parts/{'A' * 22} HTTP/1.1\r\nX: y")[0]
    assert " 400 " in ask(served, "GET /v1/parts/short HTTP/1.1\r\nX: y")[0]
    assert " 400 " in ask(served, f"POST {path}Upload-Offset: -1\r\nContent-Length: 0")[0]
