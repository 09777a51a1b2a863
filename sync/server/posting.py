"""Signed envelopes over HTTP, each whole in one request, and what a device needs before it can send any."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from sync.protocol.envelope import MEDIA_TYPE
from sync.server import enrolment, escrow, exchange
from sync.server.bodies import body
from sync.server.store import Store
from sync.server.working import Workers

LIMIT = 64 * 1024 * 1024
"""Bytes that one envelope may have."""

_ENROL_LIMIT = 4096


def router(store: Store, workers: Workers) -> APIRouter:
    """The addresses that take one message and give its answer."""
    routes = APIRouter(prefix="/v1")

    @routes.post("/enrol")
    async def enrol(request: Request) -> Response:
        """Take a device into a unit by its code: EnrolRequest, EnrolAnswer."""
        message = await body(request, _ENROL_LIMIT)
        return await workers.do(lambda: Response(enrolment.enrol(store, message), media_type=MEDIA_TYPE))

    @routes.post("/sync")
    async def sync(request: Request) -> Response:
        """One request and one answer, both in signed envelopes."""
        message = await body(request, LIMIT)
        return await workers.do(lambda: Response(exchange.take(store, message), media_type=MEDIA_TYPE))

    @routes.post("/devices")
    async def devices(request: Request) -> Response:
        """Take back a device that this province enrolled and forgot: its certificate."""
        message = await body(request, _ENROL_LIMIT)

        def work() -> Response:
            enrolment.readmit(store, message)
            return Response(status_code=204)

        return await workers.do(work)

    @routes.post("/escrow")
    async def reseal(request: Request) -> Response:
        """The key of a dead machine's copies, for a machine of the same unit; in signed envelopes."""
        message = await body(request, escrow.LIMIT)
        return await workers.do(lambda: Response(escrow.reseal(store, message), media_type=MEDIA_TYPE))

    return routes
