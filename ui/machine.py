"""What the window does for this machine: its own task at the system, and copies of the ledger."""

from __future__ import annotations

from pathlib import Path

from app.services import takein
from app.services.opening import Opened
from app.services.scheduling import Standing, Task
from app.services.takein import TakenIn


class Machine:
    """All of it works on other threads than the window's."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._task = Task(opened.home)

    @property
    def practice(self) -> bool:
        """Whether this is the demo, which installs nothing at the system."""
        return self._opened.home.demo() is not None

    def standing(self) -> Standing:
        """Whether the system exchanges by itself. Raises ScheduleUnknown."""
        return self._task.standing()

    def schedule(self, on: bool) -> Standing:
        """Turn it on or off. Raises ScheduleUnknown, ScheduleRefused, LedgerNoAccess."""
        return self._task.on() if on else self._task.off()

    def copy(self, folder: Path) -> Path:
        """Make a verified copy in a folder. Raises LedgerDamaged, DiskFull, LedgerNoAccess, FileHeld."""
        return self._opened.copy(folder)

    def take_in(self, path: Path) -> TakenIn:
        """Take in a copy of another machine of the unit. Raises what `takein.take_in` raises."""
        return takein.take_in(self._opened, path, ask=self._ask)

    def _ask(self, ledger: str, slot: bytes) -> bytes:
        """Have the province open the key of a dead machine's copy. Raises what a road raises."""
        from sync.client import escrow
        from sync.client.network import HttpLink

        identity = self._opened.ledger.identity
        link = HttpLink(identity.server, ca=identity.ca)
        try:
            return escrow.ask(link, self._opened, ledger, slot)
        finally:
            link.close()
