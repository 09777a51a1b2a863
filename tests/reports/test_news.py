import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from app.domain.reports import ReportLine
from app.reports.news import news
from tests.domain.test_reports import lines
from tests.reports.samples import of_period, report

TASK = ReportLine(
    code="A-1", title="Việc", line="ubnd_tinh", status="in_progress", timeliness="on_track", days=40,
    percent=60, previous_percent=40, previous_status="in_progress", changed=True,
)  # fmt: skip


def test_what_a_leader_wants_to_know_in_two_minutes():
    done = replace(TASK, code="A-2", status="done", timeliness="done_on_time", percent=100)
    late = replace(TASK, code="A-3", timeliness="overdue", days=2, changed=False, deadline=date(2025, 6, 24))
    old = replace(late, code="A-4", days=30)
    stuck = replace(TASK, code="A-5", difficulty="Thiếu máy", proposal="Cấp máy", percent=40)
    assert news(report((stuck, old, late, done, TASK))) == (
        "Hoàn thành 01 nhiệm vụ: A-2.",
        "Có thay đổi 02 nhiệm vụ: A-1 (từ 40% thành 60%), A-5.",
        "Mới quá hạn 01 nhiệm vụ: A-3 (2 ngày).",
        "Khó khăn, vướng mắc: 01 nhiệm vụ; đề xuất, kiến nghị: 01 nhiệm vụ.",
        "Không thay đổi: 02/05 nhiệm vụ.",
    )


def test_many_are_named_in_part():
    found = news(report(tuple(replace(TASK, code=f"T-{n}") for n in range(9))))
    assert found[0].endswith("T-5 (từ 40% thành 60%), 03 nhiệm vụ khác.")


@pytest.mark.parametrize("period", ["2025-W26", "2025-07", "2025-Q2", "2025"])
def test_never_more_than_five_lines(period):
    assert 1 <= len(news(of_period(period))) <= 5


def test_nothing_came_up():
    assert news(report(())) == ("Không phát sinh.",)
    assert news(report((replace(TASK, changed=False),))) == ("Không thay đổi: 01/01 nhiệm vụ.",)


@given(lines())
def test_each_task_is_done_changed_or_as_before(tasks):
    text = " ".join(news(report(tasks)))
    counted = [
        int(found[1])
        for pattern in (r"Hoàn thành (\d+)", r"Có thay đổi (\d+)", r"Không thay đổi: (\d+)")
        if (found := re.search(pattern, text))
    ]
    assert sum(counted) == len(tasks)
