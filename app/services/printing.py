"""What is asked of a printer, whatever the system: pages, copies, sides, A4; what was chosen last time."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar, Literal

from sqlalchemy import Connection

from app.domain.errors import LedgerError
from app.storage import meta
from app.storage.ledger import Edit

Sides = Literal["one-sided", "two-sided-long-edge"]
ONE_SIDED: Sides = "one-sided"
TWO_SIDED: Sides = "two-sided-long-edge"
MOST_COPIES = 99

_A4 = re.compile(r"(iso_)?a4\b|(iso_)?a4[._]", re.IGNORECASE)
_RANGE = re.compile(r"\s*(\d{1,4})\s*(?:[-–]\s*(\d{1,4})\s*)?")
_SETTING = "printing:{kind}"


class NoPrinter(LedgerError):
    """The machine knows no printer, or its printing service does not run."""

    code: ClassVar[str] = "no-printer"


class PrinterGone(LedgerError):
    """The printer that was chosen is not there any more. Facts: printer."""

    code: ClassVar[str] = "printer-gone"


class PrintRefused(LedgerError):
    """The printer did not take the job, or gave it up. Facts: printer, why (its own words)."""

    code: ClassVar[str] = "print-refused"


class PrinterSilent(LedgerError):
    """The printer is off, paused or out of reach; the job was withdrawn. Facts: printer, why (its words)."""

    code: ClassVar[str] = "printer-silent"


class BadPages(LedgerError):
    """The choice of pages cannot be read, or names none that is there. Facts: text, count."""

    code: ClassVar[str] = "bad-pages"


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer as the system describes it.

    name: of the queue; words: for people; paper: the size it is set to, "" if it does not say; papers: the
    sizes it offers; two_sided: whether it can print on both sides.
    """

    name: str
    words: str
    default: bool = False
    paper: str = ""
    papers: tuple[str, ...] = ()
    two_sided: bool = False

    @property
    def set_to_a4(self) -> bool:
        """Whether it is set to A4, or says nothing of sizes."""
        return not self.paper or is_a4(self.paper)

    @property
    def a4(self) -> str | None:
        """The name by which it knows A4; None when it offers other sizes only."""
        return next(
            (each for each in (self.paper, *self.papers) if is_a4(each)), None if self.papers else "A4"
        )


@dataclass(frozen=True, slots=True)
class Order:
    """One print. pages: numbers from 1, empty for all; paper: the printer's name for A4."""

    printer: str
    title: str
    copies: int = 1
    pages: tuple[int, ...] = ()
    sides: Sides = ONE_SIDED
    paper: str = "A4"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen the last time for a kind of document."""

    printer: str = ""
    copies: int = 1
    sides: Sides = ONE_SIDED


def is_a4(paper: str) -> bool:
    """Whether a size by this name is A4: "A4", "iso_a4_210x297mm", "A4.Borderless"."""
    return _A4.match(paper) is not None


def parse_pages(text: str, count: int) -> tuple[int, ...]:
    """Page numbers of a choice like "1-3, 5" of `count` pages, in order; empty for an empty text: all.

    Raises BadPages for what is no choice and for pages that are not there.
    """
    if not text.strip():
        return ()
    found: set[int] = set()
    for part in re.split(r"[,;]", text):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise BadPages(text=text.strip(), count=count)
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= count:
            raise BadPages(text=text.strip(), count=count)
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def show_pages(pages: Iterable[int]) -> str:
    """Page numbers as a short text that `parse_pages` reads: "1-3,5"."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)


def remembered(connection: Connection, kind: str) -> Choice:
    """What was chosen the last time for this kind of document ("report", "receipt", …)."""
    kept = meta.read(connection, _SETTING.format(kind=kind))
    if not isinstance(kept, Mapping):
        return Choice()
    printer, copies, sides = kept.get("printer"), kept.get("copies"), kept.get("sides")
    return Choice(
        printer if isinstance(printer, str) else "",
        copies if isinstance(copies, int) and 1 <= copies <= MOST_COPIES else 1,
        TWO_SIDED if sides == TWO_SIDED else ONE_SIDED,
    )


def remember(edit: Edit, kind: str, choice: Choice) -> None:
    """Keep what was chosen; a setting of this machine, which goes nowhere."""
    meta.write(edit.connection, _SETTING.format(kind=kind), asdict(choice))
