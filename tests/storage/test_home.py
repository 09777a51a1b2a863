"""The home: which ledger it holds is known after any cut, and a new one is never begun over an old one."""

import os
import sys
from itertools import chain, repeat
from pathlib import Path

import pytest

from app.record import faults, files
from app.record.engine import open_ledger, writing
from app.storage.home import Home, HomeDamaged, HomeNewer, NotEnrolled, Plate

PLATE = Plate("0123456789abcdef" * 2, "file")
KEY = bytes(range(32))


def enrolled(path: Path) -> Home:
    home = Home(path)
    home.begin(PLATE)
    opened = open_ledger(home.unfinished, KEY, create=True)
    with writing(opened) as connection:
        connection.exec_driver_sql("CREATE TABLE t (x TEXT)")
    opened.dispose()
    home.finish()
    return home


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_the_home_is_named_by_option_then_environment_then_platform(tmp_path):
    assert Home.locate(tmp_path / "a", {"SNV_HOME": "/b"}).path == tmp_path / "a"
    assert Home.locate(None, {"SNV_HOME": str(tmp_path / "b")}).path == tmp_path / "b"
    assert Home.locate(None, {}).path.name == "so-nhiem-vu"


def test_a_relative_home_with_a_slash_behind_stays_where_it_was_meant(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    home = Home.locate("Sổ #1 %41?'/", {})
    monkeypatch.chdir("/")
    enrolled(home.path)
    assert sorted(file.name for file in (tmp_path / "Sổ #1 %41?'").iterdir()) == [
        "backups",
        "ledger-spare.json",
        "ledger.db",
        "ledger.json",
    ]


def test_looking_makes_nothing(tmp_path):
    home = Home(tmp_path / "home")
    assert not home.is_enrolled and home.demo() is None
    with pytest.raises(NotEnrolled):
        home.read()
    assert not home.path.exists()


def test_an_enrolled_home_is_read_and_never_begun_again(tmp_path):
    home = enrolled(tmp_path / "home")
    assert home.is_enrolled and Home(home.path).read() == PLATE
    before = content(home.path)
    with pytest.raises(faults.LedgerExists):
        home.begin(Plate("f" * 32, "keyring"))
    assert content(home.path) == before
    if sys.platform != "win32":
        assert {path.stat().st_mode & 0o077 for path in [home.path, *home.path.iterdir()]} == {0}


def test_a_lost_ledger_does_not_make_the_home_a_new_one(tmp_path):
    home = enrolled(tmp_path / "home")
    home.ledger.unlink()
    assert home.is_enrolled
    with pytest.raises(faults.LedgerExists):
        home.begin(Plate("f" * 32, "keyring"))


def test_a_broken_off_start_is_begun_anew_and_its_keys_are_only_set_aside(tmp_path):
    home = Home(tmp_path / "home")
    home.begin(PLATE)
    (home.path / "keys.json").write_bytes(b"keys")
    open_ledger(home.unfinished, KEY, create=True).dispose()
    assert not home.is_enrolled
    other = Plate("f" * 32, "keyring")
    home.begin(other)
    assert content(home.path).keys() == {"ledger.json", "unfinished-keys.json"}
    open_ledger(home.unfinished, KEY, create=True).dispose()
    home.finish()
    assert home.read() == other


def test_a_cut_between_the_names_leaves_an_enrolled_home(tmp_path):
    home = Home(tmp_path / "home")
    home.begin(PLATE)
    open_ledger(home.unfinished, KEY, create=True).dispose()
    home.unfinished.rename(home.ledger)
    assert home.is_enrolled and home.read() == PLATE
    assert b'"complete": true' in (home.path / "ledger.json").read_bytes()


def spoil(path: Path, how: str) -> None:
    before = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(
            {
                "zeros": bytes(len(before)),
                "emptied": b"",
                "halved": before[: len(before) // 2],
                "altered": before.replace(b"file", b"keyring"),
            }[how]
        )


@pytest.mark.parametrize("how", ["zeros", "emptied", "halved", "altered", "gone"])
def test_the_small_file_is_made_anew_from_its_spare_or_from_the_backups(tmp_path, how):
    home = enrolled(tmp_path / "home")
    sound = (home.path / "ledger.json").read_bytes()
    spoil(home.path / "ledger.json", how)
    assert home.read() == PLATE
    assert (home.path / "ledger.json").read_bytes() == sound
    (home.backups / "so-nhiem-vu-01234567.json").write_bytes(home.plate_copy())
    for name in ("ledger.json", "ledger-spare.json"):
        spoil(home.path / name, how)
    assert home.read() == PLATE
    assert (home.path / "ledger-spare.json").read_bytes() == sound


@pytest.mark.parametrize("how", ["zeros", "emptied", "halved", "altered", "gone"])
def test_without_any_sound_copy_it_is_named_and_nothing_is_begun(tmp_path, how):
    home = enrolled(tmp_path / "home")
    for name in ("ledger.json", "ledger-spare.json"):
        spoil(home.path / name, how)
    before = content(home.path)
    with pytest.raises(HomeDamaged):
        home.read()
    with pytest.raises(HomeDamaged):
        home.begin(Plate("f" * 32, "keyring"))
    assert content(home.path) == before


def test_a_home_of_a_later_version_is_refused_and_left(tmp_path):
    home = enrolled(tmp_path / "home")
    (home.path / "ledger.json").write_bytes(files.sealed({"format": 2, "ledger": "x", "keys": "card"}))
    with pytest.raises(HomeNewer):
        home.read()


def test_only_a_home_of_the_demo_says_so(tmp_path):
    home = enrolled(tmp_path / "home")
    assert home.demo() is None
    home.mark_demo({"clock": 5})
    assert home.demo() == {"clock": 5}
    spoil(home.path / "demo.json", "zeros")
    assert home.demo() is None


class Scanner:
    """A virus scanner that holds a file for a number of tries."""

    def __init__(self, monkeypatch, tries: int | None) -> None:
        self.pauses: list[float] = []
        held = repeat(True) if tries is None else chain(repeat(True, tries), repeat(False))
        replace, unlink = Path.replace, Path.unlink

        def hold(action):
            def acting(path, *args, **named):
                if path.suffix == ".new" and next(held):
                    raise PermissionError(13, "held")
                return action(path, *args, **named)

            return acting

        monkeypatch.setattr(Path, "replace", hold(replace))
        monkeypatch.setattr(Path, "unlink", hold(unlink))


def test_a_file_held_for_a_moment_is_waited_for(tmp_path, monkeypatch):
    scanner = Scanner(monkeypatch, 2)
    files.write_whole(tmp_path / "a.json", b"new", pause=scanner.pauses.append)
    assert content(tmp_path) == {"a.json": b"new"}
    assert len(scanner.pauses) == 2 and max(scanner.pauses) <= 0.1


def test_a_file_held_for_good_leaves_the_old_one_and_the_new_beside_it(tmp_path, monkeypatch):
    (tmp_path / "a.pdf").write_bytes(b"old")
    (tmp_path / "a (2).pdf").write_bytes(b"older")
    scanner = Scanner(monkeypatch, None)
    with pytest.raises(files.FileHeldKept) as told:
        files.write_whole(tmp_path / "a.pdf", b"new", keep=True, pause=scanner.pauses.append)
    assert told.value.facts == {"path": str(tmp_path / "a.pdf"), "kept": str(tmp_path / "a (3).pdf")}
    assert content(tmp_path) == {"a.pdf": b"old", "a (2).pdf": b"older", "a (3).pdf": b"new"}
    assert sum(scanner.pauses) < 2


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    (tmp_path / "a.json").write_bytes(b"old")

    def full(handle):
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(faults.DiskFull):
        files.write_whole(tmp_path / "a.json", b"new")
    assert content(tmp_path) == {"a.json": b"old"}


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(faults.LedgerNoAccess):
        files.write_whole(tmp_path / "none" / "a.json", b"new")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_device_is_no_file_to_be_replaced(tmp_path):
    pipe = tmp_path / "a.pdf"
    os.mkfifo(pipe)
    with pytest.raises(faults.LedgerNoAccess):
        files.write_whole(pipe, b"new", keep=True)
    assert pipe.is_fifo() and content(tmp_path) == {}
