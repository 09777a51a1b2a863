"""A province and machines with homes of their own, between which only a stick goes."""

import hashlib
import os
from pathlib import Path

from app.domain.ids import assignment_id, random_id, random_stream, task_id
from app.services.opening import Newcomer, Opened, enrol, open_home
from app.storage import evidence, outgoing
from app.storage.home import Home
from app.storage.meta import Identity
from sync.client import usb
from sync.protocol import enrolment
from sync.server import bundles
from tests.world import UNIT, Clock, Province, Wire, task, units

OTHER = "16738"


class Desk:
    """The province, with two communes and a task for both."""

    def __init__(self, folder: Path, clock: Clock, province: Province | None = None) -> None:
        self.folder, self.clock = folder, clock
        self.province = province or Province(folder / "province.db", clock)
        self.province.issue(*units(UNIT, OTHER), *task("A-1", UNIT, OTHER))

    @property
    def store(self):
        return self.province.store

    def take(self, path: Path, answer: Path) -> bundles.Taken:
        return bundles.take(self.store, self.folder / "evidence", path, answer)

    def machine(self, name: str, unit: str = UNIT) -> Opened:
        """A machine that the province knows already, as after an enrolment by network."""

        def present(newcomer: Newcomer) -> Identity:
            certificate = self.province.enrol(
                newcomer.device, newcomer.public_key, unit, box_key=newcomer.box_key
            )
            with self.store.read() as connection:
                return Identity(
                    unit, f"Xã {unit}", newcomer.device, "Văn phòng 1", random_stream(), "http://127.0.0.1:9",
                    self.store.public_key(connection), certificate, random_id(),
                    self.store.box_key(connection),
                )  # fmt: skip

        code = enrolment.new_code(os.urandom)
        home = Home(self.folder / name)
        return enrol(home, self.clock, code, "Lương Thị Hà", present, keyring=False)

    def wire(self) -> Wire:
        return Wire(self.province)

    def close(self) -> None:
        self.province.close()


def record(opened: Opened, words: str, field: str = "result", week: str = "2025-W27", unit: str = UNIT):
    """What an officer writes."""
    key = {"assignment": assignment_id(task_id("P", "A-1"), unit), "week": week}
    with opened.ledger.edit() as edit:
        return edit.set("progress", key, field, words)


def photo(opened: Opened, content: bytes, kind: str = "photo") -> str:
    """A file of evidence, as the ledger keeps it."""
    sha256 = hashlib.sha256(content).hexdigest()
    vault = evidence.Vault(opened.home.path / "evidence", opened.subkey("evidence"), opened.subkey("names"))
    with vault.alone():
        assert vault.put(content) == sha256
    with opened.ledger.edit() as edit:
        evidence.note(edit.connection, sha256, len(content), kind, opened.ledger.now())
    return sha256


def waiting(opened: Opened) -> int:
    """How many changes the province has not acknowledged."""
    with opened.ledger.read() as connection:
        return outgoing.pending_count(connection)


def reopened(opened: Opened, clock: Clock) -> Opened:
    opened.close()
    return open_home(opened.home, clock)


def there_and_back(desk: Desk, opened: Opened, stick: Path, name: str = "gói") -> usb.Taken:
    """One week by stick."""
    usb.export(opened, stick / f"{name}.snv")
    desk.take(stick / f"{name}.snv", stick / f"{name}.trả lời")
    return usb.take(opened, stick / f"{name}.trả lời")
