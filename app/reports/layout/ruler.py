"""How wide words are, and where lines break.

Prose repeats its words, so each is measured once: a dictionary for each font from a word to its width at
size 1. That and having no object for a cell make the tables fast.
"""

from collections.abc import Iterable

from reportlab.pdfbase import pdfmetrics

_JOINTS = "-/._,;:"
_LEADING = {"của", "và", "theo"}
"""Words with which the second line of a title may well begin."""


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
        """Like `wrap` with as few lines, of about one length: a title must not end in a single word.

        A line rather ends where a phrase does (comma, semicolon, before a bracket or «của») than inside it,
        and not before a number if another place will do.
        """
        lines: list[str] = []
        for part in text.split("\n"):
            fewest = self.wrap(part, font, size, width, indent)
            words = [word for word in part.split(" ") if word]
            cut = " ".join(fewest) != " ".join(words)  # a word wider than a line
            lines += (
                fewest
                if cut or len(fewest) < 2
                else self._shared(words, len(fewest), font, size, width, indent)
            )
            indent = 0.0
        return lines

    def _shared(
        self, words: list[str], count: int, font: str, size: float, width: float, indent: float
    ) -> list[str]:
        """The words on so many lines: the widest as narrow as can be; a bad place for a break costs width."""
        blank = self.width(" ", font, size)
        wide = [self.width(word, font, size) for word in words]
        # for each number of lines and of words: cost, width of the widest line, where its last line begins
        best: list[dict[int, tuple[float, float, int]]] = [{0: (0.0, 0.0, 0)}]
        for n in range(count):
            room = width - (0.0 if n else indent)
            here: dict[int, tuple[float, float, int]] = {}
            for begin, (_, widest, _) in best[n].items():
                paid = best[n][begin][0] - widest
                used = -blank
                for end in range(begin + 1, len(words) + 1):
                    used += blank + wide[end - 1]
                    if used > room:
                        break
                    most = max(widest, used)
                    cost = paid + most + (_broken(words, end) * width if end < len(words) else 0.0)
                    if end not in here or cost < here[end][0]:
                        here[end] = (cost, most, begin)
            best.append(here)
        lines, end = list[str](), len(words)
        for n in range(count, 0, -1):
            begin = best[n][end][2]
            lines.insert(0, " ".join(words[begin:end]))
            end = begin
        return lines

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


def _broken(words: list[str], end: int) -> float:
    """What a line end before this word costs, in parts of the width."""
    if words[end][:1].isdigit():
        return 0.3
    if words[end].casefold() in _LEADING:
        return 0.05
    return 0.0 if words[end - 1][-1] in ",;:." or words[end][0] == "(" else 0.15
