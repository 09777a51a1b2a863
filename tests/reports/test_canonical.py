"""The frozen form: read back as it was, the same bytes everywhere, and nothing else taken for it."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.blocks import (
    Bar,
    Bullet,
    Chart,
    Column,
    Content,
    Head,
    Heading,
    Paragraph,
    Source,
    Table,
)
from app.reports.canonical import FORM, BadContent, canonical, check_code, content_hash, parse
from app.reports.content import build
from app.reports.letters import printable
from tests.reports.samples import of_period

text = st.text(max_size=20).map(printable)
texts = st.lists(text, max_size=3).map(tuple)
sources = st.lists(st.builds(Source, text, texts), max_size=2).map(tuple)
told = {"text": text, "slot": text, "task": text, "basis": text, "sources": sources}
blocks = st.one_of(
    st.builds(Heading, st.integers(1, 3), text), st.builds(Paragraph, **told), st.builds(Bullet, **told)
)
columns = st.builds(
    Column, text, st.floats(1, 300, allow_nan=False), st.sampled_from(["left", "centre", "right"]), text
)
tables = st.builds(
    Table, text, text, text, text, text, st.lists(columns, max_size=3).map(tuple),
    st.lists(texts, max_size=3).map(tuple), st.booleans(), st.booleans(),
)  # fmt: skip
charts = st.none() | st.builds(
    Chart, text, st.lists(st.builds(Bar, text, st.integers(0, 2000), text), max_size=5).map(tuple)
)
heads = st.builds(Head, st.none() | text, texts, text, text, text, text)
contents = st.builds(
    Content, st.just(FORM), text, text, heads, texts, st.lists(blocks, max_size=4).map(tuple), texts, text,
    texts, st.lists(tables, max_size=2).map(tuple), charts, text,
)  # fmt: skip

WEEK = build(of_period("2025-W26", every=99))


@settings(max_examples=50)
@given(contents)
def test_what_is_frozen_is_read_back(content):
    assert parse(canonical(content)) == content


@given(st.text(max_size=30))
def test_a_text_is_frozen_in_the_form_in_which_it_is_printed(text):
    content = replace(WEEK, title=text)
    frozen = parse(canonical(content))
    assert frozen.title == printable(text)
    assert canonical(frozen) == canonical(content)


@pytest.mark.parametrize("period", ["2025-W26", "2025-07", "2025-Q2", "2025-H1", "2025-9M", "2025"])
@pytest.mark.parametrize("line", ["ubnd_tinh", "tinh_uy"])
def test_a_report_comes_back_whole(period, line):
    content = build(of_period(period, line))
    assert parse(canonical(content)) == content
    assert content_hash(parse(canonical(content))) == content_hash(content)


def test_the_hash_of_what_was_frozen_does_not_change():
    """A later program must come to the same hash, or no old sheet is recognised any more."""
    content = Content(
        1, "nd30-2020", "Báo cáo", Head(None, ("XÃ A",), "Số: 1", "A, ngày", "BÁO CÁO", "việc"), ("tỉnh",),
        (Heading(1, "I. A"), Paragraph("một", "opening", basis="một"), Bullet("hai", "next:1", "1", "ba")),
        ("CHỦ TỊCH",), "B", ("Lưu: VT",),
        (Table("01", "Phụ lục", "T", "(k)", "n", (Column("STT", 9, "centre"),), (("1",),), total=True),),
        Chart("tiến độ", (Bar("Hoàn thành", 3, "done"),)),
    )  # fmt: skip
    assert check_code(content_hash(content)) == "RTJE-WQGN"


@given(st.binary(min_size=16, max_size=32))
def test_the_code_for_people_has_no_signs_that_look_alike(hash):
    assert re.fullmatch("[2-9AC-HJKMNPQRTVWXY]{4}-[2-9AC-HJKMNPQRTVWXY]{4}", check_code(hash))
    assert check_code(hash) == check_code(hash)


def test_one_changed_word_is_another_report():
    content = build(of_period("2025-W26"))
    last = content.blocks[-1]
    other = replace(content, blocks=(*content.blocks[:-1], replace(last, text=last.text + " ")))
    assert content_hash(other) != content_hash(content)
    assert check_code(content_hash(other)) != check_code(content_hash(content))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_foreign_bytes_are_no_report(data):
    with pytest.raises(BadContent):
        parse(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.update(form=2),
        lambda held: held.update(strange=1),
        lambda held: held.update(title=5),
        lambda held: held.pop("head"),
        lambda held: held.update(blocks={}),
        lambda held: held["blocks"].append({"": "Table"}),
        lambda held: held["blocks"].append("text"),
        lambda held: held["blocks"].append({"": "Heading", "level": True, "text": "I"}),
        lambda held: held["tables"][0]["columns"][0].update(align="justify"),
        lambda held: held["tables"][0]["columns"][0].update(width_mm=float("nan")),
        lambda held: held.update({"": "Head"}),
    ],
)
def test_what_has_another_shape_is_refused(change):
    held = json.loads(canonical(build(of_period("2025-07"))))
    change(held)
    with pytest.raises(BadContent):
        parse(json.dumps(held).encode())
