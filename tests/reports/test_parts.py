"""The parts of each kind of report, and what they say of a task, a week, a correction."""

import re
import unicodedata
from dataclasses import replace
from datetime import date, datetime

import pytest

from app.domain.periods import HANOI, Week
from app.domain.reporting import Period
from app.domain.reports import Edited, Replaced, Report, ReportLine, WeekWords, Withdrawn
from app.domain.tasks import Tally
from app.reports.content import Bullet, Content, Heading, Paragraph, build, free_slots, plain_text
from app.reports.parts import calendar_days, following
from tests.reports.samples import of_period, report

KINDS = ["2025-07", "2025-Q2", "2025-H1", "2025-H2", "2025-9M", "2025"]
TASK = ReportLine(
    code="BCD25-007", title="Kiểm thử điểm cầu.", line="ubnd_tinh", status="in_progress",
    timeliness="on_track", days=40, percent=80, group="HTS", group_name="Hạ tầng số",
)  # fmt: skip
LATE = replace(TASK, code="BCD25-008", timeliness="overdue", days=3, deadline=date(2025, 7, 11))


def headings(content: Content, level: int = 1) -> list[str]:
    return [b.text for b in content.blocks if isinstance(b, Heading) and b.level == level]


def said(content: Content, slot: str) -> str:
    found = [b.text for b in content.blocks if isinstance(b, Paragraph | Bullet) and b.slot == slot]
    assert len(found) <= 1
    return found[0] if found else ""


def under(content: Content, heading: str) -> list[str]:
    """The texts between a heading and the next one."""
    texts = iter(content.blocks)
    for block in texts:
        if isinstance(block, Heading) and heading in block.text:
            break
    found = []
    for block in texts:
        if isinstance(block, Heading):
            break
        found.append(block.text)
    return found


def month(*lines: ReportLine, **more: object) -> Report:
    cutoff = datetime(2025, 7, 14, 17, 0, tzinfo=HANOI)
    return report(lines, period=Period("month", 2025, 7), cutoff=cutoff, **more)


@pytest.mark.parametrize("period", KINDS)
@pytest.mark.parametrize("line", ["ubnd_tinh", "tinh_uy"])
def test_the_parts_of_a_longer_period(period, line):
    sentences = {"lessons": Edited("Sát việc, rõ người."), "extra": Edited("Đón đoàn kiểm tra.")}
    content = build(of_period(period, line, every=2, sentences=sentences))
    mark = ". " if line == "ubnd_tinh" else "- "
    direction = "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH" if line == "ubnd_tinh" else "CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO"
    parts = [direction, "KẾT QUẢ THỰC HIỆN NHIỆM VỤ"]
    if period == "2025":
        parts.append("ĐÁNH GIÁ CHUNG, BÀI HỌC KINH NGHIỆM")
    elif period != "2025-07":
        parts.append("ĐÁNH GIÁ CHUNG")
    parts += [
        "TỒN TẠI, HẠN CHẾ, KHÓ KHĂN, VƯỚNG MẮC VÀ NGUYÊN NHÂN", "NHIỆM VỤ TRỌNG TÂM KỲ TỚI",
        "ĐỀ XUẤT, KIẾN NGHỊ",
    ]  # fmt: skip
    numerals = ("I", "II", "III", "IV", "V", "VI")
    assert headings(content) == [f"{n}{mark}{part}" for n, part in zip(numerals, parts, strict=False)]
    assert headings(content, 2)[:5] == [
        "1. Tổng hợp chung", "2. Nhiệm vụ chung", "3. Nhiệm vụ cụ thể của đơn vị",
        "4. Nhiệm vụ thường xuyên", "5. Nhiệm vụ phát sinh",
    ]  # fmt: skip
    assert ("Bài học" in " ".join(headings(content, 2))) == (period == "2025")
    assert [table.number for table in content.tables] in (["01", "02", "03"], ["01", "02"])
    labels = ["Phụ lục I", "Phụ lục II", "Phụ lục III"][: len(content.tables)]
    assert [table.label for table in content.tables] == labels
    body = " ".join(block.text for block in content.blocks)
    assert all(re.search(rf"tại {label}\b", body) for label in labels)
    assert content.chart is not None
    assert content.blocks[-1].text.endswith("./." if line == "ubnd_tinh" else "Đề án 06.")


