"""The parts of the sheet that have a fixed place: title block, addressees, signature and recipients.

What is signed or filled in later has a named place, which the file keeps: number, date, the person's and the
agency's signature.
"""

import re
from collections.abc import Sequence

from app.reports import texts, texts_news
from app.reports.content import Content, hyphened
from app.reports.layout import fonts
from app.reports.layout.marks import ASCENT, LINE, MM, Box, Pen, Place, Rule, Shade, Text
from app.reports.layout.profiles import Profile
from app.reports.layout.ruler import Ruler

_OWN_NAME = re.compile(r"\b(?:XÃ|PHƯỜNG) (.+)$")
_OFFICE = re.compile(r"(?:VĂN PHÒNG|PHÒNG|TRUNG TÂM)\b")
_FRAME = 2 * MM
_NEWS_SIZE = 12.0
_SIGNATURE = 27 * MM  # left free between office and name
_PERSON = 45 * MM  # width of the place of the person's signature
_AGENCY = 42 * MM  # the place of the seal, which covers a third of the person's signature, on its left
_DATE_REACH = 5 * MM  # a long place may reach over the middle rather than make the whole head smaller


def news_box(lines: Sequence[str], width: float, ruler: Ruler) -> Box:
    """What is new, in a frame: for who reads the draft, and on no other sheet."""
    pen = Pen(ruler, _FRAME)
    pen.centred([texts_news.TITLE], width / 2, fonts.BOLD, _NEWS_SIZE)
    for line in lines:
        for part in ruler.wrap(line, fonts.REGULAR, _NEWS_SIZE, width - 2 * _FRAME):
            pen.put(part, _FRAME, fonts.REGULAR, _NEWS_SIZE)
    height = pen.down + _FRAME
    return Box((*pen.marks, Shade(0, height, width, height, "empty")), height + 4 * MM)


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
    above, own = _issuers(head.issuer)
    for part in above:
        whole = _whole_name(part, size, room, ruler)
        left.centred(ruler.balanced(whole, fonts.REGULAR, size, room), left_middle, fonts.REGULAR, size)
    lines = [
        line
        for part in own
        for line in ruler.balanced(_whole_name(part, size, room, ruler), fonts.BOLD, size, room)
    ]
    left.centred(lines, left_middle, fonts.BOLD, size)
    if profile.starred:
        left.centred(["*"], left_middle, fonts.REGULAR, size)
    else:
        left.rule(left_middle, _short(lines, size, ruler))
    for line, size in zip(profile.banner, sizes, strict=False):
        words = ruler.wrap(line, fonts.BOLD, size, right_width)
        widest = right.centred(words, right_middle, fonts.BOLD, size)
    right.rule(right_middle, widest)
    left.down = right.down = max(left.down, right.down) + 4
    # number and date share a baseline, though their sizes differ
    left.down += ASCENT * (sizes[2] - profile.number_size)
    number, date = Pen(ruler, left.down), Pen(ruler, right.down)
    lines = ruler.wrap(head.number, fonts.REGULAR, profile.number_size, room)
    number.centred(lines, left_middle, fonts.REGULAR, profile.number_size)
    lines = ruler.wrap(head.place_date, fonts.ITALIC, sizes[2], right_width + _DATE_REACH)
    wide = max((ruler.width(line, fonts.ITALIC, sizes[2]) for line in lines), default=0.0)
    date.centred(lines, min(right_middle, width - wide / 2), fonts.ITALIC, sizes[2])
    places = [*number.blanks(("snv.number",)), *date.blanks(("snv.day", "snv.month"))]
    places += _whole_date(date, places)
    marks = left.marks + right.marks + number.marks + date.marks
    pen = Pen(ruler, max(number.down, date.down), marks)
    pen.down += 2 * LINE * profile.type_size  # two blank lines
    pen.centred([head.type], width / 2, fonts.BOLD, profile.type_size)
    size = profile.subject_size
    lines = ruler.balanced(head.subject, fonts.BOLD, size, width - 16 * MM)
    pen.centred(lines, width / 2, fonts.BOLD, size)
    if profile.subject_dashes:
        pen.centred(["-----"], width / 2, fonts.REGULAR, size)
    else:
        pen.rule(width / 2, _short(lines, size, ruler))
    return Box(tuple(pen.marks), pen.down + 6, places=tuple(places))


