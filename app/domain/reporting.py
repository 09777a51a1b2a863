"""Periods that a report is written for: week, month, quarter, half year, nine months, year.

Rules: Nghị định 09/2019/NĐ-CP art. 12 for where the data of a period begin and end (from the 15th to the
14th); a week is Monday to Sunday (ISO 8601). When a period closes and is due: `app.domain.calendar`.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal, Self

from app.domain.errors import LedgerError
from app.domain.periods import BadWeek, Week

Kind = Literal["week", "month", "quarter", "half", "nine_months", "year"]

_FIRST_DAY, _LAST_DAY = 15, 14  # of the data, in the month before the first and in the last month
_MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "half": 6, "nine_months": 9, "year": 12}
_ROMAN = ("I", "II", "III", "IV")
_FORM = re.compile(r"([0-9]{4})(?:-(?:W([0-9]{2})|Q([1-4])|H([12])|(9M)|([0-9]{2})))?")


class BadPeriod(LedgerError):
    """A text that names no period; facts: text."""

    code: ClassVar[str] = "bad-period"


@dataclass(frozen=True, slots=True)
class Period:
    """One period of reporting.

    number: 1 to 53 of a week, 1 to 12 of a month, 1 to 4 of a quarter, 1 or 2 of a half, 0 of nine months and
    of a year. Raises BadPeriod for one that there is not.
    """

    kind: Kind
    year: int
    number: int = 0

    def __post_init__(self) -> None:
        most = {"week": 53, "month": 12, "quarter": 4, "half": 2, "nine_months": 0, "year": 0}[self.kind]
        if not (bool(most) <= self.number <= most and 1 < self.year < 9999):
            raise BadPeriod(text=f"{self.kind} {self.year} {self.number}")
        if self.kind == "week":
            try:
                Week(self.year, self.number)
            except BadWeek as wrong:
                raise BadPeriod(text=str(self)) from wrong

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2025-W27`, `2025-07`, `2025-Q2`, `2025-H1`, `2025-9M` or `2025`. Raises BadPeriod."""
        found = _FORM.fullmatch(text.strip().upper())
        if found is None:
            raise BadPeriod(text=text)
        year, week, quarter, half, nine, month = found.groups()
        try:
            if week:
                return cls("week", int(year), int(week))
            if quarter:
                return cls("quarter", int(year), int(quarter))
            if half:
                return cls("half", int(year), int(half))
            if month:
                return cls("month", int(year), int(month))
            return cls("nine_months" if nine else "year", int(year))
        except BadPeriod as wrong:
            raise BadPeriod(text=text) from wrong

    @classmethod
    def of_week(cls, week: Week) -> Self:
        """The period that a week is."""
        return cls("week", week.year, week.number)

    @classmethod
    def ending_in(cls, kind: Kind, year: int, month: int) -> Self:
        """The period of a kind whose last month is this one, or the next that ends after it.

        month: 1 to 12. Raises ValueError for a week, which ends in no month of its own.
        """
        if kind == "week":
            raise ValueError("a week is asked for by its days")
        months = _MONTHS[kind]
        if kind == "nine_months":
            return cls(kind, year + (month > months))
        return cls(kind, year, 0 if kind == "year" else (month - 1) // months + 1)

    def __str__(self) -> str:
        match self.kind:
            case "week":
                return f"{self.year:04}-W{self.number:02}"
            case "month":
                return f"{self.year:04}-{self.number:02}"
            case "quarter":
                return f"{self.year:04}-Q{self.number}"
            case "half":
                return f"{self.year:04}-H{self.number}"
            case "nine_months":
                return f"{self.year:04}-9M"
        return f"{self.year:04}"

    @property
    def week(self) -> Week:
        """The week that this is. Raises ValueError for another kind of period."""
        if self.kind != "week":
            raise ValueError(f"{self} is no week")
        return Week(self.year, self.number)

    @property
    def last_month(self) -> int:
        """The month, 1 to 12, in which the data of a longer period end. Raises ValueError for a week."""
        if self.kind == "week":
            raise ValueError(f"{self} is a week")
        return _MONTHS[self.kind] * max(1, self.number)

    @property
    def start(self) -> date:
        """The first day of the data: a Monday, or a 15th."""
        if self.kind == "week":
            return self.week.monday
        month = self.last_month - _MONTHS[self.kind]
        return date(self.year - 1, 12, _FIRST_DAY) if month == 0 else date(self.year, month, _FIRST_DAY)

    @property
    def end(self) -> date:
        """The last day of the data: a Sunday, or a 14th."""
        return self.week.sunday if self.kind == "week" else date(self.year, self.last_month, _LAST_DAY)

    def previous(self) -> Self:
        """The period of the same kind before this one; of nine months and of a year, the year before."""
        return self._step(-1)

    def next(self) -> Self:
        """The period of the same kind after this one."""
        return self._step(1)

    def _step(self, by: int) -> Self:
        if self.kind == "week":
            return type(self).of_week(Week.containing(self.week.monday + timedelta(days=7 * by)))
        if not self.number:
            return type(self)(self.kind, self.year + by)
        in_year = 12 // _MONTHS[self.kind]
        place = self.year * in_year + self.number - 1 + by
        return type(self)(self.kind, place // in_year, place % in_year + 1)

    @property
    def words(self) -> str:
        """The period as documents name it: "tuần 27 năm 2025", "quý II năm 2025", "6 tháng đầu năm 2025".

        Of the months only 1 and 2 take a leading zero, as in dates.
        """
        match self.kind:
            case "week":
                said = f"tuần {self.number}"
            case "month":
                said = f"tháng {self.number:02}" if self.number <= 2 else f"tháng {self.number}"
            case "quarter":
                said = f"quý {_ROMAN[self.number - 1]}"
            case "half":
                return f"6 tháng {'đầu' if self.number == 1 else 'cuối'} năm {self.year}"
            case "nine_months":
                said = "9 tháng"
            case _:
                return f"năm {self.year}"
        return f"{said} năm {self.year}"
