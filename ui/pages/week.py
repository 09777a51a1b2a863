"""«Tuần này»: what is late, what is due, what is not yet recorded; and the editor beside it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.periods import Week, local, show_date
from app.services import views
from app.services.drafts import Left
from app.storage.ledger import Ledger
from app.words import N_, _, explain, ngettext
from ui import tokens
from ui.evidence import Evidence
from ui.jobs import Jobs
from ui.models import week_lines
from ui.pages.base import Page, Plan
from ui.pages.editor import KINDS, Editor
from ui.pages.shown import Shown, settle_old
from ui.tokens import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import Elide, hairline, label
from ui.widgets.layouts import margins, surface
from ui.widgets.notices import EmptyState, Notice
from ui.widgets.rows import RowList
from ui.widgets.strips import TickStrip


class WeekPage(Page):
    """List at the left, editor at the right; one at a time where the window is narrow."""

    key: ClassVar[str] = "week"
    icon: ClassVar[str] = "task_list_square_ltr"
    word: ClassVar[str] = N_("This week")
    shows: ClassVar[frozenset[str]] = frozenset(
        {"progress", "task", "assignment", "source", "notice", "report", "person"}
    )

    def __init__(
        self, ledger: Ledger, jobs: Jobs, evidence: Evidence | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ledger, self._jobs, self._evidence = ledger, jobs, evidence
        self.shown: Shown | None = None
        self._held = ("", "")
        self._wanted = ""
        self._field = ""
        self._detail = False
        self.notice = Notice(self)
        self.clock_notice = Notice(self)
        self.week_notice = Notice(self)
        """Which week is recorded, where it is not the present one."""
        self.body.addWidget(self.week_notice)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.clock_notice)
        self._stack = QStackedWidget(self)
        self.body.addWidget(self._stack, 1)
        self._stack.addWidget(self._desk())
        self.empty = EmptyState(
            _("No tasks yet"),
            _("Tasks will come with the province's notice, over the network or by USB."),
            (
                (_("Exchange with the province"), lambda: self.wants_page.emit("exchange", None)),
                (_("Take the province's bundle"), lambda: self.wants_page.emit("exchange", "usb")),
            ),
            parent=self,
        )
        self._stack.addWidget(self.empty)
        self._back = QShortcut(QKeySequence("Alt+Left"), self)
        self._back.activated.connect(self.show_list)

    def _desk(self) -> QWidget:
        desk = QWidget(self)
        row = QHBoxLayout(desk)
        margins(row, 0, 0, 0, 0, 0)
        self.side = surface(desk)
        column = QVBoxLayout(self.side)
        margins(column, 0, 0, 0, 0, 0)
        column.addWidget(self._list_head())
        column.addWidget(hairline(parent=self.side))
        self.list = RowList(_("What is to be done"), self.side)
        self.list.chosen.connect(self._chosen)
        self.list.opened.connect(self._enter)
        column.addWidget(self.list, 1)
        row.addWidget(self.side)
        self._rule = hairline(vertical=True, parent=desk)
        row.addWidget(self._rule)
        self.editor = Editor(self._ledger, self._jobs, desk, self._evidence)
        self.editor.written.connect(self._written)
        self.editor.recorded.connect(self.say_undo)
        self.editor.failed.connect(self.failed)
        self.editor.escaped.connect(self._to_list)
        self.editor.stepped.connect(self.step)
        self.editor.back.connect(self.show_list)
        row.addWidget(self.editor, 1)
        return desk

    def _list_head(self) -> QWidget:
        head = QWidget(self.side)
        inside = QVBoxLayout(head)
        self._head_box = inside
        margins(inside, tokens.EDGE, tokens.GAP8, tokens.GAP16 - 2, tokens.GAP8, tokens.GAP4)
        line = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        self.state = Elide(size=tokens.SMALL, strong=True, parent=head)
        self.deadline = Elide(size=tokens.SMALL, ink="text2", parent=head)
        words.addWidget(self.state)
        words.addWidget(self.deadline)
        line.addLayout(words, 1)
        self.make = Button(_("Make the report"), hint="Ctrl+B", parent=head)
        self.make.clicked.connect(
            lambda: self.wants_page.emit("reports", self.shown.report_week if self.shown else None)
        )
        line.addWidget(self.make)
        inside.addLayout(line)
        strip = QHBoxLayout()
        strip.setSpacing(tokens.GAP12)
        self.ticks = TickStrip(head)
        strip.addWidget(self.ticks, 1)
        self.count = label("", "small", parent=head)
        strip.addWidget(self.count)
        inside.addLayout(strip)
        head.setFixedHeight(tokens.LIST_HEAD)
        return head

    # Reading

    def reload(self) -> None:
        self._jobs.run(self, self.editor.reading, self._read, self.failed.emit, lane="ledger")

    def _read(self, shown: Shown) -> None:
        first = self.shown is None
        self.show_all(shown)
        if first and shown.left:
            self._tell_left([item for item, _seen in shown.left], shown)
        if self._wanted:
            wanted, self._wanted = self._wanted, ""
            self.show_target(wanted)

    def _written(self, shown: Shown) -> None:
        self.show_all(shown)
        self.touched.emit(KINDS)

    def show_all(self, shown: Shown) -> None:
        """Show a fresh reading; what is being written stays."""
        self.shown = shown
        week = shown.now.week
        self.set_heading(_("This week"), week_words(week))
        due = views.due(shown.lines)
        self._show_head(shown, due)
        left = len(due.left)
        said = ngettext("{n} task still to be recorded", "{n} tasks still to be recorded", left).format(
            n=left
        )
        self.note_changed.emit(str(left) if left else "", said if left else "")
        if shown.now.warning is not None:
            self.clock_notice.say(explain(shown.now.warning), tone=Tone.AMBER)
        else:
            self.clock_notice.hide()
        if shown.now.week == self.editor.reading.week:
            said = _("You are recording week {n}, for its report that is not signed yet.")
            self.week_notice.say(
                said.format(n=week.number),
                closable=False,
                actions=((_("Back to the present week"), self._to_present),),
            )
        else:
            self.week_notice.hide()
        self._stack.setCurrentIndex(0 if shown.lines else 1)
        self.list.show_groups(week_lines.groups(due, self._held))
        self.editor.refresh(shown)

    def _show_head(self, shown: Shown, due: views.Due) -> None:
        number = shown.report_week.number
        made = _("Report of week {n} made") if shown.made else _("Report of week {n} not made yet")
        self.state.setText(made.format(n=number))
        if shown.due is None:
            self.deadline.setText(_("No report is due this week"))
        else:
            left = (shown.due.date() - shown.now.today).days
            day = _(week_lines.DAYS[shown.due.weekday()])
            text = _("Due {time} {day} {date}").format(
                time=f"{shown.due:%H:%M}", day=day, date=f"{shown.due.day}/{shown.due.month}"
            )
            if self.plan is Plan.COMPACT:
                pass  # the date alone has room
            elif local(shown.now.moment) > shown.due:
                text += ", " + _("passed")
            elif left == 0:
                text += ", " + _("today")
            else:
                text += ", " + ngettext("{n} day left", "{n} days left", left).format(n=left)
            self.deadline.setText(text)
        self.ticks.show_ticks(week_lines.ticks(due))
        self.count.setText(_("Recorded {done}/{n}").format(done=len(due.recorded), n=due.total))

    def _tell_left(self, behind: list[Left], shown: Shown) -> None:
        """Tell of the newest draft; the next one is told when this one was opened."""
        left, *rest = behind
        at = local(left.draft.at)
        text = ngettext(
            "The machine stopped at {time} on {date} while you wrote. Nothing is lost: {n} word of a draft "
            "for task {code} is kept.",
            "The machine stopped at {time} on {date} while you wrote. Nothing is lost: {n} words of a draft "
            "for task {code} are kept.",
            left.draft.words,
        ).format(time=f"{at:%H:%M}", date=show_date(at.date()), n=left.draft.words, code=left.code)
        self.notice.say(text, actions=((_("Go on"), lambda: self._go_on(left, rest, shown)),))

    def _go_on(self, left: Left, rest: list[Left], shown: Shown) -> None:
        if rest:
            self._tell_left(rest, shown)
        if left.week != shown.now.week:

            def work() -> Shown:
                settle_old(self._ledger, left)
                return self.editor.reading()

            self._jobs.run(self, work, self._written, self.failed.emit, lane="ledger")
            return
        self.show_target(left.code)
        self.editor.form.focus_field(left.draft.field)

    # Choosing

    def _chosen(self, key: str) -> None:
        if self.shown is None or (line := self.shown.line(key)) is None:
            return
        before = self.editor.line
        if line.code in self.notice.text:
            self.notice.dismiss()
        self.editor.open(line, self.shown)
        if before is not None and before.progress in self.editor.unrecorded:
            self.notice.say(
                _("{code}: the status is not recorded yet; something is missing.").format(code=before.code),
                tone=Tone.AMBER,
                actions=((_("Open it"), lambda: self.show_target(before.code)),),
            )
        self._held = (key, week_lines.group_of(views.due(self.shown.lines), key))
        # The model may not be reset while it tells of the choice.
        QTimer.singleShot(0, self, self._regroup)

    def _regroup(self) -> None:
        if self.shown is not None:
            self.list.show_groups(week_lines.groups(views.due(self.shown.lines), self._held))

    def _enter(self, _key: str) -> None:
        self._detail = True
        self._arrange()
        self.editor.form.focus_first()

    def show_list(self) -> None:
        """Back to the list, where only one of the two is shown."""
        if self.editor.isAncestorOf(self.window().focusWidget() or self):
            self.list.setFocus()
        self._detail = False
        self._arrange()
        self.list.setFocus()

    def _to_list(self) -> None:
        if self.plan is Plan.NARROW:
            self.show_list()
        else:
            self.list.setFocus()

    def step(self, by: int) -> None:
        field = self.editor.form.focused()
        if self.list.go(by) and field:
            self.editor.form.focus_field(field)

    # What every page has

    def focus_start(self) -> None:
        if self.shown is not None and not self.shown.lines:
            self.empty.focus_start()
        elif self._detail and self.plan is Plan.NARROW:
            self.editor.form.focus_first()
        else:
            self.list.setFocus()

    def _to_present(self) -> None:
        self.editor.commit()
        self.editor.reading.week = None
        self.reload()

    def show_target(self, target: object) -> None:
        """Open a task by its code; with a week, in that one: a report that is not signed yet may lack it."""
        match target:
            case (str() as code, Week() as week):
                self.editor.commit()
                self.editor.reading.week = week
                self._wanted = code
                self.reload()
                return
            case str():
                pass
            case _:
                return
        if self.shown is None:
            self._wanted = target
            return
        line = self.shown.coded(target)
        if line is not None and self.list.select(line.assignment):
            self._enter(line.assignment)

    def leave(self) -> None:
        if self.editor.reading.week is None:
            self.editor.commit()
        else:
            self._to_present()

    def paste(self) -> None:
        self.editor.evidence.paste()

    def save_now(self) -> None:
        self.editor.save()

    def start_search(self) -> None:
        self.wants_page.emit("tasks", None)

    def fit(self, plan: Plan) -> None:
        super().fit(plan)
        wide = plan is Plan.WIDE
        self.side.setMaximumWidth(16_777_215)
        self.side.setMinimumWidth(0)
        if plan is not Plan.NARROW:
            self.side.setFixedWidth(tokens.LIST if wide else tokens.LIST_COMPACT)
        self.list.set_tall(not wide)
        self.make.set_hint("Ctrl+B" if plan is not Plan.COMPACT else "")
        self.make.set_text(_("Make the report") if plan is not Plan.COMPACT else _("Report"))
        edge = tokens.EDGE if wide else tokens.EDGE_COMPACT
        margins(self._head_box, edge, tokens.GAP8, tokens.GAP16 - 2, tokens.GAP8)
        self.editor.fit(plan, back=plan is Plan.NARROW)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.plan is Plan.NARROW
        self.side.setVisible(not narrow or not self._detail)
        self._rule.setVisible(not narrow)
        self.editor.setVisible(not narrow or self._detail)
        self._back.setEnabled(narrow and self._detail)


def week_words(week: Week) -> str:
    """A week as the header says it: «Tuần 29, 14/7 – 20/7»."""
    first, last = week.monday, week.sunday
    return _("Week {n}, {first} – {last}").format(
        n=week.number, first=f"{first.day}/{first.month}", last=f"{last.day}/{last.month}"
    )
