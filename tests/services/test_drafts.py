import pytest

from app.domain.text import TextTooLong
from app.services import drafts


def keep(office, text, line=None):
    with office.opened() as opened, opened.ledger.edit() as edit:
        drafts.keep(edit, line or office.line("A"), "result", text)


def settle(office):
    with office.opened() as opened, opened.ledger.edit() as edit:
        return drafts.settle(edit, office.line("A").progress, "result")


@pytest.fixture(autouse=True)
def task(office):
    office.task("A")


def test_a_draft_is_no_change_until_the_field_is_left(office):
    keep(office, "Đang viết dở")
    line = office.line("A")
    assert (line.text("result"), line.exchange, line.recorded) == ("", "writing", False)
    made = settle(office)
    assert made.fields["result"] == "Đang viết dở"
    assert (office.line("A").text("result"), office.line("A").exchange) == ("Đang viết dở", "waiting")
    assert settle(office) is None


def test_after_a_crash_the_draft_is_found_with_its_task(office):
    keep(office, "Đã kiểm thử hình ảnh")
    with office.opened() as opened, opened.ledger.read() as connection:
        (left,) = drafts.left(connection)
    assert (left.code, str(left.week), left.draft.words) == ("A", "2025-W27", 5)


def test_a_draft_goes_over_what_its_editor_showed_not_over_what_came_since(office):
    shown = office.line("A")
    keep(office, "Của tôi", shown)
    office.other_machine("A", "2025-W27", "result", "Của máy kia")
    settle(office)
    assert office.line("A").conflicts == ("result",)


def test_a_draft_over_a_shown_value_replaces_it(office):
    keep(office, "Một")
    first = settle(office)
    keep(office, "Hai")
    assert settle(office).over == (first.ref,)


def test_a_draft_that_cannot_be_recorded_stays(office):
    keep(office, "a" * 30_000)
    with pytest.raises(TextTooLong):
        settle(office)
    with office.opened() as opened, opened.ledger.edit() as edit:
        assert drafts.settle_all(edit) == ()
        assert len(drafts.left(edit.connection)) == 1
        drafts.drop(edit, office.line("A").progress, "result")
        assert drafts.left(edit.connection) == ()


def test_half_a_character_does_not_break_the_autosave(office):
    keep(office, "a\ud83d")
    assert settle(office).fields["result"] == "a?"
