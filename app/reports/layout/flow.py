"""The body in lines, and the lines on pages.

What may not be torn apart is marked line by line, before any page is known: a heading, or a sentence that
ends in a colon, keeps two lines of what follows, a paragraph leaves two lines or more on either page, the
signature keeps two lines of the body. Then pages are filled from the top, and a page that overflows ends at
the last place where it may.
"""

from collections.abc import Iterator
from typing import NamedTuple

from app.reports.blocks import Block, Bullet, Heading
from app.reports.layout import fonts
from app.reports.layout.marks import ASCENT, MM, Box, Text
from app.reports.layout.profiles import Profile
from app.reports.layout.ruler import Ruler

INDENT = 10 * MM
"""First line of a paragraph."""
BETWEEN = 6.0
"""Points between paragraphs."""
_LOOSEST = 1.2
"""Blanks are not widened by more than this times the size: such a line stays ragged."""

_ENOUGH = 6
"""Words that a line keeps when it gives one away."""


class Row(NamedTuple):
    """Something of the body that is on one page; `begins`: a page may begin with it."""

    box: Box
    begins: bool


class Placed(NamedTuple):
    """A box and where its upper edge lies, in points under the upper edge of the text."""

    box: Box
    down: float


def rows(block: Block, profile: Profile, width: float, ruler: Ruler) -> Iterator[Row]:
    """The lines of a block; an officer's own text may hold several paragraphs."""
    heading = isinstance(block, Heading)
    font = fonts.BOLD if isinstance(block, Heading) and block.level < 3 else fonts.REGULAR
    text = f"- {block.text}" if isinstance(block, Bullet) else block.text
    for part in text.split("\n"):
        broken = ruler.balanced if heading else ruler.wrap
        lines = _without_runt(broken(part, font, profile.body_size, width, INDENT), font, profile, ruler)
        for i, line in enumerate(lines):
            last = i == len(lines) - 1
            mark = _line(line, font, profile, width, ruler, first=i == 0, justified=not last and not heading)
            begins = i == 0 or (not heading and 2 <= i <= len(lines) - 2)
            yield Row(Box((mark,), profile.leading, BETWEEN if i == 0 else 0.0), begins)


def body(
    blocks: tuple[Block | Box, ...], profile: Profile, width: float, ruler: Ruler, signature: Box
) -> list[Row]:
    """All rows of the blocks and boxes, then the signature: each knows whether a page may begin with it."""
    whole: list[Row] = []
    held = False
    for block in blocks:
        own = (
            [Row(block, begins=True)] if isinstance(block, Box) else list(rows(block, profile, width, ruler))
        )
        if held and own:
            own[0] = own[0]._replace(begins=False)
        held = _leads(block) or (held and not own)
        whole += own
    if whole:
        whole[-1] = whole[-1]._replace(begins=False)
    return [*whole, Row(signature, begins=False)]


def _leads(block: Block | Box) -> bool:
    return isinstance(block, Heading) or (not isinstance(block, Box) and block.text.endswith(":"))


def pages(content: list[Row], height: float) -> Iterator[list[Placed]]:
    """Fill pages of this height, in points."""
    waiting = content
    while waiting:
        here, waiting = _page(waiting, height)
        yield here


def _page(waiting: list[Row], height: float) -> tuple[list[Placed], list[Row]]:
    placed: list[Placed] = []
    down = 0.0
    for i, row in enumerate(waiting):
        if placed:
            down += row.box.before
        if down + row.box.height > height + 0.01:
            if i:  # nowhere: two lines still go along with what does not fit
                end = next((end for end in range(i, 0, -1) if waiting[end].begins), max(1, i - 2))
                return placed[:end], waiting[end:]
            part, rest = row.box.cut(height)
            return [Placed(part, 0.0)], [row._replace(box=rest), *waiting[1:]] if rest.marks else waiting[1:]
        placed.append(Placed(row.box, down))
        down += row.box.height
    return placed, []


def _without_runt(lines: list[str], font: str, profile: Profile, ruler: Ruler) -> list[str]:
    """The lines; a last one shorter than an indent gets a word of the line before."""
    if len(lines) < 2 or ruler.width(lines[-1], font, profile.body_size) > INDENT:
        return lines
    *words, moved = lines[-2].split(" ")
    if len(words) < _ENOUGH:
        return lines
    return [*lines[:-2], " ".join(words), f"{moved} {lines[-1]}"]


def _line(
    text: str, font: str, profile: Profile, width: float, ruler: Ruler, *, first: bool, justified: bool
) -> Text:
    x = INDENT if first else 0.0
    size = profile.body_size
    spread = 0.0
    if justified:
        blanks = text.count(" ") + text.count("\u00a0")
        left = width - x - ruler.width(text, font, size)
        spread = left / blanks if blanks and left / blanks <= _LOOSEST * size else 0.0
    return Text(x, ASCENT * size, text, font, size, spread)
