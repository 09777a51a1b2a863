"""Looks into a PDF that comes from outside. PDFium is imported when the first one does."""

from app.domain.evidence import DAMAGED, LOCKED, SHOWN_LIMIT, FileRefused
from app.reports.pdfium import ONE_AT_A_TIME as ONE_AT_A_TIME

_PAGES = 20
_PASSWORD = 4  # FPDF_ERR_PASSWORD


def words_of(content: bytes, name: str) -> str:
    """The words of the first 20 pages; a scanned page has none. Raises FileRefused if it cannot be shown."""
    import pypdfium2

    with ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) == _PASSWORD
            raise FileRefused(file=name, problem=LOCKED if locked else DAMAGED) from None
        try:
            if not len(document):
                raise FileRefused(file=name, problem=DAMAGED)
            found: list[str] = []
            for number in range(min(_PAGES, len(document))):
                page = document[number].get_textpage()
                found.append(page.get_text_range(0, min(page.count_chars(), SHOWN_LIMIT // _PAGES)))
        except pypdfium2.PdfiumError:
            raise FileRefused(file=name, problem=DAMAGED) from None
        finally:
            document.close()
    return "\n".join(found)
