"""What can be said of the signatures in a PDF, offline. pyHanko is loaded with the first file."""

import re
from io import BytesIO
from typing import TYPE_CHECKING

from app.domain.errors import LedgerError

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader


class NotReadable(LedgerError):
    """No PDF, or one that is damaged beyond reading."""

    code = "signed-unreadable"


def reader(pdf: bytes) -> "PdfFileReader":
    """The document opened for reading, however other programs wrote it. Raises NotReadable."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        opened = PdfFileReader(BytesIO(pdf), strict=False)
        opened.root["/Pages"]  # what is cut may still have an end that reads
    except (PdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotReadable from error
    return opened


def first_revision(pdf: bytes) -> bytes:
    """The document as it was before anything was appended to it: a signature, a stamp, a field.

    All of it when nothing was. Raises NotReadable.
    """
    start = reader(pdf).xrefs.get_startxref_for_revision(0)
    end = re.compile(rb"startxref\s+0*%d\s+%%%%EOF(\r\n|\r|\n)?" % start).search(pdf, start)
    if end is None:
        raise NotReadable
    return pdf[: end.end()]
