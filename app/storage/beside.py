"""Opens another ledger's file beside the present one: a copy is read, the file itself is not touched."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from app.domain.errors import LedgerError
from app.record import migrating
from app.record.engine import check_copy, open_ledger
from app.record.faults import LedgerDamaged, LedgerLocked, LedgerMissing, LedgerPlain, look
from app.record.files import alone, discard, ours
from app.record.migrating import LedgerForeign, LedgerNewer
from app.storage.home import Home
from app.storage.migrate import HEAD, SCRIPTS

_WAL = "-wal"
_SUFFIXES = ("", _WAL, "-shm", "-journal")


class BackupMissing(LedgerError):
    """There is no such file. Facts: path."""

    code = "backup-missing"


class BackupDamaged(LedgerError):
    """A copy that cannot be read to its end. Facts: path."""

    code = "backup-damaged"


class BackupForeign(LedgerError):
    """A file that is no copy of a ledger. Facts: path."""

    code = "backup-foreign"


class BackupLocked(LedgerError):
    """The keys at hand do not open the file. Facts: path."""

    code = "backup-locked"


class BackupNewer(LedgerError):
    """A later version of the program made the copy. Facts: path."""

    code = "backup-newer"


@contextmanager
def open_beside(path: Path, keys: Sequence[bytes], home: Home) -> Iterator[Engine]:
    """The other ledger, whole and in the form that this program knows; gone again afterwards.

    path: a copy, or the ledger's own file with what its machine had not yet written back into it. keys: of
    its file, tried in turn. home: where there is room to work; what lies there is encrypted as the file is.
    Raises BackupMissing, BackupDamaged, BackupForeign, BackupLocked, BackupNewer, LedgerBusy while
    another one is read here, DiskFull, LedgerNoAccess.
    """
    work = home.path / "beside.db"
    with alone(home.path / "beside.lock"):
        _discard(work)  # what a killed one left
        try:
            with _in_words(path):
                look(path, encrypted=True)
                _take(path, work)
                engine = _opened(work, keys)
            try:
                with _in_words(path):
                    migrating.upgrade(engine, SCRIPTS, HEAD, lambda _: None)
                yield engine
            finally:
                engine.dispose()
        finally:
            _discard(work)


def _opened(work: Path, keys: Sequence[bytes]) -> Engine:
    """Raises LedgerLocked when none of the keys fits."""
    for key in keys:
        try:
            check_copy(work, key)
        except LedgerLocked:
            continue
        return open_ledger(work, key, create=False)
    raise LedgerLocked(path=str(work))


def _take(path: Path, work: Path) -> None:
    try:
        for suffix in ("", _WAL):
            source = path.with_name(path.name + suffix)
            if not suffix or source.exists():
                target = work.with_name(work.name + suffix)
                os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                shutil.copyfile(source, target)
    except OSError as error:
        raise ours(error, path) from error


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """What is wrong with the file, said of a copy and not of the ledger of this home."""
    try:
        yield
    except LedgerMissing as error:
        raise BackupMissing(path=str(path)) from error
    except LedgerLocked as error:
        raise BackupLocked(path=str(path)) from error
    except (LedgerPlain, LedgerForeign) as error:
        raise BackupForeign(path=str(path)) from error
    except LedgerDamaged as error:
        raise BackupDamaged(path=str(path)) from error
    except LedgerNewer as error:
        raise BackupNewer(path=str(path)) from error


def _discard(work: Path) -> None:
    for suffix in _SUFFIXES:
        discard(work.with_name(work.name + suffix))
