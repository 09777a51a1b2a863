"""What closed reports say, word for word: kept under the hash that the report's record names."""

import hashlib
import sys
from typing import Any

from sqlalchemy import Connection, select

from app.domain.errors import LedgerError
from app.storage.tables import frozen

LIMIT = 64 * 1024 * 1024
"""Bytes of one content, unpacked; a year of 2,000 tasks has a tenth of it."""

_LEVEL = 19


class FrozenDamaged(LedgerError):
    """The kept content of a report is not what its hash names. Facts: hash, in hex."""

    code = "frozen-damaged"


def keep(connection: Connection, content: bytes, time: int) -> bytes:
    """Keep a content; one that is kept already stays as it is. time: seconds UTC. Returns its SHA-256."""
    hash = hashlib.sha256(content).digest()
    if not holds(connection, hash):
        packed = _zstd().compress(content, level=_LEVEL)
        connection.execute(frozen.insert().values(hash=hash, content=packed, at=time))
    return hash


def holds(connection: Connection, hash: bytes) -> bool:
    """Whether a content is kept here."""
    return connection.execute(select(frozen.c.at).where(frozen.c.hash == hash)).first() is not None


def read(connection: Connection, hash: bytes) -> bytes | None:
    """The content that a hash names; None where it is not kept here. Raises FrozenDamaged."""
    packed = connection.execute(select(frozen.c.content).where(frozen.c.hash == hash)).scalar()
    if packed is None:
        return None
    zstd = _zstd()
    try:
        content: bytes = zstd.ZstdDecompressor().decompress(bytes(packed), max_length=LIMIT)
    except zstd.ZstdError as error:
        raise FrozenDamaged(hash=hash.hex()) from error
    if hashlib.sha256(content).digest() != hash:
        raise FrozenDamaged(hash=hash.hex())
    return content


def copy(there: Connection, here: Connection) -> int:
    """Take over every content that another ledger keeps and this one does not. Returns how many."""
    held = set(here.execute(select(frozen.c.hash)).scalars())
    found = [row._asdict() for row in there.execute(select(frozen)) if row.hash not in held]
    if found:
        here.execute(frozen.insert(), found)
    return len(found)


def _zstd() -> Any:
    """The library, loaded with the first report: the window starts without it."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd
