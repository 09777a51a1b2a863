"""Hai bản khác nhau: one place that two people wrote differently, on one page; a person chooses or writes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.change import Change, Held
from app.domain.fields import ENTITIES
from app.domain.merge import Seen
from app.services import conflicts
from app.services.conflicts import Conflict, Version
from app.storage import drafts
from app.storage.drafts import Draft
from app.storage.ledger import Edit, Ledger
from app.words import N_, _
from ui import marks, tokens
from ui.jobs import Jobs
from ui.models.week_lines import moment
from ui.pages import refusals
from ui.pages.base import Page, Plan
from ui.pages.conflict import field_words, value_words
from ui.widgets.boxes import TextBox
from ui.widgets.buttons import Button, link
from ui.widgets.chip import Chip
from ui.widgets.differing import Differing, Parts, differing
from ui.widgets.field import Field
from ui.widgets.labels import Elide, hairline, label
from ui.widgets.layouts import Card, Scroll, empty, margins
from ui.widgets.notices import EmptyState

Place = tuple[str, str]
"""Record and field of a conflict."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The places that wait, and for each the words of its versions and where they differ."""

    conflicts: tuple[Conflict, ...]
    words: tuple[tuple[str, ...], ...]
    parts: tuple[tuple[Parts, ...], ...]


def read(ledger: Ledger) -> Shown:
    """A fixed number of queries; comparing long texts takes its time, so not on the window's thread."""
    with ledger.read() as connection:
        found = tuple(conflicts.conflicts(connection, ledger.identity))
    words = tuple(tuple(value_words(item.field, v.value) for v in item.versions) for item in found)
    return Shown(found, words, tuple(tuple(differing(texts)) for texts in words))


