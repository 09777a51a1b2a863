"""Copies of the ledger in a second folder: when the window closes, and before each step of a migration."""

from pathlib import Path

from sqlalchemy import Engine

from app.record.copies import Copy, copies, make_copy
from app.record.files import write_whole
from app.storage.home import Home

KEPT = 7


def copy(engine: Engine, key: bytes, home: Home, now: int, *, folder: Path | None = None) -> Path:
    """Make a verified copy of the ledger, with the small file that names it; the seven made last are kept.

    key: the key of the ledger's file, which is the copy's too. folder: default `backups` in the home.
    now: seconds UTC, for the name alone.
    Raises LedgerDamaged, DiskFull, LedgerNoAccess, FileHeld; the ledger and its earlier copies stay as they
    are.
    """
    return _copy(engine, key, home, now, folder or home.backups, "")


def before_migration(engine: Engine, key: bytes, home: Home, now: int) -> Path:
    """As `copy`, into the home's own backups; counted apart, so that closing does not drop them."""
    return _copy(engine, key, home, now, home.backups, "-before-update")


def made(home: Home, *, folder: Path | None = None) -> tuple[Copy, ...]:
    """The copies made of this ledger at closing, the one made last first, whatever the clock said."""
    return copies(folder or home.backups, _stem(home))


def _copy(engine: Engine, key: bytes, home: Home, now: int, folder: Path, purpose: str) -> Path:
    path = make_copy(engine, key, folder, _stem(home) + purpose, now, keep=KEPT)
    plate = folder / f"{_stem(home)}.json"
    content = home.plate_copy()
    try:
        there = plate.read_bytes()
    except OSError:
        there = b""
    if there != content:
        write_whole(plate, content, private=True)
    return path


def _stem(home: Home) -> str:
    """One folder may hold copies of several ledgers."""
    return f"so-nhiem-vu-{home.read().ledger_id[:8]}"
