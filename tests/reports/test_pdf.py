"""The sheet read back: what the decree asks for, at its place and size."""

import io
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from app.reports.blocks import Heading, Paragraph
from app.reports.content import build, issued
from app.reports.layout import fonts
from app.reports.layout.archive import About, ArchiveCanvas
from app.reports.layout.typesetter import Typesetter
from app.reports.pdf import render
from tests.reports.reading import read, texts
from tests.reports.samples import changed, report, sample_lines, unit
from tests.reports.test_letters import ALPHABET

LEFT, RIGHT, TOP, BOTTOM = 30, 195, 20, 277


@pytest.fixture(scope="module")
def state():
    """An ordinary week of a commune, not a draft."""
    return render(build(report(changed(sample_lines(), 6))), draft=False)


@pytest.fixture(scope="module")
def pages(state):
    return read(state)


@pytest.fixture(scope="module")
def party():
    return read(render(build(report(changed(sample_lines("tinh_uy"), 3), line="tinh_uy")), draft=False))


def last_text_page(pages):
    return [page for page in pages if page.height > page.width][-1]


def style(line):
    return line.font, line.size


REGULAR, BOLD, ITALIC = "LiberationSerif", "LiberationSerif-Bold", "LiberationSerif-Italic"


def test_paper_and_margins(pages):
    for page in pages:
        tall = page.height > page.width
        size = (210, 297) if tall else (297, 210)
        assert (page.width, page.height) == pytest.approx(size, abs=0.1)
        right, bottom = (RIGHT, BOTTOM) if tall else (282, 190)
        for line in page.lines:
            in_margin = line.baseline < TOP
            assert line.left > LEFT - 0.1
            assert line.right < right + 0.1
            assert in_margin or line.baseline < bottom


def test_country_and_motto(pages):
    page = pages[0]
    country, motto = page.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), page.line("Độc lập - Tự do - Hạnh phúc")
    assert style(country) == (BOLD, 13)
    assert style(motto) == (BOLD, 14)
    assert country.middle == pytest.approx(motto.middle, abs=0.3)
    assert country.middle > 30 + 165 / 2
    assert 20 < country.baseline < motto.baseline < 33
    length, gap = page.rule_under(motto)
    assert length == pytest.approx(motto.width, abs=1)
    assert 3 < gap < 7


def test_issuer_number_and_date(pages):
    page = pages[0]
    first, second = page.line("ỦY BAN NHÂN DÂN"), page.line("XÃ MƯỜNG XÉN")
    assert style(first) == style(second) == (BOLD, 13)
    assert first.middle == pytest.approx(second.middle, abs=0.3)
    assert first.baseline == pytest.approx(page.line("CỘNG HÒA").baseline, abs=0.1)
    length, _ = page.rule_under(second)
    for line in (first, second):
        assert 0.33 <= length / line.width <= 0.5
    number, day = page.line("Số:"), page.line("Mường Xén, ngày")
    assert style(number) == (REGULAR, 13)
    assert style(day) == (ITALIC, 14)
    assert number.baseline == pytest.approx(day.baseline, abs=0.05)
    assert day.middle == pytest.approx(page.line("CỘNG HÒA").middle, abs=0.3)


def test_type_subject_and_addressee(pages):
    page = pages[0]
    kind = page.line("BÁO CÁO")
    assert style(kind) == (BOLD, 14)
    assert kind.middle == pytest.approx(112.5, abs=0.3)
    under = [line for line in page.lines if kind.baseline < line.baseline < kind.baseline + 20]
    subject = [line for line in under if line.font == BOLD]
    assert subject[-1].text == "tuần 26 năm 2025 (từ ngày 23/6/2025 đến ngày 29/6/2025)"
    length, _ = page.rule_under(subject[-1])
    assert 0.33 <= length / max(line.width for line in subject) <= 0.5
    to = page.line("Kính gửi: Ủy ban nhân dân tỉnh Nghệ An.")
    assert style(to) == (REGULAR, 14)
    assert to.baseline > subject[-1].baseline


