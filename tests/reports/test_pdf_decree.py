"""The sheet against the rules, part by part: fonts, sizes, lines and places of every kind of report.

The tables below are the rules (Decree 30/2020, Annex I, for the state; the Party's guide of 2026): what a
part begins with, the style of its letters and the sizes allowed. They are read back from the finished PDF.
"""

import io
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import pdfplumber
import pytest

from app.domain.periods import HANOI
from app.domain.reporting import Period
from app.reports.blocks import Bullet, Content, Paragraph
from app.reports.content import build
from app.reports.layout import fonts
from app.reports.layout.ruler import Ruler
from app.reports.pdf import pages, render
from tests.reports.reading import MM, Page, edges, read, texts
from tests.reports.samples import changed, report, sample_lines, unit

LINES = ("ubnd_tinh", "tinh_uy")
PERIODS = ("2025-W26", "2025-06", "2025-Q2", "2025-H1", "2025-9M", "2025")
REGULAR, BOLD = "LiberationSerif", "LiberationSerif-Bold"
ITALIC, BOLD_ITALIC = "LiberationSerif-Italic", "LiberationSerif-BoldItalic"
MIDDLE = 112.5


@dataclass(frozen=True)
class Part:
    """A part of the sheet: on the first or last page of the text, or the first of an annex."""

    name: str
    begins: str
    font: str
    sizes: tuple[float, float]
    where: str = "first"


STATE = (
    Part("ô 1 Quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", BOLD, (12, 13)),
    Part("ô 1 Tiêu ngữ", "Độc lập - Tự do - Hạnh phúc", BOLD, (13, 14)),
    Part("ô 2 issuing body", "ỦY BAN NHÂN DÂN", BOLD, (12, 13)),
    Part("ô 2 issuing body", "XÃ MƯỜNG XÉN", BOLD, (12, 13)),
    Part("ô 3 number", "Số:", REGULAR, (13, 13)),
    Part("ô 4 place and date", "Mường Xén, ngày", ITALIC, (13, 14)),
    Part("ô 5a type", "BÁO CÁO", BOLD, (13, 14)),
    Part("ô 5a subject", "Kết quả thực hiện nhiệm vụ", BOLD, (13, 14)),
    Part("ô 9a addressee", "Kính gửi: Ủy ban nhân dân tỉnh", REGULAR, (13, 14)),
    Part("ô 6 body", "Thực hiện Thông báo", REGULAR, (13, 14)),
    Part("ô 6 part", "I. ", BOLD, (13, 14)),
    Part("ô 7a authority", "TM. ỦY BAN NHÂN DÂN", BOLD, (13, 14), "last"),
    Part("ô 7a office", "CHỦ TỊCH", BOLD, (13, 14), "last"),
    Part("ô 7b name", "Nguyễn Văn Minh", BOLD, (13, 14), "last"),
    Part("ô 9b recipients", "Nơi nhận:", BOLD_ITALIC, (12, 12), "last"),
    Part("ô 9b first", "- Như trên;", REGULAR, (11, 11), "last"),
    Part("ô 9b last", "- Lưu: VT, VHXH.", REGULAR, (11, 11), "last"),
    Part("annex", "Phụ lục", BOLD, (14, 14), "annex"),
    Part("annex title", "BIỂU 0", BOLD, (13, 14), "annex"),
    Part("annex of", "(Kèm theo Báo cáo số", ITALIC, (13, 14), "annex"),
)
PARTY = (
    Part("right header", "ĐẢNG CỘNG SẢN VIỆT NAM", BOLD, (15, 15)),
    Part("superior", "ĐẢNG BỘ TỈNH NGHỆ AN", REGULAR, (14, 14)),
    Part("issuer", "ĐẢNG ỦY XÃ MƯỜNG XÉN", BOLD, (14, 14)),
    Part("asterisk", "*", REGULAR, (14, 14)),
    Part("number", "Số ", REGULAR, (14, 14)),
    Part("place and date", "Mường Xén, ngày", ITALIC, (14, 14)),
    Part("type", "BÁO CÁO", BOLD, (15, 16)),
    Part("subject", "Kết quả thực hiện nhiệm vụ", BOLD, (14, 15)),
    Part("hyphens", "-----", REGULAR, (14, 15)),
    Part("body", "Thực hiện Thông báo", REGULAR, (14, 15)),
    Part("part", "I- ", BOLD, (14, 15)),
    Part("authority", "T/M ĐẢNG ỦY", BOLD, (14, 14), "last"),
    Part("office", "BÍ THƯ", REGULAR, (14, 14), "last"),
    Part("name", "Nguyễn Văn Minh", BOLD, (14, 14), "last"),
    Part("recipients", "Nơi nhận:", REGULAR, (14, 14), "last"),
    Part("last recipient", "- Lưu Văn phòng Đảng ủy.", REGULAR, (12, 12), "last"),
    Part("annex", "Phụ lục", BOLD, (14, 14), "annex"),
    Part("annex title", "BIỂU 0", BOLD, (13, 14), "annex"),
)
RULES = {"ubnd_tinh": STATE, "tinh_uy": PARTY}


