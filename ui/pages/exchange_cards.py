"""The cards of the exchange page: what waits, what came back and why, two versions, what is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.periods import local
from app.services import conflicts, status
from app.services.conflicts import Conflict
from app.services.status import Entry, Files, Returned, Status, Told
from app.storage.ledger import Ledger
from app.words import N_, SENTENCES, _, ngettext
from ui import standing, tokens
from ui.models import diary
from ui.pages.conflict import field_words
from ui.widgets.buttons import Button, link
from ui.widgets.labels import Elide, label
from ui.widgets.layouts import Card

_LISTED = 20
_ENTITY_WORDS = {
    "report": N_("Reports made"), "progress": N_("Progress of tasks"), "unit_settings": N_("Unit settings"),
    "person": N_("People of the unit"), "evidence": N_("Lists of evidence"),
    "machine": N_("Names of machines"),
}  # fmt: skip

Act = Callable[[str, object], object]
"""Opens another page at something: its key and what to show there."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows, read in one go. now: seconds UTC."""

    status: Status
    files: Files
    waiting: dict[str, int]
    returned: list[Returned]
    conflicts: list[Conflict]
    entries: list[Entry]
    told: list[Told]
    now: int

    @property
    def failure(self) -> str | None:
        """What the last exchange ended with, None if well."""
        return self.entries[0].failure if self.entries else None


def read(ledger: Ledger) -> Shown:
    """A fixed number of queries."""
    identity = ledger.identity
    with ledger.read() as connection:
        return Shown(
            status.status(connection, identity),
            status.files(connection),
            status.waiting(connection),
            status.returned(connection),
            conflicts.conflicts(connection, identity),
            status.entries(connection),
            status.events(connection, limit=5),
            ledger.now(),
        )


def waiting(shown: Shown, parent: QWidget, send_files: Callable[[], object]) -> QWidget:
    """What waits, in the order of sending: reports, words, and evidence last."""
    card = Card(_("Waiting, in the order of sending"), parent)
    files = shown.files
    if not shown.waiting and not files.waiting:
        card.body.addWidget(label(_("Nothing waits."), "quiet", parent=card))
    for entity, count in shown.waiting.items():
        words = _(_ENTITY_WORDS.get(entity, N_("Other entries")))
        _row(card, words, ngettext("{n} entry", "{n} entries", count).format(n=count))
    if files.waiting:
        count_words = ngettext("{n} file", "{n} files", files.waiting).format(n=files.waiting)
        size = standing.amount(files.bytes)
        row = _row(card, _("Files of evidence, sent last"), f"{count_words} · {size}")
        button = link(_("Send them now"), parent=card)
        button.clicked.connect(send_files)
        row.addWidget(button)
    return card


def returned(shown: Shown, parent: QWidget, act: Act) -> QWidget | None:
    """What came back, why, and the way to put it right."""
    if not shown.returned:
        return None
    card = Card(_("Returned by the province ({n})").format(n=len(shown.returned)), parent)
    for item in shown.returned[:_LISTED]:
        fields = [field_words(name) for name in item.change.fields if name not in {"assignment", "week"}]
        if item.change.entity == "evidence":
            fields = [_("Evidence")]
        name = " · ".join(part for part in (item.task, ", ".join(fields)) if part)
        card.body.addWidget(label(name or _("Entry of the unit"), "name", wrap=True, parent=card))
        why = _("Reason: {why}").format(why=diary.reason(item))
        card.body.addWidget(label(why, "quiet", wrap=True, parent=card))
        if item.task:
            _button(card, _("Correct and send again"), partial(act, "week", item.task))
        elif item.change.entity == "unit_settings":
            _button(card, _("Correct and send again"), lambda: act("settings", None))
    return card


def two(shown: Shown, parent: QWidget, act: Act) -> QWidget | None:
    """The places that have two versions."""
    if not shown.conflicts:
        return None
    card = Card(_("Two versions ({n})").format(n=len(shown.conflicts)), parent)
    for item in shown.conflicts[:_LISTED]:
        name = " · ".join(part for part in (item.code, field_words(item.field)) if part)
        card.body.addWidget(label(name, "name", wrap=True, parent=card))
        _button(card, _("Open and choose"), partial(act, standing.TWO, (item.record, item.field)))
    return card


def told(shown: Shown, parent: QWidget) -> QWidget | None:
    """What was told in words lately."""
    if not shown.told:
        return None
    card = Card(_("Please know"), parent)
    for item in shown.told:
        text = _(SENTENCES.get(item.code, item.code))
        text = text.format(**item.facts) if item.facts else text
        card.body.addWidget(label(f"{local(item.at):%d/%m/%Y %H:%M}", "small", parent=card))
        card.body.addWidget(label(text, wrap=True, parent=card))
    return card


def phone(lines: tuple[tuple[str, str], ...], parent: QWidget, copy: Callable[[], object]) -> QWidget:
    """The lines to read over the telephone."""
    card = Card(_("When you telephone the province, read these lines"), parent)
    button = link(_("Copy"), parent=card)
    button.clicked.connect(copy)
    card.head.addWidget(button)
    for name, value in lines:
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP12)
        head = label(name, "small", parent=card)
        head.setMinimumWidth(72)
        row.addWidget(head)
        row.addWidget(Elide(value, parent=card), 1)
        card.body.addLayout(row)
    return card


def _row(card: Card, words: str, count: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(tokens.GAP8)
    row.addWidget(Elide(words, parent=card), 1)
    row.addWidget(label(count, "quiet", parent=card))
    card.body.addLayout(row)
    return row


def _button(card: Card, words: str, act: Callable[[], object]) -> None:
    button = Button(words, parent=card)
    button.clicked.connect(lambda _checked=False: act())
    card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
