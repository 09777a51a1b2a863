"""What the signing window does on other threads: look for devices, sign, check. No widgets here.

pyHanko and the drivers are loaded when the first device is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import LedgerError
from app.record.files import discard, write_whole
from app.services import signing, signing_choices
from app.services.signing import Way
from app.services.signing_choices import Choices
from app.storage.home import Home

if TYPE_CHECKING:
    from app.reports.signatures.signing import Order
    from app.reports.signatures.verifying import Verdict
    from app.security.devices import Device


@dataclass(frozen=True, slots=True)
class Plugged:
    """A device, and the driver through which it was seen."""

    driver: Path
    device: Device


@dataclass(frozen=True, slots=True)
class Found:
    """Devices that are plugged in. problem: why a driver that was chosen by hand could not be used."""

    devices: tuple[Plugged, ...]
    problem: LedgerError | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A signature that was made. path: of the signed file."""

    path: Path
    pdf: bytes
    verdict: Verdict
    warnings: tuple[LedgerError, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be signed, how and where to. picture: a PNG, or None."""

    pdf: bytes
    way: Way
    role: str
    picture: Path | None
    number: str
    day: str
    out: Path


class Signatures:
    """For one home. clock: seconds UTC."""

    def __init__(self, home: Home, clock: Callable[[], int]) -> None:
        self._home, self._clock = home, clock

    def remembered(self) -> Choices:
        """What was chosen last time."""
        return signing_choices.remembered(self._home)

    def remember(self, choices: Choices) -> None:
        """Keep it for the next time."""
        signing_choices.remember(self._home, choices)

    def find(self, driver: Path | None) -> Found:
        """Look for devices, through the makers' drivers and one that was chosen by hand."""
        from app.security import devices, drivers

        found: list[Plugged] = []
        problem: LedgerError | None = None
        paths = [one.path for one in drivers.found()]
        for path in dict.fromkeys([*([driver] if driver is not None else []), *paths]):
            try:
                seen = devices.plugged_in(path)
            except LedgerError as error:
                problem = error if path == driver else problem
                continue
            known = {one.device.serial for one in found}
            found += [Plugged(path, one) for one in seen if one.serial not in known]
        return Found(tuple(found), problem)

    def sign(self, asked: Asked, secret: str, *, stopped: Callable[[], bool]) -> Done:
        """Sign and write the file. Raises what `app.services.signing` raises; then nothing was written."""
        made = signing.sign(
            self._home,
            asked.pdf,
            asked.way,
            lambda: secret,
            _order(asked),
            self._clock(),
            stopped=stopped,
        )
        from app.reports.signatures.signing import Stopped

        if stopped():
            raise Stopped
        there = asked.out.exists()
        write_whole(asked.out, made.pdf, keep=True)
        if stopped() and not there:
            discard(asked.out)
            raise Stopped
        verdict = signing.verify(self._home, made.pdf, None, self._clock())
        return Done(asked.out, made.pdf, verdict, made.warnings)

    def stamp(self, pdf: bytes, address: str, out: Path) -> tuple[bytes, Verdict]:
        """Ask a time authority, write the stamped file. Raises what `app.services.signing.stamp` does."""
        made = signing.stamp(pdf, address)
        write_whole(out, made, keep=True)
        self.remember(replace(self.remembered(), stamps=address))
        return made, signing.verify(self._home, made, None, self._clock())

    def look(self, path: Path) -> tuple[bytes, Verdict]:
        """A file and what can be said of its signatures. Raises FileUnreadable, NotReadable."""
        pdf = signing.read(path)
        return pdf, signing.verify(self._home, pdf, None, self._clock())

    def verdict(self, pdf: bytes) -> Verdict:
        """What can be said of the signatures in a document. Raises NotReadable."""
        return signing.verify(self._home, pdf, None, self._clock())


def _order(asked: Asked) -> Order:
    """Raises BadDate, FileUnreadable."""
    from app.domain.periods import parse_date
    from app.reports.signatures.signing import Order

    picture = signing.read(asked.picture) if asked.picture is not None else None
    issued = parse_date(asked.day) if asked.day else None
    return Order("agency" if asked.role == "agency" else "person", picture, asked.number, issued)
