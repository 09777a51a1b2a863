"""The form of a device's ledger: made new, or brought up step by step with a copy to go back to."""

from pathlib import Path

from sqlalchemy import Engine

from app.record import migrating
from app.record.tables import record_metadata
from app.storage import backup
from app.storage.home import Home
from app.storage.tables import device_metadata

HEAD = "0003"
"""The newest revision in `migrations`."""

SCRIPTS = Path(__file__).parent / "migrations"


def make(engine: Engine) -> None:
    """Make the tables of a new ledger, in one transaction."""
    migrating.make(engine, (record_metadata, device_metadata), HEAD)


def bring_up(engine: Engine, key: bytes, home: Home, now: int) -> tuple[str, ...]:
    """Take the steps that are due, with a verified copy before each; returns the revisions reached.

    key: of the ledger's file. now: seconds UTC, for the names of the copies.
    Raises LedgerNewer for a ledger that a later program wrote, LedgerForeign, and what `backup` raises.
    """
    return migrating.upgrade(engine, SCRIPTS, HEAD, lambda _: backup.before_migration(engine, key, home, now))
