"""Sheets as a scanner gives them back: drawn by PDFium, turned, as one PDF of grey pictures."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageFilter


def pictures(pdf: Path, dpi: int = 200) -> list[Image.Image]:
    """Each page as a grey picture, a little blurred."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        drawn = [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()
    return [picture.filter(ImageFilter.GaussianBlur(0.6)) for picture in drawn]


def scan(out: Path, pages: Sequence[Image.Image], turned: Mapping[int, float] | None = None) -> Path:
    """Pictures as one PDF. turned: degrees for pages counted from 0."""
    angles = turned or {}
    laid = [
        picture.rotate(angles.get(place, 0), expand=True, fillcolor=255)
        for place, picture in enumerate(pages)
    ]
    packed = io.BytesIO()
    laid[0].save(packed, "PDF", resolution=200, save_all=True, append_images=laid[1:])
    out.write_bytes(packed.getvalue())
    return out
