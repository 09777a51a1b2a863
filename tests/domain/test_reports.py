from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import HANOI
from app.domain.progress import State
from app.domain.reporting import Period
from app.domain.reports import (
    Report,
    ReportLine,
    UnitBlock,
    grouped,
    long_date,
    moment,
    padded,
    share,
    short_date,
    tally_of,
)
from app.domain.tasks import timeliness

DAY = date(2025, 6, 24)
UNDER_WAY = ReportLine(
    code="A-1", title="Việc", line="ubnd_tinh", status="in_progress", timeliness="on_track"
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[ReportLine, ...]:
    """Tasks in every state that the rules allow, on days around the report's."""
    made = []
    for number in range(draw(st.integers(0, 30))):
        recurring = draw(st.integers(0, 5)) == 0
        deadline = DAY + timedelta(draw(st.integers(-30, 30))) if draw(st.booleans()) else None
        status = draw(st.sampled_from(["not_started", "in_progress", "done", "paused"]))
        completed = DAY - timedelta(draw(st.integers(0, 40))) if status == "done" else None
        if recurring:
            status, completed, deadline = "in_progress", None, None
        code, days = timeliness(State(status, None, completed), deadline, DAY, recurring=recurring)
        made.append(replace(
            UNDER_WAY, code=f"A-{number}", status=status, timeliness=code, days=days, deadline=deadline,
            completed_on=completed, recurring=recurring,
        ))  # fmt: skip
    return tuple(made)


@given(lines())
def test_the_figures_add_up(tasks):
    figures = tally_of(tasks)
    counts = figures.counts
    assert counts.total == len(tasks)
    assert counts.total == counts.done + counts.in_progress + counts.not_started + counts.paused
    assert counts.done == sum(task.status == "done" for task in tasks)
    assert counts.done == figures.done_on_time + figures.done_late + figures.done_undated
    late = sum(task.timeliness == "overdue" for task in tasks)
    assert figures.under_way_overdue + figures.not_started_overdue == late
    assert figures.recurring == sum(task.recurring for task in tasks) <= counts.in_progress


def test_numbers_as_an_office_writes_them():
    assert [padded(n) for n in (0, 1, 9, 10, 1234)] == ["0", "01", "09", "10", "1.234"]
    assert grouped(614025) == "614.025"
    assert [share(3, 81), share(1, 1), share(1, 16), share(1, 2000)] == ["3,7%", "100,0%", "6,3%", "0,1%"]
    with pytest.raises(ZeroDivisionError):
        share(0, 0)


def test_dates_take_a_zero_for_small_days_and_for_two_months_only():
    assert short_date(date(2025, 6, 24)) == "24/6/2025"
    assert short_date(date(2025, 2, 5)) == "05/02/2025"
    assert long_date(date(2025, 2, 5)) == "ngày 05 tháng 02 năm 2025"
    assert long_date(date(2025, 6, 24)) == "ngày 24 tháng 6 năm 2025"
    assert moment(datetime(2025, 6, 26, 17, 0, tzinfo=HANOI)) == "17 giờ 00 phút ngày 26/6/2025"


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "done"},
        {"timeliness": "done_on_time"},
        {"status": "paused"},
        {"recurring": True},
        {"status": "not_started", "timeliness": "recurring", "recurring": True},
        {"status": "cancelled", "timeliness": "cancelled"},
    ],
)
def test_a_line_that_contradicts_itself_is_refused(facts):
    with pytest.raises(ValueError, match="contradict"):
        replace(UNDER_WAY, **facts)


def test_a_task_due_is_open_and_inside_the_days():
    due = replace(UNDER_WAY, deadline=DAY + timedelta(14))
    assert due.due_within(DAY, 14)
    assert not due.due_within(DAY, 13)
    assert not replace(due, deadline=DAY - timedelta(1)).due_within(DAY, 14)
    assert not replace(due, status="done", timeliness="done_on_time").due_within(DAY, 14)
    assert not UNDER_WAY.due_within(DAY, 14)


def test_the_annex_lists_what_changed_is_due_or_late():
    assert not UNDER_WAY.listed
    assert replace(UNDER_WAY, changed=True).listed
    assert replace(UNDER_WAY, timeliness="due_soon", days=7).listed
    assert replace(UNDER_WAY, timeliness="overdue", days=1).listed


def test_a_report_holds_tasks_of_one_line_and_each_once():
    given = Report(
        unit=UnitBlock("Mường Xén", "xa"), line="ubnd_tinh", period=Period("week", 2025, 26),
        cutoff=datetime(2025, 6, 26, 17, 0, tzinfo=HANOI), lines=(UNDER_WAY,),
    )  # fmt: skip
    with pytest.raises(ValueError, match="not of the line"):
        replace(given, line="tinh_uy")
    with pytest.raises(ValueError, match="twice"):
        replace(given, lines=(UNDER_WAY, UNDER_WAY))
    with pytest.raises(ValueError, match="no reporting line"):
        replace(given, line="khac", lines=())
