"""Reads what a screen shows of fields, together with the heads that an edit hands back."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, select

from app.domain.change import Held
from app.domain.merge import Seen
from app.record import log
from app.record.tables import change, head


def seen(connection: Connection, entity: str, records: Iterable[str]) -> dict[tuple[str, str], Seen]:
    """The present value and heads of each field, by (record, field); one query for 400 records."""
    found: dict[tuple[str, str], list[tuple[Held, bool]]] = defaultdict(list)
    same = (change.c.stream == head.c.stream) & (change.c.n == head.c.n) & (change.c.digest == head.c.digest)
    for part in log.chunks(sorted(set(records))):
        query = (
            select(change, head.c.field, head.c.differs)
            .join(head, same)
            .where(head.c.record.in_(part), head.c.entity == entity)
            .order_by(head.c.record, head.c.field, head.c.place)
        )
        for row in connection.execute(query):
            found[row.record, row.field].append((log.from_row(row), row.differs))
    return {
        (record, field): Seen(
            pairs[0][0].change.fields[field], tuple(held for held, _ in pairs), bool(pairs[0][1])
        )
        for (record, field), pairs in found.items()
    }
