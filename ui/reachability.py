"""Notices that this machine's way to the outside changed, as far as the system's own tables say."""

from __future__ import annotations

import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

EVERY_MS = 5_000
_FAR = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses kept for examples (RFC 5737, RFC 3849): nobody has them, and nothing is sent there."""

Look = Callable[[], tuple[str, ...]]


class Reachability(QObject):
    """Says when the system would send from another address than a moment ago.

    Not QNetworkInformation: it costs 7 MB of memory, and on many Linux desktops has nothing to ask. Asking
    which of this machine's addresses leads outside takes a fraction of a millisecond. That there is one does
    not mean that the province can be reached; that it is a new one is worth a try.
    """

    changed = Signal()

    def __init__(self, look: Look | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look or addresses
        self._last: tuple[str, ...] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look now, and again every few seconds."""
        self._last = self._look()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Look once; a way that was lost is no news worth a try."""
        found = self._look()
        if found != self._last and any(found):
            self._last = found
            self.changed.emit()
        self._last = found


def addresses() -> tuple[str, ...]:
    """The addresses of this machine from which it would send to the outside, "" where it would not."""
    found = []
    for family, far in _FAR:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as asked:
                asked.connect((far, 9))  # of a datagram socket: looks up the way, sends nothing
                found.append(str(asked.getsockname()[0]))
        except OSError:
            found.append("")
    return tuple(found)
