"""Answers that lie on a stick: every change whole, for whoever finds them when they are read."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.domain.change import Cursor
from app.record.keys import keys_of
from sync.protocol import messages
from sync.server import feed
from sync.server.store import Store

NOBODY = bytes(8)
"""The nonce of an answer that nobody asked for."""


def whole(
    store: Store,
    connection: Connection,
    unit: str,
    start: Cursor,
    *,
    nonce: bytes = NOBODY,
    refused: Sequence[messages.Refusal] = (),
    files: Sequence[str] = (),
) -> bytes:
    """The signed answer with a unit's feed after a place where it has stood."""
    rows = tuple(
        messages.Row(arrived, held.change) for arrived, held in feed.after(connection, unit, start.seq)
    )
    answer = messages.Answer(
        nonce=nonce,
        known=True,
        start=start,
        rows=rows,
        cursor=feed.newest(connection, unit) if rows else start,
        time=store.now(),
        refused=tuple(refused),
        files=tuple(files),
    )
    return store.sign(connection, messages.pack_answer(answer, keys_of(connection, answer.changes)))
