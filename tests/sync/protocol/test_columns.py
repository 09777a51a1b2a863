"""Changes as a table: whatever was packed is read again, and what `pack` does not write is refused."""

import re
import time
import tracemalloc
from dataclasses import replace

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.change import START, Ref
from app.domain.fields import ENTITIES
from app.domain.ids import PROVINCE, progress_id
from app.record.digest import seal
from sync.protocol import codec, columns, handles, messages
from sync.protocol.errors import BadMessage
from sync.protocol.messages import Request, pack_request, unpack_request
from tests.sync.protocol.made import ASSIGNMENTS, KEYS, VALUES, changes, progress, related

WEEK = "2025-W27"


def packed(*made, keys=messages.NO_KEYS):
    return pack_request(Request(nonce=bytes(8), cursor=START, changes=tuple(made)), keys)


def read(data):
    return unpack_request(data).changes


def table(*made, keys=messages.NO_KEYS):
    """The table of these changes as it stands on the wire."""
    return cbor2.loads(packed(*made, keys=keys))[3]


def inside(wire):
    """The message that has this table."""
    parts = cbor2.loads(packed())
    parts[3] = wire
    return cbor2.dumps(parts)


def types(value):
    return [types(part) for part in value] if isinstance(value, tuple) else type(value)


@given(st.lists(changes(), max_size=3) | related(), st.sampled_from([{}, KEYS]))
def test_changes_come_back_whole_with_their_digests(made, keys):
    data = packed(*made, keys=keys)
    back = read(data)
    assert back == tuple(made)
    for before, after in zip(made, back, strict=True):
        assert after.digest == before.digest
        assert {name: types(value) for name, value in after.fields.items()} == {
            name: types(value) for name, value in before.fields.items()
        }


@given(related())
def test_what_is_known_of_ids_changes_nothing_of_what_is_read(made):
    assert read(packed(*made, keys=KEYS)) == read(packed(*made))


@given(changes())
def test_the_order_of_the_fields_does_not_matter(change):
    turned = replace(change, fields=dict(reversed(change.fields.items())))
    assert packed(turned) == packed(change)


@given(VALUES)
def test_a_program_that_does_not_know_a_field_reads_the_same_value(value):
    """An older program passes on what it does not understand, under the same digest."""
    known = progress(fields={"assignment": value})
    unknown = progress(fields={"#1": value})
    assert packed(known) == packed(unknown)
    assert known.digest == unknown.digest
    assert read(packed(unknown)) == (known,)


def test_unknown_numbers_keep_their_value():
    change = progress(entity="#900", fields={"#1": ("x", None, 5), "#44": b"\x00" * 16})
    assert read(packed(change)) == (change,)


@pytest.mark.parametrize("size", [0, 15, 16, 17, 18, 32])
@pytest.mark.parametrize("first", [0, 255])
def test_bytes_and_ids_are_kept_apart(size, first):
    value = bytes([first] * size)
    change = progress(fields={"result": value, "proposal": value.hex()})
    assert read(packed(change)) == (change,)


def week(count, **other):
    """So many tasks of one week, written one after the other."""
    return [
        seal(
            **{
                "stream": 77,
                "n": 5 + index,
                "by": "1" * 32,
                "at": 1_751_300_000 + 60 * index,
                "entity": "progress",
                "id": progress_id(assignment, WEEK),
                "fields": {"assignment": assignment, "week": WEEK, "result": f"Đã xong việc {index}."},
                "over": (),
                **other,
            }
        )
        for index, assignment in enumerate([*ASSIGNMENTS][:count])
    ]


def test_the_form_on_the_wire():
    first, second = week(2)
    assert table(first, second) == [
        2,
        [77],
        b"\x11" * 16 + b"".join(map(bytes.fromhex, [*ASSIGNMENTS][:2])),
        [],
        [[20, 1, 1, 2, 4]],
        0,
        0,
        [4, -4],
        1,
        [1_751_300_000, 60],
        0,
        0,
        [[0, [2, 1]], [1, WEEK], None],
        "Đã xong việc 0.\0Đã xong việc 1.\0",
    ]


