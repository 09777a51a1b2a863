"""Trao đổi với tỉnh: where everything is, what came back and why, the stick, the diary, the telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.exchange import WORDS
from app.services.status import Entry
from app.storage.ledger import Ledger
from app.words import N_, SENTENCES, _
from ui import marks, standing, tokens
from ui.jobs import Jobs
from ui.models import diary
from ui.models.lines import LinesModel
from ui.pages import exchange_cards as cards
from ui.pages.base import Page, Plan
from ui.pages.exchange_cards import Shown, read
from ui.pages.usb import Stick, UsbCard
from ui.widgets.buttons import Button, primary
from ui.widgets.choices import Segmented
from ui.widgets.counts import CountBox
from ui.widgets.labels import label
from ui.widgets.layouts import Card, Scroll, empty, margins, tab_after
from ui.widgets.progress import ProgressLine
from ui.widgets.table import Table

if TYPE_CHECKING:
    from sync.client.link import Progress


_LONG_AGO = 7 * 86_400
"""Seconds without the province after which the stick is offered."""


class ExchangePage(Page):
    """Where each entry is, in plain words; «Gửi ngay» tries at once, a stick takes the other road."""

    key, icon, word, short, group = (
        "exchange",
        "arrow_swap",
        N_("Exchange with the province"),
        N_("Exchange"),
        1,
    )
    shows = frozenset({"exchange"})

    send_wanted = Signal()
    stop_wanted = Signal()
    files_wanted = Signal()
    """The evidence is to go now, however large it is."""

    def __init__(
        self, ledger: Ledger, jobs: Jobs, stick: Stick | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self._ledger, self._jobs = ledger, jobs
        self._sending = False
        self._progress: Progress | None = None
        self._shown: Shown | None = None
        self._said: object = None
        margins(self.body, tokens.EDGE, tokens.GAP16, tokens.EDGE, tokens.GAP16, tokens.GAP16)
        self.body.addWidget(self._top())
        self._which = Segmented(
            [("left", _("Waiting and returned"), None), ("right", _("Diary"), None)],
            name=_("What is shown"),
            parent=self,
        )
        self._which.set_value("left")
        self._which.chosen.connect(lambda _value: self._arrange())
        self.body.addWidget(self._which)
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP16)
        self._inside = QWidget()
        left = QVBoxLayout(self._inside)
        margins(left, 0, 0, 0, 0, tokens.GAP16)
        self._above, self._below = QVBoxLayout(), QVBoxLayout()
        for part in (self._above, self._below):
            part.setSpacing(tokens.GAP16)
        self.usb = UsbCard(ledger, jobs, stick, self._inside)
        self.usb.written.connect(self._by_stick)
        left.addLayout(self._above)
        left.addWidget(self.usb)
        left.addLayout(self._below)
        left.addStretch(1)
        self._scroll = Scroll(self._inside, ground=True, parent=self)
        self._scroll.setMinimumHeight(60)
        row.addWidget(self._scroll, 5)
        self._diary = self._make_diary()
        row.addWidget(self._diary, 7)
        self.body.addLayout(row, 1)
        self.setAcceptDrops(stick is not None)
        self._arrange()

    def _top(self) -> QWidget:
        card = Card(parent=self)
        card.body.setSpacing(tokens.GAP12)
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP8)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.sentence = label("", "card", wrap=True, parent=card)
        self.more = label("", "quiet", wrap=True, parent=card)
        words.addWidget(self.sentence)
        words.addWidget(self.more)
        row.addLayout(words, 1)
        self.send_button = primary(_("Send now"), hint="F5", parent=card)
        self.send_button.clicked.connect(self.send_wanted)
        self.stop_button = Button(_("Stop"), parent=card)
        self.stop_button.clicked.connect(self._stop)
        self.stop_button.hide()
        self.usb_button = Button(_("Send by USB"), parent=card)
        self.usb_button.clicked.connect(self.show_usb)
        for button in (self.send_button, self.stop_button, self.usb_button):
            row.addWidget(button)
        card.body.addLayout(row)
        self.line = ProgressLine(card)
        self.line.hide()
        card.body.addWidget(self.line)
        boxes = QHBoxLayout()
        boxes.setSpacing(tokens.GAP8)
        self.boxes = {word: CountBox(marks.exchange(word), card) for word in WORDS}
        for word, box in self.boxes.items():
            if word == "returned":
                boxes.addSpacing(tokens.GAP16)
            boxes.addWidget(box, 1)
        card.body.addLayout(boxes)
        return card

    def _make_diary(self) -> QWidget:
        card = Card(_("Diary"), self)
        margins(card.body, 0, 0, 0, 0)
        self.entries: LinesModel[Entry] = LinesModel(diary.columns(), parent=self)
        self.table = Table(self.entries, name=_("Diary"), parent=card)
        card.body.addWidget(self.table)
        return card

    # Reading and showing

    def reload(self) -> None:
        self._jobs.run(self, lambda: read(self._ledger), self._show)

    def set_sending(self, sending: bool) -> None:
        """An exchange began or ended."""
        self._sending, self._progress = sending, None
        focus = self.send_button.hasFocus() or self.stop_button.hasFocus()
        self.send_button.setVisible(not sending)
        self.stop_button.setVisible(sending)
        self.stop_button.setEnabled(True)
        self.line.setVisible(sending)
        self.line.set_part(None)
        if focus:
            (self.stop_button if sending else self.send_button).setFocus()
        if self._shown is not None:
            self._say(self._shown)

    def set_progress(self, progress: Progress) -> None:
        """The exchange under way came further."""
        self._progress = progress
        if self._shown is not None and self._sending:
            self._say(self._shown)

    def _stop(self) -> None:
        self.stop_button.setEnabled(False)
        self.more.setText(_("Stopping; what has arrived stays."))
        self.stop_wanted.emit()

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        self._say(shown)
        self.entries.show(shown.entries)
        self.usb.show_waiting(shown.status.pending, shown.files)
        said = (shown.told, shown.returned, shown.conflicts, shown.waiting, shown.files, self.lines())
        if said == self._said:
            return  # nothing is taken from under the focus
        self._said = said
        inside = self._inside
        act = self.wants_page.emit
        for part, made in (
            (self._above, (cards.told(shown, inside), cards.returned(shown, inside, act),
                           cards.two(shown, inside, act),
                           cards.waiting(shown, inside, self.files_wanted.emit))),
            (self._below, (cards.phone(self.lines(), inside, self.copy_lines),)),
        ):  # fmt: skip
            empty(part)
            for card in made:
                if card is not None:
                    part.addWidget(card)
                    card.show()  # at once, not when the layout gets round to it
        above, below = _widgets(self._above), _widgets(self._below)
        tab_after(self.usb_button, self._which, *above, self.usb, *below, self.table)

    def _say(self, shown: Shown) -> None:
        said = standing.Standing(shown.status, shown.failure, shown.now, shown.files)
        band = standing.band(said, sending=self._sending, progress=self._progress)
        self.sentence.setText(band.text.rstrip(":"))
        self.line.set_part(band.part)
        self.more.setText(_next(shown, self._sending))
        counts = dict(shown.status.counts)
        if self._sending and (self._progress is None or self._progress.phase == "words"):
            counts["sending"], counts["waiting"] = counts["waiting"], 0
        counts["waiting"] += shown.files.waiting
        if self._sending and self._progress is not None and self._progress.phase == "evidence":
            counts["sending"] += 1
            counts["waiting"] = max(0, counts["waiting"] - 1)
        counts["received"] += shown.files.received
        for word, box in self.boxes.items():
            box.set_count(counts.get(word, 0))

    def lines(self) -> tuple[tuple[str, str], ...]:
        """The lines to read over the telephone: unit, machine, version."""
        if self._shown is None:
            return ()
        found = self._shown.status
        return (
            (_("Unit"), f"{found.unit_name} ({found.unit})"),
            (_("Machine"), found.device),
            (_("Version"), found.program),
        )

    def copy_lines(self) -> None:
        """Copy the lines for the telephone."""
        QGuiApplication.clipboard().setText("\n".join(f"{name}: {value}" for name, value in self.lines()))
        self.say_undo(_("Copied."))

    # The stick

    def show_usb(self) -> None:
        """«Gửi bằng USB»: to the card of the stick."""
        self._which.set_value("left")
        self._arrange()
        self._scroll.ensureWidgetVisible(self.usb)
        self.usb.focus_start()

    def show_target(self, target: object) -> None:
        if target == "usb":
            self.show_usb()

    def _by_stick(self, taken: bool) -> None:
        """Something went out or came in by stick: the ledger says other things now."""
        self.reload()
        self.touched.emit(frozenset() if not taken else self.usb.KINDS)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.usb.file_of(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file = self.usb.file_of(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.show_usb()
            self.usb.take(file)

    # Room

    def focus_start(self) -> None:
        focus = self.window().focusWidget()
        if focus is not None and self.usb.isAncestorOf(focus):
            return
        (self.stop_button if self._sending else self.send_button).setFocus()

    def fit(self, plan: Plan) -> None:
        super().fit(plan)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.plan is Plan.WIDE
        edge = tokens.EDGE if wide else tokens.EDGE_COMPACT
        margins(self.body, edge, tokens.GAP16 if wide else tokens.GAP8, edge, tokens.GAP12)
        self._which.setVisible(not wide)
        self._scroll.setVisible(wide or self._which.value() == "left")
        self._diary.setVisible(wide or self._which.value() == "right")
        for box in self.boxes.values():
            box.set_narrow(self.plan is not Plan.WIDE)


def _widgets(layout: QVBoxLayout) -> list[QWidget]:
    items = (layout.itemAt(n) for n in range(layout.count()))
    found = (item.widget() for item in items if item is not None)
    return [widget for widget in found if widget is not None]


def _next(shown: Shown, sending: bool) -> str:
    """What happens next, or what to do."""
    if sending:
        return _("You can go on working.")
    said = _what_next(shown)
    last = shown.status.last_sync
    if shown.status.pending and last is not None and shown.now - last >= _LONG_AGO:
        said += " " + _("If it cannot wait: send by USB.")
    return said


def _what_next(shown: Shown) -> str:
    last = shown.entries[0] if shown.entries else None
    if last is not None and last.failure == "stopped":
        return _("Stopped by a person; it goes on from there with F5.")
    if last is not None and last.failure:
        tried = standing.when(last.at, shown.now)
        why = (
            _(SENTENCES.get(last.failure, last.failure))
            if last.failure != "no-connection"
            else _("it is tried again by itself when there is a connection")
        )
        return _("Last try: {when}; {why}").format(when=tried, why=why)
    if shown.status.pending:
        return _("It goes by itself within half a minute, or at once with F5.")
    return _("What you write goes to the province by itself when there is a connection.")
