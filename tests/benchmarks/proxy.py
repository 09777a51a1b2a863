"""A TCP proxy that counts: every byte either way, headers included, and the requests among them."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass

_CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Count:
    """What went through: bytes to the server and back, requests."""

    up: int = 0
    down: int = 0
    requests: int = 0

    @property
    def total(self) -> int:
        return self.up + self.down

    def __sub__(self, other: "Count") -> "Count":
        return Count(self.up - other.up, self.down - other.down, self.requests - other.requests)


class Requests:
    """Counts the requests in a stream of HTTP/1.1 with Content-Length, as our client sends them."""

    def __init__(self) -> None:
        self.count = 0
        self._head = b""
        self._body = 0

    def feed(self, data: bytes) -> None:
        while data:
            if self._body:
                passed = min(self._body, len(data))
                self._body -= passed
                data = data[passed:]
                continue
            self._head += data
            head, found, data = self._head.partition(b"\r\n\r\n")
            if not found:
                return
            self._head = b""
            self.count += 1
            self._body = _length(head)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


class Proxy:
    """Listens on a free port of the loopback and passes everything on to one server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lock = threading.Lock()
        self._up = self._down = 0
        self._parsers: list[Requests] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def count(self) -> Count:
        """All that went through so far."""
        with self._lock:
            return Count(self._up, self._down, sum(parser.count for parser in self._parsers))

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            parser = Requests()
            self._parsers.append(parser)
            threading.Thread(target=self._pass, args=(client, server, parser), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, None), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, parser: Requests | None) -> None:
        """Count first, then hand on: whoever has an answer finds it counted."""
        try:
            while data := source.recv(_CHUNK):
                with self._lock:
                    if parser is None:
                        self._down += len(data)
                    else:
                        self._up += len(data)
                        parser.feed(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            target.close()
