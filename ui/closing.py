"""Closing: what is written is kept, the queue is drained, a verified copy is made, and the window ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.words import _
from ui import problems, tokens
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from ui.window import Window


class ClosingDialog(QDialog):
    """Says what is being done while the window closes; Esc does nothing, it ends by itself."""

    again = Signal()
    without = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Closing"))
        self.setModal(True)
        self.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.GAP24, tokens.GAP20, tokens.GAP24, tokens.GAP20)
        column.setSpacing(tokens.GAP12)
        self.words = label("", wrap=True, parent=self)
        column.addWidget(self.words)
        self.line = QProgressBar(self)
        self.line.setRange(0, 0)
        self.line.setTextVisible(False)
        self.line.setFixedHeight(tokens.GAP8)
        column.addWidget(self.line)
        row = QHBoxLayout()
        row.addStretch(1)
        self._buttons = (Button(_("Try again"), parent=self), Button(_("Close without a copy"), parent=self))
        for button, signal in zip(self._buttons, (self.again, self.without), strict=True):
            button.clicked.connect(signal)
            row.addWidget(button)
        column.addLayout(row)
        self.busy()

    def busy(self) -> None:
        """The copy is being made."""
        self.words.setText(_("Keeping what was written and making a copy of the ledger. Closes by itself."))
        self.line.show()
        for button in self._buttons:
            button.hide()

    def failed(self, sentence: str) -> None:
        """The copy could not be made: why, and a person decides."""
        self.words.setText(sentence)
        self.line.hide()
        for button in self._buttons:
            button.show()
        self._buttons[0].setFocus()

    def reject(self) -> None:
        """Esc: the copy goes on."""


class Closing(QObject):
    """Takes the first request to close, does what is left to do, then closes the window for good."""

    closed = Signal()

    def __init__(self, window: Window, copy: Callable[[], Path], stop: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._copy, self._stop = window, copy, stop
        self._done = False
        self.dialog: ClosingDialog | None = None
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._window or event.type() != QEvent.Type.Close or self._done:
            return super().eventFilter(watched, event)
        event.ignore()
        if self.dialog is None:
            self._begin()
        return True

    def _begin(self) -> None:
        for page in self._window.made:
            page.leave()
        self._stop()
        self.dialog = ClosingDialog(self._window)
        self.dialog.again.connect(self._make)
        self.dialog.without.connect(self._end)
        self.dialog.setWindowModality(Qt.WindowModality.WindowModal)
        self.dialog.show()
        self._make()

    def _make(self) -> None:
        assert self.dialog is not None
        self.dialog.busy()
        # In the lane of the edits, so that the copy holds what the pages have just kept.
        self._window.jobs.run(self, self._copy, lambda _path: self._end(), self._failed, lane="ledger")

    def _failed(self, error: BaseException) -> None:
        assert self.dialog is not None
        self.dialog.failed(problems.problem(error).text)

    def _end(self) -> None:
        self._done = True
        if self.dialog is not None:
            self.dialog.hide()
        self._window.close()
        self.closed.emit()
