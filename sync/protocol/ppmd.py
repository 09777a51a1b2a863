"""PPMd, variant H (Dmitry Shkarin's, as in 7-Zip), by pyppmd: what it does well, and a way around what it does not.

pyppmd 1.3.1 was read and tried with damaged input. Whoever calls it has to know:

- A decoder that runs out of input waits for more in a thread of its own. Thrown away then, this thread writes
  into memory that is no longer its own. So it is helped to its end, and only then thrown away. One that has
  met the mark of an end may not go on: it would follow pointers that lead nowhere.
- A decoder never frees input that it has not used. So it gets hardly more than it is to use.
- An encoder loses bytes when its block of 32 KiB becomes full in the midst of a letter. So it is fed in small
  pieces, each of which gets a new block.
- An encoder never lets go of what it is fed. So it is fed from one place that is used again and again.
"""

import os
from threading import Lock

import pyppmd

ORDER = 4
MEMORY = 4 * 1024 * 1024  # bytes of the model, at both ends
LIMIT = 256 * 1024  # bytes: beyond this it takes too long to be taken from a stranger

_PIECE = 512  # bytes
# A letter is found in one step for each order, one for no order and one for letters that never came; a step
# reads or writes two bytes at most.
_MOST = 2 * (ORDER + 2)
_FIRST = b"\0"  # the coder's first byte, always: it does not travel
_REST = 4  # bytes that a decoder reads before the first letter
_NEVER = b"\xff" * _REST
# Nobody knows these bytes beforehand, so nobody can make a decoder that waits for input look as if it were done.
_BEHIND = 8
_BLOCK = 32 * 1024
_BLOCKS = (3 * _BLOCK, _BLOCK, 0)  # where a decoder begins a new block, and with it a new thread


class NotPpmd(ValueError):
    """Damaged, cut off, with something behind the end, or of another length."""


class _Feed:
    """One place from which encoders are fed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._piece = bytearray(_PIECE)

    def press(self, data: bytes) -> bytes:
        encoder = pyppmd.Ppmd7Encoder(ORDER, MEMORY)
        whole = len(data) - len(data) % _PIECE
        out = []
        with self._lock:
            for start in range(0, whole, _PIECE):
                self._piece[:] = data[start : start + _PIECE]
                out.append(encoder.encode(self._piece))
        # Python keeps one object for each single byte, whoever holds on to it.
        out += [encoder.encode(data[at : at + 1]) for at in range(whole, len(data))]
        return b"".join([*out, encoder.flush()])


_FEED = _Feed()


def press(data: bytes) -> bytes:
    """The bytes that carry `data`, of one byte to LIMIT; its length does not travel with them."""
    if not 1 <= len(data) <= LIMIT:
        raise ValueError("not for PPMd")
    return _FEED.press(data)[len(_FIRST) :]


def expand(body: bytes, size: int) -> bytes:
    """The `size` bytes, one to LIMIT, that `body` carries. Raises NotPpmd.

    The memory and the time that it takes go with `size`, whatever the body says.
    """
    if not 1 <= size <= LIMIT or len(body) < _REST or body.startswith(_NEVER):
        raise NotPpmd("no beginning")
    decoder = pyppmd.Ppmd7Decoder(ORDER, MEMORY)
    try:
        data: bytes = decoder.decode(_FIRST + body + os.urandom(_BEHIND), size)
        short = size - len(data)
        if short and decoder.needs_input:
            # It counts from where its block began, and ends with the next block.
            begun = len(data) - next(start for start in _BLOCKS if start <= len(data))
            more = min(short, _BLOCK)
            decoder.decode(bytes(_MOST * more), begun + more)
    except ValueError as error:
        raise NotPpmd("damaged") from error
    # At its end the coder stands at zero.
    if short or not decoder.eof or len(decoder.unused_data) != _BEHIND:
        raise NotPpmd("another length")
    return data
