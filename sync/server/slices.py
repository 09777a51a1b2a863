"""Envelopes in parts over HTTP: `/v1/parts/{name}`.

- POST, with `Upload-Offset` (if it is not there: 0) and `Upload-Length` (if it is not there: up to the end of
  this body): 204 with `Upload-Offset` as long as bytes are missing, 409 with it if the bytes begin behind
  what is there, else the answer. What arrives of a body that is cut off is kept.
- GET: the answer, 204 with `Upload-Offset` as long as bytes are missing, 404 if nothing is known of it.

Of the answer `Range: bytes=a-b` or `bytes=a-` gives a part: 206 with `Content-Range`.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
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

    @routes.post("/{name}")
    async def put(name: _Name, request: Request) -> Response:
        """Bytes of a signed envelope; the last ones bring the signed answer."""
        data = await _arriving(request)

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

        def work() -> Response:
            found = parts.look(store, name)
            if found is None:
                raise NotFound()
            return _said(found, request.headers)

        return await workers.do(work)

    return routes


async def _arriving(request: Request) -> bytes:
    """The bytes of a body, or those that came before it was cut off. Raises BodyTooLarge."""
    if _announced(request.headers, 0) > LIMIT:
        raise BodyTooLarge(limit=LIMIT // 2**20)
    found = bytearray()
    with suppress(arriving.Cut):
        async for piece in arriving.pieces(request):
            found += piece
            if len(found) > LIMIT:
                raise BodyTooLarge(limit=LIMIT // 2**20)
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
