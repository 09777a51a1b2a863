"""Lines of the ledger as rows of the wide table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.periods import show_date
from app.services.lines import Line
from app.words import N_
from ui import marks, tokens
from ui.marks import Mark
from ui.models.lines import Column
from ui.models.week_lines import due_mark, flags, percent, shown_status
from ui.shapes import Shape

DEADLINE = 4
"""The column by which the table is sorted at first."""


def columns() -> tuple[Column[Line], ...]:
    """Code, title, status, percent, deadline, exchange."""
    known = ("in_progress", "not_started", "paused", "done", "cancelled")
    order = {code: number for number, code in enumerate(known)}
    return (
        Column(N_("Code"), text=lambda line: line.code, width=tokens.COLUMN_CODE, quiet=True),
        Column(N_("Task"), text=lambda line: line.title, extra=_flags, tip=lambda line: line.title),
        Column(
            N_("Status"),
            text=lambda line: shown_status(line).word,
            mark=shown_status,
            sort=lambda line: (order.get(line.status, 9), line.code),
            width=tokens.COLUMN_STATUS,
        ),
        Column(
            N_("Percent"),
            text=lambda line: percent(line.percent),
            bar=lambda line: line.percent,
            sort=lambda line: line.percent,
            width=tokens.COLUMN_PERCENT,
        ),
        Column(
            N_("Deadline"),
            text=lambda line: show_date(line.deadline) if line.deadline else "—",
            after=due_mark,
            sort=_nearest,
            width=tokens.COLUMN_DEADLINE,
        ),
        Column(
            N_("To the province"),
            text=lambda line: marks.exchange(line.exchange).word if line.exchange else "",
            mark=lambda line: marks.exchange(line.exchange) if line.exchange else None,
            width=tokens.COLUMN_EXCHANGE,
            quiet=True,
        ),
    )


def _flags(line: Line) -> tuple[Mark, ...]:
    """The flag of a difficulty stands alone: a quick filter on the same page names it."""
    return tuple(replace(mark, word="") if mark.shape is Shape.FLAG else mark for mark in flags(line))


def _nearest(line: Line) -> tuple[bool, date, str]:
    """Open tasks by deadline, what is closed last."""
    return (line.status in {"done", "cancelled"}, line.deadline or date.max, line.code)
