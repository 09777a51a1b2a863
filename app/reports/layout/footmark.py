"""The small code at the foot of each page of a closed report: report, content, page and number of pages.

So a scan of the signed sheet can be told from the scan of another week, from another version of the same
week, and from a scan with a page missing. 34 bytes, a QR symbol of version 3, level M: the magic, the
report's id (16), the beginning of the content's hash (8), page (1), pages (1), and a CRC-32 over all of it
(4, little-endian).
"""

import zlib
from typing import NamedTuple

MAGIC = b"SNV\x01"
MOST_PAGES = 255
"""A report with more pages carries the words alone; page and number of pages are one byte each."""

_REPORT, _HASH, _SIZE = 16, 8, 34


class FootMark(NamedTuple):
    """What every page of one closed report says: the record's id (16 bytes) and its content's SHA-256."""

    report: bytes
    hash: bytes


class PageMark(NamedTuple):
    """What was read from one page. `hash8`: beginning of the content's SHA-256; `page` counts from 1."""

    report: bytes
    hash8: bytes
    page: int
    pages: int


def pack(report: bytes, hash8: bytes, page: int, pages: int) -> bytes:
    """The bytes of the symbol. Raises ValueError when a part has not its length or a page its range."""
    if len(report) != _REPORT or len(hash8) != _HASH or not 1 <= page <= pages <= MOST_PAGES:
        raise ValueError("not a mark of a page")
    body = MAGIC + report + hash8 + bytes((page, pages))
    return body + zlib.crc32(body).to_bytes(4, "little")


def unpack(data: bytes) -> PageMark | None:
    """What a symbol says; None when it is not one of ours, or not whole."""
    body, check = data[:-4], data[-4:]
    if len(data) != _SIZE or not body.startswith(MAGIC) or zlib.crc32(body).to_bytes(4, "little") != check:
        return None
    page, pages = body[-2:]
    if not 1 <= page <= pages:
        return None
    return PageMark(body[4:20], body[20:28], page, pages)
