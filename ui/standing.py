"""Where the ledger stands towards the province: watched, and said in one sentence for the exchange band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.calendar import Calendar
from app.domain.periods import local
from app.record.engine import data_version
from app.services import status as services
from app.services import weeks
from app.services.status import Files, Status
from app.storage.ledger import Ledger
from app.words import _, ngettext
from ui.jobs import Jobs
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.band import BandState

if TYPE_CHECKING:
    from sync.client.link import Progress

WATCH_MS = 2_000
TWO = "two"
"""The page of the places that have two versions."""
KILOBYTE, MEGABYTE = 1024, 1024 * 1024
NO_FILES = Files(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was read. failure: code of what the last exchange ended with, None if well. now: seconds UTC.

    calendar: of the ledger, by which the next cut-off is known; None where it was not read.
    """

    status: Status
    failure: str | None
    now: int
    files: Files = NO_FILES
    calendar: Calendar | None = None

    @property
    def said(self) -> tuple[object, ...]:
        """What differs once words of the record changed; drafts are not the record."""
        counts = {word: n for word, n in self.status.counts.items() if word != "writing"}
        told = (self.status.last_sync, self.status.open_conflicts, self.failure)
        return (*told, self.files, tuple(counts.items()))


def read(ledger: Ledger) -> Standing:
    """Read the standing; a fixed number of queries."""
    with ledger.read() as connection:
        last = services.entries(connection, limit=1)
        return Standing(
            services.status(connection, ledger.identity),
            last[0].failure if last else None,
            ledger.now(),
            services.files(connection),
            weeks.calendar(connection),
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


def band(standing: Standing, *, sending: bool = False, progress: Progress | None = None) -> BandState:
    """The band's sentence; what needs a person comes first, and two versions are said until none is left.

    progress: how far an exchange is, while one is under way.
    """
    status = standing.status
    back, two = status.counts["returned"], status.open_conflicts
    differ = ngettext("{n} place has two versions:", "{n} places have two versions:", two).format(n=two)
    if sending:
        said, part = under_way(status.pending, progress)
        if not two:
            return BandState(Shape.SENDING, Tone.ACCENT, said, part=part)
        return BandState(Shape.SENDING, Tone.ACCENT, f"{said} {differ}", _("see them"), part, TWO)
    if back:
        said = ngettext("The province returned {n} entry:", "The province returned {n} entries:", back)
        said = said.format(n=back)
        if two:
            return BandState(Shape.RETURNED, Tone.RED, f"{said.rstrip(':')}. {differ}", _("see them"))
        return BandState(Shape.RETURNED, Tone.RED, said, _("see why"))
    if two:
        return BandState(Shape.TWO, Tone.ACCENT, differ, _("see them"), page=TWO)
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
    if standing.files.waiting:
        n, size = standing.files.waiting, amount(standing.files.bytes)
        said = ngettext("The province has all words. {n} file of evidence waits, {size}.",
                        "The province has all words. {n} files of evidence wait, {size}.", n)  # fmt: skip
        said = said.format(n=n, size=size)
        shape, tone = Shape.WAITING, Tone.GREY
    else:
        said = _("The province has everything. Last time: {when}.").format(
            when=when(status.last_sync, standing.now)
        )
        shape, tone = Shape.RECEIVED, Tone.GREEN
    if standing.failure == "no-connection":  # or F5 would seem to do nothing
        said += " " + _("No connection; everything still works.")
    return BandState(shape, tone, said)


def under_way(pending: int, progress: Progress | None) -> tuple[str, float | None]:
    """What an exchange is doing, and how far it is (0.0-1.0, None while that is not known)."""
    if progress is not None and progress.phase == "evidence" and progress.up_total:
        done, whole = amounts(progress.up, progress.up_total)
        said = _("Sending evidence, {done}/{whole}.").format(done=done, whole=whole)
        return said, progress.up / progress.up_total
    if progress is not None and progress.down_total and progress.up >= progress.up_total:
        done, whole = amounts(progress.down, progress.down_total)
        said = _("Receiving from the province, {done}/{whole}.").format(done=done, whole=whole)
        return said, progress.down / progress.down_total
    if not pending:
        return _("Asking the province for news."), None
    if progress is None or not progress.up_total:
        said = ngettext("Sending {n} entry.", "Sending {n} entries.", pending)
        return said.format(n=pending), None
    done, whole = amounts(progress.up, progress.up_total)
    said = ngettext("Sending {n} entry, {done}/{whole}.", "Sending {n} entries, {done}/{whole}.", pending)
    return said.format(n=pending, done=done, whole=whole), progress.up / progress.up_total


def amounts(done: int, whole: int) -> tuple[str, str]:
    """Two amounts in the unit that suits the larger one: "48", "120 KB". Both bytes."""
    return amount(min(done, whole), like=whole).split()[0], amount(whole)


def amount(size: int, *, like: int | None = None) -> str:
    """An amount as people read it, "0,4 KB", "120 KB" or "4,2 MB". like: bytes whose unit is used."""
    whole = size if like is None else like
    value, words = (size / MEGABYTE, _("{n} MB")) if whole >= MEGABYTE else (size / KILOBYTE, _("{n} KB"))
    text = f"{value:.1f}" if whole >= MEGABYTE or whole < 10 * KILOBYTE else f"{value:.0f}"
    return words.format(n=text.replace(".", ","))


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
