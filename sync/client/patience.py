"""How long it is tried over a link that breaks: as long as anything moves, and then a bounded time."""

import random
import time
from collections.abc import Callable

from sync.client import reasons
from sync.client.link import Cut, NoConnection

_MAX_BARREN = 20
"""Steps in a row that bring nothing: enough to come from the largest slice to the smallest."""
_MAX_BARREN_SECONDS = 60.0
_MAX_UNREACHED = 3
"""Tries to connect again, after a connection that did bring something."""
_MAX_STEPS, _MAX_LOSSES = 50_000, 10
"""Of one transfer: whatever answers, it comes to an end."""
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 4.0


class Patience:
    """Counts what brings nothing. wait: lets so many seconds pass."""

    def __init__(self, wait: Callable[[float], None]) -> None:
        self._wait = wait
        self._moved = False
        self._began_nothing = time.monotonic()
        self._barren = self._cuts = self._unreached = self._steps = self._losses = 0

    def tried(self, failure: NoConnection | None, *, moved: bool, lost: bool = False) -> None:
        """One more step. failure: what ended it. moved: it brought something. lost: what was there is gone.

        Waits before the next step where the last ones brought nothing. Raises the failure at the end.
        """
        self._steps += 1
        self._losses += lost
        if self._steps > _MAX_STEPS or self._losses > _MAX_LOSSES:
            raise failure or NoConnection(why=reasons.BROKEN)
        if failure is None or isinstance(failure, Cut):
            self._unreached = 0
        if moved:
            self._moved = True
            self._barren = self._cuts = 0
            self._began_nothing = time.monotonic()
            return
        self._barren += 1
        if failure is None:
            if self._barren > _MAX_BARREN:
                raise NoConnection(why=reasons.BROKEN)
            return
        if isinstance(failure, Cut):
            self._cuts += 1
            if self._barren > _MAX_BARREN or time.monotonic() - self._began_nothing > _MAX_BARREN_SECONDS:
                raise failure
        else:
            self._unreached += 1
            if not self._moved or self._unreached > _MAX_UNREACHED:
                raise failure
        self._pause(self._cuts - 1 + self._unreached)

    def _pause(self, times: int) -> None:
        if times > 0:
            self._wait(min(_LONGEST_WAIT, _FIRST_WAIT * 2**times) * (0.5 + random.random() / 2))
