"""A commune of several devices and its province, to which anything may happen; in the end all must be equal.

What happened is remembered apart from the program: which values were written and what stood on the screen
when they were. So a value that vanished, or was written over unseen, is noticed whatever the program says.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select

from app.domain.change import Change, Held, Name, Ref, Value
from app.domain.errors import LedgerError
from app.domain.fields import ENTITIES, identity
from app.domain.ids import assignment_id, random_stream, task_id
from app.domain.merge import NOTHING, Seen
from app.record import log
from app.record.apply import apply
from app.record.digest import seal
from app.record.engine import open_ledger, open_plain, write_copy
from app.record.reading import seen
from app.record.tables import head, rows
from app.record.verify import disagreements
from app.record.writing import next_number
from app.reports.paper.frames import PER_PAGE
from app.security import keys
from app.services import takein
from app.services.opening import Newcomer
from app.services.papers import UnknownReport
from app.storage import outgoing
from app.storage.home import Home
from app.storage.ledger import Edit, Ledger
from app.storage.receiving import ChainBroken
from app.storage.tables import told
from sync.client import enrolment_file, paper, usb
from sync.client.link import NoAnswer, NoConnection, Problem
from sync.server import bundles, enrolment, exchange, scans, slips, store
from tests.sync.sheets import reader
from tests.sync.sheets import write as write_sheets
from tests.sync.whole import held_of
from tests.world import KEY, UNIT, Clock, Device, Province, Wanted, Wire, task, units

MOST_DEVICES = 5
ROUNDS = 2
"""Rounds of all devices until nothing waits: one brings everything up, one takes everything down."""
CLOCKS = {"right": 0, "2015": -10 * 365 * 86_400, "2035": 10 * 365 * 86_400, "slow": -3600, "fast": 3600}


def progress(code: str) -> dict[str, str]:
    return {"assignment": assignment_id(task_id("P", code), UNIT), "week": "2025-W27"}


SPOTS: tuple[tuple[str, dict[str, str], tuple[str, ...]], ...] = (
    ("progress", progress("T1"), ("result",)),
    ("progress", progress("T1"), ("state",)),
    ("progress", progress("T2"), ("result", "difficulty")),
    ("progress", progress("T3"), ("next_step",)),  # of a task that may never come
    ("unit_settings", {"unit": UNIT}, ("place",)),
)
"""Where the officers write: an entity, its key, and the fields that one editor holds."""


class Road(Wire):
    """The wire, and at its end the door through which those come who were enrolled by a file."""

    def post(self, path: str, body: bytes) -> bytes:
        if path != "/v1/enrol":
            return super().post(path, body)
        try:
            return enrolment.enrol(self.province.store, body)
        except LedgerError as error:
            raise Problem(error.code, **error.facts) from error


class Editor(NamedTuple):
    """An editor that is open: what it showed, field by field."""

    spot: int
    shown: dict[str, Seen]


class Apart(AssertionError):
    """The ends are not equal, or something was lost or written over unseen."""


def _value(field: str, number: int) -> Value:
    if field == "state":
        return ("in_progress", 1 + number % 99, None, None)
    return f"câu {number}"


class Secrets(NamedTuple):
    """What makes a machine the device that it is: its signing key and its data key."""

    key: Ed25519PrivateKey
    data_key: bytes


class Officers(Device):
    """A device with the editors that are open on it and the copies that were made of it."""

    def __init__(self, path: Path, clock: Clock, *, new: bool = True, engine: Engine | None = None) -> None:
        super().__init__(path, clock, new=new, engine=engine)
        self.editors: list[Editor] = []
        self.copies: list[Path] = []
        self.reports: list[str] = []
        self.by_file = False

    @property
    def secrets(self) -> Secrets:
        return Secrets(self.key, self.data_key)

    def opened(self) -> SimpleNamespace:
        """What sticks and copies need of an open ledger. No evidence lies in this home."""
        home = Home(self.path.with_suffix(".home"))
        home.path.mkdir(exist_ok=True)

        def subkey(label: str) -> bytes:
            return KEY if label == "db" else self.subkey(label)

        return SimpleNamespace(home=home, ledger=self.ledger, sign=self.key.sign, subkey=subkey)


def _folder(prefix: str) -> Path:
    """A new folder, in memory where the system has room for files there: each commit waits for its disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2**29
    return Path(tempfile.mkdtemp(prefix=f"so-nhiem-vu-{prefix}-", dir=memory if roomy else None))


