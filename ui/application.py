"""Sets Qt up: letters, style, Qt's own words, and the lock that keeps the window single."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QLibraryInfo, QLocale, QLockFile, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

import resources
from app.domain.errors import LedgerError
from app.words import _
from ui import style
from ui.tokens import Colours

log = logging.getLogger(__name__)


class WindowOpen(LedgerError):
    """The window of this home is open already, in another process."""

    code: ClassVar[str] = "window-open"


class SingleWindow:
    """A lock of the system's on a home: one window at a time; commands and scheduled syncs may run beside
    it.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = QLockFile(str(home / "window.lock"))
        # Held as long as the process lives; a lock left by a power cut is noticed by its dead process.
        self._lock.setStaleLockTime(0)

    def take(self) -> None:
        """Take the lock. Raises WindowOpen if another window has it."""
        # Before the first run there is no folder yet, and two windows could begin there.
        with suppress(OSError):
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._lock.tryLock(100):
            if self._lock.error() is QLockFile.LockError.LockFailedError:
                raise WindowOpen
            # A folder where nothing can be written is said by the ledger itself, with what to do about it.
            log.warning("the window's lock cannot be made: %s", self._lock.error())

    def release(self) -> None:
        """Give the lock back."""
        self._lock.unlock()


def create(arguments: list[str], *, language: str = "vi", colours: Colours | None = None) -> QApplication:
    """Make the application, or take the one that is there, and style it.

    Args:
        arguments: as in sys.argv.
        language: "vi" loads Qt's own words in Vietnamese, if they were built.
        colours: fixes the theme, for pictures and tests; else the system's is followed.
    """
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(arguments)
    app.setApplicationName("so-nhiem-vu")
    app.setApplicationDisplayName(_("Task Ledger"))
    app.setQuitOnLastWindowClosed(True)
    QLocale.setDefault(QLocale("vi_VN" if language == "vi" else "en_GB"))
    load_words(app, language)
    style.start(app, colours)
    return app


def fit(window: QWidget) -> None:
    """Before it is shown: maximise a window that is larger than the screen has room for, as at 150 %."""
    room, wanted = window.screen().availableSize(), window.size()
    if wanted.width() > room.width() or wanted.height() > room.height():
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def load_words(app: QApplication, language: str) -> bool:
    """Load Qt's own words; True if they were there.

    A plain QTranslator: a Python subclass leaks references.
    """
    if language != "vi":
        return False
    translator = QTranslator(app)
    file = resources.path("translations", "vi", "qt_vi.qm")
    if not translator.load(str(file)):
        log.warning("Qt's own words are not built: %s (%s)", file.name, QLibraryInfo.version().toString())
        return False
    return app.installTranslator(translator)