@cache
def content(line: str, period: str, every: int = 12) -> Content:
    lines = changed(sample_lines(line), every)
    lines = tuple(
        each for n, each in enumerate(lines) if n % 4 == 0 or each.changed
    )  # a short annex is read soon
    return build(report(lines, line=line, period=Period.parse(period)))


@cache
def sheet(line: str, period: str) -> list[Page]:
    return read(render(content(line, period), draft=False))


def parts(pages: list[Page]) -> dict[str, Page]:
    """First and last page of the text, first page of the last annex."""
    count = next(
        i
        for i, page in enumerate(pages)
        if any(each.text[:7] == "Phụ lục" and each.size == 14 for each in page.lines)
    )
    annexes = [page for page in pages[count:] if any(each.text.startswith("BIỂU 0") for each in page.lines)]
    return {"first": pages[0], "last": pages[count - 1], "annex": annexes[0]}


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("line", LINES)
class TestEveryKind:
    def test_each_part_has_its_style_and_size(self, line, period):
        where = parts(sheet(line, period))
        for part in RULES[line]:
            found = [each for each in where[part.where].lines if each.text.startswith(part.begins.strip())]
            assert found, part
            assert found[0].font == part.font, part
            assert part.sizes[0] <= found[0].size <= part.sizes[1], part

    def test_lines_under_the_head_have_their_lengths(self, line, period):
        page = sheet(line, period)[0]
        if line == "ubnd_tinh":
            motto, issuer = page.line("Độc lập - Tự do"), page.line("XÃ MƯỜNG XÉN")
            assert page.rule_under(motto)[0] == pytest.approx(motto.width, abs=1)
            assert 0.33 <= page.rule_under(issuer)[0] / issuer.width <= 0.5
            subject = _subject(page)
            length = page.rule_under(subject[-1])[0]
            assert 0.33 <= length / max(each.width for each in subject) <= 0.5
        else:
            name = page.line("ĐẢNG CỘNG SẢN")
            assert page.rule_under(name)[0] == pytest.approx(name.width, abs=1)

    def test_what_shares_a_baseline_or_an_axis(self, line, period):
        where = parts(sheet(line, period))
        first, last = where["first"], where["last"]
        number, day = _number(first), first.line("Mường Xén, ngày")
        assert number.baseline == pytest.approx(day.baseline, abs=0.05)
        right, left = ("CỘNG HÒA", "XÃ MƯỜNG") if line == "ubnd_tinh" else ("ĐẢNG CỘNG", "ĐẢNG ỦY XÃ")
        assert number.middle == pytest.approx(first.line(left).middle, abs=0.3)
        assert day.middle == pytest.approx(first.line(right).middle, abs=0.3)
        kind = first.line("BÁO CÁO")
        assert kind.middle == pytest.approx(MIDDLE, abs=0.3)
        assert kind.baseline - number.baseline > 2 * 14 * 1.15 / MM  # two blank lines
        office = last.line("TM." if line == "ubnd_tinh" else "T/M")
        name, to = last.line("Nguyễn Văn Minh"), last.line("Nơi nhận:")
        assert to.baseline == pytest.approx(office.baseline, abs=0.05)
        assert to.left == pytest.approx(30, abs=0.2)
        assert name.middle == pytest.approx(office.middle, abs=0.3)
        assert office.middle == pytest.approx(30 + 165 * 3 / 4, abs=0.3)
        body = [each for each in last.lines if each.size == 14 and 20 < each.baseline < office.baseline]
        assert len({each.baseline for each in body}) >= 2
        assert max(body, key=lambda each: each.baseline).text.endswith("./." if line == "ubnd_tinh" else ".")

    def test_margins_and_page_numbers(self, line, period):
        size = 13 if line == "ubnd_tinh" else 14
        number = 0
        for page in sheet(line, period):
            wide, high = (297, 210) if page.width > page.height else (210, 297)
            assert (page.width, page.height) == pytest.approx((wide, high), abs=0.1)
            begins = any(each.text.startswith("Phụ lục") and each.size == 14 for each in page.lines)
            number = 1 if begins else number + 1
            margin = [each for each in page.lines if each.baseline < 19]
            assert [each.text for each in margin] == ([str(number)] if number > 1 else [])
            for each in margin:
                assert each.size == size
                assert each.baseline == pytest.approx(10, abs=0.1)
                assert each.middle == pytest.approx((30 + wide - 15) / 2, abs=0.3)
            for each in page.lines:
                assert each.left > 29.9
                assert each.right < wide - 14.9
                assert each.baseline < high - 20
                assert each in margin or each.baseline - each.size / MM > 18.5

    def test_the_body_is_justified_and_indented(self, line, period):
        page = sheet(line, period)[0]
        opening = page.line("Thực hiện Thông báo")
        assert 39.9 <= opening.left <= 42.8
        assert opening.right == pytest.approx(195, abs=0.3)
        under = [
            each for each in page.lines if 0 < each.baseline - opening.baseline < 25 and each.font == REGULAR
        ]
        spacing = (min(each.baseline for each in under) - opening.baseline) * MM
        low, high = (14 * 1.15, 14 * 1.5 * 1.15) if line == "ubnd_tinh" else (18, 22)
        assert low <= spacing <= high


