"""Long work leaves the window's thread and comes back as a value; nothing that a person waits for blocks
the window.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, Literal, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

Lane = Literal["ledger", "free"]


class Stopped(Exception):
    """Raised inside a work by `Task.check` once it was cancelled; it never reaches a page."""


class Task:
    """One work under way: the work asks it whether to stop and tells it how far it came."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        self._tell = tell
        self._stop = threading.Event()
        self._future: Future[Any] | None = None

    def cancel(self) -> None:
        """Ask the work to stop.

        One that has not begun never begins; neither `done` nor `failed` is called.
        """
        self._stop.set()
        if self._future is not None:
            self._future.cancel()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raise Stopped if the work was cancelled; for works to call between steps."""
        if self.cancelled:
            raise Stopped

    def progress(self, value: object) -> None:
        """Tell the page how far the work came; called on the work's thread, heard on the window's."""
        self._tell(value)


class _Parcel(NamedTuple):
    owner: QObject
    task: Task
    future: Future[Any]
    done: Callable[[Any], object] | None
    failed: Callable[[BaseException], object] | None


class Jobs(QObject):
    """Runs works on other threads and delivers their results on the window's thread.

    The "ledger" lane is one thread, so that edits queue up in order; the "free" lane is for paper and
    network.
    """

    unclaimed = Signal(object, object)
    """owner, error: nobody took the error, so the window shows it."""
    _arrived = Signal(object)
    _told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {
            "ledger": ThreadPoolExecutor(1, thread_name_prefix="ledger"),
            "free": ThreadPoolExecutor(3, thread_name_prefix="free"),
        }
        self._under_way: set[Task] = set()
        self._closed = False
        # Queued even where the emitting thread is this one (a future done before its callback was added
        # calls it at once): a result never overtakes what its work told, nor comes before `run` returned.
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        *,
        lane: Lane = "free",
    ) -> Task:
        """Call `work` on another thread, then `done` or `failed` on this one, if `owner` still lives.

        `work` gets data, never widgets. An error without `failed` is emitted as `unclaimed`.
        """
        return self.run_task(owner, lambda _task: work(), done, failed, lane=lane)

    def run_task(
        self,
        owner: QObject,
        work: Callable[[Task], Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        *,
        progress: Callable[[Any], object] | None = None,
        lane: Lane = "free",
    ) -> Task:
        """Like `run`, for works that tell how far they came or can be stopped: `work` gets its Task."""
        task = Task(lambda value: self._told.emit((owner, task, progress, value)))
        if self._closed:
            task.cancel()
            return task
        self._under_way.add(task)
        future = self._lanes[lane].submit(work, task)
        task._future = future
        future.add_done_callback(lambda f: self._arrived.emit(_Parcel(owner, task, f, done, failed)))
        return task

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    def close(self) -> None:
        """Take no more works, stop those that can be stopped and wait for the rest; edits in the queue are
        done.

        Called when the window closes. Works of the ledger lane are not cancelled: they keep what was typed.
        """
        self._closed = True
        self._lanes["ledger"].shutdown(wait=True)
        for task in tuple(self._under_way):
            task.cancel()
        self._lanes["free"].shutdown(wait=True, cancel_futures=True)

    @Slot(object)
    def _tell(self, news: tuple[QObject, Task, Callable[[Any], object] | None, object]) -> None:
        owner, task, progress, value = news
        if progress is not None and isValid(owner) and not task.cancelled:
            progress(value)

    @Slot(object)
    def _deliver(self, parcel: _Parcel) -> None:
        self._under_way.discard(parcel.task)
        if not isValid(parcel.owner) or parcel.task.cancelled or parcel.future.cancelled():
            return
        error = parcel.future.exception()
        if error is None:
            if parcel.done is not None:
                parcel.done(parcel.future.result())
        elif isinstance(error, (Stopped, CancelledError)):
            return
        elif parcel.failed is not None:
            parcel.failed(error)
        else:
            self.unclaimed.emit(parcel.owner, error)
