"""Exchanges with the province beside the window, when `sync.client.schedule` says so."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.domain.periods import local
from app.services.weeks import calendar, default_week
from sync.client.schedule import Plan

if TYPE_CHECKING:
    from app.domain.calendar import Calendar
    from sync.client.engine import Exchange
    from sync.client.link import Stopped, Tell

LONGEST_SLEEP = 300.0
"""Seconds after which the plan is looked at anew: the cut-off is worked out from a clock that may jump."""


class Exchanging(Protocol):
    """One exchange, as `sync.client.run.run` does it for an open ledger."""

    def __call__(self, *, evidence: bool, tell: Tell, stopped: Stopped) -> Exchange:
        """Exchange until nothing waits."""
        ...


class Courier(QObject):
    """Runs one exchange at a time, beside the window.

    Not one of the jobs: a call into a dead network may hang for a minute, and closing the window must not
    wait for it. Breaking it off loses nothing; what was not acknowledged goes next time.
    """

    began = Signal()
    told = Signal(object)
    """A Progress: how far it has come."""
    went = Signal(object)
    """An Exchange."""
    missed = Signal(object)
    """The error, also where a person stopped it; what waits is tried again by itself."""

    def __init__(
        self,
        exchange: Exchanging,
        parent: QObject | None = None,
        *,
        until_cut_off: Callable[[], float] | None = None,
        now: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """until_cut_off: seconds until the report's next cut-off. now: seconds of a monotonic clock."""
        super().__init__(parent)
        self._exchange = exchange
        self._until_cut_off = until_cut_off or (lambda: math.inf)
        self._now = now
        self._draw = draw
        self._plan = Plan()
        self._halted = threading.Event()
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        # queued: told on the exchange's thread, heard on the window's
        self.went.connect(self._after_success, Qt.ConnectionType.QueuedConnection)
        self.missed.connect(self._after_failure, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether an exchange is under way."""
        return self._plan.running

    @property
    def wait(self) -> float:
        """Seconds until the next try by itself; infinite while one is under way."""
        return max(0.0, self._plan.due - self._now())

    def start(self) -> None:
        """The window opened: try at once."""
        self._plan = self._plan.started(self._now())
        self._look()

    def send(self, *, evidence: bool = True) -> None:
        """A person wants it now. evidence: False for the words alone. Nothing while one is under way."""
        if self.busy or self._closed:
            return
        self._plan = self._plan.asked_for(self._now())
        self._begin(evidence)

    def soon(self) -> None:
        """Something was written: it goes with what follows within half a minute."""
        self._plan = self._plan.edited(self._now())
        self._arm()

    def network_changed(self) -> None:
        """There is another way to the outside than a moment ago."""
        self._plan = self._plan.network_changed(self._now())
        self._arm()

    def halt(self) -> None:
        """A person stops it: the exchange ends at its next step, and then it rests for a while."""
        self._halted.set()

    def stop(self) -> None:
        """The window closes: begin nothing any more; what is under way is told to end, and not waited for."""
        self._closed = True
        self._halted.set()
        self._timer.stop()

    def _look(self) -> None:
        """Begin if it is time to, else wait on."""
        if not self._closed and not self.busy and self._plan.due <= self._now():
            self._begin(True)
        else:
            self._arm()

    def _arm(self) -> None:
        if self._closed or self.busy:
            return
        now = self._now()
        self._plan = self._plan.deadline(now, now + self._until_cut_off())
        # rounded up: woken a hair too early, it would go round in a circle until it is time
        self._timer.start(math.ceil(min(self.wait, LONGEST_SLEEP) * 1000))

    def _begin(self, evidence: bool) -> None:
        self._timer.stop()
        self._halted = threading.Event()
        self._plan = self._plan.began(self._now())
        self.began.emit()
        run = threading.Thread(target=self._run, args=(evidence, self._halted), name="courier", daemon=True)
        run.start()

    def _run(self, evidence: bool, halted: threading.Event) -> None:
        with suppress(RuntimeError):  # the window has gone meanwhile
            try:
                done = self._exchange(evidence=evidence, tell=self.told.emit, stopped=halted.is_set)
            except Exception as error:  # noqa: BLE001  handed on whole; the window says it
                self.missed.emit(error)
                return
            self.went.emit(done)

    def _after_success(self, _done: Exchange) -> None:
        self._plan = self._plan.succeeded(self._now(), self._draw())
        self._arm()

    def _after_failure(self, error: BaseException) -> None:
        if self._halted.is_set():
            self._plan = self._plan.stopped(self._now())
        else:
            self._plan = self._plan.failed(self._now(), self._draw(), _asked_to_wait(error))
        self._arm()


def seconds_to_cut_off(clock: int, using: Calendar | None = None) -> float:
    """Seconds until the data of the default week end.

    clock: this machine's, seconds UTC. using: the ledger's calendar, the program's own while it is not read.
    """
    rules = using or calendar()
    closes = rules.cut_off(default_week(clock, using=rules))
    return math.inf if closes is None else (closes - local(clock)).total_seconds()


def _asked_to_wait(error: BaseException) -> float:
    """Seconds after which the province wants to be asked again, 0 where it said nothing."""
    facts = getattr(error, "facts", {})
    seconds = facts.get("retry_after", 0)
    return float(seconds) if isinstance(seconds, int | float) else 0.0
