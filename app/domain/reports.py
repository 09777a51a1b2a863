"""What a report is made of, and how its figures and dates are written.

Plain values: a service fills them, `app.reports` turns them into a sheet. The rules are those of the regime
of reporting: one stored status, lateness derived from dates, recurring tasks counted inside "in progress". A
report holds tasks of one reporting line. What is written is Vietnamese because a document always is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from app.domain.periods import Week
from app.domain.progress import STATUSES
from app.domain.reporting import Period
from app.domain.tasks import TIMELINESS, Tally, Timeliness, tally

UNSET = "Chưa ghi"
"""What stands in the place of a setting that nobody has filled in."""

LINES = ("ubnd_tinh", "tinh_uy")
DUE_AHEAD_DAYS = 14
"""How far ahead a weekly report names the tasks that fall due."""

_DONE = frozenset({"done_on_time", "done_late", "done_undated"})


@dataclass(frozen=True, slots=True)
class UnitBlock:
    """What the unit's settings say about the title block and the signature of one reporting line.

    None means that nobody has filled it in, and prints «Chưa ghi». `name` may lead with "Xã" or "Phường";
    `kind` is "xa" or "phuong"; `superior` is printed where the form has such a line (the Party's always, the
    state's if it is set).
    """

    name: str
    kind: str
    place: str | None = None
    superior: str | None = None
    issuer: tuple[str, ...] | None = None
    symbol: str | None = None
    authority: tuple[str, ...] | None = None
    signer: str | None = None
    addressees: tuple[str, ...] | None = None
    recipients: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class WeekWords:
    """What was written about a task in one week."""

    week: Week
    result: str = ""
    difficulty: str = ""
    proposal: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One task as it stands at the report's cut-off.

    `timeliness` is a code of `app.domain.tasks`; `days` are the days late, or those still to go.
    `previous_status` and `previous_percent` are those of the period before; None where there was none.
    `words` are the document of a pause or the reason of a re-opening. `occurrence_done`: this period's
    occurrence of a recurring task is done; `occurrences`: how many were done, of how many that came due, in a
    period longer than a week. `assignment` is its id in the ledger. `weeks`: in a period longer than a week
    what its weeks wrote, the oldest first; it stands in place of result, difficulty, proposal and next_step.
    A task that was withdrawn has no line. Raises ValueError when timeliness and status contradict each other:
    then the figures would not add up.
    """

    code: str
    title: str
    line: str
    status: str
    timeliness: str
    days: int | None = None
    percent: int | None = None
    completed_on: date | None = None
    deadline: date | None = None
    extended: bool = False
    product: str = ""
    source: str = ""
    lead: str = ""
    cooperating: str = ""
    group: str = ""
    group_name: str = ""
    shared: bool = True
    recurring: bool = False
    occurrence_done: bool = False
    words: str = ""
    changed: bool = False
    previous_status: str | None = None
    previous_percent: int | None = None
    result: str = ""
    difficulty: str = ""
    proposal: str = ""
    next_step: str = ""
    assignment: str = ""
    weeks: tuple[WeekWords, ...] = ()
    occurrences: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        fits = (
            self.status in STATUSES
            and self.timeliness in TIMELINESS
            and (self.timeliness == "recurring") == self.recurring
            and (not self.recurring or self.status == "in_progress")
            and (self.status == "done") == (self.timeliness in _DONE)
            and (self.status == "paused") == (self.timeliness == "paused")
        )
        if not fits:
            raise ValueError(f"{self.code}: {self.status} and {self.timeliness} contradict each other")

    @property
    def open(self) -> bool:
        """Still to be worked on: not done, not paused."""
        return self.status in {"not_started", "in_progress"}

    @property
    def listed(self) -> bool:
        """Belongs to the weekly annex (Biểu 02): changed this week, due within seven days, or overdue."""
        return self.changed or self.timeliness in {"due_soon", "overdue"}

    def due_within(self, day: date, days: int) -> bool:
        """Open, with a deadline from `day` to `days` days after it, both included."""
        if not self.open or self.deadline is None:
            return False
        return day <= self.deadline <= day + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A task that the province took back: in no count, named apart. document: what says so, if told."""

    code: str
    title: str
    day: date
    document: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A sentence as an officer left it. basis: what the program had written when it was edited."""

    text: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The issued report that a correction stands in for. number: as the clerk wrote it, "45/BC-UBND"."""

    number: str
    date: date


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says. `cutoff` is local time (UTC+7); `lines` may stand in any order.

    `notice` names what the report answers ("Thông báo về nhiệm vụ tháng 7 năm 2025 của …"). `sentences` are
    the officer's own, by slot (`app.reports.blocks`). `before`, `year_before`: the figures at the end of the
    period before and of the same period a year ago, where they are known. `replaces`: this is a correction.
    Number and date of issue have no place here: they come after the signature. Raises ValueError for a line
    that belongs to another reporting line, or a task that stands there twice.
    """

    unit: UnitBlock
    line: str
    period: Period
    cutoff: datetime
    lines: tuple[ReportLine, ...]
    notice: str | None = None
    sentences: Mapping[str, Edited] = field(default_factory=dict)
    replaces: Replaced | None = None
    before: Tally | None = None
    year_before: Tally | None = None
    withdrawn: tuple[Withdrawn, ...] = ()

    def __post_init__(self) -> None:
        if self.line not in LINES:
            raise ValueError(f"no reporting line called {self.line}")
        strangers = [line.code for line in self.lines if line.line != self.line]
        if strangers:
            raise ValueError(f"not of the line {self.line}: {', '.join(strangers)}")
        if len({line.assignment or line.code for line in self.lines}) != len(self.lines):
            raise ValueError("a task stands in the report twice")

    @property
    def weekly(self) -> bool:
        """Whether the period is a week."""
        return self.period.kind == "week"

    @property
    def empty(self) -> bool:
        """Nothing came up: no task changed in the period, and no work besides the tasks is told of."""
        extra = self.sentences.get("extra")
        return not any(line.changed for line in self.lines) and not (extra and extra.text.strip())


def own_name(name: str) -> str:
    """A unit's name without "Xã" or "Phường", as a report puts them itself; the table of units has them."""
    for kind in ("Xã ", "Phường "):
        if name.startswith(kind):
            return name.removeprefix(kind).strip()
    return name.strip()


def tally_of(lines: Iterable[ReportLine]) -> Tally:
    """The figures of a report: total = done + in progress + not started + paused."""
    return tally((line.status, Timeliness(line.timeliness, line.days)) for line in lines)


def grouped(value: int) -> str:
    """An integer with a point between thousands: 614.025."""
    return f"{value:,}".replace(",", ".")


def padded(value: int) -> str:
    """A count inside a sentence: 1 to 9 take a leading zero, 0 stays 0, thousands take a point."""
    return f"{value:02d}" if 0 < value < 10 else grouped(value)


def share(part: int, whole: int) -> str:
    """Percent of the whole with one decimal, half away from zero, a decimal comma, no space: 3,7%.

    Raises ZeroDivisionError for a whole of 0.
    """
    if whole == 0:
        raise ZeroDivisionError("there is no share of nothing")
    value = (Decimal(part * 100) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{value}".replace(".", ",") + "%"


def short_date(day: date) -> str:
    """24/6/2025, 05/02/2025: a leading zero for days below 10 and for months 1 and 2 only."""
    return f"{day.day:02d}/{_month(day.month)}/{day.year}"


def long_date(day: date) -> str:
    """Ngày 24 tháng 6 năm 2025, in small letters, padded like `short_date`."""
    return f"ngày {day.day:02d} tháng {_month(day.month)} năm {day.year}"


def moment(at: datetime) -> str:
    """17 giờ 00 phút ngày 26/6/2025, the way the moment of the data is printed."""
    return f"{at.hour:02d} giờ {at.minute:02d} phút ngày {short_date(at.date())}"


def _month(month: int) -> str:
    return f"{month:02d}" if month <= 2 else str(month)
