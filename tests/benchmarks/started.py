"""The process that `start` starts: one of the two windows, and a look from inside at when it can be used.

    python -m tests.benchmarks.started bare|ours HOME BEGAN REST

BEGAN: the starter's time.monotonic(). REST: seconds until the memory is read. Says on three lines:
seconds until there were rows, and the processor's; the names of LATE that were loaded by then; PSS in KiB.

It imports nothing at the top that the window itself would import later.
"""

import os
import re
import sys
import time
from pathlib import Path

LATE = (
    "pypdfium2",
    "numpy",
    "cv2",
    "zxingcpp",
    "reportlab",
    "requests",
    "keyring",
    "PIL",
    "alembic",
    "msgspec",
    "pyppmd",
    "xml.etree.ElementTree",
    "PySide6.QtNetwork",
    "PySide6.QtPrintSupport",
    "sync.client.engine",
    "sync.client.run",
    "sync.protocol.envelope",
)
"""What no week needs that is only looked at."""


def main(name: str, home: str, began: float, rest: float) -> None:
    if name == "bare":
        _bare(began, rest)
    else:
        _ours(home, began, rest)


def _bare(began: float, rest: float) -> None:
    from PySide6.QtCore import QAbstractTableModel, Qt
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    class Rows(QAbstractTableModel):
        held = [[f"DO25-{n:03}", "Nhiệm vụ " * 5, "Đang thực hiện", "50%", "31/07/2025"] for n in range(300)]

        def rowCount(self, parent=None):
            return len(self.held)

        def columnCount(self, parent=None):
            return len(self.held[0])

        def data(self, index, role=Qt.ItemDataRole.DisplayRole):
            return self.held[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    app = QApplication([])
    window, table, model = QMainWindow(), QTableView(), Rows()
    table.setModel(model)
    window.setCentralWidget(table)
    window.resize(1366, 697)
    window.show()
    watch = _watch(began, rest)
    app.exec()
    watch.stop()


def _ours(home: str, began: float, rest: float) -> None:
    from app.main import load_window
    from app.main import main as program

    load_window()  # in the program's own order, which matters
    from ui import application

    application.create(sys.argv[:1])
    watch = _watch(began, rest)
    program(["--home", home])
    watch.stop()


def _watch(began: float, rest: float):
    """A timer that looks for rows in a visible window, says when it found them, then ends the program."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QAbstractItemView, QApplication

    def look() -> None:
        views = [w for w in QApplication.allWidgets() if isinstance(w, QAbstractItemView) and w.isVisible()]
        if not any(view.model() is not None and view.model().rowCount() for view in views):
            return
        timer.stop()
        print(time.monotonic() - began, time.process_time())
        print(*(name for name in LATE if name in sys.modules))
        QTimer.singleShot(round(rest * 1000), end)

    def end() -> None:
        print(_memory(), flush=True)
        os._exit(0)  # how it closes is not measured

    timer = QTimer()
    timer.setInterval(5)
    timer.timeout.connect(look)
    timer.start()
    return timer


def _memory() -> int:
    """PSS in KiB; 0 where the system does not tell."""
    try:
        said = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", said, re.MULTILINE)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
