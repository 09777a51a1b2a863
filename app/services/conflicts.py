"""Where two people wrote one field without having seen each other, and the history of a field."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.domain.change import Change, Held, Name, Value
from app.domain.errors import LedgerError
from app.domain.fields import ENTITIES
from app.domain.merge import Seen
from app.domain.periods import BadWeek, Week
from app.domain.text import clean
from app.record import log
from app.record.reading import seen
from app.record.tables import head, rows
from app.services import machines, people
from app.storage.ledger import Edit
from app.storage.meta import Identity


class ConflictUnknown(LedgerError):
    """No field of this ledger waits to be decided under this name. Facts: id."""

    code = "conflict-unknown"


class ConflictChanged(LedgerError):
    """Other values stand there now than those that were shown; nothing was written."""

    code = "conflict-changed"


class NoSuchVersion(LedgerError):
    """A number that no version has. Facts: count, of the versions there are."""

    code = "no-such-version"


class NotWritable(LedgerError):
    """A field of which one of its values has to be taken, as it holds no free text. Facts: field."""

    code = "not-free-text"


@dataclass(frozen=True, slots=True)
class Version:
    """One value that was written.

    by, device: the names of the person and of the machine that wrote it, "" if unknown. at: the writer's
    clock, seconds UTC. arrived: when the province took it, None while it waits. refused: the code of a
    refusal, or None. holds: it is one of the values that stand now.
    """

    value: Value
    by: str
    device: str
    at: int
    arrived: int | None
    refused: str | None
    holds: bool
    name: Name


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with two values or more.

    code, title, week: of the task, where it is a field of progress; else "" and None. seen: what an edit
    hands back; versions: the values that stand against each other, the one shown first; before: what both had
    seen.
    """

    entity: str
    record: str
    field: str
    code: str
    title: str
    week: Week | None
    seen: Seen
    versions: tuple[Version, ...]
    before: Version | None

    @property
    def id(self) -> str:
        """Its name on the command line: it stays the same however the values change."""
        return f"{self.record}.{self.field}"


class _Writers(NamedTuple):
    people: dict[str, str]  # by id
    machines: dict[str, str]  # by stream


def count(connection: Connection) -> int:
    """How many fields wait to be decided."""
    query = select(head.c.record, head.c.field).where(head.c.differs).distinct()
    return len(connection.execute(query).all())


def conflicts(connection: Connection, identity: Identity) -> list[Conflict]:
    """All fields that wait to be decided, by task and week."""
    by_entity: dict[str, set[str]] = defaultdict(set)
    query = select(head.c.entity, head.c.record).where(head.c.differs).distinct()
    for row in connection.execute(query):
        by_entity[row.entity].add(row.record)
    if not by_entity:
        return []
    writers = _Writers(people.names(connection), machines.names(connection, identity))
    named = _tasks(connection, by_entity.get("progress", set()))
    found = []
    for entity, records in by_entity.items():
        written = log.of_records(connection, records)
        for (record, field), shown in seen(connection, entity, records).items():
            if not shown.conflict:
                continue
            code, title, week = named.get(record, ("", "", None))
            against = tuple(_version(held, field, writers, holds=True) for held in shown.heads)
            common = _common(written.get(record, []), shown, field)
            before = _version(common, field, writers, holds=False) if common else None
            found.append(Conflict(entity, record, field, code, title, week, shown, against, before))
    return sorted(found, key=lambda item: (item.code, str(item.week or ""), item.field))


def find(connection: Connection, identity: Identity, id: str) -> Conflict:
    """The conflict of this name. Raises ConflictUnknown."""
    for found in conflicts(connection, identity):
        if found.id == id.strip():
            return found
    raise ConflictUnknown(id=id)


def is_free_text(entity: str, field: str) -> bool:
    """Whether a third version can be typed for a field: it holds text, or lines of text."""
    known = ENTITIES[entity].fields.get(field)
    return known is not None and known.kind in {"text", "texts"}


