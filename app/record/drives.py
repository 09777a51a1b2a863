"""Whether a folder lies on a network drive: SQLite's WAL needs a local disk."""

import os
import sys
from pathlib import Path

_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "fuse.sshfs",
        "davfs",
        "fuse.davfs2",
        "fuse.rclone",
        "fuse.gvfsd-fuse",
    }
)


def is_network(folder: Path) -> bool:
    """True if the system says that the folder lies on another machine; False where it does not tell."""
    if sys.platform == "win32":
        return _is_network_on_windows(folder)
    try:
        table = Path("/proc/self/mountinfo").read_bytes()
        device = folder.stat().st_dev
    except OSError:
        return False
    return kind_of(table, os.major(device), os.minor(device)) in _NETWORK


def kind_of(table: bytes, major: int, minor: int) -> str:
    """The kind of file system with this device number in a table of mounts (proc(5), mountinfo), else ''."""
    device = f"{major}:{minor}".encode()
    for line in table.splitlines():
        before, dash, after = line.partition(b" - ")
        if dash and before.split(b" ")[2:3] == [device]:
            return after.split(b" ")[0].decode("ascii", "replace")
    return ""


def _is_network_on_windows(folder: Path) -> bool:
    import ctypes

    place = folder.drive
    if place.startswith("\\\\"):
        return True
    remote = 4
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  mypy on Linux does not know windll
    return bool(kernel.GetDriveTypeW(place + "\\") == remote)
