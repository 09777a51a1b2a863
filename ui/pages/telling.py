"""What the editor tells around the fields of a task."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.domain.change import Change, Value
from app.domain.periods import show_date
from app.domain.progress import State
from app.services.conflicts import Conflict
from app.services.lines import TEXTS, Line
from app.words import _
from ui import marks
from ui.models.week_lines import FIELD_WORDS, state_words
from ui.pages.conflict import Versions, place_words
from ui.pages.form import Form


def show_line(form: Form, line: Line) -> None:
    """Show what is told of a task around its fields: head, last words, marks, whether it was withdrawn."""
    form.show_head(line)
    for name in TEXTS:
        last = line.last[name]
        said = ""
        if last.text:
            when = _("Week {n}").format(n=last.week.number) if last.week else _("At the start")
            said = f"{when}: {' '.join(last.text.split())}"
        form.fields[name].show_last(said, last.text)
    before = ""
    if line.before is not None and not line.recurring:
        when = _("week {n}").format(n=line.before_week.number) if line.before_week else _("at the start")
        before = f"{when}: {marks.status(line.before.status).word}"
    form.fields["status"].show_last(before)
    percent = line.before.percent if line.before and not line.recurring else None
    form.fields["percent"].show_last("" if percent is None else _("before: {n}%").format(n=percent))
    form.set_writable(not line.withdrawn and not line.signed)
    form.same.setVisible(not line.recorded and not line.withdrawn and not line.signed)
    if line.withdrawn and line.withdrawn_on is not None:
        text = _("The province withdrew this task on {date} ({document}). What was recorded is kept.")
        form.notice.say(
            text.format(date=show_date(line.withdrawn_on), document=line.withdrawal or "…"),
            closable=False,
        )
    elif line.signed:
        told = _(
            "The report of week {n} is signed. Record in week {next}, or make a report that replaces it."
        )
        form.notice.say(told.format(n=line.week.number, next=line.week.next().number), closable=False)
    else:
        form.notice.hide()


def show_conflicts(
    form: Form, line: Line, found: Sequence[Conflict], take: Callable[[Conflict, Value], object]
) -> None:
    """Show the versions that wait to be decided: of this week at their fields, older ones above the form."""
    places = {name: form.fields[name].extra for name in TEXTS} | {"state": form.state_extra}
    for layout in (*places.values(), form.older):
        while (item := layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
    for conflict in found:
        now = conflict.record == line.progress
        panel = Versions(conflict, where="" if now else place_words(conflict))
        panel.taken.connect(take)
        (places[conflict.field] if now and conflict.field in places else form.older).addWidget(panel)
        panel.show()
        if now and conflict.field in places:  # a new widget comes last for Tab, far from its field
            stop: QWidget = form.boxes.get(conflict.field) or form.words
            for button in panel.buttons:
                QWidget.setTabOrder(stop, button)
                stop = button


def recorded(code: str, name: str, change: Change) -> str:
    """What was recorded, for the undo line. code: of the task; name: of the field."""
    value = change.fields.get(name)
    if name == "state" and value is not None:
        return _("{code}: recorded {state}.").format(code=code, state=state_words(State.from_wire(value)))
    return _("{code}: recorded “{field}”.").format(code=code, field=_(FIELD_WORDS.get(name, name)))
