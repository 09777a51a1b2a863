"""Evidence over the network: leave to upload, and uploads that go on where they stopped (tus 1.0.0).

Leave comes in signed answers alone. It is `UNIT.EXPIRY.MAC`, so that the province need not remember it: the
MAC is over the unit, the file's SHA-256 and the expiry, under a key made from the province's own.
"""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from sqlalchemy import Connection, Row
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.record.faults import LedgerBusy
from sync.server import tus
from sync.server.arriving import Cut, pieces
from sync.server.problems import MethodNotAllowed, problem
from sync.server.shelf import Shelf, held
from sync.server.store import Store, derived

VALID_SECONDS = 90 * 86_400
"""How long a leave holds."""

_MAC_BYTES = 16
_PATIENCE = 200
_MOMENT = 0.5
T = TypeVar("T")


def leaves(store: Store, connection: Connection, unit: str, files: tuple[bytes, ...]) -> tuple[str, ...]:
    """For each file (SHA-256) of a unit: leave to upload it, "" if the province holds it whole."""
    here = held(connection, unit, [file.hex() for file in files])
    key = derived(connection, "upload")
    expiry = store.now() + VALID_SECONDS
    return tuple("" if file.hex() in here else _leave(key, unit, file.hex(), expiry) for file in files)


def take_file(store: Store, folder: Path, unit: str, sha256: str, content: bytes) -> bool:
    """Take a file of a unit that came by stick. Returns False if it was here. Call outside of a transaction.

    Raises WrongChecksum when it is not what it is named by, NoRoom, DiskFull.
    """
    return Shelf(store, folder).take(unit, sha256, content)


def router(store: Store, folder: Path) -> APIRouter:
    """The addresses under `/files`. folder: for the bytes."""
    shelf, lines = Shelf(store, folder), _Lines()
    routes = APIRouter(prefix="/files", include_in_schema=False)

    async def create(request: Request) -> Response:
        async def work() -> Response:
            wanted = tus.wanted(request.headers)
            with_body = _has_body(request)
            async with lines.turn(wanted.sha256, arriving=with_body):
                unit = await _thread(lambda: _unit(store, tus.leave(request.headers), wanted.sha256))
                id = await _thread(lambda: shelf.create(unit, wanted))
                async with lines.turn(id, arriving=with_body):
                    row = await _thread(lambda: shelf.find(id))
                    offset = await _thread(lambda: shelf.offset(row))
                    if with_body and offset == 0:
                        offset = await _arrive(shelf, row, 0, request)
            place = f"{request.scope.get('root_path', '')}/files/{id}"
            return Response(status_code=201, headers={"Location": place, "Upload-Offset": str(offset)})

        return await _answer(request, work)

    async def one(request: Request) -> Response:
        async def work() -> Response:
            method = _method(request)
            async with lines.turn(request.path_params["id"], arriving=method == "PATCH"):
                row = await _thread(lambda: _find(store, shelf, request))
                match method:
                    case "HEAD":
                        return await _head(shelf, row)
                    case "PATCH":
                        return await _patch(shelf, row, request)
                    case "DELETE":
                        await _thread(lambda: shelf.remove(row))
                        return Response(status_code=204)
                raise MethodNotAllowed()

        return await _answer(request, work)

    async def ask(request: Request) -> Response:
        return Response(status_code=204, headers=_framed(tus.options()))

    for path in ("", "/"):
        routes.add_api_route(path, create, methods=["POST"])
        routes.add_api_route(path, ask, methods=["OPTIONS"])
    routes.add_api_route("/{id}", one, methods=["HEAD", "PATCH", "DELETE", "POST"])
    routes.add_api_route("/{id}", ask, methods=["OPTIONS"])
    return routes


class _Lines:
    """Which uploads have bytes arriving, so that who comes back after a cut finds all of them taken in.

    By what the request itself names, before anything is waited for: else the next one would overtake it.
    """

    def __init__(self) -> None:
        self._busy: dict[str, list[asyncio.Event]] = {}

    @asynccontextmanager
    async def turn(self, name: str, *, arriving: bool) -> AsyncIterator[None]:
        """Begin when those before are through, or after a moment: a dead line may stay open for long."""
        before, mine = self._busy.get(name, [])[:], asyncio.Event()
        if arriving:
            self._busy.setdefault(name, []).append(mine)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_MOMENT):
                    for event in before:
                        await event.wait()
            yield
        finally:
            mine.set()
            if arriving:
                self._busy[name].remove(mine)
                if not self._busy[name]:
                    del self._busy[name]


async def _head(shelf: Shelf, row: Row[Any]) -> Response:
    offset = await _thread(lambda: shelf.offset(row))
    told = {"Upload-Offset": str(offset), "Upload-Length": str(row.length), "Cache-Control": "no-store"}
    return Response(status_code=200, headers=told)


