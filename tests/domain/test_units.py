from pathlib import Path

import pytest

from app.domain.units import BadTable, Unit, read_units

TABLE = (Path(__file__).parents[2] / "resources" / "data" / "nghe_an_units.csv").read_text(encoding="utf-8")
HEADING = "code,name,kind,former_district,mountainous\n"
VINH = "16681,Phường Thành Vinh,phuong,Thành phố Vinh,0\n"


def test_the_130_units_of_the_province():
    units = read_units(TABLE)
    assert len(units) == 130 and len({unit.code for unit in units}) == 130
    assert [sum(unit.kind == kind for unit in units) for kind in ("xa", "phuong")] == [119, 11]
    assert sum(unit.mountainous is True for unit in units) == 76
    assert units[0] == Unit("16681", "Phường Thành Vinh", "phuong", "Thành phố Vinh", False)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("front", ["", "\ufeff", "sep={sign}{end}", "\ufeffsep={sign}{end}"])
def test_the_same_table_saved_by_a_spreadsheet(front, sign, end):
    saved = front.format(sign=sign, end=end) + (HEADING.upper() + VINH).replace(",", sign).replace("\n", end)
    assert read_units(saved) == read_units(HEADING + VINH)


@pytest.mark.parametrize(
    ("text", "line", "column", "problem"),
    [
        ("", 1, "code", "missing-column"),
        (HEADING, 1, "", "empty"),
        ("code,nmae,kind,former_district,mountainous\n" + VINH, 1, "nmae", "heading"),
        ("code,code,kind,former_district,mountainous\n" + VINH, 1, "code", "heading"),
        ("code,name,kind,mountainous\n16681,A,xa,1\n", 1, "former_district", "missing-column"),
        (HEADING + VINH + "\n" + VINH, 4, "code", "twice"),
        (HEADING + "1668,A,xa,B,1\n", 2, "code", "unit-code"),
        (HEADING + "１６６８１,A,xa,B,1\n", 2, "code", "unit-code"),
        (HEADING + "16681,,xa,B,1\n", 2, "name", "unit-name"),
        (HEADING + "16681,A,huyen,B,1\n", 2, "kind", "unit-kind"),
        (HEADING + "16681,A,xa,B,yes\n", 2, "mountainous", "unit-mountainous"),
        (HEADING + VINH + "16690,A,xa\n", 3, "", "cells"),
        (HEADING + '16681,"A,xa,B,1\n', 2, "", "quotes"),
        (HEADING + '16681,"A" b,xa,B,1\n', 2, "", "quotes"),
        (HEADING + '16681,A,xa,"B\nC",1\n16681,A,xa,B,1\n', 4, "code", "twice"),
        (HEADING + f"16681,A,xa,{'B' * 20_001},1\n", 2, "", "text-too-long"),
        ("sep=,\n" + HEADING + "1668,A,xa,B,1\n", 3, "code", "unit-code"),
    ],
)
def test_a_broken_table_is_named_by_line_and_column(text, line, column, problem):
    with pytest.raises(BadTable) as told:
        read_units(text, "units.csv")
    facts = told.value.facts
    assert (facts["file"], facts["line"], facts["column"], facts["problem"]) == (
        "units.csv", line, column, problem,
    )  # fmt: skip


def test_names_are_read_in_nfc_and_found_in_either_spelling():
    (unit,) = read_units(HEADING + "16681,Xã Ho\u0300a Sơn,xa,,\n")
    assert unit.name == "Xã H\u00f2a Sơn" and unit.mountainous is None
    assert unit.is_called("xã Hoà Sơn") and not unit.is_called("Xã Hóa Sơn")


def test_a_quotation_mark_is_told_by_the_line_itself_not_in_the_words_of_a_library():
    with pytest.raises(BadTable) as told:
        read_units(HEADING + VINH + '16681,"A" b,xa,B,1\n', "u.csv")
    assert told.value.facts["value"] == '16681,"A" b,xa,B,1'
