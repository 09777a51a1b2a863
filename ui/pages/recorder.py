"""Edits of the open task on their way to the ledger: what is pending, what came of it, what takes it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.domain.change import Change, Value
from app.services.lines import FIELDS, Line
from app.services.weeks import Now
from ui.jobs import Jobs
from ui.pages import telling
from ui.pages.shown import Reading, Sheet, Shown

Work = Callable[[], Change | None]
Failed = Callable[[BaseException], object]


class Recorder(QObject):
    """Runs the edits of sheets in the ledger's lane, one after the other, and reads anew behind each."""

    settled = Signal(object, object, object)
    """An edit is in the ledger: its sheet, the change (None for nothing new), a fresh `Shown`."""
    written = Signal(object)
    """A fresh `Shown`."""
    recorded = Signal(str, object)
    """What was recorded, in words, and what takes it back."""
    failed = Signal(object)
    """Why something could not be taken back."""

    def __init__(
        self,
        reading: Reading,
        jobs: Jobs,
        opened: Callable[[], Sheet | None],
        parent: QObject | None = None,
    ) -> None:
        """opened: gives the sheet that is under the pen."""
        super().__init__(parent)
        self._ledger, self._reading = reading.ledger, reading
        self._jobs, self._opened = jobs, opened
        self._pending: dict[tuple[str, str], int] = {}
        self._flying: dict[tuple[str, str], str] = {}
        self._writing: dict[str, Sheet] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is on its way."""
        return any(self._pending.values())

    def pending(self, record: str, name: str) -> bool:
        """Whether an edit of a field is on its way."""
        return bool(self._pending.get((record, name)))

    def flying(self, record: str, name: str, otherwise: str) -> str:
        """The words of a field that are on their way."""
        return self._flying.get((record, name), otherwise)

    def sheet_of(self, line: Line, now: Now) -> Sheet:
        """A new sheet, or the last one while what was written on it is still on its way."""
        last = self._writing.get(line.progress)
        if last is not None and any(self.pending(line.progress, name) for name in FIELDS):
            return last
        return Sheet(line, now)

    def write_text(self, sheet: Sheet, name: str, text: str, failed: Failed) -> None:
        """Record the words of a field."""
        self._flying[(sheet.line.progress, name)] = text
        self.write(sheet, name, lambda: sheet.write_text(self._ledger, name, text), failed)

    def write(
        self, sheet: Sheet, name: str, work: Work, failed: Failed, *, undo: bool = True, tell: bool = True
    ) -> None:
        """Run an edit; tell what was recorded, with what takes it back."""
        place = (sheet.line.progress, name)
        self._pending[place] = self._pending.get(place, 0) + 1
        self._writing[sheet.line.progress] = sheet

        def job() -> tuple[Value, Change | None, Shown]:
            before = sheet.value(name)
            return before, work(), self._reading()

        def done(result: tuple[Value, Change | None, Shown]) -> None:
            before, change, shown = result
            self._pending[place] -= 1
            self.settled.emit(sheet, change, shown)
            self.written.emit(shown)
            if change is not None and tell:
                back = (lambda: self._put_back(sheet, name, before)) if undo else None
                self.recorded.emit(telling.recorded(sheet.line.code, name, change), back)

        def wrong(error: BaseException) -> None:
            self._pending[place] -= 1
            failed(error)
            # The words stay as a draft: know of it before the task is opened again.
            self._jobs.run(self, self._reading, self.written.emit, lane="ledger")

        self._jobs.run(self, job, done, wrong, lane="ledger")

    def _put_back(self, sheet: Sheet, name: str, before: Value) -> None:
        value = "" if name != "state" and before is None else before
        opened = self._opened()
        if opened is not None and opened.line.progress == sheet.line.progress:
            sheet = opened  # the task may have been opened again since
        self.write(
            sheet,
            name,
            lambda: sheet.put_back(self._ledger, name, value),
            self.failed.emit,
            undo=False,
            tell=False,
        )