def test_ids_that_follow_from_what_is_said_are_not_said():
    made = week(4)
    said = packed(*made, keys=KEYS)
    assert read(said) == tuple(made)
    for id in (*ASSIGNMENTS, *(change.id for change in made), PROVINCE):
        assert bytes.fromhex(id) not in said
    assert len(said) < len(packed(*made))


def test_an_id_that_only_looks_as_if_it_followed_travels():
    """Made by a hand that does not know the rule, or by a rule of another version."""
    other = week(1, id="9" * 32)
    assert read(packed(*other)) == tuple(other)
    assert b"\x99" * 16 in packed(*other)
    false = {next(iter(ASSIGNMENTS)): (5, ("8" * 32, "16813"))}
    assert read(packed(*week(1), keys=false)) == tuple(week(1))


def test_what_is_written_over_in_the_same_message_is_not_said_again():
    first = progress(over=())
    second = progress(n=4, over=(first.ref,))
    assert read(packed(first, second)) == (first, second)
    assert table(first, second)[11] == [[0, 1], 0, 1, b""]
    assert table(second)[11] == [1, 1, 3, first.digest[:2]]


def test_the_frozen_keys_are_those_of_the_program():
    """But for the entities that came after the protocol's first version: their ids travel as bytes."""
    later = {"holiday", "reporting_rule", "sentence"}
    for entity in ENTITIES.values():
        if entity.key and entity.name not in later:
            fields = tuple(entity.fields[name].number for name in entity.key)
            assert handles.KEYS[entity.number] == (entity.name, fields)
        else:
            assert entity.number not in handles.KEYS


TWO = table(progress(over=()), *week(2))


def altered(place, value):
    parts = list(TWO)
    parts[place] = value
    return inside(parts)


def test_the_helper_makes_a_good_table():
    assert read(inside(TWO)) == (progress(over=()), *week(2))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 0),
        (0, 2),
        (0, 4),
        (0, True),
        (0, 100_001),
        (0, "3"),
        (1, []),
        (1, [*TWO[1], 5]),
        (1, [TWO[1][0], TWO[1][0]]),
        (1, [-1, 77]),
        (1, 77),
        (2, TWO[2][:-1]),
        (2, TWO[2] + bytes(16)),
        (2, "id"),
        (3, [[5, 1, [1, None]]]),
        (3, [[4, 0, []]]),
        (3, [[99, 1, [None]]]),
        (3, None),
        (4, TWO[4][::-1]),
        (4, [*TWO[4], [20, 0]]),
        (4, [TWO[4][0], [20, 2, 1, 2, 4]]),
        (4, [TWO[4][0], [20, True, 1, 2, 4]]),
        (4, [TWO[4][0], [20, 1, 2, 1, 4]]),
        (4, [TWO[4][0], [20, 1, 1, 4]]),
        (4, [TWO[4][0], [65_536, 0, 1, 2, 4]]),
        (4, [TWO[4][0], [20]]),
        (5, 1),
        (5, [0, 1]),
        (5, [0, 1, 0, 0]),
        (5, [0, 9, -9]),
        (6, [0]),
        (6, 2),
        (6, [0, 1, 0, 5]),
        (7, [2, 2, -4, 1]),
        (7, -9),
        (7, 2**63 - 1),
        (8, 99),
        (8, -1),
        (9, -1),
        (9, [1_751_300_000, 0, 60, 0]),
        (9, [1.5, 1]),
        (10, 99),
        (10, [1, 1]),
        (11, [0, 0, 0, b""]),
        (11, [1, 0, 1, b""]),
        (11, [1, 3, 1, b"ababab"]),
        (11, [[0, 1], 0, 9, b""]),
        (11, [[0, 1], 1, 9, b"abab"]),
        (11, [-1, 0, 0, b""]),
        (11, [2**62, 0, 0, b""]),
        (11, None),
        (12, TWO[12][:-1]),
        (12, [*TWO[12], None]),
        (12, [[0, 0], *TWO[12][1:]]),
        (12, [[9, 0], *TWO[12][1:]]),
        (12, [*TWO[12][:-1], [4, "Đã", "xong", "."]]),
        (12, [*TWO[12][:-1], [1, "Đã xong."]]),
        (12, 0),
        (13, TWO[13] + "x\0"),
        (13, TWO[13] + "x"),
        (13, TWO[13][:-1]),
        (13, TWO[13].replace("\0", "", 1)),
        (13, TWO[13].encode()),
        (13, ""),
    ],
)
def test_other_tables_are_refused(place, value):
    with pytest.raises(BadMessage):
        read(altered(place, value))


