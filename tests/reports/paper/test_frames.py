import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.paper import erasure, frames


def taken(packed, indexes):
    """The bodies of the frames at these places, as a reader hands them on."""
    read = [frames.read_frame(packed[index]) for index in indexes]
    (found,) = frames.sets(frame for frame in read if frame).values()
    return found


def first(packed):
    frame = frames.read_frame(packed[0])
    assert frame is not None
    return frame


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 18_000), st.randoms(use_true_random=False))
def test_any_k_of_n_restore_what_was_cut(size, chance):
    data = chance.randbytes(size)
    packed = frames.cut(data)
    frame = first(packed)
    kept = chance.sample(range(frame.n), frame.k)
    assert frames.gather(taken(packed, kept), frame.k, frame.n, page_set=frame.page_set) == data


@pytest.mark.parametrize("size", [0, 1, 397, 398, frames.room(1), frames.room(1) + 1, frames.room(8)])
def test_every_size_comes_back_from_the_parity_and_what_it_needs_beside(size):
    data = random.Random(size).randbytes(size)
    packed = frames.cut(data)
    frame = first(packed)
    last = range(frame.n - frame.k, frame.n)
    assert len(packed) == frame.n == 28 * frames.pages_for(size)
    assert frame.n - frame.k >= 6 * frames.pages_for(size)
    assert all(len(each) == 412 for each in packed)
    assert frames.gather(taken(packed, last), frame.k, frame.n) == data


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 9), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_code_restores_every_pattern(k, spare, length, chance):
    data = [chance.randbytes(length) for _ in range(k)]
    all_of_them = [*data, *erasure.parity(data, spare)]
    kept = chance.sample(range(k + spare), k)
    assert erasure.restore({index: all_of_them[index] for index in kept}, k) == data


def test_the_code_is_the_one_that_was_printed_before():
    """Sheets of years ago must restore: these blocks never change."""
    data = [bytes([index, 255 - index, 7 * index]) for index in range(5)]
    assert b"".join(erasure.parity(data, 3)).hex() == "a4cdaac2a52117d462"


def test_the_frame_is_the_one_that_was_printed_before():
    packed = frames.cut(b"abc")
    assert packed[0][:16].hex() == "ba7816bf001c01010000036162630000"
    assert packed[0][-4:].hex() == "b3b75bc3"
    assert packed[27][:8].hex() == "ba7816bf1b1c0101"
    assert packed[27][-4:].hex() == "7df521ad"


def test_one_too_few_says_how_many():
    packed = frames.cut(bytes(3000))
    with pytest.raises(frames.FramesMissing) as missing:
        frames.gather(taken(packed, range(7)), 8, 28)
    assert missing.value.facts == {"needed": 8, "have": 7}


@given(st.integers(0, 411), st.integers(1, 255), st.integers(0, 27))
def test_a_damaged_frame_is_none(place, bits, index):
    packed = bytearray(frames.cut(b"what a week says")[index])
    packed[place] ^= bits
    assert frames.read_frame(bytes(packed)) is None


@given(st.binary(max_size=900))
def test_other_bytes_are_no_frame(data):
    assert frames.read_frame(data) is None


@pytest.mark.parametrize(
    ("index", "n", "k"), [(28, 28, 8), (0, 28, 0), (0, 8, 9), (0, 225, 100), (0, 255, 1), (0, 0, 0)]
)
def test_a_frame_that_cannot_be_is_none_in_spite_of_its_right_sum(index, n, k):
    assert frames.read_frame(frames.Frame(b"abcd", index, n, k, bytes(400)).packed()) is None


def test_a_frame_of_a_later_version_is_none():
    import zlib

    head = b"abcd" + bytes((0, 28, 8, 2)) + bytes(400)
    assert frames.read_frame(head + zlib.crc32(head).to_bytes(4, "little")) is None


def test_two_sets_in_one_pile_stay_two():
    one, other = bytes(2000), b"\1" * 2000
    pile = [*frames.cut(one)[:20], *frames.cut(other)[8:], *frames.cut(one)[:3]]
    random.Random(1).shuffle(pile)
    found = frames.sets(frame for each in pile if (frame := frames.read_frame(each)))
    assert {frames.gather(bodies, k, n) for (_, k, n), bodies in found.items()} == {one, other}
    assert [len(bodies) for bodies in found.values()] == [20, 20]


def test_bodies_of_two_sets_together_are_refused():
    """Two sets of equal size whose first four bytes of the hash were the same, or made to be."""
    one, other = frames.cut(b"\1" * 3000), frames.cut(b"\2" * 3000)
    mixed = taken(one, range(4)) | taken(other, range(4, 8))
    with pytest.raises(frames.FramesSpoiled):
        frames.gather(mixed, 8, 28, page_set=first(one).page_set)


def test_bodies_that_nobody_cut_are_refused():
    with pytest.raises(frames.FramesSpoiled):
        frames.gather({0: b"\xff" * 400}, 1, 28)
    with pytest.raises(frames.FramesSpoiled):
        frames.gather({0: b"\0\0\1xy".ljust(400, b"\0")}, 1, 28)


def test_more_than_eight_pages_are_refused():
    with pytest.raises(frames.TooMuchForPaper) as refused:
        frames.cut(bytes(frames.room(8) + 1))
    assert refused.value.facts == {"size": frames.room(8) + 1, "room": frames.room(8)}


def test_a_page_alike_carries_data_and_parity():
    pages = [frames.page_of(index, 56) for index in range(56)]
    assert pages.count(1) == pages.count(2) == 28
    assert {pages[0], pages[1]} == {1, 2}
    assert sum(page == 1 for page in pages[:44]) == 22


def test_the_page_to_scan_again_is_the_one_that_lacks_most():
    have = [index for index in range(56) if frames.page_of(index, 56) == 1 and index != 4]
    assert frames.missing_pages(have, 56) == (1, 2)
    assert frames.missing_pages(have, 56, 44) == (2,)
    assert frames.missing_pages(range(44), 56, 44) == ()
    assert frames.missing_pages([], 56, 44) == (1, 2)
