"""A report is closed: frozen, drawn again, signed, replaced; and the same on a second machine."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from app.domain.reporting import Period
from app.record.tables import rows
from app.services import closing, correcting, drafting, drafts, progress, reports, sentences, settings, sheets
from app.services.issuing import Issue, issue
from app.services.lines import line
from app.services.progress import WeekSigned, record
from app.services.weeks import WeekAhead, present
from app.storage import frozen
from app.storage.tables import frozen as kept

W27 = Period.parse("2025-W27")
LINE = "ubnd_tinh"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def tasks(office, clock):
    office.task("A", opening=("in_progress", 40, None, None))
    office.task("B", deadline="2025-07-04")
    office.task("C", line="tinh_uy")
    clock.set("2025-07-04 08:00")


def finish(office, period=W27, **more):
    with office.opened() as opened:
        with opened.ledger.read() as connection:
            now = present(connection, office.clock())
        return closing.finish(opened.ledger, period, LINE, now, **more)


def write(office, code, week="2025-W27", **said):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        return record(edit, line(edit.connection, code, Period.parse(week).week, now), now, **said)


def signed(office, closed, **entered):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        return issue(edit, closed.record, Issue(**entered), now)


def reading(office, what):
    with office.opened() as opened, opened.ledger.read() as connection:
        return what(connection)


def test_a_closed_report_names_its_content_which_is_kept_word_for_word(office):
    closed = finish(office)
    assert closed.new and closed.made.pages >= 1
    held = reading(office, lambda c: reports.closed(c, closed.record))
    assert (held.content, held.hash) == (closed.content, closed.hash)
    assert (held.made.period, held.made.line) == ("2025-W27", LINE)
    assert held.made.data_at == 1751536800  # 03/7/2025 17:00 in Hanoi
    assert reading(office, lambda c: reports.state(c, closed.record)) == "closed"


def test_the_same_content_uses_its_record_again_and_another_makes_a_new_one(office, clock):
    first = finish(office)
    again = finish(office)
    assert (again.record, again.new) == (first.record, False)
    write(office, "A", percent=60)
    other = finish(office)
    assert other.new and other.record != first.record
    assert reading(office, lambda c: [item.record for item in reports.made(c, W27)]) == [
        other.record,
        first.record,
    ]


def test_it_is_drawn_again_the_same_after_years_of_change(office, clock):
    closed = finish(office)
    sheet = reading(office, lambda c: sheets.sheet(c, closed.record))
    signed(office, closed, number="45", day=date(2025, 7, 4), signer="Lò Văn Tư")
    clock.set("2028-01-10 08:00")
    write(office, "A", week="2028-W02", percent=99)
    with office.opened() as opened, opened.ledger.edit() as edit:
        shown = settings.shown(edit.connection, opened.ledger.identity)
        settings.write(edit, opened.ledger.identity.unit, {"signer": "Người khác"}, shown)
    assert finish(office).record == closed.record
    assert reading(office, lambda c: sheets.sheet(c, closed.record)) == sheet


def test_what_is_frozen_and_altered_is_never_drawn(office):
    closed = finish(office)
    with office.opened() as opened, opened.ledger.edit() as edit:
        edit.connection.execute(kept.update().values(content=b"("))
    with pytest.raises(frozen.FrozenDamaged):
        reading(office, lambda c: sheets.sheet(c, closed.record))


def test_a_kill_between_leaves_neither_record_nor_content(office):
    program = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from app.domain.reporting import Period
from app.services import closing
from app.services.opening import open_home
from app.services.weeks import WeekAhead, present
from app.storage.home import Home
from app.storage.ledger import Edit
from pathlib import Path
opened = open_home(Home(Path({str(office.home.path)!r})), lambda: {office.clock()})
with opened.ledger.read() as connection:
    now = present(connection, {office.clock()})
create = Edit.create
def killed(self, *given, **more):
    if sys.argv[1] == "after":
        create(self, *given, **more)
    os._exit(9)
Edit.create = killed
closing.finish(opened.ledger, Period.parse("2025-W27"), "ubnd_tinh", now)
"""
    for moment in ("before", "after"):
        done = subprocess.run([sys.executable, "-c", program, moment], env=dict(os.environ), check=False)
        assert done.returncode == 9
        assert reading(office, lambda c: reports.made(c, W27)) == []
        assert reading(office, lambda c: c.execute(kept.select()).all()) == []
    assert finish(office).new


