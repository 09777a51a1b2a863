"""Opening: never another database, never a plain one, never a new one where an old one is expected."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from app.domain.errors import LedgerError
from app.record import drives, engine, faults
from app.record.engine import open_ledger, open_plain, open_url, quick_check, reading, writing

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with every letter that has meant something to somebody, named from beside it."""
    monkeypatch.chdir(tmp_path)
    folder = Path(unicodedata.normalize("NFD", "Sổ #1 %41?mode=memory&'é") + "/")
    folder.mkdir()
    return folder


def fill(opened: Engine, word: str = "xin chào") -> None:
    with writing(opened) as connection:
        connection.exec_driver_sql("CREATE TABLE t (x TEXT)")
        connection.exec_driver_sql("INSERT INTO t VALUES (?)", (word,))


def words(opened: Engine) -> list[str]:
    with reading(opened) as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT x FROM t")]


def made(path: Path) -> None:
    opened = open_ledger(path, KEY, create=True)
    fill(opened)
    opened.dispose()


def test_what_was_written_is_read_again_and_lies_nowhere_else(place, tmp_path):
    path = place / "ledger.db"
    opened = open_ledger(path, KEY, create=True)
    fill(opened)
    assert {p.name for p in place.iterdir()} == {"ledger.db", "ledger.db-wal", "ledger.db-shm"}
    opened.dispose()
    assert [p.name for p in tmp_path.iterdir()] == [place.name]
    again = open_ledger(path, KEY, create=False)
    assert words(again) == ["xin chào"]
    again.dispose()
    assert [p.name for p in place.iterdir()] == ["ledger.db"]


def test_nothing_in_the_folder_can_be_read_without_the_key(tmp_path):
    opened = open_ledger(tmp_path / "ledger.db", KEY, create=True)
    fill(opened, "Nghĩa Đàn báo cáo")
    engine.write_copy(opened, tmp_path / "copy.db")
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert not content.startswith(b"SQLite format 3"), file
        assert b"CREATE TABLE" not in content and "Nghĩa Đàn".encode() not in content, file
    opened.dispose()


def test_only_the_owner_may_read_the_file(tmp_path):
    opened = open_ledger(tmp_path / "ledger.db", KEY, create=True)
    fill(opened)
    if sys.platform != "win32":
        assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}
    opened.dispose()


def test_every_connection_has_the_settings_of_the_specification(tmp_path):
    opened = open_ledger(tmp_path / "ledger.db", KEY, create=True)
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "temp_store": 2,
        "secure_delete": 1,
        "cache_size": -16000,
        "cell_size_check": 1,
        "trusted_schema": 0,
        "wal_autocheckpoint": 1000,
        "journal_size_limit": 4194304,
    }
    with reading(opened) as one, reading(opened) as two:
        for connection in (one, two):
            got = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in expected}
            assert got == expected
    opened.dispose()


@pytest.mark.parametrize("key", [KEY[:31], KEY + b"\x00", b"", KEY.hex()])
def test_a_malformed_key_is_never_taken_as_a_passphrase(tmp_path, key):
    with pytest.raises(ValueError, match="32 bytes"):
        open_ledger(tmp_path / "ledger.db", key, create=True)
    assert not list(tmp_path.iterdir())


def test_a_missing_ledger_is_not_made(tmp_path):
    with pytest.raises(faults.LedgerMissing):
        open_ledger(tmp_path / "ledger.db", KEY, create=False)
    assert not list(tmp_path.iterdir())


def test_a_new_ledger_is_never_made_over_anything(tmp_path):
    path = tmp_path / "ledger.db"
    path.write_bytes(b"")
    with pytest.raises(faults.LedgerExists):
        open_ledger(path, KEY, create=True)
    path.unlink()
    made(path)
    before = path.read_bytes()
    with pytest.raises(faults.LedgerExists):
        open_ledger(path, OTHER, create=True)
    assert path.read_bytes() == before


