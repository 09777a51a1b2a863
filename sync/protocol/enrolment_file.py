"""The file of enrolment: a code, whom to trust, and what the unit has; so that work begins at once.

    magic | the province's public key | an envelope of the province around an EnrolFile

Nothing is known of a province before this file, so the key stands in it: that it was handed over by the
province is all there is to trust, as with a code on paper. The signature shows that nothing was changed.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import astuple

from app.domain.errors import LedgerError
from sync.protocol import envelope, strict
from sync.protocol.enrolment import CodeMistyped, read_code
from sync.protocol.errors import BadEnvelope, UnknownSigner
from sync.protocol.messages import VERSION

LIMIT = 32 * 1024 * 1024
"""Bytes that a file may have, packed and unpacked."""

PROVINCE_KID = 0
MAGIC = b"\x89SNVGHI\r\n\x1a\n\x01"
_KEY = 32

_Number = Annotated[int, Meta(ge=0, le=strict.INT_MAX)]
_Key = Annotated[bytes, Meta(min_length=_KEY, max_length=_KEY)]


class EnrolFileForeign(LedgerError):
    """A file that is no file of enrolment. Facts: file."""

    code = "enrol-file-foreign"


class EnrolFileUnsigned(LedgerError):
    """A file of enrolment that was changed, or that no province signed. Facts: file."""

    code = "enrol-file-unsigned"


class EnrolFile(Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True):
    """What the province hands to one new machine. Ten parts, so that it is not taken for another message."""

    version: Literal[1] = VERSION
    code: Annotated[str, Meta(max_length=64)]
    created: _Number  # seconds UTC, by the province's clock
    unit: Annotated[str, Meta(min_length=1, max_length=64)]
    unit_name: Annotated[str, Meta(min_length=1, max_length=200)]
    province_key: _Key  # Ed25519
    box_key: _Key  # X25519
    server: Annotated[str, Meta(max_length=500)]  # address, may be empty
    ca: Annotated[str, Meta(max_length=100_000)]  # PEM, may be empty
    answer: bytes  # an envelope of the province: the unit's feed from its beginning


def write(content: EnrolFile, seal: bytes) -> bytes:
    """The file. seal: the province's envelope around `pack(content)`."""
    return MAGIC + content.province_key + seal


def pack(content: EnrolFile) -> bytes:
    """The bytes that the province signs. Raises ValueError for what nobody would read."""
    values = list(astuple(content))
    try:
        convert(values, EnrolFile, builtin_types=(bytes,))
    except ValidationError as error:
        raise ValueError(str(error)) from error
    return strict.dumps(values, 1)


def read(data: bytes, file: str) -> EnrolFile:
    """The content of a file of enrolment. file: its name, for the words.

    Raises EnrolFileForeign, EnrolFileUnsigned.
    """
    if not data.startswith(MAGIC):
        raise EnrolFileForeign(file=file)
    key, signed = data[len(MAGIC) : len(MAGIC) + _KEY], data[len(MAGIC) + _KEY :]
    try:
        _, payload = envelope.open(signed, lambda kid: key if kid == PROVINCE_KID else None, limit=LIMIT)
        content = convert(strict.loads(payload, 1), EnrolFile, builtin_types=(bytes,))
        if content.province_key != key or read_code(content.code) != content.code:
            raise EnrolFileUnsigned(file=file)
    except (BadEnvelope, UnknownSigner, ValidationError, strict.NotStrict, CodeMistyped) as error:
        raise EnrolFileUnsigned(file=file) from error
    return content
