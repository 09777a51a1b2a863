"""Reports closed and printed, and codes read off paper; in the province's database."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables. Frozen: what changes later is a step of its own."""
    op.create_table(
        "holiday",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "reporting_rule",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=32), nullable=True),
        sa.Column("frequency", sa.String(length=32), nullable=True),
        sa.Column("valid_from", sa.String(length=10), nullable=True),
        sa.Column("cut_off", sa.BigInteger(), nullable=True),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("time", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "scan",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "scanned",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("report", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "report"),
    )
    op.create_index("scanned_report", "scanned", ["report"], unique=False)
    op.create_table(
        "sentence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("line", sa.String(length=32), nullable=True),
        sa.Column("slot", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "symbol",
        sa.Column("page_set", sa.LargeBinary(length=4), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("page_set", "place"),
    )
    op.add_column("report", sa.Column("pages", sa.BigInteger(), nullable=True))
    op.add_column("report", sa.Column("data_at", sa.BigInteger(), nullable=True))
    op.add_column("report", sa.Column("signed", sa.String(length=32), nullable=True))
    op.add_column("report", sa.Column("signed_at", sa.BigInteger(), nullable=True))
    op.add_column("report", sa.Column("sheet", sa.Text(), nullable=True))
    op.add_column("report", sa.Column("sheet_name", sa.Text(), nullable=True))
    op.add_column("report", sa.Column("sheet_size", sa.BigInteger(), nullable=True))
