"""How the columns of a table share its width.

They begin with the form's own widths. No word, code or date is cut for want of a millimetre, and no column
shrinks to nothing; beyond that, width goes where it makes the table shorter.
"""

from heapq import nlargest

from app.reports.blocks import Table
from app.reports.layout import fonts
from app.reports.layout.marks import MM
from app.reports.layout.ruler import Ruler

_WIDEST_WORD = 24 * MM  # a longer one is cut rather than given the page
_NARROWEST = 0.6  # of the form's own width
_RAGGED = 0.8  # times the size: what lines that end ragged leave empty, most felt in narrow columns
_STEP = 2 * MM
_STEPS = 40
_SAMPLE, _LONGEST = 50, 10
"""Rows that are looked at for the widths, and among them the longest; more would only take time."""


def widths(table: Table, total: float, size: float, padding: float, ruler: Ruler) -> list[float]:
    """The width of each column, in points, `total` together."""
    own = sum(column.width_mm for column in table.columns)
    wide = [column.width_mm * total / own for column in table.columns]
    least = [
        max(_NARROWEST * width, word + 2 * padding + 0.5)
        for width, word in zip(wide, _words(table, size, ruler), strict=True)
    ]
    if sum(least) >= total:
        return [width * total / sum(least) for width in least]
    wide = _with_least(wide, least, total)
    rows = [
        *table.rows[:: max(1, len(table.rows) // _SAMPLE)],
        *nlargest(_LONGEST, table.rows, key=lambda row: max(map(len, row), default=0)),
    ]
    held = [[_held(cell, size, ruler) for cell in row] for row in rows]
    lost = 2 * padding + _RAGGED * size
    for _ in range(_STEPS):
        if not _shifted(wide, least, held, lost):
            break
    return wide


def _held(cell: str, size: float, ruler: Ruler) -> float:
    """The width of a cell's text in one line, with something for each line that it ends itself."""
    return ruler.width(cell, fonts.REGULAR, size) + 2 * size * cell.count("\n")


def _words(table: Table, size: float, ruler: Ruler) -> list[float]:
    """The widest word of each column that may not be cut."""
    found = []
    for i, column in enumerate(table.columns):
        regular = ruler.longest_word((row[i] for row in table.rows), fonts.REGULAR, size, _WIDEST_WORD)
        bold = ruler.longest_word([column.heading], fonts.BOLD, size, _WIDEST_WORD)
        if table.total:
            bold = max(bold, ruler.longest_word([table.rows[-1][i]], fonts.BOLD, size, _WIDEST_WORD))
        found.append(max(regular, bold))
    return found


def _with_least(wide: list[float], least: list[float], total: float) -> list[float]:
    """The widths, none under its least; what that takes is given by the columns that have room."""
    wanted = [max(pair) for pair in zip(wide, least, strict=True)]
    slack = [width - small for width, small in zip(wanted, least, strict=True)]
    excess = sum(wanted) - total
    return [
        width - (excess * free / sum(slack) if excess else 0.0)
        for width, free in zip(wanted, slack, strict=True)
    ]


def _shifted(wide: list[float], least: list[float], held: list[list[float]], lost: float) -> bool:
    """Move one step of width from one column to another where that shortens the table; False where not.

    A cell takes as many lines as its text is wider than its column, a row as many as its tallest cell. Of
    each line `lost` is not filled.
    """
    lines = [[text / max(1.0, width - lost) for text, width in zip(row, wide, strict=True)] for row in held]
    tallest = [max(row, default=0.0) for row in lines]
    gains, costs = [], []
    for i, width in enumerate(wide):
        wider = max(1.0, width - lost) / max(1.0, width + _STEP - lost)
        narrower = max(1.0, width - lost) / max(1.0, width - _STEP - lost)
        gain = cost = 0.0
        for row, most in zip(lines, tallest, strict=True):
            if row[i] == most:
                others = max((text for at, text in enumerate(row) if at != i), default=0.0)
                gain += most - max(others, most * wider)
            cost += max(0.0, row[i] * narrower - most)
        gains.append(gain)
        costs.append(cost if width - _STEP >= least[i] else float("inf"))
    to = max(range(len(wide)), key=gains.__getitem__)
    costs[to] = float("inf")
    giver = min(range(len(wide)), key=costs.__getitem__)
    if gains[to] <= costs[giver] + 0.01:
        return False
    wide[to] += _STEP
    wide[giver] -= _STEP
    return True
