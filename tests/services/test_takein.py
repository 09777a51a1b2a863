"""A copy of another machine of the unit, or an earlier one of this, taken in beside what is here."""

import dataclasses
import json
import os
import shutil

import pytest
from sqlalchemy import select

from app.domain.change import Held
from app.domain.merge import NOTHING
from app.domain.reporting import Period
from app.record.apply import apply
from app.record.engine import writing as transaction
from app.record.tables import change
from app.record.verify import disagreements
from app.record.writing import make
from app.services import closing, conflicts, drafts, progress, sheets
from app.services.lines import line
from app.services.takein import BackupKeys, BackupOtherProvince, BackupOtherUnit, take_in
from app.services.weeks import present
from app.storage import drafts as kept_drafts
from app.storage import meta, outgoing
from app.storage.backup import slot
from app.storage.beside import BackupDamaged, BackupForeign, BackupLocked, BackupMissing, BackupNewer
from app.storage.tables import told
from tests.services.office import Clock, Office

WEEK = "2025-W27"


@pytest.fixture
def dead(tmp_path):
    """The machine that died, with two tasks."""
    made = Office(tmp_path / "máy cũ", Clock())
    for code in ("A-1", "A-2"):
        made.task(code)
    return made


@pytest.fixture
def new(tmp_path):
    """The machine that goes on; it has the same tasks."""
    made = Office(tmp_path / "máy mới", Clock("2025-07-01 09:00"))
    for code in ("A-1", "A-2"):
        made.task(code)
    return made


def record(office, code, **said):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, opened.ledger.now())
        here = progress.found(line(edit.connection, code, now.week, now), code)
        return progress.record(edit, here, now, **said)


def type_in(office, code, field, text):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, opened.ledger.now())
        drafts.keep(edit, line(edit.connection, code, now.week, now), field, text)


def backup_of(office, folder=None):
    with office.opened() as opened:
        return opened.copy(folder)


def taken(office, path, **how):
    with office.opened() as opened:
        return take_in(opened, path, **how)


def names(office):
    with office.opened() as opened, opened.ledger.read() as connection:
        query = select(change.c.stream, change.c.n, change.c.digest)
        return {tuple(row) for row in connection.execute(query)}


def sound(office):
    with office.opened() as opened, opened.ledger.read() as connection:
        assert disagreements(connection) == []
    assert [path.name for path in office.home.path.glob("beside*.db*")] == []


def keys_of(office):
    return office.home.path / "keys.json"


