"""Pages filled with the body's lines: nothing lost, nothing torn apart that belongs together."""

from hypothesis import given
from hypothesis import strategies as st

from app.reports.blocks import Bullet, Heading, Paragraph
from app.reports.layout import flow, fonts
from app.reports.layout.marks import Box, Text
from app.reports.layout.profiles import STATE
from app.reports.layout.ruler import Ruler

WIDTH, HEIGHT = 200.0, 17 * 12.0
SIGNATURE = Box((Text(0, 10, "KÝ", "f", 14),), 60.0, 14.0)

blocks = st.lists(
    st.one_of(
        st.builds(
            Heading, st.integers(1, 3), st.sampled_from(["I. MỤC", "1. Một đề mục dài hơn một dòng nhiều"])
        ),
        st.builds(Paragraph, st.integers(1, 120).map(lambda n: " ".join(f"t{i}" for i in range(n)))),
        st.builds(Bullet, st.integers(1, 30).map(lambda n: " ".join(f"g{i}" for i in range(n)))),
    ),
    max_size=12,
).map(tuple)


def placed(given_blocks):
    fonts.letters()
    rows = flow.body(given_blocks, STATE, WIDTH, Ruler(), SIGNATURE)
    return rows, list(flow.pages(rows, HEIGHT))


@given(blocks)
def test_every_line_is_placed_once_in_order_and_inside_the_page(given_blocks):
    rows, pages = placed(given_blocks)
    assert [each.box.marks for page in pages for each in page] == [row.box.marks for row in rows]
    for page in pages:
        down = 0.0
        for each in page:
            assert each.down >= down - 0.01
            down = each.down + each.box.height
        assert down <= HEIGHT + 0.02
        assert page[0].down == 0.0


@given(blocks)
def test_no_page_ends_or_begins_where_it_may_not(given_blocks):
    """Except where what belongs together would fill a page by itself."""
    rows, pages = placed(given_blocks)
    at = 0
    for page in pages[:-1]:
        here = rows[at : at + len(page)]
        at += len(page)
        forced = not any(row.begins for row in here[1:])
        assert rows[at].begins or forced


@given(st.integers(4, 60), st.integers(0, 14))
def test_a_paragraph_leaves_two_lines_on_either_page(words, before):
    text = " ".join(["từ_dài_vừa"] * words)
    filling = tuple(Paragraph("dòng") for _ in range(before))
    _, pages = placed((*filling, Paragraph(text), Paragraph("một " * 40)))
    lines = [
        [m.text for each in page for m in each.box.marks if "từ_dài" in getattr(m, "text", "")]
        for page in pages
    ]
    parts = [len(page) for page in lines if page]
    assert len(parts) == 1 or all(part >= 2 for part in parts)


@given(blocks.filter(bool))
def test_the_signature_has_two_lines_of_the_body_above_it(given_blocks):
    """As far as there are two lines."""
    rows, pages = placed(given_blocks)
    if len(rows) > 2:
        assert len(pages[-1]) >= 3


@given(st.integers(1, 3), st.integers(0, 14))
def test_a_heading_stays_with_two_lines_of_what_follows(level, before):
    filling = tuple(Paragraph("dòng") for _ in range(before))
    _, pages = placed((*filling, Heading(1, "I. MỤC"), Heading(level, "1. Mục con"), Paragraph("chữ " * 60)))
    for page in pages:
        said = [mark.text for each in page for mark in each.box.marks]
        if "1. Mục con" in said:
            place = said.index("1. Mục con")
            assert said[place - 1] == "I. MỤC"
            assert sum("chữ" in line for line in said[place + 1 :]) >= 2


@given(st.integers(0, 40))
def test_a_sentence_that_leads_to_a_list_stays_with_its_first_item(before):
    filling = [Paragraph("chữ " * before)] if before else []
    _, pages = placed((*filling, Paragraph("Có 02 nhiệm vụ đến hạn:"), Bullet("chữ " * 30)))
    lines = [mark.text for page in pages for mark in page[-1].box.marks[-1:]]
    assert "Có 02 nhiệm vụ đến hạn:" not in lines[:-1]


def test_a_box_taller_than_a_page_is_cut_and_ends():
    marks = tuple(Text(0, 14.0 * n, f"dòng {n}", "f", 11) for n in range(1, 60))
    tall = Box(marks, 14.0 * 60, places=())
    pages = list(flow.pages([flow.Row(tall, begins=True)], HEIGHT))
    assert len(pages) > 3
    assert [mark.text for page in pages for each in page for mark in each.box.marks] == [
        f"dòng {n}" for n in range(1, 60)
    ]


def test_justified_lines_reach_the_edge_and_the_last_does_not():
    fonts.letters()
    ruler = Ruler()
    lines = [row.box.marks[0] for row in flow.rows(Paragraph("vừa đủ chữ " * 20), STATE, WIDTH, ruler)]
    for line in lines[:-1]:
        full = line.x + ruler.width(line.text, line.font, line.size) + line.spread * line.text.count(" ")
        assert abs(full - WIDTH) < 0.01
    assert lines[-1].spread == 0
    assert lines[0].x == flow.INDENT
    assert lines[1].x == 0
