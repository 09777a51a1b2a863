"""What names a change, and the running hash of a feed: fixed for ever, as every ledger rests on them."""

import hashlib

import cbor2
import pytest

from app.domain.change import Ref
from app.record.digest import canonical, chain_next, seal, value_digest

GIVEN = {
    "stream": 7,
    "n": 3,
    "by": "a" * 32,
    "at": 1_751_245_200,
    "entity": "progress",
    "id": "b" * 32,
    "fields": {"result": "Đã làm", "week": "2025-W27"},
    "over": [Ref(9, 2, b"xy"), Ref(7, 1, b"ab")],
}


def test_the_digest_is_sha256_over_canonical_cbor_with_numbers_and_digests_of_values() -> None:
    value = lambda v: hashlib.sha256(cbor2.dumps(v, canonical=True)).digest()[:16]  # noqa: E731
    content = [
        7, 3, "a" * 32, 1_751_245_200, 20, "b" * 32, {2: value("2025-W27"), 4: value("Đã làm")},
        [[7, 1, b"ab"], [9, 2, b"xy"]],
    ]  # fmt: skip
    expected = hashlib.sha256(cbor2.dumps(content, canonical=True)).digest()[:8]
    assert seal(**GIVEN).digest == expected


def test_the_digest_never_changes_from_one_version_to_the_next() -> None:
    assert seal(**GIVEN).digest.hex() == "963f026ba5ed4ad4"


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("stream", 8), ("n", 4), ("by", "c" * 32), ("at", 1), ("id", "c" * 32),
        ("fields", {"result": "Đã xong", "week": "2025-W27"}), ("fields", {"result": "Đã làm"}),
        ("over", []), ("over", [Ref(9, 2, b"xz"), Ref(7, 1, b"ab")]),
    ],
)  # fmt: skip
def test_every_part_enters_the_digest(part, other) -> None:
    assert seal(**GIVEN | {part: other}).digest != seal(**GIVEN).digest


def test_the_same_numbers_of_another_entity_are_another_change() -> None:
    one, other = (seal(**GIVEN | {"fields": {"#1": "a"}, "entity": name}) for name in ("#98", "#99"))
    assert one.digest != other.digest


def test_neither_the_order_of_fields_nor_that_of_over_matters() -> None:
    mixed = GIVEN | {"fields": {"week": "2025-W27", "result": "Đã làm"}, "over": GIVEN["over"][::-1] * 2}
    assert seal(**mixed) == seal(**GIVEN)


def test_what_a_newer_program_wrote_has_the_same_digest_here() -> None:
    known = seal(**GIVEN | {"fields": {"result": "a"}})
    assert seal(**GIVEN | {"fields": {"#4": "a"}}).digest == known.digest


def test_a_value_has_one_digest_whether_it_is_a_list_or_a_tuple() -> None:
    assert (
        value_digest(("done", 100, "2025-07-01", None))
        == hashlib.sha256(canonical(["done", 100, "2025-07-01", None])).digest()[:16]
    )


def test_the_chain_covers_what_came_before_the_digest_and_the_arrival() -> None:
    chain = chain_next(bytes(8), b"d" * 8, 5)
    assert chain == hashlib.sha256(bytes(8) + b"d" * 8 + (5).to_bytes(8, "big")).digest()[:8]
    others = [chain_next(b"1" * 8, b"d" * 8, 5), chain_next(bytes(8), b"e" * 8, 5)]
    others.append(chain_next(bytes(8), b"d" * 8, 6))
    assert len({*others, chain}) == 4