def snapshot(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_what_the_dead_machine_wrote_comes_along_and_waits(dead, new):
    record(dead, "A-1", percent=40, result="Mở hai lớp")
    record(dead, "A-2", result="Đã họp")
    here = record(new, "A-2", difficulty="Thiếu máy")
    before = names(new)
    path = backup_of(dead)
    asleep = snapshot(path.parent)
    done = taken(new, path, keys=keys_of(dead))
    assert (done.taken, done.device) == (4, "Văn phòng 1")  # the names of its officer and of itself too
    assert done.pending == 4 + 3  # and here: one record and two names
    assert before <= names(new) and names(dead) >= names(new) - before
    assert new.line("A-1").state.percent == 40
    assert new.line("A-2").fields["result"].value == "Đã họp"
    assert new.line("A-2").fields["difficulty"].value == "Thiếu máy"
    with new.opened() as opened, opened.ledger.read() as connection:
        assert here.name in {made.name for made in outgoing.waiting(connection)}
        row = connection.execute(select(told)).one()
        assert (row.code, row.facts) == ("backup-taken-in", {"count": 4, "device": "Văn phòng 1"})
    assert snapshot(path.parent) == asleep
    sound(new)


def test_the_same_file_twice_changes_nothing(dead, new):
    record(dead, "A-1", percent=40)
    type_in(dead, "A-1", "result", "Mở hai lớp")
    path = backup_of(dead)
    (new.home.path / "beside.db").write_bytes(b"what a killed one left")
    first = taken(new, path, keys=keys_of(dead))
    sound(new)
    before = names(new)
    again = taken(new, path, keys=keys_of(dead))
    assert (first.taken, again.taken, again.pending) == (4, 0, first.pending)
    assert names(new) == before
    with new.opened() as opened, opened.ledger.read() as connection:
        assert len(connection.execute(select(told)).all()) == 1


def test_two_values_stand_beside_each_other(dead, new):
    record(dead, "A-1", percent=40)
    record(new, "A-1", percent=60)
    taken(new, backup_of(dead), keys=keys_of(dead))
    with new.opened() as opened, opened.ledger.read() as connection:
        (found,) = conflicts.conflicts(connection, opened.ledger.identity)
    assert {version.value[1] for version in found.versions} == {40, 60}


def test_what_the_province_had_acknowledged_there_waits_here_until_it_says_so_again(dead, new):
    made = record(dead, "A-1", percent=40)
    with dead.opened() as opened, transaction(opened.ledger.engine) as connection:
        apply(connection, [Held(made, dead.clock())])
    taken(new, backup_of(dead), keys=keys_of(dead))
    with new.opened() as opened, opened.ledger.read() as connection:
        assert made.name in {item.name for item in outgoing.waiting(connection)}


def test_what_was_refused_stays_refused_and_what_is_held_here_stays_as_it_is(dead, new):
    bad, shared = record(dead, "A-1", result="Sai"), record(dead, "A-2", result="Chung")
    with dead.opened() as opened, transaction(opened.ledger.engine) as connection:
        apply(connection, [Held(bad, None, "too-large"), Held(shared, None, "too-large")])
    with new.opened() as opened, transaction(opened.ledger.engine) as connection:
        apply(connection, [Held(shared, 1_751_245_200)])
    done = taken(new, backup_of(dead), keys=keys_of(dead))
    assert done.taken == 3  # the refused one, and the names
    with new.opened() as opened, opened.ledger.read() as connection:
        assert bad.name not in {item.name for item in outgoing.waiting(connection)}
        said = {(row.stream, row.n): (row.arrived, row.refused) for row in connection.execute(select(change))}
    assert said[bad.stream, bad.n] == (None, "too-large")
    assert said[shared.stream, shared.n] == (1_751_245_200, None)


def test_what_was_being_typed_becomes_a_change_of_who_typed_it(dead, new):
    type_in(dead, "A-1", "result", "Mở hai lớp\u000bvà")
    person = next(iter(drafts_of(dead))).by
    done = taken(new, backup_of(dead), keys=keys_of(dead))
    assert done.taken == 3
    made = new.line("A-1").fields["result"].heads[0].change
    assert (made.fields["result"], made.by, made.at) == ("Mở hai lớp\nvà", person, dead.clock())
    with new.opened() as opened:
        assert made.stream == opened.ledger.identity.stream


def drafts_of(office):
    with office.opened() as opened, opened.ledger.read() as connection:
        return kept_drafts.left(connection)


def test_a_draft_that_its_machine_finished_later_is_not_written_twice(dead, new):
    type_in(dead, "A-1", "result", "Mở hai")
    path = backup_of(dead)
    with dead.opened() as opened, opened.ledger.edit() as edit:
        record_id = kept_drafts.left(edit.connection)[0].record
        kept_drafts.clear(edit.connection, record_id, "result")
    later = record(dead, "A-1", result="Mở hai lớp, xong")
    with new.opened() as opened, transaction(opened.ledger.engine) as connection:
        apply(connection, [Held(later, dead.clock())])
    taken(new, path, keys=keys_of(dead))
    assert new.line("A-1").fields["result"].conflict is False
    assert new.line("A-1").fields["result"].value == "Mở hai lớp, xong"


def test_an_earlier_copy_of_this_ledger_needs_no_key_and_its_drafts_are_history(dead):
    type_in(dead, "A-1", "result", "Mở")
    path = backup_of(dead)
    with dead.opened() as opened, opened.ledger.edit() as edit:
        drafts.settle_all(edit)
    record(dead, "A-1", result="Mở hai lớp")
    before = names(dead)
    assert taken(dead, path).taken == 0
    assert names(dead) == before


def test_what_was_typed_and_taken_back_here_does_not_come_again_out_of_an_earlier_copy(dead):
    type_in(dead, "A-1", "result", "Mở hai lớp")
    path = backup_of(dead)
    with dead.opened() as opened, opened.ledger.edit() as edit:
        (left,) = kept_drafts.left(edit.connection)
        drafts.drop(edit, left.record, left.field)
    before = names(dead)
    assert taken(dead, path).taken == 0
    assert names(dead) == before


def test_a_later_copy_gives_back_what_a_restored_ledger_lost_and_a_new_number(dead, tmp_path):
    earlier = tmp_path / "earlier"
    shutil.copytree(dead.home.path, earlier)
    lost = record(dead, "A-1", percent=70)
    path = backup_of(dead, tmp_path / "usb")
    shutil.rmtree(dead.home.path)
    shutil.move(earlier, dead.home.path)
    with dead.opened() as opened:
        stream = opened.ledger.identity.stream
    assert lost.stream == stream
    assert taken(dead, path).taken == 1
    assert dead.line("A-1").state.percent == 70
    with dead.opened() as opened:
        assert opened.ledger.identity.stream != stream
    assert record(dead, "A-1", percent=80).stream != stream
    sound(dead)


def test_the_province_s_own_changes_come_along_inside_signed_answers_when_they_are_lost_here(dead, new):
    made = make(
        stream=77, n=900, by="0" * 32, at=dead.clock(), entity="task", key={"programme": "P", "code": "Z-9"},
        values={"title": "Nhiệm vụ mất"}, seen={"title": NOTHING},
    )  # fmt: skip
    unsigned = make(
        stream=77, n=901, by="0" * 32, at=dead.clock(), entity="task", key={"programme": "P", "code": "Z-8"},
        values={"title": "Không ai ký"}, seen={"title": NOTHING},
    )  # fmt: skip
    from app.storage.tables import answer, answer_change, cursor

    with dead.opened() as opened, transaction(opened.ledger.engine) as connection:
        apply(connection, [Held(made, 5), Held(unsigned, 5)])
        kept = connection.execute(answer.insert().values(taken_at=5, envelope=b"signed"))
        connection.execute(
            answer_change.insert().values(
                answer=kept.inserted_primary_key[0], stream=77, n=900, digest=made.digest
            )
        )
    path = backup_of(dead)
    assert taken(new, path, keys=keys_of(dead)).taken == 2  # names: before its first sync nothing is lost
    with new.opened() as opened, opened.ledger.read() as connection:
        assert outgoing.back(connection) == []
    with new.opened() as opened, transaction(opened.ledger.engine) as connection:
        connection.execute(cursor.insert().values(seq=3, chain=bytes(8), taken_at=5))
    taken(new, path, keys=keys_of(dead))
    taken(new, path, keys=keys_of(dead))
    with new.opened() as opened, opened.ledger.read() as connection:
        assert outgoing.back(connection) == [b"signed"]
        codes = {row.n for row in connection.execute(select(change).where(change.c.stream == 77))}
    assert 900 in codes and 901 not in codes
    sound(new)


# ---- files that are not what they seem -----------------------------------------------------------


def untouched(office, path, error, **how):
    before, beside = names(office), snapshot(path.parent) if path.parent.exists() else {}
    with pytest.raises(error) as refused:
        taken(office, path, **how)
    assert names(office) == before
    assert (snapshot(path.parent) if path.parent.exists() else {}) == beside
    sound(office)
    return refused.value


def test_missing_plain_foreign_and_damaged_files_are_named(dead, new, tmp_path):
    path = backup_of(dead, tmp_path / "usb")
    keys = keys_of(dead)
    untouched(new, tmp_path / "nowhere" / "x.db", BackupMissing, keys=keys)
    (tmp_path / "other").mkdir()
    there = tmp_path / "other" / "x.db"
    there.write_bytes(b"SQLite format 3\x00" + bytes(4000))
    untouched(new, there, BackupForeign, keys=keys)
    for content in (b"", bytes(9000), b"hello"):
        there.write_bytes(content)
        untouched(new, there, BackupDamaged, keys=keys)
    there.write_bytes(os.urandom(9000))
    untouched(new, there, BackupLocked, keys=keys)
    whole = path.read_bytes()
    there.write_bytes(whole[:-5000] + bytes([whole[-5000] ^ 1]) + whole[-4999:])
    untouched(new, there, BackupDamaged, keys=keys)
    there.write_bytes(whole[: len(whole) // 2])
    untouched(new, there, BackupDamaged, keys=keys)
    untouched(new, tmp_path / "other", BackupDamaged, keys=keys)


def test_without_the_key_it_is_said_what_is_missing(dead, new, tmp_path):
    path = backup_of(dead, tmp_path / "usb")
    untouched(new, path, BackupLocked)
    untouched(new, path, BackupKeys, keys=tmp_path / "none.json")
    untouched(new, path, BackupKeys, keys=path.with_name(f"{path.name[:20]}.json"))
    untouched(new, path, BackupLocked, keys=keys_of(new))


def test_a_copy_of_another_unit_or_province_or_of_a_newer_program(dead, new, tmp_path):
    def changed(**parts):
        with dead.opened() as opened, transaction(opened.ledger.engine) as connection:
            now = meta.read_identity(connection)
            meta.write_identity(connection, dataclasses.replace(now, **parts))

    def copied():
        return backup_of(dead, tmp_path / f"usb {os.urandom(3).hex()}")

    changed(unit="16738", unit_name="Xã Hữu Kiệm")
    error = untouched(new, copied(), BackupOtherUnit, keys=keys_of(dead))
    assert error.facts["unit"] == "Xã Hữu Kiệm"
    changed(unit="16813", province_key=bytes(31) + b"x")
    untouched(new, copied(), BackupOtherProvince, keys=keys_of(dead))
    changed(province_key=bytes(32))
    with dead.opened() as opened, transaction(opened.ledger.engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        newer = opened.copy(tmp_path / "newer")
    untouched(new, newer, BackupNewer, keys=keys_of(dead))


def test_a_copy_that_an_older_program_made(dead, new, tmp_path):
    record(dead, "A-1", percent=40)
    with dead.opened() as opened:
        with transaction(opened.ledger.engine) as connection:
            later = ("outstanding", "stick", "file", "machine", "frozen", "holiday", "paper")
            for name in (*later, "reporting_rule", "sentence", "symbol"):
                connection.exec_driver_sql(f"DROP TABLE {name}")
            for name in ("pages", "data_at", "signed", "signed_at", "sheet", "sheet_name", "sheet_size"):
                connection.exec_driver_sql(f"ALTER TABLE report DROP COLUMN {name}")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
        older = opened.copy(tmp_path / "usb")
    before = snapshot(older.parent)
    assert taken(new, older, keys=keys_of(dead)).taken == 3
    assert snapshot(older.parent) == before
    assert new.line("A-1").state.percent == 40


def test_the_ledger_of_a_dead_disk_itself_with_what_was_not_written_back(dead, new, tmp_path):
    with dead.opened() as opened:  # open: so the last record lies in its WAL
        with opened.ledger.edit() as edit:
            now = present(edit.connection, opened.ledger.now())
            progress.record(edit, line(edit.connection, "A-1", now.week, now), now, percent=40)
        disk = tmp_path / "ổ cũ"
        disk.mkdir()
        for path in dead.home.path.glob("ledger.db*"):
            shutil.copy(path, disk)
    assert (disk / "ledger.db-wal").stat().st_size > 0
    before = snapshot(disk)
    assert taken(new, disk / "ledger.db", keys=keys_of(dead)).taken == 3
    assert new.line("A-1").state.percent == 40
    assert snapshot(disk) == before


# ---- the key in the province's keeping -----------------------------------------------------------


def test_a_slot_lies_beside_each_copy_once_the_province_told_its_key(dead, new, tmp_path):
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from sync.protocol import escrow

    province = X25519PrivateKey.generate()
    assert slot(backup_of(dead, tmp_path / "usb")) is None
    with dead.opened() as opened, transaction(opened.ledger.engine) as connection:
        now = meta.read_identity(connection)
        told_key = province.public_key().public_bytes_raw()
        meta.write_identity(connection, dataclasses.replace(now, box_key=told_key))
    record(dead, "A-1", percent=40)
    path = backup_of(dead, tmp_path / "usb")
    beside = path.with_name(path.name[: len("so-nhiem-vu-12345678")] + ".escrow")
    written = beside.read_bytes()
    path = backup_of(dead, tmp_path / "usb")
    assert beside.read_bytes() == written  # made once
    data_key = json.loads(keys_of(dead).read_bytes())["data_key"]
    assert data_key.encode() not in written

    asked = []

    def ask(ledger, sealed):
        asked.append(ledger)
        unit, key = escrow.look_in(sealed, ledger, province)
        assert unit == "16813"
        return key

    renamed = path.rename(path.with_name("bản sao tháng 7.db"))
    assert taken(new, renamed, ask=ask).taken == 3
    assert asked == [dead.home.read().ledger_id]
    beside.write_bytes(written[:-30])
    untouched(new, renamed, BackupLocked, ask=ask)


def test_what_a_dead_machine_closed_can_be_drawn_again(dead, new, tmp_path):
    with dead.opened() as opened:
        with opened.ledger.read() as connection:
            now = present(connection, opened.ledger.now())
        closed = closing.finish(opened.ledger, Period.of_week(now.week), "ubnd_tinh", now)
        with opened.ledger.read() as connection:
            drawn = sheets.sheet(connection, closed.record)
        copy = opened.copy(tmp_path / "usb")
    taken(new, copy, keys=keys_of(dead))
    with new.opened() as opened, opened.ledger.read() as connection:
        assert sheets.sheet(connection, closed.record) == drawn
