"""The province on PostgreSQL: the same commands, the same figures, the same exchange."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.change import Held
from app.domain.fields import identity
from app.domain.ids import assignment_id, progress_id, task_id
from app.domain.reporting import Period
from app.record import regime
from app.record.apply import apply
from app.record.digest import seal
from app.record.engine import open_url
from app.record.tables import rows
from app.record.verify import disagreements
from app.services import opening
from app.storage.home import Home
from sync.client import enrolment_file, usb
from sync.server import door, enrolment, missing, store, uploads
from sync.server import regime as server_regime
from sync.server.importing import import_tasks
from sync.server.shelf import Shelf
from sync.server.table import read_tasks
from sync.server.tus import Wanted
from tests.sync.sheets import printed, receipt, scanned, taken
from tests.sync.sticks import OTHER, Desk, photo, record, there_and_back, waiting
from tests.world import UNIT, Clock, Device, Province, Wire, task, units

_FOUND = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
_BIN = _FOUND[-1].parent if _FOUND else None
_AS = ["runuser", "-u", "postgres", "--"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []

pytestmark = pytest.mark.skipif(
    _BIN is None or bool(_AS and shutil.which("runuser") is None),
    reason="PostgreSQL's server is not installed here (apt-get install postgresql)",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A PostgreSQL of the test's own, reached by a socket in its folder: no port that another may take."""
    pytest.importorskip("psycopg")
    folder = Path(tmp_path_factory.mktemp("pg"))
    if _AS:
        for part in (folder, *folder.parents):
            if part == Path(tempfile.gettempdir()):
                break
            part.chmod(0o755)
        shutil.chown(folder, "postgres")

    def pg(*command: str) -> None:
        subprocess.run(
            [*_AS, str(_BIN / command[0]), *command[1:]], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )

    data = str(folder / "data")
    pg("initdb", "-D", data, "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", "postgres")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    pg("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        pg("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


class OnPostgres(Province):
    def __init__(self, url: str, clock: Clock) -> None:
        self.clock = clock
        self.engine = open_url(url)
        store.Store.prepare(self.engine)
        self.store = store.Store(self.engine, clock)


def test_a_week_goes_up_and_comes_down(address, tmp_path):
    clock = Clock()
    province = OnPostgres(address, clock)
    issued = province.issue(*units(UNIT), *task("T1", UNIT), *task("T2", UNIT))
    assert province.issue(*task("T1", UNIT)).changes == 0
    one, two = Device(tmp_path / "one.db", clock), Device(tmp_path / "two.db", clock)
    for device in (one, two):
        device.enrol(province)
        assert device.sync(Wire(province)).received >= issued.changes
    key = {"assignment": assignment_id(task_id("P", "T1"), UNIT), "week": "2025-W27"}
    with one.ledger.edit() as edit:
        edit.set("progress", key, "result", "Đã làm xong bước một.")
    assert one.sync(Wire(province)).sent == 1
    assert two.sync(Wire(province)).received == 1
    with province.store.read() as connection:
        assert disagreements(connection) == []
    for closed in (one, two, province):
        closed.close()


def test_two_machines_at_once_make_rows_of_the_whole_log(address, tmp_path):
    clock = Clock()
    province = OnPostgres(address, clock)
    province.issue(*units(UNIT), *task("T9", UNIT))
    key = {"assignment": assignment_id(task_id("P", "T9"), UNIT), "week": "2025-W27"}
    devices = [Device(tmp_path / f"{n}.db", clock) for n in range(4)]
    for device in devices:
        device.enrol(province)
        device.sync(Wire(province))
    for turn in range(5):
        for n, device in enumerate(devices):
            with device.ledger.edit() as edit:
                edit.set("progress", key, ("result", "difficulty", "proposal", "next_step")[n], f"lần {turn}")
        with ThreadPoolExecutor(len(devices)) as pool:
            assert [done.sent for done in pool.map(lambda d: d.sync(Wire(province)), devices)] == [1, 1, 1, 1]
    with province.store.read() as connection:
        assert disagreements(connection) == []
    for closed in (*devices, province):
        closed.close()


def test_a_stick_goes_there_and_back(address, tmp_path):
    clock = Clock()
    desk = Desk(tmp_path, clock, OnPostgres(address, clock))
    with desk.store.write() as connection:
        (tmp_path / "f").write_bytes(enrolment.enrol_file(desk.store, connection, OTHER))
    found = enrolment_file.read(tmp_path / "f", clock())
    one = opening.enrol(
        Home(tmp_path / "one"), clock, found.content.code, "Hà",
        lambda newcomer: found.identity(newcomer, "test"), keyring=False, fill=found.fill,
    )  # fmt: skip
    two = desk.machine("two", OTHER)
    record(one, "Đã mở lớp", unit=OTHER)
    photo(one, b"\xff\xd8" * 5_000)
    back = there_and_back(desk, one, tmp_path)
    assert (back.sent, back.held, back.confirmed) == (2, 1, True)
    assert usb.take(two, tmp_path / "gói.trả lời").new
    record(two, "Mưa", "difficulty", unit=OTHER)
    own = waiting(two)
    assert there_and_back(desk, two, tmp_path, "hai").sent == own > 0
    assert usb.take(one, tmp_path / "hai.trả lời").received == own
    assert not there_and_back(desk, one, tmp_path, "ba").received
    with desk.store.read() as connection:
        assert disagreements(connection) == []
    for closed in (one, two, desk):
        closed.close()


def test_sheets_go_there_and_back(address, tmp_path):
    clock = Clock()
    desk = Desk(tmp_path, clock, OnPostgres(address, clock))
    opened = desk.machine("giấy")
    record(opened, "Đã mở lớp trên giấy")
    sheets = printed(opened, tmp_path / "a")
    for _ in range(2):
        done = scanned(desk, sheets)
        assert done.good
        assert taken(opened, receipt(desk, done.results[0], tmp_path / "b")).good
    assert waiting(opened) == 0
    with opened.ledger.edit() as edit:
        signed = {"sheet": "ab" * 32, "sheet_name": "bản ký.pdf", "sheet_size": 7}
        edit.write("report", {}, signed, record=done.results[0].report)
    there_and_back(desk, opened, tmp_path)
    with desk.store.read() as connection:
        assert disagreements(connection) == []
        assert [line["file"] for line in missing.of_unit(connection, UNIT) if not line["code"]] == ["ab" * 32]
    opened.close()
    desk.close()


def test_a_view_stays_as_it_was(address):
    province = OnPostgres(address, Clock())
    province.issue(*units(UNIT))
    query = select(func.count()).select_from(rows["unit"])
    with province.store.read() as connection:
        before = connection.execute(query).scalar_one()
        province.issue(*units("17000"))
        assert connection.execute(query).scalar_one() == before
    with province.store.read() as connection:
        assert connection.execute(query).scalar_one() == before + 1
    province.close()


def test_two_tables_at_once_get_two_notices(address):
    province = OnPostgres(address, Clock())
    province.issue(*units(UNIT))

    def bring(code: str) -> str:
        row = f"code,title,unit_codes,report_line\n{code},Nhiệm vụ,{UNIT},ubnd_tinh\n"
        table = read_tasks(row.encode(), "t.csv")
        with province.store.write() as connection:
            done = import_tasks(connection, province.clock(), table)
            time.sleep(0.3)  # the other one has begun meanwhile
        return done.notice

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(bring, ("P25-001", "P25-002")))) == 2
    province.close()


