"""Các bản trước: all that was ever written in the fields of one week's record, by whom and when."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services import conflicts
from app.services.conflicts import Version
from app.services.lines import FIELDS, Line
from app.storage.ledger import Ledger
from app.words import SENTENCES, _
from ui import tokens
from ui.models.week_lines import moment
from ui.pages.conflict import field_words, value_words
from ui.widgets.buttons import Button
from ui.widgets.labels import hairline, label
from ui.widgets.layouts import Scroll, margins, open_at

_SIZE = (620, 460)
_LISTED = 50
"""Versions of one field that are shown; the ledger keeps all."""


@dataclass(frozen=True, slots=True)
class Written:
    """The versions of the fields of a record, the newest first; only fields that were ever written."""

    line: Line
    fields: tuple[tuple[str, tuple[Version, ...]], ...]


def read(ledger: Ledger, line: Line) -> Written:
    """A fixed number of queries."""
    with ledger.read() as connection:
        identity = ledger.identity
        found = [(name, conflicts.versions(connection, identity, line.progress, name)) for name in FIELDS]
    return Written(line, tuple((name, tuple(made[:_LISTED])) for name, made in found if made))


class History(QDialog):
    """Shows it; Esc or Enter closes it. Words can be selected and copied."""

    def __init__(self, written: Written, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = written.line
        self.setWindowTitle(_("Earlier versions"))
        open_at(self, *_SIZE)
        column = QVBoxLayout(self)
        margins(column, tokens.GAP24, tokens.GAP20, tokens.GAP24, tokens.GAP16, tokens.GAP8)
        week = _("Week {n}").format(n=line.week.number)
        column.addWidget(
            label(" · ".join((_("Earlier versions"), line.code, week)), "title", wrap=True, parent=self)
        )
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        margins(self._list, tokens.GAP12, tokens.GAP8, tokens.GAP12, tokens.GAP8, tokens.GAP4)
        if not written.fields:
            self._list.addWidget(label(_("Nothing was written in this week yet."), "quiet", parent=inside))
        for name, versions in written.fields:
            self._list.addWidget(label(field_words(name), "name", parent=inside))
            for version in versions:
                self._add(name, version, inside)
            self._list.addWidget(hairline(parent=inside))
        self._list.addStretch(1)
        column.addWidget(Scroll(inside, parent=self), 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = Button(_("Close"), hint="Esc", parent=self)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)
        close.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, name: str, version: Version, inside: QWidget) -> None:
        said = [moment(version.at), version.by or _("unknown"), version.device]
        if version.holds:
            said.append(_("holds now"))
        if version.refused:
            said.append(_("returned by the province: {why}").format(
                why=_(SENTENCES.get(version.refused, version.refused))))  # fmt: skip
        elif version.arrived is None:
            said.append(_("waits to be sent"))
        self._list.addWidget(
            label(" · ".join(part for part in said if part), "small", wrap=True, parent=inside)
        )
        words = label(value_words(name, version.value), wrap=True, parent=inside)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._list.addWidget(words)
        self._list.addSpacing(tokens.GAP4)
