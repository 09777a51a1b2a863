"""The twelve kinds of damage: 22 of the 28 symbols of a page come through each, and none is wrong."""

import pytest

from app.reports.paper.frames import gather
from app.reports.scanning.page import read_page
from tests.benchmarks.damage import LEVELS, damaged
from tests.reports.scanning import samples

PAGES = 12


def whole(picture, seed):
    found = read_page(picture, {}, stopped=lambda: False)
    assert {frame.packed() for frame in found.frames} <= set(samples.frames(seed))
    return len(gather({frame.index: frame.body for frame in found.frames}, 22, 28)) == samples.WEEK


@pytest.mark.parametrize("level", [2, 6], ids=lambda level: LEVELS[level].name)
def test_a_page_comes_through(code_page, level):
    assert whole(damaged(code_page, LEVELS[level], 0), 0)


def test_a_page_comes_through_accidents_and_the_worst_phone(spoiled, snapshot):
    assert whole(spoiled, 0)
    assert whole(snapshot, 0)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(PAGES))
def test_every_page_comes_through_every_kind_of_damage(seed):
    page = samples.code_page(seed)
    assert [level.name for level in LEVELS if not whole(damaged(page, level, seed), seed)] == []