@cache
def _templates() -> tuple[Path, list[Secrets]]:
    """A province with tasks and three devices, made once and copied for each history."""
    folder = _folder("histories")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    clock = Clock()
    province = Province(folder / "province.db", clock)
    province.issue(*units(UNIT, "16816"))
    write_copy(province.engine, folder / "early.db")  # before any device, any task of this unit
    province.issue(*task("T1", UNIT, "16816"), *task("T2", UNIT))
    secrets: list[Secrets] = []
    for name in "abc":
        device = Officers(folder / f"{name}.db", clock)
        device.enrol(province, f"Người {name}")
        if name != "c":
            device.sync(Wire(province))
        secrets.append(device.secrets)
        device.close()
    province.close()
    Officers(folder / "blank.db", clock).close()
    return folder, secrets


class Places:
    """Where the databases of each history lie in turn; an engine knows its statements from the one before."""

    def __init__(self) -> None:
        self.folder = _folder("places")
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self._engines: dict[str, Engine] = {}

    def put(self, name: str, source: Path) -> Engine:
        """The engine of a place that holds a copy of this file and nothing of what lay there before."""
        if name in self._engines:
            self._engines[name].dispose()
        for end in ("", "-wal", "-shm"):
            self.path(name).with_name(f"{name}.db{end}").unlink(missing_ok=True)
        shutil.copy(source, path := self.path(name))
        if name not in self._engines:
            opened = (
                open_plain(path, create=False) if name == "province" else open_ledger(path, KEY, create=False)
            )
            self._engines[name] = opened
        return self._engines[name]

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.db"


_places = cache(Places)


