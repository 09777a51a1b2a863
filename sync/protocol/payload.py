"""What an envelope carries: a message, made smaller where that is possible.

The first byte names the way it is written, described in `envelope.cddl`; the smallest is sent. What is
taken out again is bounded, in memory and in time, so that a few kilobytes cannot become a gigabyte.

What was measured decides what is tried. A message of a few hundred bytes gains most from a dictionary, and
Zstandard is enough for that. From 1 KiB on PPMd is smaller by a quarter to a third, and for a week's work
in less time than Zstandard's hard levels, so of Zstandard a quick one is tried beside it. PPMd takes as long
to read as to write, so long messages are Zstandard's alone.
"""

import sys
from collections.abc import Iterator

from sync.protocol import dictionary, ppmd

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PLAIN, ZSTANDARD, WITH_DICTIONARY, PPMD = range(4)
LIMIT = 64 * 1024 * 1024  # bytes of a message after unpacking

PPMD_FROM = 1024

# A payload may unfold to so many times its own size, or to so much if that is more: a few bytes never make
# much work. What a device has to say does not come near it.
_MOST_TIMES, _ALWAYS = 256, 1024 * 1024

# The reader keeps a window of at most 2 MiB, whatever the frame asks for.
_WINDOW_LOG = 21
_HARD, _QUICK = 19, 9
_DICTIONARY_UP_TO = 64 * 1024  # beyond this a message is its own dictionary
_STEP = 1024 * 1024
_MAGIC = (0xFD2FB528).to_bytes(4, "little")  # before every frame of RFC 8878: it does not travel
_SIZE_BYTES = 3


class BadPayload(ValueError):
    """Not a payload of ours, damaged, or larger than the limit."""


class NewerPayload(BadPayload):
    """Written in a way, or with a dictionary, that this program does not know."""


def wrap(message: bytes) -> bytes:
    """The payload that carries `message`: the shortest of those that are tried."""
    return min((way for way in _ways(message) if len(message) <= _room(len(way))), key=len)


def _room(size: int) -> int:
    """How many bytes a payload of `size` bytes may unfold to."""
    return max(_ALWAYS, _MOST_TIMES * size)


def _ways(message: bytes) -> Iterator[bytes]:
    yield bytes((PLAIN,)) + message
    with_ppmd = PPMD_FROM <= len(message) <= ppmd.LIMIT
    level = _HARD if len(message) < PPMD_FROM else _QUICK
    if len(message) <= _DICTIONARY_UP_TO:
        yield bytes((WITH_DICTIONARY,)) + _frame(message, level, dictionary.NEWEST)
    else:
        yield bytes((ZSTANDARD,)) + _frame(message, level)
    if with_ppmd:
        head = bytes((PPMD, dictionary.NEWEST)) + len(message).to_bytes(_SIZE_BYTES, "big")
        yield head + ppmd.press(message, dictionary.NEWEST)


def _frame(message: bytes, level: int, number: int = dictionary.NONE) -> bytes:
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: level,
        zstd.CompressionParameter.window_log: _WINDOW_LOG,
        # Integrity is the signature's part; the length of the frame is known from the envelope.
        zstd.CompressionParameter.checksum_flag: 0,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    known = zstd.ZstdDict(dictionary.content(number)) if number else None
    return zstd.compress(message, options=options, zstd_dict=known)[len(_MAGIC) :]


def unwrap(payload: bytes, limit: int = LIMIT) -> bytes:
    """The message inside `payload`.

    limit: how many bytes the message may have. Raises BadPayload, NewerPayload.
    """
    if not payload:
        raise BadPayload("empty")
    how, body = payload[0], payload[1:]
    limit = min(limit, _room(len(payload)))
    try:
        if how == PLAIN:
            if len(body) > limit:
                raise BadPayload("too large")
            return body
        if how == ZSTANDARD:
            return _expand(body, limit, None)
        if how == WITH_DICTIONARY:
            return _expand(body, limit, zstd.ZstdDict(dictionary.content(_number(body))))
        if how == PPMD:
            return _expand_ppmd(body, limit)
    except zstd.ZstdError as error:
        raise BadPayload("not Zstandard") from error
    except ppmd.NotPpmd as error:
        raise BadPayload("not PPMd") from error
    except dictionary.UnknownDictionary as error:
        raise NewerPayload("an unknown dictionary") from error
    raise NewerPayload("written in an unknown way")


def _number(body: bytes) -> int:
    """The dictionary that a frame names. Raises ZstdError."""
    return zstd.get_frame_info(_MAGIC + body).dictionary_id


def _expand(body: bytes, limit: int, known: zstd.ZstdDict | None) -> bytes:
    reader = zstd.ZstdDecompressor(known, options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})
    body = _MAGIC + body
    out = bytearray()
    while not reader.eof:
        # In steps: the memory taken grows with what is there, not with what the limit allows.
        part = reader.decompress(body, max_length=min(_STEP, limit + 1 - len(out)))
        body = b""
        out += part
        if len(out) > limit:
            raise BadPayload("too large")
        if not part and reader.needs_input:
            raise BadPayload("cut off")
    if reader.unused_data:
        raise BadPayload("bytes behind the end")
    return bytes(out)


def _expand_ppmd(body: bytes, limit: int) -> bytes:
    number, size = body[0] if body else 0, int.from_bytes(body[1 : 1 + _SIZE_BYTES], "big")
    if size > limit:
        raise BadPayload("too large")
    return ppmd.expand(body[1 + _SIZE_BYTES :], size, number)
