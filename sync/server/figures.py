"""The province's figures over HTTP, and whether it can take requests now."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from app.domain.periods import Week, parse_date
from sync.server import overview
from sync.server.store import Store
from sync.server.working import Workers

_Text = Annotated[str | None, Query(max_length=32)]


def router(store: Store, workers: Workers) -> APIRouter:
    """The addresses that only look."""
    routes = APIRouter(prefix="/v1")

    @routes.get("/summary")
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

    @routes.get("/health")
    async def health() -> Response:
        """Whether the province can take requests now; the clock in seconds UTC."""

        def work() -> Response:
            with store.read() as connection:
                store.public_key(connection)
            return JSONResponse({"status": "ok", "time": store.now()})

        return await workers.do(work)

    return routes
