"""The list at the left of a page: grouped rows drawn by one delegate, never a widget a row."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui import tokens
from ui.marks import Mark
from ui.models.rows import Group, Roles, Row, RowsModel
from ui.style import look
from ui.widgets import paint
from ui.widgets.labels import elided_lines

_SMALL_SHAPE = 13


class RowDelegate(QStyledItemDelegate):
    """Draws ground, margin line, shapes and words of a heading or a row."""

    tall = False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        if index.data(Roles.GROUP) is not None:
            return QSize(0, tokens.GROUP_ROW)
        return QSize(0, tokens.LIST_ROW_TALL if self.tall else tokens.LIST_ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        view = option.widget
        rect = QRect(option.rect)
        state = QStyle.StateFlag
        current = isinstance(view, QAbstractItemView) and view.currentIndex() == index
        focus = current and view.hasFocus()
        painter.save()
        group = index.data(Roles.GROUP)
        if isinstance(group, Group):
            self._group(painter, rect, group, bool(index.data(Roles.FOLDED)))
        else:
            selected = bool(option.state & state.State_Selected)
            hovered = bool(option.state & state.State_MouseOver)
            row = index.data(Roles.ROW)
            if isinstance(row, Row):
                self._row(painter, rect, row, selected, hovered)
        if focus:
            lk = look()
            ink = lk.colours.selected_ink or lk.colours.accent
            paint.frame(painter, rect, None, lk.colour(ink), tokens.FOCUS, 0)
        painter.restore()

    def _group(self, painter: QPainter, rect: QRect, group: Group, folded: bool) -> None:
        lk, c = look(), look().colours
        painter.fillRect(rect, lk.colour(c.quiet))
        paint.fill(painter, rect.x(), rect.bottom(), rect.width(), 1, lk.colour(c.line))
        middle = rect.y() + (rect.height() - tokens.SHAPE) // 2
        paint.shape(painter, QPoint(rect.x() + tokens.EDGE, middle), group.mark, c.ink(group.mark.tone))
        left = rect.x() + tokens.MARK_COLUMN + tokens.GAP8
        words = QRect(left, rect.y(), rect.width() - left - tokens.GAP32, rect.height())
        title = f"{group.title} ({len(group.rows)})"
        paint.words(painter, words, title, lk.colour(c.text), size=tokens.SMALL, strong=True)
        at = QPoint(rect.right() - tokens.GAP16 - tokens.ICON_SMALL, middle)
        paint.icon(
            painter, at, "chevron_right" if folded else "chevron_down", c.text2, size=tokens.ICON_SMALL
        )

    def _row(self, painter: QPainter, rect: QRect, row: Row, selected: bool, hovered: bool) -> None:
        lk, c = look(), look().colours
        ground = c.selected if selected else c.hover if hovered else c.surface
        own = c.selected_ink if selected else ""
        painter.fillRect(rect, lk.colour(ground))
        paint.fill(painter, rect.x(), rect.bottom(), rect.width(), 1, lk.colour(c.line))
        paint.fill(
            painter, rect.x() + tokens.MARK_COLUMN - 1, rect.y(), 1, rect.height(), lk.colour(c.margin)
        )
        if selected:
            paint.fill(painter, rect.x(), rect.y(), tokens.BAR, rect.height() - 1, lk.colour(own or c.accent))
        lines = 2 if self.tall else 1
        height = tokens.LINE_HEIGHT[tokens.BODY] - (1 if self.tall else 0)
        top = rect.y() + 4
        at = QPoint(rect.x() + tokens.EDGE, top + (height - tokens.SHAPE) // 2)
        paint.shape(painter, at, row.status, own or c.ink(row.status.tone))
        left = rect.x() + tokens.MARK_COLUMN + tokens.GAP8
        right = rect.right() - tokens.GAP12
        used = lk.metrics().horizontalAdvance(row.right) if row.right else 0
        ink = lk.colour(own or c.text)
        paint.words(
            painter, QRect(right - used - 1, top, used + 2, height), row.right, ink, right=True, elide=False
        )
        width = right - left - (max(used, 34) + tokens.GAP16)
        for number, text in enumerate(elided_lines(row.title, width, lines, size=tokens.BODY)):
            line = QRect(left, top + number * height, width + 1, height)
            paint.words(painter, line, text, ink, elide=False)
        second = QRect(left, top + lines * height, right - left, tokens.LINE_HEIGHT[tokens.SMALL] + 2)
        self._second(painter, second, row, own)

    def _second(self, painter: QPainter, rect: QRect, row: Row, own: str) -> None:
        """Code, timeliness, date, flags. Too narrow: the date goes first, then the flags' words."""
        lk, c = look(), look().colours
        metrics = lk.metrics(tokens.SMALL)
        code = metrics.horizontalAdvance(row.code) + tokens.GAP12
        date = metrics.horizontalAdvance(row.date) + tokens.GAP8 if row.date else 0
        flags = sum(self._width(flag) + tokens.GAP12 for flag in row.flags)
        bare = sum(_SMALL_SHAPE + tokens.GAP12 for _flag in row.flags)
        mark = row.due
        due = self._width(mark) + tokens.GAP8 if mark else 0
        if mark and row.due_short and code + due + bare > rect.width():
            mark = row.due_short
            due = self._width(mark) + tokens.GAP8
        with_date = code + due + date + flags <= rect.width()
        with_words = code + due + (0 if mark else date) + flags <= rect.width()
        grey = lk.colour(own or c.text2)
        paint.words(painter, rect, row.code, grey, size=tokens.SMALL)
        x = rect.x() + code
        if mark:
            x += self._mark(painter, QPoint(x, rect.y()), rect.height(), mark, own, words=True) + tokens.GAP8
        if row.date and (with_date or (not mark and code + date + bare <= rect.width())):
            words = QRect(x, rect.y(), rect.right() - x, rect.height())
            paint.words(painter, words, row.date, grey, size=tokens.SMALL)
        x = rect.right() + 1
        for flag in reversed(row.flags):
            x -= self._width(flag) if with_words else _SMALL_SHAPE
            self._mark(painter, QPoint(x, rect.y()), rect.height(), flag, own, words=with_words)
            x -= tokens.GAP12

    @staticmethod
    def _width(mark: Mark) -> int:
        return paint.mark_width(mark, look(), shape_size=_SMALL_SHAPE, gap=3)

    @staticmethod
    def _mark(painter: QPainter, at: QPoint, height: int, mark: Mark, own: str, *, words: bool) -> int:
        lk, c = look(), look().colours
        ink = own or c.ink(mark.tone)
        paint.shape(painter, QPoint(at.x(), at.y() + (height - _SMALL_SHAPE) // 2), mark, ink, _SMALL_SHAPE)
        if not words or not mark.word:
            return _SMALL_SHAPE
        rect = QRect(at.x() + _SMALL_SHAPE + 3, at.y(), 400, height)
        used = paint.words(painter, rect, mark.word, lk.colour(ink), size=tokens.SMALL, elide=False)
        return _SMALL_SHAPE + 3 + used


class RowList(QListView):
    """One stop for Tab. ↑ ↓ Home End move, ← → fold and unfold a group, letters search, Enter opens."""

    chosen = Signal(str)
    """The key of the row that is current now."""
    opened = Signal(str)
    """Enter, or a double click: go into the first field."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(self)
        self._delegate = RowDelegate(self)
        self._letters, self._until = "", 0.0
        self.setModel(self.rows)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self._key = ""

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Show other rows; the chosen one stays chosen if it is still there, else the one that took its
        place.
        """
        before, keys = self._key, self.rows.keys()
        top = self.verticalScrollBar().value()
        self.rows.show(groups)
        now = self.rows.keys()
        if before in now:
            self._restore(before)
        elif now:
            at = keys.index(before) if before in keys else 0
            after = next((k for k in keys[at:] if k in now), now[min(at, len(now) - 1)])
            self.select(after if before else now[0])
        else:
            self._key = ""
        self.verticalScrollBar().setValue(top)
        if (place := self.rows.place(self._key)) >= 0:
            self.scrollTo(self.rows.index(place))

    def key(self) -> str:
        """The key of the chosen row, or an empty text."""
        return self._key

    def select(self, key: str) -> bool:
        """Choose a row, unfolding its group; False if there is none of that key."""
        if self.rows.place(key) < 0:
            group = self.rows.group_of(key)
            if not group:
                return False
            self.rows.fold(group, False)
        place = self.rows.place(key)
        self.setCurrentIndex(self.rows.index(place))
        self.scrollTo(self.rows.index(place))
        return True

    def go(self, by: int) -> bool:
        """Choose the next (1) or the previous (-1) row, over headings and folds; False at the end."""
        keys = self.rows.keys()
        at = keys.index(self._key) + by if self._key in keys else 0
        return 0 <= at < len(keys) and self.select(keys[at])

    def set_tall(self, tall: bool) -> None:
        """Titles on two lines, for a narrow list."""
        if self._delegate.tall != tall:
            self._delegate.tall = tall
            self.scheduleDelayedItemsLayout()

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        row = current.data(Roles.ROW) if current.isValid() else None
        if isinstance(row, Row) and row.key != self._key:
            self._key = row.key
            self.chosen.emit(row.key)

    def keyboardSearch(self, search: str) -> None:
        now = time.monotonic()
        begun = now < self._until
        self._letters = self._letters + search if begun else search
        self._until = now + 1.0
        place = self.rows.find(self._letters, self.currentIndex().row() + (0 if begun else 1))
        if place >= 0:
            self.setCurrentIndex(self.rows.index(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = event.key(), Qt.Key
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        group = self.currentIndex().data(Roles.GROUP)
        if plain and isinstance(group, Group) and key in {keys.Key_Return, keys.Key_Enter, keys.Key_Space}:
            self._fold(group.key, not self.rows.is_folded(group.key))
        elif plain and key in {keys.Key_Return, keys.Key_Enter}:
            if self._key:
                self.opened.emit(self._key)
        elif plain and key in {keys.Key_Left, keys.Key_Right}:
            where = group.key if isinstance(group, Group) else self.rows.group_of(self._key)
            self._fold(where, key == keys.Key_Left)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        group = self.indexAt(event.position().toPoint()).data(Roles.GROUP)
        if isinstance(group, Group):
            self._fold(group.key, not self.rows.is_folded(group.key))
            self.setFocus()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).data(Roles.ROW) is not None:
            self.opened.emit(self._key)

    def _fold(self, group: str, folded: bool) -> None:
        if not group:
            return
        top = self.verticalScrollBar().value()
        self.rows.fold(group, folded)
        inside = self.rows.place(self._key) < 0
        self._restore(group if inside or folded else self._key)
        self.verticalScrollBar().setValue(top)

    def _restore(self, key: str) -> None:
        place = self.rows.place(key)
        if place >= 0:
            self.setCurrentIndex(self.rows.index(place))
