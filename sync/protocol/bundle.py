"""A bundle: the file on a USB stick that carries envelopes, and files of evidence behind them.

    magic | content | introduction | header | footer

The content is a sequence of parts, sealed in chunks of 64 KiB with ChaCha20-Poly1305 under a key drawn for
this bundle; number and last flag of a chunk are its nonce, so chunks cannot be moved, left out or added. The
header is an envelope of the sender: what the bundle is, for whom, length and SHA-256 of the content, and the
key, sealed to each recipient (HPKE, RFC 9180). The introduction is the paper that a device shows to a
province that may not know it: its certificate, or the enrolment that still waits. The footer has the lengths
of both and a check value, which tells a damaged file from one that somebody else has signed.

Everything is written and read in one go from front to back, with little memory, whatever the size. A reader
verifies the whole file before it takes anything from it.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, BinaryIO, Literal, Protocol, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from msgspec import Meta, Struct, ValidationError, convert, to_builtins

from app.domain.errors import LedgerError
from sync.protocol import envelope, strict
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner

Kind = Literal["request", "answer"]
Which = Literal["envelope", "certificate", "file"]

VERSION: Literal[1] = 1
PROVINCE_KID = 0
MAX_RECIPIENTS = 64
MAX_PARTS = 2_000
MAX_PART = 64 * 1024 * 1024  # bytes of one part
MAX_INTRODUCTION = 4096
MAX_HEADER = 64 * 1024
CHUNK = 64 * 1024

_MARK = b"\x89SNVGOI\r\n\x1a\n"  # as PNG has it: a stick read as text, or sent by old mail, shows at once
MAGIC = _MARK + bytes((VERSION,))
_TAG = 16
_CHECK = 16
_FOOTER = 4 + 4 + _CHECK
_HEAD_LIMIT = 256
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class BundleForeign(LedgerError):
    """A file that is no bundle. Facts: file."""

    code = "bundle-foreign"


class BundleNewer(LedgerError):
    """A bundle of a form that only newer programs know. Facts: file."""

    code = "bundle-newer"


class BundleDamaged(LedgerError):
    """A bundle that is cut off or changed, in whatever place. Facts: file."""

    code = "bundle-damaged"


class BundleSigner(LedgerError):
    """A whole bundle that is not signed by whom it names. Facts: file."""

    code = "bundle-signer"


class BundleClosed(LedgerError):
    """A bundle that is not sealed to the key that is held here. Facts: file."""

    code = "bundle-closed"


_Number = Annotated[int, Meta(ge=0, le=strict.INT_MAX)]
_Key = Annotated[bytes, Meta(min_length=32, max_length=32)]


class Recipient(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Whoever may open the bundle, and the content's key sealed to him."""

    kid: _Number
    sealed: Annotated[bytes, Meta(min_length=80, max_length=80)]


