"""How wide words are, and where lines break.

Prose repeats its words, so each is measured once: a dictionary from (font, word) to its width at size 1. That
and having no object for a cell make the annex fast.
"""

from reportlab.pdfbase import pdfmetrics

_JOINTS = "-/._,;:"


class Ruler:
    """Measures and breaks text; one for each sheet. All widths are points."""

    def __init__(self) -> None:
        self._units: dict[tuple[str, str], float] = {}

    def width(self, text: str, font: str, size: float) -> float:
        """The width of a text in one line."""
        key = (font, text)
        unit = self._units.get(key)
        if unit is None:
            unit = self._units[key] = pdfmetrics.stringWidth(text, font, 1000) / 1000
        return unit * size

    def longest_word(self, text: str, font: str, size: float, limit: float) -> float:
        """The width of the widest word that is not wider than `limit`; 0 where there is none."""
        words = (self.width(word, font, size) for word in text.split())
        return max((wide for wide in words if wide <= limit), default=0.0)

    def wrap(self, text: str, font: str, size: float, width: float) -> list[str]:
        """Break into lines on blanks, never wider than `width`; a word that is wider is cut.

        Line ends of the text stay; blanks that do not break (U+00A0) hold. An empty text has no lines.
        """
        lines: list[str] = []
        if not text:
            return lines
        blank = self.width(" ", font, size)
        for paragraph in text.split("\n"):
            line: list[str] = []
            used = 0.0
            for word in paragraph.split(" "):
                if not word:
                    continue
                wide = self.width(word, font, size)
                if line and used + blank + wide > width:
                    lines.append(" ".join(line))
                    line, used = [], 0.0
                if wide > width:
                    *whole, word = self._cut(word, font, size, width)
                    lines.extend(whole)
                    wide = self.width(word, font, size)
                used += wide + (blank if line else 0.0)
                line.append(word)
            lines.append(" ".join(line))
        return lines

    def balanced(self, text: str, font: str, size: float, width: float) -> list[str]:
        """Like `wrap`, with lines of about one length: a title must not end in a single word."""
        lines = self.wrap(text, font, size, width)
        best = lines
        while len(lines) == len(best) and width > 2 * size:
            best = lines
            width -= size
            lines = self.wrap(text, font, size, width)
        return best

    def _cut(self, word: str, font: str, size: float, width: float) -> list[str]:
        """Cut a word into pieces that fit, after a hyphen, slash or point where one is near the end."""
        pieces: list[str] = []
        while self.width(word, font, size) > width:
            end, used = 0, 0.0
            for letter in word:
                used += self.width(letter, font, size)
                if used > width:
                    break
                end += 1
            end = max(1, min(end, len(word) - 1))
            joint = max(word.rfind(sign, 0, end) for sign in _JOINTS) + 1
            if joint > end // 2:
                end = joint
            pieces.append(word[:end])
            word = word[end:]
        return [*pieces, word]
