"""Takes out of a JPEG or PNG file what is not the picture, byte by byte: its pixels are not touched.

What cameras and phones hide in a picture (place, time, owner, a small film behind its end) is dropped; what
is needed to show it right (colour profile, and how it is to be turned) stays.
"""

import struct
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"pHYs",
        b"bKGD",
    }
)
_SOS, _EOI = 0xDA, 0xD9
_APP0, _APP1, _APP2, _APP14, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


class NotAPicture(ValueError):
    """The bytes are no whole picture of this form."""


def strip_jpeg(content: bytes, turn: int = 1) -> bytes:
    """The same JPEG without its hidden parts, cut behind its end.

    turn: the value of EXIF's Orientation, kept in a block of its own where it is not 1.
    Raises NotAPicture.
    """
    kept = bytearray(b"\xff\xd8")
    placed = turn == 1
    for marker, part in _segments(content):
        if not placed and marker != _APP0:
            kept += _turned(turn)
            placed = True
        if _belongs(marker, part):
            kept += part
    return bytes(kept)


def strip_png(content: bytes) -> bytes:
    """The same PNG without its hidden parts, cut behind its end. Raises NotAPicture."""
    if not content.startswith(_PNG):
        raise NotAPicture()
    kept = bytearray(_PNG)
    place = len(_PNG)
    while place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        kind, end = content[place + 4 : place + 8], place + 12 + length
        if end > len(content):
            break
        if kind in _PNG_KEPT:
            kept += content[place:end]
        if kind == b"IEND":
            return bytes(kept)
        place = end
    raise NotAPicture()


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker of a JPEG with its bytes, those of a scan with all that belongs to it."""
    if not content.startswith(b"\xff\xd8"):
        raise NotAPicture()
    place = 2
    while place + 2 <= len(content):
        if content[place] != 0xFF:
            raise NotAPicture()
        marker = content[place + 1]
        if marker == 0xFF:  # padding
            place += 1
            continue
        if marker == _EOI:
            yield marker, b"\xff\xd9"
            return
        end = place + 2
        if marker not in _ALONE:
            if place + 4 > len(content):
                break
            end += struct.unpack_from(">H", content, place + 2)[0]
        if marker == _SOS:
            end = _end_of_scan(content, end)
        if end > len(content) or end < place + 2:
            break
        yield marker, content[place:end]
        place = end
    raise NotAPicture()


def _end_of_scan(content: bytes, place: int) -> int:
    """Where the next marker stands; in a scan FF is followed by 00 or by a restart."""
    while (found := content.find(b"\xff", place)) != -1 and found + 1 < len(content):
        following = content[found + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return found
        place = found + 1 if following == 0xFF else found + 2
    raise NotAPicture()


def _belongs(marker: int, part: bytes) -> bool:
    if marker == _APP2:
        return part[4:].startswith(b"ICC_PROFILE\x00")
    if marker in {_APP0, _APP14}:
        return part[4:].startswith((b"JFIF\x00", b"Adobe"))
    return marker != _COMMENT and not _APP1 <= marker <= 0xEF


def _turned(turn: int) -> bytes:
    """A block of EXIF with nothing in it but how the picture is to be turned."""
    block = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01" + struct.pack(">HHIHHI", 0x0112, 3, 1, turn, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
