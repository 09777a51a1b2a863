"""Where the ledger stands towards the province: watched, and said in one sentence for the exchange band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.periods import local
from app.record.engine import data_version
from app.services import status as services
from app.services.status import Status
from app.storage.ledger import Ledger
from app.words import _, ngettext
from ui.jobs import Jobs
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.band import BandState

WATCH_MS = 2_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What was read. failure: code of what the last exchange ended with, None if well. now: seconds UTC."""

    status: Status
    failure: str | None
    now: int

    @property
    def said(self) -> tuple[object, ...]:
        """What differs once words of the record changed; drafts are not the record."""
        counts = {word: n for word, n in self.status.counts.items() if word != "writing"}
        return (self.status.last_sync, self.status.open_conflicts, self.failure, tuple(counts.items()))


def read(ledger: Ledger) -> Standing:
    """Read the standing; a fixed number of queries."""
    with ledger.read() as connection:
        last = services.entries(connection, limit=1)
        return Standing(
            services.status(connection, ledger.identity), last[0].failure if last else None, ledger.now()
        )


class Watch(QObject):
    """Reads the standing when asked, and when another program committed to the same file.

    SQLite tells that by a number of a kept connection; it changes for our own commits too, so what counts is
    whether the standing is another one than the window already knows.
    """

    changed = Signal(object)
    """A Standing, after each reading."""
    foreign = Signal()
    """Somebody else wrote: what is shown may be old."""

    def __init__(self, ledger: Ledger, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ledger, self._jobs = ledger, jobs
        self._kept: Any = None
        self._version = -1
        self._known: tuple[object, ...] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(WATCH_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to watch."""
        self.refresh()
        self._timer.start()

    def refresh(self) -> None:
        """Read anew after something of our own."""
        self._jobs.run(self, lambda: read(self._ledger), self._took, lane="ledger")

    def look(self) -> None:
        """Ask for foreign commits once."""
        self._jobs.run(self, self._look, self._looked, lane="ledger")

    def stop(self) -> None:
        """Watch no more, and let go of the kept connection once the queue is empty."""
        self._timer.stop()
        self._jobs.run(self, self._let_go, lane="ledger")

    def _took(self, standing: Standing) -> None:
        self._known = standing.said
        self.changed.emit(standing)

    def _look(self) -> Standing | None:
        if self._kept is None:
            self._kept = self._ledger.engine.connect()
        version = data_version(self._kept)
        self._kept.rollback()  # a transaction left open would see the same state for ever
        if version == self._version:
            return None
        self._version = version
        return read(self._ledger)

    def _looked(self, standing: Standing | None) -> None:
        if standing is None:
            return
        foreign = self._known is not None and standing.said != self._known
        self._took(standing)
        if foreign:
            self.foreign.emit()

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def band(standing: Standing, *, sending: bool = False) -> BandState:
    """The band's sentence; what needs a person comes first."""
    status = standing.status
    back, two = status.counts["returned"], status.open_conflicts
    if sending:
        if not status.pending:
            return BandState(Shape.SENDING, Tone.ACCENT, _("Asking the province for news."))
        said = ngettext("Sending {n} entry.", "Sending {n} entries.", status.pending)
        return BandState(Shape.SENDING, Tone.ACCENT, said.format(n=status.pending))
    if back:
        said = ngettext("The province returned {n} entry:", "The province returned {n} entries:", back)
        return BandState(Shape.RETURNED, Tone.RED, said.format(n=back), _("see why"))
    if two:
        said = ngettext("{n} place has two versions:", "{n} places have two versions:", two)
        return BandState(Shape.TWO, Tone.ACCENT, said.format(n=two), _("see them"))
    if status.pending:
        said = ngettext("{n} entry waits to be sent.", "{n} entries wait to be sent.", status.pending)
        parts = [said.format(n=status.pending)]
        if standing.failure == "no-connection":
            parts.append(_("No connection; everything still works."))
        if status.last_sync is not None:
            parts.append(
                _("The province last heard: {when}.").format(when=when(status.last_sync, standing.now))
            )
        return BandState(Shape.WAITING, Tone.GREY, " ".join(parts))
    if status.last_sync is None:
        return BandState(
            Shape.WAITING, Tone.GREY, _("Nothing was exchanged yet. Press F5 to fetch the tasks.")
        )
    said = _("The province has everything. Last time: {when}.").format(
        when=when(status.last_sync, standing.now)
    )
    if standing.failure == "no-connection":  # or F5 would seem to do nothing
        said = f"{said} {_('No connection; everything still works.')}"
    return BandState(Shape.RECEIVED, Tone.GREEN, said)


def when(at: int, now: int) -> str:
    """A moment as the band says it: "14:05 today", else the day and how long ago. Both seconds UTC."""
    then, here = local(at), local(now)
    days = (here.date() - then.date()).days
    if days <= 0:
        return _("{time} today").format(time=clock(then))
    ago = ngettext("{n} day ago", "{n} days ago", days).format(n=days)
    return _("{day} ({ago})").format(day=f"{then:%d/%m}", ago=ago)


def clock(moment: datetime) -> str:
    """Hours and minutes."""
    return f"{moment:%H:%M}"
