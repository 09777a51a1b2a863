"""Answers of a province, as the engine hands them to a ledger once their signature holds."""

from app.domain.change import START, Change, Cursor
from app.domain.ids import record_id
from app.record.digest import chain_next, seal
from app.storage.receiving import Delivery

TASK = "3" * 32


def cursor(start: Cursor, *rows: tuple[int, Change]) -> Cursor:
    """Where a feed ends after these rows."""
    seq, chain = start
    for arrived, made in rows:
        seq, chain = seq + 1, chain_next(chain, made.digest, arrived)
    return Cursor(seq, chain)


def delivery(
    *rows: tuple[int, Change],
    start: Cursor = START,
    asked: Cursor | None = None,
    end: Cursor | None = None,
    refused: tuple[tuple[Change, str], ...] = (),
    time: int = 2_000,
    raw: bytes = b"raw",
) -> Delivery:
    """An answer to a request from `asked` (default: where it starts)."""
    return Delivery(
        asked=start if asked is None else asked, start=start, rows=rows, cursor=end or cursor(start, *rows),
        refused=refused, time=time, raw=raw,
    )  # fmt: skip


def programme(n: int, name: str = "Chương trình", over=()) -> Change:
    """A change that the province wrote."""
    return seal(
        stream=99, n=n, by="9" * 32, at=500, entity="programme", id=record_id("programme", "P"),
        fields={"code": "P", "name": name}, over=[made.ref for made in over],
    )  # fmt: skip
