"""A whole scan read: pages of codes and of words, in any order, and another program's decoder."""

import io
import shutil
import subprocess
from contextlib import closing

import numpy as np
import pikepdf
import pytest
from PIL import Image

from app.reports.paper.frames import gather, read_frame, sets
from app.reports.scanning.reader import read
from tests.reports.scanning import samples
from tests.reports.scanning.conftest import MARK

TWO_PAGES = 16_000


def tiff(*pages):
    """A scan of these pages as the office's scanner saves it."""
    first, *others = [Image.fromarray(page) for page in pages]
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others, compression="tiff_lzw")
    return out.getvalue()


def test_a_report_with_its_codes_is_read_from_its_own_pdf(closed):
    codes = samples.codes(samples.frames(5))
    with closing(pikepdf.open(io.BytesIO(closed))) as whole, closing(pikepdf.open(io.BytesIO(codes))) as more:
        words = len(whole.pages)
        whole.pages.extend(more.pages)
        out = io.BytesIO()
        whole.save(out)
    pages = list(read(out.getvalue(), "báo cáo.pdf"))
    assert [(mark.page, mark.pages) for page in pages for mark in page.marks] == [
        (number, words) for number in range(1, words + 1)
    ]
    assert {mark.report for page in pages for mark in page.marks} == {MARK.report}
    assert {frame.packed() for frame in pages[-1].frames} == set(samples.frames(5))
    assert [page.number for page in pages] == list(range(1, words + 2))


def test_pages_of_one_set_in_any_order_give_it_back():
    packed = samples.frames(3, TWO_PAGES)
    pdf = samples.codes(packed)
    scan = tiff(samples.scan(pdf, 1)[::-1, ::-1], samples.scan(pdf, 0))
    pages = list(read(scan, "quét.tif"))
    assert [page.turned for page in pages] == [180, 0]
    (((_, k, n), bodies),) = sets(frame for page in pages for frame in page.frames).items()
    assert (k, n) == (41, 56) and len(gather(bodies, k, n)) == TWO_PAGES


def test_what_earlier_scans_gave_counts(snapshot):
    scan = tiff(snapshot)
    first = next(read(scan, "ảnh.tif"))
    of = first.frames[0]
    held = {(of.page_set, of.k, of.n): range(of.k)}
    assert len(next(read(scan, "ảnh.tif", held=held)).frames) < len(first.frames)


def test_a_page_of_something_else_is_named_and_the_next_one_read(office):
    words = np.full_like(office, 240)
    words[300:330, 200:1_400] = 30
    pages = list(read(tiff(words, office), "quét.tif"))
    assert pages[0] == (1, (), (), 0, True)
    assert len(pages[1].frames) == 28


def test_a_page_that_cannot_be_shown_is_named_too(office):
    content = bytearray(tiff(office, office))
    content[100:30_000] = bytes(29_900)
    pages = list(read(bytes(content), "quét.tif"))
    assert len(pages) == 2 and len(pages[1].frames) == 28


def test_each_page_is_told_and_the_reader_can_be_stopped_between_two(office):
    told: list[int] = []
    reading = read(tiff(office, office, office), "x", told=told.append, stopped=lambda: len(told) == 2)
    assert [page.number for page in reading] == [1, 2]
    assert told == [1, 2]


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed here")
def test_a_decoder_that_is_not_ours_reads_an_office_scan(tmp_path, office):
    Image.fromarray(office).save(tmp_path / "trang.png")
    options = ["--raw", "-q", "-Sdisable", "-Sqrcode.enable", "-Sqrcode.binary"]
    command = ["zbarimg", *options, str(tmp_path / "trang.png")]
    said = subprocess.run(command, capture_output=True, timeout=60, check=False).stdout
    for packed in samples.frames(0):
        assert packed in said
        assert read_frame(packed) is not None
