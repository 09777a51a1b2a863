import re
from dataclasses import replace

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.change import Ref
from sync.protocol import codec
from sync.protocol.codec import decode_change, encode_change
from sync.protocol.errors import BadMessage
from tests.sync.protocol.made import VALUES, changes, progress


@given(changes())
def test_a_change_comes_back_whole_with_its_digest(change):
    data = encode_change(change)
    back = decode_change(data)
    assert back == change
    assert back.digest == change.digest
    assert {name: type(value) for name, value in back.fields.items()} == {
        name: type(value) for name, value in change.fields.items()
    }
    assert encode_change(back) == data


@given(changes())
def test_the_order_of_the_fields_does_not_matter(change):
    turned = replace(change, fields=dict(reversed(change.fields.items())))
    assert encode_change(turned) == encode_change(change)


@given(VALUES)
def test_a_program_that_does_not_know_a_field_reads_the_same_value(value):
    """An older program passes on what it does not understand, under the same digest."""
    known = progress(fields={"assignment": value})
    unknown = progress(fields={"#1": value})
    assert encode_change(known) == encode_change(unknown)
    assert known.digest == unknown.digest
    assert decode_change(encode_change(unknown)).fields == {"assignment": value}


def test_unknown_numbers_keep_their_value():
    change = progress(entity="#900", fields={"#1": ("x", None, 5), "#44": b"\x00" * 16})
    assert decode_change(encode_change(change)) == change


def test_the_form_on_the_wire():
    assert cbor2.loads(encode_change(progress())) == [
        0x1234_5678_9ABC_DEF0,
        3,
        bytes.fromhex("0123456789abcdef0123456789abcdef"),
        1_751_300_000,
        20,
        bytes.fromhex("fedcba98765432100123456789abcdef"),
        {
            1: bytes.fromhex("00112233445566778899aabbccddeeff"),
            2: "2025-W27",
            3: ["in_progress", 40, None, None],
            4: "Đã họp tổ công nghệ số cộng đồng.",
        },
        [[7, 1, b"ab"], [7, 2, b"cd"]],
    ]


@pytest.mark.parametrize("size", [0, 15, 16, 17, 18, 32])
@pytest.mark.parametrize("first", [0, 255])
def test_bytes_and_ids_are_kept_apart(size, first):
    value = bytes([first] * size)
    change = progress(fields={"result": value, "proposal": value.hex()})
    assert decode_change(encode_change(change)) == change


def wire(**other):
    """The parts of a good change on the wire, some of them replaced by their place."""
    parts = cbor2.loads(encode_change(progress()))
    for place, value in other.items():
        parts[int(place[1:])] = value
    return parts


def test_the_helper_makes_a_good_change():
    assert decode_change(cbor2.dumps(wire())) == progress()


@pytest.mark.parametrize(
    "parts",
    [
        wire(_0=-1),
        wire(_0=2**63),
        wire(_0=True),
        wire(_1=0),
        wire(_1="3"),
        wire(_2=b"short"),
        wire(_2="0123456789abcdef"),
        wire(_2="0123456789abcdef0123456789abcdef"),
        wire(_3=-1),
        wire(_3=1.5),
        wire(_4=65_536),
        wire(_4="progress"),
        wire(_5=bytes(17)),
        wire(_6={-1: "x"}),
        wire(_6={65_536: "x"}),
        wire(_6={"4": "x"}),
        wire(_6=[4, "x"]),
        wire(_6={4: "00112233445566778899aabbccddeeff"}),
        wire(_6={4: b"\x01" * 17}),
        wire(_6={4: {1: 2}}),
        wire(_6={4: 1.5}),
        wire(_6={4: [[[[1]]]]}),
        wire(_6={4: [0] * (codec.MAX_PARTS + 1)}),
        wire(_6={4: "x" * (codec.MAX_TEXT + 1)}),
        wire(_6=dict.fromkeys(range(codec.MAX_FIELDS + 1))),
        wire(_6={4: "x", 3: "y"}),
        wire(_7=[[7, 2, b"cd"], [7, 1, b"ab"]]),
        wire(_7=[[7, 1, b"ab"], [7, 1, b"ab"]]),
        wire(_7=[[7, 1, b"abc"]]),
        wire(_7=[[7, 0, b"ab"]]),
        wire(_7=[[7, 1]]),
        wire(_7=[[1, n, b"ab"] for n in range(1, codec.MAX_OVER + 2)]),
        wire()[:-1],
        [*wire(), None],
        [],
        {},
        None,
        "change",
    ],
)
def test_other_shapes_are_refused(parts):
    with pytest.raises(BadMessage):
        decode_change(cbor2.dumps(parts))


@pytest.mark.parametrize("damage", [b"", b"\x88", b"\xff", encode_change(progress()) + b"\x00"])
def test_other_bytes_are_refused(damage):
    with pytest.raises(BadMessage):
        decode_change(damage)


@given(st.data())
def test_changed_bytes_are_refused_or_are_another_change(data):
    good = encode_change(progress())
    where = data.draw(st.integers(0, len(good) - 1))
    bad = good[:where] + data.draw(st.binary(min_size=1, max_size=2)) + good[where + 1 :]
    try:
        change = decode_change(bad)
    except BadMessage:
        return
    assert encode_change(change) == bad
    assert (bad == good) == (change.digest == progress().digest)


@pytest.mark.parametrize(
    "change",
    [
        progress(by="nobody"),
        progress(by="0123456789ABCDEF0123456789ABCDEF"),
        progress(id=""),
        progress(stream=2**63),
        progress(n=0),
        progress(at=-1),
        progress(fields={"result": ((((),),),)}),
        progress(fields={"result": 2**64}),
        progress(fields={"#70000": 1}),
        replace(progress(), fields={"unheard_of": 1}),
        replace(progress(), entity="unheard_of"),
        replace(progress(), over=(Ref(7, 2, b"cd"), Ref(7, 1, b"ab"))),
    ],
)
def test_what_nobody_could_read_is_not_sent(change):
    with pytest.raises(BadMessage):
        encode_change(change)


def test_a_refusal_says_what_for_the_log():
    with pytest.raises(BadMessage) as caught:
        decode_change(cbor2.dumps(wire(_1=0)))
    assert re.search("int", str(caught.value.facts["why"]))
