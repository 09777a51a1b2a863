"""How a machine begins: with a code over the network, with the province's file, or with sample figures."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QProcess, QProcessEnvironment

from app.record import authority
from app.services import opening
from app.services.opening import Opened
from app.services.status import program
from app.storage.home import Home

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Found:
    """What a file of enrolment says, before anything is kept. created: seconds UTC, by the province's clock.

    file: what `Starting.enrol_file` wants back.
    """

    unit: str
    unit_name: str
    tasks: int
    created: int
    file: Any


class Ways(Protocol):
    """The ways to begin without the network."""

    def read_file(self, path: Path) -> Found:
        """Read a file of enrolment; nothing is kept."""
        ...

    def enrol_file(self, found: Found, name: str) -> object:
        """Enrol with the file; returns the opened ledger."""
        ...

    def read_ca(self, path: Path) -> str:
        """The content of a certificate file."""
        ...

    def practise(self) -> bool:
        """Begin with sample figures, beside this."""
        ...


class Starting:
    """The ways to begin in one home; the first three work on other threads."""

    def __init__(self, home: Home, clock: Callable[[], int], language: str = "vi") -> None:
        self._home, self._clock, self._language = home, clock, language

    def enrol(self, server: str, code: str, name: str, ca: str = "") -> Opened:
        """Make this home a device's, over the network. ca: the one certificate that the province is known by.

        Raises what `opening.enrol` raises.
        """
        from sync.client import enrolment
        from sync.client.network import HttpLink

        link = HttpLink(server, ca=ca)
        try:
            return opening.enrol(
                self._home,
                self._clock,
                code,
                name,
                lambda newcomer: enrolment.enrol(link, server, newcomer, program(), ca=ca),
            )
        finally:
            link.close()

    def read_ca(self, path: Path) -> str:
        """The certificates of a file. Raises FileUnreadable, NotACertificate."""
        return authority.read(path)

    def read_file(self, path: Path) -> Found:
        """Read a file of enrolment. Raises what `enrolment_file.read` raises."""
        from sync.client import enrolment_file

        file = enrolment_file.read(path, self._clock())
        said = file.content
        return Found(said.unit, said.unit_name, file.tasks, said.created, file)

    def enrol_file(self, found: Found, name: str) -> Opened:
        """Make this home a device's by a file. Raises what `opening.enrol` raises."""
        return opening.enrol(
            self._home,
            self._clock,
            found.file.content.code,
            name,
            lambda newcomer: found.file.identity(newcomer, program()),
            fill=found.file.fill,
        )

    def practise(self) -> bool:
        """Begin the demo, a program of its own in a folder of its own. False if it could not be begun."""
        process = QProcess()
        process.setProgram(sys.executable)
        out = tempfile.mkdtemp(prefix="so-nhiem-vu-dung-thu-")
        process.setArguments(["-m", "app.main", "demo", "--out", out, "--lang", self._language])
        process.setWorkingDirectory(str(_ROOT))
        process.setProcessEnvironment(QProcessEnvironment.systemEnvironment())
        started = process.startDetached()
        return bool(started[0] if isinstance(started, tuple) else started)
