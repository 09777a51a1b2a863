"""Weeks and local days: how a moment becomes a date of the office.

Everything here is Hanoi time, a fixed UTC+7 (Vietnam has no summer time), so that a machine without
a time-zone database, or set to another zone, shows the same today and the same week.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import ClassVar, Self

from app.domain.errors import LedgerError

HANOI = timezone(timedelta(hours=7), "UTC+07:00")

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SHOWN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class BadWeek(LedgerError):
    """A text that names no week; facts: text."""

    code: ClassVar[str] = "bad-week"


class BadDate(LedgerError):
    """A text that names no day; facts: text."""

    code: ClassVar[str] = "bad-date"


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week of ISO 8601, Monday to Sunday; 2025-W01 begins on 30/12/2024.

    Weeks compare by time. Raises BadWeek for a week that the year does not have.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        try:
            date.fromisocalendar(self.year, self.number, 7)
        except ValueError as wrong:
            raise BadWeek(text=str(self)) from wrong

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2025-W27`, blanks around it and a small w allowed. Raises BadWeek."""
        found = _WEEK.fullmatch(text.strip().upper())
        if found is None:
            raise BadWeek(text=text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def containing(cls, day: date) -> Self:
        """The week that a day lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        """The first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """The last day."""
        return date.fromisocalendar(self.year, self.number, 7)

    def days(self) -> tuple[date, ...]:
        """The seven days, Monday first."""
        return tuple(self.monday + timedelta(days=i) for i in range(7))

    def next(self) -> Self:
        """The week after."""
        return self.containing(self.monday + timedelta(days=7))

    def previous(self) -> Self:
        """The week before."""
        return self.containing(self.monday - timedelta(days=7))


def local(moment: int) -> datetime:
    """Hanoi time of a moment in seconds UTC."""
    return datetime.fromtimestamp(moment, HANOI)


def today(moment: int) -> date:
    """The day it is in Hanoi at a moment in seconds UTC."""
    return local(moment).date()


def show_date(day: date) -> str:
    """A day as people here write it: `dd/mm/yyyy`."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def parse_date(text: str) -> date:
    """Read `2025-06-24` or `24/6/2025`, blanks around it allowed. Raises BadDate.

    Day before month, always: nobody here writes it the other way round.
    """
    plain = text.strip()
    if found := _ISO.fullmatch(plain):
        year, month, day = found.groups()
    elif found := _SHOWN.fullmatch(plain):
        day, month, year = found.groups()
    else:
        raise BadDate(text=text)
    try:
        return date(int(year), int(month), int(day))
    except ValueError as wrong:
        raise BadDate(text=text) from wrong
