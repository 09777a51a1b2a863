"""What can be wrong with a database file, told apart, and the driver's errors made ours.

The driver gives one error for a wrong key, a plain file and a damaged first page, and opens an empty file as
a new ledger. So a file is looked at before it is opened.
"""

import errno
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from app.domain.errors import LedgerError
from app.words import N_

PLAIN = b"SQLite format 3\x00"
"""How an unencrypted SQLite file begins."""

_SMALLEST_PAGE = 512
_SMALLEST_ROOM = 65_536
"""Bytes without which SQLite cannot open a database that has a log beside it."""

_WHY = {
    errno.ENOENT: N_("it is not there"),
    errno.ENOTDIR: N_("a file stands where a folder should be"),
    errno.EEXIST: N_("a file has this name"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENXIO: N_("it is no ordinary file"),
    errno.EACCES: N_("this user has no right to it"),
    errno.EPERM: N_("this user has no right to it"),
    errno.EROFS: N_("nothing can be written there"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EADDRINUSE: N_("it is in use already"),
    errno.EADDRNOTAVAIL: N_("this machine has no such address"),
}


class LedgerMissing(LedgerError):
    """There is no file where one is expected. Facts: path."""

    code = "ledger-missing"


class LedgerExists(LedgerError):
    """A new file was to be made where one lies already. Facts: path."""

    code = "ledger-exists"


class LedgerDamaged(LedgerError):
    """The file is there and cannot be read as a ledger. Facts: path."""

    code = "ledger-damaged"


class LedgerEmptied(LedgerDamaged):
    """The file holds nothing, or nothing but zeros, as power cuts leave them. Facts: path."""

    code = "ledger-emptied"


class LedgerPlain(LedgerDamaged):
    """A file without encryption lies where the ledger should be. Facts: path."""

    code = "ledger-plain"


class LedgerLocked(LedgerDamaged):
    """The file does not open with this key: another ledger's, or its first page is damaged. Facts: path."""

    code = "ledger-other-key"


class LedgerBusy(LedgerError):
    """Another program held the file for longer than the wait of 5 seconds. Facts: path."""

    code = "ledger-busy"


class LedgerNoAccess(LedgerError):
    """The system does not let this user read or write the file or its folder. Facts: path."""

    code = "ledger-no-access"


class DiskFull(LedgerError):
    """No room is left; what was to be written was rolled back. Facts: path."""

    code = "disk-full"


class NetworkDrive(LedgerError):
    """The file would lie on a network drive, where SQLite's WAL does not hold. Facts: path."""

    code = "network-drive"


class DatabaseUnreachable(LedgerError):
    """The province's database server does not answer. Facts: reason."""

    code = "database-unreachable"


def look(path: Path, *, encrypted: bool) -> None:
    """Look at size and first bytes before a file is opened as a database.

    Raises LedgerMissing, LedgerEmptied, LedgerPlain, LedgerDamaged, LedgerNoAccess.
    """
    try:
        if path.is_fifo():  # it would be waited for until somebody writes
            raise LedgerDamaged(path=str(path))
        with path.open("rb") as file:
            head = file.read(4096)
            size = file.seek(0, 2)
    except FileNotFoundError as error:
        raise LedgerMissing(path=str(path)) from error
    except IsADirectoryError as error:
        raise LedgerDamaged(path=str(path)) from error
    except OSError as error:
        raise LedgerNoAccess(path=str(path)) from error
    if not head.strip(b"\x00"):
        raise LedgerEmptied(path=str(path))
    if encrypted and head.startswith(PLAIN):
        raise LedgerPlain(path=str(path))
    # No question whether the size is whole pages: a page torn by a cut is mended from the WAL.
    if size < _SMALLEST_PAGE or (not encrypted and not head.startswith(PLAIN)):
        raise LedgerDamaged(path=str(path))


@contextmanager
def in_our_words(path: str) -> Iterator[None]:
    """Make what the driver raises inside the block one of ours; what no person can help passes as it is."""
    try:
        yield
    except DBAPIError as error:
        ours = _ours(error.orig, path)
        if ours is None and isinstance(error, OperationalError | InterfaceError) and not _code(error.orig):
            ours = DatabaseUnreachable(reason=str(error.orig).strip())
        if ours is None:
            raise
        raise ours from error


def driver_error(error: BaseException, path: str) -> LedgerError | None:
    """Our error for one of the driver's, or None where a person can do nothing about it."""
    return _ours(error, path)


def _code(error: BaseException | None) -> int:
    """The primary result code of SQLite, 0 for errors of another database."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF if isinstance(code, int) else 0


_BY_CODE: dict[int, type[LedgerError]] = {
    3: LedgerNoAccess,  # SQLITE_PERM
    5: LedgerBusy,  # SQLITE_BUSY
    6: LedgerBusy,  # SQLITE_LOCKED
    8: LedgerNoAccess,  # SQLITE_READONLY
    10: LedgerNoAccess,  # SQLITE_IOERR: a stick pulled out, a drive gone
    11: LedgerDamaged,  # SQLITE_CORRUPT
    13: DiskFull,  # SQLITE_FULL
    14: LedgerNoAccess,  # SQLITE_CANTOPEN
    26: LedgerDamaged,  # SQLITE_NOTADB
}


def _ours(error: BaseException | None, path: str) -> LedgerError | None:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DiskFull(path=path)
    kind = _BY_CODE.get(_code(error))
    if kind is LedgerNoAccess and _no_room(path):  # not even for the small files that SQLite begins with
        kind = DiskFull
    return None if kind is None else kind(path=path)


def _no_room(path: str) -> bool:
    try:
        return shutil.disk_usage(Path(path).absolute().parent).free < _SMALLEST_ROOM
    except (OSError, ValueError):
        return False


def why(error: OSError) -> str:
    """What the system said of a file or an address, as a phrase of the catalogue where it is a known one."""
    if isinstance(error, socket.gaierror):
        return N_("this name is not known in this network")
    return _WHY.get(error.errno or 0) or error.strerror or str(error)
