"""The bar of the report page: which kind of report, which period and line, and what is done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.reporting import Kind, Period
from app.words import N_, _
from ui import tokens
from ui.widgets.buttons import Button, icon_button, primary
from ui.widgets.choices import Choice
from ui.widgets.combo import Combo
from ui.widgets.labels import Elide
from ui.widgets.layouts import margins

KINDS: tuple[tuple[Kind, str], ...] = (
    ("week", N_("Weekly report")),
    ("month", N_("Monthly report")),
    ("quarter", N_("Quarterly report")),
    ("half", N_("Six-month report")),
    ("nine_months", N_("Nine-month report")),
    ("year", N_("Yearly report")),
)
LINES = {
    "ubnd_tinh": N_("To the People's Committee ({n})"),
    "tinh_uy": N_("To the Party Committee ({n})"),
}
_QUARTERS = ("I", "II", "III", "IV")


class PeriodBar(QWidget):
    """Chooses; knows nothing of what a period holds."""

    kind_chosen = Signal(str)
    moved = Signal(int)
    """1 for the period after, -1 for the one before."""
    line_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(tokens.REPORT_BAR)
        row = QHBoxLayout(self)
        margins(row, tokens.EDGE, 0, tokens.EDGE, 0, tokens.GAP4)
        self.kinds = Combo(name=_("Kind of report"), parent=self)
        self.kinds.fill([(kind, _(word)) for kind, word in KINDS])
        self.kinds.chosen.connect(self.kind_chosen)
        self.earlier = icon_button(_("Period before"), "chevron_left", parent=self)
        self.earlier.clicked.connect(lambda: self.moved.emit(-1))
        self.name = Elide(strong=True, parent=self)
        self.later = icon_button(_("Period after"), "chevron_right", parent=self)
        self.later.clicked.connect(lambda: self.moved.emit(1))
        lines = [(line, _(word).format(n="–"), None) for line, word in LINES.items()]
        self.lines = Choice(lines, name=_("Reporting line"), parent=self)
        self.lines.chosen.connect(self.line_chosen)
        self.print_button = Button(_("Print"), hint="Ctrl+P", parent=self)
        self.next_button = primary(_("Print for signing"), parent=self)
        for widget in (self.kinds, self.earlier, self.name, self.later):
            row.addWidget(widget)
        row.addSpacing(tokens.GAP12)
        row.addWidget(self.lines, 1)
        row.addSpacing(tokens.GAP12)
        row.addWidget(self.print_button)
        row.addSpacing(tokens.GAP4)
        row.addWidget(self.next_button)

    def show_period(self, period: Period, line: str, *, later: bool) -> None:
        """Show what is chosen. later: whether the period after has begun."""
        self.kinds.set_value(period.kind)
        self.name.setText(period_words(period))
        self.lines.set_value(line)
        self.later.setEnabled(later)
        said = _("Period after") if later else _("The next period has not come yet")
        self.later.setToolTip(said)

    def show_counts(self, counts: dict[str, int]) -> None:
        """How many tasks each line has."""
        for line, word in LINES.items():
            said = _(word).format(n=counts[line])
            self.lines.segments.set_word(line, said)
            self.lines.combo.setItemText(self.lines.combo.findData(line), said)
        self.lines.updateGeometry()

    def show_next(self, words: str) -> None:
        """Name what ends the work now; nothing hides the button."""
        self.next_button.setVisible(bool(words))
        if words:
            self.next_button.set_text(words)

    def set_compact(self, compact: bool) -> None:
        """Leave out what is only a help where the room is short."""
        self.print_button.set_hint("" if compact else "Ctrl+P")


def period_words(period: Period) -> str:
    """A period as the window names it."""
    year = period.year
    match period.kind:
        case "week":
            week = period.week
            return _("Week {number} ({start} – {end})").format(
                number=week.number, start=f"{week.monday:%d/%m}", end=f"{week.sunday:%d/%m}"
            )
        case "month":
            return _("Month {n}/{year}").format(n=period.number, year=year)
        case "quarter":
            return _("Quarter {n}/{year}").format(n=_QUARTERS[period.number - 1], year=year)
        case "half":
            said = _("First 6 months of {year}") if period.number == 1 else _("Last 6 months of {year}")
            return said.format(year=year)
        case "nine_months":
            return _("9 months of {year}").format(year=year)
    return _("Year {year}").format(year=year)
