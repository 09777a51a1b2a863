"""By stick, there and back: everything arrives once, and a stick that does not fit changes nothing."""

import errno
import os
import shutil
from dataclasses import astuple

import pytest
from sqlalchemy import select

from app.domain.errors import LedgerError
from app.record import log, outside
from app.record.faults import DiskFull
from app.record.tables import feed
from app.record.verify import disagreements
from app.services.opening import open_home
from app.storage import evidence, meta
from app.storage.home import Home
from app.storage.receiving import ChainBroken
from app.storage.tables import cursor, exchange, stick, told
from sync.client import engine, usb
from sync.client.link import StoppedByUser
from sync.protocol import bundle
from tests.sync.sticks import OTHER, Desk, photo, record, reopened, there_and_back, waiting
from tests.world import UNIT, Clock, Province, task


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(tmp_path, clock):
    made = Desk(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def machine(desk):
    opened = []

    def make(name="văn phòng #1 %41", unit=UNIT):
        opened.append(desk.machine(name, unit))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def usb_stick(tmp_path):
    folder = tmp_path / "USB #1 %41 ? ha\u0323"  # NFD
    folder.mkdir()
    return folder


def everything(opened) -> list:
    with opened.ledger.read() as connection:
        assert disagreements(connection) == []
        return [
            [str(item) for item in log.read(connection)],
            *[
                [tuple(r) for r in connection.execute(select(t))]
                for t in (feed, cursor, stick, told, exchange)
            ],
            astuple(meta.read_identity(connection)),
            meta.read(connection, "last_sync"),
        ]


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def texts(opened) -> set:
    with opened.ledger.read() as connection:
        return {
            value for item in log.read(connection) if item.change.entity == "progress"
            for name, value in item.change.fields.items() if name in {"result", "difficulty"}
        }  # fmt: skip


def test_a_week_goes_there_and_back(desk, machine, usb_stick):
    one = machine()
    own = waiting(one)
    first = there_and_back(desk, one, usb_stick)
    assert (first.sent, first.new) == (own, True) and first.received >= 3  # the officer goes, the task comes
    record(one, "Đã mở lớp")
    record(one, "Mưa", "difficulty")
    done = usb.export(one, usb_stick / "gói.snv")
    assert (done.changes, done.files, done.left) == (2, 0, 0)
    assert done.size == (usb_stick / "gói.snv").stat().st_size < 4_000
    taken = desk.take(usb_stick / "gói.snv", usb_stick / "gói.trả lời")
    assert (taken.unit, taken.known, taken.new, taken.refused) == (UNIT, 0, 2, ())
    assert waiting(one) == 2, "written to a stick is not arrived"
    back = usb.take(one, usb_stick / "gói.trả lời")
    assert (back.sent, back.refused, back.new) == (2, 0, True)
    assert waiting(one) == 0
    with one.ledger.read() as connection:
        noted = connection.execute(select(exchange).order_by(exchange.c.id.desc())).first()
    assert (noted.road, noted.sent, noted.failure) == ("usb", 2, None)
    assert names(usb_stick) == ["gói.snv", "gói.trả lời"]


def test_the_same_and_an_older_answer_change_nothing(desk, machine, usb_stick):
    one = machine()
    there_and_back(desk, one, usb_stick, "1")
    record(one, "Đã mở lớp")
    there_and_back(desk, one, usb_stick, "2")
    before = everything(one)
    for name in ("2", "1", "2"):
        again = usb.take(one, usb_stick / f"{name}.trả lời")
        assert (again.sent, again.received, again.refused, again.new, again.told) == (0, 0, 0, False, ())
    assert everything(one) == before


def test_the_same_bundle_twice_at_the_province_counts_once_and_answers_afresh(desk, machine, usb_stick):
    one = machine()
    record(one, "Đã mở lớp")
    usb.export(one, usb_stick / "a")
    own = waiting(one)
    assert desk.take(usb_stick / "a", usb_stick / "b").new == own
    desk.province.issue(*task("A-2", UNIT))
    again = desk.take(usb_stick / "a", usb_stick / "b")
    assert (again.known, again.new) == (own, 0)
    assert usb.take(one, usb_stick / "b").sent == own
    with one.ledger.read() as connection:
        assert any(item.change.fields.get("code") == "A-2" for item in log.read(connection))


def test_half_of_it_had_gone_by_network(desk, machine, usb_stick):
    one = machine()
    record(one, "Đã mở lớp")
    engine.synchronise(one.ledger, desk.wire(), one.sign)
    record(one, "Mưa", "difficulty")
    usb.export(one, usb_stick / "a")
    engine.synchronise(one.ledger, desk.wire(), one.sign)
    record(one, "Nắng", "proposal")
    taken = desk.take(usb_stick / "a", usb_stick / "b")
    assert (taken.known, taken.new) == (1, 0)
    back = usb.take(one, usb_stick / "b")
    assert (back.sent, back.received, back.new) == (0, 0, False)
    assert waiting(one) == 1


def test_the_answer_is_for_every_machine_of_the_unit(desk, machine, usb_stick):
    one, two = machine("một"), machine("hai")
    record(one, "Máy một")
    usb.export(one, usb_stick / "a")
    desk.take(usb_stick / "a", usb_stick / "b")
    got = usb.take(two, usb_stick / "b")
    assert got.new and got.sent == 0 and texts(two) == {"Máy một"}
    assert not usb.take(two, usb_stick / "b").new
    record(two, "Máy hai", "difficulty")
    usb.export(two, usb_stick / "a2")
    desk.take(usb_stick / "a2", usb_stick / "b2")
    usb.take(one, usb_stick / "b2")  # before its own answer has been read
    assert waiting(one) == 0 and texts(one) == {"Máy một", "Máy hai"}
    assert usb.take(one, usb_stick / "b").sent == 0
    usb.take(two, usb_stick / "b2")
    assert waiting(two) == 0


def test_an_older_stick_after_a_newer_sync(desk, machine, usb_stick):
    one, two = machine("một"), machine("hai")
    usb.export(one, usb_stick / "a")
    desk.take(usb_stick / "a", usb_stick / "b")
    record(two, "Máy hai")
    engine.synchronise(two.ledger, desk.wire(), two.sign)
    engine.synchronise(one.ledger, desk.wire(), one.sign)
    before = texts(one)
    assert not usb.take(one, usb_stick / "b").new
    assert texts(one) == before == {"Máy hai"}


def test_a_stick_written_before_the_ledger_was_restored(desk, machine, usb_stick, clock, tmp_path):
    """The restored ledger does not know that it asked; it takes what it can and asks again for the rest."""
    one = machine()
    there_and_back(desk, one, usb_stick, "0")
    kept = one.copy()
    record(one, "Sau bản sao lưu")
    usb.export(one, usb_stick / "a")
    ledger = one.home.ledger
    one.close()
    for left in ledger.parent.glob(ledger.name + "-*"):
        left.unlink()
    shutil.copy(kept, ledger)
    one = open_home(one.home, clock)
    try:
        assert texts(one) == set()
        desk.take(usb_stick / "a", usb_stick / "b")
        back = usb.take(one, usb_stick / "b")
        assert texts(one) == {"Sau bản sao lưu"}
        assert "ledger-copied" in back.told
        record(one, "Viết tiếp", "difficulty")
        own = waiting(one)
        assert there_and_back(desk, one, usb_stick, "2").sent == own > 0
        assert waiting(one) == 0
    finally:
        one.close()


def test_an_answer_beyond_a_restored_ledger_is_laid_aside_and_the_next_one_brings_all(
    desk, machine, usb_stick, clock
):
    one = machine()
    there_and_back(desk, one, usb_stick, "0")
    kept = one.copy()
    record(one, "Tuần một")
    there_and_back(desk, one, usb_stick, "1")
    record(one, "Tuần hai", "difficulty")
    usb.export(one, usb_stick / "a")
    ledger = one.home.ledger
    one.close()
    for left in ledger.parent.glob(ledger.name + "-*"):
        left.unlink()
    shutil.copy(kept, ledger)
    one = open_home(one.home, clock)
    try:
        clock.now += 60
        desk.take(usb_stick / "a", usb_stick / "b")
        before = everything(one)
        with pytest.raises(ChainBroken) as caught:
            usb.take(one, usb_stick / "b")
        assert caught.value.code == "chain-ahead"
        assert everything(one) == before
        there_and_back(desk, one, usb_stick, "3")
        assert texts(one) == {"Tuần một", "Tuần hai"}
    finally:
        one.close()


def test_a_stick_by_a_copy_of_the_ledger(desk, machine, usb_stick, clock, tmp_path):
    one = machine()
    there_and_back(desk, one, usb_stick, "0")
    one = reopened(one, clock)
    shutil.copytree(one.home.path, tmp_path / "chép")
    copy = open_home(Home(tmp_path / "chép"), clock)
    try:
        record(one, "Máy cũ")
        record(copy, "Máy chép")
        usb.export(copy, usb_stick / "c")
        desk.take(usb_stick / "c", usb_stick / "d")
        assert "ledger-copied" in usb.take(one, usb_stick / "d").told
        own = waiting(copy)
        assert usb.take(copy, usb_stick / "d").sent == own > 0
        there_and_back(desk, one, usb_stick, "1")
        there_and_back(desk, copy, usb_stick, "2")
        assert texts(one) == texts(copy) == {"Máy cũ", "Máy chép"}
        assert waiting(one) == waiting(copy) == 0
    finally:
        copy.close()
        one.close()


def restored(desk, clock) -> None:
    """The province goes back to the copy made before."""
    desk.province.close()
    shutil.copy(desk.folder / "before.db", desk.folder / "province.db")
    for left in desk.folder.glob("province.db-*"):
        left.unlink()
    desk.province = Province(desk.folder / "province.db", clock, new=False)


def copied(desk, clock) -> None:
    desk.province.close()
    shutil.copy(desk.folder / "province.db", desk.folder / "before.db")
    desk.province = Province(desk.folder / "province.db", clock, new=False)


def test_a_restored_province_gets_everything_again_by_stick(desk, machine, usb_stick, clock):
    one, two = machine("một"), machine("hai")
    there_and_back(desk, one, usb_stick, "0")
    copied(desk, clock)
    desk.province.issue(*task("A-2", UNIT))
    record(one, "Đã mở lớp")
    there_and_back(desk, one, usb_stick, "1")
    restored(desk, clock)
    clock.now += 3_600
    record(two, "Máy hai", "difficulty")
    there_and_back(desk, two, usb_stick, "2")
    usb.export(one, usb_stick / "a")
    desk.take(usb_stick / "a", usb_stick / "b")
    before = everything(one)
    with pytest.raises(ChainBroken) as caught:  # made for another machine: nobody goes back for that
        usb.take(one, usb_stick / "2.trả lời")
    assert caught.value.code == "chain-elsewhere"
    assert everything(one) == before
    assert usb.take(one, usb_stick / "b").told == ("province-went-back",)
    assert waiting(one) == 1
    last = there_and_back(desk, one, usb_stick, "3")
    assert waiting(one) == 0 and last.sent == 1
    with desk.store.read() as connection:
        codes = {item.change.fields.get("code") for item in log.read(connection)}
    assert "A-2" in codes, "what the province had issued came home inside the answer that it had signed"
    assert not usb.take(one, usb_stick / "1.trả lời").new, "from before the province went back"


def test_a_province_that_forgot_the_machine_learns_it_from_the_stick(desk, machine, usb_stick, clock):
    copied(desk, clock)
    one = machine()
    record(one, "Đã mở lớp")
    restored(desk, clock)
    usb.export(one, usb_stick / "a")
    taken = desk.take(usb_stick / "a", usb_stick / "b")
    assert taken.enrolled and taken.device_name == "Văn phòng 1"
    own = waiting(one)
    assert usb.take(one, usb_stick / "b").sent == own > 0


# ---- evidence --------------------------------------------------------------------------------------


def test_files_go_along_and_are_held_once_the_answer_says_so(desk, machine, usb_stick):
    one = machine()
    contents = [os.urandom(3_000_000), b"%PDF-1.7 " + os.urandom(9_000), os.urandom(70_000)]
    names = [photo(one, contents[0]), photo(one, contents[1], "sheet"), photo(one, contents[2])]
    told_of = []
    done = usb.export(one, usb_stick / "a", tell=told_of.append)
    assert (done.files, done.file_bytes, done.left) == (3, sum(map(len, contents)), 0)
    assert [p.up for p in told_of if p.phase == "evidence"][-1] == done.file_bytes
    taken = desk.take(usb_stick / "a", usb_stick / "b")
    assert (taken.files, taken.files_known, taken.files_left) == (3, 0, ())
    for name, content in zip(names, contents, strict=True):
        assert next((desk.folder / "evidence").rglob(name)).read_bytes() == content
    with one.ledger.read() as connection:
        assert len(evidence.to_send(connection)) == 3
    assert usb.take(one, usb_stick / "b").held == 3
    with one.ledger.read() as connection:
        assert evidence.to_send(connection) == []
    assert usb.export(one, usb_stick / "a").files == 0, "no file goes twice"
    assert (usb_stick / "b").stat().st_size < 10_000


def test_signed_sheets_stand_before_photos_and_photos_stay_where_there_is_no_room(
    desk, machine, usb_stick, monkeypatch
):
    one = machine()
    photo(one, os.urandom(50_000))
    photo(one, os.urandom(40_000), "sheet")
    photo(one, os.urandom(50_000))
    monkeypatch.setattr(outside, "free_bytes", lambda _: 80_000)
    done = usb.export(one, usb_stick / "a")
    assert (done.files, done.file_bytes, done.left) == (1, 40_000, 2)
    assert usb.export(one, usb_stick / "a", evidence=False).left == 3
    before = (usb_stick / "a").read_bytes()
    monkeypatch.setattr(outside, "free_bytes", lambda _: 1_000)
    with pytest.raises(usb.StickFull):
        usb.export(one, usb_stick / "a")
    assert (usb_stick / "a").read_bytes() == before


def test_a_file_that_cannot_be_read_stays_and_the_rest_goes(desk, machine, usb_stick):
    one = machine()
    photo(one, os.urandom(50_000))
    broken = photo(one, os.urandom(2_000_000))
    vault = evidence.Vault(one.home.path / "evidence", one.subkey("evidence"), one.subkey("names"))
    whole = bytearray(vault.path(broken).read_bytes())
    whole[-5] ^= 1
    vault.path(broken).write_bytes(whole)
    done = usb.export(one, usb_stick / "a")
    assert (done.files, done.left) == (1, 1)
    assert desk.take(usb_stick / "a", usb_stick / "b").files == 1


def test_it_can_be_stopped_and_leaves_nothing(machine, usb_stick):
    one = machine()
    photo(one, os.urandom(3_000_000))
    asked = iter([False, False, True])
    with pytest.raises(StoppedByUser):
        usb.export(one, usb_stick / "a", stopped=lambda: next(asked))
    assert names(usb_stick) == []


# ---- what does not fit -----------------------------------------------------------------------------


def test_each_wrong_stick_has_words_of_its_own_and_changes_nothing(desk, machine, usb_stick, tmp_path, clock):
    one, stranger = machine("một"), machine("xa", OTHER)
    usb.export(one, usb_stick / "đi")
    desk.take(usb_stick / "đi", usb_stick / "về")
    usb.export(stranger, usb_stick / "xã khác")
    desk.take(usb_stick / "xã khác", usb_stick / "của xã khác")
    late = machine("muộn")
    (tmp_path / "tỉnh khác").mkdir()
    elsewhere = Desk(tmp_path / "tỉnh khác", clock)
    theirs = elsewhere.machine("máy")
    usb.export(theirs, usb_stick / "đi tỉnh khác")
    elsewhere.take(usb_stick / "đi tỉnh khác", usb_stick / "tỉnh khác")
    theirs.close()
    elsewhere.close()
    whole = (usb_stick / "về").read_bytes()
    (usb_stick / "hỏng").write_bytes(whole[:300] + bytes((whole[300] ^ 1,)) + whole[301:])
    (usb_stick / "cụt").write_bytes(whole[:-1])
    (usb_stick / "ảnh").write_bytes(b"\xff\xd8\xff" * 100)
    (usb_stick / "trống").write_bytes(b"")
    (usb_stick / "thư mục").mkdir()
    expected = {
        "đi": "bundle-wrong-way", "của xã khác": "bundle-other-unit", "tỉnh khác": "bundle-signer",
        "hỏng": "bundle-damaged", "cụt": "bundle-damaged", "ảnh": "bundle-foreign", "trống": "bundle-foreign",
        "thư mục": "file-unreadable", "không có": "file-unreadable",
    }  # fmt: skip
    before = everything(one)
    for name, code in expected.items():
        with pytest.raises(LedgerError) as caught:
            usb.take(one, usb_stick / name)
        assert caught.value.code == code, name
    assert everything(one) == before
    with pytest.raises(usb.BundleNotForMachine) as caught:
        usb.take(late, usb_stick / "về")
    assert caught.value.code == "bundle-not-for-machine"
    assert usb.take(one, usb_stick / "về").new


def test_an_answer_cut_at_every_64th_byte_changes_nothing(desk, machine, usb_stick):
    one = machine()
    record(one, "Đã mở lớp")
    usb.export(one, usb_stick / "a")
    desk.take(usb_stick / "a", usb_stick / "b")
    whole, before = (usb_stick / "b").read_bytes(), everything(one)
    for place in range(0, len(whole), 64):
        (usb_stick / "b").write_bytes(whole[:place])
        with pytest.raises((bundle.BundleDamaged, bundle.BundleForeign)):
            usb.take(one, usb_stick / "b")
    assert everything(one) == before
    (usb_stick / "b").write_bytes(whole)
    own = waiting(one)
    assert usb.take(one, usb_stick / "b").sent == own > 0


def test_nothing_of_another_is_written_over(machine, usb_stick):
    one, two = machine("một"), machine("hai")
    for name, content in (("công văn.docx", b"PK\3\4"), ("của máy kia", None)):
        if content is None:
            usb.export(two, usb_stick / name)
        else:
            (usb_stick / name).write_bytes(content)
        before = (usb_stick / name).read_bytes()
        with pytest.raises(outside.FileUnwritable):
            usb.export(one, usb_stick / name)
        assert (usb_stick / name).read_bytes() == before
    (usb_stick / "trống").touch()
    usb.export(one, usb_stick / "trống")
    usb.export(one, usb_stick / "trống")  # an older one of its own
    with pytest.raises(outside.FileUnwritable):
        usb.export(one, usb_stick)
    with pytest.raises(outside.FileUnwritable):
        usb.export(one, usb_stick / "không có" / "a")
    assert len(names(usb_stick)) == 3


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_stick_that_cannot_be_written(machine, usb_stick, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, "no")

    one = machine()
    with monkeypatch.context() as patched:
        patched.setattr(outside.os, "fsync" if number == errno.ENOSPC else "open", refuse)
        with pytest.raises((outside.FileUnwritable, DiskFull)) as caught:
            usb.export(one, usb_stick / "a")
    assert caught.value.code == ("disk-full" if number == errno.ENOSPC else "file-unwritable")
    assert names(usb_stick) == []


def test_a_rotten_stick_is_noticed_when_it_is_read_back(machine, usb_stick, monkeypatch):
    one = machine()
    monkeypatch.setattr(outside, "_read_back", lambda path: bytes(32))
    with pytest.raises(outside.StickUnsound):
        usb.export(one, usb_stick / "a")
    assert names(usb_stick) == []
    with one.ledger.read() as connection:
        assert connection.execute(select(stick)).all() == []


def test_the_bundle_tells_nobody_what_is_inside(desk, machine, usb_stick):
    one = machine()
    record(one, "Chuyện riêng của xã")
    usb.export(one, usb_stick / "a")
    assert "Chuyện riêng".encode() not in (usb_stick / "a").read_bytes()
    other = machine("xa", OTHER)
    with (usb_stick / "a").open("rb") as source:
        end = bundle.tail(source, "a")
        header = bundle.verified(source, end, _public(desk, one))
        for recipient in (bundle.PROVINCE_KID, other.ledger.identity.device):
            with pytest.raises(bundle.BundleClosed):
                bundle.content_key(end, header, recipient, usb.box(other))


def _public(desk, opened) -> bytes:
    from sync.server.tables import device

    with desk.store.read() as connection:
        query = select(device.c.public_key).where(device.c.id == opened.ledger.identity.device)
        return bytes(connection.execute(query).scalar_one())
