"""The province's interface over HTTP. Bytes in, bytes out; the work is done in threads, so no one waits."""

from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from app.domain.errors import LedgerError
from app.domain.periods import Week, parse_date
from sync.protocol.envelope import MEDIA_TYPE
from sync.server import enrolment, escrow, exchange, overview, slices, uploads
from sync.server.problems import BodyTooLarge, MethodNotAllowed, NotFound, NotUnderstood, problem
from sync.server.store import Store
from sync.server.working import UNDER_WAY, Gate, Workers

LIMIT = 64 * 1024 * 1024
"""Bytes that one request may have."""

_ENROL_LIMIT = 4096

_Text = Annotated[str | None, Query(max_length=32)]


def make_api(store: Store, files: Path | None = None, *, under_way: int = UNDER_WAY) -> FastAPI:
    """The interface to a province's database.

    files: folder for the files of evidence; None takes none. under_way: requests that are let in at a time.
    """
    api = FastAPI(
        title="Sổ Nhiệm Vụ", version="1", openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None
    )

    workers = Workers()
    api.add_middleware(Gate, under_way=under_way)
    api.include_router(slices.router(store, workers))
    if files is not None:
        api.include_router(uploads.router(store, files))

    @api.post("/v1/enrol")
    async def enrol(request: Request) -> Response:
        """Take a device into a unit by its code: EnrolRequest, EnrolAnswer."""
        body = await _body(request, _ENROL_LIMIT)
        return await workers.do(lambda: Response(enrolment.enrol(store, body), media_type=MEDIA_TYPE))

    @api.post("/v1/sync")
    async def sync(request: Request) -> Response:
        """One request and one answer, both in signed envelopes."""
        body = await _body(request, LIMIT)
        return await workers.do(lambda: Response(exchange.take(store, body), media_type=MEDIA_TYPE))

    @api.post("/v1/devices")
    async def devices(request: Request) -> Response:
        """Take back a device that this province enrolled and forgot: its certificate."""
        body = await _body(request, _ENROL_LIMIT)

        def work() -> Response:
            enrolment.readmit(store, body)
            return Response(status_code=204)

        return await workers.do(work)

    @api.post("/v1/escrow")
    async def reseal(request: Request) -> Response:
        """The key of a dead machine's copies, for a machine of the same unit; in signed envelopes."""
        body = await _body(request, escrow.LIMIT)
        return await workers.do(lambda: Response(escrow.reseal(store, body), media_type=MEDIA_TYPE))

    @api.get("/v1/summary")
    async def summary(
        at: _Text = None, due_to: _Text = None, unit: _Text = None, period: _Text = None
    ) -> Response:
        """The province's figures on a day, as `so-nhiem-vu-server summary --json` gives them."""

        def work() -> Response:
            wanted = overview.asked(
                store.now(),
                at=None if at is None else parse_date(at),
                due_to=None if due_to is None else parse_date(due_to),
                unit=unit,
                period=None if period is None else Week.parse(period),
            )
            with store.read() as connection:
                return JSONResponse(overview.summary(connection, wanted))

        return await workers.do(work)

    @api.get("/v1/health")
    async def health() -> Response:
        """Whether the province can take requests now; the clock in seconds UTC."""

        def work() -> Response:
            with store.read() as connection:
                store.public_key(connection)
            return JSONResponse({"status": "ok", "time": store.now()})

        return await workers.do(work)

    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _validation)
    api.add_exception_handler(ClientDisconnect, _gone)
    api.add_exception_handler(LedgerError, _ours)
    api.add_exception_handler(Exception, _ours)
    return api


async def _body(request: Request, limit: int) -> bytes:
    """The bytes of a request. Raises BodyTooLarge as soon as that is known, often before reading."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise BodyTooLarge(limit=max(1, limit // 2**20))
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > limit:
            raise BodyTooLarge(limit=max(1, limit // 2**20))
    return bytes(found)


async def _http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    known: dict[int, type[LedgerError]] = {404: NotFound, 405: MethodNotAllowed}
    return problem(known.get(status, NotUnderstood)())


async def _validation(_: Request, __: Exception) -> Response:
    return problem(NotUnderstood())


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=400)  # nobody reads it


async def _ours(_: Request, error: Exception) -> Response:
    return problem(error)
