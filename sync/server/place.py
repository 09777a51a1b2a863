"""Where the province's database lies."""

import os
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from app.record.clock import demo_clock
from app.record.engine import open_url
from app.record.faults import LedgerMissing, LedgerNoAccess
from sync.server import migrate
from sync.server.store import NotPrepared, Store

_FILE_URL = "sqlite:///"
_NAME = "province.db"


@dataclass(frozen=True, slots=True)
class Place:
    """The database's address, and the folder for what lies beside it (the log, the demo's clock)."""

    url: str
    folder: Path

    @property
    def files(self) -> Path:
        """The folder of the files of evidence; made when the first one comes."""
        return self.folder / "evidence"

    @property
    def scans(self) -> Path:
        """The folder of the scans that were taken in; made when the first one comes."""
        return self.folder / "scans"

    def demo_clock(self) -> Callable[[], int] | None:
        """The clock of the demo that made this folder; None for a real province."""
        return demo_clock(self.folder) if self.url.startswith(_FILE_URL) else None

    def make(self, clock: Callable[[], int]) -> Store:
        """Make folder, database and the province's key where they are missing, and open it."""
        if self.url.startswith(_FILE_URL):
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise LedgerNoAccess(path=str(self.folder)) from error
        engine = open_url(self.url, create=True)
        Store.prepare(engine)
        migrate.bring_up(engine, clock())
        return Store(engine, clock)

    def open(self, clock: Callable[[], int]) -> Store:
        """Open what `make` made, brought to this program's form. Raises NotPrepared and the like."""
        try:
            engine = open_url(self.url)
        except LedgerMissing as error:
            raise NotPrepared() from error
        try:
            migrate.bring_up(engine, clock())
            store = Store(engine, clock)
            with store.read() as connection:
                store.public_key(connection)
        except BaseException:
            engine.dispose()
            raise
        return store


def locate(options: Namespace, environment: Mapping[str, str] = os.environ) -> Place:
    """What --db names, else the one in --home, else of SNV_SERVER_DB, SNV_HOME, or this user's own."""
    named = getattr(options, "db", None)
    home = getattr(options, "home", None)
    if not named and not home:
        named = environment.get("SNV_SERVER_DB")
        home = environment.get("SNV_HOME")
    if named:
        url = str(named) if "://" in named else f"{_FILE_URL}{named}"
    else:
        folder = Path(home) if home else platformdirs.user_data_path("so-nhiem-vu-server", appauthor=False)
        url = f"{_FILE_URL}{folder / _NAME}"
    if url.startswith(_FILE_URL):
        return Place(url, Path(url.removeprefix(_FILE_URL)).absolute().parent)
    return Place(
        url, Path(home) if home else platformdirs.user_data_path("so-nhiem-vu-server", appauthor=False)
    )
