"""Trao đổi với tỉnh: where everything is, what came back and why, the diary, the lines for the telephone."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.periods import local
from app.services import conflicts, status
from app.services.conflicts import Conflict
from app.services.exchange import WORDS
from app.services.status import Entry, Returned, Status, Told
from app.storage.ledger import Ledger
from app.words import N_, SENTENCES, _, ngettext
from ui import marks, standing, tokens
from ui.jobs import Jobs
from ui.marks import Mark
from ui.models.lines import Column, LinesModel
from ui.pages.base import Page, Plan
from ui.pages.conflict import field_words
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.buttons import Button, link, primary
from ui.widgets.choices import Segmented
from ui.widgets.counts import CountBox
from ui.widgets.labels import Elide, label
from ui.widgets.layouts import Card, Scroll, margins
from ui.widgets.table import Table

_LISTED = 20
_ENTITY_WORDS = {
    "report": N_("Reports made"), "progress": N_("Progress of tasks"), "unit_settings": N_("Unit settings"),
    "person": N_("People of the unit"),
}  # fmt: skip
FIELD_WORDS = {
    "state": N_("Status and percent"), "result": N_("Result"), "difficulty": N_("Difficulty"),
    "proposal": N_("Proposal"), "next_step": N_("Next step"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows, read in one go. now: seconds UTC."""

    status: Status
    waiting: dict[str, int]
    returned: list[Returned]
    conflicts: list[Conflict]
    entries: list[Entry]
    told: list[Told]
    now: int


def read(ledger: Ledger) -> Shown:
    """A fixed number of queries."""
    identity = ledger.identity
    with ledger.read() as connection:
        return Shown(
            status.status(connection, identity),
            status.waiting(connection),
            status.returned(connection),
            conflicts.conflicts(connection, identity),
            status.entries(connection),
            status.events(connection, limit=5),
            ledger.now(),
        )


