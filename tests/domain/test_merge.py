"""Which changes hold: the same whatever the order they came in."""

from hypothesis import given as for_all
from hypothesis import strategies as st

from app.domain.change import Change, Held
from app.domain.merge import NOTHING, Seen, heads, in_conflict, names_over
from app.record.digest import seal

FIELDS = ("result", "difficulty")


def made(n: int, value="một", *, over=(), at: int = 100, stream: int = 1, field: str = "result") -> Change:
    return seal(
        stream=stream, n=n, by="0" * 32, at=at, entity="progress", id="1" * 32, fields={field: value},
        over=[other.ref for other in over],
    )  # fmt: skip


@st.composite
def logs(draw: st.DrawFn) -> list[Held]:
    """Changes of one record: each lists some of those before it and writes one field or both."""
    held: list[Held] = []
    for n in range(1, draw(st.integers(1, 8)) + 1):
        over = draw(st.sets(st.sampled_from(held).map(lambda item: item.change.ref))) if held else set()
        fields = draw(st.sets(st.sampled_from(FIELDS), min_size=1))
        change = seal(
            stream=draw(st.integers(1, 3)), n=n, by="0" * 32, at=draw(st.integers(0, 9)), entity="progress",
            id="1" * 32, fields={name: draw(st.sampled_from(["a", "b"])) for name in fields}, over=over,
        )  # fmt: skip
        arrived = draw(st.none() | st.integers(0, 9))
        refused = draw(st.sampled_from([None, None, None, "malformed"])) if arrived is None else None
        held.append(Held(change, arrived, refused))
    return held


@for_all(logs(), st.randoms(use_true_random=False), st.sampled_from(FIELDS))
def test_the_order_of_arrival_does_not_matter(log, random, field) -> None:
    mixed = random.sample(log, len(log))
    assert heads(mixed, field) == heads(log, field)


@for_all(logs(), st.sampled_from(FIELDS))
def test_a_head_is_what_no_accepted_change_of_the_field_lists(log, field) -> None:
    writers = [item for item in log if item.refused is None and field in item.change.fields]
    listed = {ref for item in writers for ref in item.change.over}
    assert {item.change.name for item in heads(log, field)} == {
        item.change.name for item in writers if item.change.ref not in listed
    }


@for_all(logs(), st.sampled_from(FIELDS))
def test_one_change_over_all_heads_settles_the_field(log, field) -> None:
    top = heads(log, field)
    last = seal(
        stream=9, n=1, by="0" * 32, at=0, entity="progress", id="1" * 32, fields={field: "a"},
        over=names_over(top),
    )  # fmt: skip
    assert [item.change for item in heads([*log, Held(last)], field)] == [last]


def test_two_that_did_not_see_each_other_both_stand() -> None:
    one, two = Held(made(1, "một")), Held(made(1, "hai", stream=2))
    found = heads([one, two], "result")
    assert sorted(held.change.stream for held in found) == [1, 2]
    assert in_conflict(found, "result")


def test_two_equal_values_are_no_conflict() -> None:
    found = heads([Held(made(1, "một")), Held(made(1, "một", stream=2))], "result")
    assert len(found) == 2
    assert not in_conflict(found, "result")


def test_a_true_and_a_one_are_not_taken_for_each_other_by_their_names() -> None:
    assert made(1, True).digest != made(1, 1).digest


def test_a_change_to_another_field_supersedes_nothing() -> None:
    one = made(1, "một")
    other = made(2, over=[one], field="difficulty")
    assert [held.change for held in heads([Held(one), Held(other)], "result")] == [one]


def test_a_refused_change_neither_stands_nor_supersedes() -> None:
    one = made(1, "một")
    refused = Held(made(2, "hai", over=[one]), None, "malformed")
    assert [held.change for held in heads([Held(one, 5), refused], "result")] == [one]


def test_a_change_of_the_same_number_and_another_content_is_another() -> None:
    one, twin = made(1, "một"), made(1, "hai")
    later = made(2, "ba", over=[one])
    found = [held.change for held in heads([Held(one), Held(twin), Held(later)], "result")]
    assert sorted(change.n for change in found) == [1, 2]
    assert twin in found
    assert later in found


def test_the_latest_is_shown_first() -> None:
    early, late = Held(made(1, "một", at=10)), Held(made(1, "hai", at=20, stream=2))
    assert heads([early, late], "result")[0] == late


def test_a_clock_that_ran_ahead_counts_as_the_moment_of_arrival() -> None:
    ahead = Held(made(1, "một", at=9_999), arrived=15)
    right = Held(made(1, "hai", at=20, stream=2), arrived=21)
    assert heads([ahead, right], "result")[0] == right


def test_a_clock_ahead_counts_as_it_says_while_the_change_waits() -> None:
    ahead, right = Held(made(1, "một", at=9_999)), Held(made(1, "hai", at=20, stream=2), arrived=21)
    assert heads([ahead, right], "result")[0] == ahead


def test_a_clock_behind_stays_behind() -> None:
    behind, right = Held(made(1, "một", at=3), arrived=50), Held(made(1, "hai", at=20, stream=2), arrived=21)
    assert heads([behind, right], "result")[0] == right


def test_ties_go_by_stream_then_number() -> None:
    given = [made(2, "a", stream=1), made(1, "b", stream=2), made(1, "c", stream=1)]
    found = heads([Held(change) for change in given], "result")
    assert [(held.change.stream, held.change.n) for held in found] == [(2, 1), (1, 2), (1, 1)]


def test_over_a_waiting_head_lists_what_that_one_lists_as_well() -> None:
    first = made(1, "một")
    second = made(2, "hai", over=[first])
    assert names_over([Held(second)]) == tuple(sorted([first.ref, second.ref]))
    assert names_over([Held(second, arrived=7)]) == (second.ref,)


def test_a_waiting_head_that_never_arrives_leaves_no_old_value_standing() -> None:
    first = made(1, "một")
    lost = made(2, "hai", over=[first])
    last = seal(
        stream=1, n=3, by="0" * 32, at=1, entity="progress", id="1" * 32, fields={"result": "ba"},
        over=names_over([Held(lost)]),
    )  # fmt: skip
    assert [held.change for held in heads([Held(first, 5), Held(last, 6)], "result")] == [last]


def test_an_empty_screen_lists_nothing() -> None:
    assert NOTHING.over == ()
    assert Seen("một", (Held(made(1)),), False).over == (made(1).ref,)
