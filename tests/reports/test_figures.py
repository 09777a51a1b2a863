"""Every figure of a report agrees with every other: sentences, tables and chart, whatever the tasks are."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.periods import HANOI
from app.domain.reporting import Period
from app.domain.reports import ReportLine, padded, tally_of
from app.reports.annexes import figures_of
from app.reports.content import Content, Paragraph, Table, build
from tests.domain.test_reports import DAY
from tests.domain.test_reports import lines as any_lines
from tests.reports.samples import report

PERIODS = ["2025-06", "2025-Q2", "2025-H1", "2025-9M", "2025"]


@st.composite
def tasks(draw: st.DrawFn) -> tuple[ReportLine, ...]:
    """Tasks in every state, in a few groups, shared or not, changed or not, with words or without."""
    return tuple(
        replace(
            line,
            group=draw(st.sampled_from(["A", "B", "C", ""])),
            shared=draw(st.booleans()),
            changed=draw(st.booleans()),
            difficulty=draw(st.sampled_from(["", "Thiếu người"])),
        )
        for line in draw(any_lines())
    )


def made(lines: Sequence[ReportLine], period: str) -> Content:
    cutoff = datetime(DAY.year, DAY.month, DAY.day, 17, tzinfo=HANOI)
    return build(report(tuple(lines), period=Period.parse(period), cutoff=cutoff))


def table(content: Content, number: str) -> Table | None:
    return next((table for table in content.tables if table.number == number), None)


def numbers(row: tuple[str, ...]) -> list[int]:
    """The counts of a row of Biểu 01, without its place, name and rate."""
    return [int(cell.replace(".", "")) for cell in row[2:-1]]


def sentence(content: Content, slot: str) -> str:
    return next((b.text for b in content.blocks if isinstance(b, Paragraph) and b.slot == slot), "")


@settings(max_examples=60)
@given(tasks(), st.sampled_from(PERIODS))
def test_the_table_of_groups_adds_up_in_both_ways(lines, period):
    content = made(lines, period)
    summary = table(content, "01")
    if not lines:
        assert summary is None
        return
    assert summary is not None and summary.total
    *groups, total = summary.rows
    assert total[1] == "Cộng"
    assert [sum(column) for column in zip(*map(numbers, groups), strict=True)] == numbers(total)
    assert [row[0] for row in groups] == [str(n) for n in range(1, len(groups) + 1)]
    overs = [(column.over, column.heading) for column in summary.columns[2:-1]]
    for row in summary.rows:
        held = dict(zip(overs, numbers(row), strict=True))
        recurring = held.pop(("Đang thực hiện", "Trong đó thường xuyên"))
        assert recurring <= held[("Đang thực hiện", "Trong hạn")]
        assert held.pop(("", "Tổng số")) == sum(held.values())
    assert numbers(total)[0] == len(lines)


@settings(max_examples=60)
@given(tasks())
def test_the_figures_of_a_printed_report_are_read_back(lines):
    assert figures_of(made(lines, "2025-06").tables) == (tally_of(lines) if lines else None)


@settings(max_examples=60)
@given(tasks(), st.sampled_from(PERIODS))
def test_sentences_chart_and_tables_say_the_same(lines, period):
    content = made(lines, period)
    if not lines:
        return
    figures = tally_of(lines)
    summary = table(content, "01")
    assert f"được giao là {padded(len(lines))};" in sentence(content, "summary")
    assert content.chart is not None
    bars = {bar.kind: bar.count for bar in content.chart.bars}
    assert sum(bars.values()) == len(lines)
    assert bars["done"] == figures.counts.done
    assert bars["overdue"] == sum(line.timeliness == "overdue" for line in lines)
    scope = [int(n) for n in re.findall(r"là (\d+)", sentence(content, "scope"))]
    assert scope[0] + scope[1] == len(lines)
    grouped = [
        int(found[1])
        for block in content.blocks
        if isinstance(block, Paragraph) and (block.slot.startswith("group:") or block.slot == "own")
        if (found := re.search(r"[Tt]ổng số (\d+) nhiệm vụ", block.text))
    ]
    assert sum(grouped) == len(lines)
    assert summary is not None


@settings(max_examples=60)
@given(tasks(), st.sampled_from(["2025-W26", *PERIODS]))
def test_each_table_holds_the_tasks_that_belong_there(lines, period):
    content = made(lines, period)
    weekly = period == "2025-W26"
    details = table(content, "02")
    shown = [row[1] for row in details.rows] if details else []
    assert sorted(shown) == sorted(line.code for line in lines if line.listed or not weekly)
    troubles = table(content, "03")
    if weekly:
        assert troubles is None
        return
    late = {line.code: line.days for line in lines if line.timeliness == "overdue"}
    obstructed = {line.code for line in lines if line.difficulty}
    rows = troubles.rows if troubles else ()
    assert sorted(row[1] for row in rows) == sorted(late.keys() | obstructed)
    days = [int(row[4]) for row in rows if row[4]]
    assert days == sorted(late.values(), reverse=True)
    told = sentence(content, "trouble")
    assert bool(told) == bool(rows)
    if late:
        assert f"Có {padded(len(late))} nhiệm vụ quá hạn" in told
    if obstructed:
        assert f"{padded(len(obstructed))} nhiệm vụ có khó khăn" in told
    for row in rows:
        assert row[5] == ("Thiếu người" if row[1] in obstructed else "Chưa ghi")


@settings(max_examples=40)
@given(tasks())
def test_open_tasks_stand_in_one_place_of_what_comes_next(lines):
    """Late, due until the end of June, due in July, or carried on: each open task once."""
    content = made(lines, "2025-06")
    named = [b.slot.partition(":")[2] for b in content.blocks if getattr(b, "slot", "").startswith("next:")]
    due = {line.code for line in lines if line.due_within(DAY, (date(2025, 7, 31) - DAY).days)}
    assert sorted(named) == sorted(due)
    counted = [int(n) for n in re.findall(r"thực hiện (\d+) nhiệm vụ khác", sentence(content, "carry_on"))]
    late = [int(n) for n in re.findall(r"hoàn thành (\d+) nhiệm vụ đã quá hạn", sentence(content, "late"))]
    still_open = sum(line.open and not line.recurring for line in lines)
    assert sum(counted) + sum(late) + len(due) == still_open


@pytest.mark.parametrize("count", [0, 1, 81, 500])
@pytest.mark.parametrize("period", ["2025-W26", "2025-06", "2025"])
def test_any_number_of_tasks(count, period):
    base = ReportLine(code="", title="Việc", line="ubnd_tinh", status="in_progress", timeliness="on_track",
                      days=40, percent=10, changed=True, deadline=DAY + timedelta(40))  # fmt: skip
    content = made([replace(base, code=f"T-{n:03}") for n in range(count)], period)
    details = table(content, "02")
    assert (len(details.rows) if details else 0) == count
    assert f"được giao là {padded(count)}" in sentence(content, "summary")


@pytest.mark.parametrize("period", ["2025-W26", "2025-06", "2025-Q2"])
def test_a_text_of_twenty_thousand_letters_stands_whole_in_the_annex_and_short_in_the_body(period):
    words = " ".join(f"từ{n:04d}" for n in range(3000))
    line = ReportLine(code="T-1", title="Việc", line="ubnd_tinh", status="in_progress",
                      timeliness="on_track", days=40, difficulty=words, proposal=words)  # fmt: skip
    content = made([line], period)
    assert all(len(block.text) < 800 for block in content.blocks)
    whole = table(content, "04")
    assert whole is not None and not whole.landscape
    assert [row[1] for row in whole.rows] == ["T-1", "T-1"]
    assert [row[2] for row in whole.rows] == [
        f"Việc\nKhó khăn, vướng mắc:\n{words}", f"Việc\nĐề xuất, kiến nghị:\n{words}",
    ]  # fmt: skip
    label = whole.label
    assert label == content.tables[-1].label != content.tables[0].label
    assert any(f"toàn văn tại {label}." in block.text for block in content.blocks)
    short = [block.text for block in content.blocks if "từ0001" in block.text]
    assert len(short) == 2
    assert all(text.endswith(f"… (toàn văn tại {label}).") for text in short)
    details = table(content, "02")
    assert details is not None
    for cell in details.rows[0][9:11]:
        assert len(cell) < 160
        assert cell.endswith(f"… (toàn văn tại {label}).")
    troubles = table(content, "03")
    assert (troubles is None) == (period == "2025-W26")
    if troubles:
        assert troubles.rows[0][5] == details.rows[0][9]
