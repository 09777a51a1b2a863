"""The mark of a page: what is packed is read, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.layout import footmark
from app.reports.layout.footmark import PageMark

REPORT, HASH8 = bytes(range(16)), bytes(range(8))


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=8, max_size=8), st.data())
def test_what_is_packed_is_read(report, hash8, data):
    pages = data.draw(st.integers(1, 255))
    page = data.draw(st.integers(1, pages))
    packed = footmark.pack(report, hash8, page, pages)
    assert len(packed) == 34
    assert packed[:4] == b"SNV\x01"
    assert footmark.unpack(packed) == PageMark(report, hash8, page, pages)


@given(st.binary(max_size=60))
def test_other_bytes_are_no_mark(data):
    assert footmark.unpack(data) is None


@given(st.integers(0, 33), st.integers(1, 255))
def test_one_spoiled_byte_is_no_mark(place, change):
    packed = bytearray(footmark.pack(REPORT, HASH8, 3, 5))
    packed[place] ^= change
    assert footmark.unpack(bytes(packed)) is None
    assert footmark.unpack(bytes(packed[:place])) is None


@pytest.mark.parametrize(
    ("report", "hash8", "page", "pages"),
    [
        (REPORT[1:], HASH8, 1, 1),
        (REPORT, HASH8 * 2, 1, 1),
        (REPORT, HASH8, 0, 1),
        (REPORT, HASH8, 2, 1),
        (REPORT, HASH8, 1, 256),
    ],
)
def test_a_mark_that_cannot_be_is_refused(report, hash8, page, pages):
    with pytest.raises(ValueError, match="mark"):
        footmark.pack(report, hash8, page, pages)
