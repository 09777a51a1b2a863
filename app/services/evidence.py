"""Files that show what was done: added to a week's record of a task, listed, taken away again.

Adding has two steps: `prepare` reads and shrinks and touches nothing of the ledger, so it can take its time
on a thread of its own; `commit` seals the file and writes its change.
"""

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from app.domain.change import Value
from app.domain.errors import LedgerError
from app.domain.evidence import (
    LIMIT,
    PHOTOS,
    TOO_LARGE,
    FileRefused,
    Kind,
    check_secrecy,
    form_of,
    office_text,
    plain_name,
    tidy_name,
)
from app.domain.fields import identity
from app.domain.ids import progress_id, record_id
from app.domain.merge import NOTHING
from app.domain.text import clean
from app.record.faults import why
from app.record.log import chunks
from app.record.outside import ordinary
from app.record.reading import seen
from app.record.tables import rows
from app.services import exchange
from app.services.opening import Opened
from app.services.pdfs import words_of
from app.services.photos import Size, shrink
from app.storage import evidence as storage
from app.storage.ledger import Edit
from app.storage.tables import file as kept

ROOM = 64 * 1024 * 1024
"""Bytes that stay free on the disk for words, which go before files."""

_FOLDER = "evidence"


class LowDisk(LedgerError):
    """The disk is nearly full: words are still saved, files are not taken. Facts: free, in MB."""

    code = "evidence-low-disk"


class FileUnreadable(LedgerError):
    """A file that cannot be read. Facts: file, why."""

    code = "file-unreadable"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is fit to be taken. sha256: of `content`, which is what is sent.

    original: bytes of the file that was chosen. had_place: it said where a photo was taken, which is gone.
    """

    sha256: str
    name: str
    kind: Kind
    content: bytes
    original: int
    had_place: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding a file. new: False when it was there already, for this task and week.

    record: of the evidence. elsewhere: codes of other tasks that the same file stands at; it is kept once.
    """

    record: str
    sha256: str
    name: str
    kind: Kind
    size: int
    new: bool
    had_place: bool
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence. record: its id. exchange: one of `exchange.WORDS`, for its words and its bytes.

    here: the file is kept on this machine. sent: bytes of it that the province said it has.
    """

    record: str
    progress: str
    task: str
    week: str
    sha256: str
    name: str
    size: int
    caption: str
    here: bool
    sent: int
    exchange: str

    @property
    def file_known(self) -> bool:
        """Whether `exchange` speaks of the file too: of one that lies at another machine only that machine
        hears whether the province has it.
        """
        return self.here or self.exchange != "received"


def vault(opened: Opened) -> storage.Vault:
    """Where the files of a ledger lie."""
    return storage.Vault(opened.home.path / _FOLDER, opened.subkey("evidence"), opened.subkey("names"))


def prepare(path: Path, size: Size = "small") -> Prepared:
    """Read a file, look at what it is, and make it fit to be sent; the original is not touched.

    size: of photos, see `photos.shrink`. Raises FileUnreadable, FileRefused, HeicRefused, SecretRefused,
    BadText.
    """
    try:
        with ordinary(path) as opened:
            content = opened.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = why(error) if isinstance(error, OSError) else str(error)
        raise FileUnreadable(file=path.name, why=reason) from error
    shown = plain_name(path.name)
    form = form_of(content, shown)
    check_secrecy(path.name)
    original, had_place = len(content), False
    if form in PHOTOS:
        photo = shrink(content, form, size, shown)
        content, form, had_place = photo.content, photo.form, photo.had_place
        if len(content) > LIMIT:
            raise FileRefused(file=shown, problem=TOO_LARGE)
    else:
        check_secrecy(path.name, words_of(content, shown) if form == "pdf" else office_text(content, form))
    return Prepared(
        hashlib.sha256(content).hexdigest(),
        tidy_name(path.name, form),
        "photo" if form in PHOTOS else "document",
        content,
        original,
        had_place,
    )


def commit(
    opened: Opened, key: Mapping[str, str], prepared: Prepared, *, by: str | None = None, caption: str = ""
) -> Added:
    """Seal a prepared file and write that it is evidence. key: of the week's record, as a line has it.

    by: a person, else who enrolled. Raises LowDisk, DiskFull, LedgerBusy.
    """
    place = vault(opened)
    check_room(opened, len(prepared.content))
    with place.alone():
        place.put(prepared.content)
        with opened.ledger.edit(by) as edit:
            storage.note(
                edit.connection,
                prepared.sha256,
                len(prepared.content),
                prepared.kind,
                opened.ledger.now(),
            )
            edit.open("progress", key)  # so that whoever meets the evidence can tell whose it is
            return _write(edit, progress_id(key["assignment"], key["week"]), prepared, caption)


def add(
    opened: Opened, key: Mapping[str, str], path: Path, size: Size = "small", *, by: str | None = None
) -> Added:
    """Add a file to a week's record of a task: `prepare`, then `commit`. Raises what they raise."""
    check_room(opened, 0)
    return commit(opened, key, prepare(path, size), by=by)