def test_several_addressees_stand_under_the_colon():
    two = replace(unit(), addressees=("Ủy ban nhân dân tỉnh Nghệ An", "Sở Khoa học và Công nghệ"))
    page = read(render(build(report((), block=two)), draft=True))[0]
    to, one, other = page.line("Kính gửi:"), page.line("- Ủy ban nhân dân tỉnh"), page.line("- Sở Khoa học")
    assert one.left == pytest.approx(other.left, abs=0.1)
    assert abs(one.left - to.right) < 2
    assert one.text.endswith(";")
    assert other.text.endswith(".")


def test_body_is_justified_indented_and_of_one_size(pages):
    page = pages[0]
    opening = page.line("Thực hiện Thông báo")
    assert style(opening) == (REGULAR, 14)
    assert opening.left == pytest.approx(LEFT + 10, abs=0.2)
    assert opening.right == pytest.approx(RIGHT, abs=0.3)
    assert page.line("I. KẾT QUẢ").font == BOLD
    assert page.line("1. Tổng hợp chung").font == BOLD


def test_signature_and_recipients(pages):
    page = last_text_page(pages)
    office, role, name = page.line("TM. ỦY BAN NHÂN DÂN"), page.line("CHỦ TỊCH"), page.line("Nguyễn Văn Minh")
    to = page.line("Nơi nhận:")
    assert to.baseline == pytest.approx(office.baseline, abs=0.05)
    assert to.left == pytest.approx(LEFT, abs=0.2)
    assert style(to) == ("LiberationSerif-BoldItalic", 12)
    assert {style(line) for line in (office, role, name)} == {(BOLD, 14)}
    assert office.middle == pytest.approx(role.middle, abs=0.2)
    assert name.middle == pytest.approx(role.middle, abs=0.2)
    assert office.middle > 112.5
    assert 25 < name.baseline - role.baseline < 38
    assert page.line("- Như trên;").size == 11
    assert page.line("- Lưu: VT, VHXH.").left == pytest.approx(LEFT, abs=0.2)
    body = [line for line in page.lines if line.size == 14 and TOP < line.baseline < office.baseline]
    assert len({line.baseline for line in body}) >= 2
    assert max(body, key=lambda line: line.baseline).text.endswith("./.")


def test_page_numbers(pages):
    """None on the first page of the text and of the annex; then centred in the top margin."""
    text = [page for page in pages if page.height > page.width]
    annex = [page for page in pages if page.height < page.width]
    assert len(text) > 1
    assert len(annex) > 1
    for part in (text, annex):
        for position, page in enumerate(part, 1):
            margin = [line for line in page.lines if line.baseline < TOP - 1]
            assert [line.text for line in margin] == ([str(position)] if position > 1 else [])
            for line in margin:
                assert line.size == 13
                assert line.baseline == pytest.approx(10, abs=0.1)
                assert line.middle == pytest.approx(page.width / 2 + 7.5, abs=0.3)


def test_a_draft_says_so_on_every_page():
    content = build(report(changed(sample_lines(), 6)))
    for page in read(render(content, draft=True)):
        assert page.line("DỰ THẢO").baseline < TOP
    assert not any("DỰ THẢO" in page.text for page in read(render(content, draft=False)))


def test_annex_heading_and_repeated_header(pages):
    annex = [page for page in pages if page.height < page.width]
    first = annex[0]
    assert style(first.line("Phụ lục")) == (BOLD, 14)
    assert first.line("BIỂU 02.").font == BOLD
    assert style(first.line("(Kèm theo Báo cáo số")) == (ITALIC, 13)
    for page in annex:
        assert [page.line(word).font for word in ("STT", "Mã", "Thời hạn")] == [BOLD] * 3
        assert page.line("STT").size == 11


def test_codes_and_dates_of_the_annex_are_never_broken(pages):
    words = {word for page in pages if page.height < page.width for word in page.text.split()}
    content = build(report(changed(sample_lines(), 6)))
    for row in content.tables[0].rows:
        assert row[1] in words
        assert row[6] in words or not row[6][:1].isdigit()


