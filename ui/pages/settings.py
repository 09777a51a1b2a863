"""Thiết lập đơn vị: what the unit's sheets say of the unit itself; each field is kept when it is left."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import LedgerError
from app.domain.merge import Seen
from app.services import settings
from app.storage.ledger import Ledger
from app.words import N_, _, explain
from ui import tokens
from ui.jobs import Jobs
from ui.machine import Machine
from ui.pages.base import Page, Plan
from ui.pages.machine_cards import CopyCard, ScheduleCard
from ui.widgets.boxes import LineBox, TextBox
from ui.widgets.buttons import Button
from ui.widgets.field import Field
from ui.widgets.labels import label
from ui.widgets.layouts import Card, Scroll, margins

WORDS = {
    "place": N_("Place before the date"),
    "issuer": N_("Issuing body, one line each"),
    "symbol": N_("Symbol after the number"),
    "authority": N_("Authority of the signer, one line each"),
    "signer": N_("Name of the signer"),
    "addressees": N_("Addressees, one line each"),
    "recipients": N_("Recipients, one line each"),
}
"""The names of the settings; those of the Party's sheets have the same."""
_GROUPS = (
    ("", ("place",)),
    ("ubnd", ("issuer", "symbol", "authority", "signer", "addressees", "recipients")),
    ("party", ("party_issuer", "party_symbol", "party_authority", "party_signer", "party_recipients")),
)
_NEEDED = ("signer", "recipients")
"""What a report prints as «Chưa ghi» while it is unset; everything else follows from the unit's name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is set and what is usual, by field."""

    unit: str
    seen: dict[str, Seen]
    usual: dict[str, str | tuple[str, ...] | None]


def read(ledger: Ledger) -> Shown:
    """A fixed number of queries."""
    identity = ledger.identity
    with ledger.read() as connection:
        return Shown(
            identity.unit, settings.shown(connection, identity), settings.usual(connection, identity)
        )


