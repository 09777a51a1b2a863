"""The parts of the sheet that have a fixed place: title block, addressees, signature and recipients.

Each is a flowable that was measured when it was made: texts and rules at points counted from its upper left
corner. Rules are drawn, never underscores (the decree's lines have measures of their own).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from app.reports import fonts, texts
from app.reports.content import Content, hyphened
from app.reports.profiles import Profile
from app.reports.ruler import Ruler

MM = 72 / 25.4
LINE = 1.15
"""Single spacing: distance of baselines as a multiple of the size."""
RULE = 0.6
_ASCENT = 0.89
_DESCENT = 0.22
_RULE_GAP = 2.0  # under the letters' own descent
_SIGNATURE = 27 * MM  # left free between office and name


class Text(NamedTuple):
    """One line of text; `down` is its baseline, counted from the top."""

    x: float
    down: float
    text: str
    font: str
    size: float


class Rule(NamedTuple):
    """A horizontal line."""

    x: float
    down: float
    length: float


@dataclass(slots=True)
class Pen:
    """Collects what a box holds; `down` is where the next line begins."""

    ruler: Ruler
    down: float = 0.0
    marks: list[Text | Rule] = field(default_factory=list)

    def centred(self, lines: list[str], middle: float, font: str, size: float) -> float:
        """Set lines around a vertical axis, single spacing; gives the width of the widest."""
        widest = 0.0
        for line in lines:
            wide = self.ruler.width(line, font, size)
            widest = max(widest, wide)
            self.put(line, middle - wide / 2, font, size)
        return widest

    def put(self, line: str, x: float, font: str, size: float) -> None:
        """Set one line from `x` and go down by its height."""
        self.marks.append(Text(x, self.down + _ASCENT * size, line, font, size))
        self.down += LINE * size

    def rule(self, middle: float, length: float) -> None:
        """Draw a line just under the last text, around a vertical axis."""
        under = max(mark.down + _DESCENT * mark.size for mark in self.marks if isinstance(mark, Text))
        self.marks.append(Rule(middle - length / 2, under + _RULE_GAP, length))
        self.down = max(self.down, under + _RULE_GAP + 2)


class Box(Flowable):
    """Marks at fixed places. Split between lines only when no page could hold it."""

    def __init__(self, marks: list[Text | Rule], width: float, height: float, before: float = 0.0) -> None:
        super().__init__()
        self._marks = marks
        self.width, self.height = width, height  # the flowable's own constructor has set them to 0
        self.spaceBefore = before

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """The size, whatever room there is."""
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:
        """Two boxes, when this one is taller than three quarters of a page; else none, and it moves on."""
        whole = [mark for mark in self._marks if mark.down + 4 <= aH]
        if self.height < 190 * MM or not whole:
            return []
        rest = [mark for mark in self._marks if mark.down + 4 > aH]
        up = min(mark.down for mark in rest) - _ASCENT * 14
        moved = [mark._replace(down=mark.down - up) for mark in rest]
        return [Box(whole, self.width, aH), Box(moved, self.width, self.height - up)]

    def draw(self) -> None:
        """Put the marks on the page."""
        draw(self.canv, self._marks, 0, self.height)


def draw(canvas: Canvas, marks: list[Text | Rule], left: float, top: float) -> None:
    """Put marks on a canvas, counted from its point (left, top)."""
    canvas.setLineWidth(RULE)
    for mark in marks:
        if isinstance(mark, Text):
            canvas.setFont(mark.font, mark.size)
            canvas.drawString(left + mark.x, top - mark.down, mark.text)
        else:
            canvas.line(left + mark.x, top - mark.down, left + mark.x + mark.length, top - mark.down)


def title_block(content: Content, profile: Profile, width: float, ruler: Ruler) -> Box:
    """From the issuing body and the country's name (or the Party's) to the subject of the report."""
    head = content.head
    left_width = profile.head_left * MM
    right_width = width - left_width
    sizes = profile.head_sizes
    if not _fits(content, profile, right_width, ruler):
        sizes = profile.small_head_sizes
    left, right = Pen(ruler), Pen(ruler)
    left_middle, right_middle = left_width / 2, left_width + right_width / 2
    room = left_width - 2 * MM
    if head.superior:
        size = profile.superior_size
        lines = ruler.balanced(head.superior, fonts.REGULAR, size, room)
        left.centred(lines, left_middle, fonts.REGULAR, size)
    size = profile.issuer_size
    lines = [line for part in head.issuer for line in ruler.balanced(part, fonts.BOLD, size, room)]
    widest = left.centred(lines, left_middle, fonts.BOLD, size)
    if profile.starred:
        left.centred(["*"], left_middle, fonts.REGULAR, size)
    else:
        left.rule(left_middle, _short(widest, ruler.width(lines[-1], fonts.BOLD, size)))
    for line, size in zip(profile.banner, sizes, strict=False):
        words = ruler.wrap(line, fonts.BOLD, size, right_width)
        widest = right.centred(words, right_middle, fonts.BOLD, size)
    right.rule(right_middle, widest)
    left.down = right.down = max(left.down, right.down) + 4
    # number and date share a baseline, though their sizes differ
    left.down += _ASCENT * (sizes[2] - profile.number_size)
    number = ruler.wrap(head.number, fonts.REGULAR, profile.number_size, room)
    left.centred(number, left_middle, fonts.REGULAR, profile.number_size)
    right.centred(
        ruler.wrap(head.place_date, fonts.ITALIC, sizes[2], right_width), right_middle, fonts.ITALIC, sizes[2]
    )
    pen = Pen(ruler, max(left.down, right.down), left.marks + right.marks)
    pen.down += 2 * LINE * profile.type_size  # two blank lines
    pen.centred([head.type], width / 2, fonts.BOLD, profile.type_size)
    size = profile.subject_size
    lines = ruler.balanced(head.subject, fonts.BOLD, size, width - 16 * MM)
    widest = pen.centred(lines, width / 2, fonts.BOLD, size)
    if profile.subject_dashes:
        pen.centred(["-----"], width / 2, fonts.REGULAR, size)
    else:
        pen.rule(width / 2, _short(widest, ruler.width(lines[-1], fonts.BOLD, size)))
    return Box(pen.marks, width, pen.down + 6)


def addressees(content: Content, profile: Profile, width: float, ruler: Ruler) -> Box:
    """«Kính gửi»: one addressee on the same line; several with their hyphens aligned under the colon."""
    font, size = fonts.REGULAR, profile.body_size
    pen = Pen(ruler)
    if len(content.addressees) == 1:
        whole = f"{texts.ADDRESSED} {content.addressees[0]}."
        pen.centred(ruler.balanced(whole, font, size, width - 20 * MM), width / 2, font, size)
        return Box(pen.marks, width, pen.down + 6, before=10)
    lead = ruler.width(texts.ADDRESSED, font, size)
    colon = ruler.width(":", font, size)
    hang = ruler.width("- ", font, size)
    room = width - 40 * MM - hang
    items = [ruler.wrap(item, font, size, room) for item in hyphened(content.addressees)]
    widest = max(ruler.width(line, font, size) for lines in items for line in lines)
    start = max(0.0, (width - lead - widest) / 2)
    pen.put(texts.ADDRESSED, start, font, size)
    for lines in items:
        for position, line in enumerate(lines):
            pen.put(line, start + lead - colon + (hang if position else 0), font, size)
    return Box(pen.marks, width, pen.down + 6, before=10)


def signature(content: Content, profile: Profile, width: float, ruler: Ruler) -> Box:
    """Recipients at the left edge, the signer in the right half; both begin on one baseline."""
    size = profile.body_size
    half = width / 2
    middle = width * 3 / 4
    room = half - 4 * MM
    right = Pen(ruler)
    bold = len(content.authority) if profile.signature_bold is None else profile.signature_bold
    for position, part in enumerate(content.authority):
        font = fonts.BOLD if position < bold else fonts.REGULAR
        right.centred(ruler.balanced(part, font, size, room), middle, font, size)
    right.down += _SIGNATURE
    right.centred(ruler.balanced(content.signer, fonts.BOLD, size, room), middle, fonts.BOLD, size)
    own = profile.recipients_size
    font = fonts.REGULAR if profile.recipients_underlined else fonts.BOLD_ITALIC
    left = Pen(ruler, _ASCENT * (size - own))  # level with the first line of the signer's office
    left.put(texts.RECIPIENTS, 0, font, own)
    if profile.recipients_underlined:
        wide = ruler.width(texts.RECIPIENTS, font, own)
        left.marks.append(Rule(0, left.marks[-1].down + 2, wide))
        left.down += 2
    own = profile.recipients_list_size
    for item in hyphened(content.recipients):
        for line in ruler.wrap(item, fonts.REGULAR, own, half - 10 * MM):
            left.put(line, 0, fonts.REGULAR, own)
    return Box(left.marks + right.marks, width, max(left.down, right.down), before=14)


def _fits(content: Content, profile: Profile, room: float, ruler: Ruler) -> bool:
    lines = [(line, fonts.BOLD, size) for line, size in zip(profile.banner, profile.head_sizes, strict=False)]
    lines.append((content.head.place_date, fonts.ITALIC, profile.head_sizes[2]))
    return all(ruler.width(line, font, size) <= room for line, font, size in lines)


def _short(widest: float, last: float) -> float:
    """The length of the line under issuer and subject: a third to a half of the text.

    Where the lines of the text differ, a length that is right for the widest and, if possible, for the last.
    """
    if last / 2 > widest * 0.34:
        return min(widest * 0.42, last * 0.49)
    return widest * 0.36
