"""The wide table of a page: rows of 34, a heading in the second ground, a margin line after the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui import tokens
from ui.marks import Mark
from ui.models.lines import LinesModel, Role
from ui.style import look
from ui.widgets import paint
from ui.widgets.notices import paint_bar

_PAD = 14
_AFTER = 84


class Sorted(QSortFilterProxyModel):
    """Sorts over the SORT role; lines for which `keep` says no are left out. None sorts last, either way."""

    def __init__(self, source: LinesModel[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keep: Callable[[Any], bool] | None = None
        self.setSourceModel(source)
        self.setSortRole(Role.SORT)

    def keep(self, test: Callable[[Any], bool] | None) -> None:
        """Show only the lines for which `test` is true; None shows all."""
        self.beginFilterChange()
        self._keep = test
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        source = self.sourceModel()
        assert isinstance(source, LinesModel)
        return self._keep is None or self._keep(source.line(row))

    def lessThan(
        self, left: QModelIndex | QPersistentModelIndex, right: QModelIndex | QPersistentModelIndex
    ) -> bool:
        one, two = left.data(Role.SORT), right.data(Role.SORT)
        if one is None or two is None:
            # Qt turns the answer round when it sorts downwards; what has no value stays at the end both ways.
            upwards = self.sortOrder() == Qt.SortOrder.AscendingOrder
            return two is None and one is not None if upwards else one is None and two is not None
        return bool(one < two)


class _Header(QHeaderView):
    """Words in weight 600, the arrow of the sorting after the word, one line under all."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(tokens.TABLE_HEADER)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSortIndicatorShown(True)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        lk, c = look(), look().colours
        painter.save()
        painter.fillRect(rect, lk.colour(c.quiet))
        paint.fill(painter, rect.x(), rect.bottom(), rect.width(), 1, lk.colour(c.edge))
        if index == 0:
            paint.fill(painter, rect.right(), rect.y(), 1, rect.height() - 1, lk.colour(c.margin))
        inner = rect.adjusted(tokens.EDGE if index == 0 else _PAD, 0, -4, 0)
        text = str(self.model().headerData(index, Qt.Orientation.Horizontal) or "")
        used = paint.words(painter, inner, text, lk.colour(c.text2), size=tokens.SMALL, strong=True)
        if self.sortIndicatorSection() == index:
            up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            at = QPoint(inner.x() + used + 4, rect.y() + (rect.height() - tokens.ICON_SMALL) // 2)
            paint.icon(painter, at, "chevron_up" if up else "chevron_down", c.text2, size=tokens.ICON_SMALL)
        painter.restore()


class CellDelegate(QStyledItemDelegate):
    """Draws one cell: a mark, the text, a bar, marks at the right end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, tokens.TABLE_ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        lk, c = look(), look().colours
        view = option.widget
        assert isinstance(view, Table)
        rect = QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        own = c.selected_ink if selected else ""
        ground = c.selected if selected else c.hover if view.hovered == index.row() else c.surface
        painter.save()
        painter.fillRect(rect, lk.colour(ground))
        paint.fill(painter, rect.x(), rect.bottom(), rect.width(), 1, lk.colour(c.line))
        first = view.horizontalHeader().visualIndex(index.column()) == 0
        if first:
            paint.fill(painter, rect.right(), rect.y(), 1, rect.height(), lk.colour(c.margin))
            if selected:
                paint.fill(
                    painter, rect.x(), rect.y(), tokens.BAR, rect.height() - 1, lk.colour(own or c.accent)
                )
        self._content(painter, rect.adjusted(tokens.EDGE if first else _PAD, 0, -6, -1), index, own)
        if view.hasFocus() and view.currentIndex().row() == index.row():
            self._focus(painter, rect, view, index.column())
        painter.restore()

    def _content(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex, own: str
    ) -> None:
        lk, c = look(), look().colours
        quiet = bool(index.data(Role.QUIET))
        size = tokens.SMALL if quiet and index.column() > 0 else tokens.BODY
        x = rect.x()
        right = rect.right()
        for extra in reversed(index.data(Role.EXTRA) or ()):
            width = paint.mark_width(extra, lk, shape_size=13)
            right -= width
            self._mark(painter, QPoint(right, rect.y()), rect.height(), extra, own, 13)
            right -= tokens.GAP8
        mark = index.data(Role.MARK)
        text = str(index.data(Role.TEXT) or "")
        bar = index.data(Role.BAR)
        if bar is not None:
            number = QRect(x, rect.y(), 40, rect.height())
            paint.words(painter, number, text, lk.colour(own or c.text), right=True, elide=False)
            at = QRect(x + 46, rect.y() + rect.height() // 2 - 2, tokens.PERCENT_BAR, 5)
            paint_bar(painter, at, int(bar), own)
            return
        if isinstance(mark, Mark):
            ink = own or c.ink(mark.tone)
            paint.shape(painter, QPoint(x, rect.y() + (rect.height() - 14) // 2), mark, ink, 14)
            x += 14 + 5
            if mark.word and mark.word != text:
                used = lk.metrics(tokens.SMALL).horizontalAdvance(mark.word)
                words = QRect(x, rect.y(), right - x, rect.height())
                paint.words(painter, words, mark.word, lk.colour(ink), size=tokens.SMALL)
                x += used + tokens.GAP12
        after = index.data(Role.AFTER)
        if isinstance(after, Mark):
            place = x + _AFTER
            width = paint.mark_width(after, lk, shape_size=13)
            if place + width <= rect.right():
                self._mark(painter, QPoint(place, rect.y()), rect.height(), after, own, 13)
                right = place - tokens.GAP8
        ink = own or (c.text2 if quiet else c.text)
        paint.words(
            painter, QRect(x, rect.y(), max(0, right - x), rect.height()), text, lk.colour(ink), size=size
        )

    @staticmethod
    def _mark(painter: QPainter, at: QPoint, height: int, mark: Mark, own: str, size: int) -> None:
        lk, c = look(), look().colours
        ink = own or c.ink(mark.tone)
        paint.shape(painter, QPoint(at.x(), at.y() + (height - size) // 2), mark, ink, size)
        rect = QRect(at.x() + size + 4, at.y(), 300, height)
        paint.words(painter, rect, mark.word, lk.colour(ink), size=tokens.SMALL, elide=False)

    @staticmethod
    def _focus(painter: QPainter, rect: QRect, view: Table, column: int) -> None:
        """A frame of 2 px round the whole row, drawn cell by cell."""
        lk = look()
        ink = lk.colour(lk.colours.selected_ink or lk.colours.accent)
        paint.fill(painter, rect.x(), rect.y(), rect.width(), 2, ink)
        paint.fill(painter, rect.x(), rect.bottom() - 1, rect.width(), 2, ink)
        header = view.horizontalHeader()
        place = header.visualIndex(column)
        shown = [header.visualIndex(i) for i in range(header.count()) if not header.isSectionHidden(i)]
        if place == min(shown):
            paint.fill(painter, rect.x(), rect.y(), 2, rect.height(), ink)
        if place == max(shown):
            paint.fill(painter, rect.right() - 1, rect.y(), 2, rect.height(), ink)


class Table(QTableView):
    """A table over a LinesModel, sorted by its headings: one stop for Tab, Enter opens a line."""

    chosen = Signal(object)
    """The line that is current now."""
    opened = Signal(object)
    """Enter or a double click on a line."""

    def __init__(self, model: LinesModel[Any], *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = model
        self.sorted = Sorted(model, self)
        self.hovered = -1
        self.setAccessibleName(name)
        self.setHorizontalHeader(_Header(self))
        self.setModel(self.sorted)
        self.setItemDelegate(CellDelegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(tokens.TABLE_ROW)
        self.verticalHeader().setMinimumSectionSize(tokens.TABLE_ROW)
        self.setShowGrid(False)
        self.setSortingEnabled(True)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(Role.LINE)))

    def sort_by(self, column: int, *, down: bool = False) -> None:
        """Sort by a column of the model."""
        self.sortByColumn(column, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)

    def show_columns(self, shown: set[int] | None = None) -> None:
        """Show only these columns (None: all), and lay them out again."""
        for number in range(len(self.lines.columns)):
            self.setColumnHidden(number, shown is not None and number not in shown)
        self._lay_out()

    def line(self) -> Any:
        """The chosen line, or None."""
        index = self.currentIndex()
        return index.data(Role.LINE) if index.isValid() else None

    def select_where(self, test: Callable[[Any], bool]) -> bool:
        """Choose the first shown line for which `test` is true."""
        for row in range(self.sorted.rowCount()):
            index = self.sorted.index(row, 0)
            if test(index.data(Role.LINE)):
                self.setCurrentIndex(index)
                return True
        return False

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            model.modelReset.connect(self._lay_out)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid() and current.row() != previous.row():
            self.chosen.emit(current.data(Role.LINE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self.line())
            return
        if event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End} and self.sorted.rowCount():
            row = 0 if event.key() == Qt.Key.Key_Home else self.sorted.rowCount() - 1
            self.setCurrentIndex(self.sorted.index(row, 0))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.sorted.rowCount():
            self.setCurrentIndex(self.sorted.index(0, 0))
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(round(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def _lay_out(self) -> None:
        """Give each column its width; the one of width 0 takes the rest, never under 160."""
        rest = self.viewport().width()
        stretches: list[int] = []
        for number, column in enumerate(self.lines.columns):
            if self.isColumnHidden(number):
                continue
            if column.width == 0:
                stretches.append(number)
                continue
            self.setColumnWidth(number, column.width)
            rest -= column.width
        for number in stretches:
            self.setColumnWidth(number, max(160, rest // len(stretches)))
