"""Where sheets are handed in to be printed: CUPS takes the PDF, Windows takes painted pages.

Both are called on other threads, can be stopped, and end with an outcome or with an error in words.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple, Protocol

from app.services.cups import Cups, Outcome, Standing, State
from app.services.printing import Order, Printer


class Told(NamedTuple):
    """How a print goes. why: the printer's own words. page, of: where pages are painted, else 0."""

    state: State
    why: str = ""
    page: int = 0
    of: int = 0


class Desk(Protocol):
    """One system's printing."""

    def printers(self) -> tuple[Printer, ...]:
        """The printers, the default one first. Raises NoPrinter when there are none."""

    def put(
        self,
        pdf: bytes,
        order: Order,
        *,
        stopped: Callable[[], bool],
        left: Callable[[], bool],
        told: Callable[[Told], object],
    ) -> Outcome:
        """Print; returns when it is on paper, in the queue, or withdrawn because `stopped` said so.

        left: whether the program ends; what the queue has is then left to it.
        Raises NoPrinter, PrinterGone, PrintRefused, PrinterSilent; then nothing is printed later either.
        """


class CupsDesk:
    """Linux."""

    def __init__(self, cups: Cups | None = None) -> None:
        self._cups = cups or Cups()

    def printers(self) -> tuple[Printer, ...]:
        """See Desk."""
        return self._cups.printers()

    def put(
        self,
        pdf: bytes,
        order: Order,
        *,
        stopped: Callable[[], bool],
        left: Callable[[], bool],
        told: Callable[[Told], object],
    ) -> Outcome:
        """See Desk."""

        def pass_on(standing: Standing) -> None:
            told(Told(standing.state, standing.why))

        return self._cups.follow(self._cups.send(pdf, order), stopped=stopped, left=left, told=pass_on)


def desk() -> Desk:
    """The printing of the system that the program runs on."""
    if sys.platform == "win32":
        from ui.painted_desk import PaintedDesk

        return PaintedDesk()
    return CupsDesk()
