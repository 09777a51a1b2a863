"""The window put together: first run or ledger, pages, the exchange with the province, and the end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMessageBox

from app.domain.errors import LedgerError
from app.domain.fields import ENTITIES
from app.services import opening, people
from app.services.opening import Opened
from app.services.status import files
from app.storage.home import Home, NotEnrolled
from app.words import SENTENCES, _, explain, ngettext
from ui import application, standing, sticks
from ui import pictures as shots
from ui.closing import Closing
from ui.cost import BIG, Asked
from ui.courier import Courier, Exchanging, seconds_to_cut_off
from ui.evidence import Evidence
from ui.jobs import Jobs
from ui.machine import Machine
from ui.pages.base import Later, Page
from ui.pages.exchange import ExchangePage
from ui.pages.report_entry import ReportEntry
from ui.pages.settings import SettingsPage
from ui.pages.tasks import TasksPage
from ui.pages.two import TwoPage
from ui.pages.week import WeekPage
from ui.problems import Unexpected
from ui.reachability import Reachability
from ui.standing import Standing, Watch
from ui.tokens import Colours, Tone
from ui.waiting import beside
from ui.window import Window

if TYPE_CHECKING:
    from sync.client.engine import Exchange
    from sync.client.link import Progress, Stopped, Tell
    from ui.pages.first_run import FirstRun

Clock = Callable[[], int]
"""Gives seconds UTC."""

EVERYTHING = frozenset(ENTITIES)
FIRST_TRY_MS = 1_000
"""Until the province is first tried: what goes over the network takes long to load, the week comes first."""


class Desk(QObject):
    """One open ledger in its window."""

    closed = Signal()

    def __init__(self, opened: Opened, jobs: Jobs, exchange: Exchanging | None = None) -> None:
        super().__init__()
        self.opened, self.jobs = opened, jobs
        ledger, evidence = opened.ledger, Evidence(opened)
        self.exchange_page: ExchangePage | None = None
        pages = (
            self._later(WeekPage, lambda: WeekPage(ledger, jobs, evidence)),
            self._later(TasksPage, lambda: TasksPage(ledger, jobs, evidence)),
            self._later(ReportEntry, self._make_report_page),
            self._later(ExchangePage, self._make_exchange_page),
            self._later(SettingsPage, lambda: SettingsPage(ledger, jobs, Machine(opened))),
            self._later(TwoPage, lambda: TwoPage(ledger, jobs)),
        )
        self.window = Window(pages, jobs, practice=opened.home.demo() is not None)
        self.window.set_exchange_page(ExchangePage.key)
        self.asked = Asked(exchange or partial(_exchange, opened), self._evidence_waiting)
        self.courier = Courier(
            self.asked,
            self,
            until_cut_off=self._until_cut_off,
        )
        self.network = Reachability(parent=self)
        self._first_try = QTimer(self, singleShot=True)
        self._first_try.timeout.connect(self._reach_out)
        self.watch = Watch(ledger, jobs, self)
        self._standing: Standing | None = None
        self._progress: Progress | None = None
        self._reached = self._question_put = False
        self.closing = Closing(self.window, opened.copy, self._stop)
        self._join()

    def _later(self, kind: type[Page], make: Callable[[], Page]) -> Later:
        def joined() -> Page:
            page = make()
            page.touched.connect(self._written)
            return page

        return Later(kind, joined)

    def _make_report_page(self) -> Page:
        from ui.pages.report import ReportPage  # late: the week comes first
        from ui.paperwork import Paperwork

        return ReportPage(self.opened.ledger, self.jobs, Paperwork(self.opened))

    def _make_exchange_page(self) -> ExchangePage:
        page = ExchangePage(self.opened.ledger, self.jobs, sticks.stick(self.opened))
        page.send_wanted.connect(self.courier.send)
        page.stop_wanted.connect(self.courier.halt)
        page.files_wanted.connect(self._send_files)
        page.usb.written.connect(lambda _taken: self._name())
        page.set_sending(self.courier.busy)
        if self._progress is not None:
            page.set_progress(self._progress)
        self.exchange_page = page
        return page

    def _join(self) -> None:
        self.window.sync_wanted.connect(self.courier.send)
        self.courier.told.connect(self._came_further)
        self.network.changed.connect(self.courier.network_changed)
        self.courier.began.connect(lambda: self._sending(True))
        self.courier.went.connect(self._went)
        self.courier.missed.connect(self._missed)
        self.watch.changed.connect(self._stands)
        self.watch.foreign.connect(lambda: self.window.touch(EVERYTHING))
        self.closing.closed.connect(self._end)

    def start(self, *, exchange: bool = True) -> None:
        """Show the first page; with `exchange` the province is tried at once."""
        self.window.open_page(WeekPage.key)
        self.window.show()
        self._name()
        self.watch.start()
        if exchange:
            self._first_try.start(FIRST_TRY_MS)

    def _reach_out(self) -> None:
        self.courier.start()
        self.network.start()
        self.jobs.run(self.window, _load_report_page)  # beside the work, so that opening it does not wait

    def _name(self) -> None:
        """Unit, person and machine on the rail."""
        ledger = self.opened.ledger

        def read() -> str:
            with ledger.read() as connection:
                return people.names(connection).get(ledger.identity.person, "")

        identity = ledger.identity
        self.window.set_unit(identity.unit_name, "", identity.device_name)
        self.jobs.run(
            self.window,
            read,
            lambda person: self.window.set_unit(identity.unit_name, person, identity.device_name),
        )

    def _written(self, _kinds: object) -> None:
        self.watch.refresh()
        self.courier.soon()

    def _stands(self, found: Standing) -> None:
        self._standing = found
        if not found.files.waiting:
            self.asked.choice, self._question_put = "", False
            self.window.question.hide()
        self._say()
        self._ask()
        self.window.touch(frozenset({"exchange"}))

    def _say(self) -> None:
        if self._standing is not None:
            state = standing.band(self._standing, sending=self.courier.busy, progress=self._progress)
            self.window.show_band(state)

    def _sending(self, sending: bool) -> None:
        self._progress = None
        if self.exchange_page is not None:
            self.exchange_page.set_sending(sending)
        self._say()

    def _came_further(self, progress: Progress) -> None:
        self._progress = progress
        self._reached = self._reached or bool(progress.up or progress.down)
        self._say()
        if self.exchange_page is not None:
            self.exchange_page.set_progress(progress)
        self._ask()

    # Evidence

    def _until_cut_off(self) -> float:
        known = None if self._standing is None else self._standing.calendar
        return seconds_to_cut_off(self.opened.ledger.now(), known)

    def _evidence_waiting(self) -> int:
        with self.opened.ledger.read() as connection:
            return files(connection).bytes

    def _ask(self) -> None:
        """Much evidence waits and the province was reached: say what it costs, once, beside the work."""
        found = self._standing.files if self._standing else None
        if found is None or found.bytes <= BIG or not self._reached:
            return
        if self.asked.choice or (self._question_put and self.window.question.isHidden()):
            return
        text = ngettext(
            "The province is reached. Words go first; {n} file of evidence waits ({size}). Send it too?",
            "The province is reached. Words go first; {n} files of evidence wait ({size}). Send them too?",
            found.waiting,
        ).format(n=found.waiting, size=standing.amount(found.bytes))
        if text == self.window.question.text:
            return
        self._question_put = True
        self.window.question.say(
            text,
            tone=Tone.AMBER,
            actions=(
                (_("Words only"), self._words_only),
                (_("Send all"), self._send_files),
                (_("Stop"), self._stop_all),
            ),
        )

    def _words_only(self) -> None:
        self.asked.choice = "words"

    def _send_files(self) -> None:
        self.asked.choice = "all"
        self.window.question.hide()
        self.courier.send()  # nothing while one is under way; the evidence then goes right after it

    def _stop_all(self) -> None:
        self.asked.choice = "words"
        self.courier.halt()

    # Exchanges

    def _went(self, done: Exchange) -> None:
        self._sending(False)
        self.watch.refresh()
        if done.sent or done.received or done.refused or done.told:
            self.window.touch(EVERYTHING)
            self._name()  # the province may have named this machine
        if done.told:
            codes = dict.fromkeys(done.told)
            self.window.notice.say(" ".join(_(SENTENCES.get(code, code)) for code in codes))
        self._reached = True
        if self.asked.choice == "all" and not self.asked.with_evidence:
            self.courier.send()

    def _missed(self, error: BaseException) -> None:
        """No connection is no error, and a person who stopped it knows; the rest is said under the header."""
        self._sending(False)
        self.watch.refresh()
        self._reached = False
        if not self.asked.choice:
            self._question_put = False
            self.window.question.hide()
        if getattr(error, "code", "") not in {"no-connection", "stopped"}:
            self.window.show_error(error)

    def _stop(self) -> None:
        # What is still under way may end after the window has gone.
        self.courier.told.disconnect(self._came_further)
        self.courier.went.disconnect(self._went)
        self.courier.missed.disconnect(self._missed)
        self.courier.stop()
        self._first_try.stop()
        self.network.stop()
        self.watch.stop()

    def _end(self) -> None:
        self.opened.close()
        self.closed.emit()


def run(home: Home, clock: Clock, *, language: str) -> int:
    """Open the window on a home and stay until it is closed; without a ledger there, the first run begins.

    Raises WindowOpen and what opening the ledger raises, after it was shown on the screen.
    """
    app = application.create(sys.argv[:1], language=language)
    single = application.SingleWindow(home.path)
    kept: list[QObject] = []
    try:
        single.take()
        try:
            opened = beside(partial(opening.open_home, home, clock), _("The ledger is being opened…"))
            kept.append(_desk(opened))
        except NotEnrolled:
            kept.append(_first_run(home, clock, kept, language))
    except LedgerError as error:
        if app.platformName() != "offscreen":  # nobody would be there to press the button
            QMessageBox.critical(None, _("Task Ledger"), explain(error))
        raise
    try:
        return app.exec()
    finally:
        single.release()


def _desk(opened: Opened) -> Desk:
    desk = Desk(opened, Jobs())
    unexpected = Unexpected(desk)
    unexpected.happened.connect(desk.window.show_error)
    unexpected.install()
    desk.closed.connect(unexpected.remove)
    application.fit(desk.window)
    desk.start()
    return desk


def _first_run(home: Home, clock: Clock, kept: list[QObject], language: str = "vi") -> FirstRun:
    from ui.pages.first_run import FirstRun  # late: no other start needs them
    from ui.starting import Starting

    starting = Starting(home, clock, language)
    first = FirstRun(starting.enrol, Jobs(), starting)

    def go_on(opened: Opened) -> None:
        desk = _desk(opened)  # before the first window closes: with the last one the program ends
        kept.append(desk)
        said = []
        if not opened.ledger.identity.certificate:
            said.append(
                _("Work can begin at once. The province confirms this machine at the first exchange.")
            )
        if opened.keys == "file" and home.demo() is None:  # the demo's never lie anywhere else
            words = _(
                "This machine has no keyring: the keys of the ledger lie in a file of {home} that its owner "
                "alone may read."
            )
            said.append(words.format(home=home.path))
        if said:
            desk.window.notice.say(" ".join(said))
        first.close()

    first.enrolled.connect(go_on)
    application.fit(first)
    first.show()
    return first


def pictures(
    home: Home, clock: Clock, folder: Path, *, language: str, colours: Colours | None = None
) -> list[Path]:
    """Write a picture of each page of the window into a folder; nothing is exchanged. Returns the files."""
    application.create(sys.argv[:1], language=language, colours=colours)
    opened = opening.open_home(home, clock)
    desk = Desk(opened, Jobs())
    desk.start(exchange=False)
    try:
        return shots.save_pages(desk.window, folder)
    finally:
        desk.watch.stop()
        desk.jobs.close()
        desk.window.hide()
        QApplication.processEvents()
        opened.close()


def _load_report_page() -> None:
    import ui.pages.report  # noqa: F401


def _exchange(opened: Opened, *, evidence: bool, tell: Tell, stopped: Stopped) -> Exchange:
    from sync.client.run import run  # late, on the courier's thread: the network's library takes its time

    return run(opened, evidence=evidence, tell=tell, stopped=stopped)
