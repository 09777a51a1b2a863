"""A device that was enrolled by a file makes itself known to the province the first time it reaches it."""

import os
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app.domain.ids import random_id, random_stream
from app.record.tables import rows
from app.storage import outgoing
from app.storage.meta import Identity
from app.storage.tables import exchange as diary
from app.words import explain
from sync.client.engine import synchronise
from sync.client.enrolment import CodeExpired, CodeUsed
from sync.client.link import OtherProvince
from sync.client.network import HttpLink
from sync.protocol import enrolment as proof
from sync.protocol import messages
from sync.server import enrolment
from sync.server.tables import code as codes
from sync.server.tables import device as devices
from tests.sync.served import clock, memory_folder, served
from tests.world import UNIT, Device


@pytest.fixture(scope="module")
def place():
    with served(memory_folder("admission")) as made:
        yield made


@pytest.fixture
def code(place):
    with place.store.write() as connection:
        return enrolment.new_code(place.store, connection, UNIT)


@pytest.fixture
def waiting(place, code, tmp_path):
    """Makes a device whose enrolment by file still waits for the province's word."""
    made = []

    def make(**other) -> Device:
        device = Device(tmp_path / f"{len(made)}.db", clock)
        made.append(device)
        keys = {
            "device": random_stream(),
            "public_key": device.key.public_key().public_bytes_raw(),
            "box_key": os.urandom(32),
        }
        request = proof.enrol_request(code, program="0.1.0", **keys)
        with place.store.read() as connection:
            pinned = place.store.public_key(connection)
            sealed_to = place.store.box_key(connection)
        identity = Identity(
            UNIT, "Xã", keys["device"], "Máy mới", random_stream(), place.proxy.address, pinned, b"",
            random_id(), sealed_to, "", messages.pack_enrol_request(request),
        )  # fmt: skip
        device.ledger.enrol(replace(identity, **other), "Hà")
        return device

    yield make
    for device in made:
        device.close()


def sync(device):
    link = HttpLink(device.ledger.identity.server)
    try:
        return synchronise(device.ledger, link, device.key.sign)
    finally:
        link.close()


def pending(device):
    with device.ledger.read() as connection:
        return outgoing.pending_count(connection)


def failures(device):
    with device.ledger.read() as connection:
        return connection.execute(select(diary.c.failure)).scalars().all()


def test_the_first_contact_confirms_it_and_what_was_recorded_goes_at_once(place, waiting):
    device = waiting()
    done = sync(device)
    assert (pending(device), done.requests) == (0, 2)
    assert done.sent >= 1  # the officer's own record
    identity = device.ledger.identity
    assert identity.enrolment == b"" and identity.certificate
    assert identity.device_name.startswith("Văn phòng")
    with device.ledger.read() as connection:
        (named,) = connection.execute(select(rows["machine"])).all()
    assert (named.stream, named.name) == (str(identity.stream), identity.device_name)
    assert sync(device).requests == 1
    # the certificate is good: a province that forgets this device takes it back
    with place.store.write() as connection:
        connection.execute(devices.delete().where(devices.c.id == identity.device))
    assert sync(device).requests == 3


def test_an_answer_that_is_lost_is_asked_for_again(place, waiting):
    device = waiting()
    place.proxy.cut_at("down", 0)
    with pytest.raises(Exception, match="no-connection"):
        sync(device)
    assert device.ledger.identity.enrolment
    sync(device)
    assert pending(device) == 0 and not device.ledger.identity.enrolment


def test_a_code_used_by_another_is_told_and_the_records_stay(place, waiting):
    first, second = waiting(), waiting()
    sync(first)
    with pytest.raises(CodeUsed) as told:
        sync(second)
    assert first.ledger.identity.device_name in explain(told.value)
    assert second.ledger.identity.enrolment
    assert pending(second) == 1
    assert failures(second) == ["code-used"]


def test_a_code_that_ran_out_meanwhile_is_told(place, waiting, code):
    device = waiting()
    with place.store.write() as connection:
        connection.execute(update(codes).where(codes.c.hash == proof.code_hash(code)).values(created_at=0))
    with pytest.raises(CodeExpired):
        sync(device)
    assert failures(device) == ["code-expired"]


def test_another_province_confirms_nothing(waiting):
    device = waiting(province_key=os.urandom(32))
    with pytest.raises(OtherProvince):
        sync(device)
    assert device.ledger.identity.enrolment
