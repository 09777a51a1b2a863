"""A commune with a real ledger, for tests and pictures of its pages."""

from pathlib import Path

import resources
from app.services import lines, progress, weeks
from sync.server.importing import import_tasks, import_units
from sync.server.issuing import Wanted
from sync.server.table import read_tasks
from tests.world import UNIT, Clock, Device, Province, Wire, task, units

START = 1_751_340_060  # 01/07/2025 10:21 in Hanoi: week 27


def open_office(folder: Path, *wanted: Wanted, clock: Clock | None = None):
    """A province and one device that received what the province issued. Returns device, wire, province."""
    clock = clock or Clock(START)
    province = Province(folder / "province.db", clock)
    province.issue(*units(UNIT), *wanted)
    device = Device(folder / "device.db", clock)
    device.enrol(province)
    wire = Wire(province)
    device.sync(wire)
    return device, wire, province


def many(count: int) -> list[Wanted]:
    """Tasks for the commune: T001, T002 and so on, each due a day after the one before."""
    wanted: list[Wanted] = []
    for number in range(count):
        day = f"2025-{6 + number // 28 % 7:02}-{number % 28 + 1:02}"
        wanted += task(f"T{number + 1:03}", UNIT, deadline=day, group="HTS", group_name="Hạ tầng số")
    return wanted


def sample(folder: Path, clock: Clock | None = None):
    """The sample province's commune, with all its tasks."""
    from app.domain.units import read_units

    clock = clock or Clock(START)
    province = Province(folder / "province.db", clock)
    data = resources.path("data", "sample_tasks.csv").read_bytes()
    with province.store.write() as connection:
        found = resources.read_text("data", "nghe_an_units.csv")
        named = data.decode()
        commune = [
            unit for unit in read_units(found, "nghe_an_units.csv") if unit.code == UNIT or unit.code in named
        ]
        import_units(connection, clock(), commune)
        import_tasks(connection, clock(), read_tasks(data, "sample_tasks.csv"))
    device = Device(folder / "device.db", clock)
    device.enrol(province)
    wire = Wire(province)
    device.sync(wire)
    return device, wire, province


def second_device(device: Device, path: Path, wire: Wire, name: str = "Vi Văn Nam") -> Device:
    """Another device of the same commune, with all that the province has."""
    other = Device(path, device.clock)
    other.enrol(wire.province, name)
    other.sync(wire)
    return other


def record(device: Device, code: str, **said) -> None:
    """Record from outside the window, as another program or device does."""
    with device.ledger.edit() as edit:
        now = weeks.present(edit.connection, device.ledger.now())
        line = progress.found(lines.line(edit.connection, code, now.week, now), code)
        progress.record(edit, line, now, **said)


def held(device: Device, code: str) -> lines.Line:
    """The line of a task as the ledger has it now."""
    with device.ledger.read() as connection:
        now = weeks.present(connection, device.ledger.now())
        return progress.found(lines.line(connection, code, now.week, now), code)
