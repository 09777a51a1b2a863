"""«Đã ký, đóng dấu»: number, date and signer, as the clerk enters them; the program only warns."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import LedgerError
from app.domain.periods import BadDate, parse_date, show_date
from app.domain.reports import UNSET
from app.reports.blocks import Content
from app.services import issuing, weeks
from app.services.issuing import Issue
from app.services.reports import Made
from app.storage.ledger import Ledger
from app.words import _, explain
from ui import tokens
from ui.jobs import Jobs
from ui.widgets.boxes import LineBox
from ui.widgets.buttons import Button, primary
from ui.widgets.choices import Choice
from ui.widgets.field import Field
from ui.widgets.labels import label
from ui.widgets.layouts import open_at

_WIDTH, _HEIGHT = 560, 340
_FIELD = {
    "number-used": "number", "number-odd": "number", "issue-ahead": "day", "issue-before-data": "day",
    "bad-date": "day",
}  # fmt: skip
_STEPS = {"deputy": "KT. ", "order": "TL. "}
"""What stands before the post of the head where another signs for him (Nghị định 30/2020, phụ lục I)."""


class IssueForm(QDialog):
    """Records what is entered; what looks wrong is said beside its field, and can be entered anew."""

    recorded = Signal()

    def __init__(
        self, ledger: Ledger, jobs: Jobs, made: Made, words: Content | None, today: date, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._ledger, self._jobs, self._made = ledger, jobs, made
        self._kept = False
        """What stands in the form is recorded."""
        self._post = words.authority[-1] if words is not None and words.authority else ""
        self.setWindowTitle(_("Signed and sealed"))
        self.setMinimumWidth(_WIDTH)
        open_at(self, _WIDTH, _HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.GAP24, tokens.GAP20, tokens.GAP24, tokens.GAP16)
        column.setSpacing(tokens.GAP12)
        column.addWidget(label(_("Signed and sealed"), "title", parent=self))
        said = _("Content code {code}. The number is the one of your office's book.")
        column.addWidget(label(said.format(code=made.check_code), "quiet", wrap=True, parent=self))
        signer = words.signer if words is not None and words.signer != UNSET else ""
        self.number = LineBox(made.number, placeholder="45", parent=self)
        self.day = LineBox(show_date(made.date or today), placeholder=_("dd/mm/yyyy"), parent=self)
        self.signer = LineBox(made.signer or signer, parent=self)
        choices = [
            ("", _("The head"), None), ("deputy", "KT.", None), ("order", "TL.", None),
        ]  # fmt: skip
        self.steps = Choice(choices, name=_("Who signed"), parent=self)
        self.steps.set_value("")
        self.steps.chosen.connect(lambda _value: self._arrange())
        self.post = LineBox(parent=self)
        self.fields = {
            "number": Field(_("Number"), self.number, short=True, parent=self),
            "day": Field(_("Date"), self.day, short=True, parent=self),
            "signer": Field(_("Name of the signer"), self.signer, short=True, parent=self),
            "steps": Field(_("Who signed"), self.steps, short=True, parent=self),
            "post": Field(_("Post of the signer"), self.post, short=True, parent=self),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.GAP16)
        grid.setVerticalSpacing(tokens.GAP12)
        for place, name in enumerate(("number", "day", "steps", "post")):
            grid.addWidget(self.fields[name], place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.fields["signer"], 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        self.leave = Button(_("Not yet"), hint="Esc", parent=self)
        self.leave.clicked.connect(self.reject)
        self.confirm = primary(_("Record"), parent=self)
        self.confirm.setDefault(True)
        self.confirm.clicked.connect(self.check)
        row.addWidget(self.leave)
        row.addWidget(self.confirm)
        column.addLayout(row)
        for box in (self.number, self.day, self.signer, self.post):
            box.edited.connect(self._edited)
            box.escaped.connect(self.reject)
        self._arrange()
        self.number.setFocus()

    def _arrange(self) -> None:
        step = _STEPS.get(self.steps.value(), "")
        self.fields["post"].setVisible(bool(step))
        self.post.setPlaceholderText(f"PHÓ {self._post}" if step.startswith("KT") else "")
        self._edited()

    def _edited(self) -> None:
        self._kept = False
        self.confirm.set_text(_("Record"))
        for field in self.fields.values():
            field.say("")

    def entered(self) -> Issue:
        """What stands in the form. Raises BadDate."""
        step = _STEPS.get(self.steps.value(), "")
        post = self.post.value_text() or self.post.placeholderText()
        authority = tuple(line for line in (f"{step}{self._post}".strip(), post) if line) if step else ()
        return Issue(
            self.number.value_text(), parse_date(self.day.value_text()), self.signer.value_text(), authority
        )

    def check(self) -> None:
        """Record, and stay open where something looks wrong; pressed once more, the form closes."""
        if self._kept:
            self.accept()
            return
        try:
            entered = self.entered()
        except BadDate as wrong:
            self._say((wrong,))
            return
        if not entered.number:
            said = _("Write the number that the office's book gives it. Without one nothing is recorded.")
            self.fields["number"].say(said, focus=True)
            return
        record = self._made.record
        how: issuing.How = "digital" if self._made.signed == "digital" else "ink"

        def work() -> tuple[LedgerError, ...]:
            with self._ledger.edit() as edit:
                now = weeks.present(edit.connection, self._ledger.now())
                return issuing.issue(edit, record, entered, now, how=how)

        self.confirm.setEnabled(False)
        self._jobs.run(self, work, self._issued, self._failed, lane="ledger")

    def _issued(self, told: tuple[LedgerError, ...]) -> None:
        self.confirm.setEnabled(True)
        self.recorded.emit()
        if not told:
            self.accept()
            return
        self._say(told)
        self._kept = True
        self.confirm.set_text(_("Close"))
        self.confirm.setFocus()

    def _failed(self, error: BaseException) -> None:
        self.confirm.setEnabled(True)
        if isinstance(error, LedgerError):
            self._say((error,))
        else:
            self._jobs.unclaimed.emit(self, error)

    def _say(self, found: tuple[LedgerError, ...]) -> None:
        said: dict[str, list[str]] = {}
        for error in found:
            said.setdefault(_FIELD.get(error.code, "number"), []).append(explain(error))
        for place, name in enumerate(said):
            self.fields[name].say(" ".join(said[name]), focus=not place)