def test_a_signed_week_takes_nothing_more_until_a_report_replaces_it(office):
    closed = finish(office)
    write(office, "A", percent=50)  # closed alone stops nobody
    closed = finish(office)
    signed(office, closed, number="45/BC-UBND", day=date(2025, 7, 4), signer="Lò Văn Tư")
    with pytest.raises(WeekSigned) as refused:
        write(office, "A", percent=60)
    assert refused.value.facts["later_period"] == "2025-W28"
    write(office, "A", week="2025-W28", percent=60)
    write(office, "C", percent=60)  # the other line has signed nothing
    other = finish(office, correct=True)
    assert other.content.replaces != "" or other.hash != closed.hash
    assert reading(office, lambda c: reports.by_record(c, other.record)).replaces == closed.record
    write(office, "A", percent=70)
    last = finish(office)
    assert last.made.replaces == closed.record
    signed(office, last, number="46")
    with pytest.raises(WeekSigned):
        write(office, "A", percent=80)


def test_changes_of_other_machines_enter_a_signed_week_and_leave_the_signed_report(office):
    closed = finish(office)
    signed(office, closed, number="45", day=date(2025, 7, 4), signer="Lò Văn Tư")
    office.other_machine("A", "2025-W27", "result", "Viết ở máy khác")
    assert office.line("A", W27.week).text("result") == "Viết ở máy khác"
    assert finish(office).hash == closed.hash


def test_the_report_that_replaces_names_number_and_date_of_the_old_one(office):
    with pytest.raises(correcting.NothingToReplace):
        finish(office, correct=True)
    closed = finish(office)
    signed(office, closed)
    with pytest.raises(correcting.NumberUnknown):
        finish(office, correct=True)
    signed(office, closed, number="45", day=date(2025, 7, 4))
    with office.opened() as opened, opened.ledger.read() as connection:
        now = present(connection, office.clock())
        made = drafting.draft(connection, opened.ledger.identity, W27, LINE, now, correct=True)
    assert made.report.replaces is not None
    assert made.report.replaces.date == date(2025, 7, 4)
    assert made.report.replaces.number.startswith("45/")


def test_number_and_date_that_look_wrong_are_named_and_kept(office, clock):
    first = finish(office)
    assert signed(office, first, number="045/BC-UBND", day=date(2025, 7, 4), signer="Lò Văn Tư") == ()
    assert reading(office, lambda c: reports.by_record(c, first.record)).number == "45"
    clock.set("2025-07-11 08:00")
    other = finish(office, Period.parse("2025-W28"))
    told = signed(office, other, number="45", day=date(2025, 7, 12))
    assert [item.code for item in told] == ["number-used", "issue-ahead"]
    told = signed(office, other, number="4b", day=date(2025, 7, 1))
    assert [item.code for item in told] == ["number-odd", "issue-before-data"]
    held = reading(office, lambda c: reports.by_record(c, other.record))
    assert (held.number, held.date, held.signed) == ("4b", date(2025, 7, 1), "ink")


