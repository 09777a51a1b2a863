"""The stick as the window uses it: the same export and take-in as at the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStorageInfo

from app.domain.periods import Week, today
from app.record import outside
from app.services.opening import Opened
from ui.pages.usb import ENDING, Stick

if TYPE_CHECKING:
    from sync.client.link import Stopped, Tell
    from sync.client.usb import Exported, Taken


_DRIVE_REMOVABLE = 2  # as GetDriveTypeW names it


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

    return Stick(export, take, name, programs, plugged_in)


def plugged_in() -> Path | None:
    """The folder of the first stick that can be written to; asking the system may take a while."""
    for volume in QStorageInfo.mountedVolumes():
        if (
            volume.isValid()
            and volume.isReady()
            and not volume.isReadOnly()
            and _removable(volume.rootPath())
        ):
            return Path(volume.rootPath())
    return None


def _removable(root: str) -> bool:
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(root.replace("/", "\\"))) == _DRIVE_REMOVABLE
    return root.startswith(("/media/", "/run/media/", "/Volumes/"))
