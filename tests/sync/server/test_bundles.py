"""A commune's bundle at the province's desk: taken whole and once, or refused with nothing written."""

import hashlib
import os

import pytest
from sqlalchemy import select

from app.domain.change import START
from app.domain.errors import LedgerError
from app.record import log
from app.record.digest import seal
from app.record.verify import disagreements
from app.security import keys
from sync.client import usb
from sync.protocol import bundle, envelope, messages
from sync.protocol import enrolment as proof
from sync.protocol.errors import BadMessage
from sync.server import bundles, enrolment, exchange, feed, uploads
from sync.server.store import PROVINCE_KID
from sync.server.tables import code as code_table
from sync.server.tables import device
from tests.sync.sticks import OTHER, Desk, record, waiting
from tests.world import UNIT, Clock, task


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path, Clock())
    yield made
    made.close()


@pytest.fixture
def machine(desk):
    opened = []

    def make(name="máy", unit=UNIT):
        opened.append(desk.machine(name, unit))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


class Sender:
    """A machine that writes what it likes, rightly signed."""

    def __init__(self, desk: Desk, *, known: bool = True) -> None:
        self.desk, self.secrets = desk, keys.draw()
        self.number = 4_711
        self.sign = keys.sign(self.secrets.signing_key)
        self.public = keys.public_key(self.secrets.signing_key)
        self.box = keys.box(self.secrets.data_key)
        self.certificate = b""
        if known:
            self.certificate = desk.province.enrol(
                self.number, self.public, box_key=self.box.public_key().public_bytes_raw()
            )
        with desk.store.read() as connection:
            self.to = desk.store.box_key(connection)

    def request(self, *changes, **said) -> bytes:
        asked = messages.Request(nonce=b"nonce--8", cursor=START, changes=changes, earlier=(START,), **said)
        return envelope.seal(messages.pack_request(asked), self.number, self.sign)

    def write(self, path, *parts, introduction=b"", kind="request", kid=None, to=None):
        with path.open("wb") as out:
            writer = bundle.Writer(
                out, kind, UNIT, 1, self.number if kid is None else kid, self.sign, [(0, to or self.to)]
            )
            for which, name, content in parts:
                writer.add(which, name, len(content), iter([content]))
            writer.finish(introduction or self.certificate)
        return path

    def code(self) -> str:
        with self.desk.store.write() as connection:
            return enrolment.new_code(self.desk.store, connection, UNIT)

    def presents(self, code: str) -> bytes:
        return messages.pack_enrol_request(
            proof.enrol_request(
                code,
                device=self.number,
                public_key=self.public,
                box_key=self.box.public_key().public_bytes_raw(),
                program="test",
            )
        )


def everything(desk) -> list:
    with desk.store.read() as connection:
        assert disagreements(connection) == []
        return [
            [str(item) for item in log.read(connection)],
            [tuple(row) for row in connection.execute(select(device))],
            [tuple(row) for row in connection.execute(select(code_table))],
            feed.newest(connection, UNIT),
            sorted(str(path) for path in (desk.folder / "evidence").rglob("*")),
        ]


def named(content: bytes) -> tuple[str, str, bytes]:
    return "file", hashlib.sha256(content).hexdigest(), content


def person(n=1, name="Hà", **fields):
    return seal(
        stream=4_711, n=n, by="1" * 32, at=5, entity="person", id="2" * 32,
        fields={"name": name, **fields}, over=(),
    )  # fmt: skip


def test_it_tells_what_is_new_what_was_known_and_what_is_given_back(desk, tmp_path):
    sender = Sender(desk)
    sent = sender.request(person(), person(2, "x" * 30_000))
    sender.write(tmp_path / "a", ("envelope", "", sent), named(b"\xff\xd8 photo"))
    taken = desk.take(tmp_path / "a", tmp_path / "b")
    assert (taken.unit, taken.unit_name, taken.device, taken.device_name) == (
        UNIT, f"Xã {UNIT}", sender.number, "Văn phòng 1",
    )  # fmt: skip
    assert (taken.known, taken.new, len(taken.refused), taken.files, taken.enrolled) == (0, 1, 1, 1, False)
    assert taken.size == (tmp_path / "b").stat().st_size
    again = desk.take(tmp_path / "a", tmp_path / "b")
    assert (again.known, again.new, len(again.refused), again.files, again.files_known) == (1, 0, 1, 0, 1)


def test_the_answer_is_sealed_to_the_unit_s_machines_and_to_nobody_else(desk, machine, tmp_path):
    one, two, other = machine("một"), machine("hai"), machine("xa", OTHER)
    usb.export(one, tmp_path / "a")
    desk.take(tmp_path / "a", tmp_path / "b")
    with (tmp_path / "b").open("rb") as source, desk.store.read() as connection:
        end = bundle.tail(source, "b")
        header = bundle.verified(source, end, desk.store.public_key(connection))
        assert (end.kid, header.kind, header.unit) == (PROVINCE_KID, "answer", UNIT)
        known = {opened.ledger.identity.device for opened in (one, two)}
        assert {recipient.kid for recipient in header.recipients} == known
        for opened in (one, two):
            key = bundle.content_key(end, header, opened.ledger.identity.device, usb.box(opened))
            found = [(part.which, part.name) for part in bundle.parts(source, end, header, key)]
            assert len(found) == 3 and {name for _, name in found} == {f"{number:x}" for number in known}
        with pytest.raises(bundle.BundleClosed):
            bundle.content_key(end, header, one.ledger.identity.device, usb.box(other))