def spoil(path: Path, how: str) -> None:
    content = path.read_bytes()
    path.write_bytes(
        {
            "emptied": b"",
            "zeros": bytes(len(content)),
            "a few letters": b"xin chao",
            "plain": b"SQLite format 3\x00" + content[16:],
            "noise": os.urandom(len(content)),
            "first page": content[:100] + b"\xff" + content[101:],
        }[how]
    )


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("emptied", faults.LedgerEmptied),
        ("zeros", faults.LedgerEmptied),
        ("a few letters", faults.LedgerDamaged),
        ("plain", faults.LedgerPlain),
        ("noise", faults.LedgerLocked),
        ("first page", faults.LedgerLocked),
    ],
)
def test_a_spoilt_file_is_told_apart_and_left_as_it_is(tmp_path, how, error, capfd):
    path = tmp_path / "ledger.db"
    made(path)
    spoil(path, how)
    before = path.read_bytes()
    with pytest.raises(faults.LedgerDamaged) as told:
        open_ledger(path, KEY, create=False)
    assert type(told.value) is error
    assert path.read_bytes() == before
    assert capfd.readouterr().err == ""  # SQLCipher would write lines of its own


def test_another_key_is_told_and_changes_nothing(tmp_path):
    path = tmp_path / "ledger.db"
    made(path)
    with pytest.raises(faults.LedgerLocked):
        open_ledger(path, OTHER, create=False)
    opened = open_ledger(path, KEY, create=False)
    assert words(opened) == ["xin chào"]
    opened.dispose()


def test_a_file_emptied_under_a_running_program_does_not_become_a_new_ledger(tmp_path):
    path = tmp_path / "ledger.db"
    opened = open_ledger(path, KEY, create=True)
    fill(opened)
    opened.dispose()  # the next use opens anew
    path.write_bytes(b"")
    with pytest.raises(faults.LedgerEmptied), reading(opened):
        pass
    assert path.read_bytes() == b""


@pytest.mark.parametrize("code", [10, 10 | 19 << 8, 14, 8])
def test_a_disk_without_room_is_told_as_such(tmp_path, monkeypatch, code):
    """SQLite itself speaks of input and output where its first small file finds no room."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    place = str(tmp_path / "ledger.db")
    assert type(faults.driver_error(error, place)) is faults.LedgerNoAccess
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    assert type(faults.driver_error(error, place)) is faults.DiskFull


def test_a_flipped_bit_in_any_page_is_found(tmp_path):
    """Also in the last page of a long text, which SQLite's own checks let pass."""
    path = tmp_path / "ledger.db"
    opened = open_ledger(path, KEY, create=True)
    fill(opened, "x" * 20_000)
    opened.dispose()
    sound = path.read_bytes()
    for at in range(4096 + 100, len(sound), 4096):
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
        with pytest.raises(faults.LedgerDamaged):
            engine.check_copy(path, KEY)
        with pytest.raises(faults.LedgerDamaged):
            opened = open_ledger(path, KEY, create=False)
            with reading(opened) as connection:
                found = quick_check(connection)
            opened.dispose()
            raise faults.LedgerDamaged(path=str(path)) if found else AssertionError(at)


def test_readers_leave_nothing_and_errors_undo_everything(tmp_path):
    opened = open_ledger(tmp_path / "ledger.db", KEY, create=True)
    fill(opened)
    with reading(opened) as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES ('by a reader')")
    with pytest.raises(RuntimeError), writing(opened) as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES ('half')")
        raise RuntimeError
    assert words(opened) == ["xin chào"]
    opened.dispose()


def test_writers_queue_up_although_they_read_first(tmp_path):
    opened = open_ledger(tmp_path / "ledger.db", KEY, create=True)
    with writing(opened) as connection:
        connection.exec_driver_sql("CREATE TABLE n (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO n VALUES (0)")
    errors = []

    def count():
        try:
            for _ in range(20):
                with writing(opened) as connection:
                    n = connection.exec_driver_sql("SELECT n FROM n").scalar_one()
                    connection.exec_driver_sql("UPDATE n SET n = ?", (n + 1,))
        except LedgerError as error:
            errors.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(opened) as connection:
        assert (errors, connection.exec_driver_sql("SELECT n FROM n").scalar_one()) == ([], 80)
    opened.dispose()


def test_a_writer_that_finds_the_lock_taken_says_busy(tmp_path):
    path = tmp_path / "ledger.db"
    one, two = open_ledger(path, KEY, create=True), open_ledger(path, KEY, create=False)
    fill(one)
    with reading(two) as connection:  # so that the wait is short: the pool hands this connection out again
        connection.exec_driver_sql("PRAGMA busy_timeout=10")
    with writing(one), pytest.raises(faults.LedgerBusy), writing(two):
        pass
    one.dispose()
    two.dispose()