class SettingsPage(Page):
    """A form of all settings; there is no button to save."""

    key, icon, word, short, group = "settings", "settings", N_("Unit settings"), N_("Settings"), 1
    shows = frozenset({"unit_settings", "unit"})

    def __init__(
        self, ledger: Ledger, jobs: Jobs, machine: Machine | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self._ledger, self._jobs = ledger, jobs
        self._shown: Shown | None = None
        self._changed: set[str] = set()
        self._base: dict[str, Seen] = {}
        """What each field's next edit is written over: what was shown, or what this page wrote since."""
        self.fields: dict[str, Field] = {}
        inside = QWidget()
        self._whole = QVBoxLayout(inside)
        margins(self._whole, tokens.EDGE, tokens.GAP16, tokens.EDGE, tokens.GAP20, tokens.GAP16)
        head = QHBoxLayout()
        head.setSpacing(tokens.GAP16)
        said = _(
            "These words stand on every report. What is empty is printed as in grey, or as “not filled in”."
        )
        head.addWidget(label(said, "quiet", wrap=True, parent=inside), 1)
        self.usual_button = Button(_("Use the suggested words"), parent=inside)
        self.usual_button.clicked.connect(self.use_suggested)
        head.addWidget(self.usual_button)
        self._whole.addLayout(head)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(tokens.GAP16)
        self._party_row = QVBoxLayout()
        titles = {
            "": "",
            "ubnd": _("Report to the People's Committee"),
            "party": _("Report to the Party Committee"),
        }
        self._cards: dict[str, Card] = {}
        for group, names in _GROUPS:
            card = Card(titles[group], inside)
            card.body.setSpacing(tokens.GAP12)
            for name in names:
                card.body.addWidget(self._field(name, card))
            card.body.addStretch(1)
            self._cards[group] = card
        self._whole.addWidget(self._cards[""])
        self._columns.addWidget(self._cards["ubnd"], 1)
        self._columns.addWidget(self._cards["party"], 1)
        self._whole.addLayout(self._columns)
        self._whole.addLayout(self._party_row)
        self.schedule = self.copies = None
        if machine is not None:
            self.schedule = ScheduleCard(jobs, machine, inside)
            self.copies = CopyCard(jobs, machine, inside)
            self.copies.taken.connect(lambda: self.touched.emit(CopyCard.KINDS))
            self.copies.taken.connect(self.reload)
            for card in (self.schedule, self.copies):
                self._whole.addWidget(card)
        self._whole.addStretch(1)
        self._scroll = Scroll(inside, ground=True, parent=self)
        self.body.addWidget(self._scroll)

    def _field(self, name: str, card: Card) -> Field:
        words = _(WORDS[name.removeprefix("party_")])
        box: LineBox | TextBox
        if name in settings.MANY:
            box = TextBox(name=words, lines=(2, 8), parent=card)
            box.refused.connect(partial(self._say, name))
        else:
            box = LineBox(name=words, parent=card)
        box.edited.connect(partial(self._changed.add, name))
        box.left.connect(partial(self._keep, name))
        box.paused.connect(partial(self._keep, name))
        field = Field(words, box, short=True, parent=card)
        self.fields[name] = field
        return field

    # Reading and showing

    def reload(self) -> None:
        if self.schedule is not None:
            self.schedule.reload()
        self._jobs.run(self, lambda: read(self._ledger), self._show, lane="ledger")

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        for name, field in self.fields.items():
            box = field.box
            text = _as_text(settings.value(shown.seen[name]))
            usual = _as_text(shown.usual[name])
            needed = name.removeprefix("party_") in _NEEDED
            suggestion = _("Not filled in") if needed else usual
            if isinstance(box, (TextBox, LineBox)):
                box.setPlaceholderText(suggestion)
            if name not in self._changed:
                self._base[name] = shown.seen[name]
                _offer(box, text)
            field.show_last(self._note(name, bool(text), needed))
            if shown.seen[name].conflict:
                field.say(_("Two people wrote this differently. Write it once more to decide."))
        self.usual_button.setEnabled(bool(self._unset()))

    @staticmethod
    def _note(name: str, filled: bool, needed: bool) -> str:
        if filled:
            return ""
        return _("Not filled in") if needed else _("Empty: printed as in grey")

    def show_target(self, target: object) -> None:
        if isinstance(target, str) and target in self.fields:
            field = self.fields[target]
            self._scroll.ensureWidgetVisible(field)
            field.box.setFocus()

    def focus_start(self) -> None:
        focus = self.focusWidget()
        if focus is None or not any(field.isAncestorOf(focus) for field in self.fields.values()):
            self.fields["place"].box.setFocus()

    def fit(self, plan: Plan) -> None:
        super().fit(plan)
        party = self._cards["party"]
        beside = self._columns.indexOf(party) >= 0
        if plan is Plan.WIDE and not beside:
            self._party_row.removeWidget(party)
            self._columns.addWidget(party, 1)
        elif plan is not Plan.WIDE and beside:
            self._columns.removeWidget(party)
            self._party_row.addWidget(party)

    # Acts

    def leave(self) -> None:
        for name in tuple(self._changed):
            self._keep(name)

    def use_suggested(self) -> None:
        """«Dùng mẫu gợi ý»: fill what is empty with what such a unit usually writes."""
        if self._shown is None:
            return
        values = {name: _as_text(self._shown.usual[name]) for name in self._unset()}
        names = tuple(values)

        def undo() -> None:
            self._write(dict.fromkeys(names, ""), names, "")

        self._write(values, names, _("The empty fields were filled with the suggested words."), undo)

    def _unset(self) -> list[str]:
        if self._shown is None:
            return []
        shown = self._shown
        return [
            name
            for name in self.fields
            if settings.value(shown.seen[name]) is None and _as_text(shown.usual[name])
        ]

    def _keep(self, name: str) -> None:
        """Write one field, if a person changed it."""
        if self._shown is None or name not in self._changed:
            return
        self._write({name: _written(self.fields[name].box)}, (name,), "")

    def _write(self, values: dict[str, str], names: tuple[str, ...], said: str, undo: object = None) -> None:
        shown = self._shown
        if shown is None:
            return

        def work() -> Shown:
            # In the lane of edits, so that the second of two quick edits is over the first.
            with self._ledger.edit() as edit:
                settings.write(edit, shown.unit, values, self._base)
            now = read(self._ledger)
            self._base.update({name: now.seen[name] for name in names})
            return now

        def done(now: Shown) -> None:
            for name in names:
                self.fields[name].say("")
                if name in self._changed and _written(self.fields[name].box) == values[name]:
                    self._changed.discard(name)
            self._show(now)
            if said and callable(undo):
                self.say_undo(said, undo)
            self.touched.emit(frozenset({"unit_settings"}))

        def failed(error: BaseException) -> None:
            if isinstance(error, LedgerError) and len(names) == 1:
                self._say(names[0], explain(error))
            else:
                self.failed.emit(error)

        self._jobs.run(self, work, done, failed, lane="ledger")

    def _say(self, name: str, sentence: str) -> None:
        self.fields[name].say(sentence)


def _as_text(value: str | tuple[str, ...] | None) -> str:
    return "\n".join(value) if isinstance(value, tuple) else value or ""


def _written(box: QWidget) -> str:
    if isinstance(box, TextBox):
        return box.text()
    return box.value_text() if isinstance(box, LineBox) else ""


def _offer(box: QWidget, text: str) -> None:
    """Show what is set, unless somebody is writing here."""
    if isinstance(box, TextBox):
        box.offer(text)
    elif isinstance(box, LineBox) and not box.hasFocus() and box.value_text() != text:
        box.set_text(text)
