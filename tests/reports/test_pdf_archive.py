"""The file for an archive: PDF/A-1b by a validator that is not ours, PDF/A-3b point by point."""

import hashlib
import io
import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from app.domain.reporting import Period
from app.reports.blocks import Bar, Chart, Column, Table
from app.reports.content import build
from app.reports.layout.archive import srgb_profile
from app.reports.layout.footmark import FootMark
from app.reports.paper import frames
from app.reports.paper.codes import CodeSheet
from app.reports.pdf import Issued, render
from tests.reports.reading import texts
from tests.reports.samples import changed, report, sample_lines

MARK = FootMark(bytes(range(16)), hashlib.sha256(b"content").digest())
DATA = b"\x84endstream\r\n" + bytes(range(256))

QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # Java's start weighs more than the work
JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in (
        "preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "commons-io", "javax.activation",
        "jaxb-api",
    )
]  # fmt: skip


def weekly(every: int = 9, line: str = "ubnd_tinh", period: str = "2025-W26"):
    lines = changed(sample_lines(line)[: 120 // every], every)
    return build(report(lines, line=line, period=Period.parse(period)))


def grouped():
    """A content with a chart, and a table of grouped headings and a total."""
    columns = (
        Column("STT", 8, "centre"),
        Column("Nhóm nhiệm vụ", 60),
        Column("Đúng hạn", 20, "right", "Hoàn thành"),
        Column("Quá hạn", 20, "right", "Hoàn thành"),
        Column("Tổng số", 20, "right"),
    )
    rows = (("1", "Hạ tầng số", "1", "0", "1"), ("", "Cộng", "1", "0", "1"))
    table = Table("01", "Phụ lục I", "BIỂU 01", "(Kèm theo)", "Số liệu", columns, rows, False, True)
    bars = tuple(Bar(kind, n, kind) for n, kind in enumerate(["done", "in_time", "overdue", "paused"], 3))
    return replace(weekly(), tables=(table,), chart=Chart("Tiến độ", bars))


@pytest.mark.skipif(
    shutil.which("java") is None or not all(jar.exists() for jar in JARS),
    reason="PDFBox Preflight is not installed",
)
def test_preflight_passes_every_kind(tmp_path):
    odd = "Xong ✓ 😀 \u4e2d\u6587 " + " ".join(map(chr, range(0x1E00, 0x1EFF)))  # letters for a second subset
    sheets = {
        **{
            f"{line}-{period}": render(weekly(9, line, period), draft=False, mark=MARK)
            for line in ("ubnd_tinh", "tinh_uy")
            for period in ("2025-W26", "2025-06", "2025-Q2", "2025-H1", "2025-9M", "2025")
        },
        "all": render(weekly(1), draft=False, mark=MARK),
        "draft": render(weekly(), draft=True),
        "nothing": render(build(report(())), draft=False, mark=MARK),
        "grouped": render(grouped(), draft=False, mark=MARK),
        "issued": render(weekly(), draft=False, mark=MARK, issued=Issued("5", date(2025, 2, 5))),
        "codes": render(weekly(), draft=False, mark=MARK, codes=CodeSheet("MÃ", ("x",), frames.cut(DATA))),
        "odd": render(
            build(report((replace(changed(sample_lines()[:1])[0], result=odd),), notice=odd)), draft=False
        ),
    }
    listed = tmp_path / "list"
    listed.write_text("\n".join(str(tmp_path / f"{name}.pdf") for name in sheets), encoding="utf-8")
    for name, data in sheets.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)
    path = ":".join(map(str, JARS))
    said = subprocess.run(
        ["java", *QUICK, "-cp", path, "org.apache.pdfbox.preflight.Validator_A1b", "group", listed],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    told = said.stdout + said.stderr
    for name in sheets:
        assert f"The file {name}.pdf is a valid PDF/A-1b file" in told, told


@pytest.fixture(scope="module")
def attached():
    return render(weekly(), draft=False, mark=MARK, data=DATA)


def test_the_data_is_an_associated_file(attached):
    with pikepdf.open(io.BytesIO(attached)) as document:
        assert document.pdf_version == "1.7"
        (spec,) = document.Root.AF
        name, listed = document.Root.Names.EmbeddedFiles.Names
        assert listed.objgen == spec.objgen
        assert str(name) == str(spec.UF) == str(spec.F)
        assert spec.Type == "/Filespec"
        assert spec.AFRelationship == "/Data"
        held = spec.EF.UF
        assert held.read_bytes() == DATA
        assert held.Subtype == "/application/octet-stream"
        assert held.Params.Size == len(DATA)
    assert b"/application#2Foctet-stream" in attached


@pytest.mark.parametrize("data", [b"", DATA])
def test_the_archive_forms_rules_point_by_point(data):
    sheet = render(weekly(), draft=False, mark=MARK, data=data)
    assert re.match(rb"%PDF-1\.[47]\n%[\x80-\xff]{4}", sheet)
    with pikepdf.open(io.BytesIO(sheet)) as document:
        root = document.Root
        assert str(root.Lang) == "vi-VN"
        assert "/Filter" not in root.Metadata
        with document.open_metadata() as said:
            assert said.pdfa_status == ("3B" if data else "1B")
            info = document.docinfo
            assert said["dc:title"] == str(info["/Title"])
            assert said["dc:creator"] == [str(info["/Author"])]
            assert said["dc:description"] == str(info["/Subject"])
            assert said["xmp:CreatorTool"] == str(info["/Creator"])
            assert said["pdf:Producer"] == str(info["/Producer"])
        assert not {"/CreationDate", "/ModDate"} & set(info.keys())  # no clock enters
        (intent,) = root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert intent.DestOutputProfile.read_bytes() == srgb_profile()
        first, second = document.trailer.ID
        assert bytes(first) == bytes(second)
        for thing in document.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
                assert "/FontFile2" in thing
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font":
                assert "/ToUnicode" in thing
        assert {str(font) for font in _fonts(document)} == {"/TrueType"}


def _fonts(document):
    return {font.Subtype for page in document.pages for font in page.Resources.Font.values()}


def test_every_stream_ends_with_a_line_end(attached):
    """By the lengths the streams themselves state, since data may hold the word."""
    with pikepdf.open(io.BytesIO(attached)) as document:
        lengths = [thing.Length for thing in document.objects if isinstance(thing, pikepdf.Stream)]
    starts = [found.end() for found in re.finditer(rb">>\nstream\n", attached)]
    assert len(starts) == len(lengths)
    for start, length in zip(starts, lengths, strict=True):
        assert attached[start + length :].startswith(b"\nendstream\nendobj\n")


def test_the_colours_profile_is_srgb():
    made = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert ImageCms.getProfileDescription(made).strip() == "sRGB IEC61966-2.1"
    shades = bytes((255, 255, 255, 0, 0, 0, 200, 30, 90, 20, 128, 255))
    colours = Image.frombytes("RGB", (4, 1), shades)
    through = ImageCms.profileToProfile(colours, made, ImageCms.createProfile("sRGB")).tobytes()
    assert all(abs(a - b) <= 1 for a, b in zip(shades, through, strict=True))


def test_places_for_number_date_and_signatures():
    with pikepdf.open(io.BytesIO(render(weekly(), draft=False, mark=MARK))) as document:
        places = {name[1:]: place for name, place in document.Root.Dests.items()}
        assert set(places) == {
            "snv.number", "snv.date", "snv.day", "snv.month", "snv.person", "snv.agency"
        }  # fmt: skip
        shown = {}
        for name, (page, fit, left, bottom, right, top) in places.items():
            assert fit == "/FitR"
            number = next(i for i, each in enumerate(document.pages) if each.objgen == page.objgen)
            shown[name] = (number, float(left), float(bottom), float(right), float(top))
            assert left < right
            assert bottom < top
        last = next(i for i, page in enumerate(document.pages) if page.MediaBox[2] > page.MediaBox[3]) - 1
    assert [shown[name][0] for name in ("snv.number", "snv.date", "snv.person", "snv.agency")] == [
        0, 0, last, last
    ]  # fmt: skip
    _, left, bottom, right, top = shown["snv.person"]
    _, seal_left, seal_bottom, seal_right, seal_top = shown["snv.agency"]
    assert seal_left < left
    assert seal_right - left == pytest.approx((right - left) / 3, abs=1)
    assert (seal_top + seal_bottom) / 2 == pytest.approx((top + bottom) / 2, abs=1)
    assert shown["snv.day"][3] < shown["snv.month"][1]


def test_the_same_content_gives_the_same_bytes_in_any_form():
    content = weekly()
    given = {"draft": False, "mark": MARK, "data": DATA, "issued": Issued("12/BC-UBND", date(2025, 6, 27))}
    first = render(content, **given)
    assert render(content, **given) == first
    assert render(content, **{**given, "data": DATA[1:]}) != first
    other = render(content, draft=False, mark=MARK._replace(report=bytes(16)))
    ids = [re.search(rb"/ID \[<(\w+)>", sheet)[1] for sheet in (first, other)]
    assert ids[0] != ids[1]


def test_letters_of_a_second_subset_are_set_and_found():
    many = (
        "".join(map(chr, range(0x0180, 0x0250))) + " Tiếng Việt " + "".join(map(chr, range(0x0400, 0x0460)))
    )
    many = unicodedata.normalize("NFC", many)
    line = replace(changed(sample_lines()[:1])[0], result=many)
    data = render(build(report((line,))), draft=False)
    found = "".join(texts(data))
    assert set("ЀџЯя Tiếng Việt") <= set(found)


@settings(max_examples=25)
@given(
    st.text(max_size=80),
    st.text(alphabet="aă<&>\"'()\\\n\t \u00a0\u0300\ud800\ufffe\U0001f600%", max_size=60),
)
def test_whatever_was_written_becomes_a_readable_file(one, other):
    made = build(report(changed(sample_lines()[:1])))
    head = replace(made.head, issuer=(other,), subject=one, place_date=other, number=one, superior=other)
    table = replace(made.tables[0], title=one, note=other, rows=((one, other) * 6,))
    odd = replace(made, title=other, head=head, tables=(table,), signer=one, recipients=(other, one))
    with pikepdf.open(io.BytesIO(render(odd, draft=False, mark=MARK))) as document:
        with document.open_metadata() as said:
            assert (said.get("dc:title") or "") == str(document.docinfo["/Title"])
        assert len(document.pages) >= 2
