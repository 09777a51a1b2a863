"""The user's own task: what is written for systemd and for Windows, and what of it could not be begun."""

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from app.services.scheduling import (
    EVERY_MINUTES,
    ScheduleRefused,
    ScheduleUnknown,
    Standing,
    Task,
    service_unit,
    timer_unit,
    windows_arguments,
    windows_task,
)
from app.storage.home import Home, NotEnrolled

ODD = "/nhà của tôi/50% \"xã\" 'A' $HOME %h %41 \\n #1;x"


class System:
    """Runs nothing; keeps what was asked for."""

    def __init__(self, *codes):
        self.asked = []
        self.codes = list(codes)

    def __call__(self, command):
        self.asked.append(list(command))
        return self.codes.pop(0) if self.codes else 0


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "config"


def linux(office, folder, system):
    return Task(
        office.home,
        system="linux",
        environment={"XDG_CONFIG_HOME": str(folder)},
        run=system,
        python="/opt/python %3/bin/python",
    )


def unquoted(line):
    """The words of a line as systemd.syntax(7) describes them; written apart from ours."""
    words, word, inside, place = [], None, "", 0
    while place < len(line):
        letter = line[place]
        if letter == "\\" and inside != "'":
            following = line[place + 1]
            if following == "x":
                word = (word or "") + chr(int(line[place + 2 : place + 4], 16))
                place += 4
                continue
            word = (word or "") + {"n": "\n", "t": "\t"}.get(following, following)
            place += 2
            continue
        if inside:
            if letter == inside:
                inside = ""
            else:
                word += letter
        elif letter in "\"'":
            inside, word = letter, word or ""
        elif letter == " ":
            if word is not None:
                words.append(word)
            word = None
        else:
            word = (word or "") + letter
        place += 1
    assert not inside
    words.append(word)
    assert all("%" not in word.replace("%%", "") for word in words), "a specifier"
    return [word.replace("%%", "%") for word in words]


def values(unit, name):
    return [line.partition("=")[2] for line in unit.splitlines() if line.startswith(f"{name}=")]


def test_on_and_off_on_linux(office, folder):
    system = System()
    task = linux(office, folder, system)
    assert task.standing() == Standing(False)
    assert task.on() == Standing(True, "yes")
    assert task.standing().on
    name = f"so-nhiem-vu-{office.home.read().ledger_id[:8]}"
    units = folder / "systemd" / "user"
    assert sorted(path.name for path in units.iterdir()) == [
        f"{name}.service", f"{name}.timer", "timers.target.wants",
    ]  # fmt: skip
    link = units / "timers.target.wants" / f"{name}.timer"
    assert link.resolve() == units / f"{name}.timer"
    assert system.asked == [
        ["systemctl", "--user", "daemon-reload"],
        ["systemctl", "--user", "restart", f"{name}.timer"],
    ]
    (command,) = values((units / f"{name}.service").read_text(), "ExecStart")
    words = unquoted(command.removeprefix(":"))
    assert words[0] == "/opt/python %3/bin/python"
    assert words[-3:] == ["sync", "--home", str(office.home.path)]
    assert task.on() == Standing(True, "yes")  # once more is as good
    assert task.off() == Standing(False)
    assert [path for path in folder.rglob("*") if not path.is_dir()] == []
    assert not link.is_symlink() and not task.standing().on
    assert task.off() == Standing(False)


def test_without_a_running_systemd_the_files_are_there_and_it_is_said(office, folder):
    assert linux(office, folder, System(1)).on() == Standing(True, "later")
    assert linux(office, folder, System(0, 1)).on() == Standing(True, "later")
    assert linux(office, folder, System(None)).on() == Standing(True, "no")
    assert linux(office, folder, System(None, None)).standing().on
    assert linux(office, folder, System(None, None)).off() == Standing(False)


def test_two_homes_have_two_tasks_and_no_home_has_none(office, folder, tmp_path):
    linux(office, folder, System()).on()
    with pytest.raises(NotEnrolled):
        Task(Home(tmp_path / "leer"), system="linux", run=System()).on()
    with pytest.raises(ScheduleUnknown):
        Task(office.home, system="darwin", run=System()).on()
    assert not (tmp_path / "leer").exists()


