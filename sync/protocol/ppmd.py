"""PPMd, variant H (Dmitry Shkarin's, as in 7-Zip), by pyppmd, and a way around what pyppmd does badly.

Before the data the model reads a dictionary, at both ends; what comes of this does not travel.

pyppmd 1.3.1 was read and tried with damaged input. Whoever calls it has to know:

- A decoder that runs out of input waits for more in a thread of its own. Thrown away then, this thread writes
  into memory that is no longer its own. So it is helped to its end, and only then thrown away. One that has
  met the mark of an end may not go on: it would follow pointers that lead nowhere.
- A decoder never frees input that it has not used. So it gets hardly more than it is to use.
- An encoder loses bytes when its block of 32 KiB becomes full in the midst of a letter. So it is fed in small
  pieces, each of which gets a new block.
- An encoder never lets go of what it is fed. So it is fed from one place that is used again and again. It
  also leaves 20 KiB behind whenever it is made: it is not for messages that are short.
"""

import os
from functools import lru_cache
from threading import Lock

import pyppmd

from sync.protocol import dictionary

ORDER = 8
MEMORY = 4 * 1024 * 1024  # bytes of the model, at both ends
LIMIT = 512 * 1024  # bytes: beyond this it takes too long to be taken from a stranger

_PIECE = 512  # bytes, each of which makes 20 at most: two for each order, for none, and for a new letter
# Random bytes: nobody knows them beforehand, so nobody can make a decoder that waits look as if it were done.
_BEHIND = 8
_FODDER = 4096
_BLOCK = 32 * 1024
_BLOCKS = (11 * _BLOCK, 3 * _BLOCK, _BLOCK, 0)  # where a decoder begins a new block, and a new thread with it


class NotPpmd(ValueError):
    """Damaged, cut off, with something behind the end, or of another length."""


class _Feed:
    """One place from which encoders are fed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._piece = bytearray(_PIECE)

    def encode(self, encoder: pyppmd.Ppmd7Encoder, data: bytes) -> bytes:
        """What the encoder says so far when it has read the data."""
        whole = len(data) - len(data) % _PIECE
        said = []
        with self._lock:
            for start in range(0, whole, _PIECE):
                self._piece[:] = data[start : start + _PIECE]
                said.append(encoder.encode(self._piece))
        # Python keeps one object for each single byte, whoever holds on to it.
        said += [encoder.encode(data[at : at + 1]) for at in range(whole, len(data))]
        return b"".join(said)


_FEED = _Feed()


def press(data: bytes, number: int) -> bytes:
    """The bytes that carry `data`, of one byte to LIMIT, behind dictionary `number`; not its length."""
    if not 1 <= len(data) <= LIMIT:
        raise ValueError("not for PPMd")
    encoder = pyppmd.Ppmd7Encoder(ORDER, MEMORY)
    _FEED.encode(encoder, dictionary.content(number))
    return _FEED.encode(encoder, data) + bytes(encoder.flush())


@lru_cache(maxsize=4)
def _before(number: int) -> bytes:
    """What an encoder has said when it has read a dictionary, whatever it reads then."""
    return _FEED.encode(pyppmd.Ppmd7Encoder(ORDER, MEMORY), dictionary.content(number))


def expand(body: bytes, size: int, number: int) -> bytes:
    """The `size` bytes, one to LIMIT, that `body` carries behind dictionary `number`.

    The memory and the time that it takes go with `size`, whatever the body says. Raises NotPpmd,
    UnknownDictionary.
    """
    if not 1 <= size <= LIMIT:
        raise NotPpmd("too large, or nothing")
    known = dictionary.content(number)
    whole = len(known) + size
    decoder = pyppmd.Ppmd7Decoder(ORDER, MEMORY)
    try:
        data: bytes = decoder.decode(_before(number) + body + os.urandom(_BEHIND), whole)
        _end(decoder, len(data), whole)
    except ValueError as error:
        raise NotPpmd("damaged") from error
    # At its end the coder stands at zero.
    if len(data) != whole or not decoder.eof or len(decoder.unused_data) != _BEHIND:
        raise NotPpmd("another length")
    return data[len(known) :]


def _end(decoder: pyppmd.Ppmd7Decoder, done: int, whole: int) -> None:
    """Feed a decoder that waits after `done` bytes, until its thread has ended. Raises ValueError.

    The thread ends with all of its bytes, or with a block; it counts from where its last block began, and
    the decoder is to be asked for just so many.
    """
    block = next(start for start in _BLOCKS if start <= done)
    while done < whole and decoder.needs_input:
        more = min(whole - done, _BLOCK)
        got = len(decoder.decode(os.urandom(_FODDER), done - block + more))
        if got == more:
            return
        done += got