def test_a_full_disk_is_told_and_the_ledger_stays(tmp_path):
    opened = open_ledger(tmp_path / "ledger.db", KEY, create=True)
    fill(opened)
    with pytest.raises(faults.DiskFull), writing(opened) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=3")  # the engine's own way to be full
        connection.exec_driver_sql("INSERT INTO t VALUES (?)", ("x" * 100_000,))
    assert words(opened) == ["xin chào"]
    opened.dispose()


def test_a_commit_by_another_program_is_noticed(tmp_path):
    path = tmp_path / "ledger.db"
    one, two = open_ledger(path, KEY, create=True), open_ledger(path, KEY, create=False)
    with one.connect() as watching:
        before = engine.data_version(watching)
        watching.rollback()
        assert engine.data_version(watching) == before
        watching.rollback()
        fill(two)
        assert engine.data_version(watching) != before
    one.dispose()
    two.dispose()


def test_a_killed_writer_leaves_what_it_acknowledged(tmp_path):
    path = tmp_path / "ledger.db"
    made(path)
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import sys; from pathlib import Path; from app.record.engine import open_ledger, writing\n"
                "opened = open_ledger(Path(sys.argv[1]), bytes(range(32)), create=False)\n"
                "with writing(opened) as c: c.exec_driver_sql(\"INSERT INTO t VALUES ('kept')\")\n"
                "with writing(opened) as c:\n"
                "    c.exec_driver_sql(\"INSERT INTO t VALUES ('half')\")\n"
                "    print('inside', flush=True); sys.stdin.read()\n"
            ),
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None and child.stdout.readline().strip() == b"inside"
    child.kill()
    child.communicate()
    opened = open_ledger(path, KEY, create=False)
    assert words(opened) == ["xin chào", "kept"]
    with reading(opened) as connection:
        assert quick_check(connection) == ()
    opened.dispose()


def test_the_province_opens_a_plain_file_the_same_way(place):
    opened = open_plain(place / "province.db", create=True)
    fill(opened)
    opened.dispose()
    with pytest.raises(faults.LedgerExists):
        open_plain(place / "province.db", create=True)
    opened = open_url(f"sqlite:///{place}/province.db")
    assert words(opened) == ["xin chào"]
    opened.dispose()
    opened = open_url(f"sqlite:///{place.absolute()}/province.db", create=True)
    assert words(opened) == ["xin chào"]
    opened.dispose()
    with pytest.raises(faults.LedgerMissing):
        open_url(f"sqlite:///{place}/none.db")
    (place / "text.db").write_bytes(b"x" * 4096)
    with pytest.raises(faults.LedgerDamaged):
        open_plain(place / "text.db", create=False)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:secret@host/db",
        "sqlite://",
        "province.db",
        "",
        "postgresql://user:secret@host:secret/db",
    ],
)
def test_an_address_of_no_known_kind_is_refused_without_its_password(url):
    with pytest.raises(engine.DatabaseUrl) as told:
        open_url(url)
    assert "secret" not in str(told.value)


def test_what_the_log_of_the_library_says_holds_neither_key_nor_text(tmp_path, caplog):
    caplog.set_level("DEBUG", logger="sqlalchemy")
    opened = open_ledger(tmp_path / "ledger.db", KEY, create=True)
    opened.echo = "debug"
    fill(opened, "điều kín")
    opened.dispose()
    assert KEY.hex() not in caplog.text and "điều kín" not in caplog.text


def test_a_network_drive_is_known_by_the_table_of_mounts():
    table = (
        b"24 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
        b"30 24 0:45 / /mnt/a\\040b rw shared:1 master:2 - cifs //office/share rw\n"
    )
    assert (drives.kind_of(table, 0, 45), drives.kind_of(table, 8, 1)) == ("cifs", "ext4")
    assert drives.kind_of(table, 9, 9) == ""


def test_a_ledger_on_a_network_drive_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "is_network", lambda folder: True)  # no such drive exists in a test
    with pytest.raises(faults.NetworkDrive):
        open_ledger(tmp_path / "ledger.db", KEY, create=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 53, 4), True),
        ((3, 51, 3), True),
        ((3, 51, 2), False),
        ((3, 50, 7), True),
        ((3, 50, 6), False),
        ((3, 44, 6), True),
        ((3, 44, 5), False),
        ((3, 45, 9), False),
    ],
)
def test_wal_is_used_only_where_it_is_sound(version, sound):
    assert engine._wal_is_sound(version) is sound
