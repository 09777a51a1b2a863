"""The chart of progress: read without colour, by pattern, word and number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.blocks import Bar, Chart
from app.reports.layout import chart, fonts
from app.reports.layout.marks import Shade, Text
from app.reports.layout.ruler import Ruler

KINDS = ("done", "in_time", "not_started", "overdue", "paused")
WIDTH = 467.0


def drawn(*counts, words=KINDS):
    fonts.letters()
    bars = tuple(Bar(word, count, kind) for word, count, kind in zip(words, counts, KINDS, strict=False))
    return chart.box(Chart("Tiến độ", bars), WIDTH, Ruler())


def test_each_kind_has_a_pattern_of_its_own_and_a_length_by_its_count():
    shades = [mark for mark in drawn(10, 20, 30, 40, 50).marks if isinstance(mark, Shade)]
    assert len({shade.pattern for shade in shades}) == 5
    assert [shade.width for shade in shades] == pytest.approx([shades[-1].width * n / 5 for n in range(1, 6)])


def test_each_bar_has_its_word_and_its_number_on_one_line():
    texts = [mark for mark in drawn(1200, 0, 300, 0, 0).marks if isinstance(mark, Text)]
    said = {text.text: text.down for text in texts}
    assert said["done"] == said["1.200 (80,0%)"]
    assert said["not_started"] == said["300 (20,0%)"]
    assert sum(isinstance(mark, Shade) for mark in drawn(1200, 0, 300, 0, 0).marks) == 2


def test_nothing_to_show_is_no_chart():
    assert drawn(0, 0, 0) is None
    assert drawn() is None


@given(st.lists(st.integers(0, 10**6), min_size=5, max_size=5).filter(any), st.integers(1, 30))
def test_nothing_leaves_the_width(counts, repeated):
    box = drawn(*counts, words=["từ ngữ dài " * repeated] * 5)
    ruler = Ruler()
    for mark in box.marks:
        wide = mark.width if isinstance(mark, Shade) else ruler.width(mark.text, mark.font, mark.size)
        assert mark.x >= -0.01
        assert mark.x + wide <= WIDTH + 0.01
        assert mark.down <= box.height
