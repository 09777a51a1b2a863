from datetime import date

import pytest

from app.domain.periods import Week
from app.reports import content
from app.services import reports, settings
from app.services.lines import line
from app.services.progress import record
from app.services.weeks import WeekAhead, present

W27 = Week(2025, 27)


def draft(office, line="ubnd_tinh", week=W27):
    with office.opened() as opened, opened.ledger.read() as connection:
        now = present(connection, office.clock())
        return reports.draft(connection, opened.ledger.identity, week, line, now)


def write(office, code, **said):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        record(edit, line(edit.connection, code, now.week, now), now, **said)


def keep(office, made):
    with office.opened() as opened, opened.ledger.edit() as edit:
        return reports.write_report(edit, W27, "ubnd_tinh", made.hash)


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


def test_the_same_report_is_recorded_once(office):
    first = draft(office)
    assert keep(office, first) is not None
    assert keep(office, draft(office)) is None
    write(office, "A", percent=60)
    again = draft(office)
    assert again.hash != first.hash
    assert keep(office, again) is not None
    with office.opened() as opened, opened.ledger.read() as connection:
        assert len(reports.made(connection, W27)) == 2
        assert reports.made(connection, W27, "tinh_uy") == []


def test_a_week_that_has_not_come_or_has_no_report_is_refused(office, clock):
    with pytest.raises(WeekAhead):
        draft(office, week=Week(2025, 28))
    clock.set("2026-03-02 08:00")
    with pytest.raises(reports.WeekWithoutReport) as refused:
        draft(office, week=Week(2026, 8))
    assert refused.value.facts["next"] == "2026-W09"


def test_the_difference_to_the_week_before_adds_up(office):
    office.task("LATE", deadline="2025-06-29")
    write(office, "A", percent=60)
    write(office, "B", status="done")
    found = reports.difference(draft(office).lines)
    groups = {name: [item.code for item in getattr(found, name)] for name in found.__dataclass_fields__}
    assert groups == {"done": ["B"], "moved": ["A"], "newly_late": ["LATE"], "unchanged": []}


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
    assert "Thông báo số TB 01/2025 ngày 25/6/2025" in content.plain_text(draft(office).content)
