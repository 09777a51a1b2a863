"""Symbols wait for the rest of their set, and are let go after a year."""

import pytest

from app.record import symbols
from app.record.engine import open_plain, writing
from sync.server.store import Store

SET, OTHER = b"setA", b"setB"


@pytest.fixture
def connection(tmp_path):
    engine = open_plain(tmp_path / "province.db", create=True)
    Store.prepare(engine)
    with writing(engine) as made:
        yield made
    engine.dispose()


def test_what_is_kept_is_there_by_place_and_the_newest_reading_counts(connection):
    symbols.keep(connection, SET, 8, 28, {0: b"a", 5: b"b"}, 100)
    symbols.keep(connection, SET, 8, 28, {5: b"c"}, 101)
    symbols.keep(connection, OTHER, 8, 28, {5: b"x"}, 101)
    assert symbols.held(connection, SET, 8, 28) == {0: b"a", 5: b"c"}
    assert symbols.held(connection, SET, 9, 28) == {}


def test_a_whole_set_takes_the_place_of_its_symbols(connection):
    symbols.keep(connection, SET, 8, 28, {0: b"a"}, 100)
    assert symbols.whole(connection, SET) is None
    symbols.put_together(connection, SET, b"all of it", 100)
    symbols.put_together(connection, SET, b"all of it", 101)
    assert symbols.whole(connection, SET) == b"all of it"
    assert symbols.held(connection, SET, 8, 28) == {}


def test_what_waited_too_long_goes_and_what_is_whole_stays(connection):
    symbols.keep(connection, SET, 8, 28, {0: b"a"}, 100)
    symbols.put_together(connection, OTHER, b"all", 100)
    symbols.keep(connection, SET, 8, 28, {1: b"b"}, 101 + symbols.KEEP_SECONDS)
    assert symbols.held(connection, SET, 8, 28) == {1: b"b"}
    assert symbols.whole(connection, OTHER) == b"all"


def test_a_spoiled_set_is_read_anew(connection):
    symbols.keep(connection, SET, 8, 28, {0: b"a"}, 100)
    symbols.forget(connection, SET)
    assert symbols.held(connection, SET, 8, 28) == {}
