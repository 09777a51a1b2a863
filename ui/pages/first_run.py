"""The first run: where the province is, the code on the slip, who works here; then the ledger is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import LedgerError
from app.domain.periods import local
from app.domain.text import clean
from app.words import _, explain, ngettext
from sync.protocol.enrolment import CodeMistyped, read_code
from ui import problems, tokens
from ui.jobs import Jobs
from ui.pages.base import dropped_file
from ui.starting import Found, Ways
from ui.tokens import Tone
from ui.widgets import paint
from ui.widgets.boxes import LineBox
from ui.widgets.buttons import Button, link, primary
from ui.widgets.code_groups import CodeGroups
from ui.widgets.field import Field
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Flow, Scroll, margins
from ui.widgets.notices import Notice
from ui.widgets.steps import Steps

SERVER, CODE, NAME, FILE = range(4)
Way = tuple[int, ...]
_CODE_WAY: Way = (SERVER, CODE, NAME)
_FILE_WAY: Way = (FILE, NAME)
_ADDRESS_CODES = ("no-connection", "no-answer", "other-province", "not-found", "plain-http")
_CODE_CODES = ("code-unknown", "code-used", "code-expired", "enrol-altered")


Enrol = Callable[..., object]
"""Enrols with address, code and name, and `ca` where one was given; returns the opened ledger."""


class FirstRun(QWidget):
    """One question a page; an error stands under the field that it is about, and what was typed stays."""

    enrolled = Signal(object)
    """What `Enrol` returned."""

    def __init__(
        self, enrol: Enrol, jobs: Jobs, ways: Ways | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("Task Ledger"))
        self.setMinimumSize(*tokens.SMALLEST)
        self.resize(*tokens.USUAL)
        self._enrol, self._jobs, self._ways = enrol, jobs, ways
        self._busy, self._step, self._way = False, SERVER, _CODE_WAY
        self._found: Found | None = None
        self._ca = ""
        self.ask_file = _ask_file
        self.setAcceptDrops(ways is not None)
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
        self.steps = Steps(_way_words(_CODE_WAY), card)
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
            self._file_question(),
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
        self.notice = Notice(card)
        column.addWidget(self.notice)
        self.other_ways = QWidget(card)
        ways = Flow(self.other_ways, spacing=tokens.GAP16)
        self.file_button = link(_("I have a file of enrolment (USB)"), parent=self.other_ways)
        self.file_button.clicked.connect(lambda: self.open_file())
        self.practice_button = link(_("Try it with sample figures"), parent=self.other_ways)
        self.practice_button.clicked.connect(self.practise)
        for button in (self.file_button, self.practice_button):
            ways.addWidget(button)
        column.addWidget(self.other_ways)
        return card

    def _file_question(self) -> QWidget:
        page = QWidget()
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

    def _question(self, step: int, title: str, more: str) -> QWidget:
        page = QWidget()
        page.setObjectName("surface")
        column = QVBoxLayout(page)
        margins(column, 0, 0, 0, 0, tokens.GAP8)
        column.addWidget(label(title, "first", wrap=True, parent=page))
        column.addWidget(label(more, "quiet", wrap=True, parent=page))
        column.addSpacing(tokens.GAP12)
        column.addWidget(self.fields[step])
        if step == SERVER and self._ways is not None:
            self.ca_button = link(_("The province gave a certificate file, too"), parent=page)
            self.ca_button.clicked.connect(lambda: self.open_ca())
            column.addWidget(self.ca_button, 0, Qt.AlignmentFlag.AlignLeft)
        if step == CODE:
            self.code_groups = CodeGroups(page)
            self.fields[CODE].extra.addWidget(self.code_groups)
        page.hide()
        return page

    # Steps

    @property
    def step(self) -> int:
        """Which question is open."""
        return self._step

    def go_back(self) -> None:
        """To the question before; from the file's unit back to the beginning."""
        if self._busy or self.step == SERVER:
            return
        at = self._way.index(self.step)
        if at == 0:
            self._way, self._found = _CODE_WAY, None
            self._show_step(SERVER)
        else:
            self._show_step(self._way[at - 1])

    def go_on(self) -> None:
        """To the next question, or enrol after the last one; a wrong answer keeps the question open."""
        if self._busy:
            return
        self.notice.hide()
        fault = self._fault(self.step)
        if self.step != FILE:
            self.fields[self.step].say(fault, focus=True)
        if fault:
            if self.step == CODE:
                self._show_groups()
            return
        if self.step != NAME:
            self._show_step(self._way[self._way.index(self.step) + 1])
        else:
            self._begin()

    # The other ways

    def open_file(self, file: Path | None = None) -> None:
        """«Tôi có tệp ghi danh»: read it and show whose it is; nothing is kept."""
        ways, chosen = self._ways, file or self.ask_file(self)
        if ways is None or chosen is None or self._busy:
            return
        self.notice.hide()
        self._set_busy(True, _("The file is read."))
        self._jobs.run(self, lambda: ways.read_file(chosen), self._file_read, self._file_refused)

    def _file_read(self, found: Found) -> None:
        self._set_busy(False)
        self._found, self._way = found, _FILE_WAY
        self.unit.setText(f"{found.unit_name} ({found.unit})")
        tasks = ngettext("{n} task is in it.", "{n} tasks are in it.", found.tasks).format(n=found.tasks)
        made = _("Made by the province on {day}.").format(day=f"{local(found.created):%d/%m/%Y}")
        self.unit_facts.setText(f"{tasks} {made}")
        self._show_step(FILE)

    def _file_refused(self, error: BaseException) -> None:
        self._set_busy(False)
        said = problems.problem(error)
        self.notice.say(said.text, tone=Tone.RED, code=said.code)

    def open_ca(self) -> None:
        """The certificate that the province is known by, where it has one of its own."""
        ways, chosen = self._ways, self.ask_file(self)
        if ways is None or chosen is None or self._busy:
            return

        def done(content: str) -> None:
            self._ca = content
            self.ca_button.set_text(_("Certificate file: {file}").format(file=chosen.name))

        self.notice.hide()
        self._jobs.run(self, lambda: ways.read_ca(chosen), done, self._file_refused)

    def practise(self) -> None:
        """«Dùng thử với số liệu mẫu»: another program, which touches nothing here."""
        if self._ways is not None and self._ways.practise():
            self.notice.say(
                _("The sample figures are being made; their window opens by itself within a minute.")
            )
        else:
            self.notice.say(_("The sample figures could not be opened."), tone=Tone.RED)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file = dropped_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.open_file(file)

    def _fault(self, step: int) -> str:
        if step == FILE:
            return ""
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
        self.code_groups.show_code(self.code.value_text(), fault=bool(self.fields[CODE].fault))

    def _show_step(self, step: int) -> None:
        self._step = step
        for number, question in enumerate(self.questions):
            question.setVisible(number == step)
        self.steps.show_words(_way_words(self._way))
        self.steps.show_step(self._way.index(step))
        self.back_button.setVisible(step != SERVER)
        self.back_button.set_text(_("Not my unit") if step == FILE else _("Back"))
        self.other_ways.setVisible(step == SERVER and self._ways is not None)
        words = {NAME: _("Enrol this machine"), FILE: _("This is my unit")}
        self.next_button.set_text(words.get(step, _("Continue")))
        if step == FILE:
            self.next_button.setFocus()
        else:
            self.fields[step].box.setFocus()

    # Enrolment

    def _begin(self) -> None:
        server, code, name = self.server.value_text(), self.code.value_text(), self.name.value_text()
        ways, found = self._ways, self._found
        if ways is not None and found is not None:
            self._set_busy(True, _("The ledger is made."))
            self._jobs.run(self, lambda: ways.enrol_file(found, name), self._done, self._failed)
            return
        self._set_busy(True, _("The province is asked; this may take a minute."))
        ca = {"ca": self._ca} if self._ca else {}
        self._jobs.run(self, lambda: self._enrol(server, code, name, **ca), self._done, self._failed)

    def _done(self, opened: object) -> None:
        self._busy = False
        self.enrolled.emit(opened)

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        said = problems.problem(error)
        step = CODE if said.code in _CODE_CODES else SERVER if said.code in _ADDRESS_CODES else NAME
        if step not in self._way:
            step = NAME
        self._show_step(step)
        text = said.text
        if isinstance(error, LedgerError) and said.code == "no-connection":
            # Nothing waits here yet, and nothing would go by itself next time.
            text = _(
                "The province cannot be reached now ({why}). Check the address against the slip and the "
                "network, then try again; what was typed here stays."
            ).format(why=_(str(error.facts.get("why", ""))))
        self.fields[step].say(text, focus=True)

    def _set_busy(self, busy: bool, words: str = "") -> None:
        self._busy = busy
        for widget in (self.next_button, self.back_button, self.other_ways, *self.fields):
            widget.setEnabled(not busy)
        self.state.setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A box tells of Enter itself; a button outside a dialog only knows the space bar.
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.next_button.hasFocus():
            self.go_on()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame.setFixedWidth(min(tokens.FIRST_CARD, self.width() - 2 * tokens.GAP32))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._jobs.close()
        event.accept()


def _way_words(way: Way) -> tuple[str, ...]:
    words = {
        SERVER: _("The province"), CODE: _("Enrolment code"), NAME: _("First officer"),
        FILE: _("File of enrolment"),
    }  # fmt: skip
    return tuple(words[step] for step in way)


def _ask_file(parent: QWidget) -> Path | None:
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("I have a file of enrolment (USB)"))
    return Path(chosen) if chosen else None
