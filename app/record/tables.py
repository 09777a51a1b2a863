"""The tables that both ends keep: the log, the heads, the feed, and one table of rows for each entity."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from app.domain.fields import ENTITIES, Kind

record_metadata = MetaData()

change = Table(
    "change",
    record_metadata,
    Column("stream", BigInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary(8), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("entity", String(32), nullable=False),
    Column("record", String(32), nullable=False),
    Column("body", LargeBinary, nullable=False),  # canonical CBOR: {number of the field: value}
    Column("over", LargeBinary, nullable=False),  # canonical CBOR: [[stream, n, tip]]
    Column("arrived", BigInteger),  # by the province's clock; empty while it waits
    Column("refused", String(64)),  # the code of the province's refusal
    Column("brought_by", BigInteger),  # at the province: the device that brought it
)
Index("change_record", change.c.record)
Index("change_arrived", change.c.arrived)

head = Table(
    "head",
    record_metadata,
    Column("record", String(32), primary_key=True),
    Column("field", String(32), primary_key=True),
    Column("place", Integer, primary_key=True),  # 0 is the one that is shown
    Column("entity", String(32), nullable=False),
    Column("stream", BigInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("digest", LargeBinary(8), nullable=False),
    Column("differs", Boolean, nullable=False),  # the values of the heads are not all equal
)
Index("head_differs", head.c.differs)

feed = Table(
    "feed",
    record_metadata,
    Column("unit", String(16), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", BigInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("digest", LargeBinary(8), nullable=False),
    Column("arrived", BigInteger, nullable=False),
    Column("chain", LargeBinary(8), nullable=False),  # the running hash after this row
)
Index("feed_change", feed.c.stream, feed.c.n, feed.c.digest, feed.c.unit, unique=True)

_TYPES: dict[Kind, Any] = {
    "text": Text,
    "texts": JSON,
    "id": String(32),
    "date": String(10),
    "week": String(8),
    "int": BigInteger,
    "bool": Boolean,
    "bytes": LargeBinary,
    "choice": String(32),
    "state": JSON,
}

rows: dict[str, Table] = {
    entity.name: Table(
        entity.name,
        record_metadata,
        Column("id", String(32), primary_key=True),
        *[Column(field.name, _TYPES[field.kind]) for field in entity.fields.values()],
    )
    for entity in ENTITIES.values()
}
"""A value of `state` or `texts` is a JSON list; everything else is as in the change."""

Index("assignment_unit", rows["assignment"].c.unit)
Index("progress_assignment", rows["progress"].c.assignment, rows["progress"].c.week)

symbol = Table(
    "symbol",
    record_metadata,
    Column("page_set", LargeBinary(4), primary_key=True),  # the symbols that belong together
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("needed", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Symbols read off paper while there are not enough of their set."""
