"""What a weekly report is made of, and the figures and sentences that nobody may alter by hand.

Plain values: a service fills them, `app.reports` turns them into a sheet. The rules are those of the regime
of reporting: one stored status, lateness derived from dates, recurring tasks counted inside "in progress". A
report holds tasks of one reporting line. The sentences are Vietnamese because a document always is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from app.domain.progress import STATUSES
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
class ReportLine:
    """One task as it stands at the report's cut-off.

    `timeliness` is a code of `app.domain.tasks`; `days` are the days late, or those still to go.
    `previous_status` and `previous_percent` are those of the week before; None where there was none. `words`
    are the document of a pause or the reason of a re-opening. `occurrence_done`: this period's occurrence of
    a recurring task is done. A task that was withdrawn has no line. Raises ValueError when timeliness and
    status contradict each other: then the figures would not add up.
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
class WeeklyReport:
    """All that a weekly report says. `cutoff` is local time (UTC+7); `lines` may stand in any order.

    `notice` names what the report answers ("Thông báo về nhiệm vụ tháng 7 năm 2025 của …"). `number` and
    `issued` are typed in by the clerk after signing; until then their places stay blank. Raises ValueError
    for a line that belongs to another reporting line, or a task that stands there twice.
    """

    unit: UnitBlock
    line: str
    year: int
    week: int
    start: date
    end: date
    cutoff: datetime
    lines: tuple[ReportLine, ...]
    notice: str | None = None
    number: int | None = None
    issued: date | None = None

    def __post_init__(self) -> None:
        if self.line not in LINES:
            raise ValueError(f"no reporting line called {self.line}")
        strangers = [line.code for line in self.lines if line.line != self.line]
        if strangers:
            raise ValueError(f"not of the line {self.line}: {', '.join(strangers)}")
        if len({line.code for line in self.lines}) != len(self.lines):
            raise ValueError("a task stands in the report twice")


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


def summary_sentence(figures: Tally, day: date) -> str:
    """The sentence of part 1 (Tổng hợp chung), whose numbers are locked; `day` is that of the cut-off.

    A status that no task has is given as 0 without a breakdown. Tasks done without a deadline and paused ones
    are named only where there are any; then the parts still add up to the total.
    """
    counts = figures.counts
    parts = [f"Tính đến ngày {short_date(day)}, tổng số nhiệm vụ được giao là {padded(counts.total)}"]
    if not counts.total:
        return parts[0] + "."
    done = [("đúng hạn", figures.done_on_time), ("quá hạn", figures.done_late)]
    if figures.done_undated:
        done.append(("không quy định thời hạn", figures.done_undated))
    under_way = [
        ("trong hạn", figures.under_way_in_time),
        ("quá hạn", figures.under_way_overdue),
        ("thường xuyên", figures.recurring),
    ]
    parts += [
        _part("đã hoàn thành", counts.done, counts.total, done),
        _part("đang thực hiện", counts.in_progress, counts.total, under_way),
        _part("chưa thực hiện", counts.not_started, counts.total, [("quá hạn", figures.not_started_overdue)]),
    ]
    if counts.paused:
        parts.append(_part("tạm dừng", counts.paused, counts.total, []))
    return "; ".join(parts) + "."


def _part(label: str, value: int, total: int, details: list[tuple[str, int]]) -> str:
    if not value:
        return f"{label} 0"
    told = ", ".join(f"{name} {padded(number)}" for name, number in details)
    return f"{label} {padded(value)} ({share(value, total)})" + (f", trong đó {told}" if told else "")
