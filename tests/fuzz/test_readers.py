"""What comes on a stick or in an answer is read strictly: a refusal has a code and words, nothing changes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings, strategies

from app.domain.errors import LedgerError
from app.record import log
from app.sentences import SENTENCES
from app.services.opening import Opened
from app.words import explain
from sync.client import enrolment_file, usb
from sync.client.engine import synchronise
from sync.client.link import NoAnswer, NoConnection, OtherProvince
from sync.protocol import enrolment_file as form
from sync.protocol import envelope
from sync.server import enrolment, exchange
from tests.fuzz.damage import damaged, signed
from tests.sync.served import memory_folder
from tests.sync.sticks import Desk, record, there_and_back
from tests.world import UNIT, Clock

EVERY = 64
MORE = settings(max_examples=120)


class Sticks:
    """A desk, a machine, and one of each kind of file, whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = Desk(folder, Clock())
        self.machine: Opened = self.desk.machine("máy")
        there_and_back(self.desk, self.machine, folder, "trước")
        record(self.machine, "Đã rà soát 12 hộ, còn 3 hộ chưa xong")
        usb.export(self.machine, folder / "gói.snv")
        self.request = (folder / "gói.snv").read_bytes()
        self.desk.take(folder / "gói.snv", folder / "trả lời.snv")
        self.answer = (folder / "trả lời.snv").read_bytes()
        record(self.machine, "Đã xong", "difficulty")
        with self.desk.store.write() as connection:
            self.enrolment = enrolment.enrol_file(self.desk.store, connection, UNIT)

    def standing(self) -> tuple[list[str], list[str]]:
        """All that both ends hold."""
        with self.machine.ledger.read() as here, self.desk.store.read() as there:
            return [str(held) for held in log.read(here)], [str(held) for held in log.read(there)]

    def close(self) -> None:
        self.machine.close()
        self.desk.close()


@pytest.fixture(scope="module")
def sticks() -> Iterator[Sticks]:
    made = Sticks(memory_folder("readers"))
    yield made
    made.close()


def refused(work: Callable[[], object]) -> bool:
    """Whether it is refused; then in words, and for a reason that is no bug."""
    try:
        work()
    except LedgerError as error:
        assert error.code in SENTENCES, error.code
        assert explain(error) not in {"", error.code, SENTENCES["bug"]}
        return True
    return False


def province_reads(sticks: Sticks, data: bytes) -> bool:
    path, answer = sticks.folder / "nghi ngờ.snv", sticks.folder / "đáp.snv"
    path.write_bytes(data)
    answer.unlink(missing_ok=True)
    before = sticks.standing()
    found = refused(lambda: sticks.desk.take(path, answer))
    if found:
        assert sticks.standing() == before
        assert not answer.exists()
    return found


def machine_reads(sticks: Sticks, data: bytes) -> bool:
    path = sticks.folder / "nghi ngờ.snv"
    path.write_bytes(data)
    before = sticks.standing()
    found = refused(lambda: usb.take(sticks.machine, path))
    assert not found or sticks.standing() == before
    return found


def test_a_bundle_cut_off_anywhere_is_refused_and_nothing_is_written(sticks: Sticks) -> None:
    for end in range(0, len(sticks.request), EVERY):
        assert province_reads(sticks, sticks.request[:end]), end
    for end in range(0, len(sticks.answer), EVERY):
        assert machine_reads(sticks, sticks.answer[:end]), end


@pytest.mark.slow
def test_a_bundle_with_any_one_bit_flipped_or_cut_off_at_any_byte_is_refused(sticks: Sticks) -> None:
    for whole, reads in ((sticks.request, province_reads), (sticks.answer, machine_reads)):
        for place in range(len(whole)):
            assert reads(sticks, whole[:place]), place
            flipped = bytearray(whole)
            flipped[place] ^= 1 << place % 8
            assert reads(sticks, bytes(flipped)), place


@given(data=strategies.data())
@MORE
def test_a_bundle_changed_on_the_stick_is_refused(sticks: Sticks, data) -> None:
    made = data.draw(damaged([sticks.request, sticks.answer]))
    assert province_reads(sticks, made) or made == sticks.request
    assert machine_reads(sticks, made) or made == sticks.answer


@given(data=strategies.data())
@MORE
def test_a_file_of_enrolment_changed_on_the_stick_is_refused(sticks: Sticks, data) -> None:
    made = data.draw(strategies.one_of(damaged([sticks.enrolment]), strategies.binary(max_size=200)))
    path = sticks.folder / "ghi danh.snv"
    path.write_bytes(made)
    assert refused(lambda: enrolment_file.read(path, sticks.desk.clock())) or made == sticks.enrolment


@given(data=strategies.data())
@MORE
def test_a_file_of_enrolment_that_any_key_signed(sticks: Sticks, data) -> None:
    """Whoever made it can sign it: the key stands in the file. So the content must hold by itself."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, start = key.public_key().public_bytes_raw(), len(form.MAGIC) + 32
    theirs = sticks.enrolment[len(form.MAGIC) : start]
    _, content = envelope.open(sticks.enrolment[start:], lambda _: theirs)
    carried = b"\0" + data.draw(damaged([content.replace(theirs, public)]))
    path = sticks.folder / "ghi danh.snv"
    path.write_bytes(form.MAGIC + public + signed(carried, 0, key.sign))
    assert refused(lambda: enrolment_file.read(path, sticks.desk.clock()))  # the feed in it has no such key


class Line:
    """A link on which the province's answer is changed. sign: the province signs what was changed."""

    requests = bytes_up = bytes_down = 0

    def __init__(self, sticks: Sticks, data, *, sign: bool) -> None:
        self._sticks, self._data, self._sign = sticks, data, sign

    def post(self, path: str, body: bytes) -> bytes:
        store = self._sticks.desk.store
        answer = exchange.take(store, body)
        if not self._sign:
            return self._data.draw(damaged([answer]))
        with store.read() as connection:
            public = store.public_key(connection)
            _, message = envelope.open(answer, lambda _: public)
            carried = b"\0" + self._data.draw(damaged([message]))
            return signed(carried, 0, lambda given: store.signature(connection, given))


@given(data=strategies.data(), sign=strategies.booleans())
@MORE
def test_an_answer_that_is_none_changes_nothing(sticks: Sticks, data, sign: bool) -> None:
    before = sticks.standing()[0]
    line = Line(sticks, data, sign=sign)
    try:
        synchronise(sticks.machine.ledger, line, sticks.machine.sign)
    except (NoConnection, NoAnswer, OtherProvince) as error:
        assert error.code in SENTENCES
        with sticks.machine.ledger.read() as connection:
            assert [str(held) for held in log.read(connection)] == before
