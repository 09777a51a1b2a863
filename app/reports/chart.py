"""A chart of progress for the body: one bar for each kind of state, told apart without colour.

Each kind has a pattern that a copier keeps, and each bar its word, number and share beside it: nothing has to
be read from a shade of grey.
"""

from reportlab.pdfgen.canvas import Canvas

from app.reports import fonts, texts_sheet
from app.reports.blocks import Chart
from app.reports.boxes import ASCENT, MM, Box, Pen, Shade, Text
from app.reports.ruler import Ruler

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
_STEP = 3.2  # points between the lines of a pattern
_LINE = 0.6


def box(chart: Chart, width: float, ruler: Ruler) -> Box | None:
    """The chart, `width` points wide; None when there is nothing to show."""
    total = sum(bar.count for bar in chart.bars)
    if not total:
        return None
    words = max(ruler.width(bar.word, fonts.REGULAR, _SIZE) for bar in chart.bars)
    start = min(words, width * 0.45) + 4 * MM
    told = [texts_sheet.BAR.format(count=bar.count, share=_share(bar.count, total)) for bar in chart.bars]
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


def shade(canvas: Canvas, mark: Shade, left: float, top: float) -> None:
    """Draw a bar with its pattern."""
    x, y = left + mark.x, top - mark.down
    canvas.saveState()
    canvas.setLineWidth(_LINE)
    canvas.rect(x, y, mark.width, mark.height, stroke=1, fill=1 if mark.pattern == "solid" else 0)
    path = canvas.beginPath()
    path.rect(x, y, mark.width, mark.height)
    canvas.clipPath(path, stroke=0, fill=0)
    high = mark.height
    lines: list[tuple[float, float, float, float]] = []
    if mark.pattern in {"rising", "crossed"}:
        lines += [(x + at - high, y, x + at, y + high) for at in _steps(mark.width + high)]
    if mark.pattern == "crossed":
        lines += [(x + at - high, y + high, x + at, y) for at in _steps(mark.width + high)]
    if mark.pattern == "level":
        lines += [(x, y + at, x + mark.width, y + at) for at in _steps(high)]
    if lines:
        canvas.lines(lines)
    canvas.restoreState()


def _steps(length: float) -> list[float]:
    return [_STEP * i for i in range(1, int(length / _STEP) + 1)]


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f}".replace(".", ",")
