"""What the program asks of a machine, and what may be installed there. Standard library only."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

GLIBC = (2, 34)  # what Qt's wheels are built against: Debian 12, Ubuntu 22.04

#: Debian's names; newer releases find their own from these.
QT_LIBRARIES = (
    "libglib2.0-0", "libgl1", "libegl1", "libdbus-1-3", "libfontconfig1", "libxkbcommon0", "libx11-6",
    "libbrotli1", "libgssapi-krb5-2",
)  # fmt: skip
SCREEN_LIBRARIES = (
    "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxcb-xkb1",
    "libxkbcommon-x11-0", "libx11-xcb1", "libwayland-cursor0", "libcups2",
)  # fmt: skip
#: Program (or file) looked for, and the package that brings it. Tests use them where they are.
TEST_TOOLS = {
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "Xvfb": "xvfb",
    "pg_ctlcluster": "postgresql",
    "softhsm2-util": "softhsm2",
    "zbarimg": "zbar-tools",
    "java": "default-jre-headless",
    "/usr/share/java/preflight.jar": "libpdfbox2-java",
    "/usr/share/java/javax.activation.jar": "libactivation-java",  # gone from Java itself since 11
    "/usr/share/java/jaxb-api.jar": "libjaxb-api-java",
    "cupsd": "cups",
    "lp": "cups-client",
    "/usr/lib/cups/backend/cups-pdf": "printer-driver-cups-pdf",
}

_TRY_QT = "import PySide6.QtWidgets, PySide6.QtNetwork, PySide6.QtPrintSupport"
_PLUGINS = ("platforms/libqxcb.so", "printsupport/libcupsprintersupport.so")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a machine before anything is installed."""

    system: str = sys.platform
    machine: str = platform.machine()
    bits: int = 64 if sys.maxsize > 2**32 else 32
    implementation: str = sys.implementation.name
    free_threaded: bool = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    libc: tuple[str, str] = ("", "")

    @classmethod
    def here(cls) -> Facts:
        """Those of this machine."""
        return cls(libc=platform.libc_ver() if sys.platform == "linux" else ("", ""))


def problem(facts: Facts) -> str | None:
    """Why the program cannot run on such a machine, in one sentence; None where it can."""
    if facts.system not in ("linux", "win32"):
        return f"The program runs on Linux and Windows; this system is {facts.system}."
    if facts.implementation != "cpython" or facts.free_threaded:
        kind = "a free-threaded build" if facts.free_threaded else facts.implementation
        return f"The program needs the usual Python (CPython) from python.org or the system; this is {kind}."
    if facts.bits != 64:
        return "The program needs a 64-bit Python; this one has 32 bits. Install the other and start again."
    if facts.machine.lower() not in ("x86_64", "amd64"):
        return f"The program needs a processor of the x86-64 kind; this machine's is {facts.machine}."
    if facts.system == "linux":
        needed = "The program needs a Linux with glibc 2.34 or newer (Debian 12, Ubuntu 22.04); this one has"
        name, version = facts.libc
        if name != "glibc":
            return f"{needed} another C library."
        if tuple(int(part) for part in version.split(".")[:2]) < GLIBC:
            return f"{needed} {version}."
    return None


def elevation() -> list[str] | None:
    """What stands before `apt-get` so that it may install here; None where it may not or is not there."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _quiet(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def by_hand(packages: Sequence[str]) -> str:
    """The one line to run where we may not."""
    return shlex.join(["sudo", "apt-get", "install", "--no-install-recommends", *packages])


def install(packages: Sequence[str]) -> bool:
    """Installs Debian packages if that is allowed here; whether it was done."""
    before = elevation()
    if before is None:
        return False
    print(f"Installing with apt-get: {' '.join(packages)}", flush=True)
    apt = [
        *before,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "DPkg::Lock::Timeout=120",
    ]
    _quiet([*apt, "update"])  # an old list may still do; if not, the next line says so
    done = _quiet([*apt, "install", "-y", "--no-install-recommends", *packages])
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    return done.returncode == 0


def qt_failure(python: Path) -> str | None:
    """What Qt says when it cannot be loaded, asked of a child process; None if all is there."""
    tried = _quiet([str(python), "-c", _TRY_QT])
    return tried.stdout.strip().splitlines()[-1] if tried.returncode else None


def screen_failure(python: Path) -> str | None:
    """The libraries that a window on a real screen and its printers still need; None if all are there."""
    where = _quiet([str(python), "-c", "import PySide6; print(PySide6.__path__[0])"]).stdout.strip()
    lines: list[str] = []
    for plugin in _PLUGINS:
        lines += _quiet(["ldd", str(Path(where) / "Qt" / "plugins" / plugin)]).stdout.splitlines()
    missing = sorted({line.split()[0] for line in lines if "not found" in line})
    return ", ".join(missing) or None


def has_screen() -> bool:
    """Whether someone sits before this machine, as far as the environment tells."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _quiet(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
