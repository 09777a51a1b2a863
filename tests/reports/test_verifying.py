from io import BytesIO

import pytest

from app.reports.verifying import NotReadable, first_revision


@pytest.fixture(scope="module")
def sheet():
    from reportlab.pdfgen.canvas import Canvas

    written = BytesIO()
    canvas = Canvas(written, invariant=1)
    canvas.drawString(72, 720, "startxref 0 %%EOF")
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def appended(pdf, times=1):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    for _ in range(times):
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        writer.update_root()
        out = BytesIO()
        writer.write(out)
        pdf = out.getvalue()
    return pdf


@pytest.mark.parametrize("times", [0, 1, 3])
def test_the_first_revision_is_what_was_there_before_anything_was_appended(sheet, times):
    longer = appended(sheet, times)
    assert len(longer) > len(sheet) or not times
    assert first_revision(longer) == sheet


@pytest.mark.parametrize("bad", [b"", b"no pdf", b"%PDF-1.4\n%%EOF\n"])
def test_what_is_no_pdf_is_told(bad):
    with pytest.raises(NotReadable):
        first_revision(bad)
