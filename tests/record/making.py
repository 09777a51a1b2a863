"""Changes and a plain database for tests of the record."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from app.domain.change import Change, Value
from app.domain.ids import progress_id
from app.record.digest import seal
from app.record.engine import open_plain, writing
from app.record.tables import record_metadata

ASSIGNMENT = "1" * 32
WEEK = "2025-W27"
RECORD = progress_id(ASSIGNMENT, WEEK)


def progress(
    n: int, *, stream: int = 1, at: int = 100, over=(), by: str = "0" * 32, **values: Value
) -> Change:
    """A change of one task's progress in one week."""
    return seal(
        stream=stream, n=n, by="0" * 32, at=at, entity="progress", id=RECORD,
        fields={"assignment": ASSIGNMENT, "week": WEEK, **values}, over=[change.ref for change in over],
    )  # fmt: skip


@contextmanager
def database(path: Path) -> Iterator[Engine]:
    """An empty record in a file of its own."""
    engine = open_plain(path, create=True)
    with writing(engine) as connection:
        record_metadata.create_all(connection)
    try:
        yield engine
    finally:
        engine.dispose()
