"""What is said of a pile: nothing that is missing goes untold, and nothing is told that is not missing."""

import pytest

from app.reports.paper import pile_words
from app.reports.paper.piles import Scanned, ScanResult

WHOLE = ScanResult(b"set1", 28, 3, report="aa")
PART = ScanResult(b"set2", 1, 3, (2,))


@pytest.mark.parametrize(
    ("results", "marked", "told"),
    [
        ((), (), False),
        ((), ("aa",), True),
        ((WHOLE,), ("aa",), False),
        ((WHOLE,), ("aa", "bb"), True),  # two communes' sheets in one pile, one without its codes
        ((WHOLE, PART), ("aa", "bb"), False),  # the set that is not whole may be the other's
        ((WHOLE, PART), ("aa", "bb", "cc"), True),
    ],
)
def test_a_report_whose_codes_are_not_in_the_pile_is_told(results, marked, told):
    assert (pile_words.without_codes() in pile_words.of_rest(Scanned(results, marked=marked))) is told
