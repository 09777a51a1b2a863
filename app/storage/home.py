"""The folder that holds one device's ledger, and the small file that says which ledger it is.

- `ledger.db`: the ledger; there once enrolment is finished
- `ledger.json`: its id and where its keys lie; a spare beside it and in the backups
- `keys.json`: the keys, where the machine has no keyring
- `backups/`: verified copies
- `demo.json`: only in a home that the demo made
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from app.domain.errors import LedgerError
from app.record.faults import LedgerExists
from app.record.files import alone, discard, flush_folder, move_whole, ours, sealed, unsealed, write_whole

Kind = Literal["keyring", "file"]

_FORMAT = 1
_LEFTOVERS = ("keys.json", "keys-spare.json")


class NotEnrolled(LedgerError):
    """The home holds no ledger yet. Facts: path."""

    code = "not-enrolled"


class HomeDamaged(LedgerError):
    """The small file that names the ledger cannot be read, and no copy of it is left. Facts: path."""

    code = "home-damaged"


class HomeNewer(LedgerError):
    """A later version of the program made this home. Facts: path."""

    code = "home-newer"


@dataclass(frozen=True, slots=True)
class Plate:
    """Which ledger a home holds.

    ledger_id: 32 hex digits, drawn at enrolment. keys: where its keys were put then; decides ever after.
    """

    ledger_id: str
    keys: Kind


class Home:
    """The folder of one device. Nothing is made before `begin`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.ledger = self.path / "ledger.db"
        self.unfinished = self.path / "ledger.new"
        self.backups = self.path / "backups"
        self._plate = self.path / "ledger.json"
        self._spare = self.path / "ledger-spare.json"
        self._demo = self.path / "demo.json"

    @classmethod
    def locate(cls, given: str | Path | None, environment: Mapping[str, str] = os.environ) -> "Home":
        """The home that `--home` names, else SNV_HOME, else the platform's own place for this user's data."""
        chosen = given or environment.get("SNV_HOME")
        return cls(Path(chosen) if chosen else platformdirs.user_data_path("so-nhiem-vu", appauthor=False))

    @property
    def is_enrolled(self) -> bool:
        """Whether enrolment was finished here, though the ledger be missing now; False if it broke off.

        Raises HomeDamaged, HomeNewer, LedgerNoAccess where that cannot be told.
        """
        try:
            self.read()
        except NotEnrolled:
            return False
        return True

    def begin(self, plate: Plate) -> None:
        """Start to make a ledger: then save its keys, make it at `unfinished`, fill it, close it, `finish`.

        Until `finish` the home counts as not enrolled, and a broken-off start is begun anew; its keys are set
        aside, not deleted.
        Raises LedgerExists if there is a ledger, HomeDamaged if there may have been one, DiskFull,
        LedgerNoAccess, FileHeld.
        """
        if self.is_enrolled:
            raise LedgerExists(path=str(self.path))
        self._make_folders()
        for name in _LEFTOVERS:
            if (self.path / name).exists():
                move_whole(self.path / name, self.path / f"unfinished-{name}")
        for suffix in ("", "-wal", "-shm", "-journal"):
            discard(self.unfinished.with_name(self.unfinished.name + suffix))
        discard(self._spare)
        write_whole(self._plate, _written(plate, complete=False), private=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time makes a ledger here. Makes the folder. Raises LedgerBusy, LedgerNoAccess."""
        self._make_folders()
        lock = self.path / "enrolment.lock"
        with alone(lock):
            yield
        discard(lock)  # whoever still waits for it finds this home enrolled

    def _make_folders(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.backups.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ours(error, self.path) from error

    def finish(self) -> None:
        """The ledger, which is filled and closed, gets its name; from here on the home is enrolled."""
        plate = self._facts(self._plate)
        if plate is None:
            raise HomeDamaged(path=str(self._plate))
        try:
            flush_folder(self.path)  # the removal of its WAL before its new name
        except OSError as error:
            raise ours(error, self.path) from error
        move_whole(self.unfinished, self.ledger)
        self._complete_plate(plate)

    def read(self) -> Plate:
        """Which ledger this is, from the small file or a copy of it, from which it is then made anew.

        Raises NotEnrolled, HomeDamaged, HomeNewer, LedgerNoAccess. The ledger itself is not looked at.
        """
        damaged = False
        for path in (self._plate, self._spare, *self._copies()):
            try:
                facts = unsealed(path)
                plate = _plate(facts, path)
            except FileNotFoundError:
                continue
            except ValueError:
                damaged = True
                continue
            except OSError as error:
                raise ours(error, path) from error
            if not facts.get("complete") and not self.ledger.exists():
                raise NotEnrolled(path=str(self.path))
            if path != self._plate or not facts.get("complete"):
                self._mend(plate)
            return plate
        if damaged or self.ledger.exists():
            raise HomeDamaged(path=str(self._plate))
        raise NotEnrolled(path=str(self.path))

    def _copies(self) -> list[Path]:
        try:
            return sorted(self.backups.glob("*.json"))
        except OSError as error:  # a path that the system cannot even look for
            raise ours(error, self.path) from error

    def plate_copy(self) -> bytes:
        """The small file's content, to lie beside a copy of the ledger."""
        return _written(self.read(), complete=True)

    def mark_demo(self, facts: Mapping[str, object]) -> None:
        """Say that the demo made this home, with what it keeps there (its clock)."""
        write_whole(self._demo, sealed(facts))

    def demo(self) -> dict[str, object] | None:
        """What the demo keeps here; None in every other home, and where its file is damaged."""
        try:
            return unsealed(self._demo)
        except (OSError, ValueError):
            return None

    def _mend(self, plate: Plate) -> None:
        """Make the small file anew. Not a duty: which ledger it is, is known."""
        try:
            self._complete_plate(plate)
        except LedgerError:
            return

    def _complete_plate(self, plate: Plate) -> None:
        write_whole(self._spare, _written(plate, complete=True), private=True)
        write_whole(self._plate, _written(plate, complete=True), private=True)

    def _facts(self, path: Path) -> Plate | None:
        try:
            return _plate(unsealed(path), path)
        except (OSError, ValueError):
            return None


def _written(plate: Plate, *, complete: bool) -> bytes:
    return sealed({"format": _FORMAT, "ledger": plate.ledger_id, "keys": plate.keys, "complete": complete})


def _plate(facts: Mapping[str, object], path: Path) -> Plate:
    """Raises ValueError for facts that are not a plate's, HomeNewer for those of a later version."""
    number, ledger_id, keys = facts.get("format"), facts.get("ledger"), facts.get("keys")
    if isinstance(number, int) and number > _FORMAT:
        raise HomeNewer(path=str(path))
    if number != _FORMAT or not isinstance(ledger_id, str):
        raise ValueError("no facts of a home")
    if keys == "keyring":
        return Plate(ledger_id, "keyring")
    if keys == "file":
        return Plate(ledger_id, "file")
    raise ValueError("no place for keys")