@pytest.mark.parametrize("period", ["2025-W26", *KINDS])
@pytest.mark.parametrize("line", ["ubnd_tinh", "tinh_uy"])
def test_what_is_printed_is_good_vietnamese_text(period, line):
    text = plain_text(build(of_period(period, line)))
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search(r"[{}]|None|\(\)|  +\S| [,.;:](?!\S)|;\.|\.\.(?!\.)|06 [0-9]", text)
    name = {"2025-W26": "tuần 26 năm 2025", "2025-07": "tháng 7 năm 2025", "2025-Q2": "quý II năm 2025",
            "2025-H1": "6 tháng đầu năm 2025", "2025-H2": "6 tháng cuối năm 2025",
            "2025-9M": "9 tháng năm 2025", "2025": "năm 2025"}[period]  # fmt: skip
    assert f"báo cáo kết quả thực hiện nhiệm vụ {name} như sau" in text
    assert re.search(r"số liệu tính đến 17 giờ 00 phút ngày (26/6|14/\d+)/2025\)", text)


def test_a_week_tells_its_own_parts_only():
    content = build(of_period("2025-W26"))
    assert "CHỈ ĐẠO" not in " ".join(headings(content))
    assert content.chart is None
    assert [table.number for table in content.tables] == ["02"]
    assert content.tables[0].label == "Phụ lục"
    assert "So với" not in plain_text(content)


def test_groups_hold_their_tasks_and_the_unit_s_own_ones_stand_apart():
    own = replace(TASK, code="X-1", shared=False, changed=True)
    other = replace(TASK, code="A-1", group="DLS", group_name="Dữ liệu số", changed=True)
    content = build(month(replace(TASK, changed=True), other, own, replace(TASK, code="B-1")))
    assert under(content, "2. Nhiệm vụ chung") == [
        "Tổng số 03 nhiệm vụ; đã hoàn thành 0; đang thực hiện 03.",
        "a) Dữ liệu số: tổng số 01 nhiệm vụ; đã hoàn thành 0; đang thực hiện 01.",
        "Kiểm thử điểm cầu (A-1): đạt 80%.",
        "b) Hạ tầng số: tổng số 02 nhiệm vụ; đã hoàn thành 0; đang thực hiện 02.",
        "Kiểm thử điểm cầu (BCD25-007): đạt 80%.",
        "Kết quả chi tiết của từng nhiệm vụ được nêu tại Phụ lục II.",
    ]  # fmt: skip
    assert under(content, "3. Nhiệm vụ cụ thể") == [
        "Tổng số 01 nhiệm vụ; đã hoàn thành 0; đang thực hiện 01.", "Kiểm thử điểm cầu (X-1): đạt 80%.",
    ]  # fmt: skip
    slots = [b.slot for b in content.blocks if isinstance(b, Paragraph | Bullet)]
    assert {"group:DLS", "group:HTS", "own", "changes:X-1"} <= set(slots)


def test_more_groups_than_letters_lose_none():
    tasks = [replace(TASK, code=f"T-{n:03}", group=f"G{n}", group_name=f"Nhóm {n}") for n in range(60)]
    blocks = build(month(*tasks)).blocks
    letters = [b.text.partition(")")[0] for b in blocks if getattr(b, "slot", "").startswith("group:")]
    assert len(set(letters)) == 60
    assert letters[:7] == ["a", "b", "c", "d", "đ", "e", "g"]


def test_an_edited_group_takes_the_letter_of_its_place():
    own = {"group:HTS": Edited("d) Hạ tầng số có 01 nhiệm vụ, đã hoàn thành 0, đang thực hiện 01.")}
    content = build(month(TASK, sentences=own))
    assert said(content, "group:HTS").startswith("a) Hạ tầng số có 01 nhiệm vụ")


def test_a_recurring_task_says_how_often_it_was_done():
    weekly = replace(
        TASK, timeliness="recurring", days=None, recurring=True, percent=None, occurrences=(3, 4)
    )
    content = build(month(weekly))
    assert under(content, "4. Nhiệm vụ thường xuyên") == [
        "Kiểm thử điểm cầu (BCD25-007): đã thực hiện 3/4 kỳ."
    ]
    assert "đã thực hiện 3/4 kỳ" in content.tables[1].rows[0][8]


