"""Pictures of the window's pages, for the demo without a screen and for looking at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from ui.window import Window

_WAIT_MS = 20_000
_TICK_MS = 10


def settle(window: Window, ready: Callable[[], bool] | None = None) -> None:
    """Let the window finish what it reads in the background; at most 20 s."""
    deadline = QDeadlineTimer(_WAIT_MS)
    while not deadline.hasExpired():
        QCoreApplication.processEvents()
        if window.jobs.idle and (ready is None or ready()):
            break
        # Not processEvents with a time: it spins, and takes the processor from what it waits for.
        loop = QEventLoop()
        QTimer.singleShot(_TICK_MS, loop.quit)
        loop.exec()
    QCoreApplication.processEvents()


def save(widget: QWidget, file: Path) -> Path:
    """Write a picture of a widget. Raises OSError if it cannot be written."""
    if not widget.grab().save(str(file), "PNG"):
        raise OSError(f"cannot write {file}")
    return file


def save_pages(window: Window, folder: Path) -> list[Path]:
    """Open each page of the rail and write its picture, `1-week.png`, `2-tasks.png` and so on; returns the
    files.
    """
    window.show()
    files: list[Path] = []
    for number, page in enumerate((page for page in window.pages if not page.under), 1):
        window.open_page(page.key)
        settle(window)
        files.append(save(window, folder / f"{number}-{page.key}.png"))
    window.open_page(window.pages[0].key)
    return files
