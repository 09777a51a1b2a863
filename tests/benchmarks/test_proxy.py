"""The proxy counts what passes, and cuts where it is told to."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.benchmarks.proxy import MOUNTAIN, Count, Line, Proxy

ANSWER = bytes(range(256)) * 40


@pytest.fixture
def port() -> Iterator[int]:
    """A server that answers each line with ANSWER and remembers nothing."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk(end: socket.socket) -> None:
        with suppress(OSError), end, end.makefile("rb") as lines:
            for _ in lines:
                end.sendall(ANSWER)

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def ask(proxy: Proxy, question: bytes = b"question\n", size: int = len(ANSWER)) -> bytes:
    """What comes back until `size` bytes are there or the connection ends."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as end:
        found = b""
        with suppress(OSError):
            end.sendall(question)
            while len(found) < size and (data := end.recv(size - len(found))):
                found += data
        return found


@pytest.fixture
def proxy(port: int) -> Iterator[Proxy]:
    made = Proxy(port)
    yield made
    made.close()


def test_what_passes_is_counted(proxy: Proxy) -> None:
    assert ask(proxy) == ANSWER
    assert ask(proxy) == ANSWER
    assert proxy.count == Count(up=18, down=2 * len(ANSWER), connections=2)


@pytest.mark.parametrize("offset", [0, 1, 777, len(ANSWER) - 1])
def test_a_cut_of_the_answer_lets_exactly_so_many_bytes_pass_and_comes_once(proxy: Proxy, offset) -> None:
    proxy.cut_at("down", offset)
    assert ask(proxy) == ANSWER[:offset]
    assert proxy.wait(lambda count: count.cuts == 1) == Count(9, offset, 0, 1, 1)
    assert proxy.spare() is None
    assert ask(proxy) == ANSWER


def test_a_cut_of_the_question_leaves_no_answer(proxy: Proxy) -> None:
    proxy.cut_at("up", 8)
    assert ask(proxy) == b""
    assert proxy.wait(lambda count: count.cuts == 1).up == 8


def test_a_cut_that_lies_behind_all_that_passes_is_still_spare(proxy: Proxy) -> None:
    proxy.cut_at("down", len(ANSWER) + 5)
    assert ask(proxy) == ANSWER
    assert (proxy.spare(), proxy.spare()) == (5, None)


def test_every_connection_is_cut_after_so_many_bytes_both_ways_together(proxy: Proxy) -> None:
    proxy.cut_after = 1000
    assert [ask(proxy) for _ in range(3)] == [ANSWER[:991]] * 3
    assert proxy.wait(lambda count: count.cuts == 3) == Count(27, 3 * 991, 0, 3, 3)


def test_a_held_answer_comes_when_it_is_let_go(proxy: Proxy) -> None:
    proxy.hold("down")
    got: list[bytes] = []
    asking = threading.Thread(target=lambda: got.append(ask(proxy)))
    asking.start()
    proxy.wait_until_held("down")
    assert proxy.count.down == 0
    proxy.release()
    asking.join(20)
    assert got == [ANSWER]


def test_a_held_line_can_be_cut(proxy: Proxy) -> None:
    proxy.hold("down")
    got: list[bytes] = []
    asking = threading.Thread(target=lambda: got.append(ask(proxy)))
    asking.start()
    proxy.wait_until_held("down")
    proxy.cut()
    asking.join(20)
    assert got == [b""]
    assert proxy.count.cuts == 1


def test_an_answer_held_in_its_middle_shows_what_came_before(proxy: Proxy) -> None:
    proxy.hold_at("down", 700)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as end:
        end.sendall(b"question\n")
        proxy.wait_until_held("down")
        assert (proxy.count.down, len(end.recv(5000))) == (700, 700)
        proxy.release()
        assert len(end.recv(5000)) > 0


def test_the_time_on_a_line_is_its_bytes_and_its_round_trips() -> None:
    assert MOUNTAIN.seconds(Count(4000, 4000, requests=1, connections=1)) == pytest.approx(1.0 + 1.2)


def test_a_slow_proxy_hands_on_everything_in_its_order(port: int) -> None:
    line = Line(rate=800_000, delay=0.05)
    proxy = Proxy(port, line=line)
    try:
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as end:
            end.sendall(b"question\n")
            found = b""
            while len(found) < len(ANSWER):
                found += end.recv(len(ANSWER))
    finally:
        proxy.close()
    assert found == ANSWER
