"""Makes photos fit to be sent: upright, without place and other hidden data, and as small as is wanted.

Pillow is imported when the first photo comes: no start needs it.
"""

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.domain.evidence import DAMAGED, TOO_WIDE, FileRefused, Form, HeicRefused
from app.domain.pictures import NotAPicture, strip_jpeg, strip_png

if TYPE_CHECKING:
    from PIL.Image import Image

Size = Literal["small", "print", "full"]
SIZES: tuple[Size, ...] = ("small", "print", "full")

PIXELS = 80_000_000
"""Pixels that a photo may have; more is taken for a trap. A good phone has 12 to 50 million."""

_AIMS: dict[Size, tuple[int, int]] = {"small": (200_000, 1600), "print": (500_000, 2400)}
"""Bytes to reach, and pixels of the longer side to begin with."""
_QUALITIES = (82, 74, 66, 58, 50)
_SMALLER = 0.8
_FAR = 2.5
_SMALLEST = 320
_ORIENTATION, _GPS = 0x0112, 0x8825
_MAX_PROFILE = 16_000


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that is fit to be sent. had_place: the original said where it was taken."""

    content: bytes
    form: Form
    had_place: bool


def shrink(content: bytes, form: Form, size: Size, name: str) -> Photo:
    """Make a photo fit to be sent; the original is not touched. The same photo always gives the same bytes.

    size: `small` to be looked at (about 200 KB), `print` (about 500 KB), `full` without hidden data only.
    name: for the sentence. Raises FileRefused, HeicRefused.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content))
        with opened:
            if opened.width * opened.height > PIXELS:
                raise FileRefused(file=name, problem=TOO_WIDE)
            return _made(opened, content, form, size)
    except UnidentifiedImageError:
        if form == "heif":
            raise HeicRefused(file=name) from None
        raise FileRefused(file=name, problem=DAMAGED) from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise FileRefused(file=name, problem=TOO_WIDE) from None
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError):
        raise FileRefused(file=name, problem=DAMAGED) from None  # what the library raises for odd files


def _made(opened: "Image", content: bytes, form: Form, size: Size) -> Photo:
    from PIL import ImageOps

    exif = opened.getexif()
    had_place = bool(exif.get_ifd(_GPS))
    turn = exif.get(_ORIENTATION, 1)
    bare = _stripped(content, form, turn if turn in range(2, 9) else 1)
    aim, side = _AIMS.get(size, (0, 0))
    if bare is not None and (size == "full" or (len(bare) <= aim and turn == 1)):
        opened.load()  # what cannot be shown is no evidence
        return Photo(bare, form, had_place)
    if size != "full":
        _reduce(opened, side)  # first of all: the rest then needs little memory
    picture = _flat(ImageOps.exif_transpose(opened))
    profile = opened.info.get("icc_profile") or b""
    profile = profile if isinstance(profile, bytes) and len(profile) <= _MAX_PROFILE else b""
    if size == "full":
        return Photo(_jpeg(picture, 92, profile), "jpeg", had_place)
    return Photo(_fitted(picture, aim, side, profile), "jpeg", had_place)


def _reduce(opened: "Image", side: int) -> None:
    """Make the longer side `side` pixels at most, in place; a JPEG is decoded at a half or a quarter."""
    from PIL.Image import Resampling

    share = side / max(opened.size)
    if share < 1 and opened.mode not in {"P", "1"}:  # those would become coarse
        opened.draft("RGB", (int(opened.width * share), int(opened.height * share)))
        opened.thumbnail((side, side), Resampling.LANCZOS)


def _stripped(content: bytes, form: Form, turn: int) -> bytes | None:
    """The file without its hidden parts and otherwise as it is; None where that cannot be done."""
    try:
        if form == "jpeg":
            return strip_jpeg(content, turn)
        if form == "png" and turn == 1:
            return strip_png(content)
    except NotAPicture:
        return None
    return None


def _flat(picture: "Image") -> "Image":
    """In colours of light, without anything to see through: what was so becomes white."""
    from PIL import Image

    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        white = Image.new("RGB", seen.size, "white")
        white.paste(seen, mask=seen.getchannel("A"))
        return white
    return picture if picture.mode in {"RGB", "L"} else picture.convert("RGB")


def _fitted(picture: "Image", aim: int, side: int, profile: bytes) -> bytes:
    """A JPEG of at most `aim` bytes: first coarser, then smaller; at the smallest size whatever comes out."""
    from PIL.Image import Resampling

    while True:
        now = picture.copy()
        now.thumbnail((side, side), Resampling.LANCZOS)
        for quality in _QUALITIES:
            made = _jpeg(now, quality, profile)
            if len(made) <= aim:
                return made
            if len(made) > _FAR * aim:  # a coarser one of this size would not do either
                break
        if side <= _SMALLEST:
            return made
        side = max(_SMALLEST, int(side * min(_SMALLER, (_FAR * aim / len(made)) ** 0.5)))


def _jpeg(picture: "Image", quality: int, profile: bytes) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=quality, optimize=True, progressive=True, icc_profile=profile or None)
    return made.getvalue()
