"""A province as a process of its own, communes' ledgers in this one, and the counting proxy between."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.record.engine import open_plain
from app.services import lines, progress, status, weeks
from app.services.opening import Opened, enrol
from app.storage.home import Home
from sync.client import enrolment
from sync.client.engine import Exchange
from sync.client.network import HttpLink
from sync.client.run import run
from sync.server.store import Store
from tests.benchmarks.proxy import Count, Proxy
from tests.benchmarks.texts import as_csv

UNIT = "16813"
_SERVER = (sys.executable, "-m", "sync.server.main", "--lang", "en")


@dataclass(frozen=True, slots=True)
class Serving:
    """A province that serves: its address and its process."""

    address: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def processor_seconds(self) -> float:
        """What the process has computed so far, user and system; Linux alone tells it."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / 100  # Linux counts in hundredths towards programs


class Scene:
    """One commune and its province. Everything the province does is done by its own command line."""

    def __init__(self, folder: Path, server: Serving) -> None:
        self.folder = folder
        self.server = server
        self.proxy = Proxy(server.port)
        code = province(folder, "enrol-code", UNIT).split()[-1]
        self.opened = enrolled(folder / "commune", self.proxy.address, code)

    def issue(self, rows: list[dict[str, str]]) -> None:
        """The province issues a table of tasks."""
        issue(self.folder, rows)

    def record(self, words: Sequence[dict[str, str]]) -> None:
        """The officer writes so many tasks of this week, the first ones, in one transaction."""
        record(self.opened, words)

    def sync(self) -> tuple[Exchange, Count]:
        """One sync over a connection of its own, and what went through the proxy."""
        before = self.proxy.count
        return synced(self.opened), self.proxy.count - before

    def close(self) -> None:
        self.opened.close()
        self.proxy.close()


def enrolled(home: Path, address: str, code: str, *, ca: str = "") -> Opened:
    """A new ledger, enrolled over the network. ca: the authority (PEM) that it pins."""

    def present(newcomer):
        link = HttpLink(address, ca=ca)
        try:
            return enrolment.enrol(link, address, newcomer, status.program(), ca=ca)
        finally:
            link.close()

    return enrol(Home(home), lambda: int(time.time()), code, "Văn phòng", present, keyring=False)


def record(opened: Opened, words: Sequence[dict[str, str]]) -> None:
    """Write so many tasks of this week, the first ones, in one transaction."""
    with opened.ledger.read() as connection:
        now = weeks.present(connection, opened.ledger.now())
        shown = lines.lines(connection, now.week, now)
    with opened.ledger.edit() as edit:
        for line, said in zip(shown, words, strict=False):
            texts = {name: said[name] for name in said if name != "percent"}
            progress.record(edit, line, now, percent=int(said["percent"]), **texts)


def synced(opened: Opened) -> Exchange:
    """One sync, as window, command line and schedule do it."""
    return run(opened)


def province(folder: Path, *words: str) -> str:
    """One command of the province; its output."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [*_SERVER, "--home", str(folder / "province"), *words]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"the province refused {words[0]}")  # its own words are on standard error
    return done.stdout


def issue(folder: Path, rows: list[dict[str, str]]) -> None:
    """The province issues a table of tasks, once it has its tables."""
    table = folder / "tasks.csv"
    table.write_text(as_csv(rows), encoding="utf-8")
    province(folder, "import-tasks", str(table))


@contextmanager
def database(folder: Path) -> Iterator[Store]:
    """The province's database itself, beside the process that serves it."""
    engine = open_plain(folder / "province" / "province.db", create=False)
    try:
        yield Store(engine, lambda: int(time.time()))
    finally:
        engine.dispose()


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Serving]:
    """A process that serves the province; the words of `serve` may be added to."""
    command = [*_SERVER, "--home", str(folder / "province"), "serve", "--port", "0", "--until-stdin-closes"]
    with subprocess.Popen(
        [*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            address = next(line.strip() for line in server.stdout if line.startswith("http"))
            yield Serving(address, server)
        finally:
            server.stdin.close()
            server.wait(20)


@contextmanager
def staged(folder: Path, rows: list[dict[str, str]]) -> Iterator[Scene]:
    """A province that serves, with these tasks issued, and a commune that is enrolled and has none yet."""
    province(folder, "init")
    issue(folder, rows)
    with serving(folder) as server:
        scene = Scene(folder, server)
        try:
            yield scene
        finally:
            scene.close()
