"""Where this ledger stands towards the province, and who it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain.change import Change, Held
from app.domain.fields import ENTITIES
from app.record.tables import change, rows
from app.services import conflicts, exchange
from app.storage import evidence, meta, outgoing
from app.storage.meta import Identity
from app.storage.tables import draft, file, told
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
    """One line of the diary.

    at: seconds UTC. road: network, usb or paper. failure: code of what went wrong, else None. why: what was
    refused, as far as it can be told from the order in which it was written.
    """

    at: int
    road: str
    sent: int
    received: int
    refused: int
    bytes_up: int
    bytes_down: int
    failure: str | None
    why: tuple["Returned", ...] = ()


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


@dataclass(frozen=True, slots=True)
class Files:
    """Files of evidence: how many wait to be sent, their bytes that are still to go, and how many the
    province holds.
    """

    waiting: int
    bytes: int
    received: int


_UNSAID = ("machine",)
"""What the program writes by itself: nobody is told that the province has it."""


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
    own = [name for name, entity in ENTITIES.items() if entity.side == "commune" and name not in _UNSAID]
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


def files(connection: Connection) -> Files:
    """Where the files of evidence are, of those that this device keeps."""
    left = evidence.to_send(connection)
    held = select(func.count()).select_from(file).where(file.c.held_at.is_not(None))
    return Files(
        len(left),
        sum(max(0, item.size - item.sent) for item in left),
        int(connection.execute(held).scalar_one()),
    )


def returned(connection: Connection) -> list[Returned]:
    """What the province gave back and nobody has written anew."""
    return _named(connection, exchange.returned(connection))


def _named(connection: Connection, found: list[Held]) -> list[Returned]:
    """Refused changes with the codes of the tasks that they are of."""
    if not found:
        return []
    given, task, progress = rows["assignment"], rows["task"], rows["progress"]
    query = select(given.c.id, task.c.code).join(task, task.c.id == given.c.task)
    codes: dict[object, str] = {row.id: row.code for row in connection.execute(query)}
    # evidence names a record of progress, which names the task
    wanted = {str(held.change.fields.get("progress")) for held in found}
    of_progress = select(progress.c.id, progress.c.assignment).where(progress.c.id.in_(wanted))
    codes |= {row.id: codes.get(row.assignment, "") for row in connection.execute(of_progress)}

    def code(made: Change) -> str:
        # from the change itself: a record of which nothing was accepted has no row
        fields = made.fields
        return codes.get(fields.get("assignment"), "") or codes.get(fields.get("progress"), "")

    return [Returned(held.change, held.refused or "", code(held.change)) for held in found]


def entries(connection: Connection, limit: int = 200) -> list[Entry]:
    """The diary of exchanges, the newest first."""
    query = select(diary).order_by(diary.c.id.desc()).limit(limit)
    found = list(connection.execute(query))
    refused = _named(connection, exchange.refused(connection)) if any(row.refused for row in found) else []
    made = []
    for row in found:
        # newest first on both sides, so each exchange takes those that were written before it
        why = [item for item in refused if item.change.at <= row.at][: row.refused]
        refused = [item for item in refused if item not in why]
        made.append(
            Entry(
                row.at, row.road, row.sent, row.received, row.refused, row.bytes_up, row.bytes_down,
                row.failure, tuple(why),
            )
        )  # fmt: skip
    return made


def events(connection: Connection, limit: int = 200) -> list[Told]:
    """What was told in words, the newest first."""
    query = select(told).order_by(told.c.id.desc()).limit(limit)
    return [
        Told(row.id, row.at, row.code, dict(row.facts or {}), row.read_at is not None)
        for row in connection.execute(query)
    ]
