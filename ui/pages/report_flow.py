"""How far a report is, in one line, and what can be done with it now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.periods import local, show_date
from app.services.report_standing import Standing
from app.words import N_, _
from ui import tokens
from ui.marks import Mark
from ui.pages.report_data import Shown
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.buttons import Button, link
from ui.widgets.chip import Chip
from ui.widgets.labels import Elide
from ui.widgets.layouts import margins, surface

ACTS: dict[str, str] = {
    "close": N_("Print for signing"),
    "issue": N_("Signed and sealed"),
    "scan": N_("Scan the signed copy"),
    "sign": N_("Sign digitally"),
    "check": N_("Check the signatures"),
    "copy": N_("Save the signed copy"),
    "number": N_("Correct the number"),
    "correct": N_("Make a replacing report"),
    "stop": N_("Leave it"),
}
"""What can be asked for, in the words of the buttons."""

_MARKS = {
    "draft": Mark(Shape.WRITING, Tone.GREY, N_("Being written")),
    "closed": Mark(Shape.WAITING, Tone.AMBER, N_("Waiting for signature")),
    "signed": Mark(Shape.SENDING, Tone.ACCENT, N_("Signed. Waiting to be sent.")),
    "received": Mark(Shape.RECEIVED, Tone.GREEN, N_("The province has it")),
    "returned": Mark(Shape.RETURNED, Tone.RED, N_("Returned by the province")),
}


def next_act(shown: Shown) -> str:
    """What brings the report further: the page's one primary button; "" when nothing is left to do here."""
    made = shown.stands.made
    if shown.refused is not None:
        return ""
    if made is None or not (made.signed or shown.frozen):
        return "close"
    if not made.signed or not made.number:
        return "issue"
    return "" if made.sheet else "scan"


def other_acts(shown: Shown, *, correct: bool) -> tuple[str, ...]:
    """What else can be done now."""
    made = shown.stands.made
    if shown.refused is not None:
        return ()
    if correct:
        return ("stop",)
    if made is None or not (made.signed or shown.frozen):
        return ("sign",)
    if not made.signed:
        return ("scan", "sign")
    found = ["check"] if made.signed == "digital" else []
    found += ["sign"] if found and made.sheet and not made.number else []  # the agency's is still to come
    found += ["copy"] if made.sheet else []
    entered = made.signed == "ink" and made.number and shown.stands.state == "signed"
    found += ["number"] if entered else []  # by hand, and not with the province yet
    found += ["correct"] if made.number else []
    return tuple(found)


class FlowLine(QWidget):
    """One line under the bar: the state, what there is to know of it, and links."""

    wanted = Signal(str)
    """A key of ACTS."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        whole = surface(self)
        outer = QHBoxLayout(self)
        margins(outer, 0, 0, 0, 0, 0)
        outer.addWidget(whole)
        self.setFixedHeight(tokens.UNDO_LINE)
        self._row = QHBoxLayout(whole)
        margins(self._row, tokens.EDGE, 0, tokens.EDGE, 0, tokens.GAP8)
        self.chip = Chip(_MARKS["draft"], parent=whole)
        self._row.addWidget(self.chip)
        self.words = Elide(size=tokens.SMALL, ink="text2", parent=whole)
        self._row.addWidget(self.words, 1)
        self.links: dict[str, Button] = {}
        for act, word in ACTS.items():
            button = link(_(word), parent=whole)
            button.clicked.connect(lambda _checked=False, act=act: self.wanted.emit(act))
            button.hide()
            self.links[act] = button
            self._row.addWidget(button)

    def show_shown(self, shown: Shown, *, correct: bool) -> None:
        """Say where the report is."""
        mark = _MARKS[shown.stands.state]
        self.chip.show_mark(Mark(mark.shape, mark.tone, _(mark.word)))
        self.words.setText(_told(shown, correct=correct))
        acts = other_acts(shown, correct=correct)
        for act, button in self.links.items():
            button.setVisible(act in acts)


def _told(shown: Shown, *, correct: bool) -> str:
    made = shown.stands.made
    if made is None:
        if shown.draft is None:
            return ""
        replaced = shown.draft.report.replaces
        if correct and replaced is not None:
            said = _("Replaces the report {number} of {day}")
            return said.format(number=replaced.number, day=show_date(replaced.date))
        moment = shown.draft.report.cutoff
        return _("Data up to {time} on {day}").format(time=f"{moment:%H:%M}", day=show_date(moment.date()))
    code = _("content code {code}").format(code=made.check_code)
    if not made.signed:
        turn = _("Copy {n} for signature").format(n=shown.stands.turn)
        return f"{turn}, {code}"
    return ", ".join(part for part in (_issued(shown.stands), code, _receipt(shown.stands)) if part)


def _issued(stands: Standing) -> str:
    made = stands.made
    if made is None:
        return ""
    if made.number and made.date is not None:
        return _("Number {number}, {day}").format(number=made.number, day=show_date(made.date))
    return "" if made.signed_at is None else _("Signed {day}").format(day=f"{local(made.signed_at):%d/%m/%Y}")


def _receipt(stands: Standing) -> str:
    return _("receipt {number}").format(number=stands.receipt) if stands.receipt else ""
