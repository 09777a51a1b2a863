"""Status, percent, day of completion and document: one value of the record, so one part of the form."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import LedgerError
from app.domain.periods import BadDate, parse_date, show_date
from app.domain.progress import State
from app.words import _
from ui import marks, tokens
from ui.pages import refusals
from ui.pages.form import Form
from ui.pages.shown import Sheet
from ui.tokens import Tone

_PLACES = ("status", "percent", "date", "words")


class Stated(NamedTuple):
    """What the form says of the state, as it was typed."""

    status: str
    percent: str
    date: str
    words: str


class StatePart(QObject):
    """Makes a state of what is chosen and typed; what is refused is said at its field and stays there."""

    stated = Signal(object)
    """A State to be recorded."""

    def __init__(self, form: Form, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self.sheet: Sheet | None = None
        self.dirty = False
        # A choice is recorded a moment later: arrows pass over the ones between.
        self._choice = QTimer(self)
        self._choice.setSingleShot(True)
        self._choice.setInterval(tokens.AUTOSAVE_MS // 2)
        self._choice.timeout.connect(self.commit)
        form.status.chosen.connect(self.chosen)
        for line in (form.percent, form.date, form.words):
            line.edited.connect(self._edited)
            line.left.connect(self.commit)
            line.paused.connect(self._paused)
            line.returnPressed.connect(self.commit)

    @property
    def busy(self) -> bool:
        """Whether somebody writes here."""
        form = self._form
        focus = form.window().focusWidget()
        return self.dirty or focus in (form.percent, form.date, form.words)

    def open(self, sheet: Sheet) -> None:
        """Show the state of another task."""
        self.sheet = sheet
        self._form.question.hide()
        self.show()

    def show(self) -> None:
        """Show the state of the sheet; what was typed and not recorded goes."""
        assert self.sheet is not None
        form, state = self._form, self.sheet.state
        self._choice.stop()
        self.dirty = False
        form.status.set_value(state.status)
        form.percent.set_value(state.percent)
        form.date.set_text(show_date(state.completed_on) if state.completed_on else "")
        form.words.set_text(state.words or "")
        self._say_well()
        self._parts()

    def said(self) -> Stated:
        """What stands in the form."""
        form = self._form
        return Stated(form.status.value(), form.percent.text(), form.date.text(), form.words.text())

    def resume(self, stated: Stated) -> None:
        """What was chosen and could not be recorded when the task was left stands there again."""
        form = self._form
        form.status.set_value(stated.status)
        form.percent.set_text(stated.percent)
        form.date.set_text(stated.date)
        form.words.set_text(stated.words)
        self.dirty = True
        self._parts()
        self.commit()

    def refuse_late(self, error: BaseException) -> None:
        """The ledger refused the state."""
        self.dirty = True
        self._form.say_fault("status", refusals.said(error))

    def _edited(self) -> None:
        self.dirty = True

    def _paused(self) -> None:
        """Two seconds after the last key: what is right is recorded, what is not is not spoken of yet."""
        if self.sheet is None or not self.dirty:
            return
        try:
            state = self._state()
        except (ValueError, LedgerError):
            return
        if state is not None and state != self.sheet.state:
            self.dirty = False
            self.stated.emit(state)

    def _say_well(self) -> None:
        for name in _PLACES:
            self._form.say_fault(name, "")

    def _parts(self) -> None:
        assert self.sheet is not None
        line, status = self.sheet.line, self._form.status.value()
        before = "" if line.recurring or line.before is None else line.before.status
        reopens = before == "done" and status == "in_progress"
        self._form.show_parts(status, reopens=reopens, recurring=line.recurring)

    def chosen(self, status: str) -> None:
        """A status was chosen: its parts are shown, and it is recorded a moment later."""
        if self.sheet is None:
            return
        form, state = self._form, self.sheet.state
        self.dirty = True
        form.say_fault("status", "")
        form.say_fault("words", "")
        self._parts()
        if status == "done":
            form.percent.set_value(None if self.sheet.line.recurring else 100)
            if not form.date.value_text():
                now = self.sheet.now
                form.date.set_text(show_date(min(now.today, self.sheet.line.week.sunday)))
        elif status == "not_started":
            form.percent.set_value(0)
        elif form.percent.value_text() in {"100", "0"}:
            form.percent.set_value(None if state.status in {"done", "not_started"} else state.percent)
        form.say_fault("percent", "")
        self._choice.start()

    def commit(self) -> bool:
        """Record the state that the form says, if it was changed; False where it is refused."""
        self._choice.stop()
        sheet = self.sheet
        if sheet is None or not self.dirty:
            return True
        self._say_well()
        self._form.question.hide()
        try:
            state = self._state()
        except ValueError:
            self._form.say_fault("percent", _(refusals.PERCENT))
            return False
        except LedgerError as error:
            self._refuse(error)
            return False
        self.dirty = False
        if state is None or state == sheet.state:
            self.show()
            return True

        self.stated.emit(state)
        return True

    def _state(self) -> State | None:
        """The state that the form says; None where it says what is shown. Raises ValueError, LedgerError."""
        assert self.sheet is not None
        form, shown, recurring = self._form, self.sheet.state, self.sheet.line.recurring
        status = form.status.value() or shown.status
        percent = None if recurring else form.percent.value()
        day_text = form.date.value_text() if status == "done" else ""
        day = parse_date(day_text) if day_text else None
        words = form.words.value_text() if not form.fields["words"].isHidden() else ""
        if status == shown.status and status not in {"done", "paused"}:
            # The status was not touched: a percent alone may say that the task has begun.
            if percent == shown.percent and (words or None) == shown.words:
                return None
            if status == "not_started" and percent:
                return self.sheet.stated(None, percent, None, None)
        return self.sheet.stated(status, percent, day, words or None)

    def _refuse(self, error: LedgerError) -> None:
        code = "bad-date" if isinstance(error, BadDate) else error.code
        status = marks.status(self._form.status.value()).word
        if code == "percent-means-done":
            question = _("The percent is 100, but the status is {status}. Make it done?").format(
                status=status
            )
            actions = ((_("Make it done"), self._make_done), (_("Leave it"), self.show))
            self._form.question.say(question, tone=Tone.AMBER, actions=actions, closable=False)
            return
        place = refusals.PLACES.get(code, "status")
        self._form.say_fault(place, refusals.said(error))

    def _make_done(self) -> None:
        self._form.status.set_value("done")
        self.chosen("done")
        self.commit()