def _number(page: Page):
    (found,) = [each for each in page.lines if each.text.startswith("Số") and each.baseline < 60]
    return found


def _subject(page: Page):
    kind = page.line("BÁO CÁO")
    return [each for each in page.lines if 0 < each.baseline - kind.baseline < 22 and each.font == BOLD]


@pytest.mark.parametrize("line", LINES)
def test_a_state_report_is_addressed_and_a_party_report_is_not(line):
    whole = sheet(line, "2025-06")
    said = "\n".join(page.text for page in whole)
    assert ("Kính gửi" in said) == ("- Như trên;" in said) == (line == "ubnd_tinh")
    if line == "tinh_uy":
        to = parts(whole)["last"].line("Nơi nhận:")
        rules = parts(whole)["last"].rules
        assert any(abs(left - to.left) < 0.3 and abs(right - to.right) < 0.3 for left, right, _ in rules)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("period", ["2025-W26", "2025-06", "2025"])
@pytest.mark.parametrize("count", [0, 1, 81, 500])
def test_any_number_of_tasks_stays_inside_its_margins(count, period, line):
    """Read by PDFium, page by page: quick enough for a hundred pages."""
    own = changed(sample_lines(None), 5)
    lines = tuple(replace(own[n % 81], code=f"N-{n:04d}", line=line) for n in range(count))
    made = build(report(lines, line=line, period=Period.parse(period)))
    data = render(made, draft=False)
    for left, right, _, bottom in edges(data):
        assert left > 29.5
        assert right > 14.5
        assert bottom > 18.5
    found = {word for text in texts(data) for word in text.split() if word.startswith("N-")}
    if period != "2025-W26":
        assert {f"N-{n:04d}" for n in range(count)} <= found


