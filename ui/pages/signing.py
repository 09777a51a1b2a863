"""«Ký số»: a report is signed with a device or a key in a file, by the person in charge, then by the agency.

Signing on paper is always the other way. The key works on another thread and can be stopped; the PIN is
emptied as soon as it was handed over, whatever comes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.domain.errors import LedgerError
from app.domain.periods import BadDate, parse_date
from app.words import _, explain
from ui import problems, tokens
from ui.jobs import Jobs, Task
from ui.pages.signatures import VerdictPart
from ui.pages.signing_form import AGENCY, PERSON, AskFile, SigningForm, ask_file
from ui.signing import Asked, Done, Found, Signatures
from ui.tokens import Tone
from ui.widgets.buttons import Button, primary
from ui.widgets.labels import label
from ui.widgets.layouts import Scroll, margins, open_at
from ui.widgets.notices import Notice
from ui.widgets.progress import Working

if TYPE_CHECKING:
    from app.reports.signatures.verifying import Verdict

_SIZE = (600, 640)
_SIGNED = b"/ByteRange"
_SECRETS = {"signing-pin-wrong", "signing-pin-last", "signing-password-wrong"}
_ISSUE = {"bad-date": "day", "signing-no-place": "number", "signing-number-long": "number"}


class SigningWindow(QDialog):
    """Signs one sheet. `taken` gives the signed file to the page, which takes it into the ledger."""

    taken = Signal(object)
    """The path of the signed file: «Đưa vào sổ»."""
    ink = Signal()
    """«Ký giấy»: it is signed on paper after all."""

    def __init__(
        self,
        signatures: Signatures,
        jobs: Jobs,
        sheet: bytes,
        file_name: str,
        parent: QWidget | None = None,
        *,
        ask: AskFile = ask_file,
        ask_save: Callable[[QWidget, str], str] | None = None,
    ) -> None:
        """sheet: as it was closed. file_name: of the sheet, from which that of the signed file is made."""
        super().__init__(parent)
        self._signatures, self._jobs = signatures, jobs
        self._sheet, self._ask, self._ask_save = sheet, ask, ask_save or _ask_save
        self._out = _proposed(file_name)
        self._signing: Task | None = None
        self._searching: Task | None = None
        self.done_with: Done | None = None
        """The last signature that was made."""
        self.setWindowTitle(_("Sign digitally"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        open_at(self, *_SIZE)
        self._build(file_name)
        self.form.show_choices(signatures.remembered())
        self.form.set_role(PERSON, agency=False)
        self.search()
        if _SIGNED in sheet:
            jobs.run(self, lambda: signatures.verdict(sheet), self._seen, self._failed)
        self._changed()

    def _seen(self, verdict: Verdict) -> None:
        """What the sheet is signed with already decides who is next."""
        if verdict.signatures:
            self.form.set_role(AGENCY, agency=True)
            self.verdict.show_verdict(verdict)
            self.verdict.show()

    def _build(self, file_name: str) -> None:
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # long notices do not stretch it
        margins(column, tokens.GAP24, tokens.GAP20, tokens.GAP24, tokens.GAP16, tokens.GAP12)
        column.addWidget(label(_("Sign digitally"), "title", parent=self))
        inside = QWidget()
        parts = QVBoxLayout(inside)
        margins(parts, tokens.GAP12, tokens.GAP12, tokens.GAP12, tokens.GAP12, tokens.GAP12)
        self.source = label(file_name, "quiet", wrap=True, parent=inside)
        parts.addWidget(self.source)
        self.form = SigningForm(self._ask, inside)
        self.form.changed.connect(self._changed)
        self.form.secret.returnPressed.connect(self.sign)
        for box in (self.form.secret, self.form.number, self.form.day):
            box.escaped.connect(self.close)
        self.form.search.connect(self.search)
        parts.addWidget(self.form)
        self.verdict = VerdictPart(inside)
        self.verdict.hide()
        parts.addWidget(self.verdict)
        parts.addStretch(1)
        column.addWidget(Scroll(inside, parent=self), 1)
        self.working = Working(self)
        self.working.stop.clicked.connect(self.stop)
        column.addWidget(self.working)
        self.notice = Notice(self)
        column.addWidget(self.notice)
        self.warning = Notice(self)
        column.addWidget(self.warning)
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP8)
        self.ink_button = Button(_("Sign on paper"), parent=self)
        self.ink_button.clicked.connect(self._by_ink)
        row.addWidget(self.ink_button)
        self.open_button = Button(_("A file signed before…"), parent=self)
        self.open_button.clicked.connect(self.open_signed)
        row.addWidget(self.open_button)
        row.addStretch(1)
        self.next_button = Button(_("The agency signs next"), parent=self)
        self.next_button.clicked.connect(self._agency_next)
        self.next_button.hide()
        row.addWidget(self.next_button)
        self.close_button = Button(_("Close"), hint="Esc", parent=self)
        self.close_button.clicked.connect(self.close)
        row.addWidget(self.close_button)
        self.sign_button = primary(_("Sign digitally"), parent=self)
        self.sign_button.clicked.connect(self._primary)
        row.addWidget(self.sign_button)
        column.addLayout(row)

    # Devices

    def search(self) -> None:
        """Look for signing devices on another thread; drivers take their time."""
        if self._searching is not None:
            return
        driver = self.form.driver
        self.form.again.setEnabled(False)
        self.form.told.setText(_("Looking for signing devices…"))

        def over() -> None:
            self._searching = None
            self.form.again.setEnabled(True)

        def done(found: Found) -> None:
            over()
            self.form.show_devices(found)
            if found.problem is not None:
                self._say(found.problem)
            self.form.secret.setFocus()

        def failed(error: BaseException) -> None:
            over()
            problems.show(error, self.notice)

        self._searching = self._jobs.run(self, lambda: self._signatures.find(driver), done, failed)

    # Signing

    def sign(self) -> None:
        """Sign with what was chosen, on another thread."""
        way = self.form.chosen_way()
        if way is None or not self.form.ready or self._signing is not None:
            return
        form = self.form
        agency = form.role.value() == AGENCY
        day = form.day.value_text() if agency else ""
        try:
            if day:
                parse_date(day)
        except BadDate as error:
            self._say(error)
            return
        out = Path(self._ask_save(self, str(self._out)) or "")
        if not out.name:
            return
        self._out = out if out.suffix.lower() == ".pdf" else out.with_name(out.name + ".pdf")
        asked = Asked(
            pdf=self._sheet,
            way=way,
            role=form.role.value(),
            picture=form.chosen_picture,
            number=form.number.value_text() if agency else "",
            day=day,
            out=self._out,
        )
        secret = form.secret.text()
        form.secret.clear()
        self._clear()
        self._signatures.remember(form.choices())
        self.working.say(_("Signing… Leave the device plugged in."))
        self._busy(True)

        def work(task: Task) -> Done:
            return self._signatures.sign(asked, secret, stopped=lambda: task.cancelled)

        self._signing = self._jobs.run_task(self, work, self._signed, self._failed)

    def stop(self) -> None:
        """Stop signing; nothing is written."""
        if self._signing is None:
            return
        self._signing.cancel()
        self._busy(False)
        self.notice.say(_("Signing was stopped. Nothing was written and the unsigned sheet is whole."))

    def _signed(self, done: Done) -> None:
        self._busy(False)
        self.done_with, self._sheet = done, done.pdf
        role = done.verdict.signatures[-1].role
        self.notice.say(
            _("Signed: {file}. The stamp of a time authority is added when there is a connection.").format(
                file=done.path.name
            ),
            tone=Tone.GREEN,
        )
        if done.warnings:
            self.warning.say(" ".join(map(explain, done.warnings)), tone=Tone.AMBER)
        self.form.hide()
        self.verdict.show_verdict(done.verdict)
        self.verdict.show()
        self.next_button.setVisible(role == PERSON)
        self.ink_button.hide()
        self.open_button.hide()
        self.sign_button.set_text(_("Take into the book"))
        self.sign_button.setEnabled(True)
        self.sign_button.setFocus()

    def _failed(self, error: BaseException) -> None:
        self._busy(False)
        self._say(error)
        if isinstance(error, LedgerError) and error.code.startswith("signing-device"):
            self.search()

    def _say(self, error: BaseException) -> None:
        code = error.code if isinstance(error, LedgerError) else ""
        if isinstance(error, LedgerError) and code in _SECRETS:
            self.form.secret_field.say(explain(error), focus=True)
        elif isinstance(error, LedgerError) and code in _ISSUE:
            field = self.form.day_field if _ISSUE[code] == "day" else self.form.number_field
            field.say(explain(error), focus=True)
        else:
            problems.show(error, self.notice)

    def _agency_next(self) -> None:
        """The clerk goes on with the file that the person in charge signed."""
        self._ready_for(AGENCY)

    def open_signed(self) -> None:
        """Go on with a file that was signed before, here or in another program."""
        found = self._ask(self, _("A file signed before"), _("PDF files (*.pdf)"))
        if not found:
            return
        path = Path(found)

        def done(looked: tuple[bytes, Verdict]) -> None:
            self._sheet = looked[0]
            self._out = path.with_name(path.stem + "-2.pdf")
            self.source.setText(path.name)
            self._ready_for(AGENCY)
            self._seen(looked[1])

        self._jobs.run(self, lambda: self._signatures.look(path), done, self._failed)

    def _ready_for(self, role: str) -> None:
        self._clear()
        self.form.show()
        self.verdict.hide()
        self.next_button.hide()
        self.done_with = None
        self.sign_button.set_text(_("Sign digitally"))
        self.form.set_role(role, agency=True)
        self.form.secret.setFocus()
        self._changed()
        self.search()

    def _primary(self) -> None:
        if self.done_with is None:
            self.sign()
            return
        self.taken.emit(self.done_with.path)
        self.accept()

    def _by_ink(self) -> None:
        self.ink.emit()
        self.close()

    # The window

    def _clear(self) -> None:
        self.notice.hide()
        self.warning.hide()
        for field in (self.form.secret_field, self.form.day_field, self.form.number_field):
            field.say("")

    def _busy(self, busy: bool) -> None:
        if not busy:
            self._signing = None
            self.working.hide()
        self.form.setEnabled(not busy)
        for button in (self.ink_button, self.open_button, self.next_button, self.close_button):
            button.setEnabled(not busy)
        self._changed()

    def _changed(self) -> None:
        done = getattr(self, "done_with", None) is not None
        self.sign_button.setEnabled(self._signing is None and (done or self.form.ready))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._signing is not None:
            self.stop()
        self.form.secret.clear()
        super().closeEvent(event)


def _proposed(file_name: str) -> Path:
    """Where the signed file is to lie: beside a person's documents, under the sheet's name."""
    folder = Path.home() / "Documents"
    name = Path(file_name)
    return (folder if folder.is_dir() else Path.home()) / f"{name.stem}-da-ky.pdf"


def _ask_save(parent: QWidget, proposed: str) -> str:
    kinds = _("PDF files (*.pdf)")
    found, _kind = QFileDialog.getSaveFileName(parent, _("Save the signed file"), proposed, kinds)
    return found
