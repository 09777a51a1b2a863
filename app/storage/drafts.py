"""What is being typed: kept every two seconds, until leaving the field makes a change of it."""

from dataclasses import dataclass
from typing import Any

import cbor2
from sqlalchemy import Connection, Row, select

from app.domain.change import Name
from app.domain.merge import Seen, in_conflict
from app.record import log
from app.record.digest import canonical
from app.storage.tables import draft


@dataclass(frozen=True, slots=True)
class Draft:
    """Words not yet recorded.

    record: id of the record; key: its key fields. shown: what the editor showed when it was opened. over: the
    heads that stood there. by: person; at: seconds UTC.
    """

    entity: str
    record: str
    key: dict[str, str]
    field: str
    value: str
    shown: str | None
    over: tuple[Name, ...]
    by: str
    at: int

    @property
    def words(self) -> int:
        """How many words it holds."""
        return len(self.value.split())


def save(connection: Connection, given: Draft) -> None:
    """Keep a draft, in place of the one of the same field."""
    clear(connection, given.record, given.field)
    connection.execute(
        draft.insert().values(
            record=given.record,
            field=given.field,
            entity=given.entity,
            key=given.key,
            value=given.value,
            shown=given.shown,
            over=canonical([list(name) for name in given.over]),
            by=given.by,
            at=given.at,
        )
    )


def load(connection: Connection, record: str) -> dict[str, Draft]:
    """The drafts of a record, by field."""
    query = select(draft).where(draft.c.record == record)
    return {row.field: _made(row) for row in connection.execute(query)}


def left(connection: Connection) -> list[Draft]:
    """All drafts, the newest first: after a start, what a crash left behind."""
    return [_made(row) for row in connection.execute(select(draft).order_by(draft.c.at.desc()))]


def clear(connection: Connection, record: str, field: str) -> None:
    """Forget a draft: it became a change, or was taken back."""
    connection.execute(draft.delete().where(draft.c.record == record, draft.c.field == field))


def names(shown: Seen) -> tuple[Name, ...]:
    """The names of the heads that stood on the screen."""
    return tuple(held.change.name for held in shown.heads)


def seen(connection: Connection, given: Draft) -> Seen:
    """What stood on the screen when the draft was begun, as an edit wants it handed back."""
    wanted = set(given.over)
    changes = log.of_records(connection, [given.record]).get(given.record, [])
    heads = tuple(held for held in changes if held.change.name in wanted)
    if not heads:
        return Seen(given.shown, (), False)
    heads = tuple(sorted(heads, key=lambda held: given.over.index(held.change.name)))
    return Seen(heads[0].change.fields.get(given.field), heads, in_conflict(heads, given.field))


def _made(row: Row[Any]) -> Draft:
    over = tuple(Name(*name) for name in cbor2.loads(bytes(row.over)))
    return Draft(row.entity, row.record, dict(row.key), row.field, row.value, row.shown, over, row.by, row.at)
