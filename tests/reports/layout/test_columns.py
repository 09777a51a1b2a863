"""Widths of columns: they fill the table, cut no word for want of a millimetre, none shrinks to nothing."""

from hypothesis import given
from hypothesis import strategies as st

from app.reports.annexes import DETAILS
from app.reports.blocks import Column, Table
from app.reports.layout import fonts
from app.reports.layout.columns import widths
from app.reports.layout.marks import MM
from app.reports.layout.ruler import Ruler

SIZE, PADDING, TOTAL = 11.0, 3.0, 252 * MM


def table(rows, columns=DETAILS):
    return Table("02", "Phụ lục", "BIỂU", "", "", tuple(columns), tuple(rows))


def lines(made, wide, ruler):
    return sum(
        max(
            len(ruler.wrap(cell, fonts.REGULAR, SIZE, width - 2 * PADDING))
            for cell, width in zip(row, wide, strict=True)
        )
        for row in made.rows
    )


cells = st.one_of(
    st.just(""),
    st.sampled_from(["31/12/2025", "BCD25-001", "Đang thực hiện, quá hạn 3 ngày"]),
    st.integers(1, 60).map(lambda n: "nội dung " * n),
    st.just("W" * 200),
)


@given(st.lists(st.tuples(*[cells] * 12), max_size=6))
def test_the_widths_fill_the_table_and_no_column_shrinks_to_nothing(rows):
    fonts.letters()
    wide = widths(table(rows), TOTAL, SIZE, PADDING, Ruler())
    assert abs(sum(wide) - TOTAL) < 0.01
    for width, column in zip(wide, DETAILS, strict=True):
        assert width >= 0.59 * column.width_mm * MM


def test_codes_dates_and_headings_are_whole():
    fonts.letters()
    ruler = Ruler()
    row = ["1", "BCD25-001", "Việc", "", "", "", "31/12/2025", "", "", "", "", ""]
    wide = widths(table([tuple(row)] * 3), TOTAL, SIZE, PADDING, ruler)
    for cell, column, width in zip(row, DETAILS, wide, strict=True):
        for word, font in [(cell, fonts.REGULAR), *((word, fonts.BOLD) for word in column.heading.split())]:
            assert ruler.width(word, font, SIZE) <= width - 2 * PADDING


def test_the_table_is_no_longer_than_with_the_forms_own_widths():
    fonts.letters()
    ruler = Ruler()
    row = (
        "1",
        "BCD25-001",
        "Việc ngắn",
        "",
        "",
        "",
        "31/12/2025",
        "kết quả " * 60,
        "",
        "khó khăn " * 60,
        "",
        "",
    )
    made = table([row] * 5)
    own = [column.width_mm * TOTAL / sum(each.width_mm for each in DETAILS) for column in DETAILS]
    assert lines(made, widths(made, TOTAL, SIZE, PADDING, ruler), ruler) < 0.7 * lines(made, own, ruler)


def test_one_long_row_among_many_is_seen():
    fonts.letters()
    ruler = Ruler()
    short = ("1", "BCD25-001", "Việc ngắn", "", "", "", "31/12/2025", "Xong.", "", "", "", "")
    long = (*short[:11], "bước tiếp theo " * 400)
    made = table([*[short] * 301, long, *[short] * 301])
    wide = widths(made, TOTAL, SIZE, PADDING, ruler)
    assert wide[11] > 2 * DETAILS[11].width_mm * MM


def test_more_columns_than_fit_share_what_there_is():
    fonts.letters()
    columns = [Column("Tiêuđềdài" * 2, 20) for _ in range(20)]
    wide = widths(table([("x",) * 20], columns), TOTAL, SIZE, PADDING, Ruler())
    assert abs(sum(wide) - TOTAL) < 0.01
    assert min(wide) > 8 * MM
