"""The annex against ReportLab's own table of the same rows: bytes, pages and ratios of time, side by side.

    python -m tests.benchmarks.paper [rows ...]        default: 81 500 2000

Both ways draw the same texts in the same font, columns and order; each is drawn once to warm up, then the
best of three counts. Ratios only: times say something about the machine, not about the program.
"""

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from xml.sax.saxutils import escape

from pypdfium2 import PdfDocument
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from app.reports import fonts
from app.reports.boxes import MM
from app.reports.content import Content, build
from app.reports.content import Table as Annex
from app.reports.pdf import render
from app.reports.ruler import Ruler
from app.reports.table import LEADING, PADDING, SIZE, widths
from tests.reports.samples import changed, report, sample_lines


def content(rows: int) -> Content:
    """A report in which every task changed this week; the sample tasks come round again."""
    lines = changed(sample_lines(None))
    return build(report(tuple(replace(lines[n % len(lines)], code=f"BCD-{n:04d}") for n in range(rows))))


def ours(whole: Content, annex: Annex) -> bytes:
    """The annex as we draw it, with the shortest body there is."""
    return render(replace(whole, blocks=whole.blocks[-1:], tables=(annex,)), draft=False)


def plain(annex: Annex) -> bytes:
    """The annex as a platypus table of paragraphs, with the same columns."""
    out = io.BytesIO()
    page = landscape(A4)
    style = ParagraphStyle("cell", fontName=fonts.REGULAR, fontSize=SIZE, leading=LEADING)
    bold = ParagraphStyle("head", parent=style, fontName=fonts.BOLD)
    rows = [[Paragraph(text, bold) for text in (column.heading for column in annex.columns)]]
    rows += [[Paragraph(escape(text), style) for text in row] for row in annex.rows]
    table = Table(rows, colWidths=widths(annex, 252 * MM, Ruler()), repeatRows=1)
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), fonts.REGULAR, SIZE),
            ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            *((f"{side}PADDING", (0, 0), (-1, -1), PADDING) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
        ]
    )
    document = SimpleDocTemplate(
        out, pagesize=page, leftMargin=30 * MM, rightMargin=15 * MM, topMargin=20 * MM, bottomMargin=20 * MM,
        initialFontName=fonts.REGULAR, invariant=1,
    )  # fmt: skip
    document.build([table])
    return out.getvalue()


def best(work: Callable[[], bytes], times: int) -> tuple[float, bytes]:
    """Seconds of the fastest of so many runs, and what the last gave."""
    fastest, made = float("inf"), b""
    for _ in range(times):
        start = perf_counter()
        made = work()
        fastest = min(fastest, perf_counter() - start)
    return fastest, made


def main(rows: list[int]) -> None:
    """Print one line for each number of rows."""
    fonts.letters()
    print("rows   ours: KiB pages   table: KiB pages   time ours/table   whole report/table")
    for count in rows:
        whole = content(count)
        annex = whole.tables[-1]
        times = 3 if count <= 500 else 1
        ours(whole, annex)
        own, drawn = best(lambda w=whole, a=annex: ours(w, a), times)  # type: ignore[misc]
        all_of_it, _ = best(lambda w=whole: render(w, draft=False), times)  # type: ignore[misc]
        other, table = best(lambda a=annex: plain(a), times)  # type: ignore[misc]
        print(
            f"{count:4}   {len(drawn) / 1024:9.0f} {len(PdfDocument(drawn)):5}"
            f"   {len(table) / 1024:10.0f} {len(PdfDocument(table)):5}"
            f"   {own / other:15.2f}   {all_of_it / other:18.2f}"
        )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [81, 500, 2000])
