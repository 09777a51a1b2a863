"""Choices that are all visible: the segmented control and the quick filters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QListView, QSizePolicy, QWidget

from ui import tokens
from ui.marks import Mark
from ui.style import look
from ui.widgets import paint
from ui.widgets.combo import Combo

_PAD = 9


class _Segment(QAbstractButton):
    """One choice of a segmented control; measured in the strong weight, so that choosing moves nothing."""

    def __init__(self, word: str, mark: Mark | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._mark = mark
        self.first = self.last = self.rule = False
        self.setText(word)
        self.setAccessibleName(word)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_word(self, word: str) -> None:
        self.setText(word)
        self.setAccessibleName(word)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = look().metrics(tokens.BODY, True).horizontalAdvance(self.text()) + 2 * _PAD
        if self._mark is not None:
            width += tokens.SHAPE + tokens.GAP4
        return QSize(width, tokens.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        chosen, focus = self.isChecked(), self.hasFocus()
        if chosen:
            border = lk.colour(c.accent)
            fill = lk.colour(c.selected)
            paint.frame(painter, self.rect(), fill, border, tokens.FOCUS if focus else 1)
        elif focus:
            paint.frame(painter, self.rect(), None, lk.colour(c.accent), tokens.FOCUS)
        elif self.underMouse() and self.isEnabled():
            paint.frame(painter, self.rect().adjusted(1, 1, -1, -1), lk.colour(c.hover), None)
        if self.rule:
            paint.fill(painter, self.width() - 1, 7, 1, self.height() - 14, lk.colour(c.line))
        ink = self._ink()
        x = _PAD
        if self._mark is not None:
            tone = c.ink(self._mark.tone) if chosen and not c.selected_ink else ink
            paint.shape(painter, QPoint(x, (self.height() - tokens.SHAPE) // 2), self._mark, tone)
            x += tokens.SHAPE + tokens.GAP4
        rect = QRect(x, 0, self.width() - x, self.height())
        paint.words(painter, rect, self.text(), lk.colour(ink), strong=chosen, elide=False)
        painter.end()

    def _ink(self) -> str:
        c = look().colours
        if not self.isEnabled():
            return c.disabled
        if self.isChecked():
            return c.selected_ink or c.text
        return c.text2


class Segmented(QWidget):
    """2-4 choices in one control: one stop for Tab, arrows move inside."""

    chosen = Signal(str)
    """The value that a person chose; setting it from the program says nothing."""

    def __init__(
        self,
        choices: Sequence[tuple[str, str, Mark | None]],
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`choices`: (value, word, mark or None). `name` is what a screen reader calls the whole control."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._segments: dict[str, _Segment] = {}
        for value, word, mark in choices:
            segment = _Segment(word, mark, self)
            self._group.addButton(segment)
            self._segments[value] = segment
            row.addWidget(segment)
        self._group.buttonClicked.connect(lambda _button: self.chosen.emit(self.value()))
        self._group.buttonToggled.connect(lambda _button, _on: self._settled())
        self._settled()

    def value(self) -> str:
        """The chosen value, or an empty text."""
        for value, segment in self._segments.items():
            if segment.isChecked():
                return value
        return ""

    def set_value(self, value: str) -> None:
        """Choose without a signal; an unknown or empty value chooses nothing."""
        segment = self._segments.get(value)
        if segment is not None:
            segment.setChecked(True)
            return
        self._group.setExclusive(False)
        for other in self._segments.values():
            other.setChecked(False)
        self._group.setExclusive(True)

    def set_word(self, value: str, word: str) -> None:
        """Change the words of one choice, for counts."""
        self._segments[value].set_word(word)

    def set_choice_enabled(self, value: str, enabled: bool, why: str = "") -> None:
        """Switch one choice off; `why` becomes its tooltip."""
        self._segments[value].setEnabled(enabled)
        self._segments[value].setToolTip(why)

    def focus_choice(self) -> None:
        """Put the focus on the chosen one, or on the first."""
        (self._segments.get(self.value()) or next(iter(self._segments.values()))).setFocus()

    def _settled(self) -> None:
        # Qt moves the stop for Tab only along with the arrows, not when a page opens another task.
        row = list(self._segments.values())
        stop = self._segments.get(self.value()) or row[0]
        for segment in row:
            segment.setFocusPolicy(
                Qt.FocusPolicy.StrongFocus if segment is stop else Qt.FocusPolicy.ClickFocus
            )
        for left, right in pairwise(row):
            left.rule = not left.isChecked() and not right.isChecked()
            left.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        paint.frame(
            painter, self.rect(), lk.colour(c.surface), lk.colour(c.edge if self.isEnabled() else c.line)
        )
        painter.end()


class Choice(QWidget):
    """A segmented control where it fits, a combo box of the same choices where it does not."""

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str, Mark | None]],
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(tokens.CONTROL)
        self.segments = Segmented(choices, name=name, parent=self)
        self.combo = Combo(name=name, parent=self)
        self.combo.fill([(value, word) for value, word, _mark in choices])
        self.combo.setCurrentIndex(-1)
        self.setFocusProxy(self.segments)
        self.combo.hide()
        self.segments.chosen.connect(self._chosen)
        self.combo.chosen.connect(self._chosen)

    def value(self) -> str:
        """The chosen value, or an empty text."""
        return self.segments.value()

    def set_value(self, value: str) -> None:
        """Choose without a signal."""
        self.segments.set_value(value)
        self.combo.setCurrentIndex(self.combo.findData(value))

    def set_choice_enabled(self, value: str, enabled: bool, why: str = "") -> None:
        """Switch one choice off; `why` becomes its tooltip."""
        self.segments.set_choice_enabled(value, enabled, why)
        view = self.combo.view()
        if isinstance(view, QListView):
            view.setRowHidden(self.combo.findData(value), not enabled)

    def focus_choice(self) -> None:
        """Put the focus on the chosen one."""
        if self.combo.isHidden():
            self.segments.focus_choice()
        else:
            self.combo.setFocus()

    def _chosen(self, value: str) -> None:
        self.set_value(value)
        self.chosen.emit(value)

    def sizeHint(self) -> QSize:
        return self.segments.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, tokens.CONTROL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = self.segments.sizeHint().width()
        fits = self.width() >= wanted
        self.segments.setVisible(fits)
        self.combo.setVisible(not fits)
        self.segments.setGeometry(0, 0, wanted, self.height())
        self.combo.setGeometry(0, 0, self.width(), self.height())
        self.setFocusProxy(self.segments if fits else self.combo)


class FilterChip(QAbstractButton):
    """A quick filter with its count: «Quá hạn 2». Hidden by its page when it counts nothing."""

    def __init__(self, word: str, mark: Mark | None = None, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark, self._count = mark, 0
        self.setText(word)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """How many lines the filter leaves."""
        self._count = count
        self.setAccessibleName(f"{self.text()} {count}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        lk = look()
        width = lk.metrics(tokens.SMALL, True).horizontalAdvance(self.text())
        width += tokens.GAP8 + lk.metrics(tokens.SMALL).horizontalAdvance(str(self._count)) + 2 * _PAD
        if self._mark is not None:
            width += tokens.SHAPE + tokens.GAP4
        return QSize(width, tokens.FILTER)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        on, focus = self.isChecked(), self.hasFocus()
        ground = c.selected if on else c.hover if self.underMouse() else c.surface
        border = c.accent if on or focus else c.line
        paint.frame(painter, self.rect(), lk.colour(ground), lk.colour(border), tokens.FOCUS if focus else 1)
        own = c.selected_ink if on else ""
        x = _PAD
        if self._mark is not None:
            at = QPoint(x, (self.height() - tokens.SHAPE) // 2)
            paint.shape(painter, at, self._mark, own or c.ink(self._mark.tone))
            x += tokens.SHAPE + tokens.GAP4
        rect = QRect(x, 0, self.width() - x, self.height())
        text = lk.colour(own or c.text)
        paint.words(painter, rect, self.text(), text, size=tokens.SMALL, strong=on, elide=False)
        rect = QRect(0, 0, self.width() - 10, self.height())
        second = lk.colour(own or c.text2)
        paint.words(painter, rect, str(self._count), second, size=tokens.SMALL, right=True, elide=False)
        painter.end()
