"""Takes a copy of another ledger of this unit into the present one: a dead machine's, or an earlier one.

What the commune wrote there and is not held here comes along, whoever wrote it, and waits for the province as
if that machine had sent it. Nothing that is here is changed; all of it in one transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from app.domain.change import START, Change, Held, Name
from app.domain.errors import LedgerError
from app.domain.fields import ENTITIES
from app.domain.ids import random_stream
from app.domain.text import clean
from app.record import log
from app.record.apply import apply
from app.record.digest import seal
from app.record.engine import reading
from app.record.tables import change
from app.security.keys import KeysDamaged, KeysMissing, from_file, subkey
from app.services.opening import Opened
from app.storage import backup, drafts, frozen, meta, outgoing
from app.storage.beside import BackupDamaged, BackupForeign, BackupLocked, open_beside
from app.storage.drafts import Draft
from app.storage.ledger import Edit
from app.storage.meta import Identity
from app.storage.tables import answer, answer_change, told

Ask = Callable[[str, bytes], bytes]
"""Has the province open the slot of a ledger (id, slot); gives the data key, raises what a road raises."""

_PROVINCE = frozenset(name for name, entity in ENTITIES.items() if entity.side == "province")


class BackupOtherUnit(LedgerError):
    """The copy is of another unit. Facts: unit, its name."""

    code = "backup-other-unit"


class BackupOtherProvince(LedgerError):
    """The copy is of a ledger that belongs to another province, or of one for practice."""

    code = "backup-other-province"


class BackupKeys(LedgerError):
    """The file of keys that was given is not there or is none. Facts: path."""

    code = "backup-keys"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of it. taken: changes that were new here. pending: what waits for the province now.

    device: the name of the machine whose ledger it was.
    """

    taken: int
    pending: int
    device: str


@dataclass(frozen=True, slots=True)
class _Other:
    """What is wanted of the other ledger."""

    identity: Identity
    changes: list[Held]
    theirs: list[Held]  # what the province wrote, as far as a signed answer with it is kept there
    answers: dict[bytes, tuple[int, list[Name]]]  # by envelope: when it was taken, what of `theirs` it holds
    drafts: list[Draft]
    last: int  # number of the last change of its stream


def take_in(opened: Opened, path: Path, *, keys: Path | None = None, ask: Ask | None = None) -> TakenIn:
    """Take in the copy at `path`; the same one again changes nothing.

    The key: this ledger's own for copies of itself, else out of the file `keys` of the other home, else by
    the slot that lies beside the copy, which the province opens. Raises BackupMissing, BackupDamaged,
    BackupForeign, BackupLocked, BackupNewer, BackupOtherUnit, BackupOtherProvince, BackupKeys, and
    what `ask` raises; then nothing was written.
    """
    try:
        return _with(opened, path, [opened.subkey("db")])
    except BackupLocked:
        pass
    if keys is not None:
        return _with(opened, path, [subkey(_given(keys), "db")])
    slot = backup.slot(path)
    if slot is None or ask is None:
        raise BackupLocked(path=str(path))
    try:
        return _with(opened, path, [subkey(ask(slot.ledger, slot.sealed), "db")])
    except BackupLocked as error:
        if slot.ledger[:8] in path.name:  # the right key: so the first page is not what it was
            raise BackupDamaged(path=str(path)) from error
        raise


def _given(keys: Path) -> bytes:
    try:
        return from_file(keys)[1].data_key
    except (KeysMissing, KeysDamaged) as error:
        raise BackupKeys(path=str(keys)) from error


def _with(opened: Opened, path: Path, keys: Sequence[bytes]) -> TakenIn:
    with open_beside(path, keys, opened.home) as other, opened.ledger.edit() as edit:
        own = opened.ledger.identity
        with reading(other) as connection:
            found = _read(connection, edit.connection, own, path)
            frozen.copy(connection, edit.connection)
        taken = _merge(edit, own, found)
        if taken:
            facts = {"count": taken, "device": found.identity.device_name}
            edit.connection.execute(
                told.insert().values(at=opened.ledger.now(), code="backup-taken-in", facts=facts)
            )
        return TakenIn(taken, outgoing.pending_count(edit.connection), found.identity.device_name)


