"""Ways to look at the lines: what is due, what a search finds, what a filter leaves. Pure; no database."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.tasks import CANCELLED, Tally, tally
from app.domain.text import fold
from app.services.lines import Line

WINDOWS = ("overdue", "days_7", "days_30", "later", "undated")
"""What a filter by deadline offers; days_7 and days_30 count from today and hold what is still to come."""

QUICK = ("overdue", "due_soon", "difficulty", "conflict", "unrecorded", "returned")
"""The quick filters."""

_SIGNS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Due:
    """The lines of «Tuần này», in the order of urgency; each line stands in one group.

    overdue, soon (within 7 days) and unrecorded are still to be recorded this week; recorded are; closed need
    no record: done or paused before, or withdrawn.
    """

    overdue: tuple[Line, ...]
    soon: tuple[Line, ...]
    unrecorded: tuple[Line, ...]
    recorded: tuple[Line, ...]
    closed: tuple[Line, ...]

    @property
    def left(self) -> tuple[Line, ...]:
        """What is still to be recorded."""
        return self.overdue + self.soon + self.unrecorded

    @property
    def total(self) -> int:
        """How many lines want a record this week, those that have one included."""
        return len(self.left) + len(self.recorded)


def due(lines: Iterable[Line]) -> Due:
    """Group the lines of one week by what they ask for; the nearest deadline comes first."""
    groups: dict[str, list[Line]] = {name: [] for name in Due.__dataclass_fields__}
    for line in sorted(lines, key=_nearest):
        groups[_group(line)].append(line)
    return Due(**{name: tuple(found) for name, found in groups.items()})


def matching(
    lines: Iterable[Line],
    text: str = "",
    *,
    status: str | None = None,
    group: str | None = None,
    window: str | None = None,
    line: str | None = None,
    quick: str | None = None,
    today: date | None = None,
) -> list[Line]:
    """What a search and filters leave, in the given order; None and "" leave all.

    text: words that must all begin a word of code, title, product, group, office, source or this week's
    words; accents and case do not matter. Where they stand side by side somewhere, only those are found.
    window: one of WINDOWS, which needs today. quick: one of QUICK.
    """
    wanted = _plain(text).split()
    found = [
        item
        for item in lines
        if (status is None or item.status == status)
        and (group is None or item.group == group)
        and (line is None or item.line == line)
        and (window is None or _within(item, window, today or item.day))
        and (quick is None or _is(item, quick))
        and (not wanted or _has(item, wanted))
    ]
    together = [item for item in found if len(wanted) > 1 and _has(item, [" ".join(wanted)])]
    return together or found


def by_deadline(lines: Iterable[Line]) -> list[Line]:
    """The order of the ledger: open tasks by deadline, those without one after, what is closed last."""
    return sorted(lines, key=_nearest)


def quick_counts(lines: Sequence[Line]) -> dict[str, int]:
    """How many lines each quick filter would show."""
    return {name: sum(_is(line, name) for line in lines) for name in QUICK}


def groups(lines: Iterable[Line]) -> dict[str, str]:
    """The groups that occur, code and name, by name."""
    found = {line.group: line.group_name for line in lines if line.group}
    return dict(sorted(found.items(), key=lambda pair: fold(pair[1])))


def figures(lines: Iterable[Line]) -> Tally:
    """The counts of these lines, by status and lateness; withdrawn ones are left out."""
    return tally((line.status, line.timeliness) for line in lines)


def _nearest(line: Line) -> tuple[bool, date, str]:
    finished = line.status in {"done", CANCELLED}
    return (finished, line.deadline or date.max, line.code)


def _group(line: Line) -> str:
    if line.recorded and not line.withdrawn:
        return "recorded"
    if line.closed:
        return "closed"
    return {"overdue": "overdue", "due_soon": "soon"}.get(line.timeliness.code, "unrecorded")


def _within(line: Line, window: str, today: date) -> bool:
    day = line.deadline
    if window == "undated":
        return day is None
    if day is None:
        return False
    if window == "overdue":
        return line.timeliness.code == "overdue"
    if window == "later":
        return day > today + timedelta(days=30)
    days = {"days_7": 7, "days_30": 30}[window]
    return today <= day <= today + timedelta(days=days)


def _is(line: Line, quick: str) -> bool:
    if quick == "unrecorded":
        return not line.recorded and not line.closed
    return {
        "overdue": line.timeliness.code == "overdue",
        "due_soon": line.timeliness.code == "due_soon",
        "difficulty": line.has_difficulty and not line.closed,
        "conflict": line.conflict,
        "returned": line.exchange == "returned",
    }[quick]


def _has(line: Line, wanted: Iterable[str]) -> bool:
    texts = (
        line.code, line.title, line.product, line.group, line.group_name, line.lead, line.cooperating,
        line.source,
        *(line.words(name) for name in ("result", "difficulty", "proposal", "next_step")),
    )  # fmt: skip
    found = f" {_plain(' / '.join(texts))}"
    return all(f" {word}" in found for word in wanted)


def _plain(text: str) -> str:
    return _SIGNS.sub(" ", fold(text)).strip()
