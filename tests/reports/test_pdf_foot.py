"""The foot of a closed report's pages, read back as a scan would be: the code and the words."""

import hashlib
import io
from contextlib import closing
from dataclasses import replace

import pdfplumber
import pypdfium2
import pytest
import zxingcpp

from app.reports.blocks import Column, Table
from app.reports.content import build, check_code
from app.reports.layout import footmark
from app.reports.layout.footmark import FootMark, PageMark
from app.reports.pdf import pages, render
from tests.reports.reading import MM, read, texts
from tests.reports.samples import changed, report, sample_lines

MARK = FootMark(hashlib.sha256(b"record").digest()[:16], hashlib.sha256(b"content").digest())
CONTENT = build(report(changed(sample_lines(), 6)))
DOT = 72 / 300


@pytest.fixture(scope="module")
def closed():
    return render(CONTENT, draft=False, mark=MARK)


def marks(data, dpi=150):
    """What is read from each page, seen at an office scanner's poorer setting."""
    found = []
    with closing(pypdfium2.PdfDocument(data)) as document:
        for page in document:
            grey = page.render(scale=dpi / 72, grayscale=True).to_pil()
            codes = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)
            found.append([footmark.unpack(code.bytes) for code in codes])
    return found


def test_every_page_says_report_content_page_and_pages(closed):
    count = pages(CONTENT)
    assert count == len(read(closed)) > 3
    assert marks(closed) == [
        [PageMark(MARK.report, MARK.hash[:8], page, count)] for page in range(1, count + 1)
    ]


def test_the_words_beside_the_code(closed):
    whole = read(closed)
    code = check_code(MARK.hash)
    for number, page in enumerate(whole, 1):
        line = page.line(f"{number}/{len(whole)} · mã kiểm tra {code}")
        assert page.height - 20 < line.baseline < page.height - 4
        assert line.left > 30 + 29 * 5 / 300 * 25.4


def test_the_code_is_of_whole_dots_in_the_bottom_margin(closed):
    """29 modules of 5 dots at 300 dpi, from the text's left edge, where printers print and no seal comes."""
    with pdfplumber.open(io.BytesIO(closed)) as document:
        for page in (document.pages[0], document.pages[-1]):
            dark = [each for each in page.rects if each["x0"] < 45 * MM and each["fill"]]
            left, right = min(each["x0"] for each in dark), max(each["x1"] for each in dark)
            top, bottom = min(each["top"] for each in dark), max(each["bottom"] for each in dark)
            assert left == pytest.approx(30 * MM, abs=DOT)
            assert right - left == pytest.approx(29 * 5 * DOT, abs=0.01)
            assert bottom - top == pytest.approx(29 * 5 * DOT, abs=0.01)
            assert page.height - bottom > 5 * MM
            assert page.height - top < 20 * MM - 4 * 5 * DOT
            for each in dark:
                for value in (
                    each["x0"],
                    each["x1"],
                    page.height - each["bottom"],
                    page.height - each["top"],
                ):
                    assert value / DOT == pytest.approx(round(value / DOT), abs=0.002)


def test_a_draft_has_neither_code_nor_words():
    data = render(CONTENT, draft=True, mark=MARK)
    assert marks(data, 100) == [[]] * pages(CONTENT)
    assert "mã kiểm tra" not in "".join(texts(data))


def test_a_report_of_more_pages_than_a_byte_counts_has_the_words_alone():
    rows = tuple((str(n), "dòng\n" * 30) for n in range(300))
    table = Table(
        "02", "Phụ lục", "BIỂU", "(Kèm theo)", "Số liệu", (Column("STT", 20), Column("Việc", 80)), rows
    )
    long = replace(CONTENT, tables=(table,))
    count = pages(long)
    assert count > 255
    data = render(long, draft=False, mark=MARK)
    said = texts(data)
    assert f"{count}/{count} · mã kiểm tra" in said[-1]
    with closing(pypdfium2.PdfDocument(data)) as document:
        grey = document[0].render(scale=2, grayscale=True).to_pil()
    assert zxingcpp.read_barcodes(grey) == []
