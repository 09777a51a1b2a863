"""The tables that only the province has: its keys, devices, codes, heads of feeds, and what is on its way."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, String, Table

server_metadata = MetaData()

meta = Table(
    "meta",
    server_metadata,
    Column("name", String(64), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

device = Table(
    "device",
    server_metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("unit", String(16), nullable=False),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("name", String(200), nullable=False),
    Column("program", String(64), nullable=False),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("last_heard", BigInteger),
    Column("box_key", LargeBinary(32)),  # X25519: what answers on a stick are sealed to
    Column("seq", BigInteger),  # where the device stood when it was last heard
    Column("chain", LargeBinary(8)),
)
Index("device_unit", device.c.unit)

code = Table(
    "code",
    server_metadata,
    Column("hash", LargeBinary(32), primary_key=True),  # never the code itself
    Column(
        "secret", LargeBinary(32), nullable=False
    ),  # a salt: with the province's key it gives the code again
    Column("unit", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("used_by", BigInteger),
)

feed_head = Table(
    "feed_head",
    server_metadata,
    Column("unit", String(16), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("chain", LargeBinary(8), nullable=False),
)

part = Table(
    "part",
    server_metadata,
    Column("name", String(22), primary_key=True),  # of the envelope: base64url of the start of its SHA-256
    Column("device", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("part_device", part.c.device)

part_slice = Table(
    "part_slice",
    server_metadata,
    Column("name", String(22), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

kept_answer = Table(
    "kept_answer",
    server_metadata,
    Column("device", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(22), nullable=False),  # of the envelope that it answers
    Column("at", BigInteger, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
)
"""The last answer of each device, until its next envelope."""

upload = Table(
    "upload",
    server_metadata,
    Column("id", String(32), primary_key=True),  # in its address
    Column("unit", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("done_at", BigInteger),  # when the whole file was there and its SHA-256 right
)
Index("upload_file", upload.c.unit, upload.c.sha256)
"""Files of evidence; the bytes lie in a folder beside the database."""

scan = Table(
    "scan",
    server_metadata,
    Column("sha256", String(64), primary_key=True),
    Column("name", String(200), nullable=False),  # as it came
    Column("size", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Scans that were taken in; the bytes lie in a folder beside the database."""

scanned = Table(
    "scanned",
    server_metadata,
    Column("sha256", String(64), primary_key=True),
    Column("report", String(32), primary_key=True),
)
Index("scanned_report", scanned.c.report)
"""Which reports a scan shows."""
