"""How wide words are, and where lines break.

Prose repeats its words, so each is measured once: a dictionary for each font from a word to its width at
size 1. That and having no object for a cell make the tables fast.
"""

from collections.abc import Iterable

from reportlab.pdfbase import pdfmetrics

_JOINTS = "-/._,;:"


class Ruler:
    """Measures and breaks text; one for each sheet. All widths are points."""

    def __init__(self) -> None:
        self._units: dict[str, dict[str, float]] = {}

    def width(self, text: str, font: str, size: float) -> float:
        """The width of a text in one line."""
        units = self._units.setdefault(font, {})
        unit = units.get(text)
        if unit is None:
            unit = units[text] = pdfmetrics.stringWidth(text, font, 1000) / 1000
        return unit * size

    def longest_word(self, texts: Iterable[str], font: str, size: float, limit: float) -> float:
        """The width of the widest word of some texts that is not wider than `limit`; 0 when there is none."""
        words: set[str] = set()
        for text in texts:
            words.update(text.split())
        widths = (self.width(word, font, size) for word in words)
        return max((wide for wide in widths if wide <= limit), default=0.0)

    def wrap(self, text: str, font: str, size: float, width: float, indent: float = 0.0) -> list[str]:
        """Break into lines on blanks, never wider than `width`; a word that is wider is cut.

        Line ends of the text stay; blanks that do not break (U+00A0) hold. The first line of all is narrower
        by `indent`. An empty text has no lines.
        """
        lines: list[str] = []
        if not text:
            return lines
        units = self._units.setdefault(font, {})
        blank = self.width(" ", font, size)
        room = width - indent
        for paragraph in text.split("\n"):
            line: list[str] = []
            used = 0.0
            for word in paragraph.split(" "):
                if not word:
                    continue
                unit = units.get(word)
                wide = self.width(word, font, size) if unit is None else unit * size
                if line:
                    if used + blank + wide <= room:
                        used += blank + wide
                        line.append(word)
                        continue
                    lines.append(" ".join(line))
                    line, used, room = [], 0.0, width
                if wide > room:
                    *whole, word = self._cut(word, font, size, room)
                    lines.extend(whole)
                    room = width
                    wide = self.width(word, font, size)
                used = wide
                line.append(word)
            lines.append(" ".join(line))
            room = width
        return lines

    def balanced(self, text: str, font: str, size: float, width: float, indent: float = 0.0) -> list[str]:
        """Like `wrap`, with lines of about one length: a title must not end in a single word."""
        lines = self.wrap(text, font, size, width, indent)
        best = lines
        while len(lines) == len(best) and width > indent + 2 * size:
            best = lines
            width -= size
            lines = self.wrap(text, font, size, width, indent)
        return best

    def _cut(self, word: str, font: str, size: float, width: float) -> list[str]:
        """Cut a word into pieces that fit, after a hyphen, slash or point where one is near the end."""
        wide = [self.width(letter, font, size) for letter in word]
        pieces: list[str] = []
        start, left = 0, sum(wide)
        while left > width and start < len(word) - 1:
            end, used = start, 0.0
            while end < len(word) - 1 and used + wide[end] <= width:
                used += wide[end]
                end += 1
            end = max(start + 1, end)
            joint = max(word.rfind(sign, start, end) for sign in _JOINTS) + 1
            if joint > start + (end - start) // 2:
                end = joint
            pieces.append(word[start:end])
            left -= sum(wide[start:end])
            start = end
        return [*pieces, word[start:]]
