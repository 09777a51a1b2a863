"""The files of evidence under a task: a small picture, the name, how large, and where each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.words import N_, _, ngettext
from ui import tokens
from ui.marks import Mark
from ui.style import look
from ui.widgets import paint
from ui.widgets.buttons import link
from ui.widgets.chip import Chip
from ui.widgets.combo import Combo
from ui.widgets.labels import Elide, label
from ui.widgets.layouts import empty, tab_after
from ui.widgets.notices import Notice

SIDE = 40
"""Pixels of a small picture."""
SIZES = (
    ("small", N_("Shrink: to look at (200 KB)")),
    ("print", N_("Shrink: to print (500 KB)")),
    ("full", N_("Keep the size")),
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """One line. key: what the signals name it by. mark: where it is. size: "" where it cannot be chosen any
    more, else the size that was chosen.
    """

    key: str
    name: str
    amount: str
    mark: Mark | None
    picture: str
    size: str = ""
    removable: bool = True


class Picture(QWidget):
    """A small picture, or the drawing of a sheet."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setFixedSize(SIDE, SIDE)
        self.setAccessibleName(name)

    def show_image(self, image: QImage) -> None:
        """Show another picture."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        lk, c = look(), look().colours
        painter = QPainter(self)
        paint.frame(painter, self.rect(), lk.colour(c.quiet), lk.colour(c.line), 1, tokens.RADIUS)
        room = self.rect().adjusted(2, 2, -2, -2)
        if self._image.isNull():
            at = QRect(0, 0, tokens.ICON, tokens.ICON)
            at.moveCenter(room.center())
            paint.icon(painter, at.topLeft(), "document_text", c.text2)
        else:
            size = self._image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(room.topLeft(), size)
            target.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, self._image)
        painter.end()


class EvidencePanel(QWidget):
    """«Minh chứng»: the head with «Thêm tệp», a line for each file, and what is said of them."""

    wanted = Signal()
    """«Thêm tệp»."""
    removed = Signal(str)
    """Key of a line."""
    resized = Signal(str, str)
    """Key of a line, and the size that is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[FileRow, ...] = ()
        self.pictures: dict[str, Picture] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GAP4)
        head = QHBoxLayout()
        head.setSpacing(tokens.GAP12)
        head.addWidget(label(_("Evidence"), "name", parent=self))
        self.summary = Elide(size=tokens.SMALL, ink="text2", parent=self)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        head.addWidget(self.summary, 1)
        self.add_button = link(_("Add a file"), parent=self)
        self.add_button.setToolTip(_("Or drop it here, or paste a picture with Ctrl+V."))
        self.add_button.clicked.connect(self.wanted)
        head.addWidget(self.add_button)
        column.addLayout(head)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(tokens.GAP4)
        column.addLayout(self._lines)
        self.notice = Notice(self)
        column.addWidget(self.notice)
        self._secret = label(
            _("Nothing secret belongs into this program; it goes by the secret mail."),
            "small", wrap=True, parent=self,
        )  # fmt: skip
        self._secret.hide()
        column.addWidget(self._secret)

    def show_rows(self, rows: Sequence[FileRow], summary: str) -> None:
        """Show these lines; unchanged ones stay as they are, with the focus in them."""
        self.summary.setText(summary)
        self._secret.setVisible(bool(rows))
        if tuple(rows) == self.rows:
            return
        self.rows = tuple(rows)
        focus = self.window().focusWidget()
        here = focus is not None and self.isAncestorOf(focus)
        empty(self._lines)
        self.pictures = {}
        lines = [self._line(row) for row in rows]
        for line in lines:
            self._lines.addWidget(line)
            line.show()
        tab_after(self.add_button, *lines)
        if here:
            self.add_button.setFocus()

    def _line(self, row: FileRow) -> QWidget:
        line = QWidget(self)
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(tokens.GAP12)
        picture = self.pictures[row.picture or row.key] = Picture(row.name, line)
        across.addWidget(picture)
        words = QVBoxLayout()
        words.setSpacing(0)
        name = Elide(row.name, parent=line)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        words.addWidget(name)
        second = QHBoxLayout()
        second.setSpacing(tokens.GAP12)
        if row.amount:
            second.addWidget(label(row.amount, "small", parent=line))
        if row.mark is not None:
            second.addWidget(Chip(row.mark, bare=True, parent=line))
        second.addStretch(1)
        words.addLayout(second)
        across.addLayout(words, 1)
        if row.size:
            combo = Combo(name=_("Size of the picture"), parent=line)
            combo.fill([(value, _(word)) for value, word in SIZES])
            combo.set_value(row.size)
            combo.chosen.connect(lambda size, key=row.key: self.resized.emit(key, size))
            across.addWidget(combo)
        if row.removable:
            remove = link(_("Remove"), parent=line)
            remove.setAccessibleName(": ".join((_("Remove"), row.name)))
            remove.clicked.connect(lambda _checked=False, key=row.key: self.removed.emit(key))
            across.addWidget(remove)
        return line

    def set_picture(self, name: str, image: QImage) -> None:
        """Show the small picture of a line that is there."""
        if name in self.pictures and not image.isNull():
            self.pictures[name].show_image(image)

    def set_writable(self, writable: bool) -> None:
        """Whether files can be added here."""
        self.add_button.setEnabled(writable)


def count_words(count: int, amount: str) -> str:
    """How many files there are, and how large they are together."""
    if not count:
        return ""
    said = ngettext(
        "{n} file, {size}. Sent after the words.", "{n} files, {size}. Sent after the words.", count
    )
    return said.format(n=count, size=amount)
