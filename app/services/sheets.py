"""The sheet of a closed report: drawn from its frozen content, the same bytes whenever it is drawn."""

from sqlalchemy import Connection

from app.reports import pdf
from app.reports.blocks import Content
from app.services.reports import closed


def sheet(connection: Connection, record: str, *, codes: bytes | None = None) -> bytes:
    """The PDF of a closed report.

    codes: what the page of codes carries, as `sync.client.paper` gives it. Raises ReportNotClosed,
    ReportElsewhere, FrozenDamaged.
    """
    found = closed(connection, record)
    return pdf.render(found.content, draft=False)


def pages(content: Content) -> int:
    """How many pages a report has, without those of codes."""
    import pypdfium2

    drawn = pypdfium2.PdfDocument(pdf.render(content, draft=False))
    try:
        return len(drawn)
    finally:
        drawn.close()
