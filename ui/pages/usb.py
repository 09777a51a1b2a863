"""The card of the USB stick: a bundle for the province is written, the province's is taken."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.domain.fields import ENTITIES
from app.services.status import Files
from app.storage.ledger import Ledger
from app.words import SENTENCES, _, ngettext
from ui import problems, standing
from ui.jobs import Jobs, Task
from ui.pages.base import dropped_file
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.buttons import Button
from ui.widgets.choices import Segmented
from ui.widgets.labels import label
from ui.widgets.layouts import Card, Flow
from ui.widgets.notices import Notice
from ui.widgets.progress import Working

if TYPE_CHECKING:
    from sync.client.link import Progress, Stopped, Tell
    from sync.client.usb import Exported, Taken

ENDING: Final = ".snvgoi"


class Stick:
    """What the card does with a stick; each works on another thread.

    export: writes a bundle, with evidence or without, told by and stopped by what is given. take: takes the
    province's bundle. name: of the file that would be written today. programs: what a virus may have left
    beside a file. place: the folder of a stick that is plugged in, if one is found.
    """

    def __init__(
        self,
        export: Callable[[Path, bool, Tell, Stopped], Exported],
        take: Callable[[Path], Taken],
        name: Callable[[], str],
        programs: Callable[[Path], Sequence[str]] = lambda _path: (),
        place: Callable[[], Path | None] = lambda: None,
    ) -> None:
        self.export, self.take, self.name, self.programs, self.place = export, take, name, programs, place


class UsbCard(Card):
    """«Ghi gói gửi ra USB», «Nhận gói của tỉnh»; a file dropped on the page is taken as well."""

    KINDS: Final = frozenset(ENTITIES) | {"exchange"}
    """What a bundle of the province may have changed."""

    written = Signal(bool)
    """Something was written (False), or taken (True)."""

    def __init__(
        self, ledger: Ledger, jobs: Jobs, stick: Stick | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Send and receive by USB"), parent)
        self._ledger, self._jobs, self._stick = ledger, jobs, stick
        self._halted = threading.Event()
        self._busy = False
        self.ask_save = _ask_save
        self.ask_open = _ask_open
        self.amount = label("", "quiet", wrap=True, parent=self)
        self.body.addWidget(self.amount)
        self.which = Segmented(
            [("all", _("With evidence"), None), ("words", _("Words only"), None)],
            name=_("What is written"),
            parent=self,
        )
        self.which.set_value("all")
        self.which.chosen.connect(lambda _value: self._say_amount())
        self.body.addWidget(self.which)
        row = QHBoxLayout()
        buttons = Flow()
        self.export_button = Button(_("Write a bundle to USB"), parent=self)
        self.export_button.clicked.connect(self.export)
        self.take_button = Button(_("Take the province's bundle"), parent=self)
        self.take_button.clicked.connect(lambda: self.take())
        for button in (self.export_button, self.take_button):
            buttons.addWidget(button)
        row.addLayout(buttons, 1)
        self.body.addLayout(row)
        self.hint = label(
            _("Or drop the province's file anywhere on this page."), "small", wrap=True, parent=self
        )
        self.body.addWidget(self.hint)
        self.working = Working(self)
        self.working.stop.clicked.connect(self.halt)
        self.body.addWidget(self.working)
        self.result = Notice(self)
        self.body.addWidget(self.result)
        self._waiting, self._files = 0, Files(0, 0, 0)
        self.setVisible(stick is not None)

    # What waits

    def show_waiting(self, entries: int, files: Files) -> None:
        """Say what a bundle would hold. entries: changes that wait."""
        self._waiting, self._files = entries, files
        self.which.setVisible(bool(files.waiting))
        self._say_amount()

    def _say_amount(self) -> None:
        parts = [ngettext("{n} entry", "{n} entries", self._waiting).format(n=self._waiting)]
        if self._files.waiting and self.which.value() == "all":
            files = ngettext("{n} file of evidence", "{n} files of evidence", self._files.waiting)
            size = standing.amount(self._files.bytes)
            parts.append(f"{files.format(n=self._files.waiting)} ({size})")
        if self._waiting or len(parts) > 1:
            self.amount.setText(_("One file will be written: {what}.").format(what=", ".join(parts)))
        else:
            self.amount.setText(_("Nothing waits; a bundle then asks the province for what is new."))

    def focus_start(self) -> None:
        """The first button."""
        self.export_button.setFocus()

    # Writing

    def export(self) -> None:
        """«Ghi gói gửi ra USB»: look for the stick, ask where to, then write, read back and name it."""
        stick = self._stick
        if stick is not None and not self._busy:
            self._jobs.run(self, lambda: (stick.place(), stick.name()), lambda found: self._export_to(*found))

    def _export_to(self, place: Path | None, name: str) -> None:
        target = self.ask_save(self, str(place / name) if place else name)
        if self._stick is None or target is None or self._busy:
            return
        stick, halted = self._stick, threading.Event()
        evidence = self.which.value() == "all"
        self._begin(halted, _("Writing {file} …").format(file=target.name))

        def work(task: Task) -> tuple[Exported, Sequence[str]]:
            done = stick.export(target, evidence, task.progress, halted.is_set)
            return done, stick.programs(target)

        self._jobs.run_task(self, work, self._exported, self._failed, progress=self._progressed)

    def _progressed(self, progress: Progress) -> None:
        if not self._busy or not progress.up_total:
            return
        done, whole = standing.amounts(progress.up, progress.up_total)
        words = _("Writing, {done}/{whole}.").format(done=done, whole=whole)
        self.working.say(words, progress.up / progress.up_total)

    def _exported(self, result: tuple[Exported, Sequence[str]]) -> None:
        done, programs = result
        self._end()
        self._good(exported_words(done), programs)
        self.written.emit(False)

    # Taking

    def file_of(self, data: QMimeData) -> Path | None:
        """The one file that is dragged, if there is exactly one."""
        return dropped_file(data) if self._stick is not None else None

    def take(self, file: Path | None = None) -> None:
        """«Nhận gói của tỉnh»: a file that was dropped, or one that is asked for."""
        stick = self._stick
        if stick is None or self._busy:
            return
        if file is not None:
            self._take_from(file)
        else:
            self._jobs.run(self, stick.place, self._ask_what_to_take)

    def _ask_what_to_take(self, place: Path | None) -> None:
        file = self.ask_open(self, str(place or ""))
        if file is not None:
            self._take_from(file)

    def _take_from(self, source: Path) -> None:
        stick = self._stick
        if stick is None or self._busy:
            return
        self._begin(threading.Event(), _("Reading {file} …").format(file=source.name), stoppable=False)
        self._jobs.run(self, lambda: (stick.take(source), stick.programs(source)), self._taken, self._failed)

    def _taken(self, result: tuple[Taken, Sequence[str]]) -> None:
        taken, programs = result
        self._end()
        self._good(taken_words(taken), programs)
        self.written.emit(True)

    # Both

    def halt(self) -> None:
        """«Dừng»."""
        self._halted.set()
        self.working.stop.setEnabled(False)

    def _begin(self, halted: threading.Event, words: str, *, stoppable: bool = True) -> None:
        self._busy, self._halted = True, halted
        self.result.hide()
        self.working.stop.setEnabled(True)
        self.working.stop.setVisible(stoppable)
        self.working.say(words)
        for widget in (self.export_button, self.take_button, self.which):
            widget.setEnabled(False)

    def _end(self) -> None:
        self._busy = False
        focus = self.working.stop.hasFocus()
        self.working.hide()
        for widget in (self.export_button, self.take_button, self.which):
            widget.setEnabled(True)
        if focus:
            self.focus_start()

    def _good(self, words: str, programs: Sequence[str]) -> None:
        if not programs:
            self.result.say(words, tone=Tone.GREEN, shape=Shape.ON_TIME)
            return
        strange = _(
            "The stick holds programs that were not opened: {names}. Do not open them; have the stick "
            "cleaned."
        ).format(names=", ".join(programs[:5]))
        self.result.say(f"{words} {strange}", tone=Tone.AMBER)

    def _failed(self, error: BaseException) -> None:
        self._end()
        if getattr(error, "code", "") == "stopped":
            self.result.say(_("Stopped. Nothing half-written is left on the stick."))
            return
        said = problems.problem(error)
        self.result.say(said.text, tone=Tone.RED, code=said.code)


def exported_words(done: Exported) -> str:
    """What was written, and that the stick may be taken out."""
    parts = [ngettext("{n} entry", "{n} entries", done.changes).format(n=done.changes)]
    if done.files:
        files = ngettext("{n} file of evidence", "{n} files of evidence", done.files)
        parts.append(files.format(n=done.files))
    said = [
        _("{file}, {size}: {what}.").format(
            file=done.path.name, size=standing.amount(done.size), what=", ".join(parts)
        ),
        _("Written, and read back to check. The stick can be taken out."),
    ]
    if done.left:
        left = ngettext(
            "{n} file of evidence is not on it; it stays here and goes another time.",
            "{n} files of evidence are not on it; they stay here and go another time.",
            done.left,
        )
        said.append(left.format(n=done.left))
    return " ".join(said)


def taken_words(done: Taken) -> str:
    """What the province's bundle brought."""
    if not done.new:
        return _("This bundle was taken before, or is older than what is here. Nothing changed.")
    counts = (
        (done.sent, ngettext("The province has {n} entry.", "The province has {n} entries.", done.sent)),
        (done.held, ngettext("It has {n} file of evidence.", "It has {n} files of evidence.", done.held)),
        (done.refused, ngettext("It returned {n} entry; the reason stands above.",
                                "It returned {n} entries; the reasons stand above.", done.refused)),
        (done.received, ngettext("{n} entry of the province came.", "{n} entries of the province came.",
                                 done.received)),
    )  # fmt: skip
    said = [words.format(n=n) for n, words in counts if n]
    if done.confirmed:
        said.append(_("The province has confirmed this machine."))
    said += [_(SENTENCES.get(code, code)) for code in dict.fromkeys(done.told)]
    return " ".join(said)


def _ask_save(parent: QWidget, name: str) -> Path | None:
    kinds = _("Bundles ({pattern})").format(pattern=f"*{ENDING}")
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("Write a bundle to USB"), name, kinds)
    return Path(chosen) if chosen else None


def _ask_open(parent: QWidget, place: str) -> Path | None:
    kinds = ";;".join(
        (
            _("Bundles ({pattern})").format(pattern=f"*{ENDING}"),
            _("All files ({pattern})").format(pattern="*"),
        )
    )
    chosen, _kind = QFileDialog.getOpenFileName(parent, _("Take the province's bundle"), place, kinds)
    return Path(chosen) if chosen else None
