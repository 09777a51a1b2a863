"""Sets put together out of piles: any k of n, kept or fresh, and never two sets mixed."""

import random

import pytest

from app.reports.paper import frames
from app.reports.paper.frames import read_frame
from app.reports.paper.piles import CodeSet, Pile, Scanned, ScanResult, put_together
from tests.sync.sheets import Seen

DATA = random.Random(5).randbytes(9_500)  # 24 symbols of 56
OTHER = random.Random(6).randbytes(300)
CUT = [read_frame(packed) for packed in frames.cut(DATA)]


def code_set(*indices: int, data: bytes = DATA) -> CodeSet:
    cut = [read_frame(packed) for packed in frames.cut(data)]
    found = CodeSet(cut[0].page_set, cut[0].k, cut[0].n)
    found.bodies.update({index: cut[index].body for index in indices})
    return found


def bodies(*indices: int) -> dict[int, bytes]:
    return {index: CUT[index].body for index in indices}


def test_enough_of_either_or_of_both():
    assert put_together(code_set(*range(30, 54)), {}, None).data == DATA
    read = put_together(code_set(*range(12)), bodies(*range(40, 52)), None)
    assert read.data == DATA and read.symbols == 24
    assert put_together(code_set(*range(12)), bodies(*range(12)), None).data is None


def test_what_is_missing_is_named_by_its_page():
    read = put_together(code_set(*range(0, 40, 2)), {}, None)
    assert (read.data, read.symbols, read.missing, read.spoiled) == (None, 20, (2,), False)


def test_a_set_that_was_whole_is_known_by_any_of_its_symbols():
    assert put_together(code_set(7), {}, DATA).data == DATA
    assert put_together(code_set(7), {}, OTHER).data is None


def test_what_was_kept_and_does_not_fit_gives_way_to_what_is_read():
    wrong = {index: bytes(400) for index in range(24)}
    assert put_together(code_set(*range(24, 48)), wrong, None).data == DATA
    read = put_together(code_set(*range(24, 34)), wrong, None)
    assert read.data is None and read.spoiled and read.symbols == 10


def test_a_pile_keeps_sets_apart_and_names_foreign_pages():
    other = [read_frame(packed) for packed in frames.cut(OTHER)]
    pile = Pile()
    assert pile.add("a.pdf", [Seen(1, (CUT[0], other[3])), Seen(2), Seen(3, (other[3], other[4]))])
    assert not pile.add("b.pdf", [Seen(1, readable=False)])
    assert {found.page_set: sorted(found.bodies) for found in pile.sets.values()} == {
        CUT[0].page_set: [0], other[0].page_set: [3, 4],
    }  # fmt: skip
    assert [(page.file, page.number, page.readable) for page in pile.foreign] == [
        ("a.pdf", 2, True), ("b.pdf", 1, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("results", "good"),
    [
        ((), True),
        ((ScanResult(b"1234", 9, 8, report="a" * 32),), True),
        ((ScanResult(b"1234", 9, 8, report="a" * 32), ScanResult(b"5678", 3, 8, (1,))), False),
        ((ScanResult(b"1234", 9, 8, report="a" * 32, refused=("not-yours",)),), False),
    ],
)
def test_what_counts_as_complete(results, good):
    assert Scanned(results).good is good
