"""What an officer writes into a report, between the sentences on the screen and the ledger."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.domain.errors import LedgerError
from app.storage.ledger import Ledger
from app.words import _, explain
from ui.jobs import Jobs
from ui.pages import report_text
from ui.pages.report_data import Shown
from ui.pages.report_text import SentencesPart
from ui.pages.report_work import Pens


class Writing(QObject):
    """Keeps each sentence when it is left or two seconds after the last key; there is no button to save."""

    written = Signal()
    """A sentence is in the ledger."""
    failed = Signal(object)
    """An error that no sentence of ours explains."""

    def __init__(self, part: SentencesPart, ledger: Ledger, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._part, self._ledger, self._jobs = part, ledger, jobs
        self._pens = Pens()
        self._shown: Shown | None = None
        part.wrote.connect(self._write)

    @property
    def mark(self) -> int:
        """Taken before a reading begins: see `Pens.mark`."""
        return self._pens.mark

    def turn_to_another(self) -> None:
        """Another period or line is looked at: keep what is being written of this one."""
        self._part.commit()
        self._part.rest()
        self._shown = None
        self._pens = Pens()

    def show_shown(self, shown: Shown, mark: int, *, correct: bool) -> None:
        """Show the sentences of a reading; those of a signed report can only be read."""
        self._shown = shown
        self._pens.take(shown.heads, mark)
        self._part.open_report(_name(shown))
        if shown.draft is None:
            self._part.show_parts(())
            return
        signed = shown.signed and not correct
        content = shown.text if signed and shown.text is not None else shown.draft.content
        why = _("This report is signed. Make a replacing report to change it.") if signed else ""
        stale = () if signed else shown.draft.stale
        two = {slot for slot, (text, _basis) in shown.heads.items() if text.conflict}
        self._part.show_parts(report_text.parts(content, shown.period.kind, stale, two), why)

    def _write(self, slot: str, text: str, basis: str) -> None:
        """A sentence was put otherwise: only the report's words, not the record."""
        shown, pens = self._shown, self._pens
        if shown is None:
            return
        report = _name(shown)

        def work() -> None:
            pens.write(self._ledger, shown.period, shown.line, slot, text, basis)

        def done(_nothing: object) -> None:
            self._part.recorded(report, slot, text or basis)
            self.written.emit()

        def failed(error: BaseException) -> None:
            if isinstance(error, LedgerError):
                self._part.refuse(report, slot, explain(error))
            else:
                self.failed.emit(error)

        self._jobs.run(self, work, done, failed, lane="ledger")


def _name(shown: Shown) -> str:
    return f"{shown.period} {shown.line}"
