"""An answer is taken whole or not at all."""

import pytest
from sqlalchemy import select

from app.domain.change import START, Cursor
from app.record import log
from app.record.engine import open_ledger
from app.record.reading import seen
from app.record.tables import feed
from app.record.verify import disagreements
from app.storage import meta, outgoing
from app.storage.ledger import Ledger
from app.storage.receiving import KEEP_ANSWERS, ChainBroken
from app.storage.tables import answer, answer_change, told
from tests.record.making import ASSIGNMENT, RECORD, WEEK, progress
from tests.storage.deliveries import cursor, delivery, programme
from tests.storage.test_ledger import IDENTITY, KEY

SPOT = {"assignment": ASSIGNMENT, "week": WEEK}


@pytest.fixture
def ledger(tmp_path):
    engine = open_ledger(tmp_path / "ledger.db", KEY, create=True)
    Ledger.prepare(engine)
    made = Ledger(engine, lambda: 1_000)
    made.enrol(IDENTITY, "Lương Thị Hà")
    yield made
    engine.dispose()


def everything(ledger: Ledger) -> list:
    with ledger.read() as connection:
        assert disagreements(connection) == []
        return [
            [str(item) for item in log.read(connection)],
            *[[tuple(r) for r in connection.execute(select(table))] for table in (feed, answer, told)],
            outgoing.earlier(connection),
            meta.read(connection, "last_sync"),
        ]


def value(ledger: Ledger):
    with ledger.read() as connection:
        return seen(connection, "progress", [RECORD])[RECORD, "result"].value


def own(ledger: Ledger, words: str = "một"):
    with ledger.edit() as edit:
        return edit.set("progress", SPOT, "result", words)


def codes(ledger: Ledger) -> list[str]:
    with ledger.read() as connection:
        return [row.code for row in connection.execute(select(told))]


def waiting(ledger: Ledger) -> list:
    with ledger.read() as connection:
        return [made.name for made in outgoing.waiting(connection) if made.entity == "progress"]


def test_an_answer_acknowledges_brings_and_moves_the_cursor(ledger) -> None:
    mine, theirs = own(ledger), progress(1, stream=9, difficulty="mưa")
    given = delivery((1_500, mine), (1_501, theirs))
    touched = ledger.receive(given)
    assert (touched.acknowledged, touched.received, touched.refused, touched.told) == (1, 1, 0, ())
    assert touched.records == {("progress", RECORD)}
    assert waiting(ledger) == []
    with ledger.read() as connection:
        assert outgoing.position(connection) == given.cursor
        assert meta.read(connection, "province_time") == 2_000
    assert everything(ledger)


PLACE = Cursor(7, b"elsewher")
ROW = (1_500, progress(1, stream=9, result="hai"))


@pytest.mark.parametrize(
    "broken",
    [
        delivery(ROW, end=Cursor(1, b"wrong!!!")),
        delivery(ROW, end=Cursor(2, cursor(START, ROW).chain)),
        delivery(ROW, end=cursor(START, (1_501, ROW[1]))),
        delivery(ROW, start=PLACE, asked=START),
        delivery(ROW, asked=PLACE),
        delivery(start=PLACE, asked=START),
    ],
    ids=["chain", "length", "arrival", "start never held", "asked from elsewhere", "empty from elsewhere"],
)
def test_an_answer_whose_chain_does_not_run_through_is_laid_aside(ledger, broken) -> None:
    own(ledger)
    before = everything(ledger)
    with pytest.raises(ChainBroken):
        ledger.receive(broken)
    assert everything(ledger) == before


def test_an_answer_that_another_program_was_quicker_to_take_is_laid_aside(ledger) -> None:
    first = delivery(ROW)
    ledger.receive(first)
    before = everything(ledger)
    with pytest.raises(ChainBroken):
        ledger.receive(delivery(ROW, (1_502, progress(2, stream=9, difficulty="mưa"))))
    assert everything(ledger) == before
    assert codes(ledger) == []


