"""Bytes and pages of the codes of a week's report, and of the receipt that goes back.

    python -m tests.benchmarks.codes

81 updates (status, percent), 20, 40 or all of them with a note of 150 to 400 characters, the long ones more
often, out of a machine that is in step with its province. The notes are made up (`texts`), so an office's own
may come to somewhat more or less. "codes" is everything that is cut: the signed envelope with the changes and
the report, and what rides along without costing a page more. AIMS are those that the project set itself:
without and with a dictionary of the field.
"""

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from app.domain.ids import assignment_id, task_id
from app.reports.paper import frames
from app.services.opening import Opened
from sync.client import engine, paper
from sync.protocol import paper as form
from sync.server import slips
from tests.benchmarks.texts import prose
from tests.sync.sheets import close, reader, write
from tests.sync.sticks import Desk
from tests.world import UNIT, Clock, task

UPDATES = 81
NOTES = (20, 40, 81)
AIMS = {81: "8,800 / 6,300"}
_BYTES_A_CHARACTER = 1.37


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one week: characters of all notes; bytes of the envelope and of what is cut; symbols needed of those
    printed; seconds to make the bytes; bytes of the receipt's codes.
    """

    notes: int
    characters: int
    envelope: int
    codes: int
    needed: int
    printed: int
    seconds: float
    receipt: int


def measure(folder: Path, notes: int, *, seed: int = 7) -> Measured:
    """One week of a new commune."""
    chance = random.Random(seed)
    desk = Desk(folder, Clock())
    codes = [f"T-{number:03}" for number in range(UPDATES)]
    desk.province.issue(*[wanted for code in codes for wanted in task(code, UNIT)])
    opened = desk.machine("máy")
    try:
        engine.synchronise(opened.ledger, desk.wire(), opened.sign)
        with_note = set(chance.sample(codes, notes))
        said = [_record(desk, opened, code, code in with_note, chance) for code in codes]
        report = close(opened)
        began = time.perf_counter()
        data = paper.printed(opened, report)
        seconds = time.perf_counter() - began
        cut = frames.cut(data)
        first = frames.read_frame(cut[0])
        assert first is not None
        return Measured(
            notes=notes,
            characters=sum(said),
            envelope=len(form.unpack(data).envelope),
            codes=len(data),
            needed=first.k,
            printed=len(cut),
            seconds=seconds,
            receipt=_receipt(desk, write(folder / "scan", data)),
        )
    finally:
        opened.close()
        desk.close()


def _record(desk: Desk, opened: Opened, code: str, noted: bool, chance: random.Random) -> int:
    """One update, as an officer leaves its fields; returns how many characters its note has."""
    desk.clock.now += chance.randint(20, 300)
    key = {"assignment": assignment_id(task_id("P", code), UNIT), "week": "2025-W27"}
    length = max(chance.randint(150, 400) for _ in range(2)) if noted else 0
    note = prose(chance, round(length * _BYTES_A_CHARACTER)) if noted else ""
    with opened.ledger.edit() as edit:
        edit.write("progress", key, {"state": ("in_progress", chance.randint(2, 99), None, None)})
        if note:
            edit.write("progress", key, {"result": note})
    return len(note)


def _receipt(desk: Desk, scan: Path) -> int:
    from sync.server import scans

    (result,) = scans.take(desk.store, desk.folder / "scans", [scan], reader).results
    return len(slips.slip(desk.store, result.page_set, result.new).carried)


def main() -> None:
    """Measure and print."""
    print("notes  characters  envelope   codes  needed of printed   bit/char  ms   receipt  aim")
    for notes in NOTES:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder), notes)
        print(
            f"{found.notes:>5}{found.characters:>12,}{found.envelope:>10,}{found.codes:>8,}"
            f"{found.needed:>8} of {found.printed:<4}{found.envelope * 8 / found.characters:>14.2f}"
            f"{found.seconds * 1000:>6.0f}{found.receipt:>8,}   {AIMS.get(found.notes, '')}"
        )


if __name__ == "__main__":
    sys.exit(main())
