"""The reporting calendar: working days, and when a week closes and is due.

Rules: the project's reporting regime, section 3.2. A week is due at 17:00 on its last working day, its
data end at 17:00 on the working day before; a week with fewer than two working days has no report and
joins the next. Holidays are data: the province sends them, `resources/data/holidays.csv` is the start.
"""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import ClassVar, Self

from app.domain.errors import LedgerError
from app.domain.periods import HANOI, BadDate, Week, parse_date

CLOSING_TIME = time(17, 0, tzinfo=HANOI)

_LAST_MOMENT = time.max.replace(tzinfo=HANOI)
_SATURDAY = 5
_OFF = ("holiday", "moved", "swapped_off")
_ON = ("swapped_on",)


class BadCalendar(LedgerError):
    """A table of holidays that cannot be read; facts: line (1 is the heading), problem."""

    code: ClassVar[str] = "bad-calendar"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days, as data.

    holidays: days off that would be working days. working_days: Saturdays and Sundays that are worked,
    in exchange for a day off (hoán đổi). A day in both is worked.
    """

    holidays: frozenset[date] = field(default_factory=frozenset)
    working_days: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def from_csv(cls, text: str) -> Self:
        """Read a table `date,name,kind`.

        kind: `holiday`, `moved` (off in place of a holiday on a weekend), `swapped_off`, `swapped_on`.
        Raises BadCalendar with the line; nothing is guessed.
        """
        rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
        if next(rows, None) != ["date", "name", "kind"]:
            raise BadCalendar(line=1, problem="date,name,kind")
        off: set[date] = set()
        on: set[date] = set()
        for row in rows:
            if not row:
                continue
            if len(row) != 3 or row[2] not in _OFF + _ON:
                raise BadCalendar(line=rows.line_num, problem=",".join(row))
            try:
                (off if row[2] in _OFF else on).add(parse_date(row[0]))
            except BadDate as wrong:
                raise BadCalendar(line=rows.line_num, problem=row[0]) from wrong
        return cls(frozenset(off), frozenset(on))

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day: Monday to Friday without holidays, and swapped days."""
        return day in self.working_days or (day.weekday() < _SATURDAY and day not in self.holidays)

    def cut_off(self, week: Week) -> datetime | None:
        """When the data of a week end, in Hanoi time; None when the week has no report."""
        return self._closing(week, 2)

    def due(self, week: Week) -> datetime | None:
        """When the report of a week must be signed, in Hanoi time; None when the week has no report."""
        return self._closing(week, 1)

    def reporting_week(self, week: Week) -> Week:
        """The week that a week reports in: itself, or the next one that has a report."""
        while self.cut_off(week) is None:
            week = week.next()
        return week

    def default_week(self, moment: datetime) -> Week:
        """The week whose cut-off comes next; a moment exactly at the cut-off still belongs to it.

        moment: aware, of any zone. Raises ValueError for a naive one, which would mean a machine's own zone.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment needs its zone")
        here = moment.astimezone(HANOI)
        week = self.reporting_week(Week.containing(here.date()))
        closes = self.cut_off(week)
        if closes is not None and closes < here:
            week = self.reporting_week(week.next())
        return week

    def default_week_at_end_of(self, day: date) -> Week:
        """The default week as the day ends: on the day of a cut-off, that is already the next."""
        return self.default_week(datetime.combine(day, _LAST_MOMENT))

    def _closing(self, week: Week, from_the_end: int) -> datetime | None:
        worked = [day for day in week.days() if self.is_working(day)]
        if len(worked) < 2:
            return None
        return datetime.combine(worked[-from_the_end], CLOSING_TIME)
