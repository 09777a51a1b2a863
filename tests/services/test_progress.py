import unicodedata
from datetime import date

import pytest

from app.domain.refusals import PauseNeedsDocument, PercentMeansDone, ReopenNeedsReason, TransitionRefused
from app.domain.text import TextTooLong
from app.record import log
from app.services.lines import line
from app.services.progress import NothingSaid, TaskWithdrawn, record, write_text
from app.services.weeks import present


def write(office, code="A", week=None, **said):
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        return record(edit, line(edit.connection, code, week or now.week, now), now, **said)


def changes(office):
    with office.opened() as opened, opened.ledger.read() as connection:
        return [held.change for held in log.read(connection) if held.change.entity == "progress"]


@pytest.fixture(autouse=True)
def task(office):
    office.task("A", opening=("in_progress", 40, None, None))


def test_all_that_is_said_at_once_is_one_change(office):
    write(office, percent=60, result="Một", next_step="Hai")
    (made,) = changes(office)
    assert set(made.fields) == {"assignment", "week", "state", "result", "next_step"}


def test_saying_what_stands_there_writes_nothing(office):
    write(office, percent=60, result="Một")
    assert write(office, percent=60, result="Một") is None
    assert len(changes(office)) == 1


def test_a_change_lists_what_stood_on_the_screen(office):
    first = write(office, percent=60)
    second = write(office, percent=70)
    assert second.over == (first.ref,)


def test_done_defaults_to_today_and_to_the_end_of_an_earlier_week(office, clock):
    clock.set("2025-07-09 08:00")
    write(office, status="done")
    assert office.line("A").state.completed_on == date(2025, 7, 9)
    week = office.line("A").week.previous()
    write(office, week=week, status="done")
    assert office.line("A", week).state.completed_on == week.sunday


def test_transitions_are_checked_against_the_state_before_the_week(office, clock):
    with pytest.raises(TransitionRefused):
        write(office, status="not_started")
    write(office, status="done")
    write(office, percent=80, status="in_progress")  # within the week anything can be put right
    write(office, status="done")
    clock.set("2025-07-07 08:00")
    with pytest.raises(ReopenNeedsReason):
        write(office, status="in_progress", percent=80)
    write(office, status="in_progress", percent=80, reason="Thiếu chữ ký")
    assert office.line("A").state.words == "Thiếu chữ ký"


def test_contradictions_are_refused_with_the_right_command(office):
    with pytest.raises(PercentMeansDone) as refused:
        write(office, percent=100)
    assert "--status done" in refused.value.facts["hint"]
    with pytest.raises(PauseNeedsDocument):
        write(office, status="paused")
    assert changes(office) == []


def test_decomposed_text_is_kept_composed_and_word_s_signs_go(office):
    write(office, result=unicodedata.normalize("NFD", "Đã hoàn thiện") + "\u000b\uf0b7 mục\u200b")
    assert office.line("A").text("result") == "Đã hoàn thiện\n- mục"


def test_a_text_that_is_too_long_is_refused_whole(office):
    with pytest.raises(TextTooLong):
        write(office, percent=60, result="a" * 1_000_000)
    assert changes(office) == []


def test_nothing_said_and_a_withdrawn_task_are_refused(office):
    with pytest.raises(NothingSaid):
        write(office)
    office.assignment("A", withdrawn_on="2025-06-30", withdrawal="CV 12")
    with pytest.raises(TaskWithdrawn):
        write(office, percent=60)


def test_writing_over_two_values_settles_them_even_with_the_same_value(office):
    write(office, result="Của tôi")
    office.other_machine("A", "2025-W27", "result", "Của máy kia")
    shown = office.line("A")
    assert shown.conflict and shown.text("result") == "Của máy kia"
    with office.opened() as opened, opened.ledger.edit() as edit:
        now = present(edit.connection, office.clock())
        assert write_text(edit, shown, "result", "Của máy kia", now) is not None
    assert not office.line("A").conflict


def test_what_arrived_behind_an_open_editor_stays_as_a_second_value(office):
    shown = office.line("A")
    office.other_machine("A", "2025-W27", "result", "Của máy kia")
    with office.opened() as opened, opened.ledger.edit() as edit:
        write_text(edit, shown, "result", "Của tôi", present(edit.connection, office.clock()))
    assert office.line("A").conflicts == ("result",)
