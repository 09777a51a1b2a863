"""One style for the whole window: Fusion, a full palette, one stylesheet; and the look that painted
widgets ask.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

import resources
from ui import fonts, icons, shapes, tokens
from ui.shapes import Shape
from ui.tokens import Colours, Tone

_PROPERTY = "look"


class Look:
    """Colours, letters and pictures of the present theme, each made once and kept.

    A theme change makes a new Look; widgets ask `look()` while painting and keep nothing of it.
    """

    def __init__(self, colours: Colours, family: str) -> None:
        self.colours = colours
        self.family = family
        self._fonts: dict[tuple[int, bool], QFont] = {}
        self._metrics: dict[tuple[int, bool], QFontMetrics] = {}
        self._colours: dict[str, QColor] = {}
        self._pixmaps: dict[tuple[object, ...], QPixmap] = {}

    def font(self, size: int = tokens.BODY, strong: bool = False) -> QFont:
        """Letters of `size` pixels, in weight 600 if strong, else 400."""
        key = (size, strong)
        if key not in self._fonts:
            font = QFont(self.family)
            font.setPixelSize(size)
            font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
            self._fonts[key] = font
        return self._fonts[key]

    def metrics(self, size: int = tokens.BODY, strong: bool = False) -> QFontMetrics:
        """The measures of `font(size, strong)`."""
        key = (size, strong)
        if key not in self._metrics:
            self._metrics[key] = QFontMetrics(self.font(size, strong))
        return self._metrics[key]

    def colour(self, value: str) -> QColor:
        """The QColor of a token's value."""
        if value not in self._colours:
            self._colours[value] = QColor(value)
        return self._colours[value]

    def ink(self, tone: Tone) -> QColor:
        """Words and shapes of a tone."""
        return self.colour(self.colours.ink(tone))

    def soft(self, tone: Tone) -> QColor:
        """The soft ground of a tone."""
        return self.colour(self.colours.soft(tone))

    def icon(
        self, name: str, colour: str, ratio: float, *, size: int = tokens.ICON, filled: bool = False
    ) -> QPixmap:
        """A Fluent icon in one colour; `ratio` is the device pixel ratio of where it is painted."""
        key = (name, colour, ratio, size, filled)
        if key not in self._pixmaps:
            self._pixmaps[key] = icons.render(name, size, colour, ratio, filled=filled)
        return self._pixmaps[key]

    def shape(self, shape: Shape, colour: str, ratio: float, size: int = tokens.SHAPE) -> QPixmap:
        """A state's shape in one colour."""
        key = (shape, colour, ratio, size)
        if key not in self._pixmaps:
            self._pixmaps[key] = shapes.render(shape, size, colour, ratio)
        return self._pixmaps[key]


def look() -> Look:
    """The present look. Raises RuntimeError where `apply` was not called on the application."""
    app = QApplication.instance()
    found = app.property(_PROPERTY) if app is not None else None
    if not isinstance(found, Look):
        raise RuntimeError("style.apply() was not called on the application")
    return found


def apply(app: QApplication, colours: Colours, family: str) -> None:
    """Give the application style, palette, letters and sheet; also used again when the theme changes."""
    new = Look(colours, family)
    app.setProperty(_PROPERTY, new)
    if app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(colours))
    app.setFont(new.font())
    app.setStyleSheet(sheet(colours))


def sheet(colours: Colours) -> str:
    """The stylesheet with the names of colours and sizes filled in. Raises KeyError for an unknown name."""
    names: dict[str, str] = dict(colours.named())
    names["menu_ink"] = colours.selected_ink or colours.text
    names.update(
        {key: str(value) for key, value in vars(tokens).items() if key.isupper() and isinstance(value, int)}
    )
    text = resources.read_text("styles", "window.qss")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"@([A-Z_]+|[a-z_0-9]+)", lambda m: names[m[1]], text)


def palette(c: Colours) -> QPalette:
    """A full palette, the Disabled group too, for what Fusion itself paints."""
    role = QPalette.ColorRole
    table = {
        role.Window: c.window, role.WindowText: c.text, role.Base: c.surface, role.AlternateBase: c.quiet,
        role.Text: c.text, role.Button: c.surface, role.ButtonText: c.text, role.BrightText: c.on_accent,
        role.ToolTipBase: c.surface, role.ToolTipText: c.text, role.PlaceholderText: c.text3,
        role.Highlight: c.selected, role.HighlightedText: c.selected_ink or c.text, role.Accent: c.accent,
        role.Link: c.accent, role.LinkVisited: c.accent, role.Light: c.surface, role.Midlight: c.quiet,
        role.Mid: c.line, role.Dark: c.edge, role.Shadow: c.edge,
    }  # fmt: skip
    result = QPalette()
    for name, value in table.items():
        result.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(c.disabled))
    result.setColor(QPalette.ColorGroup.Disabled, role.Base, QColor(c.quiet))
    result.setColor(QPalette.ColorGroup.Disabled, role.Button, QColor(c.quiet))
    return result


def system_colours(app: QGuiApplication, system: QPalette) -> Colours:
    """The theme the system asks for; `system` is the palette Qt started with, before ours replaced it."""
    hints = app.styleHints()
    accessibility = hints.accessibility() if hasattr(hints, "accessibility") else None
    if accessibility is not None and accessibility.contrastPreference() == Qt.ContrastPreference.HighContrast:
        role, off = QPalette.ColorRole, QPalette.ColorGroup.Disabled
        return tokens.high_contrast(
            window=system.color(role.Window).name(),
            text=system.color(role.WindowText).name(),
            highlight=system.color(role.Highlight).name(),
            highlighted_text=system.color(role.HighlightedText).name(),
            link=system.color(role.Link).name(),
            disabled=system.color(off, role.WindowText).name(),
        )
    return tokens.DARK if hints.colorScheme() == Qt.ColorScheme.Dark else tokens.LIGHT


class ThemeWatch(QObject):
    """Follows the system's theme while the program runs."""

    def __init__(self, app: QApplication, family: str) -> None:
        super().__init__(app)
        self._app, self._family = app, family
        # Only the first palette is the system's own; after apply() the application answers with ours.
        self._system = QPalette(app.palette())
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self.refresh)
        if hasattr(hints, "accessibility"):
            hints.accessibility().contrastPreferenceChanged.connect(self.refresh)

    def refresh(self) -> None:
        """Ask the system again and restyle."""
        apply(self._app, system_colours(self._app, self._system), self._family)


def start(app: QApplication, colours: Colours | None = None) -> None:
    """Load letters and style the application; `colours` fixes the theme, else the system's is followed."""
    family = fonts.load()
    if colours is not None:
        apply(app, colours, family)
        return
    ThemeWatch(app, family).refresh()
