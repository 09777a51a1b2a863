"""The reporting calendar: working days, and when each period of reporting closes and is due.

Rules: the project's reporting regime, section 3.2, after Nghị định 09/2019/NĐ-CP art. 8(5) and 12. A week is
due at 17:00 on its last working day, its data end at 17:00 on the working day before; a week with fewer than
two working days has no report and joins the next. The data of longer periods end on the 14th of the last
month, the report is due on the second working day after it. Holidays and rules are data: the province sends
them, `resources/data/holidays.csv` and `DEFAULTS` are the start.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Literal, Self, get_args

from app.domain.errors import LedgerError
from app.domain.periods import HANOI, BadDate, Week, parse_date
from app.domain.reporting import Kind, Period

STATE, PARTY = "ubnd_tinh", "tinh_uy"
"""The two lines of reporting: to the People's Committee, to the Party Committee of the province."""

DayKind = Literal["holiday", "moved", "swapped_off", "swapped_on", "ordinary"]
"""What a day is: off, worked in exchange for a day off, or a day like others, whatever was said before."""

_LAST_MOMENT = time.max.replace(tzinfo=HANOI)
_SATURDAY = 5
_OFF = ("holiday", "moved", "swapped_off")
_ON = ("swapped_on",)
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MOST_FROM_THE_END = 5  # a week has five working days when no holiday falls into it
_LAST_DAY = 28  # every month has it
_MOST_AFTER = 20
_LONGER: tuple[Kind, ...] = ("month", "quarter", "half", "nine_months", "year")


class BadCalendar(LedgerError):
    """A table of holidays that cannot be read; facts: line (1 is the heading), problem."""

    code: ClassVar[str] = "bad-calendar"


class BadRule(LedgerError):
    """A rule that no period could follow; facts: field."""

    code: ClassVar[str] = "bad-reporting-rule"


@dataclass(frozen=True, slots=True)
class Rule:
    """When the reports of one line and kind of period close and are due.

    valid_from: the rule holds for periods whose last day is not before it. cut_off, due: of a week, working
    days counted from its end, 1 is the last; of a longer period, the day of its last month and how many
    working days after it. time: "17:00", in Hanoi, of both. Raises BadRule with the field.
    """

    line: str
    frequency: Kind
    valid_from: date
    cut_off: int
    due: int
    time: str = "17:00"

    def __post_init__(self) -> None:
        week = self.frequency == "week"
        if self.line not in {STATE, PARTY}:
            raise BadRule(field="line")
        if self.frequency not in get_args(Kind):
            raise BadRule(field="frequency")
        if not (2 if week else 1) <= self.cut_off <= (_MOST_FROM_THE_END if week else _LAST_DAY):
            raise BadRule(field="cut_off")
        # of a week, the cut-off lies before the due day: one working day at least between the two
        if not 1 <= self.due <= (self.cut_off - 1 if week else _MOST_AFTER):
            raise BadRule(field="due")
        if not _TIME.fullmatch(self.time):
            raise BadRule(field="time")

    def at(self, day: date) -> datetime:
        """The moment of a day that this rule means, in Hanoi time."""
        return datetime.combine(day, time.fromisoformat(self.time).replace(tzinfo=HANOI))


