"""The form of the province's database: made new, or brought up step by step with a copy to go back to."""

from pathlib import Path

from sqlalchemy import Engine

from app.record import migrating
from app.record.copies import make_copy
from app.record.engine import name_of
from app.record.tables import record_metadata
from sync.server.tables import server_metadata

HEAD = "0003"
"""The newest revision in `migrations`."""

SCRIPTS = Path(__file__).parent / "migrations"

_KEPT = 7


def make(engine: Engine) -> bool:
    """Make the tables of a new database, in one transaction; False where there are tables already."""
    if not migrating.is_new(engine):
        return False
    migrating.make(engine, (record_metadata, server_metadata), HEAD)
    return True


def bring_up(engine: Engine, now: int) -> tuple[str, ...]:
    """Take the steps that are due; returns the revisions reached. now: seconds UTC, for the copies' names.

    Before each step an SQLite file is copied into `backups` beside it; of PostgreSQL an office keeps its own.
    Raises LedgerNewer, LedgerForeign, LedgerDamaged, DiskFull, LedgerNoAccess, FileHeld.
    """

    def copy(step: str) -> None:
        if engine.dialect.name == "sqlite":
            path = Path(name_of(engine))
            make_copy(engine, None, path.parent / "backups", f"{path.stem}-before-update", now, keep=_KEPT)

    return migrating.upgrade(engine, SCRIPTS, HEAD, copy)
