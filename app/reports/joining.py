"""Several sheets as one PDF, so that what goes out by one post is one print job."""

import io
from collections.abc import Sequence

from app.reports.pdfium import ONE_AT_A_TIME


def joined(sheets: Sequence[bytes]) -> bytes:
    """The pages of these PDFs, one after the other."""
    import pypdfium2

    out = io.BytesIO()
    with ONE_AT_A_TIME:
        whole = pypdfium2.PdfDocument.new()
        try:
            for sheet in sheets:
                part = pypdfium2.PdfDocument(sheet)
                try:
                    whole.import_pages(part)
                finally:
                    part.close()
            whole.save(out)
        finally:
            whole.close()
    return out.getvalue()
