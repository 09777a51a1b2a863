"""An enrolled ledger without a province: what that would have written is put in by hand, as a change."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from app.domain.change import Held
from app.domain.fields import ENTITIES, identity
from app.domain.ids import PROVINCE, assignment_id, random_id, random_stream, task_id
from app.domain.periods import HANOI
from app.record.apply import apply
from app.record.engine import writing as transaction
from app.record.reading import seen
from app.record.writing import make
from app.services.lines import line
from app.services.opening import Opened, enrol, open_home
from app.services.weeks import present
from app.storage import meta
from app.storage.home import Home
from app.storage.meta import Identity
from sync.protocol import enrolment

UNIT = "16813"
PROVINCE_STREAM = 77


def at(text: str) -> int:
    """Seconds UTC of a moment in Hanoi, written like 2025-06-30 08:00."""
    return int(datetime.fromisoformat(text).replace(tzinfo=HANOI).timestamp())


class Clock:
    def __init__(self, text: str = "2025-06-30 08:00") -> None:
        self.now = at(text)

    def __call__(self) -> int:
        return self.now

    def set(self, text: str) -> None:
        self.now = at(text)


def identity_of(device: int, server: str = "http://127.0.0.1:9") -> Identity:
    return Identity(
        unit=UNIT,
        unit_name="Xã Mường Xén",
        device=device,
        device_name="Văn phòng 1",
        stream=random_stream(),
        server=server,
        province_key=bytes(32),
        certificate=b"none",
        person=random_id(),
    )


class Office:
    """A home with an enrolled ledger, its clock, and the province's pen."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.home = Home(folder)
        self.clock = clock
        code = enrolment.new_code(os.urandom)
        enrol(
            self.home,
            clock,
            code,
            "Lương Thị Hà",
            lambda newcomer: identity_of(newcomer.device),
            keyring=False,
        ).close()
        self._n = 0

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        opened = open_home(self.home, self.clock)
        try:
            yield opened
        finally:
            opened.close()

    def province(self, entity: str, **fields) -> None:
        """The province writes over what it wrote before."""
        key = {name: fields.pop(name) for name in ENTITIES[entity].key}
        record = identity(entity, key)
        with self.opened() as opened, transaction(opened.ledger.engine) as connection:
            held = seen(connection, entity, [record])
            self._n += 1
            made = make(
                stream=PROVINCE_STREAM, n=self._n, by=PROVINCE, at=at("2025-06-24 09:00"), entity=entity,
                key=key, values=fields,
                seen={name: held[record, name] for name in fields if (record, name) in held},
            )  # fmt: skip
            apply(connection, [Held(made, at("2025-06-24 09:00"))])

    def task(
        self, code: str, *, deadline: str | None = "2025-07-31", opening=None, line="ubnd_tinh", **fields
    ) -> None:
        """A task of programme P, assigned to the unit; opening: a state as the record has it."""
        told = {"title": f"Nhiệm vụ {code}", "kind": "once", "scope": "shared", "source": "S"}
        self.province("task", programme="P", code=code, **{**told, **fields})
        given = {"deadline": deadline, "line": line}
        if opening is not None:
            given |= {"opening": opening, "opening_at": "2025-06-24", "opening_result": f"Kết quả cũ {code}"}
        self.province("assignment", task=task_id("P", code), unit=UNIT, **given)

    def assignment(self, code: str, **fields) -> None:
        self.province("assignment", task=task_id("P", code), unit=UNIT, **fields)

    def heard(self, text: str) -> None:
        """The province told its time."""
        with self.opened() as opened, transaction(opened.ledger.engine) as connection:
            meta.write(connection, "province_time", at(text))

    def other_machine(self, code: str, week: str, field: str, value, *, seconds: int = 60) -> None:
        """Another machine of the unit wrote a field without having seen what was written here."""
        with self.opened() as opened, transaction(opened.ledger.engine) as connection:
            made = make(
                stream=random_stream(), n=1, by=random_id(), at=self.clock() + seconds, entity="progress",
                key={"assignment": assignment_id(task_id("P", code), UNIT), "week": week},
                values={field: value}, seen={},
            )  # fmt: skip
            apply(connection, [Held(made, self.clock() + seconds)])

    def line(self, code: str, week=None):
        with self.opened() as opened, opened.ledger.read() as connection:
            now = present(connection, self.clock())
            return line(connection, code, week or now.week, now)
