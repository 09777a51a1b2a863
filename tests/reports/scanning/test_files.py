"""Files of scans: every form that a scanner or a phone writes, and files that are none."""

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from app.domain.errors import LedgerError
from app.reports.pdfium import ONE_AT_A_TIME
from app.reports.scanning import files
from app.sentences import SENTENCES
from app.words import explain
from tests.reports.scanning import samples


def shown(content, name="trang.pdf"):
    return list(files.pages(content, name))


def refused(content, kind):
    with pytest.raises(kind) as caught:
        shown(content, "ảnh.jpg")
    assert caught.value.code in SENTENCES
    assert "ảnh.jpg" in explain(caught.value)


def saved(picture, form, **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


@pytest.fixture
def picture(office):
    return Image.fromarray(office)


@pytest.fixture(scope="module")
def pdf():
    return samples.codes(samples.frames(0))


def same(seen, picture, most=3.0):
    """Whether two greys show the same, but for what a JPEG loses."""
    assert seen.shape == (picture.height, picture.width)
    return np.abs(seen.astype(int) - np.asarray(picture.convert("L"))).mean() < most


MODES = {
    "PNG": ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"],
    "TIFF": ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"],
    "JPEG": ["L", "RGB", "CMYK"],
}


@pytest.mark.parametrize(("form", "mode"), [(form, mode) for form, modes in MODES.items() for mode in modes])
def test_pictures_of_every_mode_become_grey(picture, mode, form):
    small = picture.crop((100, 100, 500, 600))
    if mode == "I;16":
        wide = Image.fromarray(np.asarray(small).astype(np.uint16) << 8)
        (seen,) = shown(saved(wide, form))
    else:
        (seen,) = shown(saved(small.convert(mode), form))
    assert same(seen, small.convert("1") if mode == "1" else small, 6)


def test_what_can_be_seen_through_is_white():
    clear = Image.new("RGBA", (50, 60), (0, 0, 0, 0))
    (seen,) = shown(saved(clear, "PNG"))
    assert (seen == 255).all()


def test_a_photo_is_turned_upright_as_the_phone_says(picture):
    exif = Image.Exif()
    exif[0x0112] = 6
    (seen,) = shown(saved(picture.rotate(90, expand=True), "JPEG", exif=exif, quality=90))
    assert same(seen, picture, 5)


def test_a_fax_of_many_pages(picture):
    lines = picture.convert("1")
    others = [lines.rotate(180), lines]
    content = saved(lines, "TIFF", save_all=True, append_images=others, compression="group4")
    seen = shown(content)
    assert len(seen) == 3
    assert same(seen[1], others[0])


@pytest.mark.parametrize("dpi", [200, 300])
def test_the_scan_in_a_pdf_is_seen_as_fine_as_it_was_scanned(picture, dpi):
    seen = shown(saved(picture, "PDF", resolution=dpi, save_all=True, append_images=[picture]))
    assert len(seen) == 2
    assert abs(seen[0].shape[0] - picture.height) <= 1 and abs(seen[0].shape[1] - picture.width) <= 1


def test_a_drawn_pdf_is_seen_at_300_dpi(pdf):
    (seen,) = shown(pdf)
    assert seen.shape == (3508, 2481)


def test_what_is_too_fine_is_halved(picture):
    large = picture.resize((5_000, 7_000), Image.Resampling.NEAREST)
    (seen,) = shown(saved(large, "PNG", compress_level=1))
    assert seen.shape == (3_500, 2_500)
    (seen,) = shown(saved(large, "JPEG", quality=80))
    assert seen.shape == (3_500, 2_500)
    (seen,) = shown(saved(large, "PDF", resolution=600))
    assert abs(seen.shape[0] - 3_500) <= 1


def test_a_sheet_of_any_size_is_bounded():
    with closing(pikepdf.new()) as made:
        made.add_blank_page(page_size=(14_400, 14_400))
        made.add_blank_page(page_size=(3, 14_400))
        out = io.BytesIO()
        made.save(out)
    first, second = shown(out.getvalue())
    assert first.size <= files.WANTED and second.size <= files.WANTED


def test_nothing_and_other_things_are_refused_in_words(picture):
    refused(b"", files.ScanEmpty)
    refused(b"PK\x03\x04 a table", files.ScanOtherKind)
    refused(b"<html>%PNG", files.ScanOtherKind)
    refused(saved(picture, "GIF"), files.ScanOtherKind)
    refused(b"%PDF-1.7\nnothing else", files.ScanDamaged)
    refused(b"\x89PNG\r\n\x1a\n", files.ScanDamaged)
    refused(b"\xff\xd8\xff\xe0 no picture", files.ScanDamaged)
    refused(b"II*\0\x08\0\0\0", files.ScanDamaged)


def test_a_picture_cut_off_on_its_way_is_refused(picture):
    for form in ("PNG", "JPEG"):
        whole = saved(picture, form)
        refused(whole[: len(whole) // 2], files.ScanDamaged)


def test_a_locked_pdf_is_refused(pdf):
    with closing(pikepdf.open(io.BytesIO(pdf))) as opened:
        out = io.BytesIO()
        opened.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    refused(out.getvalue(), files.ScanLocked)


def png(width, height):
    """A PNG that says it is so large, and holds nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(12_000, 12_000), (60_000, 60_000), (2_000_000_000, 2)])
def test_a_picture_that_would_fill_the_memory_is_refused_unopened(size):
    refused(png(*size), files.ScanTooLarge)


def test_a_file_of_too_many_pages_is_refused(monkeypatch):
    with closing(pikepdf.new()) as made:
        for _ in range(files.PAGES + 1):
            made.add_blank_page(page_size=(72, 72))
        out = io.BytesIO()
        made.save(out)
    refused(out.getvalue(), files.ScanTooLarge)


def test_a_page_that_is_damaged_does_not_take_the_others_with_it(picture):
    content = bytearray(
        saved(picture, "TIFF", save_all=True, append_images=[picture], compression="tiff_lzw")
    )
    content[100:30_000] = bytes(29_900)
    seen = shown(bytes(content))
    assert len(seen) == 2
    assert seen[1] is not None and same(seen[1], picture)


def test_a_file_that_is_not_there_is_the_systems_word(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(files.pages(tmp_path / "không có.pdf", "không có.pdf"))


def test_a_path_is_read_like_its_bytes(tmp_path, picture):
    file = tmp_path / "trang 1.png"
    picture.save(file)
    (seen,) = files.pages(file, file.name)
    assert same(seen, picture, 0.1)


def test_two_threads_may_read_pdfs_at_once(pdf):
    with ThreadPoolExecutor(3) as threads:
        for (seen,) in threads.map(shown, [pdf] * 9):
            assert seen.shape == (3508, 2481)


def test_a_pdf_left_half_read_lets_go_of_pdfium(pdf):
    with closing(files.pages(pdf, "x")) as reading:
        next(reading)
        assert not ONE_AT_A_TIME.locked()
    with ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(pdf)) as document:
        assert len(document) == 1


def test_each_refusal_has_words():
    refusals = (kind for kind in vars(files).values() if isinstance(kind, type))
    codes = {kind.code for kind in refusals if issubclass(kind, LedgerError) and kind is not LedgerError}
    assert len(codes) == 5 and codes <= set(SENTENCES)
