"""Which files of evidence a unit has told of and the province does not have yet."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, case, distinct, func, select

from app.record.tables import rows
from sync.server.tables import upload


class Files(NamedTuple):
    """How many files a unit has told of, and how many of them are not here whole."""

    files: int
    missing: int


NONE = Files(0, 0)


def counts(connection: Connection) -> Mapping[str, Files]:
    """The files of each unit that has any; one query."""
    evidence, given = rows["evidence"], rows["assignment"]
    absent = case((upload.c.id.is_(None), evidence.c.file))
    query = _told(given.c.unit, func.count(distinct(evidence.c.file)), func.count(distinct(absent)))
    return {
        unit: Files(files, gone) for unit, files, gone in connection.execute(query.group_by(given.c.unit))
    }


def of_unit(connection: Connection, unit: str) -> list[dict[str, Any]]:
    """The missing files of a unit, by task, week and name, each as often as it is evidence; one query.

    received: bytes of it that are here.
    """
    evidence, given, task, progress = (rows[n] for n in ("evidence", "assignment", "task", "progress"))
    part = upload.alias("part")
    begun = (
        select(func.max(part.c.received))
        .where(part.c.unit == given.c.unit, part.c.sha256 == evidence.c.file)
        .scalar_subquery()
    )
    query = (
        _told(task.c.code, progress.c.week, evidence.c.name, evidence.c.size, evidence.c.file, begun)
        .join(task, task.c.id == given.c.task, isouter=True)
        .where(given.c.unit == unit, upload.c.id.is_(None))
        .order_by(task.c.code, progress.c.week, evidence.c.name, evidence.c.file)
    )
    return [
        {"code": code, "period": week, "name": name, "size": size, "file": file, "received": received or 0}
        for code, week, name, size, file, received in connection.execute(query)
    ]


def _told(*columns: Any) -> Select[Any]:
    """Evidence that stands, with its assignment, and its file where that is here whole."""
    evidence, progress, given = rows["evidence"], rows["progress"], rows["assignment"]
    here = and_(
        upload.c.unit == given.c.unit, upload.c.sha256 == evidence.c.file, upload.c.done_at.is_not(None)
    )
    return (
        select(*columns)
        .select_from(evidence)
        .join(progress, progress.c.id == evidence.c.progress)
        .join(given, given.c.id == progress.c.assignment)
        .join(upload, here, isouter=True)
        .where(evidence.c.removed.is_not(True))
    )
