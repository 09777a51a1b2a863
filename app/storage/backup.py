"""Copies of the ledger in a second folder: when the window closes, and before each step of a migration."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from app.record.copies import Copy, copies, make_copy
from app.record.files import sealed, unsealed, write_whole
from app.storage.home import Home

KEPT = 7
_SLOT = ".escrow"
_FORMAT = 1
_STEM = re.compile(r"so-nhiem-vu-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who can open a copy when its machine is dead. box_key: the province's. seal: makes the slot for it."""

    box_key: bytes
    seal: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """The key of a ledger's copies, sealed to the province. ledger: the id of the ledger, hex digits."""

    ledger: str
    sealed: bytes


def copy(
    engine: Engine,
    key: bytes,
    home: Home,
    now: int,
    *,
    folder: Path | None = None,
    keeper: Keeper | None = None,
) -> Path:
    """Make a verified copy of the ledger, with the small file that names it; the seven made last are kept.

    key: the key of the ledger's file, which is the copy's too. folder: default `backups` in the home.
    now: seconds UTC, for the name alone. keeper: for the slot that lies beside the copies.
    Raises LedgerDamaged, DiskFull, LedgerNoAccess, FileHeld; the ledger and its earlier copies stay as they
    are.
    """
    place = folder or home.backups
    made = _copy(engine, key, home, now, place, "")
    if keeper is not None:
        _keep_slot(place / f"{_stem(home)}{_SLOT}", home.read().ledger_id, keeper)
    return made


def slot(path: Path) -> Slot | None:
    """The slot that lies beside a copy, also where the copy was given another name; None if there is none.

    A folder that holds slots of several ledgers tells by the copy's own name which one is meant.
    """
    for folder in (path.parent, path.parent / "backups"):
        try:
            found = sorted(folder.glob(f"*{_SLOT}"))
        except OSError:
            continue
        named = _STEM.match(path.name)
        if named is not None and (own := folder / f"{named[0]}{_SLOT}") in found:
            found = [own]
        slots = [read for item in found if (read := _read_slot(item)) is not None]
        if len(slots) == 1:
            return slots[0]
    return None


def _keep_slot(path: Path, ledger_id: str, keeper: Keeper) -> None:
    """Written once: what it holds changes only with the province's key."""
    province = keeper.box_key.hex()
    try:
        facts = unsealed(path)
        if facts.get("province") == province and facts.get("ledger") == ledger_id:
            return
    except (OSError, ValueError):
        pass  # not there yet, or damaged
    text = base64.b64encode(keeper.seal()).decode()
    facts = {"format": _FORMAT, "ledger": ledger_id, "province": province, "slot": text}
    write_whole(path, sealed(facts), private=True)


def _read_slot(path: Path) -> Slot | None:
    try:
        facts = unsealed(path)
        ledger, text = facts.get("ledger"), facts.get("slot")
        if facts.get("format") != _FORMAT or not isinstance(ledger, str) or not isinstance(text, str):
            return None
        return Slot(ledger, base64.b64decode(text, validate=True))
    except (OSError, ValueError):
        return None


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