@pytest.mark.parametrize(
    "column",
    [
        [4, {1: 2}],
        [4, 1.5],
        [4, [[[[1]]]]],
        [4, [0] * (codec.MAX_PARTS + 1)],
        [4, "x"],
        [4, "00112233445566778899aabbccddeeff"],
        [4, b"\x01" * 17],
        [4, 5],
        [2, [5, 0]],
        [2, True],
        [3, None],
        [3, [0, 0]],
        [0, 99],
        [0, True],
        [1, "x"],
        ["x"],
        {},
        True,
    ],
)
def test_other_columns_are_refused(column):
    parts = table(progress(entity="#99", fields={"#1": 7}, over=()))
    assert parts[12] == [[2, 7]]
    assert read(inside(parts))
    parts[12] = [column]
    with pytest.raises(BadMessage):
        read(inside(parts))


@pytest.mark.parametrize("wire", [None, {}, 0, "", [1], [[]], TWO[:-1], [*TWO, None]])
def test_other_shapes_are_refused(wire):
    with pytest.raises(BadMessage):
        read(inside(wire))


@given(st.data())
def test_changed_bytes_are_refused_or_say_something_else(data):
    good = packed(*week(3), progress(), keys=KEYS)
    where = data.draw(st.integers(0, len(good) - 1))
    bad = good[:where] + data.draw(st.binary(min_size=1, max_size=2)) + good[where + 1 :]
    try:
        back = unpack_request(bad)
    except BadMessage:
        return
    assert (bad == good) == (back == unpack_request(good))


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
        progress(fields={"result": "x" * (codec.MAX_TEXT + 1)}),
        progress(fields={"result": (0,) * (codec.MAX_PARTS + 1)}),
        progress(fields={"#70000": 1}),
        progress(fields={f"#{number}": 1 for number in range(columns.MAX_FIELDS + 1)}),
        replace(progress(), fields={"unheard_of": 1}),
        replace(progress(), fields={"result": 1, "#4": 1}),
        replace(progress(), entity="unheard_of"),
        replace(progress(), over=(Ref(7, 2, b"cd"), Ref(7, 1, b"ab"))),
        replace(progress(), over=(Ref(7, 1, b"ab"), Ref(7, 1, b"ab"))),
        replace(progress(), over=(Ref(7, 1, b"abc"),)),
        replace(progress(), over=(Ref(7, 0, b"ab"),)),
        replace(progress(), over=tuple(Ref(1, n, b"ab") for n in range(1, 4098))),
    ],
)
def test_what_nobody_could_read_is_not_sent(change):
    with pytest.raises(BadMessage):
        packed(change)
    with pytest.raises(BadMessage):
        packed(progress(n=9), change)


def bomb(count, fields):
    """A few bytes that say so many changes with so many fields."""
    shape = [99, 0, *range(fields)]
    return inside([
        count, [7], b"", [], [shape], 0, 0, 0, 0, 0, 0, 0, [[1, "x" * 60]] * fields, "",
    ])  # fmt: skip


def test_a_few_bytes_do_not_make_much_work():
    """What a table repeats is bounded by its own size."""
    assert len(read(bomb(20, 3))) == 20
    for large in (
        bomb(100_000, 64),
        bomb(100_000, 1),
        bomb(100_000, 0),
        inside([*TWO[:11], [2**40, 0, 1, b""], *TWO[12:]]),
    ):
        tracemalloc.start()
        began = time.process_time()
        try:
            with pytest.raises(BadMessage):
                read(large)
            assert tracemalloc.get_traced_memory()[1] < 30_000_000
            assert time.process_time() - began < 10
        finally:
            tracemalloc.stop()


def test_a_refusal_says_what_for_the_log():
    with pytest.raises(BadMessage) as caught:
        packed(progress(n=0))
    assert re.search("number", str(caught.value.facts["why"]))