def test_who_signs_for_another_is_kept_with_the_name(office):
    closed = finish(office)
    signed(office, closed, signer="Lò Văn Tư", authority=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"))
    held = reading(office, lambda c: reports.by_record(c, closed.record))
    assert held.signer == "KT. CHỦ TỊCH, PHÓ CHỦ TỊCH, Lò Văn Tư"
    assert reading(office, lambda c: reports.state(c, closed.record)) == "signed"


def test_a_second_machine_draws_a_report_only_when_its_own_words_are_the_same(office):
    closed = finish(office)
    signed(office, closed, number="45", day=date(2025, 7, 4))
    sheet = reading(office, lambda c: sheets.sheet(c, closed.record))
    with office.opened() as opened, opened.ledger.edit() as edit:  # as where the record came from elsewhere
        edit.connection.execute(kept.delete())
    taken = finish(office)
    assert (taken.record, taken.new) == (closed.record, False)
    assert reading(office, lambda c: sheets.sheet(c, closed.record)) == sheet
    with office.opened() as opened, opened.ledger.edit() as edit:
        edit.connection.execute(kept.delete())
    office.other_machine("A", "2025-W27", "result", "Viết ở máy khác")
    with pytest.raises(reports.ReportElsewhere) as told:
        finish(office)
    assert told.value.facts["period"] == "2025-W27"


def test_own_sentences_stand_in_the_report_and_are_offered_again_when_the_record_changed(office):
    def drafted():
        with office.opened() as opened, opened.ledger.read() as connection:
            now = present(connection, office.clock())
            return drafting.draft(connection, opened.ledger.identity, W27, LINE, now)

    write(office, "A", percent=60)
    (block,) = [item for item in drafted().content.blocks if getattr(item, "slot", "") == "changes:A"]
    with office.opened() as opened, opened.ledger.edit() as edit:
        text = block.basis.replace("Nhiệm vụ A", "Việc A")
        sentences.write_sentence(edit, W27, LINE, "changes:A", text, block.basis)
    made = drafted()
    (own,) = [item for item in made.content.blocks if getattr(item, "slot", "") == "changes:A"]
    assert (own.text, own.basis, made.stale) == (text, block.basis, ())
    write(office, "A", percent=70)
    (stale,) = drafted().stale
    assert (stale.slot, stale.text, stale.then) == ("changes:A", text, block.basis)
    assert "70" in stale.now
    with office.opened() as opened, opened.ledger.edit() as edit:
        sentences.write_sentence(edit, W27, LINE, "changes:A", None, "")
    assert drafted().report.sentences == {} and drafted().stale == ()
    assert reading(office, lambda c: c.execute(rows["sentence"].select()).one()).text is None


def test_a_week_signed_before_its_cut_off_makes_way_for_the_next(office, clock):
    clock.set("2025-07-01 09:00")
    signed(office, finish(office), number="45", day=date(2025, 7, 1))
    assert not write_refused(office, "C")  # the other line has not signed
    assert write_refused(office, "A")
    assert not write_refused(office, "A", "2025-W28")
    with pytest.raises(WeekAhead):
        write(office, "A", week="2025-W29", percent=61)
    with office.opened() as opened, opened.ledger.read() as connection:
        assert str(present(connection, clock()).week) == "2025-W27"
        now = present(connection, clock())
    with office.opened() as opened:
        party = closing.finish(opened.ledger, W27, "tinh_uy", now)
    signed(office, party)
    with office.opened() as opened, opened.ledger.read() as connection:
        assert str(present(connection, clock()).week) == "2025-W28"


def write_refused(office, code, week="2025-W27"):
    try:
        write(office, code, week=week, percent=61)
    except WeekSigned:
        return True
    return False


def test_words_being_typed_when_the_week_was_signed_stay_a_draft(office):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        typed = line(edit.connection, "A", W27.week, now)
        drafts.keep(edit, typed, "result", "Đang viết dở")
    signed(office, finish(office))
    with office.opened() as opened, opened.ledger.edit() as edit:
        with pytest.raises(WeekSigned):
            drafts.settle(edit, typed.progress, "result")
        assert drafts.settle_all(edit) == ()
        assert [left.draft.value for left in drafts.left(edit.connection)] == ["Đang viết dở"]


def test_a_signed_week_still_takes_evidence(office):
    signed(office, finish(office))
    shown = office.line("A", W27.week)
    with office.opened() as opened, opened.ledger.read() as connection:
        progress.check(shown, present(connection, office.clock()))
    assert shown.signed and not office.line("C", W27.week).signed


def test_the_figures_of_the_period_before_are_those_that_its_signed_report_printed(office, clock):
    clock.set("2025-07-16 08:00")
    july = finish(office, Period.parse("2025-07"))
    office.assignment("B", deadline="2025-08-31")  # B was overdue on 14/7
    clock.set("2025-08-18 08:00")

    def before():
        with office.opened() as opened, opened.ledger.read() as connection:
            now = present(connection, office.clock())
            return drafting.draft(
                connection, opened.ledger.identity, Period.parse("2025-08"), LINE, now
            ).report.before

    def late(figures):
        return figures.under_way_overdue + figures.not_started_overdue

    assert late(before()) == 0
    signed(office, july, number="45", day=date(2025, 7, 16), signer="Lò Văn Tư")
    assert late(before()) == 1
