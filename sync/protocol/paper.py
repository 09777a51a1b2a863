"""What a page of codes carries, either way: an envelope, and the paper by which its sender is known.

From a commune: its signed request, and the certificate or the waiting enrolment of the machine. From the
province: its signed answer, and the certificate of the machine that it is for. The codes are cut from these
bytes; the last change of a request is always one of the report that it is printed with.
"""

from dataclasses import dataclass

from app.domain.errors import LedgerError
from sync.protocol import strict
from sync.protocol.errors import BadMessage

PROVINCE_KID = 0
MAX_INTRODUCTION = 4096
MAX_UNPACKED = 1024 * 1024
"""Bytes of a message from paper: what eight pages can carry, many times pressed."""

_ENVELOPE = b"\xd2"  # tag 18: how an envelope begins
_WITH_INTRODUCTION = b"\x82"  # an array of two


class PaperNewer(LedgerError):
    """Codes of a form that only newer programs know."""

    code = "paper-newer"


@dataclass(frozen=True, slots=True)
class Carried:
    """What the codes of one sheet carry. introduction: empty where the sender is known."""

    envelope: bytes
    introduction: bytes = b""


def pack(carried: Carried) -> bytes:
    """The bytes that are cut into codes. Raises ValueError for what no reader would take."""
    if not carried.envelope.startswith(_ENVELOPE) or len(carried.introduction) > MAX_INTRODUCTION:
        raise ValueError("no envelope, or too long an introduction")
    if not carried.introduction:
        return carried.envelope
    return strict.dumps([carried.envelope, carried.introduction], 1)


def unpack(data: bytes) -> Carried:
    """What the bytes carry; nothing is verified. Raises PaperNewer, BadMessage."""
    if data.startswith(_ENVELOPE):
        return Carried(data)
    if not data.startswith(_WITH_INTRODUCTION):
        raise PaperNewer()
    try:
        parts = strict.loads(data, 1)
    except strict.NotStrict as error:
        raise BadMessage(why=str(error)) from error
    match parts:
        case [bytes(envelope), bytes(introduction)] if (
            envelope.startswith(_ENVELOPE) and 0 < len(introduction) <= MAX_INTRODUCTION
        ):
            return Carried(envelope, introduction)
    raise BadMessage(why="no envelope with an introduction")
