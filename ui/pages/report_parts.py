"""The three parts of the report page beside each other, or two where the room is short."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.words import _
from ui import tokens
from ui.pages.base import Plan
from ui.pages.report_difference import DifferenceSide
from ui.pages.report_sides import MissingSide
from ui.widgets.choices import Segmented
from ui.widgets.labels import hairline
from ui.widgets.layouts import Scroll, margins, surface

_WIDEST = 16_777_215  # QWIDGETSIZE_MAX: no bound


class Parts(QWidget):
    """What is missing, the report itself, the difference; in a narrow window the sides share one column."""

    def __init__(self, middle: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = Plan.WIDE
        self._row = QHBoxLayout(self)
        margins(self._row, 0, 0, 0, 0, 0)
        self._side = surface(self)
        self._column = QVBoxLayout(self._side)
        margins(self._column, 0, 0, 0, 0, 0)
        self.which = Segmented(
            [("missing", _("Missing"), None), ("difference", _("Compared"), None)],
            name=_("What stands beside the page"),
            parent=self._side,
        )
        self.which.set_value("missing")
        self.which.chosen.connect(lambda _value: self.fit(self._plan))
        self._which_row = QWidget(self._side)
        choice = QHBoxLayout(self._which_row)
        margins(choice, tokens.EDGE_COMPACT, tokens.GAP8, tokens.EDGE_COMPACT, 0)
        choice.addWidget(self.which)
        choice.addStretch(1)
        self._column.addWidget(self._which_row)
        self.missing = MissingSide()
        self._missing_view = Scroll(self.missing, parent=self._side)  # in a low window all of it scrolls
        self._column.addWidget(self._missing_view, 1)
        self._row.addWidget(self._side)
        self._row.addWidget(hairline(vertical=True, parent=self))
        self._row.addWidget(middle, 1)
        self._right_line = hairline(vertical=True, parent=self)
        self._row.addWidget(self._right_line)
        self.compared = DifferenceSide(self)
        self.compared.setFixedWidth(tokens.DIFFERENCE)
        self._row.addWidget(self.compared)

    def fit(self, plan: Plan) -> None:
        """Lay out for another plan."""
        self._plan = plan
        wide = plan is Plan.WIDE
        self._which_row.setVisible(not wide)
        self._right_line.setVisible(wide)
        self._side.setFixedWidth(tokens.MISSING if plan is not Plan.NARROW else tokens.LIST_COMPACT - 40)
        inside = self._column.indexOf(self.compared) >= 0
        if wide and inside:
            self._column.removeWidget(self.compared)
            self.compared.setFixedWidth(tokens.DIFFERENCE)
            self._row.addWidget(self.compared)
        elif not wide and not inside:
            self._row.removeWidget(self.compared)
            self.compared.setMinimumWidth(0)
            self.compared.setMaximumWidth(_WIDEST)
            self._column.addWidget(self.compared, 1)
        compared = self.which.value() == "difference"
        self._missing_view.setVisible(wide or not compared)
        self.compared.setVisible(wide or compared)
