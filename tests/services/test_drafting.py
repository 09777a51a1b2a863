from datetime import date

import pytest

from app.domain.ids import record_id
from app.domain.periods import Week
from app.domain.reporting import Period
from app.reports import content
from app.services import drafting, report_lines, settings
from app.services.lines import line
from app.services.progress import record
from app.services.weeks import WeekAhead, present

W27 = Week(2025, 27)


def draft(office, line="ubnd_tinh", period="2025-W27"):
    with office.opened() as opened, opened.ledger.read() as connection:
        now = present(connection, office.clock())
        return drafting.draft(connection, opened.ledger.identity, Period.parse(period), line, now)


def write(office, code, **said):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        record(edit, line(edit.connection, code, now.week, now), now, **said)


@pytest.fixture(autouse=True)
def tasks(office):
    office.task("A", opening=("in_progress", 40, None, None))
    office.task("B", deadline="2025-07-04")
    office.task("C", line="tinh_uy")
    office.task("D", opening=("in_progress", 40, None, None))
    office.assignment("D", withdrawn_on="2025-06-26", withdrawal="CV 1")


def test_a_report_holds_the_tasks_of_its_line_without_the_withdrawn(office):
    write(office, "A", percent=60, result="Xong bước một")
    made = draft(office)
    assert [(item.code, item.changed, item.previous_percent, item.percent) for item in made.report.lines] == [
        ("A", True, 40, 60), ("B", False, None, 0),
    ]  # fmt: skip
    assert [item.code for item in draft(office, "tinh_uy").report.lines] == ["C"]


def test_the_data_s_moment_is_the_cut_off_and_before_it_the_last_record(office, clock):
    clock.set("2025-06-30 09:30")
    write(office, "A", percent=60)
    clock.set("2025-06-30 16:00")
    assert f"{draft(office).report.cutoff:%d/%m %H:%M}" == "30/06 09:30"
    clock.set("2025-07-01 10:00")
    assert f"{draft(office).report.cutoff:%d/%m %H:%M}" == "01/07 08:00"
    clock.set("2025-07-04 10:00")
    assert f"{draft(office).report.cutoff:%d/%m %H:%M}" == "03/07 17:00"


def test_what_was_completed_after_the_cut_off_and_taken_in_moves_the_moment(office, clock):
    clock.set("2025-07-05 08:00")
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, clock())
        record(edit, line(edit.connection, "A", W27, now), now, status="done", completed_on=date(2025, 7, 4))
    assert f"{draft(office).report.cutoff:%d/%m %H:%M}" == "04/07 17:00"


def test_a_week_that_has_not_come_or_has_no_report_is_refused(office, clock):
    with pytest.raises(WeekAhead):
        draft(office, period="2025-W28")
    clock.set("2026-03-02 08:00")
    with pytest.raises(drafting.WeekWithoutReport) as refused:
        draft(office, period="2026-W08")
    assert refused.value.facts["next"] == "2026-W09"


def test_the_difference_to_the_week_before_adds_up(office):
    office.task("LATE", deadline="2025-06-29")
    office.task("MOVED", deadline="2025-06-29")
    write(office, "A", percent=60)
    write(office, "MOVED", percent=10)
    write(office, "B", status="done")
    made = draft(office)
    found = report_lines.difference(made.lines, made.report.cutoff.date())
    groups = {name: [item.code for item in getattr(found, name)] for name in found.__dataclass_fields__}
    assert sorted(groups.pop("newly_late")) == ["LATE", "MOVED"]  # as the printed draft counts them
    assert groups.pop("done") == ["B"] and sorted(groups.pop("moved")) == ["A", "MOVED"]
    assert groups == {"unchanged": ["LATE"]}
    days = {item.code: item.days for item in made.report.lines}
    assert {item.code: item.timeliness.days for item in found.newly_late} == {
        code: days[code] for code in ("LATE", "MOVED")
    }


def test_what_is_unset_reads_so_and_what_is_set_is_printed(office):
    before = " ".join(content.every_text(draft(office).content))
    assert "Chưa ghi" in before and "XÃ MƯỜNG XÉN" in before
    with office.opened() as opened, opened.ledger.edit() as edit:
        identity = opened.ledger.identity
        assert settings.unset(edit.connection, identity, "ubnd_tinh") == ("signer", "recipients")
        shown = settings.shown(edit.connection, identity)
        settings.write(
            edit,
            identity.unit,
            {"signer": "Nguyễn Văn Minh", "recipients": "Như trên\nLưu: VT", "place": "Kỳ Sơn"},
            shown,
        )
        assert settings.unset(edit.connection, identity, "ubnd_tinh") == ()
    after = content.every_text(draft(office).content)
    assert "Nguyễn Văn Minh" in after
    assert any(text.startswith("Kỳ Sơn") for text in after)


