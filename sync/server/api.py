"""The province's interface over HTTP. Bytes in, bytes out; the work is done in threads, so no one waits."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from app.domain.errors import LedgerError
from sync.server import figures, paper_page, posting, slices, uploads
from sync.server.problems import MethodNotAllowed, NotFound, NotUnderstood, problem
from sync.server.store import Store
from sync.server.working import UNDER_WAY, Gate, Workers


def make_api(
    store: Store, files: Path | None = None, *, scans: Path | None = None, under_way: int = UNDER_WAY
) -> FastAPI:
    """The interface to a province's database.

    files, scans: folders for the files of evidence and for scanned sheets; None takes none. under_way:
    requests that are let in at a time.
    """
    api = FastAPI(
        title="Sổ Nhiệm Vụ", version="1", openapi_url="/v1/openapi.json", docs_url=None, redoc_url=None
    )
    workers = Workers()
    api.add_middleware(Gate, under_way=under_way)
    for routes in (posting, slices, figures):
        api.include_router(routes.router(store, workers))
    if files is not None:
        api.include_router(uploads.router(store, files))
    if scans is not None:
        api.include_router(paper_page.router(store, workers, scans))

    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(RequestValidationError, _validation)
    api.add_exception_handler(ClientDisconnect, _gone)
    api.add_exception_handler(LedgerError, _ours)
    api.add_exception_handler(Exception, _ours)
    return api


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
