"""Bytes of the files on a stick, there and back, for the work of `tests.benchmarks.sync`; and what files of
evidence cost in memory.

    python -m tests.benchmarks.stick

The commune has never been on a network: it is enrolled by file. W1 is that file; W2 the week, 81 updates of
about 650 bytes there and 20 changed tasks back; W3 a bundle with nothing to say; EVIDENCE 12 photos of 350 kB
along with it.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from app.services import status
from app.services.opening import Opened, enrol
from app.storage import evidence
from app.storage.home import Home
from sync.client import enrolment_file, usb
from tests.benchmarks import texts
from tests.benchmarks.scene import UNIT, issue, province, record

PHOTOS, PHOTO_BYTES = 12, 350_000


def measure(folder: Path) -> list[tuple[str, int, int, float]]:
    """Name, bytes there, bytes back, seconds at the commune for each piece of work."""
    rows = texts.tasks(300, UNIT)
    province(folder, "init")
    issue(folder, rows)
    file = folder / "enrolment"
    province(folder, "enrol-file", UNIT, str(file))
    began = time.monotonic()
    opened = _enrolled(folder / "commune", file)
    found = [("W1 file of enrolment", 0, file.stat().st_size, time.monotonic() - began)]
    try:
        found.append(("first bundle", *_week(folder, opened)))
        issue(folder, texts.corrected(rows, 20))
        record(opened, texts.week(81))
        found.append(("W2 the week", *_week(folder, opened)))
        found.append(("W3 nothing", *_week(folder, opened)))
        _photos(opened)
        found.append(("EVIDENCE", *_week(folder, opened)))
    finally:
        opened.close()
    return found


def _enrolled(home: Path, file: Path) -> Opened:
    def clock() -> int:
        return int(time.time())

    found = enrolment_file.read(file, clock())
    return enrol(
        Home(home),
        clock,
        found.content.code,
        "Văn phòng",
        lambda newcomer: found.identity(newcomer, status.program()),
        keyring=False,
        fill=found.fill,
    )


def _week(folder: Path, opened: Opened) -> tuple[int, int, float]:
    there, back = folder / "bundle", folder / "answer"
    began = time.monotonic()
    usb.export(opened, there)
    mine = time.monotonic() - began
    province(folder, "bundle", "import", str(there), "--answer", str(back))
    began = time.monotonic()
    usb.take(opened, back)
    return there.stat().st_size, back.stat().st_size, mine + time.monotonic() - began


def _photos(opened: Opened) -> None:
    vault = evidence.Vault(opened.home.path / "evidence", opened.subkey("evidence"), opened.subkey("names"))
    with vault.alone(), opened.ledger.edit() as edit:
        for _ in range(PHOTOS):
            content = os.urandom(PHOTO_BYTES)
            evidence.note(edit.connection, vault.put(content), len(content), "photo", int(time.time()))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'':24}{'there':>12}{'back':>12}{'seconds':>10}")
        for name, there, back, seconds in measure(Path(folder)):
            print(f"{name:24}{there:>12,}{back:>12,}{seconds:>10.2f}")
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
    print(f"most memory of the commune's process: {most} MB")


if __name__ == "__main__":
    main()
