"""Two versions of one field, side by side with who wrote them and when; a press takes one of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.domain.change import Value
from app.domain.progress import BadState, State
from app.services.conflicts import Conflict, Version
from app.words import N_, _
from ui import marks, tokens
from ui.models.week_lines import FIELD_WORDS, moment, state_words
from ui.pages.settings import WORDS as SETTING_WORDS
from ui.widgets.buttons import Button
from ui.widgets.chip import Chip
from ui.widgets.labels import Elide, hairline, label
from ui.widgets.layouts import Card

_OTHER_WORDS = {
    "name": N_("Name"), "caption": N_("What it shows"), "removed": N_("Whether the evidence is still used"),
    "post": N_("Post"), "text": N_("Sentence of the report"), "basis": N_("Sentence made by itself"),
    "number": N_("Number"), "date": N_("Date"),
}  # fmt: skip
_LONG = 600
"""Letters of a version shown here; the whole text is its tooltip."""


class Versions(Card):
    """All values of a conflict, each with «Lấy bản này»; the values are text that can be selected."""

    taken = Signal(object, object)
    """The conflict and the value that a person took."""

    def __init__(self, conflict: Conflict, *, where: str = "", parent: object = None) -> None:
        super().__init__()
        self.conflict = conflict
        self.buttons: list[Button] = []
        self.body.setSpacing(tokens.GAP8)
        head = QHBoxLayout()
        head.setSpacing(tokens.GAP8)
        head.addWidget(Chip(marks.two_versions(), parent=self))
        said = _("Two people wrote this without having seen each other. Take one, or write anew.")
        head.addWidget(label(where or said, "small", wrap=True, parent=self), 1)
        self.body.addLayout(head)
        for number, version in enumerate(conflict.versions):
            self.body.addWidget(hairline(parent=self))
            self._add(version, number)
        if conflict.before is not None:
            before = _("Both had seen: {words}").format(
                words=value_words(conflict.field, conflict.before.value)
            )
            self.body.addWidget(Elide(before, size=tokens.SMALL, ink="text2", parent=self))

    def _add(self, version: Version, number: int) -> None:
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP12)
        words = QVBoxLayout()
        words.setSpacing(2)
        who = [version.by or _("unknown"), version.device, moment(version.at)]
        if number == 0:
            who.append(_("newer"))
        by = " · ".join(part for part in who if part)
        words.addWidget(Elide(by, size=tokens.SMALL, ink="text2", parent=self))
        text = value_words(self.conflict.field, version.value)
        short = text if len(text) <= _LONG else text[:_LONG] + "…"
        shown: QLabel = label(short, wrap=True, parent=self)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if short != text:
            shown.setToolTip(text)
        words.addWidget(shown)
        row.addLayout(words, 1)
        button = Button(_("Take this version"), parent=self)
        button.setAccessibleName(": ".join((_("Take this version"), by, text[:80])))
        value = version.value
        button.clicked.connect(lambda _checked=False, value=value: self.taken.emit(self.conflict, value))
        self.buttons.append(button)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)


def value_words(field: str, value: Value) -> str:
    """A value of a field as words."""
    if field == "state":
        try:
            return state_words(State.from_wire(value))
        except BadState:
            return _("taken back") if value is None else str(value)
    if field == "removed":
        return _("no longer used") if value else _("still used")
    if isinstance(value, tuple):
        return "\n".join(str(part) for part in value)
    return str(value) if value else _("(empty)")


def field_words(field: str) -> str:
    """The name of a field that people write."""
    known = FIELD_WORDS | SETTING_WORDS | _OTHER_WORDS
    return _(known.get(field) or known.get(field.removeprefix("party_"), field))


def place_words(conflict: Conflict) -> str:
    """Where a conflict of an earlier week stands."""
    number = conflict.week.number if conflict.week else 0
    return _("Week {n}, {field}: two versions. Take one.").format(
        n=number, field=_(FIELD_WORDS.get(conflict.field, conflict.field))
    )