def _read(there: Connection, here: Connection, own: Identity, path: Path) -> _Other:
    identity = meta.read_identity(there)
    if identity is None:
        raise BackupForeign(path=str(path))
    if identity.unit != own.unit:
        raise BackupOtherUnit(unit=identity.unit_name)
    if identity.province_key != own.province_key:
        raise BackupOtherProvince()
    missing = _names(there) - _names(here)
    changes: list[Held] = []
    theirs: list[Held] = []
    for held in log.read(there):
        if held.change.name not in missing:
            continue
        if not _is_whole(held.change):
            raise BackupDamaged(path=str(path))
        (theirs if held.change.entity in _PROVINCE else changes).append(held)
    lost = theirs if outgoing.position(here) != START else []  # before the first sync nothing is lost
    answers = _answers(there, {held.change.name for held in lost})
    kept = {name for _, names in answers.values() for name in names}
    last = select(func.max(change.c.n)).where(change.c.stream == identity.stream)
    return _Other(
        identity,
        changes,
        [held for held in lost if held.change.name in kept],
        answers,
        drafts.left(there),
        int(there.execute(last).scalar() or 0),
    )


def _merge(edit: Edit, own: Identity, found: _Other) -> int:
    connection = edit.connection
    # What the province said of them was said to that machine: here they wait until it says so again.
    mine = [Held(held.change, None, held.refused) for held in found.changes]
    apply(connection, [*mine, *(Held(held.change) for held in found.theirs)])
    _keep_answers(connection, found)
    if any(held.change.stream == own.stream for held in found.changes):
        # this ledger is an earlier state of that one: what it writes next must not bear the same numbers
        meta.write_identity(connection, meta.with_stream(own, random_stream()))
    # A machine that goes on from this very copy has dealt with its drafts since.
    stale = found.identity.device == own.device and not mine
    recorded = 0 if stale else sum(_record(connection, own, found, draft) for draft in found.drafts)
    return len(mine) + recorded


def _record(connection: Connection, own: Identity, found: _Other, draft: Draft) -> bool:
    """What was being typed there becomes a change, as when that machine starts again. False if it is one."""
    held = log.of_records(connection, [draft.record]).get(draft.record, [])
    try:
        value = clean(draft.value)
    except LedgerError:
        return _keep(connection, draft)
    names = {name.ref for name in draft.over}
    for item in held:
        made = item.change
        if draft.field not in made.fields:
            continue
        said = made.fields[draft.field] == value and made.by == draft.by and names <= set(made.over)
        if said or (made.stream == found.identity.stream and made.n > found.last):
            return False
    stream = (meta.read_identity(connection) or own).stream
    writer = Edit(connection, draft.by, draft.at, stream)
    seen = drafts.seen(connection, draft)
    try:
        return writer.set(draft.entity, draft.key, draft.field, value, seen) is not None
    except LedgerError:
        return _keep(connection, draft)


def _keep(connection: Connection, draft: Draft) -> bool:
    """What cannot be recorded as it is stays a draft, for a person to mend. Always False: no change."""
    if draft.field not in drafts.load(connection, draft.record):
        drafts.save(connection, draft)
    return False


def _keep_answers(connection: Connection, found: _Other) -> None:
    """The province's own changes travel back inside the signed answers that they came in."""
    for envelope, (taken_at, names) in found.answers.items():
        kept = connection.execute(answer.insert().values(taken_at=taken_at, envelope=envelope))
        key = kept.inserted_primary_key
        assert key is not None
        rows = [
            {"answer": key[0], "stream": name.stream, "n": name.n, "digest": name.digest} for name in names
        ]
        connection.execute(answer_change.insert(), rows)


def _answers(there: Connection, wanted: set[Name]) -> dict[bytes, tuple[int, list[Name]]]:
    if not wanted:
        return {}
    columns = (answer_change.c.answer, answer_change.c.stream, answer_change.c.n, answer_change.c.digest)
    by_answer: dict[int, list[Name]] = {}
    left = set(wanted)
    for row in there.execute(select(*columns).order_by(answer_change.c.answer.desc())):
        name = Name(row.stream, row.n, bytes(row.digest))
        if name in left:
            left.discard(name)
            by_answer.setdefault(row.answer, []).append(name)
    query = select(answer).where(answer.c.id.in_(list(by_answer)))
    return {bytes(row.envelope): (row.taken_at, by_answer[row.id]) for row in there.execute(query)}


def _names(connection: Connection) -> set[Name]:
    query = select(change.c.stream, change.c.n, change.c.digest)
    return {Name(row.stream, row.n, bytes(row.digest)) for row in connection.execute(query)}


def _is_whole(made: Change) -> bool:
    again = seal(
        stream=made.stream, n=made.n, by=made.by, at=made.at, entity=made.entity, id=made.id,
        fields=made.fields, over=made.over,
    )  # fmt: skip
    return again.digest == made.digest
