"""Runs the province's interface until it is told to end."""

import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from app.domain.errors import LedgerError
from app.record.faults import why
from sync.server.api import make_api
from sync.server.store import Store

_GRACE_SECONDS = 5
_KEEP_ALIVE_SECONDS = 20
"""A round trip of a satellite takes seconds; to connect again takes three of them."""
_KEEP_ALIVE_PROBES = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3))
"""Seconds of silence before the first probe, between probes, and how many stay without an answer."""
_BACKLOG = 512


class CannotListen(LedgerError):
    """The system does not let this program listen there. Facts: address, why."""

    code = "cannot-listen"


def serve(
    store: Store,
    host: str,
    port: int,
    *,
    files: Path | None = None,
    scans: Path | None = None,
    certificate: ssl.SSLContext | None = None,
    until_stdin_closes: bool = False,
) -> None:
    """Serve until SIGTERM or Ctrl+C; running requests get five seconds. Prints the address when it listens.

    port: 0 takes a free one. files, scans: folders for the files of evidence and for scanned sheets.
    certificate: with one, https; without, http. until_stdin_closes: end also when standard input does; for a
    parent process on systems without signals. Raises CannotListen.
    """
    with listening(host, port) as bound:
        config = uvicorn.Config(
            make_api(store, files, scans=scans),
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            lifespan="off",
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        config.load()
        config.ssl = certificate
        server = _Server(config)
        if until_stdin_closes:
            threading.Thread(target=_watch_input, args=(server,), daemon=True).start()
        server.run(sockets=[bound])


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket. Raises CannotListen."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # the protocol by name: without it asyncio leaves Nagle's delay on
        bound = socket.socket(family, kind, socket.IPPROTO_TCP)
    except OSError as error:
        raise CannotListen(address=f"{host}:{port}", why=why(error)) from error
    with bound:
        try:
            if sys.platform != "win32":
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            _notice_the_dead(bound)
            bound.bind(address)
            bound.listen(_BACKLOG)
        except (OSError, OverflowError) as error:
            words = why(error) if isinstance(error, OSError) else str(error)
            raise CannotListen(address=f"{host}:{port}", why=words) from error
        yield bound


def _notice_the_dead(bound: socket.socket) -> None:
    """A link that is gone says nothing; without this its half of a request would keep its place for ever."""
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE_PROBES:
        if (option := getattr(socket, name, None)) is not None:
            bound.setsockopt(socket.IPPROTO_TCP, option, value)


class _Server(uvicorn.Server):
    """Says where it listens, and ends with code 0 when it is told to end."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for bound in sockets or ():
            host, port = bound.getsockname()[:2]
            scheme = "http" if self.config.ssl is None else "https"
            print(f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}", flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's own, but the signal is not raised again at the end, which would be exit code -15."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._end) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, number: int, _: Any) -> None:
        if self.should_exit:
            self.force_exit = True
        self.should_exit = True


def _watch_input(server: uvicorn.Server) -> None:
    """End the server with its input. By the descriptor: a thread inside sys.stdin blocks the way out."""
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    server.should_exit = True
