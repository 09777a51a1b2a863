"""«Nhận giấy»: the page at which the province's desk drops scans and prints receipts.

It asks nobody who they are, so it opens at the province's own machine alone, and to no other site in a
browser there.
"""

import asyncio
import html
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import anyio
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.domain.errors import LedgerError
from app.reports.paper import pile_words
from app.reports.paper.piles import Reader, ScanResult, read_scan
from app.words import _, explain
from sync.server import bodies, paper_desk, scans, slips
from sync.server.problems import NotFound, problem
from sync.server.store import Store
from sync.server.working import Workers

LIMIT = 100 * 1024 * 1024
"""Bytes of one file: a hundred pages in grey."""
AT_A_TIME = 2
"""Files that arrive at a time; a reader works on one."""

_PAGES = Path(__file__).parent / "pages"
_STATIC = {"paper.css": "text/css", "paper.js": "text/javascript"}
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_NAME = 200
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class OnlyHere(LedgerError):
    """The page was asked for from another machine, or by another site."""

    code = "paper-only-here"


def router(store: Store, workers: Workers, folder: Path, reader: Reader = read_scan) -> APIRouter:
    """The addresses under `/paper`. folder: where the scans are kept. reader: reads the pages of a file."""
    routes = APIRouter(prefix="/paper", include_in_schema=False)
    arriving, reading = asyncio.Semaphore(AT_A_TIME), anyio.CapacityLimiter(1)

    async def page(request: Request) -> Response:
        return await _here(request, lambda: workers.do(_page))

    async def static(request: Request) -> Response:
        kind = _STATIC[request.url.path.rpartition("/")[2]]
        path = _PAGES / request.url.path.rpartition("/")[2]
        return await _here(request, lambda: workers.do(lambda: _response(path.read_bytes(), kind)))

    async def take(request: Request) -> Response:
        async def work() -> Response:
            async with arriving:
                content = await bodies.body(request, LIMIT)
                name = Path(request.query_params.get("name", "")).name[-_NAME:] or "scan"
                return await anyio.to_thread.run_sync(
                    lambda: _take(store, folder, name, content, reader), limiter=reading
                )

        return await _here(request, work)

    async def receipt(request: Request) -> Response:
        return await _here(request, lambda: workers.do(lambda: _receipt(store, request)))

    routes.add_api_route("", page, methods=["GET"])
    routes.add_api_route("", take, methods=["POST"])
    for name in _STATIC:
        routes.add_api_route(f"/{name}", static, methods=["GET"])
    routes.add_api_route("/receipts/{page_set}", receipt, methods=["GET"])
    return routes


async def _here(request: Request, work: Callable[[], Awaitable[Response]]) -> Response:
    """What some work answers to this machine; to any other one, that this is not the place."""
    if not _is_near(request):
        answer = problem(OnlyHere())
        if request.method == "GET":
            words = html.escape(explain(OnlyHere()))
            return _response(f"<!doctype html><meta charset=utf-8><p>{words}</p>".encode(), "text/html", 403)
        return answer
    try:
        return await work()
    except LedgerError as error:
        return problem(error)


def _is_near(request: Request) -> bool:
    """Whether a request comes from this very machine, from our own page, and through nobody."""
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    try:
        named, asking = (
            urlsplit(f"//{host}").hostname or "",
            host if origin is None else urlsplit(origin).netloc,
        )
    except ValueError:  # brackets that do not fit
        return False
    return (
        request.client is not None
        and _is_loopback(request.client.host)
        and _is_loopback(named)
        and not any(name in request.headers for name in _PASSED_ON)
        and asking == host
        and request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _page() -> Response:
    words = {
        "language": _("en"),
        "title": _("Receive paper"),
        "lead": _("The pages of codes may come in any order, several reports in one pile, turned or twice."),
        "drop": _("Drop scans or photos here: PDF, TIFF, PNG, JPEG."),
        "choose": _("Choose files"),
        "reading": _("Reading {file}…"),
        "done": _("{file} is read."),
        "failed": _("{file} could not be read in. Try again."),
        "receipt": _("Print the receipt"),
        "rest": _("Not taken in"),
        "marked": pile_words.without_codes(),
        "only_here": _("This page opens at this machine alone, as it asks nobody who they are."),
        "noscript": _("The page needs JavaScript. Without it: so-nhiem-vu-server scan FILE"),
    }
    text = Template((_PAGES / "paper.html").read_text(encoding="utf-8"))
    filled = text.substitute({name: html.escape(said) for name, said in words.items()})
    return _response(filled.encode(), "text/html")


def _take(store: Store, folder: Path, name: str, content: bytes, reader: Reader) -> Response:
    done = scans.take_files(store, folder, [(name, lambda: content)], reader)
    facts = {
        "sets": [_set(result) for result in done.results],
        "rest": pile_words.of_unread(done),
        "marked": list(done.marked),  # the page knows whether their codes came with another file
        "good": done.good,
    }
    return JSONResponse(facts, headers=_HEADERS)


def _set(result: ScanResult) -> dict[str, object]:
    id = result.page_set.hex()
    return {
        **result.facts(),
        "id": id,
        "good": result.complete,
        "words": paper_desk.words_of(result),
        "receipt": f"/paper/receipts/{id}?new={result.new}" if result.report is not None else None,
    }


def _receipt(store: Store, request: Request) -> Response:
    try:
        page_set = bytes.fromhex(request.path_params["page_set"])
        new = max(0, int(request.query_params.get("new", "0")))
    except ValueError as error:
        raise NotFound() from error
    return _response(slips.render(store, page_set, new), "application/pdf")


def _response(content: bytes, kind: str, status: int = 200) -> Response:
    return Response(content, status, _HEADERS, kind)
