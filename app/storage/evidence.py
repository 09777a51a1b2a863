"""The files of evidence that this device keeps: sealed on disk, and what the ledger knows of each.

In the ledger a file is named by the SHA-256 of its content. On disk it is named by an HMAC of that: a bare
hash would tell a thief which known file lies there.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, not_, or_, select

from app.domain.errors import LedgerError
from app.record.files import alone, discard, flush_folder, ours, patiently
from app.record.tables import rows
from app.storage.tables import file

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

CHUNK = 64 * 1024
"""Bytes of content that are sealed together."""

_MAGIC = b"SNVF\x01"
_SALT = 16
_TAG = 16
_HEAD = len(_MAGIC) + _SALT
_NEW = ".new"

_ORDER = case((file.c.kind == "sheet", 0), (file.c.kind == "document", 1), else_=2)


class EvidenceDamaged(LedgerError):
    """A sealed file cannot be read, or holds something else than what it is named by. Facts: path."""

    code = "evidence-damaged"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that this device keeps and the province does not hold yet.

    size: bytes. url: the path of the upload that began, "" before. sent: bytes that the province said it has.
    leave: the province's leave to upload, "" while there is none.
    """

    sha256: str
    size: int
    kind: str
    url: str
    sent: int
    leave: str


class Vault:
    """The folder of sealed files.

    Each is sealed in chunks of 64 KiB by ChaCha20-Poly1305 under a key of its own, made from `key`, a salt
    and the content's name; place and end are part of each nonce, so that chunks can be neither swapped nor
    cut off. key, names: 32 bytes each.
    """

    def __init__(self, folder: Path, key: bytes, names: bytes) -> None:
        self.folder = folder
        self._key = key
        self._names = names

    def path(self, sha256: str) -> Path:
        """Where a file lies, if it does."""
        return self.folder / hmac.new(self._names, bytes.fromhex(sha256), hashlib.sha256).hexdigest()

    def holds(self, sha256: str) -> bool:
        """Whether a sealed file of this name is there; it is not read."""
        return self.path(sha256).is_file()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One program at a time puts files here; what a broken-off one left behind is cleared away.

        A finished file whose row never came stays: it counts for nothing, and is taken up if the ledger
        (restored from an older copy, perhaps) learns of it later.
        Raises LedgerBusy, LedgerNoAccess, DiskFull.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ours(error, self.folder) from error
        with alone(self.folder / "lock"):
            for left in self.folder.glob(f"*{_NEW}"):
                discard(left)
            yield

    def put(self, content: bytes) -> str:
        """Seal a file and have it on disk under its name. Returns its SHA-256. Called inside `alone`.

        Raises DiskFull, LedgerNoAccess.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        new = target.with_name(f"{target.name}.{secrets.token_hex(4)}{_NEW}")
        try:
            if self._is_whole(sha256):
                return sha256
            with new.open("xb") as made:
                for part in _sealed(content, self._key, sha256):
                    made.write(part)
                made.flush()
                os.fsync(made.fileno())
            patiently(lambda: new.replace(target))
            flush_folder(self.folder)
        except OSError as error:
            raise ours(error, target) from error
        finally:
            discard(new)
        return sha256

    def read(self, sha256: str, start: int = 0, length: int | None = None) -> bytes:
        """Bytes of a file's content; only the chunks that hold them are opened. length: None to the end.

        Raises EvidenceDamaged when it is missing, cut, altered or another one.
        """
        path = self.path(sha256)
        try:
            with path.open("rb") as sealed:
                sealed_size = sealed.seek(0, os.SEEK_END) - _HEAD
                sealed.seek(0)
                head = sealed.read(_HEAD)
                if not head.startswith(_MAGIC) or sealed_size < _TAG:
                    raise EvidenceDamaged(path=str(path))
                opener = _cipher(self._key, head[len(_MAGIC) :], sha256)
                chunks = -(-sealed_size // (CHUNK + _TAG))
                size = sealed_size - chunks * _TAG
                end = size if length is None else min(size, start + length)
                first, last = start // CHUNK, max(end - 1, 0) // CHUNK
                sealed.seek(_HEAD + first * (CHUNK + _TAG))
                found = bytearray()
                for place in range(first, last + 1):
                    part = sealed.read(CHUNK + _TAG)
                    found += opener.decrypt(_nonce(place, last=place == chunks - 1), part, None)
        except InvalidTag as error:
            raise EvidenceDamaged(path=str(path)) from error
        except FileNotFoundError as error:
            raise EvidenceDamaged(path=str(path)) from error
        except OSError as error:
            raise ours(error, path) from error
        skipped = first * CHUNK
        return bytes(found[start - skipped : end - skipped])

    def check(self, sha256: str) -> None:
        """Read a whole file and compare it with its name. Raises EvidenceDamaged."""
        if hashlib.sha256(self.read(sha256)).hexdigest() != sha256:
            raise EvidenceDamaged(path=str(self.path(sha256)))

    def _is_whole(self, sha256: str) -> bool:
        try:
            self.check(sha256)
        except LedgerError:
            return False
        return True


def _sealed(content: bytes, key: bytes, sha256: str) -> Iterator[bytes]:
    salt = os.urandom(_SALT)
    yield _MAGIC + salt
    sealer = _cipher(key, salt, sha256)
    chunks = max(1, -(-len(content) // CHUNK))
    for place in range(chunks):
        part = content[place * CHUNK : (place + 1) * CHUNK]
        yield sealer.encrypt(_nonce(place, last=place == chunks - 1), part, None)


def _cipher(key: bytes, salt: bytes, sha256: str) -> "ChaCha20Poly1305":
    # late: the window starts without a file of evidence
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    own = HKDF(algorithm=SHA256(), length=32, salt=salt, info=bytes.fromhex(sha256)).derive(key)
    return ChaCha20Poly1305(own)


def _nonce(place: int, *, last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([last])


# ---- what the ledger knows ---------------------------------------------------------------------


def note(connection: Connection, sha256: str, size: int, kind: str, time: int) -> bool:
    """A sealed file counts from now on. kind: sheet, document or photo. Returns False if it did already."""
    if connection.execute(select(file.c.sha256).where(file.c.sha256 == sha256)).first() is not None:
        return False
    connection.execute(
        file.insert().values(sha256=sha256, size=size, kind=kind, added_at=time, sent=0),
    )
    return True


def drop_sheet(connection: Connection, sha256: str) -> None:
    """A signed sheet in whose place another came: it is not sent any more, unless a report has it still."""
    report = rows["report"]
    unused = ~exists().where(report.c.sheet == file.c.sha256)
    connection.execute(file.delete().where(file.c.sha256 == sha256, file.c.kind == "sheet", unused))


def _needed() -> ColumnElement[bool]:
    """Files that some evidence still names, or that are none of it."""
    named = rows["evidence"]
    same = named.c.file == file.c.sha256
    used = exists().where(and_(same, or_(named.c.removed.is_(None), not_(named.c.removed))))
    return or_(used, ~exists().where(same))


def wanted(connection: Connection, limit: int = 200) -> list[bytes]:
    """SHA-256 of files to ask the province about: those whose bytes have all gone, whether it holds them, and
    those that there is no leave for. Of each so many at a time, signed sheets first, photos last.
    """
    found: list[bytes] = []
    for what in (file.c.sent >= file.c.size, and_(file.c.sent < file.c.size, file.c.token.is_(None))):
        query = select(file.c.sha256).where(file.c.held_at.is_(None), what, _needed())
        ordered = query.order_by(_ORDER, file.c.added_at, file.c.sha256).limit(limit)
        found += [bytes.fromhex(sha256) for sha256 in connection.execute(ordered).scalars()]
    return found


def note_leaves(connection: Connection, pairs: Sequence[tuple[str, str]], time: int) -> None:
    """What a signed answer said of files: leave to upload, or "" for one that the province holds whole.

    pairs: SHA-256 in hex and the leave. time: of the answer, seconds UTC.
    """
    for sha256, leave in pairs:
        # with leave for a file that went whole, the province says that it does not have it
        said: Mapping[str, object] = {
            "token": leave,
            "sent": case((file.c.sent >= file.c.size, 0), else_=file.c.sent),
        }
        if not leave:
            said = {"token": None, "url": None, "held_at": time}
        connection.execute(file.update().where(file.c.sha256 == sha256).values(**said))


def forget_held(connection: Connection) -> None:
    """The province went back to an older state: what it was known to hold is asked about anew."""
    connection.execute(file.update().values(held_at=None, token=None, url=None, sent=0))


def to_send(connection: Connection) -> list[Kept]:
    """Files that the province does not hold, in the order in which they go: sheets, documents, photos."""
    query = select(file).where(file.c.held_at.is_(None), _needed())
    return [
        Kept(row.sha256, row.size, row.kind, row.url or "", row.sent, row.token or "")
        for row in connection.execute(query.order_by(_ORDER, file.c.added_at, file.c.sha256))
    ]


def held_count(connection: Connection) -> int:
    """How many files a signed answer said that the province has."""
    return _count(connection, file.c.held_at.is_not(None))


def sent_count(connection: Connection) -> int:
    """How many files went whole, of which no signed answer has said so yet."""
    return _count(connection, file.c.held_at.is_(None), file.c.url.is_not(None), file.c.sent >= file.c.size)


def _count(connection: Connection, *where: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(file).where(*where)).scalar_one())


def note_upload(connection: Connection, sha256: str, url: str, sent: int) -> None:
    """How far an upload is. url: its path, "" when it has to begin anew."""
    connection.execute(file.update().where(file.c.sha256 == sha256).values(url=url or None, sent=sent))


def drop_leave(connection: Connection, sha256: str) -> None:
    """The leave does not hold any more; the next request asks for another one."""
    connection.execute(file.update().where(file.c.sha256 == sha256).values(token=None))


def adopt(connection: Connection, vault: Vault, time: int) -> list[str]:
    """Take up sealed files that evidence or a report names and that no row counts: the ledger was restored
    from an older copy. Returns their SHA-256; evidence is taken as of the kind `document`.
    """
    found: list[str] = []
    for column, kind in ((rows["report"].c.sheet, "sheet"), (rows["evidence"].c.file, "document")):
        known = exists().where(file.c.sha256 == column)
        for sha256 in connection.execute(select(column).where(~known).distinct()).scalars():
            if _is_name(sha256) and vault.holds(sha256):
                try:
                    content = vault.read(sha256)
                except LedgerError:
                    continue
                note(connection, sha256, len(content), kind, time)
                found.append(sha256)
    return found


def _is_name(sha256: object) -> bool:
    """Whether this is a SHA-256 in lower-case hex digits; another program may have written anything."""
    return isinstance(sha256, str) and len(sha256) == 64 and not set(sha256) - set("0123456789abcdef")
