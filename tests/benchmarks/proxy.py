"""A TCP proxy that counts and cuts: every byte either way, headers included, and the requests among them.

It can be told to cut each connection after so many bytes, to cut once at an exact byte of one direction, to
hold one direction until a test lets it go, and to be as slow as a real link. What a slow link would need is
better computed from the counts (`Line.seconds`) than waited for.
"""

import queue
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

Direction = Literal["up", "down"]

_CHUNK = 65536
_SLICE_SECONDS = 0.02  # a slow line passes its bytes in pieces of about this time


@dataclass(frozen=True, slots=True)
class Count:
    """What went through: bytes to the server and back, requests, connections made, connections cut."""

    up: int = 0
    down: int = 0
    requests: int = 0
    connections: int = 0
    cuts: int = 0

    @property
    def total(self) -> int:
        return self.up + self.down

    def __sub__(self, other: "Count") -> "Count":
        return Count(
            self.up - other.up, self.down - other.down, self.requests - other.requests,
            self.connections - other.connections, self.cuts - other.cuts,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A link: rate in bits per second (0: without limit), delay in seconds there and back."""

    rate: int = 0
    delay: float = 0.0

    def seconds(self, count: Count) -> float:
        """The time that this traffic takes: each connection and each request waits for one round trip.

        Without loss, and without the headers of TCP and IP. A line whose rate times delay is below the ten
        packets that TCP sends before the first acknowledgement is never slowed down by TCP itself.
        """
        return self.sending(count.total) + (count.connections + count.requests) * self.delay

    def sending(self, size: int) -> float:
        return size * 8 / self.rate if self.rate else 0.0


MOUNTAIN = Line(rate=64_000, delay=0.6)


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
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return 0


class Proxy:
    """Listens on a free port of the loopback and passes everything on to one server.

    port: the server's. line: how slow it is, for real. cut_after: each connection ends after so many bytes,
    both directions together; 0 is never, and it can be set anew for the connections to come.
    """

    def __init__(self, port: int, *, line: Line | None = None, cut_after: int = 0) -> None:
        self.cut_after = cut_after
        self._server = port
        self._line = line or Line()
        self._changed = threading.Condition()
        self._count = Count()
        self._parsers: list[Requests] = []
        self._cut_at: tuple[Direction, int] | None = None
        self._hold_at: tuple[Direction, int] | None = None
        self._held: set[Direction] = set()
        self._waiting: Counter[Direction] = Counter()
        self._open: set[_Connection] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def count(self) -> Count:
        """All that went through so far."""
        with self._changed:
            return self._now()

    def cut_at(self, direction: Direction, offset: int) -> None:
        """Once: of what goes this way from now on, so many bytes pass; then that connection ends."""
        with self._changed:
            self._cut_at = (direction, offset)

    def spare(self) -> int | None:
        """Bytes that a cut asked for by `cut_at` still waits for; None when it has been. Forgets it."""
        with self._changed:
            left, self._cut_at = self._cut_at, None
            return None if left is None else left[1]

    def hold(self, direction: Direction) -> None:
        """Let nothing more go this way, as on a line gone silent, until `release`."""
        with self._changed:
            self._held.add(direction)

    def hold_at(self, direction: Direction, offset: int) -> None:
        """Once: of what goes this way from now on, so many bytes (1 or more) pass; then it is held."""
        with self._changed:
            self._hold_at = (direction, offset)

    def release(self) -> None:
        """Let everything go again."""
        with self._changed:
            self._held.clear()
            self._changed.notify_all()

    def wait_until_held(self, direction: Direction, *, connections: int = 1, seconds: float = 30) -> None:
        """Wait until so many connections have something to go this way that is held. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting[direction] >= connections, seconds):
                raise TimeoutError(f"{self._waiting[direction]} of {connections} came {direction}")

    def wait(self, wanted: Callable[[Count], bool], *, seconds: float = 30) -> Count:
        """Wait until the counts are as wanted. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: wanted(self._now()), seconds):
                raise TimeoutError(f"it stays at {self._now()}")
            return self._now()

    def cut(self) -> None:
        """End every connection that is open now."""
        with self._changed:
            for connection in tuple(self._open):
                self._end(connection)

    def close(self) -> None:
        """Listen no more; what is open ends."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._listener.close()
        self.release()
        with self._changed:
            for connection in tuple(self._open):
                connection.end()

    # ---- inside

    def _now(self) -> Count:
        """Under the lock."""
        seen, requests = self._count, sum(parser.count for parser in self._parsers)
        return Count(seen.up, seen.down, requests, seen.connections, seen.cuts)

    def _add(self, *, up: int = 0, down: int = 0, connections: int = 0, cuts: int = 0) -> None:
        seen = self._count
        self._count = Count(
            seen.up + up, seen.down + down, 0, seen.connections + connections, seen.cuts + cuts
        )
        self._changed.notify_all()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server))
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = _Connection(client, server, self.cut_after)
            with self._changed:
                self._parsers.append(connection.requests)
                self._open.add(connection)
                self._add(connections=1)
            for lane in (
                _Lane(connection, client, server, "up", self._line),
                _Lane(connection, server, client, "down", self._line),
            ):
                threading.Thread(target=self._pass, args=(connection, lane), daemon=True).start()

    def _pass(self, connection: "_Connection", lane: "_Lane") -> None:
        """Count first, then hand on: whoever has an answer finds it counted."""
        with suppress(OSError):
            while not connection.cut and (data := lane.source.recv(lane.chunk)):
                while data and not connection.cut:
                    data = data[self._pass_some(connection, lane, data) :]
        lane.finish()
        with self._changed:
            if connection.left():
                self._open.discard(connection)

    def _pass_some(self, connection: "_Connection", lane: "_Lane", data: bytes) -> int:
        """As much of it as may pass now; returns how much that was."""
        with self._changed:
            self._wait_while_held(connection, lane.direction)
            if connection.cut:
                return len(data)
            allowed, ends = self._allowed(connection, lane.direction, len(data))
            if lane.direction == "up":
                connection.requests.feed(data[:allowed])
                self._add(up=allowed)
            else:
                self._add(down=allowed)
        if allowed:
            lane.send(data[:allowed])
        if ends:
            lane.finish()
            with self._changed:
                self._end(connection)
        return len(data) if ends else allowed

    def _wait_while_held(self, connection: "_Connection", direction: Direction) -> None:
        if direction in self._held:
            self._waiting[direction] += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: direction not in self._held or connection.cut)
            self._waiting[direction] -= 1

    def _allowed(self, connection: "_Connection", direction: Direction, size: int) -> tuple[int, bool]:
        """How many of these bytes still pass, and whether the connection ends behind them."""
        allowed, ends = size, False
        if self._hold_at is not None and self._hold_at[0] == direction:
            allowed = min(allowed, self._hold_at[1])
            self._hold_at = (direction, self._hold_at[1] - allowed)
            if not self._hold_at[1]:
                self._hold_at = None
                self._held.add(direction)
        if self._cut_at is not None and self._cut_at[0] == direction:
            left = self._cut_at[1]
            allowed = min(allowed, left)
            ends = allowed == left
            self._cut_at = None if ends else (direction, left - allowed)
        if connection.cut_after:
            allowed = min(allowed, connection.cut_after - connection.passed)
            ends = ends or connection.passed + allowed == connection.cut_after
        connection.passed += allowed
        return allowed, ends

    def _end(self, connection: "_Connection") -> None:
        """Under the lock."""
        if not connection.cut:
            connection.end()
            self._add(cuts=1)