def test_a_month_is_told_from_its_weeks_and_knows_them():
    weeks = (
        WeekWords(Week(2025, 26), "Đã lắp 3 điểm.", "Thiếu cáp", "Đề nghị cấp cáp", "Lắp tiếp"),
        WeekWords(Week(2025, 27), "Đã lắp 3 điểm. Đã nhận cáp", "", "Đề nghị cấp cáp.", "Nghiệm thu"),
    )
    content = build(month(replace(TASK, changed=True, weeks=weeks, deadline=date(2025, 7, 20))))
    bullet = next(b for b in content.blocks if isinstance(b, Bullet) and b.slot == "changes:BCD25-007")
    assert bullet.text.endswith("đạt 80%. Đã lắp 3 điểm. Đã nhận cáp.")
    assert [(s.text, s.weeks) for s in bullet.sources] == [
        ("Đã lắp 3 điểm.", ("2025-W26", "2025-W27")), ("Đã nhận cáp", ("2025-W27",)),
    ]  # fmt: skip
    assert bullet.task == "BCD25-007"
    assert said(content, "proposal:BCD25-007").endswith(": Đề nghị cấp cáp.")
    assert content.tables[1].rows[0][7] == "Đạt 80%. Đã lắp 3 điểm. Đã nhận cáp."


def test_tasks_due_in_the_rest_of_the_month_stand_apart_from_those_of_the_next():
    ends = [date(2025, 7, 14), date(2025, 7, 31), date(2025, 8, 1), date(2025, 8, 31), date(2025, 9, 1)]
    tasks = [replace(TASK, code=f"T-{n}", deadline=day) for n, day in enumerate(ends)]
    recurring = replace(TASK, code="R", timeliness="recurring", days=None, recurring=True)
    content = build(month(*tasks, LATE, recurring))
    rest = under(content, "1. Nhiệm vụ đến hạn trong phần còn lại của tháng 7 năm 2025")
    assert [re.search(r"\((.+?)\)", text)[1] for text in rest] == ["T-0", "T-1"]
    focus = under(content, "2. Nhiệm vụ trọng tâm tháng 8 năm 2025")
    assert focus[0] == "Tập trung hoàn thành 01 nhiệm vụ đã quá hạn (chi tiết tại Phụ lục III)."
    assert focus[1] == "Có 02 nhiệm vụ đến hạn trong tháng 8 năm 2025:"
    assert [re.search(r"\((.+?)\)", text)[1] for text in focus[2:-1]] == ["T-2", "T-3"]
    assert focus[-1] == "Tiếp tục thực hiện 01 nhiệm vụ khác chưa đến hạn và 01 nhiệm vụ thường xuyên."


def test_a_report_that_is_made_late_looks_forward_from_its_own_day():
    over = replace(LATE, code="T-1", deadline=date(2025, 8, 5), days=5)
    to_come = replace(TASK, code="T-2", deadline=date(2025, 8, 20))
    given = replace(month(over, to_come), cutoff=datetime(2025, 8, 10, 9, 0, tzinfo=HANOI))
    slots = [b.slot for b in build(given).blocks if isinstance(b, Bullet)]
    assert "next:T-2" in slots and "next:T-1" not in slots


@pytest.mark.parametrize(
    ("period", "first", "last", "after"),
    [
        ("2025-01", "2025-01-01", "2025-01-31", "2025-02"),
        ("2025-12", "2025-12-01", "2025-12-31", "2026-01"),
        ("2025-Q2", "2025-04-01", "2025-06-30", "2025-Q3"),
        ("2025-H1", "2025-01-01", "2025-06-30", "2025-H2"),
        ("2025-H2", "2025-07-01", "2025-12-31", "2026-H1"),
        ("2025-9M", "2025-01-01", "2025-09-30", "2025-Q4"),
        ("2024", "2024-01-01", "2024-12-31", "2025"),
    ],
)
def test_deadlines_run_by_the_calendar(period, first, last, after):
    given = Period.parse(period)
    assert [str(day) for day in calendar_days(given)] == [first, last]
    assert str(following(given)) == after


def test_compared_with_the_period_before_and_with_the_year_before():
    before = Tally(done_on_time=1, under_way_in_time=4)
    year = Tally(done_on_time=9, under_way_overdue=1)
    tasks = [
        replace(TASK, code=f"T-{n}", status="done", timeliness="done_on_time", percent=100) for n in "12"
    ]
    lines = (*tasks, TASK, LATE)
    quarter = {"period": Period("quarter", 2025, 2), "before": before, "year_before": year}
    content = build(report(lines, **quarter))
    assert said(content, "compared") == (
        "So với quý I năm 2025: tổng số nhiệm vụ được giao giảm 01 (từ 05 xuống 04); "
        "số nhiệm vụ hoàn thành tăng 01 (từ 01 lên 02); số nhiệm vụ quá hạn tăng 01 (từ 0 lên 01); "
        "tỷ lệ hoàn thành tăng từ 20,0% lên 50,0%."
    )
    assert said(content, "compared:year").startswith("So với cùng kỳ năm trước (quý II năm 2024): ")
    assert "tỷ lệ hoàn thành giảm từ 90,0% xuống 50,0%" in said(content, "compared:year")
    content = build(report(lines, period=Period("year", 2025), before=before))
    assert said(content, "compared") == ""
    assert said(content, "compared:year").startswith("So với năm 2024: ")