def addressees(content: Content, profile: Profile, width: float, ruler: Ruler) -> Box:
    """«Kính gửi»: one addressee on the same line; several with their hyphens aligned under the colon."""
    font, size = fonts.REGULAR, profile.body_size
    pen = Pen(ruler)
    if len(content.addressees) == 1:
        whole = f"{texts.ADDRESSED} {content.addressees[0]}."
        pen.centred(ruler.balanced(whole, font, size, width - 20 * MM), width / 2, font, size)
        return Box(tuple(pen.marks), pen.down + 6, before=10)
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
    return Box(tuple(pen.marks), pen.down + 6, before=10)


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
    free = right.down
    right.down += _SIGNATURE
    right.centred(ruler.balanced(content.signer, fonts.BOLD, size, room), middle, fonts.BOLD, size)
    own = profile.recipients_size
    font = fonts.REGULAR if profile.recipients_underlined else fonts.BOLD_ITALIC
    left = Pen(ruler, ASCENT * (size - own))  # level with the first line of the signer's office
    left.put(texts.RECIPIENTS, 0, font, own)
    if profile.recipients_underlined:
        wide = ruler.width(texts.RECIPIENTS, font, own)
        left.marks.append(Rule(0, left.marks[-1].down + 2, wide))
        left.down += 2
    own = profile.recipients_list_size
    for item in hyphened(content.recipients):
        for line in ruler.wrap(item, fonts.REGULAR, own, half - 10 * MM):
            left.put(line, 0, fonts.REGULAR, own)
    third = middle - _PERSON / 2 + _PERSON / 3
    places = (
        Place("snv.person", middle - _PERSON / 2, free, _PERSON, _SIGNATURE),
        Place("snv.agency", third - _AGENCY, free + (_SIGNATURE - _AGENCY) / 2, _AGENCY, _AGENCY),
    )
    return Box((*left.marks, *right.marks), max(left.down, right.down), before=14, places=places)


def _whole_date(date: Pen, places: list[Place]) -> list[Place]:
    """From the first blank of the date to its last, or the whole line where there is no blank."""
    blanks = [place for place in places if place.name in {"snv.day", "snv.month"}]
    if blanks:
        first, last = blanks[0], blanks[-1]
        return [first._replace(name="snv.date", width=max(first.width, last.x + last.width - first.x))]
    for line in date.marks:
        if isinstance(line, Text):
            wide = date.ruler.width(line.text, line.font, line.size)
            return [Place("snv.date", line.x, line.down - ASCENT * line.size, wide, LINE * line.size)]
    return []


def _issuers(lines: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines of the body that an office belongs to, which are not bold, and those of the issuer itself."""
    offices = [i for i, line in enumerate(lines) if i and _OFFICE.match(line)]
    return (lines[: offices[0]], lines[offices[0] :]) if offices else ((), lines)


def _whole_name(issuer: str, size: float, room: float, ruler: Ruler) -> str:
    """The issuer's line, which breaks before a commune's own name rather than inside it."""
    found = _OWN_NAME.search(issuer)
    if found is None or ruler.width(found[1], fonts.BOLD, size) > room:
        return issuer
    return issuer[: found.start(1)] + found[1].replace(" ", "\u00a0")


def _fits(content: Content, profile: Profile, room: float, ruler: Ruler) -> bool:
    lines = [(line, fonts.BOLD, size) for line, size in zip(profile.banner, profile.head_sizes, strict=False)]
    date = ruler.width(content.head.place_date, fonts.ITALIC, profile.head_sizes[2])
    return date <= room + _DATE_REACH and all(
        ruler.width(line, font, size) <= room for line, font, size in lines
    )


def _short(lines: list[str], size: float, ruler: Ruler) -> float:
    """The length of the line under issuer and subject: a third to a half of the text, which is bold.

    Where the lines of the text differ, a length that is right for the widest and, if possible, for the last.
    """
    widths = [ruler.width(line, fonts.BOLD, size) for line in lines]
    if not widths:
        return 0.0
    widest, last = max(widths), widths[-1]
    if last / 2 > widest * 0.34:
        return min(widest * 0.42, last * 0.49)
    return widest * 0.36
