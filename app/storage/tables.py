"""The tables that only a device has: who it is, drafts, cursors, what is on its way, and what is told."""

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

outstanding = Table(
    "outstanding",
    device_metadata,
    Column("name", String(22), primary_key=True),  # of the envelope: base64url of the start of its SHA-256
    Column("at", BigInteger, nullable=False),
    Column("request", LargeBinary, nullable=False),  # the packed message inside
    Column("envelope", LargeBinary, nullable=False),
    Column("sent", BigInteger, nullable=False),  # bytes that the province said it has
    Column("answer", LargeBinary, nullable=False),  # what has come of the answer so far
)
"""The envelope whose way was cut: at most one."""

stick = Table(
    "stick",
    device_metadata,
    Column("nonce", LargeBinary(8), primary_key=True),  # of the request inside
    Column("at", BigInteger, nullable=False),
    Column("request", LargeBinary, nullable=False),  # the packed message, to read the answer by
    Column("answered_at", BigInteger),
)
"""What went out on USB sticks."""

file = Table(
    "file",
    device_metadata,
    Column("sha256", String(64), primary_key=True),  # of the content, as the evidence names it
    Column("size", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),  # sheet, photo or document: sheets go first, photos last
    Column("added_at", BigInteger, nullable=False),
    Column("url", Text),  # of the upload that began
    Column("sent", BigInteger, nullable=False),  # bytes that the province said it has
    Column("token", Text),  # the province's leave to upload, out of a signed answer
    Column("held_at", BigInteger),  # when a signed answer said that the province has it whole
)
"""The files of evidence that this device keeps sealed."""

frozen = Table(
    "frozen",
    device_metadata,
    Column("hash", LargeBinary(32), primary_key=True),  # SHA-256 of the content, as the report names it
    Column("content", LargeBinary, nullable=False),  # its JSON, packed with Zstandard
    Column("at", BigInteger, nullable=False),
)
"""What reports say, word for word, since they were closed."""

paper = Table(
    "paper",
    device_metadata,
    Column("nonce", LargeBinary(8), primary_key=True),  # of the request inside
    Column("report", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("request", LargeBinary, nullable=False),  # the packed message, to read the answer by
    Column("envelope", LargeBinary, nullable=False),  # as it was printed: printed again, it is the same
    Column("answered_at", BigInteger),
)
"""What went out as codes on paper."""
