"""A server that stops in the middle of one exchange, says so, and waits to be killed.

Arguments: the database, a file with the request, and at which statement of the transaction to stop.
"""

import sys
from pathlib import Path

from sqlalchemy import event

from app.record.engine import open_plain
from sync.server import exchange
from sync.server.store import Store
from tests.world import Clock


def main() -> None:
    database, request, stop_at = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    engine = open_plain(database, create=False)
    done = 0

    def stop() -> None:
        print("inside", flush=True)
        sys.stdin.read()

    def statement(*_: object) -> None:
        nonlocal done
        done += 1
        if done == stop_at:
            stop()

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", lambda _: stop())  # after the last statement, before it is on the disk
    exchange.take(Store(engine, Clock()), request.read_bytes())


if __name__ == "__main__":
    main()
