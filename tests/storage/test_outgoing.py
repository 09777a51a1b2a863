"""What waits for the province."""

import pytest

from app.domain.change import START, Cursor, Held
from app.record.apply import apply
from app.record.engine import writing
from app.storage import outgoing
from tests.record.making import progress
from tests.storage.deliveries import delivery, programme
from tests.storage.test_receiving import ledger, own  # noqa: F401


@pytest.fixture
def bare(ledger):  # noqa: F811
    """A ledger whose first words, the officer's name, the province has."""
    with ledger.read() as connection:
        person = outgoing.waiting(connection)
    ledger.receive(delivery(*[(1_400, made) for made in person]))
    return ledger


def place(ledger) -> Cursor:  # noqa: F811
    with ledger.read() as connection:
        return outgoing.position(connection)


def waits(ledger) -> list:  # noqa: F811
    with ledger.read() as connection:
        found = outgoing.waiting(connection)
        assert outgoing.pending_count(connection) == len(found)
        return [made.name for made in found]


def test_own_words_wait_until_they_have_a_number(bare) -> None:
    assert waits(bare) == []
    mine = own(bare)
    assert waits(bare) == [mine.name]
    bare.receive(delivery((1_500, mine), start=place(bare)))
    assert waits(bare) == []


def test_what_others_wrote_waits_as_well_and_what_was_refused_does_not(bare) -> None:
    """A dead machine's backup was taken in beside the ledger."""
    theirs, refused = progress(1, stream=9, result="hai"), progress(2, stream=9, result="ba")
    with writing(bare.engine) as connection:
        apply(connection, [Held(theirs), Held(refused, None, "malformed")])
    assert waits(bare) == [theirs.name]


def test_what_the_province_wrote_is_never_sent_as_ours(bare) -> None:
    with writing(bare.engine) as connection:
        apply(connection, [Held(programme(1))])
    assert waits(bare) == []
    with bare.read() as connection:
        assert outgoing.back(connection) == []


def test_what_has_arrived_waits_all_the_same_only_when_it_has_no_number(bare) -> None:
    mine = own(bare)
    bare.receive(delivery((1_500, mine), start=place(bare)))
    bare.receive(delivery(start=START, asked=place(bare)))
    assert mine.name in waits(bare)


def test_all_cursors_are_kept_newest_first(bare) -> None:
    first = place(bare)
    bare.receive(delivery((1_500, own(bare)), start=first))
    with bare.read() as connection:
        assert outgoing.earlier(connection) == [place(bare), first]
        assert outgoing.earlier(connection, limit=1) == [place(bare)]
        assert outgoing.holds(connection, first)
        assert outgoing.holds(connection, START)
        assert not outgoing.holds(connection, Cursor(first.seq, b"another!"))
