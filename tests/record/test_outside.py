"""What is handed over on a stick is there whole and read back, or not there at all."""

import errno
import os
from pathlib import Path

import pytest

from app.record import outside
from app.record.faults import DiskFull
from app.record.files import FileHeldKept


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "USB #1 %41 ? ' ha\u0323"
    folder.mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(path: Path, content: bytes = b"new", replaces: bool = True) -> None:
    with outside.written(path, lambda _: replaces) as out:
        out.write(content[:1])
        out.write(content[1:])


def test_a_file_is_there_whole_and_alone(stick):
    write(stick / "a")
    write(stick / "a", b"newer")
    assert (stick / "a").read_bytes() == b"newer" and names(stick) == ["a"]


def test_what_may_not_be_replaced_is_not(stick):
    (stick / "a").write_bytes(b"old")
    with pytest.raises(outside.FileUnwritable) as caught:
        write(stick / "a", replaces=False)
    assert caught.value.facts["why"] == "another file has this name"
    assert (stick / "a").read_bytes() == b"old" and names(stick) == ["a"]


@pytest.mark.parametrize("wrong", ["", "no/where", "x" * 300])
def test_a_place_where_nothing_can_be_written_is_told_before_anything_is_done(stick, wrong):
    with pytest.raises(outside.FileUnwritable), outside.written(stick / wrong, lambda _: True):
        pytest.fail("nothing is begun")
    assert names(stick) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("x")])
def test_what_breaks_off_leaves_the_old_one_and_no_remains(stick, error):
    (stick / "a").write_bytes(b"old")
    with pytest.raises(type(error)), outside.written(stick / "a", lambda _: True) as out:
        out.write(b"half")
        raise error
    assert (stick / "a").read_bytes() == b"old" and names(stick) == ["a"]


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EIO, outside.FileUnwritable), (errno.EROFS, outside.FileUnwritable)],
)
def test_what_the_system_says_becomes_words(stick, number, kind):
    with pytest.raises(kind), outside.written(stick / "a", lambda _: True):
        raise OSError(number, "x")
    assert names(stick) == []


def test_a_stick_that_gives_back_other_bytes_is_found_out(stick, monkeypatch):
    whole = os.fsync

    def rot(descriptor):
        whole(descriptor)
        for path in stick.glob("*.new"):
            path.write_bytes(b"rotten")

    monkeypatch.setattr(outside.os, "fsync", rot)
    with pytest.raises(outside.StickUnsound):
        write(stick / "a")
    assert names(stick) == []


def test_a_held_file_stays_and_the_new_one_lies_beside_it(stick, monkeypatch):
    (stick / "a").write_bytes(b"old")

    def held(source, target):
        raise FileHeldKept(path=str(target), kept=str(source))

    monkeypatch.setattr(outside, "move_whole", held)
    with pytest.raises(FileHeldKept) as caught:
        write(stick / "a")
    assert Path(caught.value.facts["kept"]).read_bytes() == b"new"
    assert (stick / "a").read_bytes() == b"old"


def test_reading_tells_what_is_wrong(stick):
    for wrong in (stick, stick / "none", stick / "a" / "b"):
        with pytest.raises(outside.FileUnreadable), outside.opened(wrong) as file:
            file.read()
    write(stick / "a")
    with pytest.raises(outside.FileUnreadable), outside.opened(stick / "a"):
        raise OSError(errno.EIO, "pulled out")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such things here")
def test_what_only_waits_for_another_program_is_not_read_and_not_written_over(stick):
    os.mkfifo(stick / "a")
    with pytest.raises(outside.FileUnreadable) as caught, outside.opened(stick / "a"):
        pytest.fail("nothing is opened")
    assert caught.value.facts["why"] == "it is no ordinary file"
    assert not outside.begins_with(stick / "a", b"x")
    with pytest.raises(outside.FileUnreadable), outside.opened(Path(os.devnull)):
        pytest.fail("nothing is opened")


@pytest.mark.parametrize("name", ["", ".", "/"])
def test_a_name_that_is_none_is_told(name):
    with pytest.raises(outside.FileUnwritable), outside.written(Path(name), lambda _: True):
        pytest.fail("nothing is begun")


def test_a_missing_folder_is_told_as_one(stick):
    with pytest.raises(outside.FileUnwritable) as caught:
        write(stick / "no" / "where")
    assert caught.value.facts["why"] == "the folder is not there"


def test_programs_on_a_stick_are_named_and_those_of_this_disk_are_not(stick, tmp_path, monkeypatch):
    for name in ("AUTORUN.INF", "ảnh.jpg.exe", "thư mục.LNK", "báo cáo.docx", "a.snvgoi", "exe"):
        (stick / name).touch()
    assert outside.strange_programs(stick / "a.snvgoi", tmp_path) == ()
    stat = Path.stat

    class Other:
        st_dev = -1

    monkeypatch.setattr(
        Path, "stat", lambda path, **said: Other() if path == tmp_path else stat(path, **said)
    )
    found = outside.strange_programs(stick / "a.snvgoi", tmp_path)
    assert found == ("AUTORUN.INF", "thư mục.LNK", "ảnh.jpg.exe")
    assert outside.strange_programs(stick / "none" / "a", tmp_path) == ()


def test_remains_of_a_killed_try_are_cleared_and_nothing_else(stick):
    for name in ("a.0123abcd.new", "a.new", "b.0123abcd.new", "aX0123abcd.new", "a.0123abcd.new.docx"):
        (stick / name).touch()
    write(stick / "a")
    assert names(stick) == ["a", "a.0123abcd.new.docx", "a.new", "aX0123abcd.new", "b.0123abcd.new"]
