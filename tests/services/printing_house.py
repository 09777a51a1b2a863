"""A CUPS of our own in a folder of our own, with its PDF printer: what comes out of it can be measured.

cups-pdf wants to be started by root, and takes its settings from the system. Jobs come from a user that does
not exist, so it prints them into the folder for such users, as PDF by Ghostscript.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

_PAPERS = Path("/var/spool/cups-pdf/ANONYMOUS")
_PPD = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_noopt.ppd")
_CUPSD = "/usr/sbin/cupsd"
_BACKEND = Path("/usr/lib/cups/backend/cups-pdf")

_CONF = """\
Listen {place}/s
Browsing Off
DefaultAuthType None
WebInterface No
ErrorPolicy retry-job
<Location />
  Allow all
</Location>
<Location /admin>
  Allow all
</Location>
<Policy default>
  <Limit All>
    Allow all
  </Limit>
</Policy>
"""
_FILES = """\
ServerRoot {place}/etc
RequestRoot {place}/spool
TempDir {place}/spool/tmp
CacheDir {place}/cache
StateDir {place}/state
AccessLog {place}/access
ErrorLog {place}/errors
PageLog {place}/pages
SystemGroup root
"""


class House:
    """Printers can be added; what they print is found by its title."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.title = f"snv{secrets.token_hex(6)}"

    def add(self, name, *, device="cups-pdf:/", paper="A4", margin=0):
        """A printer with a margin of so many points that it cannot print on, set to a size of paper."""
        drawer = self.place / f"{name}.ppd"
        area = f"{margin} {margin} {595 - margin} {842 - margin}"
        lines = []
        for line in _PPD.read_text(encoding="latin-1").splitlines():
            key = line.partition(":")[0]
            if key in {
                "*DefaultPageSize",
                "*DefaultPageRegion",
                "*DefaultImageableArea",
                "*DefaultPaperDimension",
            }:
                line = f"{key}: {paper}"
            elif key == "*HWMargins":
                line = f"{key}: {margin} {margin} {margin} {margin}"
            elif key == "*ImageableArea A4/A4":
                line = f'{key}: "{area}"'
            lines.append(line)
        drawer.write_text("\n".join(lines) + "\n", encoding="latin-1")
        self.tell("lpadmin", "-p", name, "-E", "-v", device, "-P", str(drawer), "-D", f"Máy in {name}")

    def tell(self, *command):
        subprocess.run(command, check=True, capture_output=True, timeout=30)

    def printed(self, title):
        """The PDF that came out under this title."""
        found = [paper for paper in _PAPERS.iterdir() if paper.name.startswith(title)]
        assert len(found) == 1, found
        return found[0].read_bytes()


@contextmanager
def printing_house(monkeypatch):
    """Start CUPS; skip with the reason where it cannot run."""
    for program in (_CUPSD, "lp", "lpstat", "lpadmin", "lpoptions", "cancel", "cupsdisable", "gs"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (cups, cups-client, ghostscript)")
    if not _BACKEND.is_file() or not _PPD.is_file():
        pytest.skip("CUPS' PDF printer is not installed (printer-driver-cups-pdf)")
    if not _PAPERS.is_dir():
        pytest.skip("CUPS' PDF printer does not print for unknown users here (AnonDirName)")
    if os.geteuid() != 0:
        pytest.skip("CUPS starts its PDF printer only when root started CUPS")
    place = Path(tempfile.mkdtemp(prefix="snv-cups-"))
    place.chmod(0o755)  # its filters run as another user
    for name in ("etc", "spool", "spool/tmp", "cache", "state"):
        (place / name).mkdir()
    (place / "etc/cupsd.conf").write_text(_CONF.format(place=place))
    (place / "etc/cups-files.conf").write_text(_FILES.format(place=place))
    (place / "etc/client.conf").write_text(f"ServerName {place}/s\nUser snv-nobody\n")
    monkeypatch.setenv("CUPS_SERVERROOT", str(place / "etc"))
    monkeypatch.delenv("CUPS_SERVER", raising=False)
    conf = ["-c", str(place / "etc/cupsd.conf"), "-s", str(place / "etc/cups-files.conf")]
    server = subprocess.Popen([_CUPSD, "-f", *conf], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    house = House(place)
    try:
        _wait(server)
        yield house
    finally:
        server.terminate()
        server.wait(20)
        for paper in _PAPERS.glob(f"{house.title}*"):
            paper.unlink()
        shutil.rmtree(place, ignore_errors=True)


def _wait(server):
    end = time.monotonic() + 15
    while time.monotonic() < end:
        asked = subprocess.run(["lpstat", "-r"], capture_output=True, timeout=10, text=True)
        if "is running" in asked.stdout:
            return
        if server.poll() is not None:
            break
    pytest.skip("CUPS does not start here")
