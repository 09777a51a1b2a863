"""The body of a request as it arrives, to its last byte, also when the line is cut in the middle."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import ClientDisconnect, Request

SILENT_SECONDS = 120
"""After so long without a byte a line counts as cut: often nobody tells this end that it is."""


class Cut(Exception):
    """The sender went away before the whole body was there."""


async def pieces(request: Request) -> AsyncIterator[bytes]:
    """The parts of a body. After a cut, what had arrived is given first. Raises Cut."""
    stream = request.stream()
    try:
        while True:
            async with asyncio.timeout(SILENT_SECONDS):
                part = await anext(stream, None)
            if part is None:
                return
            if part:
                yield part
    except TimeoutError as error:
        raise Cut() from error
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
