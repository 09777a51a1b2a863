"""The window: rail, header with the exchange band, and the pages, of which one is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.words import _
from ui import problems, tokens
from ui.commands import COMMANDS
from ui.jobs import Jobs
from ui.pages.base import Later, Page, Plan
from ui.widgets.band import BandState
from ui.widgets.header import Header
from ui.widgets.help import Help
from ui.widgets.notices import Notice
from ui.widgets.rail import Entry, Rail
from ui.widgets.strips import PracticeBand

HELP = "help"


class Window(QWidget):
    """Holds the pages given as a tuple, of which some may be made later; a page alone (the first run) fills
    it without rail and header.
    """

    sync_wanted = Signal()
    """F5: try to send now."""
    band_wanted = Signal()
    """The exchange band was pressed."""
    closing = Signal()
    """The window closes: pages have kept their text, queued edits are done after this."""
    page_opened = Signal(str)

    def __init__(self, pages: Sequence[Page | Later], jobs: Jobs, *, practice: bool = False) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setWindowTitle(_("Task Ledger"))
        self.setMinimumSize(*tokens.SMALLEST)
        self.resize(*tokens.USUAL)
        self.jobs = jobs
        self._kinds = {kind.key: kind for kind in map(_kind, pages)}
        self._later = {page.kind.key: page for page in pages if isinstance(page, Later)}
        self._pages: dict[str, Page] = {}
        self._stale: set[str] = set(self._kinds)
        self._plan: tuple[Plan, bool] | None = None
        self._exchange_page = ""
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if practice:
            whole.addWidget(PracticeBand(self))
        self._alone = QStackedWidget(self)
        whole.addWidget(self._alone, 1)
        self._alone.addWidget(self._shell(pages))
        jobs.unclaimed.connect(self._unclaimed)
        self._shortcuts = [self._shortcut(keys, act) for keys, act in self._keys()]

    def _shell(self, pages: Sequence[Page | Later]) -> QWidget:
        shell = QWidget(self)
        row = QHBoxLayout(shell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        right = QWidget(shell)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # Made in the order in which Tab goes: the page first, then the band, then the rail.
        self.notice = Notice(right)
        self.question = Notice(right)
        self._stack = QStackedWidget(right)
        for page in pages:
            if isinstance(page, Page):
                self._adopt(page)
        self.header = Header(right)
        self.band = self.header.band
        self.band.clicked.connect(self._band_pressed)
        entries = [Entry(p.key, p.icon, _(p.word), _(p.short or p.word), p.group) for p in self._listed()]
        help_ = Entry(HELP, "question_circle", _("Help"), _("Help"), hint="F1")
        self.rail = Rail(entries, (help_,), shell)
        self.rail.wanted.connect(lambda key: self.show_help() if key == HELP else self.open_page(key))
        column.addWidget(self.header)
        column.addWidget(self.notice)
        column.addWidget(self.question)
        column.addWidget(self._stack, 1)
        row.addWidget(self.rail)
        row.addWidget(right, 1)
        return shell

    def _listed(self) -> list[type[Page]]:
        """Those with a place on the rail."""
        return [kind for kind in self._kinds.values() if not kind.under]

    def _adopt(self, page: Page) -> None:
        self._pages[page.key] = page
        self._stack.addWidget(page)
        page.heading_changed.connect(self._heading)
        page.touched.connect(lambda kinds, page=page: self.touch(kinds, page))
        page.wants_page.connect(self.open_page)
        page.failed.connect(self.show_error)
        page.note_changed.connect(lambda note, said, key=page.key: self.rail.set_note(key, note, said))

    def _keys(self) -> list[tuple[str, object]]:
        keys: list[tuple[str, object]] = [(c.keys, lambda c=c: c.act(self)) for c in COMMANDS]
        for number, key in enumerate([kind.key for kind in self._listed()][:9], 1):
            keys.append((f"Ctrl+{number}", lambda key=key: self.open_page(key)))
        return keys

    def _shortcut(self, keys: str, act: object) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(lambda: act() if self.shell_shown else None)  # type: ignore[operator]
        return shortcut

    # Pages

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages in the order of the rail, those without a place there last; what is not made yet is."""
        return tuple(self._made(key) for key in self._kinds)

    @property
    def made(self) -> tuple[Page, ...]:
        """The pages that were opened, or came made."""
        return tuple(self._pages.values())

    @property
    def page(self) -> Page:
        """The open page."""
        page = self._stack.currentWidget()
        assert isinstance(page, Page)
        return page

    @property
    def shell_shown(self) -> bool:
        """Whether rail and pages are shown, not a page alone."""
        return self._alone.currentIndex() == 0

    def open_page(self, key: str, target: object = None) -> None:
        """Open a page, reload it if what it shows was touched meanwhile, and put the focus where work goes
        on.
        """
        if key not in self._kinds:
            return
        page = self._made(key)
        if page is not self._stack.currentWidget() and self._stack.currentWidget() is not None:
            self.page.leave()
        self.rail.show_open(page.under or key)
        if self._plan is not None and page.plan is not self._plan[0]:
            page.fit(self._plan[0])
        self._stack.setCurrentWidget(page)
        self._heading()
        if key in self._stale:
            self._stale.discard(key)
            page.reload()
        if target is not None:
            page.show_target(target)
        page.focus_start()
        self.page_opened.emit(key)

    def _made(self, key: str) -> Page:
        if key not in self._pages:
            self._adopt(self._later[key].make())
        return self._pages[key]

    def touch(self, kinds: frozenset[str], initiator: QObject | None = None) -> None:
        """After an edit or a sync: pages that show one of `kinds` read anew, now or when they are opened.

        The initiator does not: it knows what it did.
        """
        for key, page in self._pages.items():
            if page is initiator or not (page.shows & kinds):
                continue
            if page is self._stack.currentWidget() and self.shell_shown:
                page.reload()
            else:
                self._stale.add(key)

    def show_alone(self, widget: QWidget) -> None:
        """Show a widget without rail and header: the first run."""
        self._alone.addWidget(widget)
        self._alone.setCurrentWidget(widget)

    def show_shell(self, key: str = "") -> None:
        """Leave the first run for the pages; its widget is deleted."""
        alone = self._alone.currentWidget()
        self._alone.setCurrentIndex(0)
        if alone is not self._alone.widget(0) and alone is not None:
            self._alone.removeWidget(alone)
            alone.deleteLater()
        self._stale = set(self._kinds)
        self.open_page(key or next(iter(self._kinds)))

    # What is said

    def show_band(self, state: BandState) -> None:
        """Say where everything is."""
        self.band.show_state(state)
        self.header.arrange()

    def set_exchange_page(self, key: str) -> None:
        """The page that a press on the band opens."""
        self._exchange_page = key

    def set_unit(self, unit: str, person: str, machine: str) -> None:
        """Name unit, person and machine on the rail, and the unit in the title of the window."""
        self.rail.set_unit(unit, person, machine)
        name = _("Task Ledger")
        # Windows and X11 append the program's name to a title that does not end with it.
        self.setWindowTitle(f"{unit} - {name}" if unit else name)

    def show_error(self, error: BaseException) -> None:
        """Say an error under the header."""
        problems.show(error, self.notice)

    def send_now(self) -> None:
        """F5: ask for an exchange with the province."""
        self.sync_wanted.emit()

    def show_help(self) -> None:
        """F1: all keys."""
        Help(tuple(_(kind.word) for kind in self._listed()), self).open()

    def go_round(self) -> None:
        """F6: from the page to the band, to the rail, to the page."""
        focus = self.focusWidget()
        if focus is self.band:
            self.rail.focus_open()
        elif focus is not None and self.rail.isAncestorOf(focus):
            self.page.focus_start()
        else:
            self.band.setFocus()

    def _band_pressed(self) -> None:
        self.band_wanted.emit()
        page = self.band.state.page or self._exchange_page
        if page:
            self.open_page(page)

    def _unclaimed(self, _owner: object, error: BaseException) -> None:
        self.show_error(error)

    def _heading(self) -> None:
        if self._stack.currentWidget() is not None:
            self.header.show_heading(self.page.title, self.page.subtitle)

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        plan = (Plan.of(self.width()), self.height() < tokens.LOW)
        if plan == self._plan:
            return
        self._plan = plan
        compact = plan[0] is not Plan.WIDE
        self.rail.set_compact(compact, low=plan[1])
        self.header.edge = tokens.EDGE_COMPACT if compact else tokens.EDGE
        self.header.arrange()
        if self._stack.currentWidget() is not None:
            self.page.fit(plan[0])

    def closeEvent(self, event: QCloseEvent) -> None:
        for page in self.made:
            page.leave()
        self.closing.emit()
        self.jobs.close()
        event.accept()


def _kind(page: Page | Later) -> type[Page]:
    return page.kind if isinstance(page, Later) else type(page)
