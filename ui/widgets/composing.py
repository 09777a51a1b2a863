"""Keeps the word under composition where it was typed.

Input methods (ibus-bamboo, fcitx) show a word as preedit and commit it when it ends. On a click elsewhere
some lose it, some commit it late, into the box that has the focus by then. A box that is left therefore
takes its own preedit as text, and a late commit of the same word is swallowed, wherever it arrives.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from PySide6.QtGui import QFocusEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication

_PROPERTY = "late word"
_LATE_SECONDS = 1.0


class _Late(NamedTuple):
    word: str
    until: float


class KeepsWord:
    """Mixed into a text widget, before its Qt class."""

    _preedit = ""

    @property
    def composing(self) -> bool:
        """Whether a word is under composition here."""
        return bool(self._preedit)

    def settle(self) -> None:
        """Take the word under composition as text, now; for leaving, closing, printing and locking."""
        word, self._preedit = self._preedit, ""
        if not word:
            return
        event = QInputMethodEvent()
        event.setCommitString(word)
        super().inputMethodEvent(event)  # type: ignore[misc]
        app = QApplication.instance()
        if app is not None:
            app.setProperty(_PROPERTY, _Late(word, time.monotonic() + _LATE_SECONDS))
            focus: object = QGuiApplication.focusObject()
            if focus is self:
                QGuiApplication.inputMethod().reset()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.commitString() and not self._preedit and _is_late(event.commitString()):
            rest = QInputMethodEvent(event.preeditString(), event.attributes())
            super().inputMethodEvent(rest)  # type: ignore[misc]
        else:
            super().inputMethodEvent(event)  # type: ignore[misc]
        self._preedit = event.preeditString()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.settle()
        super().focusOutEvent(event)  # type: ignore[misc]


def _is_late(word: str) -> bool:
    """Whether `word` was already taken as text by the box that was left a moment ago; true once."""
    app = QApplication.instance()
    late: Any = app.property(_PROPERTY) if app is not None else None
    if app is None or not isinstance(late, _Late):
        return False
    app.setProperty(_PROPERTY, None)
    return late.word == word and time.monotonic() < late.until
