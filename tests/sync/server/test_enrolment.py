import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from app.record.engine import open_plain
from sync.protocol import enrolment as proof
from sync.protocol import envelope, messages
from sync.server import enrolment
from sync.server.store import PROVINCE_KID, Store
from sync.server.tables import code as code_table
from sync.server.tables import device as device_table
from tests.world import Clock

UNIT = "16681"
DAY = 24 * 3600


class Door:
    """A province to enrol at, without HTTP between."""

    def __init__(self, path):
        self.clock = Clock()
        self.engine = open_plain(path, create=False)
        self.store = Store(self.engine, self.clock)

    def code(self, unit=UNIT):
        with self.store.write() as connection:
            return enrolment.new_code(self.store, connection, unit)

    def enrol(self, request):
        return messages.unpack_enrol_answer(enrolment.enrol(self.store, messages.pack_enrol_request(request)))

    def devices(self):
        with self.store.read() as connection:
            return connection.execute(select(device_table).order_by(device_table.c.id)).all()


def asking(code, device=5, key=None):
    key = key or bytes([device]) * 32
    return proof.enrol_request(code, device=device, public_key=key, box_key=key, program="0.1.0")


@pytest.fixture
def door(issued):
    made = Door(issued.database)
    yield made
    made.engine.dispose()


def test_a_device_is_taken_in_and_shown_the_key_of_the_province(door):
    code = door.code()
    request = asking(code)
    answer = door.enrol(request)
    assert proof.answer_holds(answer, request, code)
    assert (answer.unit, answer.unit_name, answer.device_name) == (UNIT, "Phường Thành Vinh", "Văn phòng 1")
    _, paper = envelope.open(
        answer.certificate, lambda kid: answer.province_key if kid == PROVINCE_KID else None
    )
    said = messages.unpack_certificate(paper)
    assert (said.device, said.unit, said.public_key, said.at) == (5, UNIT, request.public_key, door.clock.now)
    second = door.enrol(asking(door.code(), device=6))
    assert second.device_name == "Văn phòng 2"
    assert door.enrol(asking(door.code("16690"), device=7)).device_name == "Văn phòng 1"


def test_the_same_device_gets_the_same_answer_again_another_one_none(door):
    code = door.code()
    first = door.enrol(asking(code))
    door.clock.now += 40 * DAY  # the answer was lost, and the machine lay in a cupboard
    assert door.enrol(asking(code)) == first
    assert len(door.devices()) == 1
    with pytest.raises(enrolment.CodeUsed) as refused:
        door.enrol(asking(code, device=6))
    assert refused.value.facts == {"device": "Văn phòng 1"}
    with pytest.raises(enrolment.CodeUsed):
        door.enrol(asking(code, device=5, key=os.urandom(32)))


def test_a_wrong_and_an_old_code_are_refused_and_not_used_up(door):
    with pytest.raises(enrolment.CodeUnknown):
        door.enrol(asking(proof.new_code(os.urandom)))
    code = door.code()
    door.clock.now += 30 * DAY + 1
    with pytest.raises(enrolment.CodeExpired):
        door.enrol(asking(code))
    door.clock.now -= 1
    assert door.enrol(asking(code)).unit == UNIT


def test_a_request_that_was_altered_is_refused_and_the_code_not_used_up(door):
    code = door.code()
    request = asking(code)
    other = messages.EnrolRequest(
        code_hash=request.code_hash,
        device=request.device,
        public_key=bytes(32),
        box_key=request.box_key,
        program="0.1.0",
        mac=request.mac,
    )
    with pytest.raises(enrolment.EnrolAltered):
        door.enrol(other)
    assert door.devices() == []
    assert door.enrol(request).unit == UNIT


def test_the_number_of_a_device_belongs_to_one_key(door):
    door.enrol(asking(door.code()))
    code = door.code()
    with pytest.raises(enrolment.DeviceTaken):
        door.enrol(asking(code, device=5, key=os.urandom(32)))
    assert door.enrol(asking(code, device=6)).unit == UNIT


def test_the_database_does_not_hold_the_code(door, issued):
    codes = {door.code() for _ in range(20)}
    assert len(codes) == 20
    door.engine.dispose()
    content = b"".join(path.read_bytes() for path in issued.database.parent.glob("province.db*"))
    for code in codes:
        assert code.encode() not in content
        assert code.replace("-", "").encode() not in content
    with door.store.read() as connection:
        assert set(connection.scalars(select(code_table.c.hash))) == {proof.code_hash(code) for code in codes}


def test_a_province_that_went_back_takes_its_own_certificate_and_no_other(door):
    answer = door.enrol(asking(door.code()))
    with door.store.write() as connection:
        connection.execute(device_table.delete())
    enrolment.readmit(door.store, answer.certificate)
    enrolment.readmit(door.store, answer.certificate)
    [held] = door.devices()
    assert (held.id, held.unit, held.name, bytes(held.public_key)) == (
        5,
        UNIT,
        "Văn phòng 1",
        bytes([5]) * 32,
    )

    stranger = Ed25519PrivateKey.generate()
    paper = messages.Certificate(
        device=9, public_key=bytes(32), box_key=bytes(32), unit=UNIT, device_name="x", at=1
    )
    forged = envelope.seal(messages.pack_certificate(paper), PROVINCE_KID, stranger.sign)
    for bad in (forged, b"", b"<html>"):
        with pytest.raises(enrolment.NotOurCertificate):
            enrolment.readmit(door.store, bad)


def test_the_command_prints_the_code_alone_on_the_last_line(issued):
    said = issued.done("enrol-code", UNIT).splitlines()
    assert proof.read_code(said[-1]) == said[-1]
    assert "30/07/2025" in said[0] and "Phường Thành Vinh" in said[0]
    assert "99999" in issued.refused("enrol-code", "99999")
