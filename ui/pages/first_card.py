"""The card of the first run as it looks: its questions, one open at a time, and the buttons under them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.words import _
from ui import tokens
from ui.widgets import paint
from ui.widgets.boxes import LineBox
from ui.widgets.buttons import Button, link, primary
from ui.widgets.code_groups import CodeGroups
from ui.widgets.field import Field
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Flow, margins
from ui.widgets.notices import Notice
from ui.widgets.steps import Steps

SERVER, CODE, NAME, FILE = range(4)
Way = tuple[int, ...]
CODE_WAY: Way = (SERVER, CODE, NAME)
FILE_WAY: Way = (FILE, NAME)


class FirstCard(QFrame):
    """Shows; what happens is `FirstRun`'s. other_ways: whether there are more ways in than the code."""

    def __init__(self, *, other_ways: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("firstCard")
        self._more = other_ways
        self.step = SERVER
        self.server = LineBox(placeholder="https://…", parent=self)
        self.code = LineBox(parent=self)
        self.code.setInputMethodHints(
            Qt.InputMethodHint.ImhUppercaseOnly | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.name = LineBox(parent=self)
        self.fields = (
            Field(_("Address of the province's receiving place"), self.server, short=True),
            Field(_("Enrolment code (20 letters)"), self.code, short=True),
            Field(_("Full name of the officer"), self.name, short=True),
        )
        for box in (self.server, self.code, self.name):
            paint.set_property(box, "big", True)
        self.column = QVBoxLayout(self)
        margins(self.column, 40, tokens.GAP32, 40, tokens.GAP24, tokens.GAP16)
        self.steps = Steps(_way_words(CODE_WAY), self)
        self.column.addWidget(self.steps)
        self.column.addSpacing(tokens.GAP16)
        # Not a stack: it would be as high as its highest page, on a screen that has no room to give away.
        self.questions = (
            self._question(
                SERVER,
                _("Where does the province receive?"),
                _("The address stands on the enrolment slip, for example https://nhiemvu.nghean.example."),
            ),
            self._question(
                CODE,
                _("Type the code on the enrolment slip"),
                _("The province gave the slip to the commune. Spaces and small letters do not matter."),
            ),
            self._question(
                NAME,
                _("Who works at this machine?"),
                _("The name stands beside everything that is written here."),
            ),
            self._unit_question(),
        )
        self._add_certificate()
        self._add_groups()
        for question in self.questions:
            self.column.addWidget(question)
        self.column.addWidget(hairline(parent=self))
        self._add_buttons()
        self.notice = Notice(self)
        self.column.addWidget(self.notice)
        self._add_other_ways()

    def _question(self, step: int, title: str, more: str) -> QWidget:
        page = QWidget(self)
        page.setObjectName("surface")
        column = QVBoxLayout(page)
        margins(column, 0, 0, 0, 0, tokens.GAP8)
        column.addWidget(label(title, "first", wrap=True, parent=page))
        column.addWidget(label(more, "quiet", wrap=True, parent=page))
        column.addSpacing(tokens.GAP12)
        column.addWidget(self.fields[step])
        page.hide()
        return page

    def _unit_question(self) -> QWidget:
        """Whose the file of enrolment is."""
        page = QWidget(self)
        page.setObjectName("surface")
        column = QVBoxLayout(page)
        margins(column, 0, 0, 0, 0, tokens.GAP8)
        self.unit = label("", "first", wrap=True, parent=page)
        self.unit_facts = label("", wrap=True, parent=page)
        column.addWidget(label(_("The file of the province says:"), "quiet", wrap=True, parent=page))
        column.addWidget(self.unit)
        column.addWidget(self.unit_facts)
        said = _("Nothing is kept yet. Work can begin at once; the province confirms this machine later.")
        column.addWidget(label(said, "quiet", wrap=True, parent=page))
        page.hide()
        return page

    def _add_certificate(self) -> None:
        page = self.questions[SERVER]
        self.ca_button = link(_("The province gave a certificate file, too"), parent=page)
        self.ca_button.setVisible(self._more)
        column = page.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(self.ca_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_groups(self) -> None:
        self.code_groups = CodeGroups(self.questions[CODE])
        self.fields[CODE].extra.addWidget(self.code_groups)

    def _add_buttons(self) -> None:
        row = QHBoxLayout()
        self.back_button = Button(_("Back"), parent=self)
        self.state = label("", "quiet", wrap=True, parent=self)
        self.next_button = primary(_("Continue"), hint="Enter", parent=self)
        row.addWidget(self.back_button)
        row.addSpacing(tokens.GAP16)
        row.addWidget(self.state, 1)
        row.addWidget(self.next_button)
        self.column.addLayout(row)

    def _add_other_ways(self) -> None:
        self.other_ways = QWidget(self)
        ways = Flow(self.other_ways, spacing=tokens.GAP16)
        self.file_button = link(_("I have a file of enrolment (USB)"), parent=self.other_ways)
        self.practice_button = link(_("Try it with sample figures"), parent=self.other_ways)
        for button in (self.file_button, self.practice_button):
            ways.addWidget(button)
        self.column.addWidget(self.other_ways)

    # What it shows

    def show_step(self, step: int, way: Way) -> None:
        """Open one question of a way, with the cursor where the answer goes."""
        self.step = step
        for number, question in enumerate(self.questions):
            question.setVisible(number == step)
        self.steps.show_words(_way_words(way))
        self.steps.show_step(way.index(step))
        self.back_button.setVisible(step != SERVER)
        self.back_button.set_text(_("Not my unit") if step == FILE else _("Back"))
        self.other_ways.setVisible(step == SERVER and self._more)
        words = {NAME: _("Enrol this machine"), FILE: _("This is my unit")}
        self.next_button.set_text(words.get(step, _("Continue")))
        if step == FILE:
            self.next_button.setFocus()
        else:
            self.fields[step].box.setFocus()

    def say_fault(self, fault: str) -> None:
        """What is wrong with the answer that stands here, under its field; "" for nothing."""
        if self.step == FILE:
            return
        self.fields[self.step].say(fault, focus=bool(fault))
        self.show_groups()

    def show_groups(self) -> None:
        """The code in groups of letters, as it stands on the slip."""
        self.code_groups.show_code(self.code.value_text(), fault=bool(self.fields[CODE].fault))

    def set_busy(self, busy: bool, words: str = "") -> None:
        """Nothing can be pressed while something is under way; `words` say what."""
        for widget in (self.next_button, self.back_button, self.other_ways, *self.fields):
            widget.setEnabled(not busy)
        self.state.setText(words)


def _way_words(way: Way) -> tuple[str, ...]:
    words = {
        SERVER: _("The province"), CODE: _("Enrolment code"), NAME: _("First officer"),
        FILE: _("File of enrolment"),
    }  # fmt: skip
    return tuple(words[step] for step in way)
