"""Text on the canvas, by the word: each word is encoded for its font once, then only looked up.

ReportLab asks for every letter of every line which subset of the font holds it. A report repeats its words,
so the answer is kept for each, and a line is its words joined. Letters beyond the first 255 of a font lie in
a second subset; lines with such are left to ReportLab.
"""

from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas


def _loaded(font: str) -> Any:
    return pdfmetrics.getFont(font)


class Typesetter:
    """Sets lines on the pages of one canvas. Between `begin` and `end` nothing else is drawn."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas: Any = canvas
        self._words: dict[str, dict[str, str | None]] = {}
        self._known: dict[str, str | None] = {}
        self._code: list[str] = []
        self._font, self._size, self._spread = "", 0.0, 0.0

    def begin(self) -> None:
        """Begin a run of lines."""
        self._code = ["BT"]
        self._font, self._size, self._spread = "", 0.0, 0.0

    def end(self) -> None:
        """Put the run on the page."""
        if self._spread:
            self._code.append("0 Tw")
        self._code.append("ET")
        self._canvas._code.append("\n".join(self._code))

    def line(self, x: float, y: float, text: str, font: str, size: float, spread: float = 0.0) -> None:
        """One line with its baseline from (x, y), in points; `spread` is added to each blank of it."""
        if font != self._font or size != self._size:
            self._choose(font, size)
        if spread != self._spread:
            self._spread = spread
            self._code.append(f"{spread:.3f} Tw")
        known = self._known
        try:
            words = [known[word] for word in text.split(" ")]
        except KeyError:
            words = [known[word] if word in known else self._encoded(word) for word in text.split(" ")]
        try:
            said = " ".join(words)  # type: ignore[arg-type]
        except TypeError:
            self._code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
            self._by_subsets(text)
        else:
            self._code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm ({said}) Tj")

    def _choose(self, font: str, size: float) -> None:
        self._font, self._size = font, size
        self._known = self._words.setdefault(font, {})
        name = _loaded(font).getSubsetInternalName(0, self._document(font))
        self._code.append(f"{name} {size:g} Tf")

    def _document(self, font: str) -> Any:
        """ReportLab's document, which already knows the font."""
        document = self._canvas._doc
        _loaded(font).splitString("", document)
        return document

    def _encoded(self, word: str) -> str | None:
        """The word as it stands in the page's code; None when one subset does not hold it."""
        parts = _loaded(self._font).splitString(word, self._canvas._doc)
        one = not parts or (len(parts) == 1 and parts[0][0] == 0)
        said = (self._canvas._escape(parts[0][1]) if parts else "") if one else None
        self._known[word] = said
        return said

    def _by_subsets(self, text: str) -> None:
        font = _loaded(self._font)
        document = self._canvas._doc
        for subset, part in font.splitString(text, document):
            name = font.getSubsetInternalName(subset, document)
            self._code.append(f"{name} {self._size:g} Tf ({self._canvas._escape(part)}) Tj")
        self._font = ""
