"""`evidence` at the command line."""

from pathlib import Path

import pytest
from PIL import Image

from app.domain.ids import progress_id


@pytest.fixture
def photo(tmp_path):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (19.0, 20.0, 1.0)}
    path = tmp_path / "Ảnh lớp học.jpg"
    Image.effect_noise((300, 200), 40).convert("RGB").save(path, "JPEG", exif=exif)
    return str(path)


def test_a_photo_is_added_listed_and_taken_away(call, photo):
    said = call("evidence", "add", "a-1", photo)
    assert (said.code, said.err) == (0, "")
    assert "A-1" in said.out and "Ảnh lớp học.jpg" in said.out
    assert "Đã bỏ vị trí chụp khỏi ảnh." in said.out
    listed = call("evidence", "list", "--json").json
    assert [(item["code"], item["period"], item["name"], item["state"]) for item in listed] == [
        ("A-1", "2025-W27", "Ảnh lớp học.jpg", "waiting")
    ]
    assert "chờ gửi" in call("evidence", "list", "A-1").out
    assert call("evidence", "list", "A-2", "--json").json == []
    assert call("evidence", "remove", listed[0]["file"][:8]).code == 0
    assert call("evidence", "--json").json == []


def test_a_file_that_lies_at_another_machine_is_told_as_such(call, office):
    key = {"assignment": office.line("A-1").assignment, "week": "2025-W27"}
    with office.opened() as opened, opened.ledger.edit() as edit:
        edit.open("progress", key)
        place = {"progress": progress_id(key["assignment"], key["week"]), "file": "0" * 64}
        edit.write("evidence", place, {"name": "a.pdf", "size": 5})
    assert "tệp ở máy khác" in call("evidence").out


def test_what_was_added_is_told_as_json(call, photo):
    first = call("evidence", "add", "A-1", photo, "--period", "2025-W26", "--size", "full", "--json").json
    assert (
        first["added"]
        and first["period"] == "2025-W26"
        and first["place_dropped"]
        and first["kind"] == "photo"
    )
    assert first["also_at"] == [] and len(first["file"]) == 64
    assert not call("evidence", "add", "A-1", photo, "--period", "2025-W26", "--size", "full", "--json").json[
        "added"
    ]
    said = call("evidence", "add", "A-2", photo, "--size", "full")
    assert "đã có ở nhiệm vụ A-1" in said.out and "dùng chung" in said.out


def test_what_is_refused_is_said_in_words_and_nothing_is_kept(call, photo, tmp_path):
    program = tmp_path / "a.exe"
    program.write_bytes(b"MZ")
    for given, words in (
        (
            ("A-1", str(program)),
            "Không nhận loại tệp này. Nhận: ảnh, PDF, Word, Excel không có macro, tối đa 20 MB.",
        ),
        (("A-1", str(tmp_path / "không có.jpg")), "không có.jpg"),
        (("A-9", photo), "A-9"),
        (("A-1", photo, "--period", "2026-W01"), "2026-W01"),
    ):
        said = call("evidence", "add", *given)
        assert said.code == 1 and said.out == "" and words in said.err
    image = tmp_path / "TỐI MẬT.jpg"
    image.write_bytes(Path(photo).read_bytes())
    said = call("evidence", "add", "A-1", str(image))
    assert "Không đưa tài liệu mật vào chương trình này. Gửi theo đường văn thư mật." in said.err
    assert call("evidence", "list", "--json").json == []
    assert call("evidence", "remove", "12345678").code == 1
    assert call("evidence", "add", "A-1", photo, "--size", "huge").code == 2
