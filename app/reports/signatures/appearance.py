"""What a signature and what number and date look like, each drawn as a page of its own to lie over the sheet.

Pictures as in Decree 30/2020/ND-CP, Annex I, part II, 7 and 8: the hand signature and the seal as PNG with a
transparent ground, no lines of text. The seal has its real size, by the resolution it was scanned at.
"""

import io
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain.errors import LedgerError
from app.reports import texts
from app.words import N_

if TYPE_CHECKING:
    from PIL.Image import Image
    from reportlab.pdfgen.canvas import Canvas

MM = 72 / 25.4
HAND = (35 * MM, 15 * MM)
"""Room of a hand signature whose picture does not say its size; the decree gives none."""
LARGEST_SEAL = 48 * MM
"""A seal that would be larger was saved with a wrong resolution."""

_SIDE = 4000
_BYTES = 8_000_000
_NO_PICTURE = N_("it is no PNG picture")
_OPAQUE = N_("its ground is not transparent")
_SIZELESS = N_("it does not say at which resolution it was scanned, so the size of the seal is not known")
_TOO_LARGE = N_("the seal would be larger than 48 mm; the resolution it was saved with is wrong")


class PictureUnusable(LedgerError):
    """A picture of a signature or seal that the decree's form does not bear. Facts: why."""

    code = "signing-picture"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and its size on paper, in points."""

    image: "Image"
    width: float
    height: float


def hand(png: bytes) -> Picture:
    """The picture of a hand signature: in its own size where it says one that fits, else as large as fits."""
    image, size = _read(png)
    wide, high = HAND
    if size is not None and size[0] <= 1.5 * wide and size[1] <= 1.5 * high:
        return Picture(image, *size)
    scale = min(wide / image.width, high / image.height)
    return Picture(image, image.width * scale, image.height * scale)


def seal(png: bytes) -> Picture:
    """The picture of a seal, in its real size. Raises PictureUnusable."""
    image, size = _read(png)
    if size is None:
        raise PictureUnusable(why=_SIZELESS)
    if max(size) > LARGEST_SEAL:
        raise PictureUnusable(why=_TOO_LARGE)
    return Picture(image, *size)


def drawn(picture: Picture, width: float, height: float, x: float, y: float) -> bytes:
    """A page of a size in points, with a picture whose lower left corner is at (x, y)."""
    from reportlab.lib.utils import ImageReader

    canvas, out = _canvas(width, height)
    canvas.drawImage(ImageReader(picture.image), x, y, picture.width, picture.height, mask="auto")
    canvas.save()
    return out.getvalue()


_SMALLEST = 0.59
"""Of the size of the figures beside it: five figures have room, as no office's book of a year needs more."""


def number(words: str, width: float, height: float) -> bytes:
    """The number of issue, in the middle of the gap that was left for it; a long one in smaller figures."""
    from app.reports.layout import fonts

    size = min(width / _width(texts.BLANK, fonts.REGULAR, 1), width / _width(words, fonts.REGULAR, 1))
    return _written([(words, width / 2)], fonts.REGULAR, size, width, height)


def has_room(words: str) -> bool:
    """Whether a number of issue can stand in its gap and still be read."""
    from app.reports.layout import fonts

    return _width(words, fonts.REGULAR, 1) <= _width(texts.BLANK, fonts.REGULAR, 1) / _SMALLEST


def day(issued: date, width: float, height: float) -> bytes:
    """Day and month of issue, in the two gaps left for them; what stands between is on the sheet already."""
    from app.reports.layout import fonts

    gap, between = (
        _width(words, fonts.ITALIC, 1) for words in (texts.BLANK, texts.BLANK_DATE.split(texts.BLANK)[1])
    )
    size = width / (2 * gap + between)
    shown, month = f"{issued.day:02}", f"{issued.month:02}" if issued.month < 3 else str(issued.month)
    middles = [(shown, size * gap / 2), (month, width - size * gap / 2)]
    return _written(middles, fonts.ITALIC, size, width, height)


def _written(middles: list[tuple[str, float]], font: str, size: float, width: float, height: float) -> bytes:
    from app.reports.layout import marks

    canvas, out = _canvas(width, height)
    canvas.setFont(font, size)
    for words, middle in middles:
        canvas.drawCentredString(middle, (marks.LINE - marks.ASCENT) * size, words)
    canvas.save()
    return out.getvalue()


def _width(words: str, font: str, size: float) -> float:
    from reportlab.pdfbase import pdfmetrics

    from app.reports.layout import fonts

    fonts.letters()
    return float(pdfmetrics.stringWidth(words, font, size))


def _canvas(width: float, height: float) -> "tuple[Canvas, io.BytesIO]":
    from reportlab.pdfgen.canvas import Canvas

    from app.reports.layout import fonts

    fonts.letters()
    out = io.BytesIO()
    given: Any = {"initialFontName": fonts.REGULAR, "pageCompression": 1, "invariant": 1}
    canvas = Canvas(out, pagesize=(width, height), **given)
    setattr(canvas, "_preamble", "1 0 0 1 0 0 cm")  # noqa: B010  names no font: a picture alone needs none
    return canvas, out


def _read(png: bytes) -> "tuple[Image, tuple[float, float] | None]":
    """A picture, and its size in points if it says one. Raises PictureUnusable."""
    from PIL import Image, UnidentifiedImageError

    try:
        if len(png) > _BYTES:
            raise ValueError
        opened = Image.open(io.BytesIO(png), formats=["PNG"])
        if max(opened.size) > _SIDE:
            raise ValueError
        dots = opened.info.get("dpi")
        image = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureUnusable(why=_NO_PICTURE) from error
    least, _most = image.getchannel("A").getextrema()
    if least == 255:
        raise PictureUnusable(why=_OPAQUE)
    if dots is None or min(dots) < 50:
        return image, None
    return image, (image.width * 72 / float(dots[0]), image.height * 72 / float(dots[1]))
