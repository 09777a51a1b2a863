"""Files added to a task, listed, shared and taken away."""

import copy
import io
import os
import shutil
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from app.domain.evidence import FileRefused, SecretRefused
from app.record.tables import change
from app.reports.layout import fonts
from app.services import evidence
from app.services.evidence import FileUnreadable, LowDisk
from app.storage import evidence as storage
from app.storage.evidence import EvidenceDamaged
from app.storage.home import Home
from app.storage.tables import file
from tests.services.office import Clock, Office


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    made = Office(tmp_path_factory.mktemp("evidence") / "home", Clock())
    made.task("A-1")
    made.task("A-2")
    return made


@pytest.fixture
def office(first, tmp_path):
    """A copy of an office with two tasks: to make one takes half a second."""
    made = copy.copy(first)
    made.home = Home(shutil.copytree(first.home.path, tmp_path / "home"))
    return made


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "Ảnh lớp học.jpg"
    Image.effect_noise((300, 200), 40).convert("RGB").save(path, "JPEG")
    return path


def add(office, code, path, size="small"):
    key = office.line(code).key
    with office.opened() as opened:
        return evidence.add(opened, key, path, size)


def items(office, *codes):
    records = [office.line(code).progress for code in codes] or None
    with office.opened() as opened, opened.ledger.read() as connection:
        return evidence.items(connection, records)


def files(office):
    with office.opened() as opened, opened.ledger.read() as connection:
        return list(connection.execute(select(file)))


def test_a_file_is_added_sealed_and_listed(office, photo):
    before = photo.read_bytes()
    made = add(office, "A-1", photo)
    assert made.new and made.name == "Ảnh lớp học.jpg" and made.kind == "photo" and made.elsewhere == ()
    assert photo.read_bytes() == before
    [item] = items(office)
    assert (item.task, item.week, item.name, item.sha256) == ("A-1", "2025-W27", made.name, made.sha256)
    assert (item.here, item.sent, item.exchange) == (True, 0, "waiting")
    photo.unlink()  # the stick that it came from is gone
    with office.opened() as opened:
        content = evidence.content(opened, made.sha256)
    assert len(content) == made.size == item.size
    assert Image.open(io.BytesIO(content)).size == (300, 200)


def test_the_same_file_twice_at_one_task_is_nothing_new(office, photo):
    add(office, "A-1", photo)
    again = add(office, "A-1", photo)
    assert not again.new and len(items(office)) == 1 and len(files(office)) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such things here")
def test_what_only_waits_for_another_program_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "a.pdf")
    with pytest.raises(evidence.FileUnreadable) as caught:
        evidence.prepare(tmp_path / "a.pdf")
    assert caught.value.facts["why"] == "it is no ordinary file"


def test_what_the_province_said_of_the_words_is_not_said_of_a_file_at_another_machine(office, photo):
    add(office, "A-1", photo)
    with office.opened() as opened, opened.ledger.read() as connection:
        [item] = evidence.items(connection)
    assert item.file_known
    assert not replace(item, here=False, exchange="received").file_known
    assert replace(item, here=False, exchange="returned").file_known


def test_at_another_task_it_is_said_where_it_is_and_kept_once(office, photo):
    add(office, "A-1", photo)
    made = add(office, "A-2", photo)
    assert made.new and made.elsewhere == ("A-1",)
    assert len(items(office)) == 2 and len(files(office)) == 1
    assert [item.task for item in items(office, "A-2")] == ["A-2"]


def test_what_is_taken_away_is_listed_no_more_and_can_be_added_again(office, photo):
    made = add(office, "A-1", photo)
    with office.opened() as opened:
        with opened.ledger.edit() as edit:
            assert evidence.remove(edit, made.record) is True
        with opened.ledger.edit() as edit:
            assert evidence.remove(edit, made.record) is False
            assert evidence.remove(edit, "0" * 32) is False
    assert items(office) == []
    assert add(office, "A-2", photo).elsewhere == ()
    assert add(office, "A-1", photo).new
    assert len(items(office)) == 2 and len(files(office)) == 1


def test_a_week_with_evidence_alone_is_not_taken_for_recorded(office, photo):
    add(office, "A-1", photo)
    line = office.line("A-1")
    assert not line.recorded and line.said is None and line.exchange == "waiting"


@pytest.mark.parametrize(
    ("held", "url", "word"), [(None, None, "waiting"), (None, "/files/x", "sending"), (9, None, "received")]
)
def test_the_province_has_it_when_it_has_words_and_file(office, photo, held, url, word):
    made = add(office, "A-1", photo)
    assert items(office)[0].exchange == "waiting"
    with office.opened() as opened, opened.ledger.edit() as edit:
        edit.connection.execute(change.update().values(arrived=5))
        edit.connection.execute(file.update().values(held_at=held, url=url))
    [item] = items(office)
    assert item.exchange == word and item.sent == (made.size if held else 0)


