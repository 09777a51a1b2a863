"""Receipts: each report that arrives, by whatever road, gets one, in the transaction that takes it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from app.domain.change import Change, Value
from app.domain.periods import today
from app.record import log
from app.record.tables import rows
from sync.server import issuing
from sync.server.issuing import Wanted


def give(connection: Connection, unit: str, changes: Iterable[Change], now: int) -> None:
    """Give a receipt for each report among new changes of a unit that has none.

    The number is the day, the unit, and a count within both: 2025-07-18/16813/0001. now: seconds UTC. Whoever
    calls holds the locks of the province and of the unit.
    """
    arrived = sorted({made.id for made in changes if made.entity == "report"})
    if not arrived:
        return
    report = rows["report"]
    wanted: list[Wanted] = []
    first = f"{today(now).isoformat()}/{unit}/"
    count = _given(connection, first)
    for part in log.chunks(arrived):
        have = {row.report for row in of_reports(connection, part)}
        closed = select(report.c.id, report.c.hash).where(report.c.id.in_(part), report.c.hash.is_not(None))
        for row in connection.execute(closed.order_by(report.c.made_at, report.c.id)):
            if row.id not in have:
                count += 1
                said: dict[str, Value] = {"hash": bytes(row.hash), "received_at": now}
                said |= {"report": row.id, "number": f"{first}{count:04}"}
                wanted.append(Wanted("receipt", said))
    if wanted:
        issuing.issue(connection, now, wanted)


def of_reports(connection: Connection, reports: Iterable[str]) -> list[Row[Any]]:
    """The receipts that were given for these reports."""
    receipt = rows["receipt"]
    query = select(receipt).where(receipt.c.report.in_(list(reports)), receipt.c.number.is_not(None))
    return list(connection.execute(query.order_by(receipt.c.number)))


def _given(connection: Connection, first: str) -> int:
    """The highest count that was given under a day and a unit."""
    column = rows["receipt"].c.number
    numbers = connection.execute(select(column).where(column.startswith(first, autoescape=True))).scalars()
    return max((int(end) for number in numbers if (end := number.removeprefix(first)).isdecimal()), default=0)
