"""What a picture of a window must not show: cut words, things that scroll sideways, a window that grew."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from ui.widgets.labels import Elide
from ui.widgets.strips import PracticeBand, TickStrip

_SHRINKING = (Elide, PracticeBand, TickStrip)


def faults(window: QWidget) -> list[str]:
    """One line for each thing that does not fit, empty when all is well."""
    found: list[str] = []
    for label in window.findChildren(QLabel):
        if not label.isVisible() or not label.text() or isinstance(label, _SHRINKING):
            continue
        if label.wordWrap():
            if label.height() < label.heightForWidth(label.width()):
                found.append(f"lines cut: {label.text()!r} {label.size().toTuple()}")
        elif label.width() < label.sizeHint().width():
            found.append(f"words cut: {label.text()!r} {label.width()} < {label.sizeHint().width()}")
        if label.height() < label.fontMetrics().ascent():
            found.append(f"too low: {label.text()!r} {label.height()}")
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and button.accessibleName() and button.parentWidget() is not None:
            hint = button.minimumSizeHint()
            if hint.isValid() and button.width() < hint.width():
                found.append(f"button cut: {button.accessibleName()!r} {button.width()} < {hint.width()}")
            if button.width() < 24 or button.height() < 24:
                found.append(f"too small to hit: {button.accessibleName()!r}")
    for area in window.findChildren(QScrollArea):
        if area.isVisible() and area.widget().width() > area.viewport().width():
            found.append(f"wider than its view: {area.objectName()!r}")
    for child in window.findChildren(QWidget):
        if child.isVisible() and isinstance(child, (QLabel, QAbstractButton)):
            right = child.mapTo(window, QPoint(child.width(), 0)).x()
            if right > window.width():
                found.append(
                    f"outside the window: {child.accessibleName() or child.metaObject().className()}"
                )
    return found
