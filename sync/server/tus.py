"""What the headers of a resumable upload say (tus 1.0.0), read strictly. No files and no rows here."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.domain.errors import LedgerError

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination"
BODY_TYPE = "application/offset+octet-stream"
MAX_SIZE = 32 * 1024 * 1024
"""Bytes of one file; devices stop at 20 MB."""

_ALGORITHMS = ("sha1", "sha256", "md5")
_NUMBER = re.compile(r"[0-9]{1,15}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_METADATA_LIMIT = 4096


class BadHeaders(LedgerError):
    """A header is missing or makes no sense."""

    code = "bad-request"


class NoLeave(LedgerError):
    """No leave came with the request."""

    code = "upload-no-leave"


class WrongLeave(LedgerError):
    """The leave is not this province's, has run out, or is for another file."""

    code = "upload-wrong-leave"


class UnknownUpload(LedgerError):
    """There is no such upload, or it is gone."""

    code = "upload-unknown"


class OtherOffset(LedgerError):
    """The upload stands at another byte. Facts: offset."""

    code = "upload-offset"


class OtherVersion(LedgerError):
    """Another version of the protocol."""

    code = "upload-version"


class FileTooLarge(LedgerError):
    """More bytes than were announced, or than one file may have. Facts: limit, in MiB."""

    code = "upload-too-large"


class OtherType(LedgerError):
    """A body of another type."""

    code = "upload-type"


class WrongChecksum(LedgerError):
    """The bytes are not those that were announced."""

    code = "upload-checksum"


class NoRoom(LedgerError):
    """The unit has used up its room, or the disk is nearly full."""

    code = "upload-no-room"


class Wanted(NamedTuple):
    """A new upload. sha256: of the whole file. resume: go on with one of the same file that broke off."""

    length: int
    sha256: str
    resume: bool


class Checksum(NamedTuple):
    """What one request's bytes are said to hash to."""

    algorithm: str
    value: bytes

    def begin(self) -> Any:
        """A hash to be fed."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


Headers = Mapping[str, str]


def check_version(headers: Headers) -> None:
    """Raises OtherVersion."""
    if headers.get("tus-resumable") != VERSION:
        raise OtherVersion()


def leave(headers: Headers) -> str:
    """The leave that came along. Raises NoLeave."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.casefold() != "bearer" or not value.strip():
        raise NoLeave()
    return value.strip()


def wanted(headers: Headers) -> Wanted:
    """What a request for a new upload asks for. Raises BadHeaders, FileTooLarge."""
    length = _number(headers.get("upload-length"))
    if length > MAX_SIZE:
        raise FileTooLarge(limit=MAX_SIZE // 2**20)
    told = _metadata(headers.get("upload-metadata", ""))
    sha256 = told.get("sha256", b"").decode("ascii", "replace").casefold()
    if not _SHA256.fullmatch(sha256):
        raise BadHeaders()
    return Wanted(length, sha256, "resume" in told)


def offset(headers: Headers) -> int:
    """The byte at which a body begins. Raises BadHeaders, OtherType."""
    if headers.get("content-type", "").partition(";")[0].strip().casefold() != BODY_TYPE:
        raise OtherType()
    return _number(headers.get("upload-offset"))


def body_length(headers: Headers) -> int | None:
    """How many bytes the body is said to have; None where it is not said. Raises BadHeaders."""
    return None if "content-length" not in headers else _number(headers["content-length"])


def checksum(headers: Headers) -> Checksum | None:
    """What the body is said to hash to, None where it is not said. Raises BadHeaders."""
    said = headers.get("upload-checksum")
    if said is None:
        return None
    algorithm, _, value = said.strip().partition(" ")
    if algorithm not in _ALGORITHMS:
        raise BadHeaders()
    raw = _decoded(value)
    if len(raw) != Checksum(algorithm, raw).begin().digest_size:
        raise BadHeaders()
    return Checksum(algorithm, raw)


def options() -> dict[str, str]:
    """The headers that say what this end can do."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(MAX_SIZE),
        "Tus-Checksum-Algorithm": ",".join(_ALGORITHMS),
    }


def _number(text: str | None) -> int:
    if text is None or not _NUMBER.fullmatch(text):
        raise BadHeaders()
    return int(text)


def _metadata(text: str) -> dict[str, bytes]:
    """Pairs of a name and base64, with commas between; a name may stand alone. Raises BadHeaders."""
    if len(text) > _METADATA_LIMIT:
        raise BadHeaders()
    found: dict[str, bytes] = {}
    for pair in text.split(",") if text.strip() else ():
        name, _, value = pair.strip().partition(" ")
        if not name or name in found:
            raise BadHeaders()
        found[name] = _decoded(value)
    return found


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadHeaders() from error
