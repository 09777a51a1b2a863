"""What is known of a symbol beforehand, how it is found to lie, and how its modules are told through blur."""

import cv2
import numpy as np
import pytest

from app.reports.layout import foot, footmark
from app.reports.paper import codes
from app.reports.paper.frames import read_frame
from app.reports.scanning import equaliser, geometry, landmarks
from app.reports.scanning.decoder import Budget
from app.reports.scanning.symbol import CODE, MARK
from tests.reports.scanning import samples

PIXELS = 10


def modules(kind, number):
    """The modules of a symbol that the program draws."""
    if kind is MARK:
        rows = foot.symbol(footmark.pack(bytes([number]) * 16, bytes(8), 1 + number, 9))
    else:
        rows = codes.modules(samples.frames(0)[number])
    return np.array([list(row) for row in rows], bool)


def picture(dark, blur, angle=0.0, noise=0.0):
    """A symbol on paper: blur in modules, angle in degrees, noise in greys; and its homography."""
    framed = np.pad(np.where(dark, 60, 230).astype(np.uint8), 10, constant_values=230)
    grey = np.kron(framed, np.ones((PIXELS, PIXELS), np.uint8))
    side = grey.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), angle, 1)
    seen = cv2.warpAffine(grey, turn, (side, side), borderValue=230)
    seen = cv2.GaussianBlur(seen, (0, 0), blur * PIXELS)
    seen = seen + noise * np.random.default_rng(0).standard_normal(seen.shape)
    place = np.array([[PIXELS, 0, 10 * PIXELS - 0.5], [0, PIXELS, 10 * PIXELS - 0.5], [0, 0, 1]], np.float64)
    return np.clip(seen, 0, 255).astype(np.uint8), np.vstack([turn, [0, 0, 1]]) @ place


@pytest.mark.parametrize("kind", [CODE, MARK], ids=["code", "mark"])
def test_the_known_modules_are_the_same_in_all_symbols_that_are_drawn(kind):
    drawn = [modules(kind, number) for number in range(8)]
    for one in drawn:
        assert one.shape == (kind.side, kind.side)
        assert (one[kind.known] == kind.right[kind.known]).all()
    differing = np.any([one != drawn[0] for one in drawn], axis=0)
    assert differing.sum() > 0.5 * (~kind.known).sum()


def test_spoiled_known_modules_are_set_right():
    dark = modules(CODE, 3)
    dark[:8, :8] = False  # a whole finder pattern
    frame = read_frame(CODE.said_by(dark, Budget(10**6)))
    assert frame is not None and frame.index == 3


def test_what_cannot_be_read_says_nothing():
    noise = np.random.default_rng(1).integers(0, 2, (CODE.side, CODE.side)).astype(bool)
    assert CODE.said_by(noise, Budget(10**6)) == b""
    assert CODE.said_by(modules(CODE, 0), Budget(10)) == b""


@pytest.mark.parametrize("angle", [0.0, 1.5, -2.0])
@pytest.mark.parametrize("kind", [CODE, MARK], ids=["code", "mark"])
def test_a_symbol_is_found_to_lie_as_it_does(kind, angle):
    seen, right = picture(modules(kind, 1), 0.4, angle, 8)
    _, straight = picture(modules(kind, 1), 0.4)
    lies = landmarks.aligned(landmarks.cut_out(seen, straight, kind), kind)
    assert lies is not None and lies.patterns == len(kind.alignments) + 3
    found = geometry.moved(straight @ landmarks.shifted() @ lies.matrix, kind.corners)
    assert np.hypot(*(found - geometry.moved(right, kind.corners)).T).max() < 0.25 * PIXELS


def test_where_there_is_no_symbol_no_patterns_agree():
    seen = np.random.default_rng(1).integers(0, 256, (1000, 1000)).astype(np.uint8)
    _, straight = picture(modules(CODE, 1), 0.4)
    lies = landmarks.aligned(landmarks.cut_out(seen, straight, CODE), CODE)
    assert lies is None or lies.patterns < CODE.sure


def test_modules_that_blur_has_run_together_are_told_apart():
    dark = modules(CODE, 5)
    seen, straight = picture(dark, 0.55, noise=4)
    cut = landmarks.cut_out(seen, straight, CODE)
    lies = landmarks.aligned(cut, CODE)
    assert lies is not None
    learnt, *_, plain = equaliser.darkness(cut, lies.matrix, CODE)
    wrong, wrong_before = ((one != dark)[~CODE.known].sum() for one in (learnt, plain))
    assert wrong < 0.02 * dark.size < wrong_before
    frame = read_frame(CODE.said_by(learnt, Budget(10**6)))
    assert frame is not None and frame.index == 5
    assert CODE.said_by(plain, Budget(10**6)) == b""


def test_places_of_a_page_are_a_grid_of_one_pitch():
    assert [list(geometry.origin(place)) for place in (0, 1, 4, 27)] == [[0, 0], [85, 0], [0, 85], [255, 510]]
    known = {0: geometry.corners(0) * 5 + 100}
    assert geometry.outward(known)[:3] == [1, 4, 5]
    matrix = geometry.around(5, known)
    assert matrix is not None
    assert np.allclose(geometry.moved(matrix, geometry.corners(5)), geometry.corners(5) * 5 + 100)
