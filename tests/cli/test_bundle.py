"""Stick and file of enrolment at the command line of both ends, with no connection at all."""

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import resources
from app.main import main
from app.storage.home import Home
from sync.server.main import main as server_main
from tests.cli.conftest import Said
from tests.sync.client.authority import Authority
from tests.world import Clock

WEEK = "2025-W27"


@dataclass
class Ends:
    """Runs commands of the province and of machines in this process; `stick` is a folder that both see."""

    folder: Path
    stick: Path
    clock: Clock
    capfd: object

    def _said(self, code: int) -> Said:
        heard = self.capfd.readouterr()
        assert "Traceback" not in heard.out + heard.err
        return Said(code, heard.out, heard.err)

    def province(self, *words: str) -> Said:
        self.capfd.readouterr()
        db = f"sqlite:///{self.folder / 'tỉnh' / 'province.db'}"
        return self._said(server_main([*words, "--db", db], self.clock))

    def machine(self, name: str):
        home = self.folder / name
        home.mkdir()
        Home(home).mark_demo({"start": time.time(), "began": time.time()})  # never meets a tester's keyring

        def call(*words: str) -> Said:
            self.capfd.readouterr()
            return self._said(main([*words, "--home", str(home)], clock=self.clock))

        call.home = home
        return call

    def on(self, name: str) -> str:
        return str(self.stick / name)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A province with the sample tasks, made once."""
    folder = tmp_path_factory.mktemp("full")
    db = ["--db", f"sqlite:///{folder / 'province.db'}"]
    assert server_main(["init", *db], Clock()) == 0
    assert server_main(["import-tasks", str(resources.path("data", "sample_tasks.csv")), *db], Clock()) == 0
    return folder


@pytest.fixture
def ends(tmp_path, capfd, full):
    folder, stick = tmp_path / "nhà #1 %41", tmp_path / "USB #1 %41 ' ha\u0323"
    folder.mkdir()
    stick.mkdir()
    shutil.copytree(full, folder / "tỉnh")
    return Ends(folder, stick, Clock(), capfd)


def enrolled(ends, name="máy một", unit="16813"):
    file = ends.on(f"ghi danh {name}")
    assert ends.province("enrol-file", unit, file).code == 0
    machine = ends.machine(name)
    machine.said = machine("enrol", "--file", file, "--name", "Lương Thị Hà")
    assert machine.said.code == 0, machine.said.err
    return machine


def exchange(ends, machine, name="gói") -> tuple[Said, Said]:
    assert machine("bundle", "export", ends.on(name)).code == 0
    taken = ends.province("bundle", "import", ends.on(name), "--answer", ends.on(f"{name}.về"), "--json")
    assert taken.code == 0, taken.err
    return taken, machine("bundle", "import", ends.on(f"{name}.về"), "--json")


def pending(machine) -> int:
    return machine("status", "--json").json["pending"]


def test_a_new_machine_works_at_once_and_the_first_stick_confirms_it(ends):
    machine = enrolled(ends)
    assert "Mường Xén" in machine.said.out and "làm việc ngay" in machine.said.out
    listed = machine("tasks", "--json").json
    assert len(listed) > 20
    assert machine("record", "BCD25-048", "--percent", "10", "--period", WEEK).code == 0
    assert ends.province("devices", "--json").json == []
    taken, back = exchange(ends, machine)
    assert taken.json["enrolled"] and taken.json["new"] == 2 and taken.json["known"] == 0
    assert (back.code, back.json) == (
        0, {"sent": 2, "received": 0, "refused": 0, "road": "usb", "new": True},
    )  # fmt: skip
    assert [item["name"] for item in ends.province("devices", "--json").json] == ["Văn phòng 1"]
    assert pending(machine) == 0
    again = machine("bundle", "import", ends.on("gói.về"), "--json")
    assert (again.code, again.json) == (
        0, {"sent": 0, "received": 0, "refused": 0, "road": "usb", "new": False},
    )  # fmt: skip
    assert machine("check").code == 0


def test_the_words_of_a_stick(ends):
    machine = enrolled(ends)
    machine("record", "BCD25-048", "--percent", "10", "--period", WEEK)
    said = machine("bundle", "export", ends.on("a"))
    assert "2 mục" in said.out and "Có thể rút USB" in said.out
    taken = ends.province("bundle", "import", ends.on("a"), "--answer", ends.on("b"))
    assert "đã nhận trước đó 0, mới 2" in taken.out and "Văn phòng 1" in taken.out
    taken = ends.province("bundle", "import", ends.on("a"), "--answer", ends.on("b"))
    assert "đã nhận trước đó 2, mới 0" in taken.out
    back = machine("bundle", "import", ends.on("b"))
    assert "Tỉnh đã nhận 2 mục (qua USB)" in back.out and "Văn phòng 1" in back.out
    assert "không có mục nào chờ gửi" in machine("bundle", "export", ends.on("a")).out.casefold()


def test_with_nothing_waiting_it_still_asks_for_what_is_new(ends):
    machine = enrolled(ends)
    exchange(ends, machine, "1")
    assert ends.province("withdraw", "BCD25-048", "--document", "CV 12 ngày 01/7/2025").code == 0
    _, back = exchange(ends, machine, "2")
    assert back.json["received"] == 1 and back.json["new"]


def test_a_file_used_twice_is_refused_at_the_first_stick_and_the_records_stay(ends):
    first = enrolled(ends)
    second = ends.machine("máy hai")
    assert second("enrol", "--file", ends.on("ghi danh máy một"), "--name", "Vi Văn Nam").code == 0
    second("record", "BCD25-048", "--percent", "10", "--period", WEEK)
    exchange(ends, first)
    second("bundle", "export", ends.on("hai"))
    Path(ends.on("về")).write_bytes(b"old")
    refused = ends.province("bundle", "import", ends.on("hai"), "--answer", ends.on("về"))
    assert refused.code == 1 and "Văn phòng 1" in refused.err
    assert Path(ends.on("về")).read_bytes() == b"old"
    told = second("bundle", "import", ends.on("gói.về"))
    assert told.code == 1 and "chưa xác nhận máy này" in told.err and "vẫn còn" in told.err
    assert pending(second) == 2


def test_a_refused_machine_comes_with_a_new_file_and_brings_all_it_recorded(ends):
    first = enrolled(ends)
    second = ends.machine("máy hai")
    assert second("enrol", "--file", ends.on("ghi danh máy một"), "--name", "Vi Văn Nam").code == 0
    second("record", "BCD25-048", "--percent", "10", "--period", WEEK)
    exchange(ends, first)
    assert second("enrol", "--file", ends.on("ghi danh máy một"), "--name", "Vi Văn Nam").code == 1
    for name, unit in (("mới", "16813"), ("xã khác", "16738")):
        assert ends.province("enrol-file", unit, ends.on(name)).code == 0
    assert second("enrol", "--file", ends.on("xã khác"), "--name", "Vi Văn Nam").code == 1
    assert second("enrol", "--file", ends.on("mới"), "--name", "Vi Văn Nam").code == 0
    taken, back = exchange(ends, second, "hai")
    assert taken.json["enrolled"] and taken.json["device_name"] == "Văn phòng 2"
    assert back.json["sent"] == 2 and pending(second) == 0
    assert second("check").code == 0
    assert ends.province("enrol-file", "16813", ends.on("nữa")).code == 0
    assert second("enrol", "--file", ends.on("nữa"), "--name", "Vi Văn Nam").code == 1, "it is confirmed"


def test_a_refused_bundle_leaves_the_province_and_the_answer_as_they_were(ends):
    machine = enrolled(ends)
    machine("bundle", "export", ends.on("a"))
    whole = Path(ends.on("a")).read_bytes()
    Path(ends.on("về")).write_bytes(b"old")
    before = ends.province("log", "--unit", "16813", "--json").json
    said = set()
    for name, content in {
        "hỏng": whole[:500] + bytes((whole[500] ^ 1,)) + whole[501:],
        "cụt": whole[:-7], "ảnh": b"\xff\xd8" * 99,
    }.items():  # fmt: skip
        Path(ends.on(name)).write_bytes(content)
        refused = ends.province("bundle", "import", ends.on(name), "--answer", ends.on("về"))
        assert refused.code == 1 and refused.out == ""
        said.add(refused.err.replace(ends.on(name), ""))
    assert len(said) == 2  # damaged, and no bundle at all
    missing = ends.province("bundle", "import", ends.on("không có"), "--answer", ends.on("về"))
    folder = ends.province("bundle", "import", str(ends.stick), "--answer", ends.on("về"))
    nowhere = ends.province("bundle", "import", ends.on("a"), "--answer", ends.on("không/có"))
    onto = ends.province("bundle", "import", ends.on("a"), "--answer", str(ends.stick))
    assert [one.code for one in (missing, folder, nowhere, onto)] == [1, 1, 1, 1]
    assert Path(ends.on("về")).read_bytes() == b"old"
    assert ends.province("log", "--unit", "16813", "--json").json == before
    assert ends.province("devices", "--json").json == []
    assert ends.province("bundle", "import", ends.on("a"), "--answer", ends.on("về")).code == 0


def test_an_answer_is_refused_at_the_province_and_a_request_at_the_machine(ends):
    machine = enrolled(ends)
    exchange(ends, machine)
    other = enrolled(ends, "máy xã khác", "16738")
    assert "chiều ngược lại" in machine("bundle", "import", ends.on("gói")).err
    wrong = ends.province("bundle", "import", ends.on("gói.về"), "--answer", ends.on("x"))
    assert wrong.code == 1 and "chiều ngược lại" in wrong.err
    assert not Path(ends.on("x")).exists()
    told = other("bundle", "import", ends.on("gói.về"))
    assert told.code == 1 and "xã khác" in told.err


@pytest.mark.parametrize("place", [0, 5, 20, 60, 200, -1])
def test_a_file_of_enrolment_changed_by_a_single_byte_is_not_used(ends, place):
    file = Path(ends.on("f"))
    assert ends.province("enrol-file", "16813", str(file)).code == 0
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    machine = ends.machine("máy")
    said = machine("enrol", "--file", str(file), "--name", "Hà")
    assert said.code == 1 and said.err.count("\n") == 1
    assert not (machine.home / "ledger.db").exists()
    assert machine("tasks").code == 1


def test_an_old_file_is_said_at_once(ends):
    assert ends.province("enrol-file", "16813", ends.on("f")).code == 0
    ends.clock.now += 31 * 86_400
    said = ends.machine("máy")("enrol", "--file", ends.on("f"), "--name", "Hà")
    assert said.code == 1 and "30/06/2025" in said.err and "30 ngày" in said.err


def test_what_is_needed_to_enrol_is_said(ends):
    machine = ends.machine("máy")
    for words in (
        ["--name", "Hà"], ["--code", "X", "--name", "Hà"], ["--file", "f"],
        ["--file", "f", "--code", "X", "--name", "Hà"],
    ):  # fmt: skip
        assert machine("enrol", *words).code == 2
    assert machine("bundle").code == 2 and machine("bundle", "export").code == 2
    assert ends.province("bundle", "import", "a").code == 2
    assert ends.province("enrol-file", "99999", ends.on("f")).code == 1
    assert not Path(ends.on("f")).exists()


def test_a_file_that_is_something_else_is_not_written_over(ends):
    Path(ends.on("f")).write_text("bảng", encoding="utf-8")
    assert ends.province("enrol-file", "16813", ends.on("f")).code == 1
    assert Path(ends.on("f")).read_text(encoding="utf-8") == "bảng"
    for _ in range(2):  # an older file of enrolment is
        assert ends.province("enrol-file", "16813", ends.on("g")).code == 0
    said = json.loads(ends.province("enrol-file", "16813", ends.on("g"), "--json").out)
    assert said["unit"] == "16813" and Path(ends.on("g")).stat().st_size == said["bytes"]


def test_the_address_and_the_certificate_come_with_the_file(ends):
    pem = Authority().pem
    Path(ends.on("ca.pem")).write_text(f"Tỉnh\n{pem}-----BEGIN PRIVATE KEY-----\nAAAA\n", encoding="utf-8")
    assert ends.province(
        "enrol-file", "16813", ends.on("f"), "--address", "https://tinh.example", "--ca", ends.on("ca.pem")
    ).code == 0  # fmt: skip
    from sync.client import enrolment_file

    content = enrolment_file.read(Path(ends.on("f")), ends.clock()).content
    assert content.server == "https://tinh.example" and content.ca.strip() == pem.strip()
    assert ends.province("enrol-file", "16813", ends.on("g"), "--ca", ends.on("không có")).code == 1


@pytest.mark.parametrize(
    "content", ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_file_that_is_no_certificate_is_refused_by_both_ends(ends, content):
    Path(ends.on("ca.pem")).write_text(content, encoding="ascii")
    said = ends.province("enrol-file", "16813", ends.on("f"), "--ca", ends.on("ca.pem"))
    assert said.code == 1 and "ca.pem" in said.err and not Path(ends.on("f")).exists()
    assert ends.province("enrol-file", "16813", ends.on("f")).code == 0
    machine = ends.machine("máy")
    how = ("--name", "Hà", "--ca", ends.on("ca.pem"))
    for way in (["--file", ends.on("f")], ["--server", "https://127.0.0.1:9", "--code", "x"]):
        said = machine("enrol", *way, *how)
        assert said.code == 1 and "ca.pem" in said.err
    assert not (machine.home / "ledger.db").exists()


@pytest.mark.parametrize(
    "address", ["http://10.0.0.7:80", "ftp://tinh.example", "https://", "https://a:b", "http://[1"]
)
def test_an_address_where_no_machine_would_send_is_not_handed_out(ends, address):
    said = ends.province("enrol-file", "16813", ends.on("f"), "--address", address)
    assert said.code == 1 and address in said.err and not Path(ends.on("f")).exists()
    for good in ("https://tinh.example", "tinh.example:8443", "http://127.0.0.1:8080"):
        assert ends.province("enrol-file", "16813", ends.on("f"), "--address", good).code == 0
