import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import LedgerError
from app.domain.table import read_table
from app.domain.units import BadTable

COLUMNS = {"code": ("Mã",), "percent": ("Tỷ lệ",), "result": ("Kết quả",), "next_step": ("next",)}
TEXT = "code,percent,result\nBCD25-001,40,Đã họp\nBCD25-002,,Chưa họp\nBCD25-003,70%,Xong một nửa\n"
ROWS = [
    {"code": "BCD25-001", "percent": "40", "result": "Đã họp"},
    {"code": "BCD25-002", "percent": "", "result": "Chưa họp"},
    {"code": "BCD25-003", "percent": "70%", "result": "Xong một nửa"},
]


def read(data, required=("code",)):
    data = data if isinstance(data, bytes) else data.encode()
    return read_table(data, "b.csv", COLUMNS, required)


def values(data):
    return [dict(row.values) for row in read(data)]


def refusal(data):
    with pytest.raises(BadTable) as refused:
        read(data)
    facts = refused.value.facts
    assert facts["file"] == "b.csv"
    return facts["line"], facts["column"], facts["problem"]


SEMICOLONS = TEXT.replace(",", ";")
FORMS = {
    "plain": TEXT,
    "bom": codecs.BOM_UTF8 + TEXT.encode(),
    "crlf": TEXT.replace("\n", "\r\n"),
    "old mac": TEXT.replace("\n", "\r"),
    "no last line end": TEXT.rstrip(),
    "semicolons": SEMICOLONS,
    "sep": "sep=;\n" + SEMICOLONS,
    "sep with a BOM": codecs.BOM_UTF8 + ("sep=;\r\n" + SEMICOLONS).encode(),
    "sep in capitals, padded": "SEP=;;;\n" + SEMICOLONS,
    "tabs in UTF-16": TEXT.replace(",", "\t").encode("utf-16"),
    "UTF-16 big end first": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "UTF-16 without a BOM": TEXT.encode("utf-16-le"),
    "decomposed": unicodedata.normalize("NFD", TEXT),
    "blanks": TEXT.replace(",", " , ").replace("code ", " code "),
    "empty cells behind": "\n".join(line and line + ",,," for line in TEXT.split("\n")),
    "empty lines": "\n\n,,\n" + TEXT.replace("\n", "\n\n,,\n"),
    "capitals": TEXT.replace("code,percent,result", "CODE,Percent,RESULT"),
    "Vietnamese headings": TEXT.replace("code,percent,result", "Mã,TỶ LỆ,Kết  quả"),
    "quotes": TEXT.replace("Đã họp", '"Đã họp"'),
}


@pytest.mark.parametrize("form", FORMS)
def test_one_table_in_every_form_that_spreadsheets_save(form):
    assert values(FORMS[form]) == ROWS


def test_headings_join_their_words_in_any_way():
    for heading in ("next_step", "next-step", "Next Step", "NEXT"):
        assert values(f"code,{heading}\nA,b\n") == [{"code": "A", "next_step": "b"}]


def test_lines_are_counted_as_an_editor_counts_them():
    text = 'sep=,\ncode,result\n\nA,"một\nhai"\nB,ba\n'
    assert [(row.line, row.values["result"]) for row in read(text)] == [(4, "một\nhai"), (6, "ba")]


def test_signs_that_break_files_later_are_taken_out():
    assert values("code,result\nA,a\u00adb\u200bc\u000bd\uf0b7e\u2011f\n") == [
        {"code": "A", "result": "abc\nd-e-f"}
    ]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("code,resutl\nA,b\n", (1, "resutl", "heading")),
        ("code,Mã\nA,b\n", (1, "Mã", "heading")),
        ("percent\n40\n", (1, "code", "missing-column")),
        ("code,percent\nA,1\nB\n", (3, "percent", "cells")),
        ("code,result\nA,một, hai\n", (2, "result", "cell-outside")),
        ("code,,result\nA,b,c\n", (2, "code", "cell-outside")),
        ('code,result\nA,"b\nB,c\n', (2, "", "quotes")),
        ('code,result\nA,"b"c\n', (2, "", "quotes")),
        ("code,result\n", (1, "", "empty")),
        ("", (1, "code", "missing-column")),
        ("code,result\nA," + "x" * 20_001 + "\n", (2, "result", "text-too-long")),
        ("code,result\nA," + "x" * 1_000_000 + "\n", (2, "result", "text-too-long")),
        ("code,result\nA,b\nB,kết quả\n".encode("utf-16")[:-3], (3, "", "encoding")),
        ("code,result\nA,b\nB,đá\n".encode("cp1258"), (3, "", "encoding")),
        ("code,result\nA,Đường sá\n".encode().decode("cp1252", "replace"), (2, "", "encoding")),
        ("code,result\nA,tỉnh ủy\n".encode().decode("latin-1"), (2, "", "encoding")),
        ("code,result\nA,Nhi?m v? c?a ph??ng h?p\n", (2, "", "encoding")),
    ],
)
def test_what_cannot_be_taken_is_refused_whole_with_its_place(data, place):
    assert refusal(data) == place


def test_good_words_are_not_taken_for_mixed_up_letters():
    for words in (
        "xã «khá» hơn",
        "«khá», «Ủy ban»",
        "ĐÃ XONG",
        "hỏi: a?b",
        "https://a.vn/?x=1&y?z c?d e?f",
        "Ä",
    ):
        assert values("code;result\nA;" + words + "\n")[0]["result"] == words


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_nothing_but_our_own_errors_comes_out(data):
    try:
        read(data, required=())
    except LedgerError as error:
        assert error.code == "bad-table"
