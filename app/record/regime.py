"""The reporting calendar of a database: the program's own table, and what the province has said since.

Both ends read it here. Rows that this program does not understand count for nothing, as everywhere.
"""

from datetime import date
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import Connection, literal, null, select, union_all

import resources
from app.domain.calendar import BadRule, Calendar, DayKind, Rule
from app.record.tables import rows

_holiday, _rule = rows["holiday"].c, rows["reporting_rule"].c
_WHOLE = union_all(
    select(
        literal("").label("line"),
        null().label("frequency"),
        _holiday.date.label("day"),
        null().label("cut_off"),
        null().label("due"),
        _holiday.kind.label("said"),
    ).where(_holiday.date.is_not(None), _holiday.kind.is_not(None)),
    select(_rule.line, _rule.frequency, _rule.valid_from, _rule.cut_off, _rule.due, _rule.time).where(
        _rule.line.is_not(None), _rule.valid_from.is_not(None)
    ),
)


@cache
def shipped() -> Calendar:
    """The working days that the program came with, and its own rules."""
    return Calendar.from_csv(resources.read_text("data", "holidays.csv"))


def calendar(connection: Connection) -> Calendar:
    """The calendar that rules a database; one query, and the same object while it holds the same."""
    found = connection.execute(_WHOLE).all()
    return _made(tuple(sorted((tuple(row) for row in found), key=str)))


@lru_cache(maxsize=4)
def _made(found: tuple[tuple[Any, ...], ...]) -> Calendar:
    days = [(date.fromisoformat(day), cast(DayKind, said)) for line, _, day, _, _, said in found if not line]
    rules = [rule for row in found if row[0] and (rule := _read(*row)) is not None]
    return shipped().with_data(days, rules)


def _read(line: Any, frequency: Any, day: Any, cut_off: Any, due: Any, time: Any) -> Rule | None:
    if cut_off is None or due is None:
        return None
    try:
        return Rule(line, frequency, date.fromisoformat(day), cut_off, due, time or "17:00")
    except BadRule:  # of a newer program
        return None