class _Connection:
    """The two sockets of one connection, used by one thread for each direction."""

    def __init__(self, client: socket.socket, server: socket.socket, cut_after: int) -> None:
        self.requests = Requests()
        self.cut_after, self.passed = cut_after, 0
        self.cut = False
        self._ends = (client, server)
        self._lanes = 2

    def end(self) -> None:
        """What was handed on still arrives; nothing comes after it."""
        self.cut = True
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def left(self) -> bool:
        """One direction is through; whether both are now. Then the sockets are closed."""
        self._lanes -= 1
        if not self._lanes:
            for end in self._ends:
                end.close()
        return not self._lanes


class _Lane:
    """One direction of one connection, at the pace of the line."""

    def __init__(
        self, connection: _Connection, source: socket.socket, target: socket.socket,
        direction: Direction, line: Line,
    ) -> None:  # fmt: skip
        self.connection, self.source, self.direction = connection, source, direction
        self._target, self._line = target, line
        self._finished = False
        self.chunk = min(_CHUNK, max(64, int(line.rate / 8 * _SLICE_SECONDS))) if line.rate else _CHUNK
        self._late: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self._last = time.monotonic() + line.delay  # the first byte waits until both ends have shaken hands
        self._writer: threading.Thread | None = None
        if line.rate or line.delay:
            self._writer = threading.Thread(target=self._write_late, daemon=True)
            self._writer.start()

    def send(self, data: bytes) -> None:
        if self._writer is None:
            self._target.sendall(data)
            return
        self._last = max(self._last, time.monotonic()) + self._line.sending(len(data))
        self._late.put((self._last + self._line.delay / 2, data))

    def finish(self) -> None:
        """Everything that was sent has arrived; nothing more comes this way."""
        if self._finished:
            return
        self._finished = True
        if self._writer is not None:
            self._late.put((0.0, b""))
            self._writer.join()
        with suppress(OSError):
            self._target.shutdown(socket.SHUT_WR)

    def _write_late(self) -> None:
        with suppress(OSError):
            while (late := self._late.get())[1]:
                time.sleep(max(0.0, late[0] - time.monotonic()))
                self._target.sendall(late[1])
