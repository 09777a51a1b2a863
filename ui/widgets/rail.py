"""The rail: the pages of the program, always with words; never hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.words import _
from ui import tokens
from ui.style import look
from ui.widgets import paint


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the rail.

    Attributes:
        key: what the window opens.
        icon: a Fluent icon's name, shipped regular and filled in 20.
        word, short: beside the icon, and under it in a narrow window.
        group: a line is drawn where the number changes.
        hint: a key shown at the right.
    """

    key: str
    icon: str
    word: str
    short: str
    group: int = 0
    hint: str = ""


class _RailButton(QAbstractButton):
    def __init__(self, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self.entry = entry
        self.compact = False
        self._note = ""
        self.setText(entry.word)
        self.setAccessibleName(entry.word)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_compact(self, compact: bool) -> None:
        self.compact = compact
        self.updateGeometry()
        self.update()

    def set_note(self, note: str, said: str) -> None:
        self._note = note
        self.setAccessibleDescription(said)
        self.update()

    def sizeHint(self) -> QSize:
        if self.compact:
            return QSize(tokens.RAIL_COMPACT, tokens.RAIL_ENTRY_COMPACT)
        return QSize(tokens.RAIL, tokens.RAIL_ENTRY)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Moving and opening is the rail's, which knows the others; a button would move the focus by itself.
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        open_, focus = self.isChecked(), self.hasFocus()
        body = self.rect().adjusted(6, 1, -6, -1)
        if open_:
            border = lk.colour(c.edge) if c.contrast else None
            paint.frame(painter, body, lk.colour(c.surface), border)
        elif self.underMouse():
            paint.frame(painter, body, lk.colour(c.hover), None)
        if open_:
            height = tokens.LINK if self.compact else body.height() - 18
            bar = QRect(6, self.rect().center().y() - height // 2, tokens.BAR, height)
            paint.frame(painter, bar.adjusted(0, 1, 0, 0), lk.colour(c.accent), None, radius=1)
        if focus:
            paint.frame(painter, body, None, lk.colour(c.accent), tokens.FOCUS)
        ink = c.text if open_ else c.text2
        icon_ink = c.accent if open_ else c.text2
        if self.compact:
            self._compact(painter, ink, icon_ink, open_)
        else:
            at = QPoint(18, (self.height() - tokens.ICON) // 2)
            paint.icon(painter, at, self.entry.icon, icon_ink, filled=open_)
            note = self._note or self.entry.hint
            room = lk.metrics(tokens.SMALL).horizontalAdvance(note) if note else 0
            rect = QRect(50, 0, self.width() - 50 - 16 - room, self.height())
            paint.words(painter, rect, self.entry.word, lk.colour(ink), strong=open_)
            rect = QRect(0, 0, self.width() - 16, self.height())
            paint.words(painter, rect, note, lk.colour(c.text2), size=tokens.SMALL, right=True, elide=False)
        painter.end()

    def _compact(self, painter: QPainter, ink: str, icon_ink: str, open_: bool) -> None:
        lk = look()
        at = QPoint((self.width() - tokens.ICON) // 2, 6)
        paint.icon(painter, at, self.entry.icon, icon_ink, filled=open_)
        size = tokens.TINY
        used = lk.metrics(size, open_).horizontalAdvance(self.entry.short)
        room = self.width() - 4
        rect = QRect(
            max(2, (self.width() - used) // 2), 28, min(used + 1, room), tokens.LINE_HEIGHT[size] + 2
        )
        paint.words(painter, rect, self.entry.short, lk.colour(ink), size=size, strong=open_)


class _Emblem(QWidget):
    """The program's sign and name with the unit under it; in a narrow window the sign alone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.unit = ""
        self.compact = False
        self.setFixedHeight(tokens.RAIL_HEAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        paint_emblem(painter, QPoint((self.width() - 28) // 2 if self.compact else 17, 15))
        if not self.compact:
            width = self.width() - 58 - 8
            name = QRect(58, 11, width, tokens.LINE_HEIGHT[tokens.BODY] + 2)
            paint.words(painter, name, _("Task Ledger"), lk.colour(c.text), strong=True)
            unit = QRect(58, 32, width, tokens.LINE_HEIGHT[tokens.SMALL] + 1)
            paint.words(painter, unit, self.unit, lk.colour(c.text2), size=tokens.SMALL)
        painter.end()


def paint_emblem(painter: QPainter, at: QPoint) -> None:
    """The sign: a ledger with its spine and a tick, 28×32."""
    lk, c = look(), look().colours
    painter.save()
    painter.translate(at)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(lk.colour(c.accent))
    painter.drawRoundedRect(QRectF(1, 1, 26, 30), 4, 4)
    painter.setBrush(lk.colour(c.surface))
    painter.drawRoundedRect(QRectF(8, 4.5, 15.5, 23), 1.5, 1.5)
    pen = QPen(lk.colour(c.accent), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline([QPoint(11, 16), QPoint(14, 19), QPoint(20, 12)])
    pen.setWidthF(1.4)
    painter.setPen(pen)
    painter.drawLine(11, 8, 20, 8)
    painter.drawLine(11, 24, 20, 24)
    painter.restore()


class Rail(QWidget):
    """One stop for Tab; arrows move inside, Enter or Space opens."""

    wanted = Signal(str)
    """The key of the entry that a person pressed."""

    def __init__(
        self, entries: Sequence[Entry], foot: Sequence[Entry] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Pages"))
        self._buttons: dict[str, _RailButton] = {}
        self._open = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._emblem = _Emblem(self)
        column.addWidget(self._emblem)
        before = entries[0].group if entries else 0
        self._gaps: list[QWidget] = []
        for entry in entries:
            if entry.group != before:
                gap = QWidget(self)
                gap.setFixedHeight(17)
                column.addWidget(gap)
                self._gaps.append(gap)
                before = entry.group
            column.addWidget(self._button(entry))
        column.addStretch(1)
        for entry in foot:
            column.addWidget(self._button(entry))
        self._foot = _Foot(self)
        column.addWidget(self._foot)
        self._order = [entry.key for entry in (*entries, *foot)]
        self._one_stop(self._order[0])
        self.set_compact(False)

    def _button(self, entry: Entry) -> _RailButton:
        button = _RailButton(entry, self)
        button.clicked.connect(lambda _checked=False, key=entry.key: self._pressed(key))
        self._buttons[entry.key] = button
        return button

    def _pressed(self, key: str) -> None:
        # A press checks the button; which page is open is the window's to say.
        self.show_open(self._open)
        self.wanted.emit(key)

    def opened(self) -> str:
        """The key of the entry shown as open."""
        return self._open

    def show_open(self, key: str) -> None:
        """Show which page is open."""
        self._open = key
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        if key in self._buttons:
            self._one_stop(key)

    def set_unit(self, unit: str, person: str, machine: str) -> None:
        """Name the unit at the top, the person and the machine at the foot."""
        self._emblem.unit = unit
        self._foot.person, self._foot.machine = person, machine
        self._foot.setAccessibleName(f"{person}, {machine}")
        self._emblem.setAccessibleName(unit)
        self._emblem.update()
        self._foot.update()

    def set_note(self, key: str, note: str, said: str) -> None:
        """A number at an entry (only «Tuần này» has one), and the sentence that says what it counts."""
        if key in self._buttons:
            self._buttons[key].set_note(note, said)

    def set_compact(self, compact: bool, *, low: bool = False) -> None:
        """Icon over word in a narrow window; without the emblem in a low one."""
        self.setFixedWidth(tokens.RAIL_COMPACT if compact else tokens.RAIL)
        self._emblem.compact = compact
        self._emblem.setFixedHeight(tokens.HEADER - 4 if compact else tokens.RAIL_HEAD)
        self._emblem.setVisible(not low)
        self._foot.setVisible(not compact and not low)
        for button in self._buttons.values():
            button.set_compact(compact)
        for gap in self._gaps:
            gap.setFixedHeight(9 if low else 17)
        self.update()

    def focus_open(self) -> None:
        """Put the focus on the open entry."""
        self._buttons.get(self.opened(), self._buttons[self._order[0]]).setFocus()

    def _one_stop(self, key: str) -> None:
        for name, button in self._buttons.items():
            only = Qt.FocusPolicy.StrongFocus if name == key else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(only)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self._order) - 1}
        now = next((i for i, key in enumerate(self._order) if self._buttons[key].hasFocus()), 0)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._buttons[self._order[now]].click()
        elif step:
            self._buttons[self._order[(now + step) % len(self._order)]].setFocus()
        elif event.key() in ends:
            self._buttons[self._order[ends[Qt.Key(event.key())]]].setFocus()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        painter.fillRect(self.rect(), lk.colour(c.rail))
        paint.fill(painter, self.width() - 1, 0, 1, self.height(), lk.colour(c.line))
        for gap in self._gaps:
            paint.fill(painter, 16, gap.geometry().center().y(), self.width() - 32, 1, lk.colour(c.line))
        painter.end()


class _Foot(QWidget):
    """Who writes, and on which machine."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.person = self.machine = ""
        self.setFixedHeight(tokens.RAIL_FOOT + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        paint.fill(painter, 16, 3, self.width() - 32, 1, lk.colour(c.line))
        if self.person:
            paint.icon(painter, QPoint(18, 20), "person", c.text2)
            width = self.width() - 50 - 12
            name = QRect(50, 11, width, tokens.LINE_HEIGHT[tokens.SMALL] + 2)
            paint.words(painter, name, self.person, lk.colour(c.text), size=tokens.SMALL, strong=True)
            place = QRect(50, 30, width, tokens.LINE_HEIGHT[tokens.TINY] + 2)
            paint.words(painter, place, self.machine, lk.colour(c.text2), size=tokens.TINY)
        painter.end()
