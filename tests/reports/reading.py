"""A printed sheet read back: lines of text with their places in millimetres, and the rules drawn."""

import io
from contextlib import closing
from dataclasses import dataclass

import pdfplumber
import pypdfium2

MM = 72 / 25.4


@dataclass(frozen=True)
class Line:
    """Letters of one font and size on one baseline, without a wide gap. In mm from the upper left corner."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    font: str

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[tuple[float, float, float], ...]  # left, right, from the top
    text: str

    def line(self, text: str) -> Line:
        """The one line that begins so."""
        found = [line for line in self.lines if line.text.startswith(text)]
        assert len(found) == 1, (text, [line.text for line in self.lines])
        return found[0]

    def rule_under(self, line: Line) -> tuple[float, float]:
        """Length in mm and distance in points of the rule just below a line, around its middle."""
        near = [
            (right - left, (down - line.baseline) * MM)
            for left, right, down in self.rules
            if 0 < down - line.baseline < 4 and abs((left + right) / 2 - line.middle) < 1
        ]
        assert len(near) == 1, (line, self.rules)
        return near[0]


def texts(data: bytes) -> list[str]:
    """The text of each page, in the order in which it was written."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        return [page.get_textpage().get_text_range() for page in document]


def edges(data: bytes) -> list[tuple[float, float, float, float]]:
    """Of each page: how far its text lies from the left, right, upper and lower edge of the paper, in mm.

    By PDFium, a tenth of the time of `read`. The foot's own words, under 20 mm, are left out.
    """
    found = []
    with closing(pypdfium2.PdfDocument(data)) as document:
        for page in document:
            width, height = page.get_size()
            text = page.get_textpage()
            rects = [text.get_rect(n) for n in range(text.count_rects())]
            rects = [rect for rect in rects if rect[1] > 18 * MM]
            sides = (
                min(rect[0] for rect in rects),
                width - max(rect[2] for rect in rects),
                height - max(rect[3] for rect in rects),
                min(rect[1] for rect in rects),
            )
            found.append(tuple(side / MM for side in sides))
    return found


def read(data: bytes) -> list[Page]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [_page(page, text) for page, text in zip(document.pages, texts(data), strict=True)]


def _page(page, text: str) -> Page:
    runs: dict[tuple[float, str, float], list[dict]] = {}
    for char in page.chars:
        baseline = round(float(page.height) - char["matrix"][5], 2)
        runs.setdefault((baseline, char["fontname"], round(char["size"], 1)), []).append(char)
    lines = []
    for (baseline, font, size), chars in runs.items():
        chars.sort(key=lambda char: char["x0"])
        group = [chars[0]]
        for char in chars[1:]:
            if char["x0"] - group[-1]["x1"] > 3 * MM:
                lines.append(_line(group, baseline, font, size))
                group = []
            group.append(char)
        lines.append(_line(group, baseline, font, size))
    rules = tuple((r["x0"] / MM, r["x1"] / MM, r["top"] / MM) for r in page.lines if r["top"] == r["bottom"])
    return Page(float(page.width) / MM, float(page.height) / MM, tuple(lines), rules, text)


def _line(chars, baseline, font, size) -> Line:
    text = "".join(char["text"] for char in chars).replace("\u00a0", " ").strip()
    solid = [char for char in chars if char["text"].strip()] or chars
    return Line(text, solid[0]["x0"] / MM, solid[-1]["x1"] / MM, baseline / MM, size, font.partition("+")[2])