@pytest.mark.parametrize("home", [ODD, "/a b", "/dòng\nhai\tba\x01", "/nhà", "/x\\"])
def test_any_home_reaches_the_program_as_it_is(home):
    (command,) = values(service_unit("/usr/bin/python3", Path(home)), "ExecStart")
    assert command.startswith(':"')  # a $ means nothing behind a colon
    assert unquoted(command.removeprefix(":")) == [
        "/usr/bin/python3", "-P", "-m", "app.main", "sync", "--home", home,
    ]  # fmt: skip


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
@pytest.mark.parametrize("home", [ODD, "/dòng\nhai"])
def test_systemd_itself_reads_it(tmp_path, home):
    (tmp_path / "x.service").write_text(service_unit(sys.executable, Path(home)), encoding="utf-8")
    (tmp_path / "x.timer").write_text(timer_unit(), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(tmp_path / "x.timer")],
        capture_output=True, encoding="utf-8",
        env={"XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_timer_goes_by_a_clock_that_only_goes_forward():
    unit = timer_unit()
    assert values(unit, "OnUnitInactiveSec") == [f"{EVERY_MINUTES}min"]
    assert "OnCalendar" not in unit and "Persistent" not in unit


# ---- Windows: built and read back here, never run ------------------------------------------------


def windows(office, system):
    environment = {"USERDOMAIN": "XA", "USERNAME": "Hà & Lan"}
    return Task(office.home, system="win32", environment=environment, run=system, python="/opt/python.exe")


def test_on_and_off_on_windows(office):
    described = office.home.path / "schedule.xml"
    seen = []

    def system(command):
        seen.append(list(command))
        if "/Create" in command:
            seen.append(fromstring(described.read_bytes().decode("utf-16")))
        return 0

    assert windows(office, system).on() == Standing(True)
    created, task = seen
    name = f"So Nhiem Vu\\{office.home.read().ledger_id[:8]}"
    assert created == ["schtasks", "/Create", "/TN", name, "/XML", str(described), "/F"]
    assert not described.exists()
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert task.findtext("t:Principals/t:Principal/t:LogonType", namespaces=space) == "InteractiveToken"
    assert task.findtext("t:Principals/t:Principal/t:UserId", namespaces=space) == "XA\\Hà & Lan"
    assert task.findtext("t:Settings/t:RunOnlyIfNetworkAvailable", namespaces=space) == "false"
    assert task.findtext("t:Actions/t:Exec/t:Command", namespaces=space) == "/opt/python.exe"
    seen.clear()
    assert windows(office, system).standing().on
    assert windows(office, system).off() == Standing(False)
    assert seen[-1] == ["schtasks", "/Delete", "/TN", name, "/F"]


def test_what_windows_refuses_is_said_and_leaves_nothing(office):
    with pytest.raises(ScheduleRefused):
        windows(office, System(1)).on()
    with pytest.raises(ScheduleRefused):
        windows(office, System(None)).on()
    assert not (office.home.path / "schedule.xml").exists()
    assert windows(office, System(1, 1)).off() == Standing(False)  # there was none


@pytest.mark.parametrize("home", [r"C:\Người dùng\Hà Lan", "C:\\a'b & c\\", r"D:\%TEMP%\50%", r"C:\x"])
def test_any_home_reaches_the_program_on_windows(home):
    words = windows_arguments(home)
    assert "%" not in words
    task = fromstring(windows_task("python.exe", home, "Hà").decode("utf-16"))
    given = task.findtext("{*}Actions/{*}Exec/{*}Arguments")
    assert given == words
    if "%" in home:
        code = words.partition(" ")[2].strip('"').partition(";sys.exit(main(")[2].rpartition("))")[0]
        assert eval(code) == ["sync", "--home", home]
    else:
        assert words == subprocess.list2cmdline(["-m", "app.main", "sync", "--home", home])
