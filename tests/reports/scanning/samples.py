"""Pages of codes and pages of reports as a laser prints them: black and white, 600 dpi."""

import io
import random
from contextlib import closing

import numpy as np
import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from app.reports.codes import CodeSheet, draw_pages
from app.reports.frames import cut
from app.reports.pdfium import ONE_AT_A_TIME
from tests.benchmarks.damage import DPI, Grey

WEEK = 8_700
"""Bytes of a week of 81 tasks, each with a note: 22 symbols of the 28 of a page."""


def frames(seed: int, size: int = WEEK) -> tuple[bytes, ...]:
    """The frames of so many bytes drawn by lot."""
    return cut(random.Random(seed).randbytes(size))


def codes(packed: tuple[bytes, ...]) -> bytes:
    """The PDF of their pages of codes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    sheet = CodeSheet(
        "TRANG MÃ SỐ LIỆU KÈM BÁO CÁO TUẦN 27", ("UBND phường Trường Vinh", "Mã kiểm tra: 7K3F-92QA"), packed
    )
    draw_pages(canvas, sheet)
    canvas.save()
    return out.getvalue()


def raster(pdf: bytes, page: int = 0, dpi: float = DPI) -> Grey:
    """A page of a PDF in black and white."""
    with ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(pdf)) as document:
        shown = document[page]
        bitmap = shown.render(scale=dpi / 72, grayscale=True)
        grey = bitmap.to_numpy().copy()
        bitmap.close()
        shown.close()
    grey = grey[:, :, 0] if grey.ndim == 3 else grey
    return np.where(grey < 128, np.uint8(0), np.uint8(255))


def code_page(seed: int) -> Grey:
    """The page of codes of a week."""
    return raster(codes(frames(seed)))