DEFAULTS: tuple[Rule, ...] = tuple(
    rule
    for line in (STATE, PARTY)
    for rule in (
        Rule(line, "week", date.min, cut_off=2, due=1),
        *(Rule(line, kind, date.min, cut_off=14, due=2) for kind in _LONGER),
    )
)
"""The rules until the province sends others."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days and rules, as data.

    holidays: days off that would be working days. working_days: Saturdays and Sundays that are worked,
    in exchange for a day off (hoán đổi). A day in both is worked. rules: what the province sent; where none
    of them holds, `DEFAULTS` do.
    """

    holidays: frozenset[date] = field(default_factory=frozenset)
    working_days: frozenset[date] = field(default_factory=frozenset)
    rules: tuple[Rule, ...] = ()

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

    def with_data(self, days: Iterable[tuple[date, DayKind]], rules: Iterable[Rule]) -> Self:
        """This calendar with what the province says of single days, which counts before it, and its rules."""
        off, on = set(self.holidays), set(self.working_days)
        for day, kind in days:
            off.discard(day)
            on.discard(day)
            if kind in _OFF:
                off.add(day)
            elif kind in _ON:
                on.add(day)
        return replace(
            self, holidays=frozenset(off), working_days=frozenset(on), rules=self.rules + tuple(rules)
        )

    # Days

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day: Monday to Friday without holidays, and swapped days."""
        return day in self.working_days or (day.weekday() < _SATURDAY and day not in self.holidays)

    def working_day_after(self, day: date, count: int = 1) -> date:
        """The first, second… working day after a day."""
        while count:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    # One period

    def rule(self, period: Period, line: str = STATE) -> Rule:
        """The rule that a period follows: the newest that is valid on its last day."""
        return self._rule(line, period.kind, period.end)

    def cut_off(self, period: Week | Period, line: str = STATE) -> datetime | None:
        """When the data of a period end, in Hanoi time; None for a week that has no report."""
        asked = _period(period)
        rule = self.rule(asked, line)
        if asked.kind == "week":
            return self._in_week(asked.week, rule, rule.cut_off)
        return rule.at(asked.end.replace(day=rule.cut_off))

    def due(self, period: Week | Period, line: str = STATE) -> datetime | None:
        """When the report of a period must be signed, in Hanoi time; None for a week that has no report."""
        asked = _period(period)
        rule = self.rule(asked, line)
        if asked.kind == "week":
            return self._in_week(asked.week, rule, rule.due)
        return rule.at(self.working_day_after(asked.end.replace(day=rule.cut_off), rule.due))

    def days_of(self, period: Week | Period, line: str = STATE) -> tuple[date, date]:
        """The first and the last day of a period's data: Monday and Sunday, or from cut-off to cut-off."""
        asked = _period(period)
        if asked.kind == "week":
            return asked.week.monday, asked.week.sunday
        before = asked.start - timedelta(days=1)  # the end of the month period that lies before
        began = before.replace(day=self._rule(line, asked.kind, before).cut_off)
        return began + timedelta(days=1), asked.end.replace(day=self.rule(asked, line).cut_off)

    # Which period

    def reporting_week(self, week: Week, line: str = STATE) -> Week:
        """The week that a week reports in: itself, or the next one that has a report."""
        while self.cut_off(week, line) is None:
            week = week.next()
        return week

    def default_week(self, moment: datetime, line: str = STATE) -> Week:
        """The week whose cut-off comes next; a moment exactly at the cut-off still belongs to it.

        moment: aware, of any zone. Raises ValueError for a naive one, which would mean a machine's own zone.
        """
        here = _here(moment)
        week = self.reporting_week(Week.containing(here.date()), line)
        while (self.cut_off(week, line) or here) < here:
            week = self.reporting_week(week.next(), line)
        return week

    def default_week_at_end_of(self, day: date) -> Week:
        """The default week as the day ends: on the day of a cut-off, that is already the next."""
        return self.default_week(datetime.combine(day, _LAST_MOMENT))

    def default_period(self, kind: Kind, moment: datetime, line: str = STATE) -> Period:
        """The period of a kind whose cut-off comes next; as `default_week`, and raises the same."""
        if kind == "week":
            return Period.of_week(self.default_week(moment, line))
        here = _here(moment)
        period = Period.ending_in(kind, here.year, here.month)
        while (self.cut_off(period, line) or here) < here:
            period = period.next()
        return period

    def open_period(self, kind: Kind, moment: datetime, line: str = STATE) -> Period:
        """The period of a kind whose report is due next: its data may have ended, it is not late yet."""
        period = self.default_period(kind, moment, line)
        before, here = period.previous(), _here(moment)
        while self.due(before, line) is None:
            before = before.previous()
        due = self.due(before, line)
        return before if due is not None and here <= due else period

    # Periods that go together

    def contained(self, period: Period, line: str = STATE) -> tuple[Period, ...]:
        """The shorter periods whose data end with those of a period, the longest first; none for a week."""
        if period.kind == "week":
            return ()
        ending = (
            Period.ending_in(kind, period.year, period.last_month) for kind in _LONGER if kind != period.kind
        )
        shorter = (p for p in ending if p.end == period.end and p.start > period.start)
        closes = self.cut_off(period, line)
        return tuple(sorted((p for p in shorter if self.cut_off(p, line) == closes), key=lambda p: p.start))

    def longest_ending_with(self, period: Period, line: str = STATE) -> Period:
        """The longest period whose data end with those of a period, so that its report contains it."""
        if period.kind == "week":
            return period
        longer = [Period.ending_in(kind, period.year, period.last_month) for kind in reversed(_LONGER)]
        return next((p for p in longer if p == period or period in self.contained(p, line)), period)

    def weeks_of(self, period: Week | Period, line: str = STATE) -> tuple[Week, ...]:
        """The weeks whose data a period takes in: those that close within its days. Of a week, that week."""
        asked = _period(period)
        if asked.kind == "week":
            return (asked.week,)
        first, last = self.days_of(asked, line)
        week, found = Week.containing(first), list[Week]()
        while week.monday <= last:
            closes = self.cut_off(week, line)
            if closes is not None and first <= closes.date() <= last:
                found.append(week)
            week = week.next()
        return tuple(found)

    def _rule(self, line: str, kind: Kind, last: date) -> Rule:
        """The newest rule that holds on the last day of a period; of two of one day, the later one."""
        holding = [
            rule
            for rule in DEFAULTS + self.rules
            if rule.line == line and rule.frequency == kind and rule.valid_from <= last
        ]
        if not holding:
            raise ValueError(f"no line of reporting called {line}")
        return max(reversed(holding), key=lambda rule: rule.valid_from)

    def _in_week(self, week: Week, rule: Rule, from_the_end: int) -> datetime | None:
        worked = [day for day in week.days() if self.is_working(day)]
        return rule.at(worked[-from_the_end]) if len(worked) >= rule.cut_off else None


def _period(period: Week | Period) -> Period:
    return Period.of_week(period) if isinstance(period, Week) else period


def _here(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(HANOI)
