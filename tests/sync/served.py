"""A province that serves from a thread of the test's own process, and a commune's home beside it.

Both can be put back to an earlier state, so that a test does one thing to them a hundred times.
"""

import atexit
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from sqlcipher3 import dbapi2

from app.record.engine import write_copy
from app.services import status
from app.services.opening import Opened, enrol, open_home
from app.storage.home import Home
from sync.client import enrolment as joining
from sync.client.network import HttpLink
from sync.server import enrolment
from sync.server.api import make_api
from sync.server.serving import listening
from tests.benchmarks.proxy import Proxy
from tests.world import UNIT, Province, Wanted, task, units


def clock() -> int:
    return int(time.time())


class Served:
    """A province on a port, the counting proxy before it, and a commune that is enrolled and in step."""

    def __init__(self, folder: Path, *issued: Wanted) -> None:
        self.folder = folder
        self._kept: dict[str, Path] = {}
        self.province = Province(folder / "province.db", clock)
        self.province.issue(*units(UNIT), *(issued or task("T1", UNIT)))
        self.engine, self.store = self.province.engine, self.province.store
        self._listening = listening("127.0.0.1", 0)
        bound = self._listening.__enter__()
        self._server = uvicorn.Server(
            uvicorn.Config(
                make_api(self.store, folder / "files"), log_config=None, access_log=False, lifespan="off"
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=([bound],), daemon=True)
        self._thread.start()
        self.proxy = Proxy(bound.getsockname()[1])
        self.home = Home(folder / "commune")
        self.enrol(self.home).close()

    def enrol(self, home: Home) -> Opened:
        """Enrol one more home, over the network."""
        with self.store.write() as connection:
            code = enrolment.new_code(self.store, connection, UNIT)

        def present(newcomer):
            link = HttpLink(self.proxy.address)
            try:
                return joining.enrol(link, self.proxy.address, newcomer, status.program())
            finally:
                link.close()

        return enrol(home, clock, code, "Văn phòng", present, keyring=False)

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """The commune's ledger, as a program that is started opens it."""
        opened = open_home(self.home, clock)
        try:
            yield opened
        finally:
            opened.close()

    def keep(self, name: str) -> None:
        """Remember the state of both ends; nothing may be under way."""
        self._kept[name] = kept = self.folder / f"kept-{name}"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.home.path, kept / "commune")
        write_copy(self.engine, kept / "province.db")

    def put_back(self, name: str) -> None:
        """Both ends as they were; every connection between them is gone."""
        self.proxy.cut()
        kept = self._kept[name]
        shutil.rmtree(self.home.path)
        shutil.copytree(kept / "commune", self.home.path)
        self.put_back_province(name)

    def put_back_province(self, name: str) -> None:
        """The province alone; through the database itself, as requests may still be under way."""
        source = dbapi2.connect(str(self._kept[name] / "province.db"))
        target = self.engine.raw_connection()
        try:
            source.backup(target.driver_connection)
        finally:
            target.close()
            source.close()

    def close(self) -> None:
        self.proxy.close()
        self._server.should_exit = True
        self._thread.join(20)
        self._listening.__exit__(None, None, None)
        self.engine.dispose()


@contextmanager
def served(folder: Path, *issued: Wanted) -> Iterator[Served]:
    made = Served(folder, *issued)
    try:
        yield made
    finally:
        made.close()


def memory_folder(prefix: str) -> Path:
    """A new folder, in memory where the system has room for files there: each commit waits for its disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2**29
    made = Path(tempfile.mkdtemp(prefix=f"so-nhiem-vu-{prefix}-", dir=memory if roomy else None))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