def decide(
    edit: Edit, conflict: Conflict, *, take: int | None = None, text: str | None = None
) -> Change | None:
    """Settle a conflict: by one of its versions, or by a third one that is written over all of them.

    take: number of the version in the order in which they are listed, from 1. text: what is written instead;
    of a field of several lines, each line is one. Returns the change, as any other.
    Raises ConflictChanged when other values stand there than those that were listed, NoSuchVersion,
    NotWritable, NotYours for what the province writes, BadText, TextTooLong.
    """
    if (take is None) == (text is None):
        raise ValueError("either a version or a text")
    standing = seen(edit.connection, conflict.entity, [conflict.record]).get(
        (conflict.record, conflict.field)
    )
    if standing is None or _names(standing) != _names(conflict.seen):
        raise ConflictChanged()
    value = _taken(conflict, take) if take is not None else _written(conflict, text or "")
    key = {name: _key_part(standing, name) for name in ENTITIES[conflict.entity].key}
    return edit.write(
        conflict.entity, key, {conflict.field: value}, {conflict.field: standing}, record=conflict.record
    )


def versions(connection: Connection, identity: Identity, record: str, field: str) -> list[Version]:
    """All that was ever written in a field, the newest first, by the writers' clocks."""
    writers = _Writers(people.names(connection), machines.names(connection, identity))
    written = log.of_records(connection, [record]).get(record, [])
    entity = next((held.change.entity for held in written), "")
    shown = seen(connection, entity, [record]).get((record, field))
    top = {held.change.name for held in shown.heads} if shown else set()
    found = [held for held in written if field in held.change.fields]
    found.sort(key=lambda held: (held.change.at, held.change.n), reverse=True)
    return [_version(held, field, writers, holds=held.change.name in top) for held in found]


def _names(shown: Seen) -> set[Name]:
    return {held.change.name for held in shown.heads}


def _taken(conflict: Conflict, number: int) -> Value:
    if not 1 <= number <= len(conflict.versions):
        raise NoSuchVersion(count=len(conflict.versions))
    return conflict.versions[number - 1].value


def _written(conflict: Conflict, text: str) -> Value:
    if not is_free_text(conflict.entity, conflict.field):
        raise NotWritable(field=conflict.field)
    plain = clean(text)
    if ENTITIES[conflict.entity].fields[conflict.field].kind == "texts":
        return tuple(line.strip() for line in plain.splitlines() if line.strip())
    return plain


def _key_part(shown: Seen, name: str) -> str:
    """A key field of the record: every change of it carries the same ones."""
    return str(shown.heads[0].change.fields[name])


def _tasks(connection: Connection, records: set[str]) -> dict[str, tuple[str, str, Week | None]]:
    found: dict[str, tuple[str, str, Week | None]] = {}
    progress, given, task = rows["progress"], rows["assignment"], rows["task"]
    query = (
        select(progress.c.id, progress.c.week, task.c.code, task.c.title)
        .join(given, given.c.id == progress.c.assignment)
        .join(task, task.c.id == given.c.task)
    )
    for part in log.chunks(sorted(records)):
        for row in connection.execute(query.where(progress.c.id.in_(part))):
            found[row.id] = (row.code, row.title or "", _week(row.week))
    return found


def _week(text: str) -> Week | None:
    try:
        return Week.parse(text)
    except BadWeek:
        return None


def _common(written: list[Held], shown: Seen, field: str) -> Held | None:
    """The newest change of the field that all the values which stand now were written over."""
    lists = [set(held.change.over) for held in shown.heads]
    known = set.intersection(*lists) if lists else set()
    found = [held for held in written if field in held.change.fields and held.change.ref in known]
    return max(found, key=lambda held: held.change.at, default=None)


def _version(held: Held, field: str, writers: _Writers, *, holds: bool) -> Version:
    made = held.change
    return Version(
        value=made.fields[field],
        by=writers.people.get(made.by, ""),
        device=writers.machines.get(str(made.stream), ""),
        at=made.at,
        arrived=held.arrived,
        refused=held.refused,
        holds=holds,
        name=made.name,
    )
