"""From an error to words: what a person can act on gets its sentence, a bug one calm sentence and its
details.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.domain.errors import LedgerError
from app.words import _, explain
from ui.tokens import Tone
from ui.widgets.notices import Notice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """What the window says about an error. `details` is for support, empty where the sentence says all."""

    text: str
    code: str
    details: str = ""


def problem(error: BaseException) -> Problem:
    """The words for an error; a bug is logged whole here."""
    if isinstance(error, LedgerError):
        return Problem(explain(error), error.code)
    details = "".join(traceback.format_exception(error))
    log.error("a bug: %s", details)
    text = _(
        "The program could not finish this step. What was written is kept. Go on with something "
        "else, or close the "
        "window and open it again; if it comes back, copy the details and send them to the province."
    )
    return Problem(text, type(error).__name__, details)


def show(error: BaseException, notice: Notice) -> None:
    """Say an error in a notice line of the page."""
    what = problem(error)
    actions: tuple[tuple[str, Callable[[], object]], ...] = ()
    if what.details:
        actions = ((_("Copy details"), lambda: QGuiApplication.clipboard().setText(what.details)),)
    notice.say(what.text, tone=Tone.RED, actions=actions, code=what.code)


class Unexpected(QObject):
    """Catches what nobody caught on the window's thread, so that it is said instead of lost."""

    happened = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before: Callable[..., object] = sys.excepthook

    def install(self) -> None:
        """Take over `sys.excepthook`; Ctrl+C in a terminal still ends the program."""
        sys.excepthook = self._hook

    def remove(self) -> None:
        """Give `sys.excepthook` back."""
        sys.excepthook = self._before

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, Exception):
            self._before(kind, error, trace)
            return
        self.happened.emit(error.with_traceback(trace))