def test_the_party_sheet(party):
    page = party[0]
    name = page.line("ĐẢNG CỘNG SẢN VIỆT NAM")
    assert style(name) == (BOLD, 15)
    assert page.rule_under(name)[0] == pytest.approx(name.width, abs=1)
    assert style(page.line("ĐẢNG BỘ TỈNH NGHỆ AN")) == (REGULAR, 14)
    assert style(page.line("ĐẢNG ỦY XÃ MƯỜNG XÉN")) == (BOLD, 14)
    assert page.line("*").middle == pytest.approx(page.line("ĐẢNG BỘ").middle, abs=0.3)
    assert page.line("Mường Xén, ngày").font == ITALIC
    assert style(page.line("BÁO CÁO")) == (BOLD, 16)
    assert page.line("-----").middle == pytest.approx(112.5, abs=0.3)
    assert "Kính gửi" not in page.text
    assert "CỘNG HÒA" not in page.text
    last = last_text_page(party)
    assert style(last.line("T/M ĐẢNG ỦY")) == (BOLD, 14)
    assert style(last.line("BÍ THƯ")) == (REGULAR, 14)
    to = last.line("Nơi nhận:")
    assert style(to) == (REGULAR, 14)
    assert any(abs(left - to.left) < 0.3 and abs(right - to.right) < 0.3 for left, right, _ in last.rules)
    assert last.line("- Lưu Văn phòng Đảng ủy.").size == 12
    assert party[1].line("2").size == 14


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Trường Vinh", "phuong"),
        ("Thành Bình Thọ", "xa"),
        ("Hưng Nguyên Nam", "xa"),
        ("Hoàng Mai", "phuong"),
    ],
)
@pytest.mark.parametrize("line", ["ubnd_tinh", "tinh_uy"])
def test_the_longest_names_fit_their_half(name, kind, line):
    page = read(render(build(report((), line=line, block=unit(line, name, kind))), draft=True))[0]
    edge = 30 + (66 if line == "ubnd_tinh" else 70)
    head = [each for each in page.lines if 20 < each.baseline < 42]
    for each in head:
        reach = 5.1 if each.text.startswith(f"{name}, ngày") else 0.1
        assert (each.right < edge + 0.1) or (each.left > edge - reach), each
    day, number = page.line(f"{name}, ngày"), page.line("Số")
    assert day.text.endswith("năm 2025")
    assert day.baseline == pytest.approx(number.baseline, abs=0.05)
    right = [each for each in head if each.left > edge - 0.1]
    assert max(each.right for each in right) < RIGHT + 0.1


def test_fonts_language_and_properties(state):
    with pikepdf.open(io.BytesIO(state)) as document:
        assert str(document.Root.Lang) == "vi-VN"
        title = str(document.docinfo["/Title"])
        assert title.startswith("Báo cáo kết quả thực hiện nhiệm vụ")
        assert "\n" not in title
        names = set()
        for page in document.pages:
            for font in page.Resources.get("/Font", {}).values():
                base = str(font.BaseFont)
                names.add(base.partition("+")[2])
                assert base[7] == "+", f"{base} is not a subset"
                assert "/FontFile2" in font.FontDescriptor, f"{base} is not embedded"
                assert "/ToUnicode" in font, f"{base} cannot be searched"
        assert names == {REGULAR, BOLD, ITALIC, "LiberationSerif-BoldItalic"}


def every_letter(form: str):
    alphabet = " ".join(sorted(ALPHABET))
    return build(report((replace(
        changed(sample_lines()[:1])[0], result=unicodedata.normalize(form, alphabet)
    ),)))  # fmt: skip


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_letter_is_found_again(form):
    data = render(every_letter(form), draft=False)
    text = "".join(texts(data))
    assert set(text) >= ALPHABET
    assert text == unicodedata.normalize("NFC", text)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_poppler_finds_every_letter_and_every_font(tmp_path):
    sheet = tmp_path / "b.pdf"
    sheet.write_bytes(render(every_letter("NFD"), draft=False))

    def told(*command):
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()

    assert set(told("pdftotext", "-layout", sheet, "-")) >= ALPHABET
    for row in told("pdffonts", sheet).splitlines()[2:]:
        assert row.split()[-5:-2] == ["yes", "yes", "yes"], row  # embedded, subset, to Unicode


