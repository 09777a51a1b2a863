from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app import words
from ui import fonts, style, tokens
from ui.jobs import Jobs

_family: list[str] = []


@pytest.fixture(autouse=True)
def styled(qapp: QApplication) -> None:
    """Every test of the window has the bundled letters, the light theme and Vietnamese words."""
    if not _family:
        _family.append(fonts.load())
    words.use("vi")
    if qapp.property("look") is None or style.look().colours is not tokens.LIGHT:
        style.apply(qapp, tokens.LIGHT, _family[0])


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
