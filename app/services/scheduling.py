"""The user's own task at the operating system, which exchanges with the province while no window is open.

A user's timer of systemd on Linux, a task of the Task Scheduler on Windows; both run while the user is logged
on, with the user's own rights, and call `so-nhiem-vu sync` for this home. Whether the province can be reached
is for that call to find out.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.domain.errors import LedgerError
from app.record.files import discard, ours, write_whole
from app.storage.home import Home

EVERY_MINUTES = 20
SPREAD_MINUTES = 5
_WAIT_SECONDS = 30
_ROOT = Path(__file__).resolve().parents[2]
_SCHEMA = "http://schemas.microsoft.com/windows/2004/02/mit/task"

Run = Callable[[Sequence[str]], int | None]
"""Runs a program of the system; gives its exit code, None where there is no such program."""

Works = Literal["yes", "later", "no"]


class ScheduleUnknown(LedgerError):
    """An operating system whose tasks this program does not know. Facts: system."""

    code = "schedule-unknown"


class ScheduleRefused(LedgerError):
    """The operating system did not do it. Facts: system."""

    code = "schedule-refused"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the task is there. works: "later" means from the next log-on, "no" that nothing will run it."""

    on: bool
    works: Works = "yes"


def run(command: Sequence[str]) -> int | None:
    """Run a program of the system without a window, for half a minute at most."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_WAIT_SECONDS,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except FileNotFoundError:
        return None
    except (OSError, subprocess.TimeoutExpired):
        return -1
    return done.returncode


class Task:
    """The task of one home. system: as `sys.platform` names it."""

    def __init__(
        self,
        home: Home,
        *,
        system: str = sys.platform,
        environment: Mapping[str, str] = os.environ,
        run: Run = run,
        python: str = sys.executable,
    ) -> None:
        self._home = home
        self._system = system
        self._environment = environment
        self._run = run
        self._python = python

    def on(self) -> Standing:
        """Install the task, also over an older one. Raises ScheduleUnknown, ScheduleRefused, NotEnrolled."""
        name = self._name()
        if self._system == "win32":
            return self._on_windows(name)
        return self._on_linux(name)

    def off(self) -> Standing:
        """Remove the task; none there is as good. Raises as `on`."""
        name = self._name()
        if self._system == "win32":
            if self.standing().on and self._run(["schtasks", "/Delete", "/TN", name, "/F"]) != 0:
                raise ScheduleRefused(system="schtasks")
            return Standing(False)
        self._systemctl("stop", f"{name}.timer")
        for path in (self._wanted(name), *self._units(name)):
            if not discard(path):
                raise ScheduleRefused(system=str(path))
        self._systemctl("daemon-reload")
        return Standing(False)

    def standing(self) -> Standing:
        """Whether the task is installed. Raises ScheduleUnknown, NotEnrolled."""
        name = self._name()
        if self._system == "win32":
            return Standing(self._run(["schtasks", "/Query", "/TN", name]) == 0)
        return Standing(self._wanted(name).is_symlink() and all(p.is_file() for p in self._units(name)))

    def _name(self) -> str:
        """One for each ledger: a user may have several homes."""
        short = self._home.read().ledger_id[:8]
        if self._system == "win32":
            return f"So Nhiem Vu\\{short}"
        if self._system.startswith("linux"):
            return f"so-nhiem-vu-{short}"
        raise ScheduleUnknown(system=self._system)

    # ---- Linux: two small files that systemd reads, and a link that has them begin with the log-on

    def _folder(self) -> Path:
        given = self._environment.get("XDG_CONFIG_HOME", "")
        base = Path(given) if given.startswith("/") else Path(self._environment.get("HOME", "~")).expanduser()
        return (base if given.startswith("/") else base / ".config") / "systemd" / "user"

    def _units(self, name: str) -> tuple[Path, Path]:
        return self._folder() / f"{name}.service", self._folder() / f"{name}.timer"

    def _wanted(self, name: str) -> Path:
        return self._folder() / "timers.target.wants" / f"{name}.timer"

    def _on_linux(self, name: str) -> Standing:
        service, timer = self._units(name)
        link = self._wanted(name)
        try:
            link.parent.mkdir(parents=True, exist_ok=True)
            write_whole(service, service_unit(self._python, self._home.path).encode())
            write_whole(timer, timer_unit().encode())
            discard(link)
            link.symlink_to(Path("..") / timer.name)  # what `systemctl enable` does; it needs no running one
        except OSError as error:
            raise ours(error, self._folder()) from error
        told = self._systemctl("daemon-reload")
        if told is None:
            return Standing(True, "no")
        begun = told == 0 and self._systemctl("restart", timer.name) == 0
        return Standing(True, "yes" if begun else "later")

    def _systemctl(self, *words: str) -> int | None:
        return self._run(["systemctl", "--user", *words])

    # ---- Windows

    def _on_windows(self, name: str) -> Standing:
        user = "\\".join(
            part
            for part in (self._environment.get("USERDOMAIN", ""), self._environment.get("USERNAME", ""))
            if part
        )
        described = self._home.path / "schedule.xml"
        try:
            write_whole(described, windows_task(_windowless(self._python), str(self._home.path), user))
            if self._run(["schtasks", "/Create", "/TN", name, "/XML", str(described), "/F"]) != 0:
                raise ScheduleRefused(system="schtasks")
        finally:
            discard(described)
        return Standing(True)


def service_unit(python: str, home: Path) -> str:
    """What systemd runs: one exchange. Exit code 3, no connection, is no failure of the task."""
    words = [python, "-P", "-m", "app.main", "sync", "--home", str(home)]
    command = " ".join(_unit_word(word) for word in words)
    return "\n".join(
        (
            "[Unit]",
            "Description=So Nhiem Vu: exchange with the province",
            "",
            "[Service]",
            "Type=oneshot",
            f"Environment={_unit_word(f'PYTHONPATH={_ROOT}')}",
            f"ExecStart=:{command}",  # the colon: a $ in a path means nothing
            "SuccessExitStatus=3",
            "Nice=10",
            "",
        )
    )


def timer_unit() -> str:
    """When: some minutes after the log-on and again and again, by a clock that only goes forward."""
    return "\n".join(
        (
            "[Unit]",
            "Description=So Nhiem Vu: exchange with the province",
            "",
            "[Timer]",
            "OnStartupSec=2min",
            f"OnUnitInactiveSec={EVERY_MINUTES}min",
            f"RandomizedDelaySec={SPREAD_MINUTES}min",
            "",
            "[Install]",
            "WantedBy=timers.target",
            "",
        )
    )


def _unit_word(word: str) -> str:
    """A word in a file of systemd: in quotes, with nothing in it that would mean something there."""
    special = {"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", "\t": "\\t"}
    out = []
    for letter in word:
        if "\udc80" <= letter <= "\udcff":  # a byte of a name that is no text
            out.append(f"\\x{ord(letter) - 0xDC00:02x}")
        elif letter < " " and letter not in special:
            out.append(f"\\x{ord(letter):02x}")
        else:
            out.append(special.get(letter, letter))
    return f'"{"".join(out)}"'


def windows_task(python: str, home: str, user: str) -> bytes:
    """The task as the Task Scheduler reads it, in UTF-16. python: without a window of its own."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring  # late: the window needs none

    task = Element("Task", {"version": "1.2", "xmlns": _SCHEMA})
    SubElement(SubElement(task, "RegistrationInfo"), "Description").text = "So Nhiem Vu"
    trigger = SubElement(SubElement(task, "Triggers"), "TimeTrigger")
    SubElement(SubElement(trigger, "Repetition"), "Interval").text = f"PT{EVERY_MINUTES}M"
    for name, text in (
        ("StartBoundary", "2025-01-01T00:00:00"),
        ("Enabled", "true"),
        ("RandomDelay", f"PT{SPREAD_MINUTES}M"),
    ):
        SubElement(trigger, name).text = text
    principal = SubElement(SubElement(task, "Principals"), "Principal", {"id": "Author"})
    if user:
        SubElement(principal, "UserId").text = user
    SubElement(principal, "LogonType").text = "InteractiveToken"  # only while logged on: no password is kept
    SubElement(principal, "RunLevel").text = "LeastPrivilege"
    settings = SubElement(task, "Settings")
    for name, text in (
        ("MultipleInstancesPolicy", "IgnoreNew"),
        ("DisallowStartIfOnBatteries", "false"),
        ("StopIfGoingOnBatteries", "false"),
        ("StartWhenAvailable", "true"),
        ("RunOnlyIfNetworkAvailable", "false"),  # "you are online" is not believed
        ("Enabled", "true"),
        ("ExecutionTimeLimit", "PT4H"),
        ("Priority", "7"),
    ):
        SubElement(settings, name).text = text
    action = SubElement(SubElement(task, "Actions", {"Context": "Author"}), "Exec")
    SubElement(action, "Command").text = python
    SubElement(action, "Arguments").text = windows_arguments(home)
    SubElement(action, "WorkingDirectory").text = str(_ROOT)
    indent(task)
    return b"\xff\xfe" + (
        '<?xml version="1.0" encoding="UTF-16"?>\r\n' + tostring(task, encoding="unicode")
    ).encode("utf-16-le")


def windows_arguments(home: str) -> str:
    """The words behind the interpreter. A home with a % goes in digits: %TEMP% would become a folder."""
    if "%" not in home:
        return subprocess.list2cmdline(["-m", "app.main", "sync", "--home", home])
    digits = home.encode("utf-8", "surrogatepass").hex()
    where = f"bytes.fromhex('{digits}').decode('utf-8','surrogatepass')"
    code = f"import sys;from app.main import main;sys.exit(main(['sync','--home',{where}]))"
    return subprocess.list2cmdline(["-c", code])


def _windowless(python: str) -> str:
    """The interpreter that opens no black window, where it lies beside the other."""
    beside = Path(python).with_name("pythonw.exe")
    return str(beside) if beside.exists() else python