class TwoPage(Page):
    """One place at a time: what both had seen, the versions side by side, and room to write anew."""

    key, word, under = "two", N_("Two versions"), "tasks"
    shows = frozenset(ENTITIES)

    def __init__(self, ledger: Ledger, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self._ledger, self._jobs = ledger, jobs
        self._shown: Shown | None = None
        self._place: Place | None = None
        self._typed: dict[Place, str] = {}
        self._first: dict[tuple[Place, object], Version] = {}
        """Who wrote a value first, where «Hoàn tác» wrote it anew."""
        self.buttons: list[Button] = []
        self.box: TextBox | None = None
        self._field: Field | None = None
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        margins(self._column, tokens.EDGE, tokens.GAP16, tokens.EDGE, tokens.GAP16, tokens.GAP12)
        self._scroll = Scroll(self._inside, ground=True, parent=self)
        self.body.addWidget(self._scroll)
        self.empty = EmptyState(
            _("No place has two versions"),
            _("Where two machines write the same field without having seen each other, you choose here."),
            ((_("Open the tasks of the week"), lambda: self.wants_page.emit("week", None)),),
        )
        self.body.addWidget(self.empty)
        self.empty.hide()

    # Reading and showing

    @property
    def conflict(self) -> Conflict | None:
        """The place that is open."""
        at = self._at()
        return self._shown.conflicts[at] if self._shown and at is not None else None

    def _at(self) -> int | None:
        if self._shown is None or not self._shown.conflicts:
            return None
        places = [(item.record, item.field) for item in self._shown.conflicts]
        return places.index(self._place) if self._place in places else 0

    def reload(self) -> None:
        self._jobs.run(self, lambda: read(self._ledger), self._show, lane="ledger")

    def show_target(self, target: object) -> None:
        if isinstance(target, tuple) and len(target) == 2:
            self._keep()
            self._place = (str(target[0]), str(target[1]))
            if self._shown is not None:
                self._show(self._shown)

    def _show(self, shown: Shown) -> None:
        before = self.conflict
        self._shown = shown
        now = self.conflict
        if now is not None:
            self._place = (now.record, now.field)
        if now == before and now is not None and self.buttons:
            self._say_number()
            return  # what is being written stays under the fingers
        self._keep()
        self._clear()
        self.empty.setVisible(now is None)
        self._scroll.setVisible(now is not None)
        if now is None:
            self.set_heading(_("Two versions"))
        else:
            self._fill(now)
            self._say_number()
        if self.isVisible():
            self.focus_start()

    def _say_number(self) -> None:
        assert self._shown is not None
        at, n = (self._at() or 0) + 1, len(self._shown.conflicts)
        self.set_heading(_("Two versions"), _("place {at} of {n}").format(at=at, n=n))

    def _clear(self) -> None:
        self.buttons, self.box, self._field = [], None, None
        empty(self._column)

    def _fill(self, conflict: Conflict) -> None:
        at = self._at()
        assert self._shown is not None and at is not None
        self._column.addLayout(self._head(conflict))
        self._column.addWidget(Elide(_title(conflict), size=tokens.HEADING, strong=True, parent=self._inside))
        said = _(
            "Two machines wrote this without having seen each other. Choose one, or write anew; the other "
            "stays in the earlier versions."
        )
        self._column.addWidget(label(said, "quiet", wrap=True, parent=self._inside))
        if conflict.before is not None:
            self._column.addWidget(self._before(conflict.field, conflict.before))
        cards = QVBoxLayout() if self.plan is Plan.NARROW else QHBoxLayout()
        cards.setSpacing(tokens.GAP16)
        for number, version in enumerate(conflict.versions):
            words, parts = self._shown.words[at][number], self._shown.parts[at][number]
            cards.addWidget(self._version(conflict, number, version, words, parts), 1)
        self._column.addLayout(cards)
        if conflict.field == "state":  # never typed: another one is chosen where all its parts are
            said = _("Neither is right? Record the status in the task; that decides, too.")
            self._column.addWidget(label(said, "quiet", wrap=True, parent=self._inside))
        elif all(isinstance(v.value, str | tuple | None) for v in conflict.versions):
            self._column.addWidget(self._anew(conflict))
        self._column.addStretch(1)

    def _head(self, conflict: Conflict) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP8)
        if conflict.code:
            row.addWidget(label(conflict.code, "small", parent=self._inside))
        row.addWidget(Chip(marks.two_versions(), parent=self._inside))
        row.addStretch(1)
        if self._shown is not None and len(self._shown.conflicts) > 1:
            for words, by in ((_("Place before"), -1), (_("Next place"), 1)):
                button = link(words, parent=self._inside)
                button.clicked.connect(lambda _checked=False, by=by: self.step(by))
                row.addWidget(button)
        if conflict.code:
            button = link(_("Open the task"), parent=self._inside)
            button.clicked.connect(lambda: self.wants_page.emit("week", conflict.code))
            row.addWidget(button)
        return row

    def _before(self, field: str, version: Version) -> QWidget:
        card = Card(parent=self._inside)
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP16)
        row.addWidget(label(_("Both had seen before"), "smallname", parent=card))
        row.addWidget(Elide(value_words(field, version.value), parent=card), 1)
        card.body.addLayout(row)
        return card

    def _version(
        self, conflict: Conflict, number: int, version: Version, words: str, parts: Parts
    ) -> QWidget:
        version = self._first.get(((conflict.record, conflict.field), version.value), version)
        card = Card(parent=self._inside)
        head = QHBoxLayout()
        head.setSpacing(tokens.GAP8)
        machine = version.device or _("Another machine of the unit")
        head.addWidget(Elide(machine, size=tokens.CARD, strong=True, parent=card))
        if number == 0:
            head.addWidget(label(_("newer"), "small", parent=card))
        head.addStretch(1)
        card.body.addLayout(head)
        who = " · ".join((version.by or _("unknown"), moment(version.at)))
        card.body.addWidget(Elide(who, size=tokens.SMALL, ink="text2", parent=card))
        card.body.addWidget(hairline(parent=card))
        card.body.addWidget(label(field_words(conflict.field), "small", parent=card))
        card.body.addWidget(Differing(words, parts, card))
        card.body.addStretch(1)
        name, keys = _take_words(number, len(conflict.versions))
        button = Button(name, keys=keys, parent=card)
        button.setAccessibleName(f"{name}: {machine}, {who}: {words[:200]}")
        button.clicked.connect(lambda _checked=False, number=number: self.take(number))
        self.buttons.append(button)
        card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _anew(self, conflict: Conflict) -> QWidget:
        card = Card(_("Write anew"), self._inside)
        box = TextBox(parent=card)
        self._field = Field(field_words(conflict.field), box, short=True, parent=card)
        place = (conflict.record, conflict.field)
        box.set_text(self._typed.get(place, _as_text(conflict.versions[0])))
        box.edited.connect(lambda: self._typed.__setitem__(place, box.text()))
        box.paused.connect(self._keep)
        box.left.connect(self._keep)
        box.refused.connect(self._field.say)
        self.box = box
        card.body.addWidget(self._field)
        button = Button(_("Use what is written here"), keys="Alt+V", parent=card)
        button.clicked.connect(self.use_written)
        card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def focus_start(self) -> None:
        if self.buttons:
            self.buttons[0].setFocus()
        elif not self.empty.isHidden():
            self.empty.focus_start()

    def fit(self, plan: Plan) -> None:
        super().fit(plan)
        edge = tokens.EDGE if plan is Plan.WIDE else tokens.EDGE_COMPACT
        margins(self._column, edge, tokens.GAP16, edge, tokens.GAP16)
        if self.conflict is None:
            return
        focus = self.window().focusWidget()
        here = focus is not None and self._inside.isAncestorOf(focus)
        cursor = self.box.textCursor().position() if self.box is not None and focus is self.box else None
        self._keep()
        self._clear()
        self._fill(self.conflict)
        if cursor is not None and self.box is not None:
            self.box.setFocus()
            at = self.box.textCursor()
            at.setPosition(min(cursor, len(self.box.toPlainText())))
            self.box.setTextCursor(at)
        elif here:
            self.focus_start()

    # Acts

    def step(self, by: int) -> None:
        """The next or previous place."""
        at = self._at()
        if self._shown is None or at is None:
            return
        item = self._shown.conflicts[(at + by) % len(self._shown.conflicts)]
        self.show_target((item.record, item.field))

    def leave(self) -> None:
        self._keep()

    def _keep(self) -> None:
        """What is typed and not yet used is a draft of its field, as in the editor of the task."""
        conflict, box = self.conflict, self.box
        if conflict is None or box is None or conflict.entity != "progress":
            return
        place = (conflict.record, conflict.field)
        if place not in self._typed:
            return
        text = self._typed[place] = box.text()

        def work() -> None:
            with self._ledger.edit() as edit:
                drafts.save(edit.connection, _draft(edit, conflict, text))

        self._jobs.run(self, work, lane="ledger")

    def take(self, number: int) -> None:
        """Take one of the versions; 0 is the left one."""
        conflict = self.conflict
        if conflict is not None and number < len(conflict.versions):
            self._decide(conflict, take=number + 1)

    def use_written(self) -> None:
        """«Dùng bản viết lại»."""
        conflict, box = self.conflict, self.box
        if conflict is not None and box is not None and conflict.field != "state":
            box.settle()
            self._decide(conflict, text=box.text())

    def _decide(self, conflict: Conflict, *, take: int | None = None, text: str | None = None) -> None:
        place = (conflict.record, conflict.field)

        def work() -> tuple[Change | None, Shown]:
            with self._ledger.edit() as edit:
                made = conflicts.decide(edit, conflict, take=take, text=text)
                drafts.clear(edit.connection, *place)
            return made, read(self._ledger)

        def done(result: tuple[Change | None, Shown]) -> None:
            made, shown = result
            self._typed.pop(place, None)
            self._show(shown)
            if made is not None:
                words = " ".join(value_words(conflict.field, made.fields[conflict.field]).split())
                said = _("{place}: decided “{words}”.").format(place=_short(conflict), words=words[:80])
                self.say_undo(said, lambda: self._open_again(conflict, made))
            self.touched.emit(frozenset({conflict.entity}))

        def failed(error: BaseException) -> None:
            if self._field is not None and text is not None:
                self._field.say(refusals.said(error), focus=True)
            else:
                self.failed.emit(error)
                self.reload()  # other values may stand there now

        self._jobs.run(self, work, done, failed, lane="ledger")

    def _open_again(self, conflict: Conflict, made: Change) -> None:
        """«Hoàn tác»: all the values stand against each other again, over the decision that was made."""

        def work() -> Shown:
            with self._ledger.edit() as edit:
                seen = Seen(made.fields[conflict.field], (Held(made),), True)
                for value in dict.fromkeys(version.value for version in reversed(conflict.versions)):
                    key = _key(conflict)
                    edit.write(
                        conflict.entity, key, {conflict.field: value}, {conflict.field: seen},
                        record=conflict.record,
                    )  # fmt: skip
            return read(self._ledger)

        def done(shown: Shown) -> None:
            self._place = place = (conflict.record, conflict.field)
            self._first |= {(place, version.value): version for version in conflict.versions}
            self._show(shown)
            self.touched.emit(frozenset({conflict.entity}))

        self._jobs.run(self, work, done, self.failed.emit, lane="ledger")


