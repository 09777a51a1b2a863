"""A field of a form: its name, last week's words, the box, and the sentence when something is wrong with
it.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.words import _
from ui import tokens
from ui.marks import Mark
from ui.shapes import Shape
from ui.style import look
from ui.tokens import Tone
from ui.widgets import paint
from ui.widgets.buttons import link
from ui.widgets.labels import Elide, Wrapped, label


class Fault(Wrapped):
    """▲ and a red sentence under a field; hidden while all is well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setProperty("role", "error")
        self.setContentsMargins(tokens.SHAPE + tokens.GAP8, 0, 0, 0)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence, or hide with an empty text."""
        self.setText(text)
        self.setVisible(bool(text))
        if text:
            paint.announce(self, text)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        paint.shape(painter, QPoint(0, 2), Mark(Shape.OVERDUE, Tone.RED), look().colours.red)
        painter.end()


class Field(QWidget):
    """Puts a name, last week's words and an error line round a box.

    For a long box last week's words stand on a line of their own with «Dùng lại»; for a short one beside
    the name.
    """

    reused = Signal(str)
    """«Dùng lại» was pressed: last week's words, whole."""

    def __init__(
        self, name: str, box: QWidget, *, short: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.box = box
        self._before = ""
        box.setParent(self)
        if not box.accessibleName():
            box.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GAP4)
        head = QHBoxLayout()
        head.setSpacing(tokens.GAP12)
        self.name = label(name, "name", parent=self)
        self.name.setBuddy(box)
        head.addWidget(self.name)
        self._last = Elide(size=tokens.SMALL, ink="text2", parent=self)
        self._last.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._again = link(_("Use again"), parent=self)
        self._again.clicked.connect(lambda: self.reused.emit(self._before))
        self._again.hide()
        if short:
            head.addWidget(self._last, 1)
            column.addLayout(head)
        else:
            head.addStretch(1)
            column.addLayout(head)
            second = QHBoxLayout()
            second.setSpacing(tokens.GAP12)
            second.addWidget(self._last, 1)
            second.addWidget(self._again)
            column.addLayout(second)
        self._short = short
        self._last.hide()
        if short:
            grows = box.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Expanding
            column.addWidget(box, 0, Qt.AlignmentFlag(0) if grows else Qt.AlignmentFlag.AlignLeft)
        else:
            column.addWidget(box)
        self.extra = QVBoxLayout()
        """Room between box and error, e.g. for the two values of a conflict."""
        column.addLayout(self.extra)
        self._fault = Fault(self)
        column.addWidget(self._fault)

    def show_last(self, text: str, words: str = "") -> None:
        """Show what last week said: `text` is the whole line («Tuần 28: …»), `words` what «Dùng lại» would
        take.

        Without `words` there is nothing to use again and the link is hidden.
        """
        self._before = words
        self._last.setText(text)
        self._last.setVisible(bool(text))
        self._again.setVisible(bool(words) and not self._short)

    def set_name(self, name: str) -> None:
        """Change the field's name."""
        self.name.setText(name)
        self.box.setAccessibleName(name)

    def say(self, fault: str, *, focus: bool = False) -> None:
        """Show what is wrong, with the cursor in the box if asked; an empty text says that all is well."""
        self._fault.say(fault)
        if hasattr(self.box, "show_fault"):
            self.box.show_fault(bool(fault))
        if fault and focus:
            self.box.setFocus()

    @property
    def fault(self) -> str:
        """The sentence shown, or an empty text."""
        return "" if self._fault.isHidden() else self._fault.text()