def check_room(opened: Opened, size: int) -> None:
    """Whether the disk has room for a file beside the words. size: bytes. Raises LowDisk."""
    free = shutil.disk_usage(opened.home.path).free
    if free - size < ROOM:
        raise LowDisk(free=free // 10**6)


def content(opened: Opened, sha256: str) -> bytes:
    """What a file holds. Raises EvidenceDamaged when it is not here or damaged."""
    return vault(opened).read(sha256)


def remove(edit: Edit, record: str) -> bool:
    """Take a piece of evidence away; its file stays until nobody needs it. False if it was away already."""
    table = rows["evidence"]
    row = edit.connection.execute(select(table).where(table.c.id == record)).first()
    if row is None or row.removed:
        return False
    return _mark(edit, row.progress, row.file, removed=True)


def items(connection: Connection, records: Iterable[str] | None = None) -> list[Item]:
    """Evidence that was not taken away, by task, week and name.

    records: of progress (`Line.progress`); None for all. A constant number of queries for 400 records.
    """
    found = _rows(connection, None if records is None else list(records))
    words = exchange.words(connection, [row.id for row in found])
    here = {row.sha256: row for row in connection.execute(select(kept))}
    made = []
    for row in found:
        file = here.get(row.file)
        made.append(
            Item(
                record=row.id,
                progress=row.progress,
                task=row.code or "",
                week=row.week or "",
                sha256=row.file,
                name=row.name or "",
                size=row.size or 0,
                caption=row.caption or "",
                here=file is not None,
                sent=0 if file is None else file.size if file.held_at is not None else file.sent,
                exchange=_word(words.get(row.id, "waiting"), file),
            )
        )
    return sorted(made, key=lambda item: (item.task, item.week, item.name, item.sha256))


def summary(connection: Connection) -> tuple[int, int]:
    """How many files wait for the province, and how many bytes are still to go."""
    waiting = storage.to_send(connection)
    return len(waiting), sum(max(0, item.size - item.sent) for item in waiting)


def _word(said: str, file: Any) -> str:
    """What the province has is both: the words, and the bytes if they are kept here."""
    if said != "received" or file is None or file.held_at is not None:
        return said
    return "sending" if file.url else "waiting"


def _write(edit: Edit, progress: str, prepared: Prepared, caption: str) -> Added:
    record = record_id("evidence", progress, prepared.sha256)
    table = rows["evidence"]
    row = edit.connection.execute(select(table).where(table.c.id == record)).first()
    new = row is None or bool(row.removed)
    if row is None:
        said: dict[str, Value] = {"name": prepared.name, "size": len(prepared.content)}
        if caption:
            said["caption"] = clean(caption)
        edit.write("evidence", {"progress": progress, "file": prepared.sha256}, said)
    elif row.removed:
        _mark(edit, progress, prepared.sha256, removed=False)
    others = _rows(edit.connection, None, prepared.sha256)
    return Added(
        record,
        prepared.sha256,
        prepared.name,
        prepared.kind,
        len(prepared.content),
        new,
        prepared.had_place,
        tuple(sorted({item.code for item in others if item.progress != progress and item.code})),
    )


def _mark(edit: Edit, progress: str, file: str, *, removed: bool) -> bool:
    key = {"progress": progress, "file": file}
    record = identity("evidence", key) or ""
    shown = seen(edit.connection, "evidence", [record]).get((record, "removed"), NOTHING)
    return edit.set("evidence", key, "removed", removed, shown) is not None


def _rows(connection: Connection, records: list[str] | None, sha256: str | None = None) -> list[Row[Any]]:
    """Evidence that stands, with the code and week of what it is evidence of, where that is known."""
    table, progress, given, task = (rows[name] for name in ("evidence", "progress", "assignment", "task"))
    query = (
        select(table, progress.c.week, task.c.code)
        .join(progress, progress.c.id == table.c.progress, isouter=True)
        .join(given, given.c.id == progress.c.assignment, isouter=True)
        .join(task, task.c.id == given.c.task, isouter=True)
        .where(table.c.removed.is_not(True))
    )
    if sha256 is not None:
        query = query.where(table.c.file == sha256)
    if records is None:
        return list(connection.execute(query))
    found: list[Row[Any]] = []
    for part in chunks(sorted(set(records))):
        found += connection.execute(query.where(table.c.progress.in_(part)))
    return found
