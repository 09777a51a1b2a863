from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import printing
from app.services.printing import TWO_SIDED, BadPages, Choice, parse_pages, show_pages


@given(st.sets(st.integers(1, 40)))
def test_pages_shown_are_pages_read(pages):
    assert parse_pages(show_pages(pages), 40) == tuple(sorted(pages))


@given(st.text("0123456789-–,; x", max_size=12))
def test_any_text_is_pages_or_refused(text):
    with suppress(BadPages):
        assert all(1 <= page <= 9 for page in parse_pages(text, 9))


@pytest.mark.parametrize(
    ("text", "pages"),
    [("", ()), (" 3 ", (3,)), ("1-3, 5", (1, 2, 3, 5)), ("5;1–2", (1, 2, 5)), ("2,2", (2,))],
)
def test_ways_to_write_pages(text, pages):
    assert parse_pages(text, 5) == pages


@pytest.mark.parametrize("text", ["0", "6", "3-2", "1-", "a", "1,,2", "-2", "1 2"])
def test_what_is_no_choice_is_named(text):
    with pytest.raises(BadPages) as refused:
        parse_pages(text, 5)
    assert refused.value.facts == {"text": text, "count": 5}


@pytest.mark.parametrize(
    ("paper", "is_it"),
    [("A4", True), ("iso_a4_210x297mm", True), ("A4.Borderless", True), ("A4Small", False), ("Letter", False),
     ("A3", False), ("A40", False), ("iso_a5_148x210mm", False)],
)  # fmt: skip
def test_names_of_a4(paper, is_it):
    assert printing.is_a4(paper) is is_it


def test_what_was_chosen_is_remembered_for_each_kind(office):
    with office.opened() as found:
        with found.ledger.read() as connection:
            assert printing.remembered(connection, "report") == Choice()
        with found.ledger.edit() as edit:
            printing.remember(edit, "report", Choice("Van-thu", 2, TWO_SIDED))
    with office.opened() as found, found.ledger.read() as connection:
        assert printing.remembered(connection, "report") == Choice("Van-thu", 2, TWO_SIDED)
        assert printing.remembered(connection, "receipt") == Choice()
