"""What a big transfer costs is said before it goes: words go at once, much evidence waits for a word."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sync.client.engine import Exchange
    from sync.client.link import Progress, Stopped, Tell
    from ui.courier import Exchanging

Choice = Literal["", "words", "all"]
"""What a person said of a big transfer: nothing yet, words only, or the evidence too."""

BIG = 300 * 1024
"""Bytes of evidence from which on a person is asked before they go: five minutes of a link of 1 KB/s."""
_APART = 0.1
"""Seconds between two sentences; a fast link tells of hundreds of parts."""


class Asked:
    """An exchange that leaves much evidence behind until a person said that it may go.

    choice: set on the window's thread. with_evidence: whether it goes with the exchange under way, or went
    with the last one.
    """

    def __init__(self, exchange: Exchanging, waiting: Callable[[], int]) -> None:
        """waiting: reads how many bytes of evidence wait."""
        self._exchange, self._waiting = exchange, waiting
        self.choice: Choice = ""
        self.with_evidence = False

    def __call__(self, *, evidence: bool, tell: Tell, stopped: Stopped) -> Exchange:
        """Exchange now, on the courier's thread. Raises what the exchange raises."""
        # Read at the last moment: what was added since the window last looked counts too.
        asked = self.choice == "all" or (self.choice == "" and self._waiting() <= BIG)
        self.with_evidence = evidence and asked
        return self._exchange(evidence=self.with_evidence, tell=_calmly(tell), stopped=stopped)


def _calmly(tell: Tell) -> Tell:
    """Tells not more often than can be read, but always that all has gone."""
    last = 0.0

    def told(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        whole = progress.up_total and progress.up >= progress.up_total
        if whole or now - last >= _APART:
            last = now
            tell(progress)

    return told