class Commune:
    """Three devices of one commune and the province. All that may happen to them is a method."""

    def __init__(self) -> None:
        templates, secrets = _templates()
        self.places = _places()
        self.folder = _folder("history")
        self.true_time = Clock(Clock().now + 60)
        self.province = Province(
            self.places.path("province"), self.true_time, new=False,
            engine=self.places.put("province", templates / "province.db"),
        )  # fmt: skip
        self.province_copies = [templates / "early.db"]
        self.devices: list[Officers] = []
        for name, held in zip("abc", secrets, strict=True):
            self._take_in(templates / f"{name}.db", self.true_time.now, held)
        self.offsets = [0, 0, 0]
        self.sticks: list[Path] = []
        self.stick_answers: list[Path] = []
        self.sheets: list[bytes] = []
        self.receipts: list[bytes] = []
        self.requests: list[bytes] = []
        self.answers: list[bytes] = []
        self.files = self.number = 0
        self.went_back = self.copied = False
        self.screens: dict[Name, set[tuple[Name, str]]] = {}
        self.kept: dict[Name, Change] = {}
        """What must never vanish: written, and not lost with the only disk that held it."""
        for end in self._ends():
            with end.read() as connection:
                self.kept |= {held.change.name: held.change for held in log.read(connection)}

    def close(self) -> None:
        for device in self.devices:
            device.close()
        self.province.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- what may happen

    def open_editor(self, index: int, spot: int) -> Editor:
        device = self._device(index)
        entity, key, fields = SPOTS[spot]
        record = identity(entity, key)
        with device.ledger.read() as connection:
            found = seen(connection, entity, [str(record)])
        editor = Editor(spot, {name: found.get((str(record), name), NOTHING) for name in fields})
        device.editors.append(editor)
        return editor

    def write(self, index: int, choice: int, *, same: bool = False, gap: int = 0) -> Change | None:
        """An officer leaves a field of one of the editors that are open."""
        device = self._device(index)
        if not device.editors:
            return None
        place = choice % len(device.editors)
        editor = device.editors[place]
        entity, key, fields = SPOTS[editor.spot]
        self.number += 0 if same else 1
        values = {name: _value(name, self.number) for name in fields}
        with device.ledger.edit() as edit:
            if gap:
                self._leave_gap(edit, gap)
            made = self.edit(edit, entity, key, values, editor.shown)
            if made is not None:
                device.editors[place] = self._remember(editor, made)
        return made

    def edit(
        self, edit: Edit, entity: str, key: dict[str, str], values: dict[str, Value], shown: dict[str, Seen]
    ) -> Change | None:
        """How the program under test writes; a test puts something worse in its place."""
        return edit.write(entity, key, values, shown)

    def issue(self, what: int) -> None:
        self.number += 1
        assignment = {"task": task_id("P", "T1"), "unit": UNIT}
        day = f"2025-08-{1 + self.number % 28:02}"
        wanted = {
            0: lambda: [Wanted("task", {"programme": "P", "code": "T1", "title": f"Việc {self.number}"})],
            1: lambda: task("T3", UNIT),
            2: lambda: task("T2", UNIT, title=f"Việc {self.number}"),
            3: lambda: [Wanted("assignment", assignment | {"withdrawn_on": "2025-07-01"})],
            4: lambda: [Wanted("assignment", assignment | {"deadline": day})],
            5: lambda: task("T4", "16816", title=f"Việc {self.number}"),
        }[what]()
        if what == 0 and not self._holds_task():
            return  # a correction of a task that the province lost: nothing issues half a task
        self.province.issue(*wanted)
        self._keep_all(self.province.store)

    def sync(self, index: int, lose: str = "", after: int = 0, hand: int | None = None) -> None:
        device = self._device(index)
        if hand is not None and self.answers:
            if device.ledger.identity.enrolment:
                return  # its first word is another one, and is answered
            before = self._export(device.ledger)
            wire = Road(self.province, hand=self.answers[hand % len(self.answers)])
            self._attempt(device, wire)
            if self._export(device.ledger) != before:
                raise Apart("an answer to another question was taken")
            return
        self._attempt(device, Road(self.province, lose, after))

    def sync_twice_at_once(self, index: int, lose: str = "") -> None:
        """The window and a scheduled program sync the same ledger."""
        device = self._device(index)
        other = Road(self.province, lose)
        self._attempt(device, Road(self.province, meanwhile=lambda: self._attempt(device, other)))

    def write_while_syncing(self, index: int, choice: int) -> None:
        device = self._device(index)
        self._attempt(device, Road(self.province, meanwhile=lambda: self.write(index, choice)))

    def repeat(self, choice: int) -> None:
        """An old request comes once more, whatever came between."""
        if self.requests:
            with suppress(exchange.UnknownDevice):
                sealed = self.requests[choice % len(self.requests)]
                self.answers.append(exchange.take(self.province.store, sealed))
            self._keep_all(self.province.store)

    def write_stick(self, index: int) -> None:
        """A device writes what waits to a stick; there may be many sticks."""
        self.sticks.append(self._file("stick"))
        usb.export(self._device(index).opened(), self.sticks[-1])

    def bring_stick(self, choice: int) -> None:
        """The province takes one of the sticks that were written, an old one or the same again."""
        if self.sticks:
            self._province_takes(self.sticks[choice % len(self.sticks)])

    def take_stick(self, index: int, choice: int) -> None:
        """An answer comes back to a device, its own or a colleague's, in whatever order."""
        if self.stick_answers:
            self._device_takes(self._device(index), self.stick_answers[choice % len(self.stick_answers)])

    def carry_stick(self, index: int) -> None:
        """There and back in one go."""
        self.write_stick(index)
        self._province_takes(self.sticks[-1])
        self._device_takes(self._device(index), self.stick_answers[-1])

    def print_sheets(self, index: int, choice: int) -> None:
        """A report is closed and printed with its codes, or one that was printed before is printed again."""
        device = self._device(index)
        again = choice % 3 == 0 and device.reports
        if not again:
            self.number += 1
            with device.ledger.edit() as edit:
                values: dict[str, Value] = {"period": "2025-W27", "line": "ubnd_tinh", "made_at": self.number}
                device.reports.append(edit.create("report", {**values, "hash": self.number.to_bytes(32)}))
            self._keep_all(device.ledger)
        report = device.reports[choice % len(device.reports)] if again else device.reports[-1]
        with suppress(UnknownReport):  # of a time before the disk died
            self.sheets.append(paper.printed(device.opened(), report))

    def scan_sheets(self, choice: int, seen: int) -> None:
        """The province scans what was printed, late or again.

        seen: the one symbol that can be read; from 10 on, all but one in five.
        """
        if self.sheets:
            self._province_scans(self.sheets[choice % len(self.sheets)], seen)

    def take_receipt(self, index: int, choice: int) -> None:
        """A receipt comes back by post, to the machine that printed or to another one, late or again."""
        if self.receipts:
            self._device_scans(self._device(index), self.receipts[choice % len(self.receipts)])

    def carry_paper(self, index: int) -> None:
        """There and back in one go."""
        self.print_sheets(index, 1)
        if self._province_scans(self.sheets[-1], 15):
            self._device_scans(self._device(index), self.receipts[-1])

    def _province_scans(self, sheets: bytes, seen: int) -> bool:
        unseen = set(range(PER_PAGE)) - {seen} if seen < 10 else set(range(seen % 5, PER_PAGE, 5))
        scan = write_sheets(self._file("scan"), sheets, leave_out=unseen)
        done = scans.take(self.province.store, self.folder / "scans", [scan], reader)
        (result,) = done.results
        if result.problem is not None or result.refused:
            raise Apart(f"a sheet was not taken: {result}")
        self._keep_all(self.province.store)
        if result.report is None:
            return False
        found = slips.slip(self.province.store, result.page_set, result.new).carried
        if not found:
            raise Apart("a receipt without room for what it acknowledges")
        self.receipts.append(found)
        return True

    def _device_scans(self, device: Officers, receipt: bytes) -> None:
        before = self._export(device.ledger)
        (result,) = paper.take(device.opened(), [write_sheets(self._file("scan"), receipt)], reader).results
        if result.problem is None:
            self._check_told(result.told, len(result.refused))
            return
        if self._export(device.ledger) != before:
            raise Apart("a receipt that was refused changed something")
        code = result.problem.code
        went = self.went_back or self.copied
        if code != "paper-other-machine" and not (went and code.startswith("paper-")):
            raise Apart(f"a receipt was not taken: {code}")

    def _province_takes(self, stick: Path) -> None:
        answer = self._file("answer")
        taken = bundles.take(self.province.store, self.folder / "files", stick, answer)
        if taken.refused:
            raise Apart("refused on a stick")
        self.stick_answers.append(answer)
        self._keep_all(self.province.store)

    def _device_takes(self, device: Officers, answer: Path) -> None:
        before = self._export(device.ledger)
        try:
            taken = usb.take(device.opened(), answer)
        except (ChainBroken, usb.BundleNotForMachine) as error:
            # a machine behind its copy, or one whose province went back, may have to wait for the network;
            # one that began with a file is in no answer from before the province heard of it
            newcomer = isinstance(error, usb.BundleNotForMachine) and device.by_file
            if not (self.copied or self.went_back or newcomer):
                raise
            if self._export(device.ledger) != before:
                raise Apart("a stick that was refused changed something") from None
            return
        self._check_told(taken.told, taken.refused)
        if not taken.new and self._export(device.ledger) != before:
            raise Apart("a stick that said nothing new changed something")

    def back_up(self, index: int) -> None:
        device = self._device(index)
        device.copies.append(self._file())
        write_copy(device.engine, device.copies[-1])

    def restore(self, index: int, choice: int) -> None:
        """The disk died; an older copy of the ledger takes its place."""
        device = self._device(index)
        if not device.copies:
            return
        self.places.put(str(self.devices.index(device)), device.copies[choice % len(device.copies)])
        device.ledger = Ledger(device.engine, device.clock)
        device.editors = []
        self.copied = True
        self._forget_what_no_one_has()

    def take_in(self, index: int, other: int, choice: int) -> None:
        """A copy of a dead machine's ledger, or of this one's, is taken in beside the present ledger."""
        copies = self._device(other).copies
        if not copies or choice % 2:
            self.back_up(other)
        device = self._device(index)
        takein.take_in(device.opened(), copies[choice % len(copies)])
        self._keep_all(device.ledger)

    def enrol_by_file(self) -> None:
        """One more machine begins with a file of the province; the province hears of it later.

        The province's copies from before the file know its code no more: with them it would be enrolled anew.
        """
        if len(self.devices) == MOST_DEVICES:
            return
        store = self.province.store
        with store.write() as connection:
            content = enrolment.enrol_file(store, connection, UNIT)
        self.province_copies = []
        self.back_up_province()
        path = self._file("enrolment")
        path.write_bytes(content)
        found = enrolment_file.read(path, self.true_time.now)
        secrets = Secrets(Ed25519PrivateKey.generate(), os.urandom(32))
        self._take_in(_templates()[0] / "blank.db", self.true_time.now, secrets)
        device = self.devices[-1]
        public = secrets.key.public_key().public_bytes_raw()
        box_key = keys.box(secrets.data_key).public_key().public_bytes_raw()
        newcomer = Newcomer(found.content.code, random_stream(), public, box_key)
        device.ledger.enrol(found.identity(newcomer, "test"), "Người mới")
        found.fill(device.ledger)
        device.by_file = True
        device.copies = []
        self.back_up(len(self.devices) - 1)
        self.offsets.append(0)
        self._keep_all(device.ledger)

    def copy(self, index: int) -> None:
        """A second machine goes on from the same ledger."""
        if len(self.devices) == MOST_DEVICES:
            return
        device = self._device(index)
        write_copy(device.engine, path := self._file())
        self._take_in(path, device.clock.now, device.secrets)
        self.offsets.append(0)
        self.copied = True

    def back_up_province(self) -> None:
        self.province_copies.append(self._file())
        write_copy(self.province.engine, self.province_copies[-1])

    def restore_province(self, choice: int) -> None:
        self.places.put("province", self.province_copies[choice % len(self.province_copies)])
        self.went_back = True
        self._forget_what_no_one_has()

    def set_clock(self, index: int, offset: int) -> None:
        self.offsets[index % len(self.devices)] = offset

    def tick(self, seconds: int = 7) -> None:
        self.true_time.now += seconds
        for device, offset in zip(self.devices, self.offsets, strict=True):
            device.clock.now = self.true_time.now + offset

    # ---- the end

    def finish(self) -> None:
        """Sync until nothing waits, compare all that is held, then settle every conflict. Raises Apart."""
        for _ in range(ROUNDS):
            self._round()
        self._compare()
        for device in self.devices:
            done = device.sync(Road(self.province))
            if (done.sent, done.received, done.requests, done.told) != (0, 0, 1, ()):
                raise Apart(f"not idle after {ROUNDS} rounds: {done}")
        conflicts = self._compare_with_screens()
        if not conflicts:
            return
        for place, (entity, record, field) in enumerate(sorted(conflicts)):
            self._settle(self.devices[place % len(self.devices)], entity, record, field)
        for _ in range(ROUNDS):
            self._round()
        self._compare()
        if self._compare_with_screens():
            raise Apart("one later edit did not settle a conflict")

    def _round(self) -> None:
        for device in self.devices:
            self.tick()
            self._attempt(device, Road(self.province))

    def _compare(self) -> None:
        with self.province.store.read() as connection:
            expected = held_of(connection, UNIT)
            self._sound(disagreements(connection), "the province")
        for place, device in enumerate(self.devices):
            with device.ledger.read() as connection:
                self._sound(disagreements(connection), f"device {place}")
                found = held_of(connection, UNIT)
                if held := set(_log(connection)) - set(found["log"]):
                    raise Apart(f"device {place} holds what no feed has: {held}")
                if outgoing.waiting(connection) or outgoing.back(connection):
                    raise Apart(f"device {place}: something waits")
            for part, there in expected.items():
                if found[part] != there:
                    lacks = [item for item in there if item not in found[part]]
                    more = [item for item in found[part] if item not in there]
                    raise Apart(f"device {place} differs in {part}: lacks {lacks}, has {more}")
        names = set(expected["log"])
        feeding = {
            name for name, made in self.kept.items()
            if made.entity not in {"unit", "task", "assignment", "programme", "source", "notice"}
        }  # fmt: skip
        if gone := feeding - names:
            raise Apart(f"vanished: {[self.kept[name] for name in gone]}")
        with self.province.store.read() as connection:
            held = set(_log(connection))
        if gone := self.kept.keys() - held:
            raise Apart(f"vanished: {[self.kept[name] for name in gone]}")

    def _sound(self, found: list[str], where: str) -> None:
        if found:
            raise Apart(f"{where}: {found}")

    def _compare_with_screens(self) -> set[tuple[str, str, str]]:
        """The heads that all show against what stood on the screens; returns the fields in conflict."""
        with self.devices[0].ledger.read() as connection:
            changes = {held.change.name: held.change for held in log.read(connection)}
            shown = {
                (row.record, row.field, Name(row.stream, row.n, bytes(row.digest))): row.differs
                for row in connection.execute(select(head))
            }
        superseded = {pair for name in changes for pair in self.screens.get(name, ())}
        by_ref = {name.ref: name for name in changes}
        for name, made in changes.items():
            if name not in self.screens:  # the province's own, and what enrolment wrote
                superseded |= {(by_ref[ref], f) for ref in made.over if ref in by_ref for f in made.fields}
        heads: dict[tuple[str, str, str], set[Name]] = {}
        for name, made in changes.items():
            for field in made.fields if made.entity in ENTITIES else ():
                if (name, field) not in superseded and field not in ENTITIES[made.entity].key:
                    heads.setdefault((made.entity, made.id, field), set()).add(name)
        wanted = {(record, field, name) for (_, record, field), names in heads.items() for name in names}
        if wanted != shown.keys():
            raise Apart(f"written over unseen: {wanted - shown.keys()}; shown though settled: "
                        f"{shown.keys() - wanted}")  # fmt: skip
        conflicts = {
            place
            for place, names in heads.items()
            if len({changes[name].fields[place[2]] for name in names}) > 1
        }
        said = {(record, field) for (record, field, _), differs in shown.items() if differs}
        if said != {(record, field) for _, record, field in conflicts}:
            raise Apart(f"conflicts: {conflicts}, said: {said}")
        return conflicts

    def _settle(self, device: Officers, entity: str, record: str, field: str) -> None:
        """Choose the value that is shown, by writing it once."""
        with device.ledger.read() as connection:
            shown = seen(connection, entity, [record])[record, field]
        made = shown.heads[0].change
        key = {name: str(made.fields[name]) for name in ENTITIES[entity].key}
        if entity in {"task", "assignment", "unit", "programme", "source", "receipt"}:
            self.province.issue(Wanted(entity, {**key, field: shown.value}))
            return
        with device.ledger.edit() as edit:
            settled = self.edit(edit, entity, key, {field: shown.value}, {field: shown})
            if settled is None:
                raise Apart("a choice between two values was not written")
            self._note(settled, {field: shown})

    # ---- remembering

    def _remember(self, editor: Editor, made: Change) -> Editor:
        """The editor goes on from what it wrote: that is what its screen shows now."""
        written = {name: editor.shown[name] for name in editor.shown if name in made.fields}
        self._note(made, written)
        after = {name: Seen(made.fields[name], (Held(made),), False) for name in written}
        return Editor(editor.spot, {**editor.shown, **after})

    def _note(self, made: Change, shown: dict[str, Seen]) -> None:
        """What stood on the screen; behind a head that the province does not have, what that one stood on."""
        on_screen = self.screens.setdefault(made.name, set())
        for seen_field, what in shown.items():
            for item in what.heads:
                names = {item.change.name}
                if item.arrived is None:
                    names |= {name for name, _ in self.screens.get(item.change.name, ())}
                on_screen |= {(name, field) for name in names for field in shown if field or seen_field}
        self.kept[made.name] = made

    def _leave_gap(self, edit: Edit, gap: int) -> None:
        """A program that drew numbers and used only the last."""
        stream = edit._stream
        made = seal(
            stream=stream, n=next_number(edit.connection, stream) + gap, by=edit.by, at=edit.at,
            entity="#99", id="0" * 32, fields={"#1": self.number}, over=(),
        )  # fmt: skip
        apply(edit.connection, [Held(made)])
        self.screens.setdefault(made.name, set())
        self.kept[made.name] = made

    def _keep_all(self, end: Ledger | store.Store) -> None:
        with end.read() as connection:
            for held in log.read(connection):
                self.kept.setdefault(held.change.name, held.change)

    def _forget_what_no_one_has(self) -> None:
        there: set[Name] = set()
        for end in self._ends():
            with end.read() as connection:
                there |= set(_log(connection))
        self.kept = {name: made for name, made in self.kept.items() if name in there}

    # ---- small parts

    def _take_in(self, file: Path, now: int, secrets: Secrets) -> None:
        name = str(len(self.devices))
        engine = self.places.put(name, file)
        device = Officers(self.places.path(name), Clock(now), new=False, engine=engine)
        device.key, device.data_key = secrets
        device.copies.append(file)
        self.devices.append(device)

    def _attempt(self, device: Officers, wire: Wire) -> None:
        cut = bool(wire.lose or wire.hand)
        try:
            done = device.sync(wire)
        except NoAnswer:
            if not wire.hand:
                raise
        except NoConnection:
            if not cut:
                raise
        else:
            self._check_told(done.told, done.refused)
        self.requests += wire.seen
        self.answers += wire.answers

    def _check_told(self, told: tuple[str, ...], refused: int) -> None:
        if "province-went-back" in told and not self.went_back:
            raise Apart("the province did not go back")
        if "ledger-copied" in told and not self.copied:
            raise Apart("no ledger was copied")
        if refused:
            raise Apart("refused")

    def _device(self, index: int) -> Officers:
        return self.devices[index % len(self.devices)]

    def _ends(self) -> list[Ledger | store.Store]:
        return [self.province.store, *[device.ledger for device in self.devices]]

    def _file(self, kind: str = "db") -> Path:
        self.files += 1
        return self.folder / f"{self.files}.{kind}"

    def _holds_task(self) -> bool:
        with self.province.store.read() as connection:
            found = connection.execute(
                select(rows["task"].c.id).where(rows["task"].c.id == task_id("P", "T1"))
            )
            return found.first() is not None

    def _export(self, ledger: Ledger) -> dict[str, list]:
        with ledger.read() as connection:
            return {
                **held_of(connection, UNIT),
                "all": sorted(map(str, log.read(connection))),
                "told": list(connection.execute(select(told))),
                "cursors": [tuple(place) for place in outgoing.earlier(connection)],
            }


def _log(connection) -> Iterator[Name]:
    return (held.change.name for held in log.read(connection))


@contextmanager
def commune(make: Callable[[], Commune] = Commune) -> Iterator[Commune]:
    made = make()
    try:
        yield made
    finally:
        made.close()


__all__ = ["CLOCKS", "SPOTS", "Apart", "Commune", "Editor", "Ref", "commune"]
