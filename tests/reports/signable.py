"""A sheet to sign, pictures to sign it with, and what other programs say of the result."""

import re
import subprocess
from io import BytesIO

from PIL import Image, ImageDraw

from app.reports import texts
from app.reports.layout import fonts
from app.reports.layout.archive import About, ArchiveCanvas
from app.reports.layout.marks import ASCENT, LINE

MM = 72 / 25.4
PERSON = (320, 300, 500, 380)


def sheet(pages=2):
    """Two pages with the four places, as a report has them."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    fonts.letters()
    canvas = ArchiveCanvas(About("Báo cáo tuần 29", "UBND xã Mường Thử", "Tuần 29"), fonts.REGULAR)
    canvas.setFont(fonts.REGULAR, 13)
    canvas.drawString(85, 740, f"Số: {texts.BLANK}/BC-UBND")
    x = 85 + stringWidth("Số: ", fonts.REGULAR, 13)
    place(
        canvas,
        "snv.number",
        x,
        740 - (LINE - ASCENT) * 13,
        stringWidth(texts.BLANK, fonts.REGULAR, 13),
        LINE * 13,
    )
    canvas.setFont(fonts.ITALIC, 14)
    head, day = "Mường Thử, ngày", texts.BLANK_DATE.partition("ngày")[2].partition("năm")[0]
    canvas.drawString(300, 740, head + day + "năm 2025")
    x = 300 + stringWidth(head, fonts.ITALIC, 14)
    place(canvas, "snv.date", x, 740 - (LINE - ASCENT) * 14, stringWidth(day, fonts.ITALIC, 14), LINE * 14)
    canvas.setFont(fonts.BOLD, 14)
    left, bottom, right, top = PERSON
    canvas.drawCentredString((left + right) / 2, top + 4, "CHỦ TỊCH")
    canvas.drawCentredString((left + right) / 2, bottom - 14, "Nguyễn Văn Thử")
    place(canvas, "snv.person", left, bottom, right - left, top - bottom)
    place(canvas, "snv.agency", left - 60, bottom - 20, 120, 120)
    canvas.showPage()
    for number in range(1, pages):
        canvas.setFont(fonts.REGULAR, 13)
        canvas.drawString(85, 740, f"Phụ lục {number}")
        canvas.showPage()
    return canvas.finished()


def place(canvas, name, x, y, width, height):
    canvas.bookmarkPage(name, fit="FitR", left=x, bottom=y, right=x + width, top=y + height)


def hand():
    """A blue stroke on a clear ground."""
    image = Image.new("RGBA", (420, 180), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.line([(10, 150), (120, 20), (180, 160), (300, 40), (410, 120)], fill=(20, 50, 200, 255), width=9)
    return _png(image)


def seal(width_mm=36, dpi=300, ground=(0, 0, 0, 0), said=True):
    """A red ring on a clear ground, of a size that its resolution gives."""
    side = round(width_mm / 25.4 * dpi)
    image = Image.new("RGBA", (side, side), ground)
    pen = ImageDraw.Draw(image)
    pen.ellipse([4, 4, side - 5, side - 5], outline=(210, 20, 20, 255), width=max(3, side // 40))
    return _png(image, dpi=(dpi, dpi) if said else None)


def _png(image, **said):
    out = BytesIO()
    image.save(out, "PNG", **{key: value for key, value in said.items() if value})
    return out.getvalue()


def pdfsig(tmp_path, pdf):
    """What poppler says of each signature: whether it is valid, and how much it covers."""
    file = tmp_path / "signed.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, timeout=60)
    return re.findall(r"Signature Validation: (.*?)\.?$", said.stdout, re.MULTILINE)
