"""The body of a request as it arrives, to its last byte, also when the line is cut in the middle."""

from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import ClientDisconnect, Request


class Cut(Exception):
    """The sender went away before the whole body was there."""


async def pieces(request: Request) -> AsyncIterator[bytes]:
    """The parts of a body. After a cut, what had arrived is given first. Raises Cut."""
    try:
        async for part in request.stream():
            if part:
                yield part
    except ClientDisconnect as error:
        left = _left(request)
        if left:
            yield left
        raise Cut() from error


def _left(request: Request) -> bytes:
    """What uvicorn had read and would drop: it tells of the end of the line before it hands over the rest."""
    cycle: Any = getattr(request.receive, "__self__", None)
    body = getattr(cycle, "body", b"")
    return bytes(body) if isinstance(body, bytes | bytearray) else b""
