"""What is taken as evidence and what is not, told by content, name and words."""

import io
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import evidence
from app.domain.evidence import FileRefused, SecretRefused, check_secrecy, form_of, office_text, tidy_name
from app.domain.text import clean
from app.words import PROBLEMS, explain, use

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", parts.pop("types", b"<Types/>"))
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(text: str = "", **more: bytes) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
    return packed(**{"word/document.xml": f"<w:document>{body}</w:document>".encode(), **more})


def xlsx(**more: bytes) -> bytes:
    return packed(**{"xl/workbook.xml": b"<workbook/>", **more})


def stream(name: str) -> bytes:
    return OLE + name.encode("utf-16-le") + bytes(100)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"\xff\xd8\xff\xe0....", "jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"\x00\x00\x00\x18ftypheic....", "heif"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\xef\xbb\xbf%PDF-1.4 ...", "pdf"),
        (docx(), "docx"),
        (xlsx(), "xlsx"),
        (stream("WordDocument"), "doc"),
        (stream("Workbook"), "xls"),
    ],
)
def test_a_file_is_what_its_content_is_whatever_it_is_called(content, form):
    assert form_of(content, "x.exe") == form


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "file-empty"),
        (b"MZ\x90\x00 a program", "file-other-kind"),
        (b"\x7fELF a program", "file-other-kind"),
        (b"#!/bin/sh\nrm -rf /", "file-other-kind"),
        (b"\x00\x00\x00\x18ftypmp42 a film", "file-other-kind"),
        (b"<html>a page</html>", "file-other-kind"),
        (b"\xff\xd8\xff" + bytes(evidence.LIMIT), "file-too-large"),
        (packed(), "file-other-kind"),
        (packed(**{"xl/workbook.bin": b""}), "file-other-kind"),
        (docx(**{"word/vbaProject.bin": b""}), "file-macros"),
        (docx(**{"word/VBAPROJECT.BIN": b""}), "file-macros"),
        (xlsx(**{"xl/macrosheets/sheet1.xml": b""}), "file-macros"),
        (docx(types=b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'),
         "file-macros"),
        (docx(**{"word/activeX/activeX1.bin": b""}), "file-macros"),
        (stream("WordDocument") + "_VBA_PROJECT".encode("utf-16-le"), "file-macros"),
        (stream("EncryptedPackage"), "file-locked"),
        (stream("Installer"), "file-other-kind"),
        (docx()[:-30], "file-damaged"),
        (b"PK\x03\x04" + bytes(100), "file-damaged"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_refused_with_the_reason(content, problem):
    with pytest.raises(FileRefused) as refused:
        form_of(content, "tệp.docx")
    assert refused.value.facts == {"file": "tệp.docx", "problem": problem}
    assert problem in PROBLEMS


def test_the_refusal_says_what_is_taken():
    use("vi")
    try:
        with pytest.raises(FileRefused) as refused:
            form_of(b"MZ", "virus.exe")
        said = explain(refused.value)
    finally:
        use("en")
    taken = "Không nhận loại tệp này. Nhận: ảnh, PDF, Word, Excel không có macro, tối đa 20 MB."
    assert said.startswith("virus.exe: ") and said.endswith(taken)


def test_a_zip_bomb_is_refused_without_being_unpacked():
    bomb = docx(**{"word/media/image1.png": bytes(201 * 1024 * 1024)})
    assert len(bomb) < 300_000
    with pytest.raises(FileRefused):
        form_of(bomb, "bom.docx")
    lying = bytearray(docx(**{"word/a.xml": bytes(12 * 1024 * 1024)}))  # its text is read bounded
    assert len(office_text(bytes(lying), "docx")) <= evidence.SHOWN_LIMIT


@pytest.mark.parametrize(
    "name",
    ["Tối mật.pdf", "TOI_MAT.docx", "Tuyệt  mật (2).pdf", "Công văn mật số 12.pdf", "MẬT.jpg",
     unicodedata.normalize("NFD", "tài liệu Mật.docx"), "TUYET-MAT.pdf"],
)  # fmt: skip
def test_a_name_with_a_degree_of_secrecy_is_refused(name):
    with pytest.raises(SecretRefused):
        check_secrecy(name)


@pytest.mark.parametrize(
    "name",
    ["An toàn bảo mật.pdf", "Luật Bảo vệ bí mật nhà nước.pdf", "mật khẩu mới.docx", "mật độ dân số.xlsx",
     "toi mat CCCD.jpg", "mat bang.pdf", "họp Tổ bảo mật.jpg", "hình nuôi ong mật ong.jpg"],
)  # fmt: skip
def test_a_name_that_only_sounds_like_it_is_taken(name):
    check_secrecy(name)


@pytest.mark.parametrize(
    "stamp", ["MẬT", "  (MẬT)", "TỐI MẬT", "TUYỆT MẬT", "ĐỘ MẬT: MẬT", "UBND XÃ   TỐI MẬT"]
)
def test_a_document_with_a_stamp_is_refused(stamp):
    content = docx(f"ỦY BAN NHÂN DÂN\n{stamp}\nBáo cáo")
    with pytest.raises(SecretRefused):
        check_secrecy("báo cáo.docx", office_text(content, "docx"))
    sheet = xlsx(**{"xl/sharedStrings.xml": f"<sst><si><t>{stamp}</t></si></sst>".encode()})
    with pytest.raises(SecretRefused):
        check_secrecy("bảng.xlsx", office_text(sheet, "xlsx"))


def test_a_document_that_speaks_of_secrets_is_taken():
    text = (
        "Thực hiện Luật Bảo vệ bí mật nhà nước\nBẢO VỆ BÍ MẬT NHÀ NƯỚC\nmật\nVăn bản có độ tối mật được gửi"
    )
    check_secrecy("báo cáo.docx", office_text(docx(text), "docx"))


def test_names_are_kept_as_text():
    nfd = unicodedata.normalize("NFD", "Lớp học số.JPG")
    assert tidy_name(nfd, "jpeg") == "Lớp học số.JPG"
    assert tidy_name("CON.jpg", "jpeg") == "CON.jpg"
    assert tidy_name("một\x00hai\nba\u202egpj.jpg", "jpeg") == "mộthai bagpj.jpg"
    assert tidy_name("ả" * 300 + ".jpg", "jpeg") == "ả" * 251 + ".jpg"
    assert tidy_name("chụp.png", "jpeg") == "chụp.jpg"
    assert tidy_name("v1.2 của bản.docx", "docx") == "v1.2 của bản.docx"
    assert tidy_name("../../etc/passwd", "pdf") == ".. .. etc passwd.pdf"
    assert tidy_name(".jpg", "jpeg") == "minh-chung.jpg"
    assert tidy_name("\udcff.pdf", "pdf") == "\ufffd.pdf"


@given(st.text(st.characters()), st.sampled_from(["jpeg", "pdf", "docx"]))
def test_whatever_a_file_is_called_its_name_is_a_text_of_the_record(name, form):
    made = tidy_name(name, form)
    assert clean(made) == made and 0 < len(made) <= evidence.NAME_LIMIT and "\n" not in made


@given(st.sampled_from([docx("a"), xlsx(), stream("WordDocument")]), st.data())
def test_damaged_files_are_refused_or_taken_and_nothing_else(content, data):
    spoiled = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        spoiled[data.draw(st.integers(0, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    try:
        form = form_of(bytes(spoiled), "x")
    except FileRefused:
        return
    office_text(bytes(spoiled), form)