def test_the_year_is_held_against_its_plan():
    done = replace(TASK, code="D", status="done", timeliness="done_late", percent=100, days=3,
                   deadline=date(2025, 5, 1))  # fmt: skip
    beyond = replace(TASK, code="E", deadline=date(2026, 1, 1))
    before = replace(done, code="F", deadline=date(2024, 12, 31))
    content = build(report((done, LATE, beyond, before, TASK), period=Period("year", 2025)))
    assert said(content, "plan") == (
        "So với kế hoạch năm 2025: số nhiệm vụ phải hoàn thành trong năm là 02; đã hoàn thành 01 (50,0%); "
        "chưa hoàn thành 01 (50,0%), trong đó quá hạn 01."
    )


def test_a_correction_names_the_report_that_it_replaces():
    for number in ("45", "45/BC-UBND"):
        content = build(of_period("2025-W26", replaces=Replaced(number, date(2025, 7, 18))))
        assert content.head.subject.endswith("\n(thay thế Báo cáo số 45/BC-UBND ngày 18/7/2025)")
        assert ", thay thế Báo cáo số 45/BC-UBND ngày 18/7/2025, như sau" in said(content, "opening")
        assert content.replaces == "số 45/BC-UBND ngày 18/7/2025"
    party = build(of_period("2025-W26", "tinh_uy", replaces=Replaced("5", date(2025, 2, 5))))
    assert party.replaces == "số 05-BC/ĐU ngày 05/02/2025"
    assert build(of_period("2025-W26")).replaces == ""


@pytest.mark.parametrize("period", ["2025-W26", "2025-07", "2025"])
def test_a_period_in_which_nothing_came_up_says_so(period):
    given = of_period(period, every=999)
    given = replace(given, lines=tuple(replace(line, changed=False, weeks=()) for line in given.lines))
    assert given.empty
    before = given.period.previous().words
    content = build(given)
    assert said(content, "quiet") == (f"Không phát sinh; 68/68 nhiệm vụ không thay đổi so với {before}.")
    busy = replace(given, sentences={"extra": Edited("Đón đoàn kiểm tra.")})
    assert not busy.empty
    assert "Đón đoàn kiểm tra." in under(build(busy), "Nhiệm vụ phát sinh")


@pytest.mark.parametrize("period", ["2025-W26", *KINDS])
def test_no_task_at_all_still_gives_a_whole_report(period):
    content = build(replace(of_period(period), lines=(), before=None))
    assert "Không phát sinh." in [block.text for block in content.blocks]
    assert content.tables == ()
    assert content.chart is None
    assert "Phụ lục" not in plain_text(content)


def test_withdrawn_tasks_are_in_no_count_and_named_apart():
    gone = Withdrawn("BCD25-050", "Kiện toàn Tổ công nghệ số.", date(2025, 7, 5), "Công văn số 12/SKHCN.")
    content = build(month(TASK, withdrawn=(gone, Withdrawn("BCD25-040", "Việc", date(2025, 7, 6)))))
    assert "tổng số nhiệm vụ được giao là 01" in said(content, "summary")
    texts = under(content, "1. Tổng hợp chung")
    assert texts[-3].startswith("Ngoài tổng số trên, có 02 nhiệm vụ không tiếp tục thực hiện")
    assert texts[-2:] == [
        "Việc (BCD25-040): rút từ ngày 06/7/2025.",
        "Kiện toàn Tổ công nghệ số (BCD25-050): rút từ ngày 05/7/2025 theo Công văn số 12/SKHCN.",
    ]
    assert all("BCD25-050" not in row for table in content.tables for row in table.rows)


def test_free_parts_are_left_out_until_somebody_writes_them():
    for period in ("2025-W26", "2025-07", "2025"):
        kind = Period.parse(period).kind
        content = build(of_period(period))
        assert not any(said(content, slot) for slot in free_slots(kind))
        own = {slot: Edited(f"Đoạn một của {slot}.\nĐoạn hai.") for slot in free_slots(kind)}
        content = build(of_period(period, sentences=own))
        for slot in free_slots(kind):
            assert said(content, slot) == f"Đoạn một của {slot}.\nĐoạn hai."


