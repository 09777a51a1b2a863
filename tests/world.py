"""A province and its devices with real databases, joined by a wire that a test can cut and hold back."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select

from app.domain.ids import random_id, random_stream, task_id
from app.record.engine import open_ledger, open_plain, write_copy
from app.record.tables import head, rows
from app.security import keys
from app.storage.ledger import Ledger
from app.storage.meta import Identity
from sync.client import engine
from sync.client.link import NoConnection, Problem
from sync.protocol import envelope, messages
from sync.protocol.errors import BadEnvelope
from sync.server import distribution, exchange, issuing, store
from sync.server.issuing import Wanted
from sync.server.tables import device as device_table

KEY = bytes(range(32))
UNIT = "16813"


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: int = 1_751_245_200) -> None:  # 30/06/2025 08:00 in Hanoi
        self.now = now

    def __call__(self) -> int:
        return self.now


class Province:
    def __init__(self, path: Path, clock: Clock, *, new: bool = True, engine: Engine | None = None) -> None:
        self.path, self.clock = path, clock
        self.engine = engine or open_plain(path, create=new)
        if new:
            store.Store.prepare(self.engine)
        self.store = store.Store(self.engine, clock)

    def issue(self, *wanted: Wanted) -> issuing.Issued:
        with self.store.write() as connection:
            return issuing.issue(connection, self.clock(), wanted)

    def enrol(
        self,
        number: int,
        public_key: bytes,
        unit: str = UNIT,
        *,
        box_key: bytes = bytes(32),
        machine: str = "Văn phòng 1",
    ) -> bytes:
        certificate = messages.Certificate(
            device=number,
            public_key=public_key,
            box_key=box_key,
            unit=unit,
            device_name=machine,
            at=self.clock(),
        )
        with self.store.write() as connection:
            self.admit(connection, certificate)
            return self.store.sign(connection, messages.pack_certificate(certificate))

    def admit(self, connection, said) -> None:
        known = connection.execute(select(device_table.c.id).where(device_table.c.id == said.device)).first()
        if known is None:
            connection.execute(
                device_table.insert().values(
                    id=said.device, unit=said.unit, public_key=said.public_key, name=said.device_name,
                    program="test", enrolled_at=said.at, box_key=said.box_key,
                )
            )  # fmt: skip

    def close(self) -> None:
        self.engine.dispose()


@dataclass
class Wire:
    """The road between one device and the province, in one process.

    lose: "request" or "answer", of the next exchange after `after` that go well. hand: an older answer that
    is handed over in place of the province's. meanwhile: what happens while the answer is on its way.
    """

    province: Province
    lose: str = ""
    after: int = 0
    hand: bytes | None = None
    meanwhile: Callable[[], object] | None = None
    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    seen: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)

    def post(self, path: str, body: bytes) -> bytes:
        self.requests += 1
        self.bytes_up += len(body)
        if path == "/v1/devices":
            try:
                _, payload = envelope.open(body, lambda _: self.public_key())
            except BadEnvelope as error:
                raise Problem("not-our-certificate") from error
            with self.province.store.write() as connection:
                self.province.admit(connection, messages.unpack_certificate(payload))
            return b""
        lose = self._lost()
        self.seen.append(body)
        if lose == "request":
            raise NoConnection(why="cut")
        try:
            answer = exchange.take(self.province.store, body)
        except exchange.UnknownDevice as error:
            raise Problem("unknown-device") from error
        self.answers.append(answer)
        if lose == "answer":
            raise NoConnection(why="cut")
        if self.meanwhile is not None:
            happening, self.meanwhile = self.meanwhile, None
            happening()
        self.bytes_down += len(answer)
        return self.hand or answer

    def _lost(self) -> str:
        if self.lose and self.after:
            self.after -= 1
            return ""
        lose, self.lose = self.lose, ""
        return lose

    def public_key(self) -> bytes:
        with self.province.store.read() as connection:
            return self.province.store.public_key(connection)


class Device:
    def __init__(self, path: Path, clock: Clock, *, new: bool = True, engine: Engine | None = None) -> None:
        self.path, self.clock = path, clock
        self.engine = engine or open_ledger(path, KEY, create=new)
        if new:
            Ledger.prepare(self.engine)
        self.ledger = Ledger(self.engine, clock)
        self.key = Ed25519PrivateKey.generate()
        self.data_key = os.urandom(32)

    def enrol(
        self, province: Province, name: str = "Lương Thị Hà", unit: str = UNIT, machine: str = "Văn phòng 1"
    ) -> None:
        number, public = random_stream(), self.key.public_key().public_bytes_raw()
        box_key = keys.box(self.data_key).public_key().public_bytes_raw()
        certificate = province.enrol(number, public, unit, box_key=box_key, machine=machine)
        with province.store.read() as connection:
            pinned = province.store.public_key(connection)
            sealed_to = province.store.box_key(connection)
        self.ledger.enrol(
            Identity(
                unit,
                "Xã Mường Xén",
                number,
                machine,
                random_stream(),
                "test",
                pinned,
                certificate,
                random_id(),
                sealed_to,
            ),
            name,
        )

    def subkey(self, label: str) -> bytes:
        return keys.subkey(self.data_key, label)

    def copy(self, path: Path) -> "Device":
        write_copy(self.engine, path)
        other = Device(path, self.clock, new=False)
        other.key, other.data_key = self.key, self.data_key
        return other

    def sync(self, wire: Wire) -> engine.Exchange:
        return engine.synchronise(self.ledger, wire, self.key.sign)

    def close(self) -> None:
        self.engine.dispose()


def units(*codes: str) -> list[Wanted]:
    return [Wanted("unit", {"code": code, "name": f"Xã {code}", "kind": "xa"}) for code in codes]


def task(code: str, *to: str, **fields) -> list[Wanted]:
    """A task of programme P, its source and its assignments."""
    deadline = fields.pop("deadline", "2025-07-31")
    made = {
        "programme": "P",
        "code": code,
        "title": f"Nhiệm vụ {code}",
        "source": "S",
        "kind": "once",
        **fields,
    }
    return [
        Wanted("programme", {"code": "P", "name": "Chương trình"}),
        Wanted("source", {"code": "S", "title": "Kế hoạch"}),
        Wanted("task", made),
        *[
            Wanted(
                "assignment",
                {"task": task_id("P", code), "unit": unit, "deadline": deadline, "line": "ubnd_tinh"},
            )
            for unit in to
        ],
    ]


def tables(connection) -> dict[str, list[tuple]]:
    """Rows and heads, to compare two ends."""
    found = {
        name: sorted(tuple(str(v) for v in row) for row in connection.execute(select(table)))
        for name, table in rows.items()
    }
    found["head"] = sorted(tuple(str(v) for v in row) for row in connection.execute(select(head)))
    return found


__all__ = ["UNIT", "Clock", "Device", "Province", "Wire", "distribution", "tables", "task", "units"]
