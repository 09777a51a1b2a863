"""What every page of the window has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.words import _
from ui import tokens
from ui.widgets.notices import UndoLine


class Plan(Enum):
    """How much room the window has, by its effective width."""

    WIDE = "wide"
    COMPACT = "compact"
    NARROW = "narrow"

    @classmethod
    def of(cls, width: int) -> Plan:
        """The plan for a window `width` pixels wide, at 100 %."""
        if width >= tokens.WIDE:
            return cls.WIDE
        return cls.COMPACT if width >= tokens.COMPACT else cls.NARROW


class Page(QWidget):
    """One page: its content fills `body`, the undo line is docked under it.

    A page never reads or writes the ledger on the window's thread: it goes through `Jobs`.
    """

    key: ClassVar[str] = ""
    """What the window and the rail know it by; also the name of its picture."""
    icon: ClassVar[str] = ""
    """A Fluent icon shipped regular and filled in 20."""
    word: ClassVar[str] = ""
    """Its word on the rail, as msgid (N_)."""
    short: ClassVar[str] = ""
    """Its word on the narrow rail, as msgid; empty for the same word."""
    group: ClassVar[int] = 0
    """The rail draws a line where this number changes."""
    under: ClassVar[str] = ""
    """For a page without a place of its own on the rail: the page whose place is shown open meanwhile."""
    shows: ClassVar[frozenset[str]] = frozenset()
    """The kinds of entities it shows ("progress", "report", …): touched by others, it reloads."""

    heading_changed = Signal()
    """Title or subtitle changed."""
    touched = Signal(object)
    """frozenset of kinds, emitted after an own edit: the other pages reload, this one does not."""
    wants_page = Signal(str, object)
    """key of another page and what to show there (e.g. a task), or None."""
    failed = Signal(object)
    """An error to be said in words under the header."""
    note_changed = Signal(str, str)
    """A number for the rail, and the sentence that says what it counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.plan = Plan.WIDE
        self._title, self._subtitle = _(self.word), ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        column.addLayout(self.body, 1)
        self.undo_line = UndoLine(self)
        column.addWidget(self.undo_line)

    @property
    def title(self) -> str:
        """What the header says."""
        return self._title

    @property
    def subtitle(self) -> str:
        """What the header says beside the title; it goes first when the room is short."""
        return self._subtitle

    def set_heading(self, title: str, subtitle: str = "") -> None:
        """Change title and subtitle."""
        if (title, subtitle) != (self._title, self._subtitle):
            self._title, self._subtitle = title, subtitle
            self.heading_changed.emit()

    def reload(self) -> None:
        """Read what is shown anew, in the background; what is being written stays under the fingers."""

    def focus_start(self) -> None:
        """Put the focus where work goes on when the page is opened."""
        self.setFocus()

    def show_target(self, target: object) -> None:
        """Show a certain thing: what `wants_page` of another page named."""

    def leave(self) -> None:
        """The page is left, printed, or the window closes: keep what is being written, in the background."""

    def fit(self, plan: Plan) -> None:
        """Lay out for another plan; called at the start and when it changes. Sets `plan`."""
        self.plan = plan

    def start_search(self) -> None:
        """Ctrl+F."""

    def print_page(self) -> None:
        """Ctrl+P."""

    def save_now(self) -> None:
        """Ctrl+S: keep what is being written and say «Đã lưu»."""
        self.leave()
        self.say_undo(_("Saved."))

    def paste(self) -> None:
        """Ctrl+V outside a box: a file or a picture as evidence, where the page has any."""

    def undo(self) -> None:
        """Ctrl+Z outside a box: take back what the undo line says."""
        if self.undo_line.can_undo:
            self.undo_line.undo()

    def step(self, by: int) -> None:
        """Alt+↓ and Alt+↑: the next (1) or previous (-1) task, in the same field."""

    def say_undo(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done, with «Hoàn tác»."""
        self.undo_line.say(text, undo)


@dataclass(frozen=True, slots=True)
class Later:
    """A page that is made when it is first opened: most of them are not, on most days."""

    kind: type[Page]
    make: Callable[[], Page]


def dropped_file(data: QMimeData) -> Path | None:
    """The one file of this machine that is dragged, if it is exactly one."""
    urls = [url for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []
    return Path(urls[0].toLocalFile()) if len(urls) == 1 else None