def test_each_machine_gets_the_feed_from_where_it_was_heard_last(desk, machine, tmp_path):
    one, two = machine("một"), machine("hai")
    from sync.client import engine

    engine.synchronise(two.ledger, desk.wire(), two.sign)
    engine.synchronise(two.ledger, desk.wire(), two.sign)
    for number in range(30):
        desk.province.issue(*task(f"B-{number}", UNIT))
    usb.export(one, tmp_path / "a")
    desk.take(tmp_path / "a", tmp_path / "b")
    assert usb.take(two, tmp_path / "b").new
    sizes = []
    with (tmp_path / "b").open("rb") as source, desk.store.read() as connection:
        own = desk.store.public_key(connection)
        end = bundle.tail(source, "b")
        header = bundle.verified(source, end, own)
        key = bundle.content_key(end, header, one.ledger.identity.device, usb.box(one))
        for part in bundle.parts(source, end, header, key):
            if part.which == "envelope":
                answer = messages.unpack_answer(envelope.open(part.read(), lambda _: own)[1])
                sizes.append((part.name == f"{two.ledger.identity.device:x}", answer.start.seq, answer.nonce))
    starts = {mine: seq for mine, seq, _ in sizes}
    assert starts[False] == 0 and starts[True] > 0
    assert {nonce for mine, _, nonce in sizes if mine} == {bytes(8)}


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [("file", "ab" * 32, b"not this content")],
        [("certificate", "", b"c")],
        [("envelope", "", b"\xd2 no envelope")],
        ["request", "request"],
        ["request", ("file", "ab" * 32, b"not this content")],
        ["request", ("file", "../../evil", b"x")],
        ["another's"],
        ["certificate in its place"],
    ],
    ids=str,
)
def test_what_no_program_of_ours_writes_is_refused_whole(desk, tmp_path, parts):
    sender = Sender(desk)
    special = {
        "request": ("envelope", "", sender.request(person())),
        "another's": ("envelope", "", envelope.seal(b"x", 5, sender.sign)),
        "certificate in its place": ("envelope", "", sender.certificate),
    }
    sender.write(tmp_path / "a", *[special[part] if isinstance(part, str) else part for part in parts])
    before = everything(desk)
    with pytest.raises(LedgerError):
        desk.take(tmp_path / "a", tmp_path / "b")
    assert everything(desk) == before
    assert not (tmp_path / "b").exists()


def test_who_may_send_a_bundle(desk, tmp_path):
    stranger, known = Sender(desk, known=False), Sender(desk)
    sent = ("envelope", "", stranger.request(person()))
    before = everything(desk)
    with pytest.raises(bundle.BundleSigner):  # bears the number of a machine that is known, with another key
        desk.take(stranger.write(tmp_path / "a", sent), tmp_path / "b")
    stranger.number = 4_712
    sent = ("envelope", "", stranger.request(person()))
    for introduction in (b"", b"x", known.certificate, envelope.seal(b"x", 0, stranger.sign)):
        stranger.write(tmp_path / "a", sent, introduction=introduction)
        with pytest.raises(bundles.BundleMachineUnknown):
            desk.take(tmp_path / "a", tmp_path / "b")
    for code in (proof.new_code(os.urandom), "used"):
        if code == "used":
            code = stranger.code()
            other = Sender(desk, known=False)
            other.number = 4_713
            enrolment.enrol(desk.store, other.presents(code))
            before = everything(desk)
        stranger.write(tmp_path / "a", sent, introduction=stranger.presents(code))
        with pytest.raises((enrolment.CodeUnknown, enrolment.CodeUsed)):
            desk.take(tmp_path / "a", tmp_path / "b")
    assert everything(desk) == before
    assert not (tmp_path / "b").exists()


def test_an_enrolment_on_a_stick_counts_once_and_brings_its_certificate_each_time(desk, tmp_path):
    sender = Sender(desk, known=False)
    sender.write(
        tmp_path / "a", ("envelope", "", sender.request(person())),
        introduction=sender.presents(sender.code()),
    )  # fmt: skip
    assert desk.take(tmp_path / "a", tmp_path / "b").enrolled
    assert not desk.take(tmp_path / "a", tmp_path / "b").enrolled
    with (tmp_path / "b").open("rb") as source, desk.store.read() as connection:
        own = desk.store.public_key(connection)
        end = bundle.tail(source, "b")
        key = bundle.content_key(end, bundle.verified(source, end, own), sender.number, sender.box)
        found = list(bundle.parts(source, end, bundle.verified(source, end, own), key))
    assert [part.which for part in found] == ["envelope", "certificate"]
    with desk.store.read() as connection:
        assert len(connection.execute(select(device)).all()) == 1


