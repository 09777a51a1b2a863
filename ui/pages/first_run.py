"""The first run: where the province is, the code on the slip, who works here; then the ledger is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import LedgerError
from app.domain.periods import local
from app.domain.text import clean
from app.words import _, explain, ngettext
from sync.protocol.enrolment import CodeMistyped, read_code
from ui import problems, tokens
from ui.jobs import Jobs
from ui.pages.base import dropped_file
from ui.pages.first_card import CODE, CODE_WAY, FILE, FILE_WAY, NAME, SERVER, FirstCard
from ui.starting import Found, Ways
from ui.tokens import Tone
from ui.widgets.layouts import Scroll, margins

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
        self._busy, self._way = False, CODE_WAY
        self._found: Found | None = None
        self._ca = ""
        self.ask_file = _ask_file
        self.setAcceptDrops(ways is not None)
        self.card = FirstCard(other_ways=ways is not None)
        self._place(self.card)
        self._connect(self.card)
        self.card.show_step(SERVER, CODE_WAY)

    def _place(self, card: FirstCard) -> None:
        whole = QVBoxLayout(self)
        margins(whole, 0, 0, 0, 0, 0)
        inside = QWidget()
        middle = QVBoxLayout(inside)
        margins(middle, tokens.GAP16, tokens.GAP16, tokens.GAP16, tokens.GAP16)
        middle.addStretch(2)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        middle.addLayout(across)
        middle.addStretch(3)
        whole.addWidget(Scroll(inside, ground=True, parent=self))

    def _connect(self, card: FirstCard) -> None:
        for box in (card.server, card.code, card.name):
            box.returnPressed.connect(self.go_on)
            box.textEdited.connect(lambda _text: self._typed())
        card.back_button.clicked.connect(self.go_back)
        card.next_button.clicked.connect(self.go_on)
        card.file_button.clicked.connect(lambda: self.open_file())
        card.practice_button.clicked.connect(self.practise)
        card.ca_button.clicked.connect(lambda: self.open_ca())

    # Steps

    @property
    def step(self) -> int:
        """Which question is open."""
        return self.card.step

    def go_back(self) -> None:
        """To the question before; from the file's unit back to the beginning."""
        if self._busy or self.step == SERVER:
            return
        at = self._way.index(self.step)
        if at == 0:
            self._way, self._found = CODE_WAY, None
            self.card.show_step(SERVER, self._way)
        else:
            self.card.show_step(self._way[at - 1], self._way)

    def go_on(self) -> None:
        """To the next question, or enrol after the last one; a wrong answer keeps the question open."""
        if self._busy:
            return
        self.card.notice.hide()
        fault = self._fault(self.step)
        self.card.say_fault(fault)
        if fault:
            return
        if self.step != NAME:
            self.card.show_step(self._way[self._way.index(self.step) + 1], self._way)
        else:
            self._begin()

    # The other ways

    def open_file(self, file: Path | None = None) -> None:
        """«Tôi có tệp ghi danh»: read it and show whose it is; nothing is kept."""
        ways, chosen = self._ways, file or self.ask_file(self)
        if ways is None or chosen is None or self._busy:
            return
        self.card.notice.hide()
        self._set_busy(True, _("The file is read."))
        self._jobs.run(self, lambda: ways.read_file(chosen), self._file_read, self._file_refused)

    def _file_read(self, found: Found) -> None:
        self._set_busy(False)
        self._found, self._way = found, FILE_WAY
        self.card.unit.setText(f"{found.unit_name} ({found.unit})")
        tasks = ngettext("{n} task is in it.", "{n} tasks are in it.", found.tasks).format(n=found.tasks)
        made = _("Made by the province on {day}.").format(day=f"{local(found.created):%d/%m/%Y}")
        self.card.unit_facts.setText(f"{tasks} {made}")
        self.card.show_step(FILE, self._way)

    def _file_refused(self, error: BaseException) -> None:
        self._set_busy(False)
        said = problems.problem(error)
        self.card.notice.say(said.text, tone=Tone.RED, code=said.code)

    def open_ca(self) -> None:
        """The certificate that the province is known by, where it has one of its own."""
        ways, chosen = self._ways, self.ask_file(self)
        if ways is None or chosen is None or self._busy:
            return

        def done(content: str) -> None:
            self._ca = content
            self.card.ca_button.set_text(_("Certificate file: {file}").format(file=chosen.name))

        self.card.notice.hide()
        self._jobs.run(self, lambda: ways.read_ca(chosen), done, self._file_refused)

    def practise(self) -> None:
        """«Dùng thử với số liệu mẫu»: another program, which touches nothing here."""
        if self._ways is not None and self._ways.practise():
            self.card.notice.say(
                _("The sample figures are being made; their window opens by itself within a minute.")
            )
        else:
            self.card.notice.say(_("The sample figures could not be opened."), tone=Tone.RED)

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
            return "" if self.card.server.value_text() else _("Type the address that stands on the slip.")
        if step == CODE:
            try:
                read_code(self.card.code.value_text())
            except CodeMistyped as error:
                return explain(error)
            return ""
        try:
            name = clean(self.card.name.value_text()).strip()
        except LedgerError as error:
            return explain(error)
        return "" if name else _("Type the full name; it stands beside what is written here.")

    def _typed(self) -> None:
        self.card.fields[self.step].say("")
        if self.step == CODE:
            self.card.show_groups()

    # Enrolment

    def _begin(self) -> None:
        card = self.card
        server, code, name = card.server.value_text(), card.code.value_text(), card.name.value_text()
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
        self.card.show_step(step, self._way)
        text = said.text
        if isinstance(error, LedgerError) and said.code == "no-connection":
            # Nothing waits here yet, and nothing would go by itself next time.
            text = _(
                "The province cannot be reached now ({why}). Check the address against the slip and the "
                "network, then try again; what was typed here stays."
            ).format(why=_(str(error.facts.get("why", ""))))
        self.card.say_fault(text)

    def _set_busy(self, busy: bool, words: str = "") -> None:
        self._busy = busy
        self.card.set_busy(busy, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A box tells of Enter itself; a button outside a dialog only knows the space bar.
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.card.next_button.hasFocus():
            self.go_on()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.card.setFixedWidth(min(tokens.FIRST_CARD, self.width() - 2 * tokens.GAP32))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._jobs.close()
        event.accept()


def _ask_file(parent: QWidget) -> Path | None:
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("I have a file of enrolment (USB)"))
    return Path(chosen) if chosen else None
