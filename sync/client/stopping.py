"""Lets a person stop what waits for the network, at once and not when the network answers."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from sync.client.link import Stopped, StoppedByUser, never

T = TypeVar("T")

_LOOK_SECONDS = 0.1


def stoppable(work: Callable[[], T], stopped: Stopped) -> T:
    """Do some work of the network's, and leave it to itself as soon as it is to stop.

    The work goes on in a thread of its own until the network ends it; what comes of it is dropped.
    Raises StoppedByUser, and what the work raises.
    """
    if stopped is never:
        return work()
    if stopped():
        raise StoppedByUser()
    done: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def beside() -> None:
        try:
            done.put((work(), None))
        except BaseException as error:  # noqa: BLE001  handed on whole to whoever waits
            done.put((None, error))

    threading.Thread(target=beside, name="network", daemon=True).start()
    while True:
        try:
            found, error = done.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            if stopped():
                raise StoppedByUser() from None
            continue
        if error is not None:
            raise error
        return found  # type: ignore[return-value]  # it is what the work gave


def wait_stoppable(seconds: float, stopped: Stopped, pause: Callable[[float], None]) -> None:
    """Let so many seconds pass. Raises StoppedByUser within a tenth of a second."""
    if stopped is never:
        pause(seconds)
        return
    left = seconds
    while left > 0:
        if stopped():
            raise StoppedByUser()
        pause(min(left, _LOOK_SECONDS))
        left -= _LOOK_SECONDS
    if stopped():
        raise StoppedByUser()
