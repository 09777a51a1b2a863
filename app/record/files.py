"""Small files that are whole or not there: after a kill, a power cut or a virus scanner's grip.

Written under another name, flushed, renamed, and the folder flushed.
"""

import errno
import hashlib
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from app.domain.errors import LedgerError
from app.record.faults import DiskFull, LedgerBusy, LedgerNoAccess

Pause = Callable[[float], None]
T = TypeVar("T")

_PAUSES = (0.02, 0.05, 0.1, 0.1, 0.1, 0.1, 0.1)
"""Seconds between tries while another program holds a file: a virus scanner lets go within half a second."""

_LARGEST = 1_000_000
_CHECK = "check"


class FileHeld(LedgerError):
    """Another program does not let go of a file. The old one is whole. Facts: path."""

    code = "file-held"


class FileHeldKept(FileHeld):
    """The same, and the finished new file lies beside it. Facts: path; kept, where the new one lies."""

    code = "file-held-kept"


def write_whole(
    path: Path, content: bytes, *, private: bool = False, keep: bool = False, pause: Pause = time.sleep
) -> None:
    """Put `content` at `path`, so that there is at each moment the whole old file or the whole new one.

    private: readable by its owner alone. keep: if the old file cannot be replaced, leave the new one beside
    it under a free name, which FileHeldKept tells; without it the new one is removed.
    Raises FileHeld, DiskFull, LedgerNoAccess; this also where a device or a pipe lies, which a new name would
    take away from the whole machine.
    """
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        if path.exists() and not path.is_file():
            raise LedgerNoAccess(path=str(path))
        _write_flushed(new, content, 0o600 if private else 0o666)
        try:
            patiently(lambda: new.replace(path), pause)
        except PermissionError as error:
            if keep and (kept := _keep(new, path)):
                raise FileHeldKept(path=str(path), kept=kept) from error
            raise FileHeld(path=str(path)) from error
        flush_folder(path.parent)
    except OSError as error:
        raise ours(error, path) from error
    finally:
        # gone already if all went well; if not even that is let go, a stray file does no harm
        discard(new, pause=pause)


def move_whole(source: Path, target: Path, *, pause: Pause = time.sleep) -> None:
    """Give a finished, flushed file its name, in the same folder; an old file of that name is replaced.

    Raises FileHeldKept, DiskFull, LedgerNoAccess.
    """
    try:
        patiently(lambda: source.replace(target), pause)
        flush_folder(target.parent)
    except PermissionError as error:
        raise FileHeldKept(path=str(target), kept=str(source)) from error
    except OSError as error:
        raise ours(error, target) from error


def discard(path: Path, *, pause: Pause = time.sleep) -> bool:
    """Remove a file if it is there; False if another program does not let go of it."""
    try:
        patiently(lambda: path.unlink(missing_ok=True), pause)
    except OSError:
        return False
    return True


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on disk. Windows has no such call; there the rename is journalled."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # a file system that cannot
            raise
    finally:
        os.close(handle)


def flush_file(path: Path) -> None:
    """Have the content of a finished file on disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def patiently(action: Callable[[], T], pause: Pause = time.sleep) -> T:
    """Do it; try again for about half a second while the system says that somebody holds the file."""
    for seconds in _PAUSES:
        try:
            return action()
        except PermissionError:
            pause(seconds)
    return action()


@contextmanager
def alone(path: Path, *, tries: int = 50, pause: Pause = time.sleep) -> Iterator[None]:
    """What is done inside, one process does at a time; the system lets go of a process that was killed.

    path: a file that is made for this and stays. tries: 0.1 s apart. Raises LedgerBusy, LedgerNoAccess.
    """
    try:
        file = path.open("ab")
    except OSError as error:
        raise ours(error, path) from error
    with file:
        for left in reversed(range(tries)):
            try:
                _lock(file.fileno())
                break
            except OSError as error:
                if not left:
                    raise LedgerBusy(path=str(path.parent)) from error
                pause(0.1)
        yield


def _lock(descriptor: int) -> None:
    """Raises OSError while another process holds the lock."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def ours(error: OSError, path: Path) -> LedgerError:
    """The error of ours for one of the system's."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(path=str(path))
    return LedgerNoAccess(path=str(path))


def sealed(facts: Mapping[str, object]) -> bytes:
    """Facts as JSON with a check value, so that a damaged file is known as such."""
    return json.dumps({**facts, _CHECK: _check(facts)}, indent=1, ensure_ascii=False).encode() + b"\n"


def unsealed(path: Path) -> dict[str, object]:
    """The facts of a file written by `sealed`.

    Raises FileNotFoundError if there is none, ValueError if it is damaged (zeros, empty, halved, altered),
    other OSErrors if it cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(_LARGEST)
    facts = json.loads(content.decode("utf-8"))
    if not isinstance(facts, dict) or facts.pop(_CHECK, None) != _check(facts):
        raise ValueError("the check value does not fit")
    return facts


def _check(facts: Mapping[str, object]) -> str:
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _write_flushed(path: Path, content: bytes, mode: int) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep(new: Path, path: Path) -> str:
    """Let the finished file stay beside the old one, under the first free name."""
    for number in range(2, 100):
        free = path.with_stem(f"{path.stem} ({number})")
        if not free.exists():
            try:
                new.rename(free)
            except OSError:
                break
            flush_folder(free.parent)
            return str(free)
    return ""
