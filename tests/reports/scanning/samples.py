"""Pages of codes and pages of reports as a laser prints them: black and white, 600 dpi."""

import io
import random
from contextlib import closing

import cv2
import numpy as np
import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from app.reports.paper.codes import CodeSheet, draw_pages
from app.reports.paper.frames import cut
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


def raster(pdf: bytes, page: int = 0) -> Grey:
    """A page of a PDF in black and white, 600 dpi."""
    return np.where(drawn(pdf, page, DPI) < 128, np.uint8(0), np.uint8(255))


def scan(pdf: bytes, page: int = 0, seed: int = 0) -> Grey:
    """A page as a good scanner hands it over, 200 dpi: the quick way, where damage is not what is tested."""
    noise = np.random.default_rng(seed).standard_normal((2339, 1654)).astype(np.float32)
    grey = cv2.GaussianBlur(drawn(pdf, page, 200), (0, 0), 0.5)
    return np.clip(grey + 6 * noise[: grey.shape[0], : grey.shape[1]], 0, 255).astype(np.uint8)


def drawn(pdf: bytes, page: int, dpi: float) -> Grey:
    """A page of a PDF in grey; from the last one when the number is negative."""
    with ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(pdf)) as document:
        shown = document[page % len(document)]
        bitmap = shown.render(scale=dpi / 72, grayscale=True)
        grey = bitmap.to_numpy().copy()
        bitmap.close()
        shown.close()
    return grey[:, :, 0] if grey.ndim == 3 else grey


def count(pdf: bytes) -> int:
    """Pages of a PDF."""
    with ONE_AT_A_TIME, closing(pypdfium2.PdfDocument(pdf)) as document:
        return len(document)


def code_page(seed: int) -> Grey:
    """The page of codes of a week, 600 dpi."""
    return raster(codes(frames(seed)))