def test_an_edited_sentence_wins_and_keeps_what_the_program_wrote_beside_it():
    plain = build(of_period("2025-W26"))
    basis = said(plain, "summary")
    own = basis.replace("tổng số nhiệm vụ được giao", "tổng số nhiệm vụ tỉnh giao")
    changed_one = next(b.slot for b in plain.blocks if isinstance(b, Bullet) and b.slot.startswith("changes"))
    told = said(plain, changed_one)
    given = of_period(
        "2025-W26",
        sentences={
            "summary": Edited(own, basis),
            changed_one: Edited(told.replace("Đã ban hành", "Xã đã ban hành"), "cũ"),
            "opening": Edited("Báo cáo tuần, chưa có số.", said(plain, "opening")),
        },
    )
    content = build(given)
    summary = next(b for b in content.blocks if isinstance(b, Paragraph) and b.slot == "summary")
    assert (summary.text, summary.basis) == (own, basis)
    assert "Xã đã ban hành" in said(content, changed_one)
    assert said(content, "opening") == said(plain, "opening")  # the numbers were gone
    old = replace(given, lines=(*given.lines, replace(TASK, code="ZZ")))
    assert "là 69" in said(build(old), "summary")  # a figure that holds no more is never printed


def test_the_closing_keeps_the_sign_that_ends_the_body():
    own = "Trên đây là báo cáo tuần 26 năm 2025 của Ủy ban nhân dân xã về Đề án 06, kính gửi quý cơ quan."
    content = build(of_period("2025-W26", sentences={"closing": Edited(own)}))
    assert content.blocks[-1].text == own.rstrip(".") + "./."


@pytest.mark.parametrize("period", ["2025-W26", "2025-07"])
def test_many_tasks_are_told_in_part_and_the_rest_is_pointed_to(period):
    lines = tuple(
        replace(TASK, code=f"T-{n:03}", changed=True, result="Xong.", difficulty="Thiếu người.")
        for n in range(500)
    )
    given = replace(of_period(period), lines=lines)
    content = build(given)
    fewer, limit = (8, 15) if period == "2025-W26" else (16, 30)
    for kind, most in (("changes", fewer), ("difficulty", limit)):
        told = [b for b in content.blocks if isinstance(b, Bullet) and b.slot.startswith(kind)]
        assert len(told) == most
    assert any(f"Còn {500 - limit} nhiệm vụ khác được nêu tại" in b.text for b in content.blocks)
    assert len(next(table for table in content.tables if table.number == "02").rows) == 500
    own = {"changes:T-499": Edited("Việc cuối (T-499), đạt 80%.")}
    assert "Việc cuối" in said(build(replace(given, sentences=own)), "changes:T-499")


def test_what_falls_due_in_a_week_s_report_is_not_taken_for_what_is_late():
    soon = replace(TASK, code="T-1", deadline=date(2025, 7, 4))
    content = build(report((replace(LATE, deadline=date(2025, 6, 20)), soon)))
    assert under(content, "II. NHIỆM VỤ TRỌNG TÂM")[:2] == [
        "Tập trung hoàn thành 01 nhiệm vụ đã quá hạn (chi tiết tại Phụ lục).",
        "Có 01 nhiệm vụ đến hạn trong 14 ngày tới (đến hết ngày 10/7/2025):",
    ]


def test_of_many_changes_each_group_has_its_turn():
    lines = [
        replace(TASK, code=f"{group}-{n:02}", group=group, group_name=f"Nhóm {group}", changed=True)
        for group in "ABCDEFGH" for n in range(9)
    ]  # fmt: skip
    told = [b.task for b in build(month(*lines)).blocks if getattr(b, "slot", "").startswith("changes")]
    assert [code[0] for code in told] == [group for group in "ABCDEFGH" for _ in range(2)]


def test_two_programmes_may_have_a_task_of_the_same_code():
    pair = [
        replace(TASK, assignment=f"{n:032x}", result=f"Bản {n}.", changed=True) for n in (1 << 100, 2 << 110)
    ]
    content = build(month(*pair))
    slots = [b.slot for b in content.blocks if isinstance(b, Bullet) and b.slot.startswith("changes")]
    assert len(set(slots)) == 2


def test_the_same_records_give_the_same_text_in_any_order():
    given = of_period("2025-Q2")
    other = replace(given, lines=tuple(reversed(given.lines)))
    assert build(other) == build(given)