def test_a_refused_change_falls_back_is_kept_and_is_not_sent_again(ledger) -> None:
    first = own(ledger)
    ledger.receive(delivery((1_500, first)))
    with ledger.read() as connection:
        place, shown = outgoing.position(connection), seen(connection, "progress", [RECORD])[RECORD, "result"]
    with ledger.edit() as edit:
        second = edit.set("progress", SPOT, "result", "hai", shown)
    touched = ledger.receive(delivery(start=place, refused=((second, "malformed"),)))
    assert touched.refused == 1
    assert value(ledger) == "một"
    assert waiting(ledger) == []
    with ledger.read() as connection:
        assert [item.refused for item in log.read(connection) if item.change == second] == ["malformed"]
    assert everything(ledger)


def test_a_change_of_ones_own_stream_that_is_new_here_tells_of_a_copy_and_draws_a_new_stream(ledger) -> None:
    mine = own(ledger)
    twin = progress(mine.n, stream=mine.stream, result="hai")
    touched = ledger.receive(delivery((1_500, mine), (1_501, twin)))
    assert touched.told == ("ledger-copied",)
    assert codes(ledger) == ["ledger-copied"]
    assert ledger.identity.stream != IDENTITY.stream
    assert Ledger(ledger.engine, lambda: 0).identity == ledger.identity


def test_a_province_that_went_back_makes_all_wait_again(ledger) -> None:
    mine, theirs, notice = own(ledger), progress(1, stream=9, difficulty="mưa"), programme(1)
    first = (1_500, mine)
    ledger.receive(delivery(first))
    place = cursor(START, first)
    ledger.receive(delivery((1_501, theirs), (1_502, notice), start=place, raw=b"theirs"))
    now = cursor(place, (1_501, theirs), (1_502, notice))
    touched = ledger.receive(delivery(start=place, asked=now))
    assert touched.told == ("province-went-back",)
    assert waiting(ledger) == [theirs.name]
    with ledger.read() as connection:
        assert outgoing.back(connection) == [b"theirs"]
        assert outgoing.position(connection) == place
    assert everything(ledger)


def test_a_province_that_knows_nothing_of_us_makes_everything_wait_again(ledger) -> None:
    mine, theirs = own(ledger), progress(1, stream=9, difficulty="mưa")
    first = delivery((1_500, mine), (1_501, theirs))
    ledger.receive(first)
    ledger.receive(delivery(asked=first.cursor))
    assert set(waiting(ledger)) == {mine.name, theirs.name}


def test_answers_are_kept_for_90_days_of_the_provinces_clock_whatever_ours_says(ledger) -> None:
    first = delivery((1_500, programme(1)), time=2_000, raw=b"old")
    ledger.receive(first)
    ahead = Ledger(ledger.engine, lambda: 2_000_000_000)
    second = delivery(
        (1_501, programme(2, "Tên mới")), start=first.cursor, time=2_000 + KEEP_ANSWERS, raw=b"new"
    )
    ahead.receive(second)
    with ledger.read() as connection:
        assert [bytes(row.envelope) for row in connection.execute(select(answer))] == [b"old", b"new"]
    ahead.receive(delivery(start=second.cursor, time=2_001 + KEEP_ANSWERS))
    with ledger.read() as connection:
        assert [bytes(row.envelope) for row in connection.execute(select(answer))] == [b"new"]
        assert len(connection.execute(select(answer_change)).all()) == 1


def test_an_answer_without_the_provinces_own_changes_is_not_kept(ledger) -> None:
    ledger.receive(delivery((1_500, own(ledger))))
    with ledger.read() as connection:
        assert connection.execute(select(answer)).all() == []


def test_what_is_shown_follows_at_once_when_arrivals_are_forgotten(ledger) -> None:
    """A clock that ran ahead counted as the arrival; without one it counts as it says."""
    ahead, right = progress(1, stream=9, result="vượt", at=9_999), progress(1, stream=8, result="đúng", at=20)
    first = delivery((15, ahead), (21, right))
    ledger.receive(first)
    assert value(ledger) == "đúng"
    ledger.receive(delivery(asked=first.cursor))
    assert value(ledger) == "vượt"
    assert everything(ledger)