def test_the_notice_is_named(office):
    office.province("notice", number="TB 01/2025", date="2025-06-25", month="2025-06")
    assert "Thông báo số 01/2025 ngày 25/6/2025" in content.plain_text(draft(office).content)


def test_a_month_shows_the_state_at_its_cut_off_and_what_each_week_wrote(office, clock):
    for moment, percent, words in (
        ("2025-06-18 08:00", 50, "Họp chuẩn bị"),
        ("2025-06-25 08:00", 60, ""),
        ("2025-07-09 08:00", 80, "Đã ký hợp đồng"),
        ("2025-07-14 09:00", 95, "Sau kỳ"),
    ):
        clock.set(moment)
        write(office, "A", percent=percent, result=words or None)
    clock.set("2025-07-16 08:00")
    (found,) = [item for item in draft(office, period="2025-07").report.lines if item.code == "A"]
    assert (found.percent, found.previous_percent, found.changed) == (80, 40, True)
    assert [(str(said.week), said.result) for said in found.weeks] == [
        ("2025-W25", "Họp chuẩn bị"),
        ("2025-W28", "Đã ký hợp đồng"),
    ]
    assert found.assignment


def test_a_month_counts_deadlines_from_its_cut_off(office, clock):
    office.task("DUE", deadline="2025-07-13")
    office.task("LATER", deadline="2025-07-15")
    clock.set("2025-07-20 08:00")
    made = draft(office, period="2025-07").report
    assert {
        item.code: (item.timeliness, item.days) for item in made.lines if item.code in {"DUE", "LATER"}
    } == {
        "DUE": ("overdue", 1),
        "LATER": ("due_soon", 1),
    }
    assert f"{made.cutoff:%d/%m/%Y %H:%M}" == "14/07/2025 17:00"


def test_recurring_tasks_tell_how_often_they_were_done(office, clock):
    office.task("R", kind="recurring", recurrence="weekly", deadline=None)
    for moment in ("2025-06-18 08:00", "2025-07-09 08:00"):
        clock.set(moment)
        write(office, "R", status="done")
    clock.set("2025-07-16 08:00")
    (found,) = [item for item in draft(office, period="2025-07").report.lines if item.code == "R"]
    assert (found.occurrences, found.occurrence_done, found.changed) == ((2, 4), True, True)


def test_the_figures_of_the_period_before_are_those_of_its_cut_off(office, clock):
    clock.set("2025-07-02 08:00")
    write(office, "B", status="done")
    clock.set("2025-07-09 08:00")
    write(office, "A", status="done")
    clock.set("2025-08-20 08:00")
    made = draft(office, period="2025-08").report
    assert made.before is not None
    assert (made.before.done_on_time, made.before.counts.total) == (2, 2)
    assert made.year_before is None
    assert draft(office, period="2025-07").report.before is None


def test_a_period_that_has_not_begun_is_refused(office):
    with pytest.raises(drafting.PeriodAhead):
        draft(office, period="2025-Q4")


def test_what_was_withdrawn_in_the_period_is_named_apart(office):
    made = draft(office, period="2025-W26").report
    assert [item.code for item in made.withdrawn] == ["D"]
    assert "D" not in {item.code for item in made.lines}
    assert draft(office).report.withdrawn == ()


def test_tasks_of_a_notice_after_the_data_are_named(office, clock):
    office.province("notice", number="TB 07/2025", date="2025-07-04", month="2025-07")
    clock.set("2025-07-04 10:00")
    assert draft(office).later == ()
    office.assignment("B", notice=record_id("notice", "TB 07/2025"))
    assert draft(office).later == ("B",)
    assert draft(office, period="2025-W28").later == ()


def test_weeks_before_a_recurring_task_was_given_are_not_counted_against_it(office, clock):
    office.task("R", kind="recurring", recurrence="weekly", deadline=None)  # given on 24/06/2025
    clock.set("2025-07-16 08:00")
    (found,) = [item for item in draft(office, period="2025-07").report.lines if item.code == "R"]
    assert found.occurrences == (0, 3)
    (found,) = [item for item in draft(office, period="2025").report.lines if item.code == "R"]
    assert found.occurrences[1] < 6


@pytest.mark.parametrize(("period", "months"), [("2025-09", 1), ("2025-Q3", 3), ("2025-9M", 3)])
def test_a_monthly_task_comes_due_once_for_each_month_of_data(office, clock, period, months):
    office.task("R", kind="recurring", recurrence="monthly", deadline=None)
    clock.set("2025-09-18 08:00")
    (found,) = [item for item in draft(office, period=period).report.lines if item.code == "R"]
    assert found.occurrences == (0, months)
