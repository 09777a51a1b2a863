"""Copies of the ledger: whole or not there, kept by the order of making, opened with the ledger's key."""

import os
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from app.record import copies, faults
from app.record.engine import open_ledger, reading, writing
from app.storage import backup
from app.storage.home import Home, Plate

KEY = bytes(range(32))
PLATE = Plate("0123456789abcdef" * 2, "file")
NOW = 1751245200  # 30/06/2025 08:00 in Hanoi
YEAR = 365 * 24 * 3600


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / unicodedata.normalize("NFD", "Sổ #1 %41?'é"))
    home.begin(PLATE)
    opened = open_ledger(home.unfinished, KEY, create=True)
    with writing(opened) as connection:
        connection.exec_driver_sql("CREATE TABLE t (x TEXT)")
    opened.dispose()
    home.finish()
    return home


@pytest.fixture
def opened(home):
    opened = open_ledger(home.ledger, KEY, create=False)
    yield opened
    opened.dispose()


def add(opened, word: str) -> None:
    with writing(opened) as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (?)", (word,))


def words(path: Path) -> list[str]:
    opened = open_ledger(path, KEY, create=False)
    with reading(opened) as connection:
        found = [row[0] for row in connection.exec_driver_sql("SELECT x FROM t ORDER BY rowid")]
    opened.dispose()
    return found


def test_a_copy_holds_what_the_open_ledger_holds_and_opens_with_its_key(home, opened):
    add(opened, "tuần 27")
    with reading(opened) as connection:  # a reader at work is in nobody's way
        connection.exec_driver_sql("SELECT * FROM t").all()
        path = backup.copy(opened, KEY, home, NOW)
    assert path.name == "so-nhiem-vu-01234567-0001-2025-06-30-0800.db"
    assert sorted(file.name for file in home.backups.iterdir()) == [path.name, "so-nhiem-vu-01234567.json"]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0
    assert not path.read_bytes().startswith(b"SQLite format 3")
    assert words(path) == ["tuần 27"]


def test_a_copy_put_in_the_place_of_a_lost_ledger_is_the_ledger_again(home, opened):
    add(opened, "tuần 27")
    path = backup.copy(opened, KEY, home, NOW)
    opened.dispose()
    for file in home.path.iterdir():
        if file.is_file():
            file.unlink()
    path.rename(home.ledger)
    assert home.read() == PLATE and words(home.ledger) == ["tuần 27"]


def test_seven_are_kept_and_a_year_in_the_future_pushes_out_none_made_after_it(home, opened):
    for number in range(5):
        backup.copy(opened, KEY, home, NOW + 10 * YEAR + number * 60)
    for number in range(8):
        add(opened, str(number))
        backup.copy(opened, KEY, home, NOW + number * 60)
    made = backup.made(home)
    assert [copy.number for copy in made] == [13, 12, 11, 10, 9, 8, 7]
    assert words(made[0].path)[-1] == "7"
    assert "2025-06-30" in made[0].path.name


def test_copies_before_an_update_and_of_other_ledgers_are_counted_apart(home, opened, tmp_path):
    shared = tmp_path / "stick"
    backup.before_migration(opened, KEY, home, NOW)
    foreign = copies.make_copy(opened, KEY, shared, "so-nhiem-vu-ffffffff", NOW, keep=1)
    for _ in range(9):
        backup.copy(opened, KEY, home, NOW)
    backup.copy(opened, KEY, home, NOW, folder=shared)
    assert [copy.number for copy in backup.made(home)] == [9, 8, 7, 6, 5, 4, 3]
    assert len(list(home.backups.glob("*-before-update-0001-*.db"))) == 1
    assert foreign.exists() and [copy.number for copy in backup.made(home, folder=shared)] == [1]


def test_a_copy_that_is_not_whole_gets_no_name_and_drops_none(home, opened):
    for _ in range(7):
        backup.copy(opened, KEY, home, NOW)
    before = sorted(home.backups.iterdir())
    with pytest.raises(faults.LedgerDamaged):
        backup.copy(opened, bytes(32), home, NOW)  # the key it is read through with does not fit
    assert sorted(home.backups.iterdir()) == before


def test_a_folder_that_is_not_there_is_told(home, opened, tmp_path):
    with pytest.raises(faults.LedgerNoAccess):
        backup.copy(opened, KEY, home, NOW, folder=tmp_path / "no" / "stick")


CHILD = """
import os, sys
from pathlib import Path
from app.record import copies, engine
from app.record.engine import open_ledger
from app.storage import backup
from app.storage.home import Home
home, stop = Home(Path(sys.argv[1])), sys.argv[2]

def stopping(name, real):
    def step(*args, **named):
        result = real(*args, **named)
        if name == stop:
            print("inside", flush=True)
            sys.stdin.read()
        return result
    return step

for name in ("write_copy", "flush_file", "check_copy", "move_whole"):
    setattr(copies, name, stopping(name, getattr(copies, name)))
backup.write_whole = stopping("write_whole", backup.write_whole)
backup.copy(open_ledger(home.ledger, bytes(range(32)), create=False), bytes(range(32)), home, 1751245200)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("step", ["write_copy", "flush_file", "check_copy", "move_whole", "write_whole"])
def test_killed_at_each_step_every_named_copy_opens_and_the_next_one_is_made(home, opened, step):
    add(opened, "tuần 27")
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home.path), step],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert child.stdout is not None and child.stdout.readline().strip() == b"inside"
    child.kill()
    child.communicate()
    for copy in backup.made(home):
        assert words(copy.path) == ["tuần 27"]
    path = backup.copy(opened, KEY, home, NOW)
    assert words(path) == ["tuần 27"] and words(home.ledger) == ["tuần 27"]
    assert not [file for file in home.backups.iterdir() if file.suffix not in {".db", ".json"}]
    for file in [*home.path.iterdir(), *home.backups.iterdir()]:
        assert file.is_dir() or not file.read_bytes().startswith(b"SQLite format 3")
