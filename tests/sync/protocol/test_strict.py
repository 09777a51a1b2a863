import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.strict import NotStrict, dumps, loads

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.integers(0, 99), inner, max_size=4).map(lambda d: dict(sorted(d.items())))
    ),
    max_leaves=8,
)


def depth(value):
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 0


@given(VALUES.filter(lambda value: depth(value) <= 8))
def test_what_is_written_is_read_again_and_is_canonical_cbor(value):
    data = dumps(value)
    assert loads(data) == value
    assert data == cbor2.dumps(value, canonical=True)


@given(st.binary(max_size=40))
def test_any_bytes_are_refused_or_are_the_one_form(data):
    try:
        value = loads(data)
    except NotStrict:
        return
    assert dumps(value) == data


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("nothing", ""),
        ("a byte behind the end", "0100"),
        ("a cut-off array", "8201"),
        ("a number in two bytes that fits into one", "1800"),
        ("a length in two bytes that fits into one", "780161"),
        ("an array of unknown length", "9f01ff"),
        ("a text in pieces", "7f61616161ff"),
        ("bytes in pieces", "5f4100ff"),
        ("a map of unknown length", "bf0102ff"),
        ("a key twice", "a201010102"),
        ("keys out of order", "a202010101"),
        ("a text as a key", "a1616101"),
        ("a negative key", "a12001"),
        ("a date", "c11a5f000000"),
        ("a big number", "c249010000000000000000"),
        ("a pattern", "d82361615e"),
        ("a UUID", "d8255000112233445566778899aabbccddeeff"),
        ("a set", "d901028101"),
        ("a list that contains itself", "d81c81d81d00"),
        ("a tag nobody knows", "da7fffffff00"),
        ("the mark of CBOR itself", "d9d9f700"),
        ("a float", "fb3ff8000000000000"),
        ("a short float", "f93e00"),
        ("undefined", "f7"),
        ("a simple value", "f0"),
        ("a number of 64 bits without sign", "1b8000000000000000"),
        ("a text that is not UTF-8", "61ff"),
        ("half a surrogate pair", "63eda080"),
        ("nine levels", "81" * 9 + "00"),
        ("a gigabyte announced", "5a40000000"),
        ("an array of four billion announced", "9affffffff"),
    ],
)
def test_other_forms_are_refused(what, data):
    with pytest.raises(NotStrict):
        loads(bytes.fromhex(data))


def test_eight_levels_are_read():
    assert loads(b"\x81" * 8 + b"\x00") == [[[[[[[[0]]]]]]]]


@pytest.mark.parametrize("value", [1.5, 2**63, {"a": 1}, {2: 0, 1: 0}, {True: 0}, (1,), object(), "\ud800"])
def test_what_has_no_form_is_not_written(value):
    with pytest.raises(NotStrict):
        dumps(value)
