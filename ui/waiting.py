"""What takes long before there is a window: it goes on beside, and a small sign says what is waited for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel

from ui import tokens

T = TypeVar("T")

PATIENCE_MS = 400
"""What takes less than this is not worth a sign that only flickers."""


class _Bell(QObject):
    """Rung on the thread of the work, heard on the window's."""

    rung = Signal()


def beside(work: Callable[[], T], words: str) -> T:
    """Do a work on another thread and return what it returns; `words` are shown if it takes its time.

    For the time before the window's own loop runs. Raises what the work raises.
    """
    loop, bell = QEventLoop(), _Bell()
    bell.rung.connect(loop.quit, Qt.ConnectionType.QueuedConnection)
    sign = _sign(words)
    slow = QTimer()
    slow.setSingleShot(True)
    slow.timeout.connect(sign.show)
    slow.start(PATIENCE_MS)
    with ThreadPoolExecutor(1, "before the window") as pool:
        future = pool.submit(work)
        future.add_done_callback(lambda _future: bell.rung.emit())
        loop.exec()
        slow.stop()
        sign.hide()
        return future.result()


def _sign(words: str) -> QLabel:
    sign = QLabel(words)
    sign.setWindowFlags(Qt.WindowType.SplashScreen)
    sign.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
    sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
    sign.setMargin(tokens.EDGE)
    sign.adjustSize()
    sign.move(sign.screen().availableGeometry().center() - sign.rect().center())
    return sign
