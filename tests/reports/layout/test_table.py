"""The annex under weight: many rows, long texts, long words."""

import io
import re
from dataclasses import replace

import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.content import build
from app.reports.layout import fonts
from app.reports.layout.ruler import Ruler
from app.reports.pdf import render
from tests.reports.reading import edges, read, texts
from tests.reports.samples import changed, report, sample_lines


def annex_pages(data):
    return [page for page in read(data) if page.width > page.height]


def many(count):
    lines = changed(sample_lines(None))
    return tuple(replace(lines[n % 81], code=f"N-{n:04d}") for n in range(count))


@pytest.mark.parametrize("count", [0, 1, 81, 500])
def test_any_number_of_tasks(count):
    pages = texts(render(build(report(many(count))), draft=False))
    annex = [page for page in pages if "STT" in page]
    assert re.findall(r"N-\d{4}", "".join(annex)) == [f"N-{n:04d}" for n in range(count)]
    assert len(annex) <= count
    assert pages[-len(annex) :] == annex or not annex


def test_rows_stay_whole():
    """A row's text ends on the page where it began, unless it is taller than a third of the page."""
    pages = annex_pages(render(build(report(changed(sample_lines(None)))), draft=False))
    for page in pages:
        body = [line for line in page.lines if line.size == 11 and line.font == "LiberationSerif"]
        header = page.line("STT").baseline
        top = min(line.baseline for line in body if line.baseline > header)
        first = [line for line in body if line.left < 42 and line.text.isdigit()]
        assert min(line.baseline for line in first) == pytest.approx(top, abs=0.05)


@pytest.mark.parametrize("count", [4, 9, 10, 11])
def test_no_row_stands_alone_on_the_last_page(count):
    words = 12 if count == 4 else 5  # as tall as a page of three rows, or of five
    line = replace(changed(sample_lines()[:1])[0], title="Kiểm thử điểm cầu của xã. " * words)
    lines = tuple(replace(line, code=f"N-{n:04d}") for n in range(count))
    pages = annex_pages(render(build(report(lines)), draft=False))
    rows = [re.findall(r"N-\d{4}", page.text) for page in pages]
    assert [code for page in rows for code in page] == [line.code for line in lines]
    assert len(pages) > 1 and len(rows[-1]) > 1


@pytest.mark.parametrize("letters", [5_000, 20_000])
def test_a_long_text_is_printed_whole_between_pages(letters):
    words = " ".join(f"từ{n:04d}" for n in range(letters // 7))
    line = replace(changed(sample_lines()[:1])[0], result=words)
    whole = read(render(build(report((line,))), draft=False))
    pages = [page for page in whole if page.width < page.height and "STT" in page.text]
    assert len(pages) > 1
    found = [word for page in pages for word in re.findall(r"từ\d{4}", page.text)]
    assert found == words.split()
    assert all(page.line("STT") for page in pages)


def test_four_full_fields_and_a_word_of_500_letters():
    full = {name: f"{name[0]}ữ " * 6_666 for name in ("result", "difficulty", "proposal", "next_step")}
    lines = changed(sample_lines()[:3])
    given = (replace(lines[0], **full), replace(lines[1], title="W" * 500, product="i" * 500), lines[2])
    data = render(build(report(given)), draft=True)
    found = re.sub(r"\s", "", "".join(texts(data)))
    for name in full:
        assert found.count(f"{name[0]}ữ") >= 6_666
    assert found.count("W") >= 500
    for left, right, _, bottom in edges(data):
        assert left > 29.5
        assert right > 14.5
        assert bottom > 18.5


def test_columns_never_overlap():
    """Each text of the annex lies between the two vertical rules around its beginning."""
    lines = changed(sample_lines()[:3])
    wide = replace(lines[0], title="W" * 500, result="x" * 300, difficulty="khó " * 400)
    data = render(build(report((wide, *lines[1:]))), draft=False)
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            if page.width < page.height:
                continue
            uprights = sorted({round(r["x0"], 1) for r in page.lines if r["x0"] == r["x1"]})
            assert len(uprights) == 13
            tops = [r["top"] for r in page.lines if r["x0"] == r["x1"]]
            for char in page.chars:
                if char["top"] > min(tops) and char["text"].strip():
                    held = max(x for x in uprights if x <= char["x0"] + 0.1)
                    end = uprights[uprights.index(held) + 1]
                    assert char["x1"] <= end + 0.1


@given(
    st.text(alphabet="aăbWi-/. \n", max_size=200),
    st.floats(min_value=20, max_value=200),
)
def test_breaking_keeps_every_letter_and_fits(text, width):
    fonts.letters()
    ruler = Ruler()
    lines = ruler.wrap(text, fonts.REGULAR, 11, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    for line in lines:
        assert ruler.width(line, fonts.REGULAR, 11) <= width + 0.01
