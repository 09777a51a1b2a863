"""A province as a process of its own, a commune's ledger in this one, and the counting proxy between."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.services import lines, progress, status, weeks
from app.services.opening import Opened, enrol
from app.storage.home import Home
from sync.client import enrolment
from sync.client.engine import Exchange, synchronise
from sync.client.network import HttpLink
from tests.benchmarks.proxy import Count, Proxy
from tests.benchmarks.texts import as_csv

UNIT = "16813"
_SERVER = (sys.executable, "-m", "sync.server.main", "--lang", "en")


class Scene:
    """One commune and its province. Everything the province does is done by its own command line."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        self.proxy = Proxy(int(address.rpartition(":")[2]))
        code = province(folder, "enrol-code", UNIT).split()[-1]

        def present(newcomer):
            link = HttpLink(self.proxy.address)
            try:
                return enrolment.enrol(link, self.proxy.address, newcomer, status.program())
            finally:
                link.close()

        self.opened: Opened = enrol(
            Home(folder / "commune"), lambda: int(time.time()), code, "Văn phòng", present, keyring=False
        )

    def issue(self, rows: list[dict[str, str]]) -> None:
        """The province issues a table of tasks."""
        issue(self._folder, rows)

    def record(self, words: Sequence[dict[str, str]]) -> None:
        """The officer writes so many tasks of this week, the first ones, in one transaction."""
        with self.opened.ledger.read() as connection:
            now = weeks.present(connection, self.opened.ledger.now())
            shown = lines.lines(connection, now.week, now)
        with self.opened.ledger.edit() as edit:
            for line, said in zip(shown, words, strict=False):
                texts = {name: said[name] for name in said if name != "percent"}
                progress.record(edit, line, now, percent=int(said["percent"]), **texts)

    def sync(self) -> tuple[Exchange, Count]:
        """One sync over a connection of its own, and what went through the proxy."""
        before = self.proxy.count
        link = HttpLink(self.opened.ledger.identity.server)
        try:
            done = synchronise(self.opened.ledger, link, self.opened.sign)
        finally:
            link.close()
        return done, self.proxy.count - before

    def close(self) -> None:
        self.opened.close()
        self.proxy.close()


def province(folder: Path, *words: str) -> str:
    """One command of the province; its output."""
    command = [*_SERVER, "--home", str(folder / "province"), *words]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"the province refused {words[0]}")  # its own words are on standard error
    return done.stdout


def issue(folder: Path, rows: list[dict[str, str]]) -> None:
    table = folder / "tasks.csv"
    table.write_text(as_csv(rows), encoding="utf-8")
    province(folder, "import-tasks", str(table))


@contextmanager
def staged(folder: Path, rows: list[dict[str, str]]) -> Iterator[Scene]:
    """A province that serves, with these tasks issued, and a commune that is enrolled and has none yet."""
    province(folder, "init")
    issue(folder, rows)
    command = [*_SERVER, "--home", str(folder / "province"), "serve", "--port", "0", "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            address = next(line.strip() for line in server.stdout if line.startswith("http://"))
            scene = Scene(folder, address)
            try:
                yield scene
            finally:
                scene.close()
        finally:
            server.stdin.close()
            server.wait(20)
