"""Tables: lines in, roles out. A model only looks things up; it never asks the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.words import _
from ui.marks import Mark

Line = TypeVar("Line")
Index = QModelIndex | QPersistentModelIndex


class Role(IntEnum):
    """What the delegates and the sorting proxy ask for, beside Qt's own roles."""

    TEXT = Qt.ItemDataRole.DisplayRole
    SORT = Qt.ItemDataRole.UserRole + 1
    MARK = Qt.ItemDataRole.UserRole + 2
    """A Mark drawn before the text, or None."""
    EXTRA = Qt.ItemDataRole.UserRole + 3
    """A tuple of Marks drawn at the right end of the cell."""
    BAR = Qt.ItemDataRole.UserRole + 4
    """An int 0-100 drawn as a bar, or None."""
    QUIET = Qt.ItemDataRole.UserRole + 5
    """True for text in the second ink."""
    AFTER = Qt.ItemDataRole.UserRole + 7
    """A Mark drawn after the text, at the same place in each row, or None."""
    LINE = Qt.ItemDataRole.UserRole + 6
    """The line itself."""


@dataclass(frozen=True)
class Column(Generic[Line]):
    """One column: how a line is shown and sorted there. `heading` is an English msgid."""

    heading: str
    text: Callable[[Line], str]
    sort: Callable[[Line], Any] | None = None
    mark: Callable[[Line], Mark | None] | None = None
    after: Callable[[Line], Mark | None] | None = None
    extra: Callable[[Line], tuple[Mark, ...]] | None = None
    bar: Callable[[Line], int | None] | None = None
    tip: Callable[[Line], str] | None = None
    width: int = 0
    """Pixels at 100 %; 0 for the column that stretches."""
    quiet: bool = False
    right: bool = False


class LinesModel(QAbstractTableModel, Generic[Line]):
    """Frozen lines under columns given as data.

    `spoken` gives the sentence a screen reader says for a line.
    """

    def __init__(
        self,
        columns: Sequence[Column[Line]],
        *,
        spoken: Callable[[Line], str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._spoken = spoken
        self._lines: tuple[Line, ...] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Replace all lines, with one reset."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines shown, in the order in which they came."""
        return self._lines

    def line(self, row: int) -> Line:
        """The line of a row of this model (not of a proxy). Raises IndexError."""
        return self._lines[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.TEXT) -> Any:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line, column = self._lines[index.row()], self.columns[index.column()]
        match role:
            case Role.TEXT:
                return column.text(line)
            case Role.SORT:
                return column.sort(line) if column.sort else column.text(line).casefold()
            case Role.MARK:
                return column.mark(line) if column.mark else None
            case Role.AFTER:
                return column.after(line) if column.after else None
            case Role.EXTRA:
                return column.extra(line) if column.extra else None
            case Role.BAR:
                return column.bar(line) if column.bar else None
            case Role.QUIET:
                return column.quiet
            case Role.LINE:
                return line
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip(line) if column.tip else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._say(line, column, index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case _:
                return None

    def _say(self, line: Line, column: Column[Line], number: int) -> str:
        if number == 0 and self._spoken is not None:
            return self._spoken(line)
        marks = [column.mark(line) if column.mark else None, column.after(line) if column.after else None]
        if column.extra:
            marks.extend(column.extra(line))
        said = [column.text(line), *(mark.word for mark in marks if mark)]
        return " ".join(dict.fromkeys(part for part in said if part))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.TEXT) -> Any:
        if role == Role.TEXT and orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            return _(self.columns[section].heading)
        return None
