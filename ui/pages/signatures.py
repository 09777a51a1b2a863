"""The signatures of a file in words: who signed, unchanged or not, what could not be checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from app.services import verdicts
from app.words import _
from ui import problems, tokens
from ui.jobs import Jobs
from ui.signing import Signatures
from ui.tokens import Tone
from ui.widgets.boxes import LineBox
from ui.widgets.buttons import Button
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Scroll, empty, margins, open_at
from ui.widgets.notices import Notice

if TYPE_CHECKING:
    from app.reports.signatures.verifying import Verdict

_SIZE = (640, 460)


def tone(verdict: Verdict) -> Tone:
    """Green when all holds and is trusted, amber when something could not be checked, red when changed."""
    if not verdict.intact:
        return Tone.RED
    return Tone.GREEN if verdicts.verified(verdict) else Tone.AMBER


class VerdictPart(QWidget):
    """One verdict: a sentence for the file, then the sentences of each signature."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        margins(self._column, 0, 0, 0, 0, tokens.GAP4)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show another one."""
        empty(self._column)
        said = Notice(self)
        said.say(verdicts.summary(verdict), tone=tone(verdict), closable=False)
        self._column.addWidget(said)
        for one in verdict.signatures:
            first, *others = verdicts.lines(one)
            self._column.addSpacing(tokens.GAP8)
            for role, words in (("name", first), *(("", other) for other in others)):
                line = label(words, role, wrap=True, parent=self)
                line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._column.addWidget(line)
            self._column.addWidget(hairline(parent=self))
        for time, known in verdict.stamps:
            said_at = _("Stamped as a whole at {time}.") if known else _("Stamped at {time}; not verified.")
            words = said_at.format(time=verdicts.moment(time))
            self._column.addWidget(label(words, "quiet", wrap=True, parent=self))
        self._column.addStretch(1)


class SignaturesWindow(QDialog):
    """Checks a file that was chosen; another can be chosen after it."""

    shown = Signal(object)
    """The verdict that is shown now."""

    def __init__(
        self,
        signatures: Signatures,
        jobs: Jobs,
        parent: QWidget | None = None,
        *,
        ask: Callable[[QWidget], str] | None = None,
        ask_save: Callable[[QWidget, str], str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._signatures, self._jobs, self._ask = signatures, jobs, ask or _ask
        self._ask_save = ask_save or _ask_save
        self._pdf, self._name = b"", ""
        self.setWindowTitle(_("Check signatures"))
        open_at(self, *_SIZE)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # long notices do not stretch it
        margins(column, tokens.GAP24, tokens.GAP20, tokens.GAP24, tokens.GAP16, tokens.GAP12)
        self.title = label(_("Check signatures"), "title", wrap=True, parent=self)
        column.addWidget(self.title)
        self.notice = Notice(self)
        column.addWidget(self.notice)
        self.part = VerdictPart()
        self.part.setContentsMargins(tokens.GAP12, tokens.GAP12, tokens.GAP12, tokens.GAP12)
        column.addWidget(Scroll(self.part, parent=self), 1)
        column.addWidget(self._stamp_part())
        row = QHBoxLayout()
        self.choose_button = Button(_("Choose a file…"), parent=self)
        self.choose_button.clicked.connect(self.choose)
        row.addWidget(self.choose_button)
        row.addStretch(1)
        close = Button(_("Close"), hint="Esc", parent=self)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)

    def _stamp_part(self) -> QWidget:
        self.stamping = QWidget(self)
        row = QHBoxLayout(self.stamping)
        margins(row, 0, 0, 0, 0, tokens.GAP8)
        self.address = LineBox(
            self._signatures.remembered().stamps,
            name=_("Address of the time authority"),
            placeholder=_("Address of the time authority, http://…"),
            parent=self.stamping,
        )
        self.address.edited.connect(self._arrange)
        row.addWidget(self.address, 1)
        self.stamp_button = Button(_("Add its time"), parent=self.stamping)
        self.stamp_button.clicked.connect(self.stamp)
        row.addWidget(self.stamp_button)
        self.stamping.hide()
        return self.stamping

    def choose(self) -> None:
        """Ask for a file and check it."""
        found = self._ask(self)
        if found:
            self.check(Path(found))

    def check(self, path: Path) -> None:
        """Check a file, on another thread."""
        self._run(path.name, lambda: self._signatures.look(path))

    def show_document(self, pdf: bytes, name: str) -> None:
        """Check a document that is held already."""
        self._run(name, lambda: (pdf, self._signatures.verdict(pdf)))

    def stamp(self) -> None:
        """Add the time of an authority to the file that is shown, and save it as another."""
        out = Path(self._ask_save(self, f"{Path(self._name).stem}-dau-thoi-gian.pdf") or "")
        if not out.name:
            return
        pdf, address = self._pdf, self.address.value_text()
        self._run(out.name, lambda: self._signatures.stamp(pdf, address, out), _("Asking for the time…"))

    def _run(self, name: str, work: Callable[[], tuple[bytes, Verdict]], told: str = "") -> None:
        self.notice.hide()
        if told:
            self.notice.say(told, closable=False)
        self.stamp_button.setEnabled(False)

        def done(found: tuple[bytes, Verdict]) -> None:
            self.notice.hide()
            self._pdf, self._name = found[0], name
            self.title.setText(name)
            self.part.show_verdict(found[1])
            self.stamping.setVisible(found[1].intact)
            self._arrange()
            self.shown.emit(found[1])

        def failed(error: BaseException) -> None:
            self._arrange()
            problems.show(error, self.notice)

        self._jobs.run(self, work, done, failed)

    def _arrange(self) -> None:
        self.stamp_button.setEnabled(bool(self._pdf) and bool(self.address.value_text()))


def _ask(parent: QWidget) -> str:
    kinds = _("PDF files (*.pdf)")
    found, _kind = QFileDialog.getOpenFileName(parent, _("Check signatures"), str(Path.home()), kinds)
    return found


def _ask_save(parent: QWidget, name: str) -> str:
    kinds = _("PDF files (*.pdf)")
    found, _kind = QFileDialog.getSaveFileName(
        parent, _("Save the signed file"), str(Path.home() / name), kinds
    )
    return found
