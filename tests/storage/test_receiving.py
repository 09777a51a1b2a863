"""An answer is taken whole or not at all."""

from dataclasses import replace

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
from app.storage.receiving import KEEP_ANSWERS, ChainAhead, ChainBroken
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


# ---- answers that come late, on a stick ------------------------------------------------------------

FIRST, SECOND, THIRD = ((1_500 + n, progress(n, stream=9, result=f"lần {n}")) for n in (1, 2, 3))


def late(*rows, **said):
    """The same answer for whoever finds it, asked for by nobody who waits."""
    asked = said.pop("asked", None)
    return replace(delivery(*rows, **said), asked=asked, late=True)


def place(ledger) -> Cursor:
    with ledger.read() as connection:
        return outgoing.position(connection)


def test_a_late_answer_is_taken_from_where_the_ledger_stands(ledger) -> None:
    ledger.receive(delivery(FIRST))
    touched = ledger.receive(late(FIRST, SECOND, THIRD))
    assert (touched.received, touched.new) == (2, True)
    assert place(ledger) == cursor(START, FIRST, SECOND, THIRD)
    assert everything(ledger)


@pytest.mark.parametrize("end", [(FIRST,), (FIRST, SECOND), (FIRST, SECOND, THIRD)], ids=len)
def test_a_late_answer_that_lies_behind_changes_nothing(ledger, end) -> None:
    mine = own(ledger)
    ledger.receive(delivery(FIRST, SECOND))
    ledger.receive(late(THIRD, start=cursor(START, FIRST, SECOND), time=3_000))
    before = everything(ledger)
    touched = ledger.receive(late(*end))
    assert (touched.received, touched.acknowledged, touched.new) == (0, 0, False)
    assert everything(ledger) == before
    assert waiting(ledger) == [mine.name]


def test_an_empty_late_answer_is_news_once_to_who_asked_and_none_to_others(ledger) -> None:
    ledger.receive(delivery(FIRST))
    here = place(ledger)
    assert not ledger.receive(late(start=here, time=5_000)).new
    assert ledger.receive(late(start=here, asked=here, time=5_000)).new
    with ledger.read() as connection:
        assert meta.read(connection, "last_sync") == 5_000


def test_a_late_answer_acknowledges_and_does_not_turn_back_the_time_last_heard(ledger) -> None:
    mine = own(ledger)
    ledger.receive(delivery(FIRST, time=9_000))
    touched = ledger.receive(late(FIRST, (1_600, mine), time=4_000))
    assert (touched.acknowledged, touched.new) == (1, True)
    assert waiting(ledger) == []
    with ledger.read() as connection:
        assert meta.read(connection, "last_sync") == 9_000


def test_a_late_answer_from_a_place_not_reached_is_laid_aside(ledger) -> None:
    """A ledger that was restored, or an answer in between that was lost: it asks anew."""
    ledger.receive(delivery(FIRST))
    before = everything(ledger)
    with pytest.raises(ChainAhead):
        ledger.receive(late(THIRD, start=cursor(START, FIRST, SECOND), time=9_000))
    assert everything(ledger) == before


@pytest.mark.parametrize("time", [9_000, 1_000])
def test_only_who_waits_goes_back_with_the_province(ledger, time) -> None:
    mine = own(ledger)
    ledger.receive(delivery(FIRST, time=2_000))
    ledger.receive(delivery((1_600, mine), start=place(ledger), time=2_000))
    here, before = place(ledger), everything(ledger)
    other = late(SECOND, start=cursor(START, FIRST), time=time)
    if time > 2_000:
        with pytest.raises(ChainBroken):
            ledger.receive(other)
    else:  # older than what the province said last: put in once more
        assert not ledger.receive(other).new
    with pytest.raises(ChainBroken):
        ledger.receive(late(SECOND, start=cursor(START, FIRST), asked=cursor(START, FIRST), time=9_000))
    assert everything(ledger) == before
    touched = ledger.receive(late(SECOND, start=cursor(START, FIRST), asked=here, time=9_000))
    assert touched.told == ("province-went-back",)
    assert waiting(ledger) == [mine.name]
    assert place(ledger) == cursor(START, FIRST, SECOND)
    assert everything(ledger)


def test_a_late_answer_with_a_broken_chain_is_laid_aside(ledger) -> None:
    ledger.receive(delivery(FIRST))
    for broken in (
        late(FIRST, SECOND, end=Cursor(2, b"wrong!!!")),
        late(FIRST, SECOND, end=Cursor(3, b"8" * 8)),
    ):
        with pytest.raises(ChainBroken):
            ledger.receive(broken)


def test_late_refusals_count_once_and_never_against_what_has_arrived(ledger) -> None:
    first = own(ledger)
    with ledger.edit() as edit:
        second = edit.set("progress", SPOT, "difficulty", "mưa")
    ledger.receive(delivery((1_500, first)))
    here = place(ledger)
    said = late((1_500, first), refused=((first, "malformed"), (second, "malformed")))
    assert ledger.receive(said).refused == 1
    assert waiting(ledger) == [] and value(ledger) == "một" and place(ledger) == here
    before = everything(ledger)
    touched = ledger.receive(said)
    assert (touched.refused, touched.new) == (0, False)
    assert everything(ledger) == before


def test_what_else_belongs_to_a_delivery_is_written_with_it_or_not_at_all(ledger) -> None:
    def also(connection, found, touched):
        meta.write(connection, "noted", True)
        return replace(found, device_name="Văn phòng 7")

    with pytest.raises(ChainBroken):
        ledger.receive(late(THIRD, start=PLACE, time=9_000), also)
    ledger.receive(late(FIRST), also)
    assert ledger.identity.device_name == "Văn phòng 7"

    def fail(connection, found, touched):
        raise RuntimeError

    before = everything(ledger)
    with pytest.raises(RuntimeError):
        ledger.receive(late(FIRST, SECOND), fail)
    assert everything(ledger) == before
