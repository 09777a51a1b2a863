"""What a person chooses of a print: printer, copies, pages, sides."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.printing import (
    MOST_COPIES,
    ONE_SIDED,
    TWO_SIDED,
    Choice,
    Printer,
    Sides,
    parse_pages,
    show_pages,
)
from app.words import _
from ui import tokens
from ui.widgets.boxes import LineBox
from ui.widgets.buttons import link
from ui.widgets.choices import Segmented
from ui.widgets.combo import Combo
from ui.widgets.field import Field
from ui.widgets.layouts import margins

_NARROW = 120


class Choices(QWidget):
    """Holds the choices; the panel says what is wrong with them."""

    changed = Signal()
    this_page = Signal()
    """«Chỉ trang đang xem»."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._printers: dict[str, Printer] = {}
        self._count = 0
        self.a4_wanted = False
        """Whether «Đổi sang A4» was pressed for the printer that is chosen."""
        column = QVBoxLayout(self)
        margins(column, 0, 0, 0, 0, tokens.GAP12)
        self.printers = Combo(name=_("Printer"), parent=self)
        self.printers.chosen.connect(self._other_printer)
        column.addWidget(Field(_("Printer"), self.printers))
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP16)
        self.copies_box = LineBox("1", name=_("Copies"), parent=self)
        self.copies_box.setValidator(QIntValidator(1, MOST_COPIES, self.copies_box))
        self.copies_box.setFixedWidth(_NARROW // 2)
        row.addWidget(Field(_("Copies"), self.copies_box, short=True))
        self.sides_choice = Segmented(
            [(ONE_SIDED, _("One side"), None), (TWO_SIDED, _("Both sides"), None)],
            name=_("Sides"),
            parent=self,
        )
        self.sides_choice.set_value(ONE_SIDED)
        row.addWidget(Field(_("Sides"), self.sides_choice, short=True))
        row.addStretch(1)
        column.addLayout(row)
        self.pages_box = LineBox(name=_("Pages"), parent=self)
        self.pages_field = Field(_("Pages, for example 1-3"), self.pages_box)
        self.pages_box.edited.connect(lambda: self.pages_field.say(""))
        column.addWidget(self.pages_field)
        self.this_button = link(_("Only the page shown"), parent=self)
        self.this_button.clicked.connect(self.this_page)
        below = QHBoxLayout()
        below.addWidget(self.this_button)
        below.addStretch(1)
        column.addLayout(below)

    def show_printers(self, printers: tuple[Printer, ...], before: Choice) -> None:
        """Offer printers, with what was chosen the last time where it is still there."""
        self._printers = {each.name: each for each in printers}
        self.printers.fill([(each.name, each.words) for each in printers])
        chosen = before.printer if before.printer in self._printers else printers[0].name
        self.printers.set_value(chosen)
        self.copies_box.set_text(str(before.copies))
        self.sides_choice.set_value(before.sides)
        self._fit_sides()

    def show_count(self, count: int) -> None:
        """How many pages there are to choose from."""
        self._count = count
        self.pages_box.setPlaceholderText(_("All {n} pages").format(n=count))

    @property
    def printer(self) -> Printer | None:
        """The printer that is chosen; None while none is known."""
        return self._printers.get(self.printers.value())

    @property
    def sides(self) -> Sides:
        """One side unless the printer can do both and both are wanted."""
        printer = self.printer
        both = printer is not None and printer.two_sided and self.sides_choice.value() == TWO_SIDED
        return TWO_SIDED if both else ONE_SIDED

    def copies(self) -> int:
        """How many; 1 where nothing is written."""
        text = self.copies_box.text()
        return max(1, min(MOST_COPIES, int(text))) if text.isdigit() else 1

    def pages(self) -> tuple[int, ...]:
        """Which pages, empty for all. Raises BadPages."""
        return parse_pages(self.pages_box.text(), self._count)

    def set_pages(self, pages: tuple[int, ...]) -> None:
        """Write a choice of pages into the box."""
        self.pages_box.set_text(show_pages(pages))
        self.pages_field.say("")

    def say_bad_pages(self, why: str) -> None:
        """Name what is wrong with the pages, with the cursor there."""
        self.pages_field.say(why, focus=True)

    def _other_printer(self) -> None:
        self.a4_wanted = False
        self._fit_sides()
        self.changed.emit()

    def _fit_sides(self) -> None:
        printer = self.printer
        able = printer is not None and printer.two_sided
        why = "" if able else _("This printer prints on one side only.")
        self.sides_choice.set_choice_enabled(TWO_SIDED, able, why)
        if not able:
            self.sides_choice.set_value(ONE_SIDED)