@pytest.mark.parametrize("line", LINES)
def test_texts_of_20000_letters_are_set_whole(line):
    words = " ".join(f"từ{n:04d}" for n in range(20_000 // 7))
    whole = content(line, "2025-06")
    blocks = (*whole.blocks[:3], Paragraph(words), Bullet("x" * 20_000), *whole.blocks[3:])
    text = "\n".join(texts(render(replace(whole, blocks=blocks), draft=False)))
    assert [word for word in text.split() if word.startswith("từ") and word[2:].isdigit()] == words.split()
    assert text.count("x") >= 20_000


def test_a_new_moment_changes_no_layout():
    """What the clock says is in the text alone."""
    lines = changed(sample_lines(), 6)
    later = build(report(lines, cutoff=datetime(2025, 6, 26, 18, 0, tzinfo=HANOI)))
    assert pages(later) == pages(build(report(lines)))


@pytest.mark.parametrize("line", LINES)
def test_grouped_headings_total_and_repeated_header(line):
    """Biểu 01: common headings above their columns, the sum in bold; a header on each page of any table."""
    whole = sheet(line, "2025-06")
    first = parts(whole)["annex"]
    over, under = first.line("Đang thực hiện"), [each for each in first.lines if each.text == "hạn"]
    assert over.font == BOLD
    assert all(each.baseline > over.baseline for each in under)
    total = first.line("Cộng")
    assert total.font == BOLD
    row = [each for each in first.lines if abs(each.baseline - total.baseline) < 0.05]
    assert {each.font for each in row} == {BOLD}
    for page in whole:
        if page.width > page.height:
            assert page.line("STT").font == BOLD


def test_the_widths_of_the_details_fill_the_width_of_the_page():
    made = content("ubnd_tinh", "2025-06")
    data = render(made, draft=False)
    with pdfplumber.open(io.BytesIO(data)) as document:
        page = next(page for page in document.pages if page.width > page.height)
        edges = sorted({round(each["x0"] / MM, 1) for each in page.lines if each["x0"] == each["x1"]})
    assert len(edges) == 13
    assert edges[0] == pytest.approx(30, abs=0.1)
    assert edges[-1] - edges[0] == pytest.approx(252, abs=0.2)
    own = [column.width_mm for column in made.tables[1].columns]
    for left, right, form in zip(edges, edges[1:], own, strict=False):
        assert right - left >= 0.55 * form


@pytest.mark.parametrize(
    ("name", "kind"), [("Trường Vinh", "phuong"), ("Thành Bình Thọ", "xa"), ("Hưng Nguyên Nam", "xa")]
)
@pytest.mark.parametrize("line", LINES)
def test_the_longest_names_keep_the_sizes(line, name, kind):
    block = unit(line, name, kind)
    page = read(render(build(report((), line=line, block=block)), draft=False))[0]
    for part in RULES[line][:2]:
        found = [each for each in page.lines if each.text.startswith(part.begins[:10])]
        assert found, part
        assert part.sizes[0] <= found[0].size <= part.sizes[1]
    day = page.line(f"{name}, ngày")
    assert day.baseline == pytest.approx(_number(page).baseline, abs=0.05)


def test_a_communes_own_name_is_not_broken():
    block = unit("tinh_uy", "Hưng Nguyên Nam", "xa")
    page = read(render(build(report((), line="tinh_uy", block=block)), draft=False))[0]
    assert page.line("ĐẢNG ỦY XÃ").text == "ĐẢNG ỦY XÃ"
    assert page.line("HƯNG NGUYÊN NAM").font == BOLD


def test_a_title_breaks_where_a_phrase_ends():
    fonts.letters()
    ruler = Ruler()
    title = "Kết quả phát triển khoa học, công nghệ, đổi mới sáng tạo và Đề án 06"
    first, second = ruler.balanced(title, fonts.BOLD, 14, 340)
    assert first.endswith(",") and f"{first} {second}" == title
    assert ruler.balanced("NHIỆM VỤ QUÁ HẠN THÁNG 9", fonts.BOLD, 14, 190)[-1] != "9"
    belongs = "(Kèm theo Báo cáo số 12/BC-UBND ngày 24 tháng 6 của Ủy ban nhân dân xã Mường Xén)"
    assert ruler.balanced(belongs, fonts.ITALIC, 13, 420)[1].startswith("của Ủy ban")
    blanks = "Kèm theo số\u00a0\u00a0\u00a0/BC-UBND của xã"
    assert " ".join(ruler.balanced(blanks, fonts.BOLD, 14, 120)) == blanks


def test_the_body_that_an_office_belongs_to_is_not_bold():
    block = replace(unit(), issuer=("ỦY BAN NHÂN DÂN XÃ MƯỜNG XÉN", "PHÒNG VĂN HÓA - XÃ HỘI"))
    page = read(render(build(report((), block=block)), draft=False))[0]
    assert page.line("ỦY BAN NHÂN DÂN").font == REGULAR
    assert page.line("PHÒNG VĂN HÓA").font == BOLD
    own = read(render(build(report((), block=unit())), draft=False))[0]
    assert own.line("ỦY BAN NHÂN DÂN").font == own.line("XÃ MƯỜNG XÉN").font == BOLD