async def _patch(shelf: Shelf, row: Row[Any], request: Request) -> Response:
    said = tus.offset(request.headers)
    here = await _thread(lambda: shelf.offset(row))
    if said != here:
        raise tus.OtherOffset(offset=here)
    offset = await _arrive(shelf, row, here, request)
    return Response(status_code=204, headers={"Upload-Offset": str(offset)})


async def _arrive(shelf: Shelf, row: Row[Any], start: int, request: Request) -> int:
    """Take a body in. What arrived stays, also when the line is cut; returns where the upload stands then."""
    checksum, announced = tus.checksum(request.headers), tus.body_length(request.headers)
    if announced is not None and start + announced > row.length:
        raise tus.FileTooLarge(limit=tus.MAX_SIZE // 2**20)
    running, offset = None if checksum is None else checksum.begin(), start
    try:
        async for part in pieces(request):
            if offset + len(part) > row.length:
                raise tus.FileTooLarge(limit=tus.MAX_SIZE // 2**20)
            offset = await _append(shelf, row, offset, part)
            if running is not None:
                running.update(part)
        if checksum is not None and running is not None and running.digest() != checksum.value:
            raise tus.WrongChecksum()
    except (Cut, tus.WrongChecksum, tus.FileTooLarge):
        if checksum is not None:  # nobody knows whether these are the bytes that were meant
            end = offset
            await _thread(lambda: shelf.take_off(row, start, end))
        await _thread(lambda: shelf.note(row))
        raise
    if offset < row.length:
        await _thread(lambda: shelf.note(row))
    else:
        await _thread(lambda: shelf.finish(row))
    return offset


async def _append(shelf: Shelf, row: Row[Any], at: int, part: bytes) -> int:
    """Add what came. Not in a thread: uvicorn drops what it read before a cut if nobody waits just then.

    It is a write of some kilobytes into the system's memory; flushing comes later and in a thread.
    """
    for _ in range(_PATIENCE):
        try:
            return shelf.append(row, at, part)
        except LedgerBusy:
            await asyncio.sleep(0.01)
    raise LedgerBusy(path="")


async def _answer(request: Request, work: Callable[[], Any]) -> Response:
    """What some work answers, with the headers that every answer of this protocol has."""
    try:
        tus.check_version(request.headers)
        answer: Response = await work()
    except tus.OtherVersion as error:
        answer = problem(error)
        answer.headers["Tus-Version"] = tus.VERSION
        return answer
    except Cut:
        answer = Response(status_code=400)  # nobody hears it
    except tus.OtherOffset as error:
        answer = problem(error)
        answer.headers["Upload-Offset"] = str(error.facts["offset"])
    except tus.NoLeave as error:
        answer = problem(error)
        answer.headers["WWW-Authenticate"] = "Bearer"
    except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the other end gets a problem
        answer = problem(error)
    if _method(request) == "HEAD" and answer.status_code >= 400:
        # without the body, and without the length that it would have had
        answer = Response(status_code=answer.status_code, headers={"Cache-Control": "no-store"})
    answer.headers.update(_framed({}))
    return answer


def _framed(headers: dict[str, str]) -> dict[str, str]:
    return {"Tus-Resumable": tus.VERSION, **headers}


def _method(request: Request) -> str:
    """The method that is meant: some proxies let through nothing but POST."""
    return request.headers.get("x-http-method-override", request.method).strip().upper()


def _has_body(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    return kind == tus.BODY_TYPE


async def _thread(work: Callable[[], T]) -> T:
    return await run_in_threadpool(work)


# ---- leave -------------------------------------------------------------------------------------


def _find(store: Store, shelf: Shelf, request: Request) -> Row[Any]:
    """The upload that a request is about. Raises NoLeave, WrongLeave, UnknownUpload."""
    given = tus.leave(request.headers)
    row = shelf.find(request.path_params["id"])
    if _unit(store, given, row.sha256) != row.unit:
        raise tus.WrongLeave()
    return row


def _unit(store: Store, given: str, sha256: str) -> str:
    """The unit that a leave for this file was given to. Raises WrongLeave."""
    unit, _, rest = given.partition(".")
    expiry, _, _mac = rest.partition(".")
    if not (expiry.isascii() and expiry.isdecimal() and len(expiry) < 12):
        raise tus.WrongLeave()
    with store.read() as connection:
        expected = _leave(derived(connection, "upload"), unit, sha256, int(expiry))
    if not hmac.compare_digest(expected.encode(), given.encode()) or int(expiry) < store.now():
        raise tus.WrongLeave()
    return unit


def _leave(key: bytes, unit: str, sha256: str, expiry: int) -> str:
    mac = hmac.new(key, f"{unit}.{sha256}.{expiry}".encode(), hashlib.sha256).digest()[:_MAC_BYTES]
    return f"{unit}.{expiry}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