def test_the_same_content_gives_the_same_bytes(state):
    assert render(build(report(changed(sample_lines(), 6))), draft=False) == state
    other = render(build(report(changed(sample_lines(), 5))), draft=False)
    assert other != state


def test_reportlab_is_loaded_with_the_first_sheet_only():
    code = "import sys, app.reports.content, app.reports.pdf; print('reportlab' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert said.stdout.strip() == "False"


def test_markup_in_prose_is_only_prose():
    evil = '<b>đậm</b> & <font color="red">đỏ</font> </para> &lt; <!-- --> %s {0}'
    line = replace(changed(sample_lines()[:1])[0], result=evil, difficulty=evil)
    text = " ".join(" ".join(page.text.split()) for page in read(render(build(report((line,))), draft=True)))
    assert '<b>đậm</b> & <font color="red">đỏ</font>' in text


def test_letters_without_a_glyph_are_boxes_and_do_not_break_the_sheet():
    line = replace(changed(sample_lines()[:1])[0], result="Xong ✓ 😀 \uf0b7 mục 57\u2011NQ")
    text = " ".join(page.text for page in read(render(build(report((line,))), draft=True)))
    assert "□" in text
    assert "57-NQ" in text


def test_a_number_typed_by_the_clerk():
    content = issued(build(report(())), "5", date(2025, 2, 5))
    page = read(render(content, draft=False))[0]
    assert page.line("Số: 05/BC-UBND")
    assert page.line("Mường Xén, ngày 05 tháng 02 năm 2025")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_letter_is_found_in_all_four_styles(form, tmp_path):
    """One part of the sheet in each style: body, subject, place of the annex, and the recipients' label."""
    alphabet = unicodedata.normalize(form, " ".join(sorted(ALPHABET)))
    made = build(report(changed(sample_lines()[:1])))
    bare = replace(made, tables=())
    styles = {
        "LiberationSerif": replace(bare, blocks=(Paragraph(alphabet), *made.blocks[-1:])),
        "LiberationSerif-Bold": replace(bare, blocks=(Heading(1, alphabet), *made.blocks[-1:])),
        "LiberationSerif-Italic": replace(
            made, tables=tuple(replace(table, belongs_to=alphabet) for table in made.tables)
        ),
    }
    for font, content in styles.items():
        data = render(content, draft=False)
        drawn = {
            letter for page in read(data) for line in page.lines if line.font == font for letter in line.text
        }
        assert drawn >= ALPHABET
        sheet = tmp_path / f"{font}.pdf"
        sheet.write_bytes(data)
        said = subprocess.run(["pdftotext", sheet, "-"], capture_output=True, check=True).stdout.decode()
        assert set(said) >= ALPHABET
    canvas = ArchiveCanvas(About("b", "b", "b"), fonts.REGULAR)
    setter = Typesetter(canvas)
    setter.begin()
    setter.line(50, 700, unicodedata.normalize("NFC", alphabet), fonts.BOLD_ITALIC, 3)
    setter.end()
    canvas.showPage()
    sheet.write_bytes(canvas.finished())
    said = subprocess.run(["pdftotext", sheet, "-"], capture_output=True, check=True).stdout.decode()
    assert set(said) >= ALPHABET


def test_what_is_new_stands_in_a_frame_on_a_drafts_first_page_only():
    content = build(report(changed(sample_lines()[:6])))
    lines = ("Hoàn thành 01 nhiệm vụ: BCD25-002.", "Không thay đổi: 05/06 nhiệm vụ.")
    first, *others = read(render(content, draft=True, news=lines))
    title = first.line("CÓ GÌ MỚI")
    assert title.font == BOLD
    said = [first.line(line) for line in lines]
    assert title.baseline < said[0].baseline < said[1].baseline < first.line("CỘNG HÒA").baseline
    assert all("CÓ GÌ MỚI" not in page.text for page in others)
    assert render(content, draft=False, news=lines) == render(content, draft=False)