def test_preparing_touches_nothing_and_may_run_beside_other_edits(office, photo):
    key = office.line("A-1").key
    with office.opened() as opened, ThreadPoolExecutor(1) as pool:
        coming = pool.submit(evidence.prepare, photo)
        with opened.ledger.edit() as edit:
            edit.set("progress", key, "result", "Đã mở lớp.")
            prepared = coming.result(20)  # though a transaction is open
        assert evidence.commit(opened, key, prepared).new


def test_odd_names_are_kept_as_text(office, photo, tmp_path):
    for name in (
        unicodedata.normalize("NFD", "Ảnh ở bản.jpg"),
        "CON.jpg",
        "hai\ndòng.jpg",
        "à" * 100 + ".jpg",
    ):
        path = tmp_path / name
        path.write_bytes(photo.read_bytes())
        made = add(office, "A-1", path)
        assert made.name == unicodedata.normalize("NFC", name).replace("\n", " ")
        with office.opened() as opened, opened.ledger.edit() as edit:
            evidence.remove(edit, made.record)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"MZ...", "a.exe"), (b"", "trống.jpg"), (b"\xff\xd8\xff rest", "hỏng.jpg"), (b"%PDF-1.7", "a.pdf"),
     (b"\xff\xd8\xff" + bytes(20 * 1024 * 1024), "lớn.jpg")],
)  # fmt: skip
def test_what_is_not_taken_leaves_nothing(office, tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileRefused):
        add(office, "A-1", path)
    assert items(office) == [] and files(office) == []


def test_what_cannot_be_read(office, tmp_path):
    for path in (tmp_path / "không có.jpg", tmp_path):
        with pytest.raises(FileUnreadable):
            add(office, "A-1", path)


def pdf(*lines: str) -> bytes:
    fonts.letters()  # registers them
    made = io.BytesIO()
    sheet = Canvas(made)
    sheet.setFont(fonts.REGULAR, 14)
    for place, line in enumerate(lines):
        sheet.drawString(72, 700 - 30 * place, line)
    sheet.save()
    return made.getvalue()


def test_a_pdf_is_taken_and_one_with_a_stamp_is_not(office, tmp_path):
    path = tmp_path / "công văn.pdf"
    path.write_bytes(pdf("ỦY BAN NHÂN DÂN", "Luật Bảo vệ bí mật nhà nước"))
    made = add(office, "A-1", path)
    assert (made.kind, made.size) == ("document", path.stat().st_size)
    for stamp in ("MẬT", "TỐI MẬT"):
        path.write_bytes(pdf("ỦY BAN NHÂN DÂN", stamp, "Báo cáo"))
        with pytest.raises(SecretRefused):
            add(office, "A-2", path)
    assert [item.task for item in items(office)] == ["A-1"]


def test_a_pdf_with_a_password_is_refused_as_such(office, tmp_path):
    locked = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    (tmp_path / "khóa.pdf").write_bytes(locked.getvalue())
    with pytest.raises(FileRefused) as refused:
        add(office, "A-1", tmp_path / "khóa.pdf")
    assert refused.value.facts["problem"] == "file-locked"


def test_a_disk_that_is_nearly_full_takes_words_and_no_files(office, photo, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=40_000_000))
    with pytest.raises(LowDisk) as refused:
        add(office, "A-1", photo)
    assert refused.value.facts == {"free": 40}
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=evidence.ROOM + 10))
    with pytest.raises(LowDisk):  # there is room, but not for this file too
        add(office, "A-1", photo)
    with office.opened() as opened, opened.ledger.edit() as edit:
        assert edit.set("progress", office.line("A-1").key, "result", "Đã mở lớp.") is not None
    assert files(office) == []


def test_an_add_that_fails_after_the_file_leaves_nothing_that_counts(office, photo, monkeypatch):
    def dies(*_given):
        raise RuntimeError

    monkeypatch.setattr(storage, "note", dies)
    with pytest.raises(RuntimeError):
        add(office, "A-1", photo)
    monkeypatch.undo()
    assert items(office) == [] and files(office) == []
    assert add(office, "A-1", photo).new


def test_a_file_that_was_damaged_is_mended_by_adding_it_again(office, photo):
    made = add(office, "A-1", photo)
    with office.opened() as opened:
        evidence.vault(opened).path(made.sha256).write_bytes(b"rot")
        with pytest.raises(EvidenceDamaged):
            evidence.content(opened, made.sha256)
    add(office, "A-1", photo)
    with office.opened() as opened:
        assert len(evidence.content(opened, made.sha256)) == made.size


def test_how_much_waits(office, photo):
    made = add(office, "A-1", photo)
    with office.opened() as opened:
        with opened.ledger.edit() as edit:
            storage.note_upload(edit.connection, made.sha256, "/files/x", 100)
        with opened.ledger.read() as connection:
            assert evidence.summary(connection) == (1, made.size - 100)