def test_files_of_evidence_arrive_in_parts_and_are_missed_until_they_are_whole(address, tmp_path):
    province = OnPostgres(address, Clock())
    province.issue(*units(UNIT), *task("T9", UNIT))
    content = bytes(range(256)) * 40
    sha256 = hashlib.sha256(content).hexdigest()
    week = {"assignment": assignment_id(task_id("P", "T9"), UNIT), "week": "2025-W30"}
    told = {"progress": progress_id(*week.values()), "file": sha256, "name": "ảnh.jpg", "size": len(content)}
    changes = [
        seal(
            stream=9,
            n=n,
            by="9" * 32,
            at=1,
            entity=entity,
            id=identity(entity, fields),
            fields=fields,
            over=(),
        )
        for n, (entity, fields) in enumerate([("progress", week), ("evidence", told)], start=1)
    ]
    with province.store.write() as connection:
        assert door.refusals(connection, UNIT, changes) == {}
        apply(connection, [Held(made, 1) for made in changes])
    shelf = Shelf(province.store, tmp_path / "files")
    row = shelf.find(shelf.create(UNIT, Wanted(len(content), sha256, True)))
    assert shelf.append(row, 0, content[:1000]) == 1000
    shelf.note(row)
    with province.store.read() as connection:
        # the database is one for all tests, and another one told of a sheet of this commune
        [line] = [line for line in missing.of_unit(connection, UNIT) if line["code"] == "T9"]
        before = missing.counts(connection)[UNIT]
        assert before.missing == len(missing.of_unit(connection, UNIT))
        assert (line["code"], line["period"], line["received"]) == ("T9", "2025-W30", 1000)
        assert door.refusals(connection, OTHER, changes) == {0: "not-yours", 1: "not-yours"}
        assert uploads.leaves(province.store, connection, UNIT, (bytes.fromhex(sha256),)) != ("",)
    assert shelf.create(UNIT, Wanted(len(content), sha256, True)) == row.id
    shelf.append(row, 1000, content[1000:])
    assert shelf.offset(row) == len(content)
    with province.store.read() as connection:
        assert missing.counts(connection)[UNIT] == (before.files, before.missing - 1)
        assert "T9" not in {line["code"] for line in missing.of_unit(connection, UNIT)}
        assert uploads.leaves(province.store, connection, UNIT, (bytes.fromhex(sha256),)) == ("",)
    assert uploads.take_file(province.store, tmp_path / "files", UNIT, sha256, content) is False
    province.engine.dispose()


def test_the_calendar_of_the_province_is_read_on_postgresql(address):
    province = OnPostgres(address, Clock())
    rules = b"line,frequency,valid_from,cut_off,due,time\nubnd_tinh,month,2025-07-01,20,3,11:30\n"
    days = "date,name,kind\n2025-07-21,Nghỉ hoán đổi,swapped_off\n".encode()
    province.issue(*server_regime.read_rules(rules, "r.csv"), *server_regime.read_days(days, "d.csv"))
    with province.store.read() as connection:
        due = regime.calendar(connection).due(Period.parse("2025-07"))
    assert f"{due:%d/%m/%Y %H:%M}" == "24/07/2025 11:30"
    province.engine.dispose()
