"""The first run: where the province is, the code on the slip, who works here; then the ledger is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import LedgerError
from app.domain.text import clean
from app.words import _, explain
from sync.protocol.enrolment import ALPHABET, GROUP, LETTERS, CodeMistyped, read_code
from ui import problems, tokens
from ui.jobs import Jobs
from ui.marks import Mark
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets import paint
from ui.widgets.boxes import LineBox
from ui.widgets.buttons import Button, primary
from ui.widgets.chip import Chip
from ui.widgets.field import Field
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Scroll, margins
from ui.widgets.steps import Steps

SERVER, CODE, NAME = range(3)
_ADDRESS_CODES = ("no-connection", "no-answer", "other-province", "not-found")
_CODE_CODES = ("code-unknown", "code-used", "code-expired", "enrol-altered")

Enrol = Callable[[str, str, str], object]
"""Enrols with address, code and name, on another thread; returns the opened ledger."""


class FirstRun(QWidget):
    """One question a page; an error stands under the field that it is about, and what was typed stays."""

    enrolled = Signal(object)
    """What `Enrol` returned."""

    def __init__(self, enrol: Enrol, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Task Ledger"))
        self.setMinimumSize(*tokens.SMALLEST)
        self.resize(*tokens.USUAL)
        self._enrol, self._jobs = enrol, jobs
        self._busy, self._step = False, SERVER
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
            box.returnPressed.connect(self.go_on)
            box.textEdited.connect(lambda _text: self._typed())
        whole = QVBoxLayout(self)
        margins(whole, 0, 0, 0, 0, 0)
        inside = QWidget()
        middle = QVBoxLayout(inside)
        margins(middle, tokens.GAP16, tokens.GAP16, tokens.GAP16, tokens.GAP16)
        middle.addStretch(2)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._card())
        across.addStretch(1)
        middle.addLayout(across)
        middle.addStretch(3)
        whole.addWidget(Scroll(inside, ground=True, parent=self))
        self._show_step(SERVER)

    def _card(self) -> QWidget:
        card = QFrame()
        card.setObjectName("firstCard")
        self._frame = card
        column = QVBoxLayout(card)
        margins(column, 40, tokens.GAP32, 40, tokens.GAP24, tokens.GAP16)
        self.steps = Steps((_("The province"), _("Enrolment code"), _("First officer")), card)
        column.addWidget(self.steps)
        column.addSpacing(tokens.GAP16)
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
        )
        for question in self.questions:
            column.addWidget(question)
        column.addWidget(hairline(parent=card))
        row = QHBoxLayout()
        self.back_button = Button(_("Back"), parent=card)
        self.back_button.clicked.connect(self.go_back)
        self.state = label("", "quiet", wrap=True, parent=card)
        self.next_button = primary(_("Continue"), hint="Enter", parent=card)
        self.next_button.clicked.connect(self.go_on)
        row.addWidget(self.back_button)
        row.addSpacing(tokens.GAP16)
        row.addWidget(self.state, 1)
        row.addWidget(self.next_button)
        column.addLayout(row)
        return card

    def _question(self, step: int, title: str, more: str) -> QWidget:
        page = QWidget()
        page.setObjectName("surface")
        column = QVBoxLayout(page)
        margins(column, 0, 0, 0, 0, tokens.GAP8)
        column.addWidget(label(title, "first", wrap=True, parent=page))
        column.addWidget(label(more, "quiet", wrap=True, parent=page))
        column.addSpacing(tokens.GAP12)
        column.addWidget(self.fields[step])
        if step == CODE:
            groups = QHBoxLayout()
            groups.setSpacing(tokens.GAP16)
            self.groups = tuple(Chip(bare=True, parent=page) for _n in range(LETTERS // GROUP))
            for chip in self.groups:
                groups.addWidget(chip)
            groups.addStretch(1)
            self.fields[CODE].extra.addLayout(groups)
        page.hide()
        return page

    # Steps

    @property
    def step(self) -> int:
        """Which question is open."""
        return self._step

    def go_back(self) -> None:
        """To the question before."""
        if not self._busy and self.step > SERVER:
            self._show_step(self.step - 1)

    def go_on(self) -> None:
        """To the next question, or enrol after the last one; a wrong answer keeps the question open."""
        if self._busy:
            return
        fault = self._fault(self.step)
        self.fields[self.step].say(fault, focus=True)
        if fault:
            if self.step == CODE:
                self._show_groups()
            return
        if self.step < NAME:
            self._show_step(self.step + 1)
        else:
            self._begin()

    def _fault(self, step: int) -> str:
        if step == SERVER:
            return "" if self.server.value_text() else _("Type the address that stands on the slip.")
        if step == CODE:
            try:
                read_code(self.code.value_text())
            except CodeMistyped as error:
                return explain(error)
            return ""
        try:
            name = clean(self.name.value_text()).strip()
        except LedgerError as error:
            return explain(error)
        return "" if name else _("Type the full name; it stands beside what is written here.")

    def _typed(self) -> None:
        self.fields[self.step].say("")
        if self.step == CODE:
            self._show_groups()

    def _show_groups(self) -> None:
        letters = [c for c in self.code.value_text().upper() if not c.isspace() and c not in "-–—_.−"]
        # A check letter cannot tell which group is wrong, so none is ticked then.
        wrong = bool(self.fields[CODE].fault) and all(c in ALPHABET for c in letters)
        for number, chip in enumerate(self.groups):
            group = "".join(letters[number * GROUP : (number + 1) * GROUP])
            if not group:
                chip.show_mark(None)
            elif any(c not in ALPHABET for c in group):
                chip.show_mark(Mark(Shape.OVERDUE, Tone.RED, group))
            elif wrong or len(group) < GROUP:
                chip.show_mark(Mark(Shape.WRITING, Tone.GREY, group))
            else:
                chip.show_mark(Mark(Shape.ON_TIME, Tone.GREEN, group))

    def _show_step(self, step: int) -> None:
        self._step = step
        for number, question in enumerate(self.questions):
            question.setVisible(number == step)
        self.steps.show_step(step)
        self.back_button.setVisible(step > SERVER)
        self.next_button.set_text(_("Enrol this machine") if step == NAME else _("Continue"))
        self.fields[step].box.setFocus()

    # Enrolment

    def _begin(self) -> None:
        server, code, name = self.server.value_text(), self.code.value_text(), self.name.value_text()
        self._set_busy(True)
        self._jobs.run(self, lambda: self._enrol(server, code, name), self._done, self._failed)

    def _done(self, opened: object) -> None:
        self._busy = False
        self.enrolled.emit(opened)

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        said = problems.problem(error)
        step = CODE if said.code in _CODE_CODES else SERVER if said.code in _ADDRESS_CODES else NAME
        self._show_step(step)
        text = said.text
        if isinstance(error, LedgerError) and said.code == "no-connection":
            # Nothing waits here yet, and nothing would go by itself next time.
            text = _(
                "The province cannot be reached now ({why}). Check the address against the slip and the "
                "network, then try again; what was typed here stays."
            ).format(why=_(str(error.facts.get("why", ""))))
        self.fields[step].say(text, focus=True)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for widget in (self.next_button, self.back_button, *self.fields):
            widget.setEnabled(not busy)
        self.state.setText(_("The province is asked; this may take a minute.") if busy else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame.setFixedWidth(min(tokens.FIRST_CARD, self.width() - 2 * tokens.GAP32))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._jobs.close()
        event.accept()
