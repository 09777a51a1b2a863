"""What is on its way, slices, sticks and files of evidence, and who wrote it; in the province's database."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables. Frozen: what changes later is a step of its own."""
    op.create_table(
        "kept_answer",
        sa.Column("device", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=22), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("device"),
    )
    op.create_table(
        "machine",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "part",
        sa.Column("name", sa.String(length=22), nullable=False),
        sa.Column("device", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("part_device", "part", ["device"], unique=False)
    op.create_table(
        "part_slice",
        sa.Column("name", sa.String(length=22), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", "start"),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("upload_file", "upload", ["unit", "sha256"], unique=False)
    op.add_column("device", sa.Column("box_key", sa.LargeBinary(length=32), nullable=True))
    op.add_column("device", sa.Column("seq", sa.BigInteger(), nullable=True))
    op.add_column("device", sa.Column("chain", sa.LargeBinary(length=8), nullable=True))
