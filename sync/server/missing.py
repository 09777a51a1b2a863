"""Which files a unit has told of and the province does not have yet: evidence, and the signed reports."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Subquery, and_, case, distinct, func, literal, select, union_all

from app.record.tables import change, feed, rows
from sync.server.tables import upload


class Files(NamedTuple):
    """How many files a unit has told of, and how many of them are not here whole."""

    files: int
    missing: int


NONE = Files(0, 0)


def counts(connection: Connection) -> Mapping[str, Files]:
    """The files of each unit that has any; one query."""
    told = _told()
    absent = case((upload.c.id.is_(None), told.c.file))
    query = (
        select(told.c.unit, func.count(distinct(told.c.file)), func.count(distinct(absent)))
        .join_from(told, upload, _here(told), isouter=True)
        .group_by(told.c.unit)
    )
    return {unit: Files(files, gone) for unit, files, gone in connection.execute(query)}


def of_unit(connection: Connection, unit: str) -> list[dict[str, Any]]:
    """The missing files of a unit, by task, period and name, each as often as it is told of; one query.

    code: of the task; empty for a signed report. received: bytes of it that are here.
    """
    told, part = _told(unit), upload.alias("part")
    begun = (
        select(func.max(part.c.received))
        .where(part.c.unit == told.c.unit, part.c.sha256 == told.c.file)
        .scalar_subquery()
    )
    query = (
        select(told.c.code, told.c.period, told.c.name, told.c.size, told.c.file, begun)
        .join_from(told, upload, _here(told), isouter=True)
        .where(upload.c.id.is_(None))
        .order_by(told.c.code, told.c.period, told.c.name, told.c.file)
    )
    return [
        {"code": code, "period": period, "name": name, "size": size, "file": file, "received": received or 0}
        for code, period, name, size, file, received in connection.execute(query)
    ]


def _here(told: Subquery) -> Any:
    """The file of a row, where it is here whole."""
    return and_(upload.c.unit == told.c.unit, upload.c.sha256 == told.c.file, upload.c.done_at.is_not(None))


def _told(unit: str | None = None) -> Subquery:
    """Evidence that stands, and the sheets of reports, by the unit whose they are."""
    evidence, progress, given, task = (rows[n] for n in ("evidence", "progress", "assignment", "task"))
    report = rows["report"]
    shown = (
        select(
            given.c.unit, task.c.code, progress.c.week.label("period"), evidence.c.name, evidence.c.size,
            evidence.c.file,
        )
        .join_from(evidence, progress, progress.c.id == evidence.c.progress)
        .join(given, given.c.id == progress.c.assignment)
        .join(task, task.c.id == given.c.task, isouter=True)
        .where(evidence.c.removed.is_not(True))
    )  # fmt: skip
    # a report says nowhere whose it is: it is the unit's in whose feed it stands
    same = and_(feed.c.stream == change.c.stream, feed.c.n == change.c.n, feed.c.digest == change.c.digest)
    signed = (
        select(
            feed.c.unit, literal("").label("code"), report.c.period, report.c.sheet_name.label("name"),
            report.c.sheet_size.label("size"), report.c.sheet.label("file"),
        )
        .join_from(report, change, change.c.record == report.c.id)
        .join(feed, same)
        .where(report.c.sheet.is_not(None))
        .distinct()
    )  # fmt: skip
    if unit is not None:
        shown, signed = shown.where(given.c.unit == unit), signed.where(feed.c.unit == unit)
    return union_all(shown, signed).subquery()
