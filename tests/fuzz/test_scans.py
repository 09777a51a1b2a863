"""Scans from anyone: pictures changed at random and files cut or spoiled never crash the reader, never cost
more than its budget, and never give a symbol that was not printed."""

import io
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from PIL import Image

from app.domain.errors import LedgerError
from app.reports.scanning.decoder import Budget
from app.reports.scanning.page import BUDGET, searched
from app.reports.scanning.reader import read
from tests.reports.scanning import samples

PRINTED = frozenset(samples.frames(0))
SIDE = strategies.integers(0, 800)
pytestmark = pytest.mark.timeout(600)


@cache
def scan():
    """Four symbols of a page of codes at 150 dpi: quick to read."""
    whole = Image.fromarray(samples.scan(samples.codes(samples.frames(0))))
    return np.asarray(whole.resize((1_240, 1_754)).crop((100, 90, 590, 570)))


def sound(picture):
    """Read it, and say how many symbols there were; nothing else may have come, nor more work been done."""
    budget = Budget(BUDGET)
    search = searched(np.ascontiguousarray(picture), {}, budget, lambda: False)
    assert budget.left >= 0
    if search is None:
        return 0
    found = search.found()
    assert {frame.packed() for frame in found.frames} <= PRINTED
    assert not found.marks and found.turned in {0, 90, 180, 270}
    return len(found.frames)


def changed(picture, seed, times):
    """A picture after some of the things that can happen to one, drawn by lot."""
    random = np.random.default_rng(seed)
    picture = picture.copy()
    for _ in range(times):
        height, width = picture.shape
        top, left = int(random.integers(0, height)), int(random.integers(0, width))
        part = picture[top : top + int(random.integers(1, 400)), left : left + int(random.integers(1, 400))]
        match int(random.integers(0, 9)):
            case 0:
                part[:] = random.integers(0, 256)
            case 1:
                part[:] = 255 - part
            case 2:
                part[:] = random.integers(0, 256, part.shape)
            case 3:
                part[:] = np.roll(part, int(random.integers(1, 40)), axis=int(random.integers(0, 2)))
            case 4:
                part[:] = part[::-1, ::-1]
            case 5:
                picture = np.roll(picture, (top, left), axis=(0, 1))
            case 6:
                picture = picture[: max(1, top), : max(1, left)] if min(top, left) > 300 else picture.T
            case 7:
                by = random.uniform(0.2, 1.5, 2)
                size = max(1, int(width * by[0])), max(1, int(height * by[1]))
                picture = np.array(Image.fromarray(picture).resize(size))
            case _:
                part[:] = (part > 128) * 255
    return picture


def test_the_scan_is_sound_to_begin_with():
    assert sound(scan()) == 4


@settings(max_examples=20)
@given(strategies.integers(0, 2**32), strategies.integers(1, 12))
def test_changed_pictures(seed, times):
    sound(changed(scan(), seed, times))


@settings(max_examples=40)
@given(strategies.integers(0, 2**32), SIDE, SIDE, strategies.sampled_from([1, 3, 8]))
def test_pictures_of_nothing(seed, height, width, cell):
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (height // cell + 1, width // cell + 1)).astype(np.uint8)
    assert sound(np.kron(coarse, np.ones((cell, cell), np.uint8))) == 0


@cache
def saved(form, **options):
    out = io.BytesIO()
    whole = Image.fromarray(scan())
    pages = [whole] if form in {"TIFF", "PDF"} else []
    more = {"save_all": True, "append_images": pages} if pages else {}
    whole.save(out, form, **more, **options)
    return out.getvalue()


FILES = {
    "png": ("PNG", {}),
    "jpeg": ("JPEG", {"quality": 60}),
    "fax": ("TIFF", {"compression": "tiff_lzw"}),
    "pdf": ("PDF", {"resolution": 150}),
}


def survives(content):
    """Read a file: a refusal that has a code, or pages with nothing on them that was not printed."""
    try:
        pages = list(read(content, "quét"))
    except LedgerError as refusal:
        assert refusal.code.startswith("scan-")
        return
    assert {frame.packed() for page in pages for frame in page.frames} <= PRINTED


@settings(max_examples=12)
@given(strategies.data())
@pytest.mark.parametrize("kind", FILES)
def test_spoiled_files(kind, data):
    whole = bytearray(saved(FILES[kind][0], **FILES[kind][1]))
    near = strategies.integers(0, min(2_000, len(whole) - 1))
    far = strategies.integers(0, len(whole) - 1)
    place = strategies.one_of(near, far, near.map(lambda at: len(whole) - 1 - at))
    for at in data.draw(strategies.lists(place, max_size=12)):
        whole[at] = data.draw(strategies.integers(0, 255))
    end = data.draw(strategies.one_of(strategies.just(len(whole)), strategies.integers(0, len(whole))))
    survives(bytes(whole[:end]))


STARTS = [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\0", b"MM\0*", b""]


@given(strategies.sampled_from(STARTS), strategies.binary(max_size=300))
def test_files_of_nothing(start, rest):
    survives(start + rest)
