"""Where this ledger stands towards the province, and who it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.change import Change
from app.domain.fields import ENTITIES
from app.record.tables import change, rows
from app.services import conflicts, exchange
from app.storage import meta, outgoing
from app.storage.meta import Identity
from app.storage.tables import draft, told
from app.storage.tables import exchange as diary


@dataclass(frozen=True, slots=True)
class Status:
    """The ledger's standing.

    unit: five-digit code. pending: changes that the province has not acknowledged. last_sync: when it last
    answered, seconds UTC by this machine's clock, None before the first. counts: how many changes stand at
    each of the five words (writing: drafts); sending is 0 here, a running sync knows it.
    """

    unit: str
    unit_name: str
    device: str
    program: str
    pending: int
    last_sync: int | None
    open_conflicts: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the diary. at: seconds UTC. road: network. failure: code of what went wrong, else None."""

    at: int
    road: str
    sent: int
    received: int
    refused: int
    bytes_up: int
    bytes_down: int
    failure: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was told once in words. code: of `app.words`; facts: what its sentence names."""

    id: int
    at: int
    code: str
    facts: dict[str, Any]
    read: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """A change that the province gave back. reason: the code of the refusal; task: its code, "" if none."""

    change: Change
    reason: str
    task: str


def program() -> str:
    """The version of the program."""
    from importlib.metadata import PackageNotFoundError, version  # late: it costs 30 ms

    try:
        return version("so-nhiem-vu")
    except PackageNotFoundError:  # run from its source, not installed
        return "0"


def status(connection: Connection, identity: Identity) -> Status:
    """The ledger's standing now."""
    pending = outgoing.pending_count(connection)
    own = [name for name, entity in ENTITIES.items() if entity.side == "commune"]
    received = select(func.count()).select_from(change).where(change.c.arrived.is_not(None))
    unit = rows["unit"].c
    renamed = connection.execute(select(unit.name).where(unit.code == identity.unit)).scalar()
    typed = connection.execute(select(func.count()).select_from(draft)).scalar_one()
    counts = {
        "writing": int(typed),
        "waiting": pending,
        "sending": 0,
        "received": int(connection.execute(received.where(change.c.entity.in_(own))).scalar_one()),
        "returned": len(exchange.returned(connection)),
    }
    return Status(
        unit=identity.unit,
        unit_name=renamed or identity.unit_name,
        device=identity.device_name,
        program=program(),
        pending=pending,
        last_sync=meta.read(connection, "last_sync"),
        open_conflicts=conflicts.count(connection),
        counts=counts,
    )


def waiting(connection: Connection) -> dict[str, int]:
    """What waits to be sent: how many changes of each entity, reports first."""
    found = Counter(made.entity for made in outgoing.waiting(connection))
    return dict(sorted(found.items(), key=lambda pair: (pair[0] != "report", pair[0])))


def returned(connection: Connection) -> list[Returned]:
    """What the province gave back and nobody has written anew."""
    found = exchange.returned(connection)
    if not found:
        return []
    given, task = rows["assignment"], rows["task"]
    query = select(given.c.id, task.c.code).join(task, task.c.id == given.c.task)
    codes: dict[object, str] = {row.id: row.code for row in connection.execute(query)}
    # from the change itself: a record of which nothing was accepted has no row
    return [
        Returned(held.change, held.refused or "", codes.get(held.change.fields.get("assignment"), ""))
        for held in found
    ]


def entries(connection: Connection, limit: int = 200) -> list[Entry]:
    """The diary of exchanges, the newest first."""
    query = select(diary).order_by(diary.c.id.desc()).limit(limit)
    return [
        Entry(
            row.at, row.road, row.sent, row.received, row.refused, row.bytes_up, row.bytes_down, row.failure
        )
        for row in connection.execute(query)
    ]


def events(connection: Connection, limit: int = 200) -> list[Told]:
    """What was told in words, the newest first."""
    query = select(told).order_by(told.c.id.desc()).limit(limit)
    return [
        Told(row.id, row.at, row.code, dict(row.facts or {}), row.read_at is not None)
        for row in connection.execute(query)
    ]
