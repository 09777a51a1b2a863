"""The words of a report as sentences: each knows its task, and can be put otherwise; the numbers cannot."""

from __future__ import annotations

import time
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.periods import Week
from app.domain.reporting import Kind
from app.reports.blocks import Bullet, Content, Heading, Paragraph, Source
from app.reports.speaking import free_slots
from app.services.sentences import Stale
from app.words import N_, _
from ui import marks, tokens
from ui.marks import Mark
from ui.models.rows import Group, Row
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.boxes import TextBox
from ui.widgets.buttons import link
from ui.widgets.field import Fault
from ui.widgets.labels import Elide, Wrapped, hairline, label
from ui.widgets.layouts import Flow, margins, surface
from ui.widgets.rows import RowList

FREE = {
    "direction": N_("Direction and management"),
    "extra": N_("Tasks that came up"),
    "lessons": N_("Lessons"),
}
"""The parts that nobody can make from the record, by slot."""

_TYPED_SECONDS = 8.0
"""Of typing without a pause, after which a sentence is kept once more."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it is shown. basis: what the program writes there now; stale: what it wrote when it was
    edited differs from that. two: it was written at two machines, and nobody has chosen yet. weeks: what its
    weeks wrote, "Tuần 25, 26: …", where it was put together from several.
    """

    slot: str
    name: str
    task: str
    text: str
    basis: str
    stale: Stale | None = None
    two: bool = False
    weeks: tuple[str, ...] = ()

    @property
    def edited(self) -> bool:
        """Whether the words are the officer's."""
        return bool(self.basis) and self.text != self.basis


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the report with the sentences under it."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(slots=True)
class _Written:
    """What was typed into one report, by slot. kept: could not be recorded, comes back with its sentence.
    waiting: on its way into the ledger. there: arrived, the next reading shows it as the ledger has it.
    """

    kept: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)


def parts(
    content: Content, kind: Kind, stale: tuple[Stale, ...], two: Container[str] = ()
) -> tuple[Part, ...]:
    """The sentences of a report under its headings; those that are written by hand come last.

    two: the slots of sentences that have two versions.
    """
    old = {item.slot: item for item in stale}
    names = {slot: _(name) for slot, name in FREE.items()}
    found: list[tuple[str, list[Sentence]]] = [(_("Beginning"), [])]
    written: dict[str, Sentence] = {}
    for block in content.blocks:
        if isinstance(block, Heading):
            found.append((block.text, []))
        elif isinstance(block, Paragraph | Bullet) and block.slot:
            stands = old.get(block.slot)
            made = Sentence(
                block.slot,
                names.get(block.slot, block.task or found[-1][0]),
                block.task,
                stands.text if stands is not None else block.text,
                "" if block.slot in names else block.basis,
                stands,
                block.slot in two,
                tuple(map(_source, block.sources)),
            )
            if block.slot in names:
                written[block.slot] = made
            else:
                found[-1][1].append(made)
    free = [
        written.get(slot) or Sentence(slot, names.get(slot, slot), "", "", "") for slot in free_slots(kind)
    ]
    found.append((_("Written by hand"), free))
    homeless = [
        Sentence(item.slot, _slot_words(item.slot), item.slot.partition(":")[2], item.text, "", item)
        for item in stale
        if not item.now
    ]
    found.append((_("No place in the report any more"), homeless))
    return tuple(
        Part(f"{place}", title, tuple(sentences))
        for place, (title, sentences) in enumerate(found)
        if sentences
    )


def _source(source: Source) -> str:
    numbers = ", ".join(str(Week.parse(week).number) for week in source.weeks)
    return _("Week {numbers}: {text}").format(numbers=numbers, text=source.text)


def _slot_words(slot: str) -> str:
    return slot.partition(":")[2] or _(FREE.get(slot, slot))


