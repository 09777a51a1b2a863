"""The stick as the window uses it: the same export and take-in as at the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.periods import Week, today
from app.record import outside
from app.services.opening import Opened
from ui.pages.usb import ENDING, Stick

if TYPE_CHECKING:
    from sync.client.link import Stopped, Tell
    from sync.client.usb import Exported, Taken


def stick(opened: Opened) -> Stick:
    """What the exchange page does with a stick."""

    def export(path: Path, evidence: bool, tell: Tell, stopped: Stopped) -> Exported:
        from sync.client import usb  # late, on the worker's thread: what seals takes its time to load

        return usb.export(opened, path, evidence=evidence, tell=tell, stopped=stopped)

    def take(path: Path) -> Taken:
        from sync.client import usb

        return usb.take(opened, path)

    def name() -> str:
        """Unit and week, and nothing else."""
        ledger = opened.ledger
        return f"{ledger.identity.unit}-{Week.containing(today(ledger.now()))}{ENDING}"

    def programs(path: Path) -> Sequence[str]:
        return outside.strange_programs(path, opened.home.path)

    return Stick(export, take, name, programs)
