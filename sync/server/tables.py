"""The tables that only the province has: its keys, devices, codes, and the heads of the units' feeds."""

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
