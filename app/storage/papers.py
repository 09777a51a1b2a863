"""What went out as codes on paper: to print it again, and to read the receipts by. Nothing is deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from app.storage.tables import paper


@dataclass(frozen=True, slots=True)
class Paper:
    """report: its record. request: the packed message inside. carried: the bytes that the codes are cut from.
    answered: a receipt for it was taken.
    """

    nonce: bytes
    report: str
    request: bytes
    carried: bytes
    answered: bool


def note(
    connection: Connection, report: str, nonce: bytes, request: bytes, carried: bytes, now: int
) -> Paper:
    """Codes are printed. now: seconds UTC; where the clock went back, the order stays."""
    last = connection.execute(select(func.max(paper.c.at))).scalar()
    at = now if last is None else max(now, last + 1)
    connection.execute(
        paper.insert().values(nonce=nonce, report=report, at=at, request=request, envelope=carried)
    )
    return Paper(nonce, report, request, carried, False)


def find(connection: Connection, nonce: bytes) -> Paper | None:
    """The codes whose request had this nonce."""
    row = connection.execute(select(paper).where(paper.c.nonce == nonce)).first()
    return None if row is None else _paper(row)


def of_bytes(connection: Connection, carried: bytes) -> Paper | None:
    """The codes that were cut from these bytes, if this ledger printed them."""
    row = connection.execute(select(paper).where(paper.c.envelope == carried)).first()
    return None if row is None else _paper(row)


def newest(connection: Connection, report: str) -> Paper | None:
    """The codes that were printed last with a report."""
    query = select(paper).where(paper.c.report == report).order_by(paper.c.at.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _paper(row)


def under_way(connection: Connection, most: int) -> Iterable[Paper]:
    """The codes printed last for which no receipt was taken, the newest first."""
    query = select(paper).where(paper.c.answered_at.is_(None)).order_by(paper.c.at.desc()).limit(most)
    return [_paper(row) for row in connection.execute(query)]


def answered(connection: Connection, nonce: bytes, now: int) -> None:
    """A receipt for these codes was taken."""
    connection.execute(
        paper.update().where(paper.c.nonce == nonce, paper.c.answered_at.is_(None)).values(answered_at=now)
    )


def _paper(row: Row[Any]) -> Paper:
    return Paper(
        bytes(row.nonce), row.report, bytes(row.request), bytes(row.envelope), row.answered_at is not None
    )
