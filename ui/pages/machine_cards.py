"""Two cards of the settings: whether the system exchanges by itself, and copies of the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.fields import ENTITIES
from app.services.scheduling import EVERY_MINUTES, Standing
from app.services.takein import TakenIn
from app.words import N_, _, ngettext
from ui import problems
from ui.jobs import Jobs
from ui.machine import Machine
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Segmented
from ui.widgets.labels import label
from ui.widgets.layouts import Card, Flow
from ui.widgets.notices import Notice
from ui.widgets.progress import Working

_WORKS = {
    "yes": N_("While you are logged on, it is tried about every {minutes} minutes."),
    "later": N_("It begins by itself when you next log on to this machine."),
    "no": N_("It is written down, but this machine has nothing that would run it. Leave the window open."),
}


class ScheduleCard(Card):
    """«Tự gửi khi chưa mở cửa sổ»: on or off."""

    def __init__(self, jobs: Jobs, machine: Machine, parent: QWidget | None = None) -> None:
        super().__init__(_("Send by itself while no window is open"), parent)
        self._jobs, self._machine = jobs, machine
        said = _("The system of this machine then tries to exchange with the province, and asks you nothing.")
        self.body.addWidget(label(said, "quiet", wrap=True, parent=self))
        self.choice = Segmented(
            [("off", _("Off"), None), ("on", _("On"), None)],
            name=_("Send by itself while no window is open"),
            parent=self,
        )
        self.choice.setEnabled(False)
        self.choice.chosen.connect(self._chosen)
        self.body.addWidget(self.choice)
        self.result = Notice(self)
        self.body.addWidget(self.result)
        self.body.addStretch(1)
        self.setVisible(not machine.practice)

    def reload(self) -> None:
        """Ask the system whether it does."""
        if not self._machine.practice:
            self._jobs.run(self, self._machine.standing, self._show, self._unknown)

    def _show(self, standing: Standing) -> None:
        self.choice.setEnabled(True)
        self.choice.set_value("on" if standing.on else "off")

    def _unknown(self, error: BaseException) -> None:
        self.result.say(problems.problem(error).text)

    def _chosen(self, value: str) -> None:
        on = value == "on"
        self.choice.setEnabled(False)

        def done(standing: Standing) -> None:
            self._show(standing)
            self.choice.focus_choice()
            words = _(_WORKS[standing.works]).format(minutes=EVERY_MINUTES)
            if not standing.on:
                words = _("This machine now exchanges only while the window is open.")
            tone = Tone.GREEN if standing.works == "yes" or not standing.on else Tone.AMBER
            self.result.say(words, tone=tone)

        def failed(error: BaseException) -> None:
            said = problems.problem(error)
            self.result.say(said.text, tone=Tone.RED, code=said.code)
            self.reload()

        self._jobs.run(self, lambda: self._machine.schedule(on), done, failed)


class CopyCard(Card):
    """«Bản sao lưu»: make one on a stick; take in one of a dead machine, beside what is here."""

    KINDS: Final = frozenset(ENTITIES) | {"exchange"}

    taken = Signal()
    """Something was taken in: the ledger says other things now."""

    def __init__(self, jobs: Jobs, machine: Machine, parent: QWidget | None = None) -> None:
        super().__init__(_("Copies of the ledger"), parent)
        self._jobs, self._machine = jobs, machine
        self.ask_folder = _ask_folder
        self.ask_file = _ask_file
        said = _(
            "A copy is made each time the window closes. What is taken in of a copy is put beside what is "
            "here; nothing here is changed."
        )
        self.body.addWidget(label(said, "quiet", wrap=True, parent=self))
        buttons = Flow()
        self.copy_button = Button(_("Make a copy on USB"), parent=self)
        self.copy_button.clicked.connect(self.copy)
        self.take_button = Button(_("Take in a copy"), parent=self)
        self.take_button.clicked.connect(self.take_in)
        for button in (self.copy_button, self.take_button):
            buttons.addWidget(button)
        self.body.addLayout(buttons)
        self.working = Working(self)
        self.working.stop.hide()
        self.body.addWidget(self.working)
        self.result = Notice(self)
        self.body.addWidget(self.result)
        self.body.addStretch(1)

    def copy(self) -> None:
        """«Sao lưu ra USB»."""
        folder = self.ask_folder(self)
        if folder is None:
            return
        self._begin(_("Making a copy and reading it through …"))
        self._jobs.run(self, lambda: self._machine.copy(folder), self._copied, self._failed)

    def _copied(self, path: Path) -> None:
        self._end()
        words = _("A copy was made and read through: {path}").format(path=path)
        self.result.say(words, tone=Tone.GREEN, shape=Shape.ON_TIME)

    def take_in(self) -> None:
        """«Lấy lại từ bản sao lưu»."""
        path = self.ask_file(self)
        if path is None:
            return
        self._begin(_("Reading the copy …"))
        self._jobs.run(self, lambda: self._machine.take_in(path), self._taken, self._failed)

    def _taken(self, done: TakenIn) -> None:
        self._end()
        if not done.taken:
            self.result.say(_("There is nothing in this copy that is not here already."))
            return
        words = ngettext(
            "{count} entry of the machine “{device}” was taken in; {pending} wait to be sent.",
            "{count} entries of the machine “{device}” were taken in; {pending} wait to be sent.",
            done.taken,
        )
        words = words.format(count=done.taken, device=done.device, pending=done.pending)
        self.result.say(words, tone=Tone.GREEN, shape=Shape.ON_TIME)
        self.taken.emit()

    def _failed(self, error: BaseException) -> None:
        self._end()
        said = problems.problem(error)
        self.result.say(said.text, tone=Tone.RED, code=said.code)

    def _begin(self, words: str) -> None:
        self.result.hide()
        self.working.say(words)
        for button in (self.copy_button, self.take_button):
            button.setEnabled(False)

    def _end(self) -> None:
        self.working.hide()
        for button in (self.copy_button, self.take_button):
            button.setEnabled(True)


def _ask_folder(parent: QWidget) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(parent, _("Make a copy on USB"))
    return Path(chosen) if chosen else None


def _ask_file(parent: QWidget) -> Path | None:
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("Take in a copy"))
    return Path(chosen) if chosen else None
