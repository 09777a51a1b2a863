"""The four groups of an enrolment code under its field, each ticked or named as it is typed."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from sync.protocol.enrolment import ALPHABET, GROUP, LETTERS
from ui import tokens
from ui.marks import Mark
from ui.shapes import Shape
from ui.tokens import Tone
from ui.widgets.chip import Chip

_BETWEEN = "-–—_.−"


class CodeGroups(QWidget):
    """One chip a group."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GAP16)
        self.chips = tuple(Chip(bare=True, parent=self) for _n in range(LETTERS // GROUP))
        for chip in self.chips:
            row.addWidget(chip)
        row.addStretch(1)

    def show_code(self, text: str, *, fault: bool) -> None:
        """Show what was typed. fault: the whole was found wrong."""
        letters = [c for c in text.upper() if not c.isspace() and c not in _BETWEEN]
        # A check letter cannot tell which group is wrong, so none is ticked then.
        wrong = fault and all(c in ALPHABET for c in letters)
        for number, chip in enumerate(self.chips):
            group = "".join(letters[number * GROUP : (number + 1) * GROUP])
            if not group:
                chip.show_mark(None)
            elif any(c not in ALPHABET for c in group):
                chip.show_mark(Mark(Shape.OVERDUE, Tone.RED, group))
            elif wrong or len(group) < GROUP:
                chip.show_mark(Mark(Shape.WRITING, Tone.GREY, group))
            else:
                chip.show_mark(Mark(Shape.ON_TIME, Tone.GREEN, group))
