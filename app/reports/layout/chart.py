"""A chart of progress for the body: one bar for each kind of state, told apart without colour.

Each kind has a pattern that a copier keeps, and each bar its word, number and share beside it: nothing has to
be read from a shade of grey.
"""

from app.domain.reports import grouped, share
from app.reports.blocks import Chart
from app.reports.layout import fonts, texts_sheet
from app.reports.layout.marks import ASCENT, MM, Box, Pen, Shade, Text
from app.reports.layout.ruler import Ruler

_PATTERNS = {
    "done": "solid",
    "in_time": "rising",
    "overdue": "crossed",
    "not_started": "empty",
    "paused": "level",
}
_SIZE = 12.0
_BAR = 4.2 * MM
_PITCH = 6.4 * MM


def box(chart: Chart, width: float, ruler: Ruler) -> Box | None:
    """The chart, `width` points wide; None when there is nothing to show."""
    total = sum(bar.count for bar in chart.bars)
    if not total:
        return None
    words = max(ruler.width(bar.word, fonts.REGULAR, _SIZE) for bar in chart.bars)
    start = min(words, width * 0.45) + 4 * MM
    told = [
        texts_sheet.BAR.format(count=grouped(bar.count), share=share(bar.count, total)) for bar in chart.bars
    ]
    room = width - start - max(ruler.width(text, fonts.REGULAR, _SIZE) for text in told) - 3 * MM
    most = max(bar.count for bar in chart.bars)
    pen = Pen(ruler)
    pen.centred(ruler.balanced(chart.title, fonts.ITALIC, 13, width), width / 2, fonts.ITALIC, 13)
    pen.down += 2 * MM
    for bar, text in zip(chart.bars, told, strict=True):
        baseline = pen.down + (_BAR + 0.7 * _SIZE) / 2
        lines = ruler.wrap(bar.word, fonts.REGULAR, _SIZE, start - 4 * MM)
        pen.marks += [
            Text(0, baseline + i * ASCENT * _SIZE, line, fonts.REGULAR, _SIZE) for i, line in enumerate(lines)
        ]
        length = room * bar.count / most
        if length:
            pen.marks.append(Shade(start, pen.down + _BAR, length, _BAR, _PATTERNS.get(bar.kind, "empty")))
        pen.marks.append(Text(start + length + 2 * MM, baseline, text, fonts.REGULAR, _SIZE))
        pen.down += _PITCH + max(0, len(lines) - 1) * ASCENT * _SIZE
    return Box(tuple(pen.marks), pen.down, before=8)
