"""Verified copies of a database file, kept in the order in which they were made.

Order is a number in the name, never the clock: after a day in a wrong year the next copy still counts as the
newest.
"""

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from app.domain.periods import HANOI
from app.record.engine import check_copy, write_copy
from app.record.faults import LedgerNoAccess, driver_error
from app.record.files import discard, flush_file, flush_folder, move_whole, ours

_PART = ".part"
_NAME = re.compile(r"-([0-9]{4,})-[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{4}\.db\Z")


@dataclass(frozen=True, slots=True)
class Copy:
    """One finished copy. number: counts up with each copy made of this stem."""

    number: int
    path: Path


def make_copy(engine: Engine, key: bytes | None, folder: Path, stem: str, now: int, *, keep: int) -> Path:
    """Copy the database, read the copy through, and only then give it its name; drop all but the newest.

    key: the key of the file, None for a plain one. stem: tells whose copy it is. now: seconds UTC, for the
    name alone. keep: how many of this stem stay.
    Raises LedgerDamaged if the copy is not whole, DiskFull, LedgerNoAccess, FileHeld (with the place of the
    finished copy); the earlier copies are then as they were.
    """
    try:
        folder.mkdir(exist_ok=True)
        number = max((copy.number for copy in copies(folder, stem)), default=0) + 1
        moment = datetime.fromtimestamp(now, HANOI).strftime("%Y-%m-%d-%H%M")
        path = folder / f"{stem}-{number:04d}-{moment}.db"
        part = path.with_name(f"{path.name}.{os.getpid()}{_PART}")
        discard(part)
        # VACUUM INTO takes an empty file; made here, so that it is its owner's alone from the start
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise driver_error(error, str(folder)) or LedgerNoAccess(path=str(folder)) from error
    try:
        _finish(engine, key, part)
    except BaseException:
        discard(part)
        raise
    move_whole(part, path)
    _drop_old(folder, stem, keep)
    return path


def copies(folder: Path, stem: str) -> tuple[Copy, ...]:
    """The finished copies of one stem, the one made last first. A missing folder holds none."""
    found = []
    try:
        for path in folder.iterdir():
            if path.name.startswith(f"{stem}-") and (match := _NAME.fullmatch(path.name[len(stem) :])):
                found.append(Copy(int(match[1]), path))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ours(error, folder) from error
    return tuple(sorted(found, key=lambda copy: (copy.number, copy.path.name), reverse=True))


def _finish(engine: Engine, key: bytes | None, part: Path) -> None:
    write_copy(engine, part)
    try:
        flush_file(part)
        # the removal of its journal must be on disk: were it back after a cut, the copy would open empty
        flush_folder(part.parent)
    except OSError as error:
        raise ours(error, part) from error
    check_copy(part, key)


def _drop_old(folder: Path, stem: str, keep: int) -> None:
    """All but the newest go, and what killed copies left behind. What is held stays until the next time."""
    for copy in copies(folder, stem)[keep:]:
        discard(copy.path)
    for left in folder.glob(f"{_escaped(stem)}-*{_PART}*"):
        discard(left)


def _escaped(stem: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", stem)
