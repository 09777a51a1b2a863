"""Grouped rows of a list: headings that fold, and rows under them. One flat model, one reset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.text import fold
from ui.marks import Mark

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list.

    Attributes:
        key: what the page knows the row by.
        title: one line, or two in a narrow window.
        code: shown before the marks on the second line.
        status: the shape at the left, before the margin line.
        right: short words at the right of the title, e.g. «80%».
        due: the timeliness mark of the second line, or None.
        due_short: the same in fewer words, for where the line is too narrow; or None.
        date: words after it, e.g. «hạn 30/6».
        flags: marks at the right end of the second line.
        spoken: the sentence for a screen reader: title, status, percent, mark, exchange.
    """

    key: str
    title: str
    code: str
    status: Mark
    right: str = ""
    due: Mark | None = None
    due_short: Mark | None = None
    date: str = ""
    flags: tuple[Mark, ...] = ()
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its rows; the count is added by the model."""

    key: str
    title: str
    mark: Mark
    rows: tuple[Row, ...]


class Roles(IntEnum):
    """What the delegate asks for."""

    ROW = Qt.ItemDataRole.UserRole + 1
    GROUP = Qt.ItemDataRole.UserRole + 2
    FOLDED = Qt.ItemDataRole.UserRole + 3


class RowsModel(QAbstractListModel):
    """Groups in the order given; an empty group is not shown; what is folded stays folded."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[Group, ...] = ()
        self._folded: set[str] = set()
        self._flat: list[Group | Row] = []
        self._places: dict[str, int] = {}

    def show(self, groups: Sequence[Group]) -> None:
        """Replace everything, with one reset."""
        self.beginResetModel()
        self._groups = tuple(g for g in groups if g.rows)
        self._lay_out()
        self.endResetModel()

    def fold(self, group: str, folded: bool) -> None:
        """Fold or unfold a group by its key."""
        if (group in self._folded) == folded:
            return
        self.beginResetModel()
        if folded:
            self._folded.add(group)
        else:
            self._folded.discard(group)
        self._lay_out()
        self.endResetModel()

    def is_folded(self, group: str) -> bool:
        """Whether a group shows its heading alone."""
        return group in self._folded

    def place(self, key: str) -> int:
        """The row of this model where a row or group stands now, or -1 (also if its group is folded)."""
        return self._places.get(key, -1)

    def entry(self, place: int) -> Group | Row:
        """What stands at a place. Raises IndexError."""
        return self._flat[place]

    def group_of(self, key: str) -> str:
        """The key of the group in which a row lies, or an empty text."""
        return next((g.key for g in self._groups if any(r.key == key for r in g.rows)), "")

    def keys(self) -> list[str]:
        """The keys of all rows in their order, folded ones too."""
        return [row.key for group in self._groups for row in group.rows]

    def find(self, letters: str, after: int) -> int:
        """The next place after `after`, going round, whose code or title holds `letters`; -1 if none does."""
        wanted = fold(letters)
        count = len(self._flat)
        for step in range(count):
            place = (after + step) % count
            entry = self._flat[place]
            if isinstance(entry, Row) and wanted in fold(f"{entry.code} {entry.title}"):
                return place
        return -1

    def _lay_out(self) -> None:
        self._flat = []
        for group in self._groups:
            self._flat.append(group)
            if group.key not in self._folded:
                self._flat.extend(group.rows)
        self._places = {entry.key: place for place, entry in enumerate(self._flat)}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._flat)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._flat):
            return None
        entry = self._flat[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{entry.title} ({len(entry.rows)})" if isinstance(entry, Group) else entry.title
            case Qt.ItemDataRole.AccessibleTextRole:
                if isinstance(entry, Group):
                    return f"{entry.title} ({len(entry.rows)})"
                return entry.spoken or f"{entry.code} {entry.title}, {entry.status.word}"
            case Roles.ROW:
                return entry if isinstance(entry, Row) else None
            case Roles.GROUP:
                return entry if isinstance(entry, Group) else None
            case Roles.FOLDED:
                return isinstance(entry, Group) and entry.key in self._folded
            case _:
                return None
