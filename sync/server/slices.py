"""Envelopes in parts over HTTP: `/v1/parts/{name}`.

- POST, with `Upload-Offset` (if it is not there: 0) and `Upload-Length` (if it is not there: up to the end of
  this body): 204 with `Upload-Offset` as long as bytes are missing, 409 with it if the bytes begin behind
  what is there, else the answer. What arrives of a body that is cut off is kept.
- GET: the answer, 204 with `Upload-Offset` as long as bytes are missing, 404 if nothing is known of it.

Of the answer `Range: bytes=a-b` or `bytes=a-` gives a part: 206 with `Content-Range`.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from sync.protocol.envelope import MEDIA_TYPE
from sync.server import arriving, parts
from sync.server.problems import BodyTooLarge, NotFound, NotUnderstood
from sync.server.store import Store
from sync.server.working import Workers

LIMIT = parts.MAX_BYTES
_RANGE = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})")
_NUMBER = re.compile(r"[0-9]{1,12}")
_Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{22}$")]


def router(store: Store, workers: Workers) -> APIRouter:
    """The addresses under `/v1/parts`."""
    routes = APIRouter(prefix="/v1/parts")
    under_way = UnderWay()

    @routes.post("/{name}")
    async def put(name: _Name, request: Request) -> Response:
        """Bytes of a signed envelope; the last ones bring the signed answer."""
        async with under_way.instead(name) as replaced:
            return await _put(name, request, replaced)

    async def _put(name: str, request: Request, replaced: asyncio.Event) -> Response:
        data = await _arriving(request, replaced)

        def work() -> Response:
            offset = _number(request.headers, "upload-offset", 0)
            length = _number(
                request.headers, "upload-length", offset + _announced(request.headers, len(data))
            )
            if length > LIMIT:
                raise BodyTooLarge(limit=LIMIT // 2**20)
            return _said(parts.take(store, name, offset, length, data), request.headers)

        return await workers.do(work)

    @routes.get("/{name}")
    async def look(name: _Name, request: Request) -> Response:
        """How much of an envelope is there, or the answer to it."""
        await under_way.end(name)

        def work() -> Response:
            found = parts.look(store, name)
            if found is None:
                raise NotFound()
            return _said(found, request.headers)

        return await workers.do(work)

    return routes


class UnderWay:
    """The bodies that arrive just now. Whoever asks about an envelope, or sends more of it, has left an older
    connection behind, though the end of that may be known here much later: what came over it counts first.
    """

    def __init__(self) -> None:
        self._now: dict[str, tuple[asyncio.Event, asyncio.Event]] = {}

    async def end(self, name: str) -> None:
        """Have what has arrived of an envelope so far taken in."""
        while (found := self._now.get(name)) is not None:
            replaced, done = found
            replaced.set()
            await done.wait()

    @asynccontextmanager
    async def instead(self, name: str) -> AsyncIterator[asyncio.Event]:
        """Arrive in place of an older body of the same envelope. Gives what says that a newer one came."""
        await self.end(name)
        replaced, done = self._now[name] = asyncio.Event(), asyncio.Event()
        try:
            yield replaced
        finally:
            del self._now[name]
            done.set()


async def _arriving(request: Request, replaced: asyncio.Event) -> bytes:
    """The bytes of a body, or those that came before it was cut off or replaced. Raises BodyTooLarge."""
    if _announced(request.headers, 0) > LIMIT:
        raise BodyTooLarge(limit=LIMIT // 2**20)
    found = bytearray()

    async def read() -> None:
        with suppress(arriving.Cut):
            async for piece in arriving.pieces(request):
                found.extend(piece)
                if len(found) > LIMIT:
                    raise BodyTooLarge(limit=LIMIT // 2**20)

    reading, ending = asyncio.create_task(read()), asyncio.create_task(replaced.wait())
    try:
        await asyncio.wait({reading, ending}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            reading.result()
    finally:
        reading.cancel()
        ending.cancel()
    return bytes(found)


def _said(arrived: parts.Arrived, headers: Mapping[str, str]) -> Response:
    if arrived.answer is None:
        return Response(
            status_code=409 if arrived.gap else 204, headers={"Upload-Offset": str(arrived.received)}
        )
    asked = _RANGE.fullmatch(headers.get("range", ""))
    if asked is None:
        return Response(arrived.answer, media_type=MEDIA_TYPE)
    total = len(arrived.answer)
    start, last = int(asked[1]), min(int(asked[2] or total), total - 1)
    if start > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{total}"})
    return Response(
        arrived.answer[start : last + 1],
        206,
        {"Content-Range": f"bytes {start}-{last}/{total}"},
        MEDIA_TYPE,
    )


def _number(headers: Mapping[str, str], name: str, default: int) -> int:
    text = headers.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text):
        raise NotUnderstood()
    return int(text)


def _announced(headers: Mapping[str, str], default: int) -> int:
    text = headers.get("content-length", "")
    return int(text) if _NUMBER.fullmatch(text) else default
