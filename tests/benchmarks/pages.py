"""Queries that each page's data costs, with 10, 100 and 300 tasks: the number of rows must not matter.

python -m tests.benchmarks.pages
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from app.domain.ids import assignment_id, task_id
from app.domain.reporting import Period
from app.services import conflicts, drafting, lines, settings, status, weeks
from app.services.weeks import Now
from app.storage.ledger import Ledger
from tests.benchmarks import texts
from tests.world import UNIT as UNIT_CODE
from tests.world import Clock, Device, Province, Wire, task, units

SIZES = (10, 100, 300)
Reading = Callable[[Connection, Ledger, Now], object]

READINGS: dict[str, Reading] = {
    "the week and its tasks": lambda c, _, now: lines.lines(c, now.week, now),
    "one task": lambda c, _, now: lines.line(c, "T1", now.week, now),
    "the report": lambda c, ledger, now: drafting.draft(
        c, ledger.identity, Period.of_week(now.week), "ubnd_tinh", now
    ),
    "where everything is": lambda c, ledger, _: status.status(c, ledger.identity),
    "what waits": lambda c, _, __: status.waiting(c),
    "what was given back": lambda c, _, __: status.returned(c),
    "the diary": lambda c, _, __: (status.entries(c), status.events(c)),
    "fields with two versions": lambda c, ledger, _: conflicts.conflicts(c, ledger.identity),
    "the unit's settings": lambda c, ledger, _: settings.shown(c, ledger.identity),
}
"""What the pages of the window ask of the services."""


@contextmanager
def ledger(folder: Path, tasks: int) -> Iterator[Ledger]:
    """The ledger of a commune with so many tasks, each recorded this week; half of that is acknowledged."""
    clock = Clock()
    folder.mkdir()
    province = Province(folder / "province.db", clock)
    device = Device(folder / "ledger.db", clock)
    try:
        province.issue(*units(UNIT_CODE))
        province.issue(*(w for n in range(tasks) for w in task(f"T{n}", UNIT_CODE)))
        device.enrol(province)
        device.sync(Wire(province))
        words = texts.week(tasks, size=120)
        _record(device, words[: tasks // 2], 0)
        device.sync(Wire(province))
        _record(device, words, tasks // 2)
        yield device.ledger
    finally:
        device.close()
        province.close()


def _record(device: Device, words: list[dict[str, str]], start: int) -> None:
    with device.ledger.edit() as edit:
        for number, said in enumerate(words[start:], start):
            key = {"assignment": _assignment(number), "week": "2025-W27"}
            values = {
                "state": ("in_progress", int(said["percent"]), None, None),
                "result": said["result"],
                "difficulty": said["difficulty"],
            }
            edit.write("progress", key, values)


def _assignment(number: int) -> str:
    return assignment_id(task_id("P", f"T{number}"), UNIT_CODE)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The queries that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def measure(folder: Path, sizes: tuple[int, ...] = SIZES) -> dict[str, list[int]]:
    """How many queries each reading costs, by the number of tasks."""
    found: dict[str, list[int]] = {name: [] for name in READINGS}
    for size in sizes:
        with ledger(folder / str(size), size) as held:
            for name, reading in READINGS.items():
                with held.read() as connection:
                    now = weeks.present(connection, held.now())
                    held.identity  # noqa: B018  read once, then remembered
                    with statements(held.engine) as sent:
                        reading(connection, held, now)
                found[name].append(len(sent))
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    print(f"{'queries, by tasks':28}" + "".join(f"{size:>6}" for size in SIZES))
    for name, counts in found.items():
        print(f"{name:28}" + "".join(f"{count:>6}" for count in counts))


if __name__ == "__main__":
    main()
