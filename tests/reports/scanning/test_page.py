"""One picture of a page: turned, mirrored, faxed, with others, with nothing on it."""

import cv2
import numpy as np
import pytest

from app.reports.layout.footmark import PageMark
from app.reports.paper.frames import gather
from app.reports.scanning import pictures
from app.reports.scanning.decoder import Budget
from app.reports.scanning.page import BUDGET, Search, read_page
from tests.benchmarks.damage import LEVELS, damaged
from tests.reports.scanning import samples
from tests.reports.scanning.conftest import MARK


def read(picture, held=None):
    return read_page(np.ascontiguousarray(picture), held or {}, stopped=lambda: False)


def packed(found):
    return {frame.packed() for frame in found.frames}


def spent(picture, held):
    """Pixels that were looked through."""
    budget = Budget(BUDGET)
    search = Search(picture, held, budget, lambda: False)
    search.first()
    search.rest()
    return BUDGET - budget.left


def mark(page, pages):
    return PageMark(MARK.report, MARK.hash[:8], page, pages)


def test_all_symbols_of_an_office_scan_are_read_in_one_pass(office):
    assert packed(read(office)) == set(samples.frames(0))
    assert spent(office, {}) == office.size


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_may_lie_turned_and_says_so(office, quarters):
    found = read(np.rot90(office, -quarters))
    assert packed(found) == set(samples.frames(0))
    assert found.turned == 90 * quarters


@pytest.mark.parametrize("quarters", [0, 3])
def test_a_mirrored_page_is_read_as_well(spoiled, quarters):
    found = read(np.rot90(spoiled[:, ::-1], -quarters))
    assert len(found.frames) >= 22 and packed(found) <= set(samples.frames(0))
    assert found.turned == (-90 * quarters) % 360  # as it lies once it is mirrored back


def test_several_pages_in_one_picture_are_kept_apart(office):
    other = samples.scan(samples.codes(samples.frames(1)), seed=1)
    found = read(np.vstack([office, other[::-1, ::-1]]))
    for seed in (0, 1):
        mine = packed(found) & set(samples.frames(seed))
        bodies = {frame.index: frame.body for frame in found.frames if frame.packed() in mine}
        assert len(gather(bodies, 22, 28)) == samples.WEEK


@pytest.mark.parametrize("share", [0.965, 0.6])
def test_a_page_printed_smaller_is_read(office, share):
    small = cv2.resize(office, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    around = ((0, office.shape[0] - small.shape[0]), (0, office.shape[1] - small.shape[1]))
    assert packed(read(np.pad(small, around, constant_values=250))) == set(samples.frames(0))


def test_a_row_of_symbols_cut_off_is_no_loss(office):
    cut = office.copy()
    cut[: int(office.shape[0] * 0.18)] = 255
    found = read(cut)
    bodies = {frame.index: frame.body for frame in found.frames}
    assert len(found.frames) == 24
    assert len(gather(bodies, 22, 28)) == samples.WEEK


def test_no_trouble_is_taken_once_enough_symbols_are_held(snapshot):
    of = read(snapshot).frames[0]
    held = {(of.page_set, of.k, of.n): set(range(22))}
    assert spent(snapshot, held) < spent(snapshot, {})
    assert spent(snapshot, {(of.page_set, of.k, 2 * of.n): set(range(22))}) == spent(snapshot, {})


def test_every_symbol_is_looked_for_when_that_is_wanted(snapshot):
    found = read_page(snapshot, {}, every=True, stopped=lambda: False)
    assert packed(found) == set(samples.frames(0))
    assert len(read(snapshot).frames) == 22


def test_what_is_not_wanted_any_more_ends_after_the_first_pass(snapshot):
    search = Search(snapshot, {}, Budget(BUDGET), lambda: True)
    search.first()
    before = search.budget.left
    search.rest()
    assert search.budget.left == before


def test_the_mark_of_a_report_page_is_read_from_the_worst_photo(annex_page, closed):
    pages = samples.count(closed)
    assert read(damaged(annex_page, LEVELS[11], 0)).marks == (mark(pages, pages),)


@pytest.mark.slow
@pytest.mark.parametrize("level", range(12))
def test_the_mark_of_a_report_page_is_read(report_page, annex_page, closed, level):
    pages = samples.count(closed)
    for page, number in ((report_page, 1), (annex_page, pages)):
        found = read(damaged(page, LEVELS[level], 0))
        assert found.marks == (mark(number, pages),) and not found.frames


def test_a_report_page_that_stands_on_its_head_is_said(closed):
    found = read(samples.scan(closed)[::-1, ::-1])
    assert len(found.marks) == 1
    assert found.turned == 180


def test_a_page_of_words_has_none_of_our_codes(closed):
    page = samples.scan(closed)
    page[2100:] = 255
    assert read(page) == ((), (), 0)


def noise(height, width, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)


def finders(rows, columns, pixels):
    """A field of finder patterns: each could be a corner of many symbols."""
    one = np.full((9, 9), 255, np.uint8)
    one[1:8, 1:8], one[2:7, 2:7], one[3:6, 3:6] = 0, 255, 0
    return np.kron(np.tile(one, (rows, columns)), np.ones((pixels, pixels), np.uint8))


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((1, 1), np.uint8),
        np.zeros((1, 9_000), np.uint8),
        np.zeros((9_000, 1), np.uint8),
        noise(100, 20_000),
        noise(2_000, 1_500),
        cv2.resize(noise(400, 300), (3_000, 4_000)),
        np.kron(noise(500, 400) // 128 * 255, np.ones((4, 4), np.uint8)),
        np.full((3_508, 2_480), 255, np.uint8),
        np.zeros((3_508, 2_480), np.uint8),
        finders(45, 60, 4),
        finders(300, 300, 1),
    ],
    ids=["dot", "line", "column", "strip", "noise", "clouds", "blocks", "white", "black", "few", "many"],
)
def test_pictures_of_anything_end_soon(picture):
    assert read(picture) == ((), (), 0)


def test_a_swarm_of_finder_patterns_is_counted_before_it_is_decoded(office):
    assert pictures.finders(finders(150, 110, 3)) == pytest.approx(150 * 110, rel=0.1)
    assert pictures.finders(office) < 500


def test_the_back_of_a_sheet_costs_one_pass():
    white = np.clip(235 + 0.04 * noise(2_339, 1_654), 0, 255).astype(np.uint8)
    assert spent(white, {}) == white.size
