"""Does the work of requests in threads, a bounded number at a time, and tells what goes wrong.

Who finds too many before him is told when to come back, and does so: a queue of hundreds would only make all
of them wait until their patience ends.
"""

import random
from collections.abc import Callable

import anyio
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.errors import LedgerError
from app.record.faults import LedgerBusy
from sync.server.problems import COME_BACK, problem

UNDER_WAY = 256
"""Requests that are answered, read or wait at a time."""
AT_WORK = 8
"""Of those, how many use the database at a time; a database with one writer gains nothing by more."""
_PATIENCE = 4
"""How often a busy database, which is waited for 5 seconds each time, is asked before that is the answer."""
_DRAINED = 1024 * 1024


class TooBusy(LedgerError):
    """Too much is under way; the answer says when to come back."""

    code = "province-busy"


class Workers:
    """The threads that the work of requests is done in."""

    def __init__(self, at_work: int = AT_WORK) -> None:
        self._limiter = anyio.CapacityLimiter(at_work)

    async def do(self, work: Callable[[], Response]) -> Response:
        """The answer that some work gives; what goes wrong is told in it, never raised further."""

        def safely() -> Response:
            for _ in range(_PATIENCE):
                try:
                    return work()
                except LedgerBusy as error:  # a table of tasks is just being issued; nothing was done
                    busy = error
                except Exception as error:  # noqa: BLE001 - the edge: whatever it is, a problem is told
                    return problem(error)
            return problem(busy)

        return await anyio.to_thread.run_sync(safely, limiter=self._limiter)


class Gate:
    """Lets so many requests in at a time; all others are told at once when to come back."""

    def __init__(self, app: ASGIApp, under_way: int = UNDER_WAY) -> None:
        self._app = app
        self._free = under_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not self._free:
            await _drain(Headers(scope=scope), receive)
            await _come_back()(scope, receive, send)
            return
        self._free -= 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._free += 1


def _come_back() -> Response:
    answer = problem(TooBusy())
    # not all at once: those who were sent away together would meet again
    answer.headers["Retry-After"] = str(random.randint(1, 2 * COME_BACK - 1))
    return answer


async def _drain(headers: Headers, receive: Receive) -> None:
    """Read a body away: who still sends it would not see the answer."""
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return
    left = _DRAINED
    while left > 0:
        message: Message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return
