"""The one family that every sheet is set in: Liberation Serif 2, carried along, never the system's.

It has the widths of Times New Roman and every Vietnamese letter. The system may hold version 1 under the same
name, which lacks half of them, so the files are named by path. ReportLab keeps its list of fonts itself, for
the whole process; registering twice is harmless.
"""

from functools import cache

import resources

REGULAR, BOLD, ITALIC, BOLD_ITALIC = "snv-regular", "snv-bold", "snv-italic", "snv-bold-italic"
UNKNOWN = "□"
"""What is drawn for a letter that no font has."""

_FILES = {
    REGULAR: "LiberationSerif-Regular.ttf",
    BOLD: "LiberationSerif-Bold.ttf",
    ITALIC: "LiberationSerif-Italic.ttf",
    BOLD_ITALIC: "LiberationSerif-BoldItalic.ttf",
}


@cache
def letters() -> frozenset[str]:
    """The letters that all four styles have; the fonts are registered with ReportLab on the way.

    Raises OSError when a font file is missing or damaged.
    """
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    rl_config.useA85 = 0  # streams as bytes, not as letters: a quarter smaller, and less work
    held: frozenset[str] | None = None
    for name, file in _FILES.items():
        place = resources.path("fonts", "liberation", file)
        try:
            font = TTFont(name, str(place))
        except TTFError as wrong:
            raise OSError(f"not a usable font: {place}") from wrong
        pdfmetrics.registerFont(font)
        own = frozenset(map(chr, font.face.charToGlyph))
        held = own if held is None else held & own
    return held or frozenset()


def drawable(text: str) -> str:
    """The text with a box for each letter that no font has; line ends stay."""
    for letter in set(text) - letters() - {"\n"}:
        text = text.replace(letter, UNKNOWN)
    return text
