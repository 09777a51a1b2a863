"""The tables that only a device has: who it is, drafts, cursors, answers kept, and what is told in words."""

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

device_metadata = MetaData()

meta = Table(
    "meta",
    device_metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

draft = Table(
    "draft",
    device_metadata,
    Column("record", String(32), primary_key=True),
    Column("field", String(32), primary_key=True),
    Column("entity", String(32), nullable=False),
    Column("key", JSON, nullable=False),  # the key fields of the record
    Column("value", Text, nullable=False),  # what is being typed
    Column("shown", Text),  # what the editor showed when it was opened
    Column("over", LargeBinary, nullable=False),  # canonical CBOR: [[stream, n, digest]] of the heads shown
    Column("by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
)

cursor = Table(
    "cursor",
    device_metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("chain", LargeBinary(8), nullable=False),
    Column("taken_at", BigInteger, nullable=False),
)

answer = Table(
    "signed_answer",
    device_metadata,
    Column("id", Integer, primary_key=True),
    Column("taken_at", BigInteger, nullable=False),
    Column("envelope", LargeBinary, nullable=False),  # as the province signed it
)

answer_change = Table(
    "answer_change",
    device_metadata,
    Column("answer", Integer, primary_key=True),
    Column("stream", BigInteger, primary_key=True),
    Column("n", BigInteger, primary_key=True),
    Column("digest", LargeBinary(8), primary_key=True),
)
Index("answer_change_name", answer_change.c.stream, answer_change.c.n)

told = Table(
    "told",
    device_metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("code", String(64), nullable=False),  # its words are in app/words.py
    Column("facts", JSON, nullable=False),
    Column("read_at", BigInteger),
)

exchange = Table(
    "exchange",
    device_metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("road", String(16), nullable=False),
    Column("sent", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("bytes_up", BigInteger, nullable=False),
    Column("bytes_down", BigInteger, nullable=False),
    Column("failure", String(64)),  # the code of what went wrong; empty when it went well
)