class ExchangePage(Page):
    """Where each entry is, in plain words; «Gửi ngay» tries at once."""

    key, icon, word, short, group = (
        "exchange",
        "arrow_swap",
        N_("Exchange with the province"),
        N_("Exchange"),
        1,
    )
    shows = frozenset({"exchange"})

    send_wanted = Signal()

    def __init__(self, ledger: Ledger, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self._ledger, self._jobs = ledger, jobs
        self._sending = False
        self._shown: Shown | None = None
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
        self._left = QVBoxLayout(self._inside)
        margins(self._left, 0, 0, 0, 0, tokens.GAP16)
        self._scroll = Scroll(self._inside, ground=True, parent=self)
        self._scroll.setMinimumHeight(60)
        row.addWidget(self._scroll, 5)
        self._diary = self._make_diary()
        row.addWidget(self._diary, 7)
        self.body.addLayout(row, 1)
        self._arrange()

    def _top(self) -> QWidget:
        card = Card(parent=self)
        card.body.setSpacing(tokens.GAP12)
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP16)
        words = QVBoxLayout()
        words.setSpacing(2)
        self.sentence = label("", "card", wrap=True, parent=card)
        self.more = label("", "quiet", wrap=True, parent=card)
        words.addWidget(self.sentence)
        words.addWidget(self.more)
        row.addLayout(words, 1)
        self.send_button = primary(_("Send now"), hint="F5", parent=card)
        self.send_button.clicked.connect(self.send_wanted)
        row.addWidget(self.send_button)
        card.body.addLayout(row)
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
        columns: list[Column[Entry]] = [
            Column(N_("When"), _moment, sort=lambda e: e.at, width=140, quiet=True),
            Column(N_("What"), _what, mark=_mark, tip=_what),
            Column(
                N_("Amount"),
                _size,
                sort=lambda e: e.bytes_up + e.bytes_down,
                width=96,
                quiet=True,
                right=True,
            ),
        ]
        self.entries: LinesModel[Entry] = LinesModel(columns, parent=self)
        self.table = Table(self.entries, name=_("Diary"), parent=card)
        card.body.addWidget(self.table)
        return card

    # Reading and showing

    def reload(self) -> None:
        self._jobs.run(self, lambda: read(self._ledger), self._show)

    def set_sending(self, sending: bool) -> None:
        """An exchange began or ended."""
        self._sending = sending
        self.send_button.setEnabled(not sending)
        if self._shown is not None:
            self._say(self._shown)

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        self._say(shown)
        self.entries.show(shown.entries)
        while (item := self._left.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        cards = [
            self._told(shown),
            self._returned(shown),
            self._two(shown),
            self._waiting(shown),
            self._phone(shown),
        ]
        for card in cards:
            if card is not None:
                self._left.addWidget(card)
        self._left.addStretch(1)

    def _say(self, shown: Shown) -> None:
        said = standing.Standing(shown.status, shown.entries[0].failure if shown.entries else None, shown.now)
        self.sentence.setText(standing.band(said, sending=self._sending).text.rstrip(":"))
        self.more.setText(_next(shown, self._sending))
        counts = dict(shown.status.counts)
        if self._sending:
            counts["sending"], counts["waiting"] = counts["waiting"], 0
        for word, box in self.boxes.items():
            box.set_count(counts.get(word, 0))

    def _waiting(self, shown: Shown) -> QWidget:
        card = Card(_("Waiting, in the order of sending"), self._inside)
        if not shown.waiting:
            card.body.addWidget(label(_("Nothing waits."), "quiet", parent=card))
        for entity, count in shown.waiting.items():
            row = QHBoxLayout()
            row.addWidget(Elide(_(_ENTITY_WORDS.get(entity, N_("Other entries"))), parent=card), 1)
            row.addWidget(
                label(ngettext("{n} entry", "{n} entries", count).format(n=count), "quiet", parent=card)
            )
            card.body.addLayout(row)
        return card

    def _returned(self, shown: Shown) -> QWidget | None:
        if not shown.returned:
            return None
        card = Card(_("Returned by the province ({n})").format(n=len(shown.returned)), self._inside)
        for item in shown.returned[:_LISTED]:
            fields = [_(FIELD_WORDS[name]) for name in item.change.fields if name in FIELD_WORDS]
            name = " · ".join(part for part in (item.task, ", ".join(fields)) if part)
            card.body.addWidget(label(name or _("Entry of the unit"), "name", wrap=True, parent=card))
            why = _("Reason: {why}").format(why=_(SENTENCES.get(item.reason, item.reason)))
            card.body.addWidget(label(why, "quiet", wrap=True, parent=card))
            if item.task:
                self._act(card, _("Correct and send again"), "week", item.task)
        return card

    def _two(self, shown: Shown) -> QWidget | None:
        if not shown.conflicts:
            return None
        card = Card(_("Two versions ({n})").format(n=len(shown.conflicts)), self._inside)
        for item in shown.conflicts[:_LISTED]:
            name = " · ".join(part for part in (item.code, field_words(item.field)) if part)
            card.body.addWidget(label(name, "name", wrap=True, parent=card))
            self._act(card, _("Open and choose"), standing.TWO, (item.record, item.field))
        return card

    def _told(self, shown: Shown) -> QWidget | None:
        if not shown.told:
            return None
        card = Card(_("Please know"), self._inside)
        for item in shown.told:
            text = _(SENTENCES.get(item.code, item.code))
            text = text.format(**item.facts) if item.facts else text
            card.body.addWidget(label(f"{local(item.at):%d/%m/%Y %H:%M}", "small", parent=card))
            card.body.addWidget(label(text, wrap=True, parent=card))
        return card

    def _phone(self, shown: Shown) -> QWidget:
        card = Card(_("When you telephone the province, read these lines"), self._inside)
        copy = link(_("Copy"), parent=card)
        copy.clicked.connect(self.copy_lines)
        card.head.addWidget(copy)
        for name, value in self.lines():
            row = QHBoxLayout()
            row.setSpacing(tokens.GAP12)
            head = label(name, "small", parent=card)
            head.setMinimumWidth(72)
            row.addWidget(head)
            row.addWidget(Elide(value, parent=card), 1)
            card.body.addLayout(row)
        return card

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

    def _act(self, card: Card, words: str, page: str, target: object) -> None:
        row = QHBoxLayout()
        button = Button(words, parent=card)
        button.clicked.connect(lambda: self.wants_page.emit(page, target))
        row.addWidget(button)
        row.addStretch(1)
        card.body.addLayout(row)

    def focus_start(self) -> None:
        (self.send_button if self.send_button.isEnabled() else self.table).setFocus()

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


def _next(shown: Shown, sending: bool) -> str:
    """What happens next, or what to do."""
    if sending:
        return _("You can go on working.")
    last = shown.entries[0] if shown.entries else None
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


def _moment(entry: Entry) -> str:
    return f"{local(entry.at):%d/%m/%y %H:%M}"


def _what(entry: Entry) -> str:
    if entry.failure == "no-connection":
        return _("The province was not reached.")
    if entry.failure:
        return _("Not exchanged: {why}").format(why=_(SENTENCES.get(entry.failure, entry.failure)))
    said = (
        (entry.sent, ngettext("the province has {n} entry", "the province has {n} entries", entry.sent)),
        (entry.refused, ngettext("{n} entry returned", "{n} entries returned", entry.refused)),
        (entry.received, ngettext("{n} entry came", "{n} entries came", entry.received)),
    )
    parts = [words.format(n=n) for n, words in said if n]
    if not parts:
        return _("Nothing new on either side.")
    whole = ", ".join(parts)
    return whole[:1].upper() + whole[1:] + "."


def _mark(entry: Entry) -> Mark:
    if entry.failure:
        return Mark(Shape.WAITING, Tone.GREY)
    if entry.refused:
        return Mark(Shape.RETURNED, Tone.RED)
    if entry.sent:
        return Mark(Shape.RECEIVED, Tone.GREEN)
    return Mark(Shape.INCOMING if entry.received else Shape.ON_TRACK, Tone.GREY)


def _bytes(entry: Entry) -> int:
    return entry.bytes_up + entry.bytes_down


def _size(entry: Entry) -> str:
    total = _bytes(entry)
    if not total:
        return ""
    return _("{n} KB").format(n=f"{total / 1024:.1f}".replace(".", ","))
