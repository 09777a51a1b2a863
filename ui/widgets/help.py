"""The help page: every key of the program in one table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.words import _
from ui import tokens
from ui.commands import COMMANDS, LISTED_KEYS
from ui.widgets.buttons import Button
from ui.widgets.labels import label


class Help(QDialog):
    """Shown by F1; Esc or Enter closes it."""

    def __init__(self, pages: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Help and all keys"))
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.GAP24, tokens.GAP20, tokens.GAP24, tokens.GAP16)
        column.setSpacing(tokens.GAP8)
        column.addWidget(label(_("Help and all keys"), "title", parent=self))
        for told in (
            _("What is typed is kept by itself, two seconds after the last key."),
            _("Everything works without a connection; what waits is sent as soon as there is one."),
        ):
            column.addWidget(label(told, "quiet", parent=self))
        grid = QGridLayout()
        grid.setHorizontalSpacing(tokens.GAP20)
        grid.setVerticalSpacing(tokens.GAP4)
        lines = [(f"Ctrl+{number}", page) for number, page in enumerate(pages, 1)]
        lines += [(shown(command.keys), _(command.word)) for command in COMMANDS]
        lines += [(keys, _(word)) for keys, word in LISTED_KEYS]
        half = (len(lines) + 1) // 2
        for number, (keys, word) in enumerate(lines):
            row, side = number % half, 2 * (number // half)
            grid.addWidget(label(keys, "smallname", parent=self), row, side)
            grid.addWidget(label(word, "small", parent=self), row, side + 1)
        column.addSpacing(tokens.GAP8)
        column.addLayout(grid)
        column.addStretch(1)
        column.addSpacing(tokens.GAP8)
        row_ = QHBoxLayout()
        row_.addStretch(1)
        close = Button(_("Close"), hint="Esc", parent=self)
        close.clicked.connect(self.accept)
        row_.addWidget(close)
        column.addLayout(row_)
        close.setFocus(Qt.FocusReason.OtherFocusReason)


def shown(keys: str) -> str:
    """Keys as they stand on the screen: arrows as arrows."""
    return keys.replace("Down", "↓").replace("Up", "↑").replace("Left", "←").replace("Right", "→")
