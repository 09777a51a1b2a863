"""A program that is to be killed: it says on standard output where it is, then goes on or waits.

python killed.py device LEDGER SEED ADDRESS POINT STAYS    writes and syncs without end
python killed.py province DATABASE POINT STAYS             serves

POINT: "editing" (rows are written, nothing is committed), "committing", "sending" (an exchange begins),
"answered" (the answer is here, nothing of it is taken yet), "-" for none. STAYS: "stays" waits there.
"""

import itertools
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from sqlalchemy import Engine, event  # noqa: E402

from app.record.engine import open_ledger, open_plain  # noqa: E402

EDITS = 3  # between two syncs


class Places:
    """Says that a place is reached; waits there if that is wanted."""

    def __init__(self, point: str, stays: str) -> None:
        self.point, self.stays = point, stays == "stays"

    def at(self, point: str) -> None:
        if point == self.point:
            say("inside")
            if self.stays:
                sys.stdin.read()

    def watch_commits(self, engine: Engine) -> None:
        event.listen(engine, "commit", lambda _: self.at("committing"))


def say(words: str) -> None:
    print(words, flush=True)


def device(ledger_path: str, seed: str, address: str, places: Places) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from app.record.reading import seen
    from app.storage.ledger import Ledger
    from sync.client.engine import synchronise
    from sync.client.network import HttpLink
    from tests.sync.places import KEY, RECORD, SPOT

    class Link(HttpLink):
        def call(self, *given, **more):
            places.at("sending")
            answer = super().call(*given, **more)
            places.at("answered")
            return answer

    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    engine = open_ledger(Path(ledger_path), KEY, create=False)
    places.watch_commits(engine)
    ledger = Ledger(engine, lambda: int(time.time()))
    for number in itertools.count(1):
        text = f"{os.getpid()} câu {number} {time.monotonic_ns()}"  # never the same: a double would show
        with ledger.edit() as edit:
            shown = seen(edit.connection, "progress", [RECORD])
            made = edit.set("progress", SPOT, "result", text, shown[RECORD, "result"])
            assert made is not None
            places.at("editing")
        say(f"wrote {made.stream} {made.n} {made.digest.hex()}")
        if number % EDITS == 0:
            synchronise(ledger, Link(address), key.sign)


def province(database: str, places: Places) -> None:
    from sync.server.serving import serve
    from sync.server.store import Store

    engine = open_plain(Path(database), create=False)
    places.watch_commits(engine)
    serve(Store(engine, lambda: int(time.time())), "127.0.0.1", 0)


if __name__ == "__main__":
    role, *rest = sys.argv[1:]
    if role == "device":
        device(*rest[:3], Places(*rest[3:]))
    else:
        province(rest[0], Places(*rest[1:]))