def _take_words(number: int, count: int) -> tuple[str, str]:
    """The words of a version's button, and its keys."""
    if count == 2:
        return (_("Take the left one"), "Alt+T") if number == 0 else (_("Take the right one"), "Alt+P")
    return _("Take version {n}").format(n=number + 1), f"Alt+{number + 1}"


def _title(conflict: Conflict) -> str:
    if not conflict.code:
        return field_words(conflict.field)
    week = _("Week {n}").format(n=conflict.week.number) if conflict.week else ""
    return " · ".join(part for part in (conflict.title, week) if part)


def _short(conflict: Conflict) -> str:
    return " · ".join(part for part in (conflict.code, field_words(conflict.field)) if part)


def _as_text(version: Version) -> str:
    value = version.value
    if isinstance(value, tuple):
        return "\n".join(str(part) for part in value)
    return value if isinstance(value, str) else ""


def _key(conflict: Conflict) -> dict[str, str]:
    fields = conflict.seen.heads[0].change.fields
    return {name: str(fields[name]) for name in ENTITIES[conflict.entity].key}


def _draft(edit: Edit, conflict: Conflict, text: str) -> Draft:
    shown = conflict.seen.value
    return Draft(
        conflict.entity, conflict.record, _key(conflict), conflict.field, text,
        shown if isinstance(shown, str) else None, drafts.names(conflict.seen), edit.by, edit.at,
    )  # fmt: skip
