"""The files of evidence at the province: their rows, and their bytes in a folder beside the database.

`parts/ID` grows while an upload comes in; its size is how far the upload is, so that no byte that arrived is
asked for again. `UNIT/SHA256` is a file that is there whole. A row says what counts.
"""

import hashlib
import re
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, select

from app.record import log
from app.record.faults import LedgerBusy
from app.record.files import alone, discard, flush_file, move_whole, ours, write_whole
from sync.server.store import Store
from sync.server.tables import upload
from sync.server.tus import NoRoom, OtherOffset, UnknownUpload, Wanted, WrongChecksum

UNIT_BYTES = 2 * 1024**3
"""Room for the files of one unit: about twenty years of them."""
UNFINISHED = 500
"""Uploads of one unit that may be on their way at once."""
KEEP_UNFINISHED = 30 * 86_400
"""Seconds that an upload nobody goes on with is kept."""

_ID = re.compile(r"[0-9a-f]{32}")
_FREE = 256 * 1024**2
_READ = 1024 * 1024


class Shelf:
    """Uploads and whole files of all units. folder: made when it is needed."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def create(self, unit: str, wanted: Wanted) -> str:
        """Begin an upload, or find the one of the same file. Returns its id.

        A file that is there whole stands at its end; so does one whose row was lost. Raises NoRoom.
        """
        now = self._store.now()
        with self._store.write() as connection:
            gone = self._expire(connection, unit, now)
            same = select(upload).where(upload.c.unit == unit, upload.c.sha256 == wanted.sha256)
            known = list(connection.execute(same))
            whole = next((row for row in known if row.done_at is not None), None)
            if whole is None and self._whole(unit, wanted.sha256, wanted.length):
                whole = self._insert(connection, unit, wanted, now, done=True)
            if whole is None and wanted.resume:
                begun = [row for row in known if row.length == wanted.length]
                whole = max(begun, key=lambda row: self._size(row.id), default=None)
            if whole is None:
                self._check_room(connection, unit, wanted.length)
                whole = self._insert(connection, unit, wanted, now, done=False)
        self._discard(gone)
        return str(whole.id)

    def find(self, id: str) -> Row[Any]:
        """The row of an upload. Raises UnknownUpload."""
        if not _ID.fullmatch(id):  # PostgreSQL takes no zero byte even in a question
            raise UnknownUpload()
        with self._store.read() as connection:
            found = connection.execute(select(upload).where(upload.c.id == id)).first()
        if found is None:
            raise UnknownUpload()
        return found

    def offset(self, row: Row[Any]) -> int:
        """How many bytes of an upload are here; at its end the file is verified and counts.

        Raises WrongChecksum when all bytes are there and are not the file; the upload is gone then.
        """
        if row.done_at is not None:
            return int(row.length)
        here = self._size(row.id)
        if here >= row.length or self._whole(row.unit, row.sha256, row.length):
            self.finish(row)
            return int(row.length)
        return here

    def append(self, row: Row[Any], at: int, data: bytes) -> int:
        """Add bytes that begin at `at`; returns where the upload stands then.

        Raises OtherOffset when another request has added some meanwhile, LedgerBusy when one is just adding,
        DiskFull, UnknownUpload when it is finished or gone.
        """
        part = self._part(row.id)
        try:
            with self._locked(row.id), part.open("rb+") as file:
                here = file.seek(0, 2)
                if here != at or here + len(data) > row.length:
                    raise OtherOffset(offset=here)
                file.write(data)
        except FileNotFoundError as error:
            self._discard([row.id])
            raise UnknownUpload() from error
        except OSError as error:
            raise ours(error, part) from error
        return at + len(data)

    def take_off(self, row: Row[Any], at: int, end: int) -> None:
        """Take the last bytes off again, if nothing was added behind them: they were not what was said."""
        part = self._part(row.id)
        with suppress(OSError, LedgerBusy), self._locked(row.id), part.open("rb+") as file:
            if file.seek(0, 2) == end:
                file.truncate(at)

    def note(self, row: Row[Any]) -> None:
        """Have what came on disk, and how far the upload is in its row."""
        part = self._part(row.id)
        with suppress(FileNotFoundError):
            flush_file(part)
        with self._store.write() as connection:
            connection.execute(
                upload.update()
                .where(upload.c.id == row.id)
                .values(received=min(self._size(row.id), row.length), at=self._store.now())
            )

    def finish(self, row: Row[Any]) -> None:
        """Verify a file that is all there, and let it count. Raises WrongChecksum; then it is gone."""
        part, target = self._part(row.id), self._file(row.unit, row.sha256)
        with self._locked(row.id):
            if not self._whole(row.unit, row.sha256, row.length):
                if _digest(part) != row.sha256:
                    self.remove(row)
                    raise WrongChecksum()
                _make(target.parent)
                flush_file(part)
                move_whole(part, target)
        with self._store.write() as connection:
            others = self._settle(connection, row.unit, row.sha256, row.id)
        self._discard([row.id, *others])

    def remove(self, row: Row[Any]) -> None:
        """End an upload. A file that is there whole stays: evidence is not taken back."""
        if row.done_at is None:
            with self._store.write() as connection:
                connection.execute(upload.delete().where(upload.c.id == row.id, upload.c.done_at.is_(None)))
            self._discard([row.id])

    def take(self, unit: str, sha256: str, content: bytes) -> bool:
        """Take a file that came by another road. Returns False if it was here. Raises WrongChecksum, NoRoom.

        Called outside of a transaction.
        """
        if hashlib.sha256(content).hexdigest() != sha256:
            raise WrongChecksum()
        now, wanted = self._store.now(), Wanted(len(content), sha256, False)
        with self._store.read() as connection:
            if sha256 in held(connection, unit, [sha256]):
                return False
            self._check_room(connection, unit, wanted.length)
        if not self._whole(unit, sha256, wanted.length):
            target = self._file(unit, sha256)
            _make(target.parent)
            write_whole(target, content, private=True)
        with self._store.write() as connection:
            row = self._insert(connection, unit, wanted, now, done=False)
            others = self._settle(connection, unit, sha256, row.id)
        self._discard(others)
        return True

    def _settle(self, connection: Connection, unit: str, sha256: str, id: str) -> list[str]:
        """One row counts for a file of a unit. Returns the ids of the uploads that are needed no more."""
        same = (upload.c.unit == unit, upload.c.sha256 == sha256)
        held_by = connection.execute(select(upload.c.id).where(*same, upload.c.done_at.is_not(None))).scalar()
        keep = held_by or id
        others = list(connection.execute(select(upload.c.id).where(*same, upload.c.id != keep)).scalars())
        connection.execute(upload.delete().where(*same, upload.c.id != keep))
        connection.execute(
            upload.update()
            .where(upload.c.id == keep, upload.c.done_at.is_(None))
            .values(received=upload.c.length, done_at=self._store.now(), at=self._store.now())
        )
        return others

    def _insert(self, connection: Connection, unit: str, wanted: Wanted, now: int, *, done: bool) -> Row[Any]:
        id = secrets.token_hex(16)
        if not done:
            part = self._part(id)
            _make(part.parent)
            try:
                part.touch(mode=0o600)
            except OSError as error:
                raise ours(error, part) from error
        connection.execute(
            upload.insert().values(
                id=id, unit=unit, sha256=wanted.sha256, length=wanted.length,
                received=wanted.length if done else 0, at=now, done_at=now if done else None,
            )
        )  # fmt: skip
        return connection.execute(select(upload).where(upload.c.id == id)).one()

    def _expire(self, connection: Connection, unit: str, now: int) -> list[str]:
        old = (upload.c.unit == unit, upload.c.done_at.is_(None), upload.c.at < now - KEEP_UNFINISHED)
        gone = list(connection.execute(select(upload.c.id).where(*old)).scalars())
        connection.execute(upload.delete().where(*old))
        return gone

    def _check_room(self, connection: Connection, unit: str, length: int) -> None:
        used = connection.execute(
            select(func.coalesce(func.sum(upload.c.length), 0)).where(upload.c.unit == unit)
        ).scalar_one()
        unfinished = connection.execute(
            select(func.count()).where(upload.c.unit == unit, upload.c.done_at.is_(None))
        ).scalar_one()
        _make(self._folder)
        free = shutil.disk_usage(self._folder).free
        if int(used) + length > UNIT_BYTES or int(unfinished) >= UNFINISHED or free < length + _FREE:
            raise NoRoom()

    def _locked(self, id: str) -> Any:
        return alone(self._part(id).with_suffix(".lock"), tries=1)

    def _part(self, id: str) -> Path:
        return self._folder / "parts" / id

    def _file(self, unit: str, sha256: str) -> Path:
        return self._folder / unit / sha256

    def _size(self, id: str) -> int:
        try:
            return self._part(id).stat().st_size
        except OSError:
            return 0

    def _whole(self, unit: str, sha256: str, length: int) -> bool:
        """Whether the whole file is there: what has its name was verified before it got it."""
        try:
            return self._file(unit, sha256).stat().st_size == length
        except OSError:
            return False

    def _discard(self, ids: Iterable[str]) -> None:
        for id in ids:
            discard(self._part(id))
            discard(self._part(id).with_suffix(".lock"))


def held(connection: Connection, unit: str, files: Iterable[str]) -> set[str]:
    """Which of these files of a unit are there whole. files: SHA-256 in hex."""
    query = select(upload.c.sha256).where(upload.c.unit == unit, upload.c.done_at.is_not(None))
    return {
        sha256
        for part in log.chunks(sorted(set(files)))
        for sha256 in connection.execute(query.where(upload.c.sha256.in_(part))).scalars()
    }


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(_READ):
                found.update(part)
    except OSError as error:
        raise ours(error, path) from error
    return found.hexdigest()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ours(error, folder) from error
