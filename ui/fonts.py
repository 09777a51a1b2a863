"""Loads the bundled letters: Noto Sans, so that every Vietnamese letter is there on every machine."""

from __future__ import annotations

import sys

from PySide6.QtGui import QFontDatabase

import resources

BUNDLED = "Noto Sans"
WINDOWS = "Segoe UI"


def load() -> str:
    """Add the bundled files to Qt; return the family to use: Segoe UI on Windows where it is, else Noto
    Sans.
    """
    for name in ("NotoSans-Regular.ttf", "NotoSans-SemiBold.ttf"):
        QFontDatabase.addApplicationFont(str(resources.path("fonts", "noto", name)))
    if sys.platform == "win32" and WINDOWS in QFontDatabase.families():
        return WINDOWS
    return BUNDLED