class SentencesPart(QWidget):
    """The list of sentences, and the one that is being written under it."""

    wrote = Signal(str, str, str)
    """Slot, text, basis: an officer's words; an empty text takes them back."""
    task_wanted = Signal(str)
    """F2: the code of the sentence's task."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Mapping[str, Sentence] = {}
        self._slot = self._closed = ""
        self._item: Sentence | None = None
        """The sentence under the pen, as it was shown: it may be gone from the report by now."""
        self._committed = -_TYPED_SECONDS
        self._reports: dict[str, _Written] = {}
        self._report = ""
        self._typed = self._reports.setdefault(self._report, _Written())
        column = QVBoxLayout(self)
        margins(column, 0, 0, 0, 0, 0)
        self.list = RowList(_("Sentences of the report"), self)
        self.list.set_tall(True)
        self.list.setMinimumHeight(tokens.LIST_ROW_TALL)
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(lambda _key: self.box.setFocus())
        column.addWidget(self.list, 1)
        column.addWidget(hairline(parent=self))
        column.addWidget(self._pen())

    def _pen(self) -> QWidget:
        pen = surface(self)
        column = QVBoxLayout(pen)
        margins(column, tokens.GAP16, tokens.GAP8, tokens.GAP16, tokens.GAP8, tokens.GAP4)
        self.name = Elide(strong=True, size=tokens.SMALL, parent=pen)
        column.addWidget(self.name)
        self.box = TextBox(name=_("Words of the sentence"), lines=(2, 5), parent=pen)
        self.box.left.connect(self.commit)
        self.box.paused.connect(self.commit)
        self.box.typed_on.connect(self._typed_on)
        self.box.escaped.connect(self.list.setFocus)
        self.box.refused.connect(self._say)
        column.addWidget(self.box)
        self._fault = Fault(pen)
        column.addWidget(self._fault)
        self.aside = QWidget(pen)
        beside = QVBoxLayout(self.aside)
        margins(beside, 0, 0, 0, 0, tokens.GAP4)
        beside.addWidget(
            label(_("The record changed since. The program would write now:"), "small", parent=pen)
        )
        self.fresh = Wrapped("", self.aside)
        beside.addWidget(self.fresh)
        self.take_button = link(_("Take this"), parent=self.aside)
        self.take_button.clicked.connect(self.take_back)
        self.keep_button = link(_("Keep my words"), parent=self.aside)
        self.keep_button.clicked.connect(self._keep_own)
        choice = Flow(spacing=tokens.GAP4)
        choice.addWidget(self.take_button)
        choice.addWidget(self.keep_button)
        beside.addLayout(choice)
        column.addWidget(self.aside)
        self.weeks = Wrapped("", pen)
        self.weeks.setProperty("role", "small")
        self.weeks.hide()
        column.addWidget(self.weeks)
        acts = Flow(spacing=tokens.GAP4)
        self.weeks_button = link(_("What the weeks wrote"), parent=pen)
        self.weeks_button.clicked.connect(lambda: self.weeks.setVisible(self.weeks.isHidden()))
        self.back_button = link(_("Back to the sentence made by itself"), parent=pen)
        self.back_button.clicked.connect(self.take_back)
        self.task_button = link(_("Open the task"), hint="F2", parent=pen)
        self.task_button.clicked.connect(self.open_task)
        acts.addWidget(self.weeks_button)
        acts.addWidget(self.back_button)
        acts.addWidget(self.task_button)
        column.addLayout(acts)
        return pen

    # Showing

    def rest(self) -> None:
        """Another report is being read: nothing is written until it is there."""
        self.box.setReadOnly(True)

    def open_report(self, report: str) -> None:
        """The sentences shown next are those of this report; what was typed into another stays with that."""
        if report == self._report:
            return
        self._report = report
        self._typed = self._reports.setdefault(report, _Written())
        self._slot, self._item = "", None
        self._say("")

    def show_parts(self, found: tuple[Part, ...], closed: str = "") -> None:
        """Show the sentences; what is under the pen stays. closed: why nothing can be written, if so."""
        self._shown = {item.slot: item for part in found for item in part.sentences}
        typed = self._typed
        typed.waiting = {
            slot: text
            for slot, text in typed.waiting.items()
            if slot in self._shown and slot not in typed.there
        }
        typed.there.clear()
        self.box.setReadOnly(bool(closed))
        self.box.setToolTip(closed)
        self._closed = closed
        self.list.show_groups(
            [
                Group(part.key, part.title, Mark(Shape.ON_TRACK, Tone.GREY), tuple(map(_row, part.sentences)))
                for part in found
            ]
        )
        self._refresh()

    def show_slot(self, slot: str) -> None:
        """Choose a sentence and go into it."""
        if self.list.select(slot):
            self.box.setFocus()

    def step(self, by: int) -> None:
        """The next (1) or the previous (-1) sentence, in the box if one was in it."""
        writing = self.box.hasFocus()
        if self.list.go(by) and writing:
            self.box.setFocus()

    def refuse(self, report: str, slot: str, sentence: str) -> None:
        """What was written into a report cannot be recorded: say why; the words stay."""
        typed = self._reports.setdefault(report, _Written())
        typed.kept[slot] = typed.waiting.pop(slot, typed.kept.get(slot, ""))
        if (report, slot) == (self._report, self._slot):
            self._say(sentence)

    def recorded(self, report: str, slot: str, words: str) -> None:
        """What was written into a report is in the ledger."""
        typed = self._reports.setdefault(report, _Written())
        typed.kept.pop(slot, None)
        if typed.waiting.get(slot) == words:
            typed.there.add(slot)
        if (report, slot) == (self._report, self._slot):
            self._say("")

    def _choose(self, slot: str) -> None:
        self.commit()
        self._slot = slot
        self._say("")
        self._item = item = self._shown.get(slot)
        self.box.set_text(self._words(item) if item else "")
        self._refresh()

    def _words(self, item: Sentence) -> str:
        return self._typed.kept.get(item.slot) or self._typed.waiting.get(item.slot, item.text)

    def _refresh(self) -> None:
        item = self._shown.get(self._slot)
        if item is None:
            self._slot = self.list.key()
            self._item = item = self._shown.get(self._slot)
            self.box.set_text(self._words(item) if item else "")
        if item is not None:
            if self._typed.waiting.get(item.slot) == item.text:
                del self._typed.waiting[item.slot]
            self.box.offer(self._words(item))
        self.name.setText("" if item is None else _title(item))
        weeks = "\n".join(item.weeks) if item is not None else ""
        self.weeks_button.setVisible(bool(weeks))
        if weeks != self.weeks.text():
            self.weeks.setText(weeks)
            self.weeks.hide()
        self.box.setEnabled(item is not None)
        stale = item.stale if item is not None else None
        beside = stale is not None and not self._closed
        if beside is self.aside.isHidden():
            self.aside.setVisible(beside)
            # what is written beside takes its room from the list
            QTimer.singleShot(0, self, lambda: self.list.scrollTo(self.list.currentIndex()))
        self.fresh.setText((stale.now or _("Nothing: this sentence has no place any more.")) if stale else "")
        self.keep_button.setVisible(stale is not None and bool(stale.now))
        self.back_button.setVisible(item is not None and item.edited and stale is None and not self._closed)
        self.task_button.setVisible(item is not None and bool(item.task))

    # Acts

    def commit(self) -> None:
        """Hand on what was written in the box, if it is something else than what stands there."""
        item = self._shown.get(self._slot, self._item)
        if item is None or self._closed:
            return
        text = self.box.text().strip()
        if text == (self._typed.waiting.get(item.slot, item.text)).strip():
            if self._typed.kept.pop(item.slot, None) is not None:
                self._say("")
            return
        self._typed.waiting[item.slot] = text
        self._typed.there.discard(item.slot)
        self._committed = time.monotonic()
        self.wrote.emit(item.slot, "" if text == item.basis else text, item.basis)

    def _typed_on(self) -> None:
        """Each commit is a change that travels, so a long sentence is not cut into many."""
        if time.monotonic() - self._committed > _TYPED_SECONDS:
            self.commit()

    def take_back(self) -> None:
        """«Trả về câu tự lập»."""
        item = self._shown.get(self._slot)
        if item is None or self._closed:
            return
        self._typed.kept.pop(item.slot, None)
        self._typed.waiting[item.slot] = item.basis
        self.box.set_text(item.basis)
        self.wrote.emit(item.slot, "", item.basis)

    def _keep_own(self) -> None:
        item = self._shown.get(self._slot)
        if item is not None:
            self.wrote.emit(item.slot, self.box.text().strip(), item.basis)

    def open_task(self) -> None:
        """Go to the task of the chosen sentence, if it has one."""
        item = self._shown.get(self._slot)
        if item is not None and item.task:
            self.task_wanted.emit(item.task)

    def _say(self, sentence: str) -> None:
        self._fault.say(sentence)
        self.box.show_fault(bool(sentence))


def _title(item: Sentence) -> str:
    return "  ·  ".join([item.name, _("sentence edited")]) if item.edited else item.name


def _row(item: Sentence) -> Row:
    flags: tuple[Mark, ...] = ()
    mark = Mark(Shape.ON_TRACK, Tone.GREY)
    if item.two:
        mark = Mark(Shape.TWO, Tone.ACCENT)
        flags = (marks.two_versions(),)
    elif item.stale is not None:
        mark = Mark(Shape.TWO, Tone.ACCENT)
        flags = (Mark(Shape.TWO, Tone.ACCENT, _("record changed")),)
    elif item.edited:
        mark = Mark(Shape.WRITING, Tone.AMBER)
        flags = (Mark(Shape.WRITING, Tone.AMBER, _("sentence edited")),)
    text = " ".join(item.text.split()) or _("Nothing written yet")
    name = item.name if item.task or not item.text or not item.basis else ""
    spoken = ", ".join(part for part in (text, item.task, *(flag.word for flag in flags)) if part)
    return Row(key=item.slot, title=text, code=name, status=mark, flags=flags, spoken=spoken)
