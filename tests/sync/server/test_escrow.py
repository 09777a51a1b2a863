"""The province opens the slot of a dead machine for a living one of the same unit, and for nobody else."""

from dataclasses import dataclass, replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.domain.errors import LedgerError
from app.storage import meta
from sync.client.escrow import KeyRefused, ask
from sync.client.link import NoAnswer, OtherProvince, Problem
from sync.protocol import envelope, escrow
from sync.server.escrow import reseal
from tests.world import UNIT, Clock, Device, Province, units

KEY = bytes(range(32))
LEDGER = "ab" * 16
OTHER_UNIT = "16738"


@pytest.fixture
def province(tmp_path):
    made = Province(tmp_path / "province.db", Clock())
    made.issue(*units(UNIT, OTHER_UNIT))
    yield made
    made.close()


@pytest.fixture
def device(tmp_path, province):
    """Enrols a device of a unit."""
    made = []

    def enrol(unit=UNIT):
        one = Device(tmp_path / f"{len(made)}.db", province.clock)
        one.enrol(province, unit=unit)
        made.append(one)
        return one

    yield enrol
    for one in made:
        one.close()


@dataclass
class Road:
    """The road to the province in one process. hand: what is handed over in place of its answer."""

    province: Province
    hand: object = None
    heard: bytes = b""

    def post(self, path, body):
        assert path == "/v1/escrow"
        self.heard = body
        try:
            answer = reseal(self.province.store, body)
        except LedgerError as error:
            raise Problem(error.code) from error
        return self.hand(answer) if self.hand else answer


class Opened:
    def __init__(self, device):
        self.ledger, self.sign, self.subkey = device.ledger, device.key.sign, device.subkey


def slot(province, unit=UNIT, ledger=LEDGER):
    with province.store.read() as connection:
        box_key = province.store.box_key(connection)
    return escrow.keep(KEY, unit=unit, ledger=ledger, box_key=box_key)


def test_a_living_machine_of_the_same_unit_gets_the_key(province, device):
    road = Road(province)
    answers = []
    road.hand = lambda answer: answers.append(answer) or answer
    assert ask(road, Opened(device()), LEDGER, slot(province)) == KEY
    assert KEY not in road.heard and KEY not in answers[0]


@pytest.mark.parametrize(
    ("made", "asked", "reason"),
    [
        ({"unit": OTHER_UNIT}, LEDGER, "escrow-other-unit"),
        ({}, "cd" * 16, "escrow-closed"),
        ({"ledger": "cd" * 16}, LEDGER, "escrow-closed"),
    ],
)
def test_of_another_unit_or_ledger_nothing_is_given(province, device, made, asked, reason):
    with pytest.raises(KeyRefused) as refused:
        ask(Road(province), Opened(device()), asked, slot(province, **made))
    assert refused.value.facts == {"reason_code": reason}


def test_a_machine_of_another_unit_gets_nothing(province, device):
    with pytest.raises(KeyRefused):
        ask(Road(province), Opened(device(OTHER_UNIT)), LEDGER, slot(province))


def test_what_is_no_slot_is_known_before_anything_is_sent(province, device):
    road = Road(province)
    for ledger, kept in ((LEDGER, b"short"), ("../" * 10, slot(province)), (LEDGER, bytes(5000))):
        with pytest.raises(KeyRefused) as refused:
            ask(road, Opened(device()), ledger, kept)
        assert refused.value.facts == {"reason_code": "escrow-closed"}
    assert road.heard == b""


def test_a_machine_that_the_province_does_not_know_yet_is_told_to_exchange_first(province, device):
    one = device()
    other = one.ledger.identity
    with one.ledger.edit() as edit:
        meta.write_identity(edit.connection, replace(other, device=other.device ^ 1))
    with one.ledger.edit():
        pass
    with pytest.raises(KeyRefused) as refused:
        ask(Road(province), Opened(one), LEDGER, slot(province))
    assert refused.value.facts == {"reason_code": "escrow-sync-first"}


def test_a_stranger_and_a_forged_request_get_nothing(province, device, tmp_path):
    known = device()
    request = escrow.pack_request(escrow.Request(ledger=LEDGER, slot=slot(province)))
    stranger = Ed25519PrivateKey.generate()
    with pytest.raises(LedgerError) as refused:
        reseal(province.store, envelope.seal(request, 5, stranger.sign))
    assert refused.value.code == "unknown-device"
    with pytest.raises(LedgerError) as refused:
        reseal(province.store, envelope.seal(request, known.ledger.identity.device, stranger.sign))
    assert refused.value.code == "bad-envelope"
    with pytest.raises(LedgerError) as refused:
        reseal(province.store, envelope.seal(b"\x80", known.ledger.identity.device, known.key.sign))
    assert refused.value.code == "bad-message"


def test_the_key_is_sealed_to_whoever_asked_and_opens_nowhere_else(province, device):
    first, second = device(), device()
    kept = []
    road = Road(province, hand=lambda answer: kept.append(answer) or answer)
    ask(road, Opened(first), LEDGER, slot(province))
    road.hand = lambda _: kept[0]  # somebody hands it to another machine
    with pytest.raises(NoAnswer):
        ask(road, Opened(second), LEDGER, slot(province))


def test_only_the_pinned_province_is_believed(province, device, tmp_path):
    one = device()
    with pytest.raises(NoAnswer):
        ask(Road(province, hand=lambda _: b"<html>login</html>"), Opened(one), LEDGER, slot(province))
    other = Ed25519PrivateKey.generate()
    box = X25519PrivateKey.from_private_bytes(one.subkey("box")).public_key().public_bytes_raw()
    answer = escrow.Answer(ledger=LEDGER, sealed=escrow.give(bytes(32), ledger=LEDGER, box_key=box))
    forged = envelope.seal(escrow.pack_answer(answer), 0, other.sign)
    with pytest.raises(OtherProvince):
        ask(Road(province, hand=lambda _: forged), Opened(one), LEDGER, slot(province))
