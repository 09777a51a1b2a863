"""Files that are handed over on a stick: written beside, flushed, read back, and only then named.

A stick may be write-protected, too small, pulled out too early, or twelve years old. Nothing that lies there
is written over unless it is an older file of the same kind.
"""

import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import LedgerError
from app.record.faults import DiskFull, why
from app.record.files import FileHeldKept, discard, move_whole, patiently
from app.words import N_

_STEP = 1024 * 1024
_LOOKED_AT = 2_000
_PROGRAMS = frozenset(
    (
        ".bat", ".cmd", ".com", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk", ".msi", ".pif", ".ps1", ".scr",
        ".vbe", ".vbs", ".wsf",
    )
)  # fmt: skip
_ROOM_GONE = (errno.ENOSPC, errno.EDQUOT)


class FileUnreadable(LedgerError):
    """A file that was named cannot be read. Facts: file, why."""

    code = "file-unreadable"


class FileUnwritable(LedgerError):
    """A file that was named cannot be written. Facts: file, why."""

    code = "file-unwritable"


class StickUnsound(LedgerError):
    """What was written reads back as something else. Facts: file."""

    code = "stick-unsound"


class Hashed:
    """A file that is written from front to back, and what its SHA-256 must be when it is read again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Append. Raises OSError."""
        self.hash.update(data)
        return self._file.write(data)


def check(path: Path, replaces: Callable[[Path], bool]) -> None:
    """Whether `written` could begin there, as far as that shows before. Raises FileUnwritable."""
    try:
        _check(path, replaces)
    except OSError as error:
        raise FileUnwritable(file=str(path), why=why(error)) from error


@contextmanager
def written(path: Path, replaces: Callable[[Path], bool]) -> Iterator[Hashed]:
    """A new file at `path`, there whole when the block has ended well, else not at all.

    replaces: whether a file that lies there may be replaced; a missing one is not asked about.
    Raises FileUnwritable before the block; FileUnwritable, DiskFull, StickUnsound, FileHeldKept after it.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    try:
        _check(path, replaces)
        new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        made = os.fdopen(os.open(new, flags, 0o666), "wb", buffering=_STEP)
    except OSError as error:
        raise FileUnwritable(file=str(path), why=why(error)) from error
    kept = False
    try:
        try:
            with made:
                hashed = Hashed(made)
                yield hashed
                made.flush()
                os.fsync(made.fileno())
                _forget(made.fileno())
            if _read_back(new) != hashed.hash.digest():
                raise StickUnsound(file=str(path))
        except OSError as error:
            if error.errno in _ROOM_GONE:
                raise DiskFull(path=str(path)) from error
            raise FileUnwritable(file=str(path), why=why(error)) from error
        try:
            move_whole(new, path)
        except FileHeldKept:
            kept = True
            raise
        _clear(path)
    finally:
        if not kept:
            discard(new)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file to read. Raises FileUnreadable, in the block too: a stick may be pulled out meanwhile."""
    try:
        with ordinary(path) as file:
            yield file
    except OSError as error:
        raise FileUnreadable(file=str(path), why=why(error)) from error


def ordinary(path: Path) -> BinaryIO:
    """A file to read, and nothing that only waits for what another program writes. Raises OSError."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # a folder has an error of its own
        raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), str(path))
    return path.open("rb")


def begins_with(path: Path, mark: bytes) -> bool:
    """Whether a file is empty or begins like this."""
    try:
        with ordinary(path) as file:
            head = file.read(len(mark))
    except OSError:
        return False
    return head in {b"", mark}


def free_bytes(path: Path) -> int | None:
    """Room where a file is to lie; None where the system does not tell."""
    try:
        return shutil.disk_usage(path.absolute().parent).free
    except OSError:
        return None


def strange_programs(path: Path, home: Path) -> tuple[str, ...]:
    """Names of programs that lie beside a file on a stick; they are not opened, only told.

    home: a folder on a disk of this machine; what lies on the same disk is no stick.
    """
    folder = path.absolute().parent
    try:
        if folder.stat().st_dev == home.stat().st_dev:
            return ()
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _LOOKED_AT)]
    except OSError:
        return ()
    return tuple(sorted(name for name in names if _runs(name)))


def _runs(name: str) -> bool:
    return name.casefold() == "autorun.inf" or Path(name).suffix.casefold() in _PROGRAMS


def _check(path: Path, replaces: Callable[[Path], bool]) -> None:
    if path.is_dir():
        raise FileUnwritable(file=str(path), why=N_("it is a folder"))
    if not path.absolute().parent.exists():
        raise FileUnwritable(file=str(path), why=N_("the folder is not there"))
    if path.exists() and not replaces(path):
        raise FileUnwritable(file=str(path), why=N_("another file has this name"))


def _clear(path: Path) -> None:
    """Remove what earlier tries left, killed or pulled out too early, under names that were given here."""
    left = re.compile(re.escape(path.name) + r"\.[0-9a-f]{8}\.new")
    try:
        with os.scandir(path.absolute().parent) as entries:
            names = [entry.name for entry in islice(entries, _LOOKED_AT) if left.fullmatch(entry.name)]
    except OSError:
        return
    for name in names:
        discard(path.with_name(name))


def _read_back(path: Path) -> bytes:
    found = hashlib.sha256()
    with patiently(lambda: path.open("rb")) as file:  # a scanner may look at it first
        while part := file.read(_STEP):
            found.update(part)
    return found.digest()


def _forget(descriptor: int) -> None:
    """Have the system read from the stick again, and not from its own memory, where it can be asked to."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        advise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
