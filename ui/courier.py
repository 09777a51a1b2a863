"""Tries to exchange with the province: at the start, after edits, when asked, and again when it failed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer, Signal

from sync.client.engine import Exchange

GATHER_MS = 30_000
"""Edits are gathered for so long before they go."""
LOOK_MS = 15 * 60_000
"""So long after an exchange that went well the province is asked for news."""
FIRST_WAIT_MS = 60_000
LONGEST_WAIT_MS = 30 * 60_000


class Courier(QObject):
    """Runs one exchange at a time, beside the window.

    Not one of the jobs: a call into a dead network may hang for a minute, and closing the window must not
    wait for it. Breaking it off loses nothing; what was not acknowledged goes next time.
    """

    began = Signal()
    went = Signal(object)
    """An Exchange."""
    missed = Signal(object)
    """The error; what waits is tried again by itself."""

    def __init__(self, exchange: Callable[[], Exchange], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exchange = exchange
        self._busy = False
        self._wait = FIRST_WAIT_MS
        self._failing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.send)
        self.went.connect(self._after_success)
        self.missed.connect(self._after_failure)

    @property
    def busy(self) -> bool:
        """Whether an exchange is under way."""
        return self._busy

    def send(self) -> None:
        """Try now, unless an exchange is under way."""
        if self._busy:
            return
        self._busy = True
        self._timer.stop()
        self.began.emit()
        threading.Thread(target=self._run, name="courier", daemon=True).start()

    def soon(self) -> None:
        """Something was written: it goes with what follows within half a minute."""
        if self._busy or self._failing:
            return  # the next try takes it along
        if not self._timer.isActive() or self._timer.remainingTime() > GATHER_MS:
            self._timer.start(GATHER_MS)

    def stop(self) -> None:
        """Begin nothing any more; what is under way is left to itself."""
        self._timer.stop()
        self._busy = True

    def _run(self) -> None:
        with suppress(RuntimeError):  # the window has gone meanwhile
            try:
                done = self._exchange()
            except Exception as error:  # noqa: BLE001  handed on whole; the window says it
                self.missed.emit(error)
                return
            self.went.emit(done)

    def _after_success(self, _done: Exchange) -> None:
        self._busy = self._failing = False
        self._wait = FIRST_WAIT_MS
        self._timer.start(LOOK_MS)

    def _after_failure(self, _error: BaseException) -> None:
        self._busy, self._failing = False, True
        self._timer.start(self._wait)
        self._wait = min(2 * self._wait, LONGEST_WAIT_MS)
