"""What is taken as evidence: kinds of files told by their content, and words that no file may bear."""

import io
import re
import unicodedata
import zipfile
import zlib
from typing import Literal

from app.domain.errors import LedgerError
from app.domain.text import clean

Form = Literal["jpeg", "png", "webp", "heif", "pdf", "docx", "xlsx", "doc", "xls"]
"""What a file is, by its content."""

Kind = Literal["sheet", "document", "photo"]
"""What a file is for the order in which files are sent: signed sheets first, photos last."""

LIMIT = 20 * 1024 * 1024
"""Bytes that one file may have."""
NAME_LIMIT = 255
"""Characters that a file's name may have."""
SHOWN_LIMIT = 8 * 1024 * 1024
"""Bytes of text that are looked through inside a document."""

PHOTOS: frozenset[Form] = frozenset({"jpeg", "png", "webp", "heif"})

EMPTY = "file-empty"
TOO_LARGE = "file-too-large"
TOO_WIDE = "file-too-wide"
OTHER = "file-other-kind"
DAMAGED = "file-damaged"
MACROS = "file-macros"
LOCKED = "file-locked"

_UNPACKED_LIMIT = 200 * 1024 * 1024
_ENTRIES = 5_000
_TYPES_LIMIT = 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEIF = re.compile(rb"(heic|heix|hevc|heim|heis|hevm|mif1|msf1|avif|avis)")
_ACTIVE = re.compile(r"vbaproject|activex|\.(exe|dll|js|vbs)$|macrosheets", re.IGNORECASE)


class FileRefused(LedgerError):
    """A file that is not taken as evidence. Facts: file, its name; problem, a code."""

    code = "evidence-refused"


class HeicRefused(LedgerError):
    """A photo in a form that cannot be read here. Facts: file."""

    code = "evidence-heic"


class SecretRefused(LedgerError):
    """A file whose name or text bears a degree of secrecy. Facts: file."""

    code = "evidence-secret"


def form_of(content: bytes, name: str) -> Form:
    """What a file is, told by its content alone; a document is looked through for macros.

    name: only for the sentence. Raises FileRefused.
    """
    if not content:
        raise FileRefused(file=name, problem=EMPTY)
    if len(content) > LIMIT:
        raise FileRefused(file=name, problem=TOO_LARGE)
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and _HEIF.match(content[8:12]):
        return "heif"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _of_zip(content, name)
    if content.startswith(_OLE):
        return _of_ole(content, name)
    raise FileRefused(file=name, problem=OTHER)


def office_text(content: bytes, form: Form) -> str:
    """The words inside a DOCX or XLSX, a line for each paragraph or cell; "" for anything else.

    Bounded: what lies behind the first 8 MB of a part is not looked at.
    """
    parts = {"docx": ("word/",), "xlsx": ("xl/sharedStrings.xml", "xl/worksheets/")}.get(form, ())
    found: list[str] = []
    left = SHOWN_LIMIT
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for entry in packed.infolist():
                if entry.filename.startswith(parts) and entry.filename.endswith(".xml") and left > 0:
                    raw = _read(packed, entry, left)
                    left -= len(raw)
                    lines = re.sub(rb"</(w:p|si|is|row)>|<w:br/>", b"\n", raw)
                    found.append(re.sub(rb"<[^>]*>", b"", lines).decode("utf-8", "replace"))
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return "\n".join(found)
    return "\n".join(found)


def check_secrecy(name: str, text: str = "") -> None:
    """Refuse a file whose name or words bear a degree of secrecy. Raises SecretRefused.

    In names the degree counts as a word of its own; in a text only as a stamp: in capitals on a line of its
    own, or TỐI MẬT and TUYỆT MẬT in capitals on a short line. «Bí mật», «bảo mật», «mật độ» are words.
    """
    plain = unicodedata.normalize("NFC", name)
    if _marked_name(plain) or any(
        _is_stamp(line) for line in unicodedata.normalize("NFC", text).splitlines()
    ):
        raise SecretRefused(file=name)


