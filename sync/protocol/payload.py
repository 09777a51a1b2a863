"""What an envelope carries: a message, made smaller where that is possible.

The first byte names the way it is written: 0 is the message itself, 1 is one Zstandard frame
(RFC 8878). The smaller of the two is sent. What is taken out again is bounded, so that a few
kilobytes cannot become a gigabyte.
"""

import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PLAIN, ZSTANDARD = 0, 1
LIMIT = 64 * 1024 * 1024  # bytes of a message after unpacking

# The reader keeps a window of at most 2 MiB, whatever the frame asks for.
_WINDOW_LOG = 21
# Up to this size a week's worth of work is pressed as hard as it goes; more would keep a server busy.
_HARD_UP_TO = 256 * 1024
_HARD, _QUICK = 19, 9
_STEP = 1024 * 1024


class BadPayload(ValueError):
    """Not a payload of ours, damaged, or larger than the limit."""


def wrap(message: bytes) -> bytes:
    """The payload that carries `message`: plain or pressed, whichever is shorter."""
    level = _HARD if len(message) <= _HARD_UP_TO else _QUICK
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: level,
        zstd.CompressionParameter.window_log: _WINDOW_LOG,
        # Integrity is the signature's part; the length of the frame is known from the envelope.
        zstd.CompressionParameter.checksum_flag: 0,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    pressed = zstd.compress(message, options=options)
    if len(pressed) < len(message):
        return bytes((ZSTANDARD,)) + pressed
    return bytes((PLAIN,)) + message


def unwrap(payload: bytes, limit: int = LIMIT) -> bytes:
    """The message inside `payload`.

    limit: how many bytes the message may have. Raises BadPayload.
    """
    if not payload:
        raise BadPayload("empty")
    how, body = payload[0], payload[1:]
    if how == PLAIN:
        if len(body) > limit:
            raise BadPayload("too large")
        return body
    if how == ZSTANDARD:
        return _expand(body, limit)
    raise BadPayload("written in an unknown way")


def _expand(body: bytes, limit: int) -> bytes:
    reader = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})
    out = bytearray()
    try:
        while not reader.eof:
            # In steps: the memory taken grows with what is there, not with what the limit allows.
            part = reader.decompress(body, max_length=min(_STEP, limit + 1 - len(out)))
            body = b""
            out += part
            if len(out) > limit:
                raise BadPayload("too large")
            if not part and reader.needs_input:
                raise BadPayload("cut off")
    except zstd.ZstdError as error:
        raise BadPayload("not Zstandard") from error
    if reader.unused_data:
        raise BadPayload("bytes behind the end")
    return bytes(out)
