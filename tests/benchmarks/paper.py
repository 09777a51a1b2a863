"""A whole report as PDF: seconds cold and warm, and peak memory, beside what is aimed at.

    python -m tests.benchmarks.paper [rows ...] [--table]        default: 81 500 2000

Every task changed, so that text and table carry each of them: the longest report there is. Each number of
rows is drawn in a new process of its own: cold is everything up to the first sheet, warm the fastest of the
next three, the peak that of the process after its first sheet. Seconds are the processor's own, so that
another program at work does not count. With --table the same rows are also drawn by ReportLab's own table of
paragraphs, for comparison.
"""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

AIMS = {81: "0.35 / 0.12 s", 500: "1.0 s", 2000: "2 s, 60 MB"}


def content(rows: int) -> Any:
    """A report in which every task changed this week; the sample tasks come round again."""
    from dataclasses import replace

    from app.reports.content import build
    from tests.reports.samples import changed, report, sample_lines

    lines = changed(sample_lines(None))
    return build(report(tuple(replace(lines[n % len(lines)], code=f"BCD-{n:04d}") for n in range(rows))))


def alone(frozen: Path) -> dict[str, float]:
    """Draw a frozen report in this process, which has loaded nothing yet."""
    from app.reports.canonical import parse
    from app.reports.layout.footmark import FootMark
    from app.reports.pdf import render

    whole = parse(frozen.read_bytes())
    mark = FootMark(bytes(16), bytes(32))
    sheet = render(whole, draft=False, mark=mark)
    cold = process_time()
    held = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text("utf-8"))
    peak = int(held[1]) / 1024 if held else 0.0
    warm = []
    for _ in range(3):
        start = process_time()
        render(whole, draft=False, mark=mark)
        warm.append(process_time() - start)
    return {"cold": cold, "warm": min(warm), "peak": peak, "bytes": len(sheet)}


def plain(table: Any) -> float:
    """Seconds of ReportLab's own table of paragraphs, with the same rows and columns."""
    from xml.sax.saxutils import escape

    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    from app.reports.layout import fonts
    from app.reports.layout.columns import widths
    from app.reports.layout.marks import MM
    from app.reports.layout.ruler import Ruler
    from app.reports.layout.table import LEADING, PADDING, SIZE

    fonts.letters()
    start = process_time()
    style = ParagraphStyle("cell", fontName=fonts.REGULAR, fontSize=SIZE, leading=LEADING)
    bold = ParagraphStyle("head", parent=style, fontName=fonts.BOLD)
    rows = [[Paragraph(column.heading, bold) for column in table.columns]]
    rows += [[Paragraph(escape(text), style) for text in row] for row in table.rows]
    drawn = Table(rows, colWidths=widths(table, 252 * MM, SIZE, PADDING, Ruler()), repeatRows=1)
    drawn.setStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    SimpleDocTemplate(io.BytesIO(), pagesize=landscape(A4), initialFontName=fonts.REGULAR).build([drawn])
    return process_time() - start


def main(arguments: list[str]) -> None:
    """Print one line for each number of rows."""
    if arguments[:1] == ["--alone"]:
        print(json.dumps(alone(Path(arguments[1]))))
        return
    from app.reports.canonical import canonical
    from app.reports.pdf import pages

    beside = "--table" in arguments
    print("rows  pages   KiB  cold s  warm s  peak MB   aimed at" + ("   table alone s" if beside else ""))
    with TemporaryDirectory() as folder:
        for rows in [int(word) for word in arguments if word.isdecimal()] or list(AIMS):
            whole = content(rows)
            frozen = Path(folder) / f"{rows}.json"
            frozen.write_bytes(canonical(whole))
            said = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.paper", "--alone", str(frozen)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            found = json.loads(said.stdout)
            print(
                f"{rows:4}  {pages(whole):5}  {found['bytes'] / 1024:4.0f}  {found['cold']:6.2f}"
                f"  {found['warm']:6.2f}  {found['peak']:7.0f}   {AIMS.get(rows, ''):14}"
                + (f"  {plain(whole.tables[-1]):6.2f}" if beside else "")
            )


if __name__ == "__main__":
    main(sys.argv[1:])