class Header(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What the sender signs. Eight parts, so that it is not taken for another message."""

    version: Literal[1]
    kind: Kind
    unit: Annotated[str, Meta(min_length=1, max_length=64)]
    created: _Number  # seconds UTC, by the sender's clock
    recipients: Annotated[list[Recipient], Meta(min_length=1, max_length=MAX_RECIPIENTS)]
    length: _Number  # bytes of the content as sealed
    sha256: _Key  # of the content as sealed
    parts: Annotated[int, Meta(ge=0, le=MAX_PARTS)]


class _Head(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    which: Which
    name: Annotated[str, Meta(max_length=64)]
    length: Annotated[int, Meta(ge=0, le=MAX_PART)]


_T = TypeVar("_T", Header, _Head)


class Part:
    """One part of the content. name: of an envelope or a certificate, whom it is for, in hexadecimal digits;
    of a file, its SHA-256. chunks: the bytes, to be read in order, once, before the next part.
    """

    def __init__(self, which: Which, name: str, length: int, chunks: Iterator[bytes]) -> None:
        self.which = which
        self.name = name
        self.length = length
        self.chunks = chunks

    def read(self) -> bytes:
        """All bytes at once; for envelopes, which have a limit of their own."""
        return b"".join(self.chunks)


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a bundle as it lies there; nothing is verified but that it is not damaged."""

    file: str
    size: int
    kid: int
    introduction: bytes
    header: bytes


class Sink(Protocol):
    """Where a bundle is written to."""

    def write(self, data: bytes, /) -> int:
        """Append."""
        ...


class Writer:
    """Writes a bundle into an open file, from front to back.

    kid: the sender's number. sign: its Ed25519 signature. to: number and X25519 key of each recipient.
    """

    def __init__(
        self,
        out: Sink,
        kind: Kind,
        unit: str,
        created: int,
        kid: int,
        sign: Callable[[bytes], bytes],
        to: list[tuple[int, bytes]],
    ) -> None:
        key = os.urandom(32)
        to_each = [Recipient(number, _seal_key(key, kind, kid, number, public)) for number, public in to]
        self._begins = (VERSION, kind, unit, created, to_each)
        self._out, self._kid, self._sign = out, kid, sign
        self._cipher = ChaCha20Poly1305(key)
        self._hash = hashlib.sha256()
        self._left = bytearray()
        self._chunks = self._length = self._parts = 0
        self._files = False
        self.size = 0  # bytes written
        self._write(MAGIC)

    def add(self, which: Which, name: str, length: int, chunks: Iterator[bytes]) -> None:
        """Append a part of exactly `length` bytes; files come last. Raises ValueError where it is not so."""
        if self._files and which != "file":
            raise ValueError("files come last")
        self._files = which == "file"
        head = strict.dumps([which, name, length], 1)
        _convert([which, name, length], _Head)
        self._take(len(head).to_bytes(2, "big") + head)
        for chunk in chunks:
            length -= len(chunk)
            if length < 0:
                break
            self._take(chunk)
        if length:
            raise ValueError("a part of another length than announced")
        self._parts += 1

    def finish(self, introduction: bytes = b"") -> None:
        """Seal the end, and sign."""
        self._flush(last=True)
        header = Header(*self._begins, self._length, self._hash.digest(), self._parts)
        packed = strict.dumps(to_builtins(header, builtin_types=(bytes,)), 3)
        signed = envelope.seal(packed, self._kid, self._sign)
        if len(signed) > MAX_HEADER or len(introduction) > MAX_INTRODUCTION:
            raise ValueError("more recipients or a longer introduction than a bundle may have")
        lengths = len(introduction).to_bytes(4, "big") + len(signed).to_bytes(4, "big")
        self._write(introduction + signed + lengths + _check(introduction, signed, lengths))

    def _take(self, data: bytes) -> None:
        self._left += data
        while len(self._left) > CHUNK:
            self._flush(last=False)

    def _flush(self, *, last: bool) -> None:
        plain = bytes(self._left[:CHUNK])
        del self._left[:CHUNK]
        sealed = self._cipher.encrypt(_nonce(self._chunks, last), plain, None)
        self._chunks += 1
        self._hash.update(sealed)
        self._length += len(sealed)
        self._write(sealed)

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self.size += len(data)


def can_be_sealed_to(public: bytes) -> bool:
    """Whether this is an X25519 key that something can be sealed to; some points, all zeros too, are none."""
    try:
        _seal_key(bytes(32), "answer", PROVINCE_KID, 1, public)
    except ValueError:
        return False
    return True


def sealed_size(lengths: list[int], recipients: int) -> int:
    """About how many bytes a bundle with parts of these lengths has; rather too many."""
    plain = sum(lengths) + 128 * len(lengths)
    return plain + (plain // CHUNK + 1) * _TAG + 120 * recipients + 1024


def tail(source: BinaryIO, file: str) -> Tail:
    """The end of a bundle, of bounded size. file: its name, for the words.

    Raises BundleForeign, BundleNewer, BundleDamaged.
    """
    source.seek(0)
    mark = source.read(len(MAGIC))
    if not mark.startswith(_MARK) or len(mark) < len(MAGIC):
        raise BundleForeign(file=file)
    if mark != MAGIC:
        raise BundleNewer(file=file)
    size = source.seek(0, os.SEEK_END)
    if size < len(MAGIC) + _TAG + _FOOTER:
        raise BundleDamaged(file=file)
    source.seek(size - _FOOTER)
    footer = source.read(_FOOTER)
    introduced, signed = int.from_bytes(footer[:4], "big"), int.from_bytes(footer[4:8], "big")
    start = size - _FOOTER - introduced - signed
    if introduced > MAX_INTRODUCTION or signed > MAX_HEADER or start < len(MAGIC) + _TAG:
        raise BundleDamaged(file=file)
    source.seek(start)
    introduction, header = source.read(introduced), source.read(signed)
    if footer[8:] != _check(introduction, header, footer[:8]):
        raise BundleDamaged(file=file)
    try:
        return Tail(file, size, envelope.peek_kid(header), introduction, header)
    except BadEnvelope as error:
        raise BundleForeign(file=file) from error


def verified(source: BinaryIO, end: Tail, key: bytes) -> Header:
    """The header of a bundle that is whole and signed with this key; all of the content is read.

    key: the 32 bytes of the sender's public key. Raises BundleSigner, BundleDamaged.
    """
    try:
        _, payload = envelope.open(end.header, lambda _: key, limit=MAX_HEADER)
        header = _convert(strict.loads(payload, 3), Header)
    except (BadEnvelope, UnknownSigner, BadMessage, strict.NotStrict) as error:
        raise BundleSigner(file=end.file) from error
    if len(MAGIC) + header.length + len(end.introduction) + len(end.header) + _FOOTER != end.size:
        raise BundleDamaged(file=end.file)
    source.seek(len(MAGIC))
    hashed, left = hashlib.sha256(), header.length
    while left:
        read = source.read(min(left, 16 * CHUNK))
        if not read:
            raise BundleDamaged(file=end.file)
        hashed.update(read)
        left -= len(read)
    if hashed.digest() != header.sha256:
        raise BundleDamaged(file=end.file)
    return header


def content_key(end: Tail, header: Header, kid: int, private: X25519PrivateKey) -> bytes:
    """The key of the content, for the recipient with this number. Raises BundleClosed."""
    for recipient in header.recipients:
        if recipient.kid == kid:
            try:
                return _SUITE.decrypt(recipient.sealed, private, info=_info(header.kind, end.kid, kid))
            except (InvalidTag, ValueError) as error:
                raise BundleClosed(file=end.file) from error
    raise BundleClosed(file=end.file)


def parts(source: BinaryIO, end: Tail, header: Header, key: bytes) -> Iterator[Part]:
    """The parts in order, each to be read before the next one is asked for.

    Raises BundleDamaged, BadMessage for what no program of ours writes.
    """
    stream = _Stream(_opened(source, end, header, key))
    files = False
    for _ in range(header.parts):
        size = int.from_bytes(stream.exactly(2), "big")
        if size > _HEAD_LIMIT:
            raise BadMessage(why="the head of a part is too long")
        try:
            head = _convert(strict.loads(stream.exactly(size), 1), _Head)
        except strict.NotStrict as error:
            raise BadMessage(why=str(error)) from error
        if files and head.which != "file":
            raise BadMessage(why="files come last")
        files = head.which == "file"
        chunks = stream.chunks(head.length)
        yield Part(head.which, head.name, head.length, chunks)
        for _left in chunks:  # what was not read is passed over
            pass
    stream.end()


class _Stream:
    """Bytes that come in chunks, taken in the sizes that are wanted."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._held = b""

    def exactly(self, count: int) -> bytes:
        return b"".join(self.chunks(count))

    def chunks(self, count: int) -> Iterator[bytes]:
        while count:
            if not self._held:
                self._held = next(self._source, b"")
                if not self._held:
                    raise BadMessage(why="the content ends too early")
            given, self._held = self._held[:count], self._held[count:]
            count -= len(given)
            yield given

    def end(self) -> None:
        if self._held or next(self._source, b""):
            raise BadMessage(why="bytes behind the last part")


def _opened(source: BinaryIO, end: Tail, header: Header, key: bytes) -> Iterator[bytes]:
    cipher = ChaCha20Poly1305(key)
    left, number, place = header.length, 0, len(MAGIC)
    while True:
        source.seek(place)
        sealed = source.read(min(left, CHUNK + _TAG))
        left -= len(sealed)
        place += len(sealed)
        try:
            plain = cipher.decrypt(_nonce(number, not left), sealed, None)
        except (InvalidTag, ValueError) as error:  # the stick gives other bytes than a moment ago
            raise BundleDamaged(file=end.file) from error
        number += 1
        if plain:
            yield plain
        if not left:
            return


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))


def _seal_key(key: bytes, kind: Kind, sender: int, recipient: int, public: bytes) -> bytes:
    return _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public), info=_info(kind, sender, recipient))


def _info(kind: Kind, sender: int, recipient: int) -> bytes:
    """Binds the sealed key to this use, so that it opens nowhere else."""
    return strict.dumps(["so-nhiem-vu bundle", VERSION, kind, sender, recipient], 1)


def _check(introduction: bytes, header: bytes, lengths: bytes) -> bytes:
    return hashlib.sha256(MAGIC + introduction + header + lengths).digest()[:_CHECK]


def _convert(value: object, shape: type[_T]) -> _T:
    try:
        return convert(value, shape, builtin_types=(bytes,))
    except ValidationError as error:
        raise BadMessage(why=str(error)) from error
