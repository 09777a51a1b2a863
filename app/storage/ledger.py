"""The one door to the device's database: read(), edit(), receive()."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, Engine, select

from app.domain.change import Change, Held, Value
from app.domain.errors import LedgerError
from app.domain.fields import ENTITIES, identity
from app.domain.ids import random_id
from app.domain.merge import NOTHING, Seen
from app.record import reading as record_reading
from app.record import writing as record_writing
from app.record.apply import apply
from app.record.engine import reading, writing
from app.record.tables import change, rows
from app.storage import meta, migrate, receiving
from app.storage.home import NotEnrolled
from app.storage.receiving import Delivery, Touched

Also = Callable[[Connection, meta.Identity, Touched], meta.Identity]
"""More that belongs to a delivery: gets who this device is, returns who it is afterwards."""


class NotYours(LedgerError):
    """Something that the other side writes; facts: entity."""

    code = "not-yours"


class Ledger:
    """The one door to the device's database.

    clock: gives seconds UTC. The engine comes from `app.record.engine.open_ledger`.
    """

    def __init__(self, engine: Engine, clock: Callable[[], int]) -> None:
        self.engine = engine
        self._clock = clock
        self._identity: meta.Identity | None = None

    @classmethod
    def prepare(cls, engine: Engine) -> None:
        """Make the tables of a new ledger."""
        migrate.make(engine)

    def now(self) -> int:
        """The device's clock, seconds UTC."""
        return self._clock()

    @property
    def identity(self) -> meta.Identity:
        """Who this device is. Raises NotEnrolled."""
        found = self._identity or self._read_identity()
        if found is None:
            raise NotEnrolled()
        self._identity = found
        return found

    @property
    def enrolled(self) -> bool:
        """Whether this ledger belongs to a unit."""
        return self._identity is not None or self._read_identity() is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the ledger."""
        with reading(self.engine) as connection:
            yield connection

    @contextmanager
    def edit(self, by: str | None = None) -> Iterator["Edit"]:
        """Rows and their changes are committed together, or neither is. by: a person, else who enrolled.

        Raises NotEnrolled, LedgerBusy, DiskFull.
        """
        with writing(self.engine) as connection:
            now = meta.read_identity(
                connection
            )  # in the transaction: another program may have drawn a new stream
            if now is None:
                raise NotEnrolled()
            self._identity = now
            yield Edit(connection, by or now.person, self._clock(), now.stream)

    def enrol(self, found: meta.Identity, name: str) -> None:
        """Make this ledger a device's, and its officer the first person."""
        with writing(self.engine) as connection:
            meta.write_identity(connection, found)
            edit = Edit(connection, found.person, self._clock(), found.stream)
            edit.create("person", {"name": name, "role": "officer"}, found.person)
        self._identity = found

    def present_again(self, found: meta.Identity) -> None:
        """Keep what a new paper of enrolment says of this device; who it is, and its stream, stay."""
        with writing(self.engine) as connection:
            now = meta.read_identity(connection)
            if now is None:
                raise NotEnrolled()
            kept = replace(
                now,
                device_name=found.device_name,
                server=found.server or now.server,
                ca=found.ca or now.ca,
                box_key=found.box_key,
                certificate=found.certificate,
                enrolment=found.enrolment,
            )
            meta.write_identity(connection, kept)
            Edit(connection, kept.person, self._clock(), kept.stream).name_machine()
        self._identity = kept

    def receive(self, delivery: Delivery, also: Also | None = None) -> Touched:
        """Pulled changes, numbers, refusals and the cursor, in one transaction. Raises ChainBroken.

        also: what else is written in it; gives back who this device is from then on.
        """
        with writing(self.engine) as connection:
            now = meta.read_identity(connection)
            if now is None:
                raise NotEnrolled()
            touched, found = receiving.take(connection, now, delivery, self._clock())
            if also is not None and found != (left := also(connection, found, touched)):
                meta.write_identity(connection, left)
                found = left
        self._identity = found
        return touched

    def _read_identity(self) -> meta.Identity | None:
        with reading(self.engine) as connection:
            return meta.read_identity(connection)


class Edit:
    """One transaction of a person's edits."""

    def __init__(self, connection: Connection, by: str, at: int, stream: int) -> None:
        self.connection = connection
        self.by = by
        self.at = at
        self._stream = stream
        self._named = False

    def set(
        self, entity: str, key: Mapping[str, str], field: str, value: Value, seen: Seen = NOTHING
    ) -> Change | None:
        """Write one field over what stood on the screen for it; see `write`."""
        return self.write(entity, key, {field: value}, {field: seen})

    def write(
        self,
        entity: str,
        key: Mapping[str, str],
        values: Mapping[str, Value],
        seen: Mapping[str, Seen] | None = None,
        *,
        record: str | None = None,
    ) -> Change | None:
        """Write fields that were read at the same time, as one change.

        A value equal to what was shown, or to the one value that the record holds now, is not written, unless
        a conflict stood on the screen: then it settles it. Returns None when nothing was left to write.
        Raises BadValue, TextTooLong, NotYours.
        """
        if ENTITIES[entity].side != "commune":
            raise NotYours(entity=entity)
        shown = seen or {}
        id = identity(entity, dict(key)) or record
        if id is None:
            raise ValueError(f"a record of {entity} needs its id")
        held = record_reading.seen(self.connection, entity, [id])
        left = {
            name: value
            for name, value in values.items()
            if _says_something(value, shown.get(name, NOTHING), held.get((id, name), NOTHING))
        }
        if not left:
            return None
        return self._append(entity, key, left, shown, id)

    def create(self, entity: str, values: Mapping[str, Value], record: str | None = None) -> str:
        """Write a new record whose id nothing names, such as a report. Returns the id."""
        id = record or random_id()
        self._append(entity, {}, values, {}, id)
        return id

    def open(self, entity: str, key: Mapping[str, str]) -> Change | None:
        """Have a record there, so that others can name it, without a word in it. None if it is there."""
        id = identity(entity, dict(key))
        table = rows[entity]
        if self.connection.execute(select(table.c.id).where(table.c.id == id)).first() is not None:
            return None
        return self._append(entity, key, {}, {}, id or "")

    def name_machine(self) -> None:
        """Say which machine writes this stream: the others of the unit are to know whose version they see.

        Each edit does so by itself, once in a stream: with its first words after the province has named it.
        """
        key = {"stream": str(self._stream)}
        id = identity("machine", key) or ""
        said = select(change.c.n).where(change.c.record == id).limit(1)
        if self._named or self.connection.execute(said).first() is not None:
            self._named = True
            return
        found = meta.read_identity(self.connection)
        if found is None or not found.certificate:  # enrolled by file: the province has not named it yet
            return
        self._named = True
        self._append("machine", key, {"name": found.device_name}, {}, id)

    def _append(
        self,
        entity: str,
        key: Mapping[str, str],
        values: Mapping[str, Value],
        seen: Mapping[str, Seen],
        id: str,
    ) -> Change:
        made = record_writing.make(
            stream=self._stream,
            n=record_writing.next_number(self.connection, self._stream),
            by=self.by,
            at=self.at,
            entity=entity,
            key=dict(key),
            values=values,
            seen=seen,
            record=id,
        )
        apply(self.connection, [Held(made)])
        self.name_machine()
        return made


def _says_something(value: Value, shown: Seen, held: Seen) -> bool:
    if shown.conflict:
        return True
    if shown.heads and value == shown.value:
        return False
    if held.heads and not held.conflict and value == held.value:
        return False
    return not (value in {None, ""} and not held.heads)