def plain_name(name: str) -> str:
    """A file's name as it can be shown: NFC, one line, no controls; what the system could not read as "�"."""
    whole = re.sub("[\ud800-\udfff]", "\ufffd", name[: 4 * NAME_LIMIT])
    return " ".join(re.sub(r"[/\\]", " ", clean(whole)).split())


def tidy_name(name: str, form: Form) -> str:
    """A file's name as the record keeps it: NFC, one line, no controls, at most 255 characters.

    It is a text and nothing else: on disk a file is named by its content. Ends as its content is.
    """
    plain = plain_name(name)
    stem, dot, ending = plain.rpartition(".")
    suffix = dot + ending
    if not dot or len(ending) > 4 or not ending.isalnum():
        stem, suffix = plain, ""
    if suffix.casefold() not in _SUFFIXES[form]:
        suffix = _SUFFIXES[form][0]
    return (stem[: NAME_LIMIT - len(suffix)].strip() or "minh-chung") + suffix


_SUFFIXES: dict[Form, tuple[str, ...]] = {
    "jpeg": (".jpg", ".jpeg", ".jfif"),
    "png": (".png",),
    "webp": (".webp",),
    "heif": (".heic", ".heif", ".avif"),
    "pdf": (".pdf",),
    "docx": (".docx",),
    "xlsx": (".xlsx",),
    "doc": (".doc",),
    "xls": (".xls",),
}


def _of_zip(content: bytes, name: str) -> Form:
    """A Word or Excel file without macros. Raises FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT:
                raise FileRefused(file=name, problem=DAMAGED)
            if "[Content_Types].xml" not in names:
                raise FileRefused(file=name, problem=OTHER)
            types = _read(packed, packed.getinfo("[Content_Types].xml"), _TYPES_LIMIT).lower()
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        raise FileRefused(file=name, problem=DAMAGED) from None
    if b"macroenabled" in types or any(_ACTIVE.search(entry) for entry in names):
        raise FileRefused(file=name, problem=MACROS)
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise FileRefused(file=name, problem=OTHER)


def _of_ole(content: bytes, name: str) -> Form:
    """A Word or Excel file of before 2007 without macros, told by the names of its streams."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise FileRefused(file=name, problem=LOCKED)
    if has("_VBA_PROJECT") or has("Macros"):
        raise FileRefused(file=name, problem=MACROS)
    if has("WordDocument"):
        return "doc"
    if has("Workbook"):
        return "xls"
    raise FileRefused(file=name, problem=OTHER)


def _read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """At most so many bytes of an entry, whatever size it is said to have."""
    with packed.open(entry) as opened:
        return opened.read(limit)


_STAMP = re.compile(r"[\W_]*(?:ĐỘ\s+MẬT\W*)?(?:TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)[\W_]*")
_HIGH_STAMP = re.compile(r"\b(?:TUYỆT|TỐI)\s+MẬT\b")
_SHORT = 60
_HIGH_NAME = re.compile(r"(?:tuyệt|tối) mật")
_BARE_HIGH_NAME = re.compile(r"\b(?:TUYET|TOI) MAT\b")
_WORDS_BEFORE = frozenset({"bí", "bảo", "cơ", "cẩn", "thân", "tuần", "nước", "chống"})
_WORDS_AFTER = frozenset({"độ", "khẩu", "mã", "ong", "thiết", "mía", "nghị", "ngữ", "vụ", "danh"})


def _is_stamp(line: str) -> bool:
    if _STAMP.fullmatch(line.strip()):
        return True
    return len(line) <= _SHORT and _HIGH_STAMP.search(line) is not None


def _marked_name(name: str) -> bool:
    words = re.sub(r"[\W_\d]+", " ", name).strip()
    if _HIGH_NAME.search(words.casefold()) or _BARE_HIGH_NAME.search(words):
        return True
    parts = words.casefold().split()
    for place, word in enumerate(parts):
        before = parts[place - 1] if place else ""
        after = parts[place + 1] if place + 1 < len(parts) else ""
        if word == "mật" and before not in _WORDS_BEFORE and after not in _WORDS_AFTER:
            return True
    return False