def test_an_old_code_is_refused(desk, tmp_path):
    sender = Sender(desk, known=False)
    paper = sender.presents(sender.code())
    desk.clock.now += 31 * 86_400
    sender.write(tmp_path / "a", ("envelope", "", sender.request(person())), introduction=paper)
    with pytest.raises(enrolment.CodeExpired):
        desk.take(tmp_path / "a", tmp_path / "b")


def test_a_bundle_for_another_province_cannot_be_opened_here(desk, tmp_path):
    sender = Sender(desk)
    sender.write(
        tmp_path / "a", ("envelope", "", sender.request()), to=sender.box.public_key().public_bytes_raw()
    )
    with pytest.raises(bundle.BundleClosed):
        desk.take(tmp_path / "a", tmp_path / "b")
    for kid, kind in ((PROVINCE_KID, "request"), (None, "answer")):
        sender.write(tmp_path / "a", ("envelope", "", sender.request()), kid=kid, kind=kind)
        with pytest.raises(bundles.BundleWrongWay):
            desk.take(tmp_path / "a", tmp_path / "b")


def test_the_words_stand_though_a_file_cannot_be_kept(desk, tmp_path, monkeypatch):
    from app.record.faults import DiskFull

    def full(*_):
        raise DiskFull(path="x")

    monkeypatch.setattr(uploads, "take_file", full)
    sender = Sender(desk)
    sender.write(tmp_path / "a", ("envelope", "", sender.request(person())), named(b"one"), named(b"two"))
    taken = desk.take(tmp_path / "a", tmp_path / "b")
    assert (taken.new, taken.files, taken.files_left) == (1, 0, ("disk-full", "disk-full"))
    assert (tmp_path / "b").exists()


def test_broken_off_between_taking_and_answering_it_goes_on_the_next_time(desk, tmp_path, monkeypatch):
    sender = Sender(desk, known=False)
    paper = sender.presents(sender.code())
    sender.write(tmp_path / "a", ("envelope", "", sender.request(person())), introduction=paper)
    (tmp_path / "b").write_bytes(b"older")

    def killed(*_):
        raise KeyboardInterrupt

    for place, name in ((exchange, "take"), (bundles, "_take_files"), (bundles, "_write_answer")):
        with monkeypatch.context() as patched:
            patched.setattr(place, name, killed)
            with pytest.raises(KeyboardInterrupt):
                desk.take(tmp_path / "a", tmp_path / "b")
        assert (tmp_path / "b").read_bytes() == b"older"
        assert sorted(path.name for path in tmp_path.iterdir() if path.name.endswith(".new")) == []
    taken = desk.take(tmp_path / "a", tmp_path / "b")
    assert (taken.known, taken.new) == (1, 0)


def test_a_message_that_cannot_be_read_is_refused_before_anybody_is_enrolled(desk, tmp_path):
    sender = Sender(desk, known=False)
    bad = envelope.seal(b"\x80", sender.number, sender.sign)
    sender.write(tmp_path / "a", ("envelope", "", bad), introduction=sender.presents(sender.code()))
    before = everything(desk)
    with pytest.raises(BadMessage):
        desk.take(tmp_path / "a", tmp_path / "b")
    assert everything(desk) == before


def test_a_large_file_needs_little_memory(desk, machine, tmp_path):
    """Only the file at hand is in memory, however many there are."""
    import tracemalloc

    sender = Sender(desk)
    block = os.urandom(1 << 20)
    files = [named(bytes((number,)) + block) for number in range(24)]
    sender.write(tmp_path / "a", ("envelope", "", sender.request(person())), *files)
    tracemalloc.start()
    try:
        assert desk.take(tmp_path / "a", tmp_path / "b").files == 24
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()


def test_nothing_in_the_log_of_another_unit(desk, machine, tmp_path):
    one = machine()
    record(one, "Của xã một")
    usb.export(one, tmp_path / "a")
    desk.take(tmp_path / "a", tmp_path / "b")
    with desk.store.read() as connection:
        theirs = [held.change.fields for _, held in feed.after(connection, OTHER, 0)]
    assert all("result" not in fields for fields in theirs)


def test_a_machine_that_nothing_can_be_sealed_to_does_not_hold_up_the_others(desk, machine, tmp_path):
    for number, point in ((91, bytes(32)), (92, (1).to_bytes(32, "little"))):  # points of small order
        desk.province.enrol(number, bytes(32), box_key=point)
    one = machine()
    usb.export(one, tmp_path / "a")
    desk.take(tmp_path / "a", tmp_path / "b")
    own = waiting(one)
    assert usb.take(one, tmp_path / "b").sent == own > 0


def test_the_answer_may_take_the_place_of_the_bundle(desk, machine, tmp_path):
    one = machine()
    usb.export(one, tmp_path / "a")
    desk.take(tmp_path / "a", tmp_path / "a")
    own = waiting(one)
    assert usb.take(one, tmp_path / "a").sent == own > 0
