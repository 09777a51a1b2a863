"""Bytes that are nearly right: a whole sample, changed in a few places; and bytes signed anew."""

from collections.abc import Callable, Sequence

import cbor2
from hypothesis import strategies

_BYTES = strategies.sampled_from(
    [0x00, 0x01, 0x17, 0x18, 0x1B, 0x3B, 0x5F, 0x7F, 0x80, 0x9F, 0xBF, 0xC2, 0xFF]
)
_ODD = strategies.one_of(_BYTES.map(lambda byte: bytes([byte])), strategies.binary(min_size=1, max_size=12))


@strategies.composite
def damaged(draw: Callable, samples: Sequence[bytes]) -> bytes:
    """One of the samples, changed in up to four places: a byte, a gap, something more, an end too soon."""
    data = bytearray(draw(strategies.sampled_from(samples)))
    for _ in range(draw(strategies.integers(1, 4))):
        place = draw(strategies.integers(0, len(data)))
        length = draw(strategies.integers(0, 8))
        match draw(strategies.sampled_from(["change", "leave out", "add", "end", "repeat", "flip"])):
            case "change":
                data[place : place + length] = draw(_ODD)
            case "leave out":
                del data[place : place + length]
            case "add":
                data[place:place] = draw(_ODD)
            case "end":
                del data[place:]
            case "repeat":
                data[place:place] = data[place : place + 40 * length]
            case "flip" if place < len(data):
                data[place] ^= 1 << draw(strategies.integers(0, 7))
    return bytes(data)


def signed(carried: bytes, kid: int, sign: Callable[[bytes], bytes]) -> bytes:
    """A well-formed COSE_Sign1 (RFC 9052) around whatever payload, with a signature that holds."""
    protected = cbor2.dumps({1: -19, 4: kid.to_bytes(8, "big")}, canonical=True)
    signature = sign(cbor2.dumps(["Signature1", protected, b"", carried]))
    return b"\xd2" + cbor2.dumps([protected, {}, carried, signature])
