"""An empty A4 canvas for sheets that are no reports: fonts inside, the same input gives the same bytes."""

import io
from typing import TYPE_CHECKING

from app.reports.layout import fonts

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


def canvas(out: io.BytesIO, title: str, author: str = "") -> "Canvas":
    """A canvas that writes into `out`. Raises OSError when the program's font files are missing."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    fonts.letters()
    made = Canvas(
        out,
        pagesize=A4,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,  # type: ignore[arg-type]  # a name; the stubs say a number
        lang="vi-VN",
    )
    made.setTitle(title)
    made.setAuthor(author)
    made.setCreator("Sổ Nhiệm Vụ")
    return made
