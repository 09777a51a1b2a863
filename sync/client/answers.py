"""What counts as the province's answer: signed by the pinned key, and to this very request."""

from app.domain.change import Cursor
from app.storage.receiving import Delivery
from sync.client.link import NoAnswer, OtherProvince
from sync.protocol import envelope, messages
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner

PROVINCE_KID = 0


def opened(raw: bytes, province_key: bytes, request: messages.Request) -> messages.Answer:
    """The answer in an envelope. Raises OtherProvince, NoAnswer."""
    try:
        _, payload = envelope.open(raw, lambda kid: province_key if kid == PROVINCE_KID else None)
    except (BadEnvelope, UnknownSigner) as error:
        raise (OtherProvince() if _looks_signed(raw) else NoAnswer()) from error
    try:
        answer = messages.unpack_answer(payload)
    except BadMessage as error:
        raise NoAnswer() from error
    if answer.nonce != request.nonce or len(answer.files) not in {0, len(request.files)}:
        raise NoAnswer()  # an older answer, held back somewhere on the way
    return answer


def delivery(answer: messages.Answer, request: messages.Request, raw: bytes, *, late: bool) -> Delivery:
    """What an answer brings to the ledger. late: the ledger may have moved on meanwhile. Raises NoAnswer."""
    try:
        return Delivery(
            asked=request.cursor,
            start=Cursor(*answer.start),
            rows=tuple(
                (row.arrived, request.changes[row.change] if isinstance(row.change, int) else row.change)
                for row in answer.rows
            ),
            cursor=Cursor(*answer.cursor),
            refused=tuple((request.changes[item.index], item.code) for item in answer.refused),
            time=answer.time,
            raw=raw,
            late=late,
        )
    except IndexError as error:
        raise NoAnswer() from error


def _looks_signed(raw: bytes) -> bool:
    """Whether this has the form of a province's envelope, so that the key is what differs."""
    try:
        return envelope.peek_kid(raw) == PROVINCE_KID
    except BadEnvelope:
        return False
