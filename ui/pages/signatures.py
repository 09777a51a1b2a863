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
from ui.widgets.buttons import Button
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Scroll, empty, margins
from ui.widgets.notices import Notice

if TYPE_CHECKING:
    from app.reports.verifying import Verdict

_SIZE = (640, 460)


def tone(verdict: Verdict) -> Tone:
    """Green when all holds and is trusted, amber when something could not be checked, red when changed."""
    if not verdict.intact:
        return Tone.RED
    return Tone.GREEN if verdict.trusted else Tone.AMBER


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
    ) -> None:
        super().__init__(parent)
        self._signatures, self._jobs, self._ask = signatures, jobs, ask or _ask
        self.setWindowTitle(_("Check signatures"))
        self.resize(*_SIZE)
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
        row = QHBoxLayout()
        self.choose_button = Button(_("Choose a file…"), parent=self)
        self.choose_button.clicked.connect(self.choose)
        row.addWidget(self.choose_button)
        row.addStretch(1)
        close = Button(_("Close"), hint="Esc", parent=self)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)

    def choose(self) -> None:
        """Ask for a file and check it."""
        found = self._ask(self)
        if found:
            self.check(Path(found))

    def check(self, path: Path) -> None:
        """Check a file, on another thread."""
        self.title.setText(path.name)
        self.notice.hide()

        def done(found: tuple[bytes, Verdict]) -> None:
            self.part.show_verdict(found[1])
            self.shown.emit(found[1])

        def failed(error: BaseException) -> None:
            problems.show(error, self.notice)

        self._jobs.run(self, lambda: self._signatures.look(path), done, failed)


def _ask(parent: QWidget) -> str:
    kinds = _("PDF files (*.pdf)")
    found, _kind = QFileDialog.getOpenFileName(parent, _("Check signatures"), str(Path.home()), kinds)
    return found
