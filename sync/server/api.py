"""The province's interface over HTTP. Bytes in, bytes out; the work is done in threads, so no one waits."""

from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from app.domain.errors import LedgerError
from app.domain.periods import Week, parse_date
from app.record.faults import LedgerBusy
from sync.protocol.envelope import MEDIA_TYPE
from sync.server import enrolment, exchange, overview
from sync.server.problems import BodyTooLarge, MethodNotAllowed, NotFound, NotUnderstood, problem
from sync.server.store import Store

LIMIT = 64 * 1024 * 1024
"""Bytes that one request may have."""

_ENROL_LIMIT = 4096
_PATIENCE = 4
"""How often a busy database, which is waited for 5 seconds each time, is asked before that is the answer."""

_Text = Annotated[str | None, Query(max_length=32)]


def make_api(store: Store) -> FastAPI:
    """The interface to a province's database."""
    api = FastAPI(
        title="Sổ Nhiệm Vụ", version="1", openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None
    )

    @api.post("/v1/enrol")
    async def enrol(request: Request) -> Response:
        """Take a device into a unit by its code: EnrolRequest, EnrolAnswer."""
        body = await _body(request, _ENROL_LIMIT)
        return await _done(lambda: Response(enrolment.enrol(store, body), media_type=MEDIA_TYPE))

    @api.post("/v1/sync")
    async def sync(request: Request) -> Response:
        """One request and one answer, both in signed envelopes."""
        body = await _body(request, LIMIT)
        return await _done(lambda: Response(exchange.take(store, body), media_type=MEDIA_TYPE))

    @api.post("/v1/devices")
    async def devices(request: Request) -> Response:
        """Take back a device that this province enrolled and forgot: its certificate."""
        body = await _body(request, _ENROL_LIMIT)

        def work() -> Response:
            enrolment.readmit(store, body)
            return Response(status_code=204)

        return await _done(work)

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

        return await _done(work)

    @api.get("/v1/health")
    async def health() -> Response:
        """Whether the province can take requests now; the clock in seconds UTC."""

        def work() -> Response:
            with store.read() as connection:
                store.public_key(connection)
            return JSONResponse({"status": "ok", "time": store.now()})

        return await _done(work)

    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _validation)
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


async def _done(work: Callable[[], Response]) -> Response:
    """The answer that some work gives, in a thread; what goes wrong is told, never raised further."""

    def safely() -> Response:
        for _ in range(_PATIENCE):
            try:
                return work()
            except (
                LedgerBusy
            ) as error:  # a table of tasks is just being issued; nothing was done, so do it again
                busy = error
            except Exception as error:  # noqa: BLE001 - the edge: whatever it is, the other end gets a problem
                return problem(error)
        return problem(busy)

    return await run_in_threadpool(safely)


async def _http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    known: dict[int, type[LedgerError]] = {404: NotFound, 405: MethodNotAllowed}
    return problem(known.get(status, NotUnderstood)())


async def _validation(_: Request, __: Exception) -> Response:
    return problem(NotUnderstood())


async def _ours(_: Request, error: Exception) -> Response:
    return problem(error)
