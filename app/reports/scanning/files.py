"""Scans and photos as grey pages: PDF by PDFium, PNG, JPEG and TIFF by Pillow, everything bounded.

A file comes from anyone. What it is, its content tells; no scanner and no phone reaches the limits below; a
page that cannot be shown is said and the others are read.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from app.domain.errors import LedgerError
from app.reports.pdfium import ONE_AT_A_TIME
from app.reports.scanning.decoder import Grey

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

BYTES = 300_000_000
"""Bytes that a file may have: some 500 pages in colour."""
PAGES = 500
"""Pages of a file that are read; a longer one is refused."""
PIXELS = 120_000_000
"""Pixels that a picture may have."""
WANTED = 20_000_000
"""Pixels of a page that are looked at; a larger one is first halved until it has no more."""

_LEAST_DPI, _MOST_DPI = 150.0, 600.0
_DRAWN_DPI = 300.0
_SHARE = 0.3  # of the page, that a picture in it must cover to be its scan
_MOST_PICTURES = 200
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_PICTURES = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"II*\0": "TIFF", b"MM\0*": "TIFF"}
_ODD = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, MemoryError)
_BROKEN = (*_ODD, RuntimeError, struct.error)


class ScanEmpty(LedgerError):
    """A file without a byte or without a page. Facts: file, its name."""

    code = "scan-empty"


class ScanOtherKind(LedgerError):
    """A file that is none of PDF, PNG, JPEG, TIFF. Facts: file."""

    code = "scan-other-kind"


class ScanDamaged(LedgerError):
    """A file of which no page can be shown. Facts: file."""

    code = "scan-damaged"


class ScanLocked(LedgerError):
    """A PDF that wants a password. Facts: file."""

    code = "scan-locked"


class ScanTooLarge(LedgerError):
    """A file of more bytes, pages or dots than any scan has. Facts: file."""

    code = "scan-too-large"


def pages(source: Path | bytes, name: str) -> Iterator[Grey | None]:
    """The pages of a file, one after the other; None for one that cannot be shown.

    name: of the file, for the sentences. Raises ScanEmpty, ScanOtherKind, ScanDamaged, ScanLocked,
    ScanTooLarge; OSError when the file cannot be read.
    """
    content = source if isinstance(source, bytes) else _content(source, name)
    if not content:
        raise ScanEmpty(file=name)
    if len(content) > BYTES:
        raise ScanTooLarge(file=name)
    if b"%PDF-" in content[:1024]:
        yield from _of_pdf(content, name)
        return
    form = next((form for start, form in _PICTURES.items() if content.startswith(start)), None)
    if form is None:
        raise ScanOtherKind(file=name)
    yield from _of_picture(content, form, name)


def _content(path: Path, name: str) -> bytes:
    with path.open("rb") as opened:
        content = opened.read(BYTES + 1)
    if len(content) > BYTES:
        raise ScanTooLarge(file=name)
    return content


def _of_picture(content: bytes, form: str, name: str) -> Iterator[Grey | None]:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit is the lower one
            opened = Image.open(io.BytesIO(content), formats=[form])
    except Image.DecompressionBombError:
        raise ScanTooLarge(file=name) from None
    except (UnidentifiedImageError, *_BROKEN):
        raise ScanDamaged(file=name) from None
    with opened:
        for number in range(PAGES + 1):
            if not _turned_to(opened, number):
                return
            if number == PAGES or opened.width * opened.height > PIXELS:
                raise ScanTooLarge(file=name)
            page = _shown(opened)
            if page is None and number == 0 and form != "TIFF":
                raise ScanDamaged(file=name)
            yield page


def _turned_to(opened: "Image", number: int) -> bool:
    """Go to a page; False behind the last one, or where what is damaged makes it the last."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened.seek(number)
    except _BROKEN:
        return False
    return True


def _shown(opened: "Image") -> Grey | None:
    """The page of a picture file that is in turn, upright as the camera says; None when it is damaged."""
    from PIL import Image, ImageOps

    try:
        size = opened.size
        while size[0] * size[1] > WANTED:
            size = size[0] // 2, size[1] // 2
        opened.draft("L", size)  # a JPEG is decoded at a half or a quarter
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return wanted(np.asarray(_flat(ImageOps.exif_transpose(opened))))
    except (*_BROKEN, Image.DecompressionBombError):
        return None


def _flat(picture: "Image") -> "Image":
    """In grey, on white where it can be seen through."""
    from PIL import Image

    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(white, seen).convert("L")
    if picture.mode.startswith(("I", "F")):  # 16 bits: `convert` would cut off what is above 255
        values = np.asarray(picture, np.float32)
        return Image.fromarray((values * (255 / max(255.0, float(values.max())))).astype(np.uint8))
    return picture.convert("L")


def wanted(picture: Grey) -> Grey:
    """The picture halved until it has no more pixels than are looked at."""
    while picture.size > WANTED and min(picture.shape) > 1:
        height, width = picture.shape
        picture = np.asarray(
            cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8
        )
    return picture


def _of_pdf(content: bytes, name: str) -> Iterator[Grey | None]:
    import pypdfium2

    with ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD:
                raise ScanLocked(file=name) from None
            raise ScanDamaged(file=name) from None
        count = len(document)
    try:
        if not count:
            raise ScanEmpty(file=name)
        if count > PAGES:
            raise ScanTooLarge(file=name)
        for number in range(count):
            with ONE_AT_A_TIME:
                page = _drawn(document, number)
            yield page
    finally:
        with ONE_AT_A_TIME:
            document.close()


def _drawn(document: "PdfDocument", number: int) -> Grey | None:
    """A page of a PDF as fine as the picture in it was scanned, a drawn one at 300 dpi; None when damaged."""
    from pypdfium2 import PdfiumError

    try:
        page = document[number]
    except PdfiumError:
        return None
    try:
        width, height = (max(1.0, side / 72) for side in page.get_size())  # inches
        dpi = _dpi(page)
        while width * height * dpi * dpi > WANTED:
            dpi /= 2
        bitmap = page.render(scale=dpi / 72, grayscale=True)
        try:
            return np.array(
                bitmap.to_numpy()[:, :, 0] if bitmap.n_channels > 1 else bitmap.to_numpy(), np.uint8
            )
        finally:
            bitmap.close()
    except (PdfiumError, *_BROKEN):
        return None
    finally:
        page.close()


def _dpi(page: "PdfPage") -> float:
    """The resolution at which the largest picture on a page loses nothing, within bounds."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    width, height = page.get_size()
    found = 0.0
    for _, image in zip(range(_MOST_PICTURES), page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]), strict=False):
        thing: Any = image
        left, bottom, right, top = thing.get_bounds()
        across, down = right - left, top - bottom
        if across > 0 and down > 0 and across * down >= _SHARE * width * height:
            pixels = sorted(thing.get_px_size())
            sides = sorted((across, down))
            found = max(found, *(72 * dots / side for dots, side in zip(pixels, sides, strict=True)))
    return min(_MOST_DPI, max(_LEAST_DPI, found)) if found else _DRAWN_DPI
