"""Opens databases, at both ends. The only module that meets the driver.

The order of the statements that open a file matters: the key first, tried by a read, then the journal.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from app.domain.errors import LedgerError
from app.record.drives import is_network
from app.record.faults import (
    DatabaseUnreachable,
    LedgerDamaged,
    LedgerExists,
    LedgerLocked,
    LedgerNoAccess,
    NetworkDrive,
    driver_error,
    in_our_words,
    look,
)

KEY_BYTES = 32

_WRITES = "ledger_writes"
_WAIT_SECONDS = 5
_FILE_URL = "sqlite:///"

_AFTER_JOURNAL = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={_WAIT_SECONDS * 1000}",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-16000",
    "PRAGMA mmap_size=0",
    "PRAGMA cell_size_check=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA wal_autocheckpoint=1000",
    "PRAGMA journal_size_limit=4194304",
)


class DatabaseUrl(LedgerError):
    """The address of a database is of no kind that this program knows. Facts: url (without a password)."""

    code = "database-url"


def open_ledger(path: Path, key: bytes, *, create: bool) -> Engine:
    """Open a device's encrypted ledger.

    key: the 32 bytes of the file's own key, never a passphrase. create: make a new file, which must not exist
    yet; without it a missing file is never made.
    Raises LedgerMissing, LedgerExists, LedgerEmptied, LedgerPlain, LedgerLocked, LedgerDamaged, LedgerBusy,
    LedgerNoAccess, DiskFull, NetworkDrive.
    """
    if type(key) is not bytes or len(key) != KEY_BYTES:
        # the engine would silently take a malformed raw key for a passphrase
        raise ValueError("the key of a ledger is 32 bytes")
    return _open(path, key, create=create)


def open_plain(path: Path, *, create: bool) -> Engine:
    """Open the province's SQLite database, which has no key; otherwise as open_ledger."""
    return _open(path, None, create=create)


def open_url(url: str, *, create: bool = False) -> Engine:
    """Open the province's database: `sqlite:///PATH` (everything behind is the path, as it is) or `postgresql://…`.

    create: make the SQLite file if it is missing; an existing one is then opened.
    Raises DatabaseUrl, DatabaseUnreachable, and what open_plain raises.
    """
    if url.startswith(_FILE_URL):
        path = Path(url.removeprefix(_FILE_URL))
        return open_plain(path, create=create and not path.exists())
    if not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise DatabaseUrl(url=url.partition("://")[0])
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ImportError as error:
        raise DatabaseUnreachable(reason=str(error)) from error
    except (ArgumentError, ValueError):  # its words may hold the password
        raise DatabaseUrl(url=url.partition("://")[0]) from None
    with in_our_words(engine.url.render_as_string()), engine.connect():
        pass
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One unchanging view of the database. Nothing done inside stays.

    Raises LedgerBusy, LedgerDamaged and the like for the driver's errors.
    """
    with in_our_words(name_of(engine)), engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # there each statement sees what is new by then
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection  # closing rolls back


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that holds the writer's lock from its start; committed at the end, undone by any error.

    Raises LedgerBusy, DiskFull, LedgerDamaged and the like for the driver's errors.
    """
    with in_our_words(name_of(engine)), engine.connect() as connection:
        connection = connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


@contextmanager
def without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """As `writing`, for a migration: SQLite rebuilds a table by dropping it, and the children would go too.

    Raises RuntimeError, and undoes everything, if rows are left that point to nothing.
    """
    with in_our_words(name_of(engine)), engine.connect() as connection:
        raw = connection.connection.driver_connection
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
        try:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the step leaves rows that point to nothing")
        finally:
            if sqlite and raw is not None:
                raw.execute("PRAGMA foreign_keys=ON")


def data_version(connection: Connection) -> int:
    """A number that differs after a commit by any other connection; compare it within one connection only."""
    return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())


def quick_check(connection: Connection) -> tuple[str, ...]:
    """What is wrong in the file; empty when it is sound.

    Looks at SQLite's structure and, where the file is encrypted, at the seal of every page as well: a flipped
    bit on the last page of a long text passes SQLite's own checks, and the text is then read cut short.
    """
    raw = connection.connection.driver_connection
    try:
        return _complaints(raw)
    except driver.Error as error:
        path = name_of(connection.engine)
        raise driver_error(error, path) or LedgerDamaged(path=path) from error


def write_copy(engine: Engine, target: Path) -> None:
    """Write a whole copy of the database, under the same key, to a file that must not exist.

    The caller opens and checks it before it trusts it. Raises what open_ledger raises.
    """
    with in_our_words(name_of(engine)):
        pooled = engine.raw_connection()
    try:
        # bound, so that no letter of the path means anything; an absolute path is never taken for a URI
        pooled.cursor().execute("VACUUM INTO ?", (str(target.absolute()),))
    except driver.Error as error:
        ours = driver_error(error, str(target))
        if ours is None:
            raise
        raise ours from error
    finally:
        pooled.close()


def check_copy(path: Path, key: bytes | None) -> None:
    """Open a finished copy without changing it, and read every page.

    Raises LedgerDamaged (or one of its kinds) when the copy is not whole.
    """
    look(path, encrypted=key is not None)
    connection = _connect(path, key, journal=False)
    try:
        found = _complaints(connection)
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except driver.Error as error:
        raise driver_error(error, str(path)) or LedgerDamaged(path=str(path)) from error
    finally:
        connection.close()
    if found or not tables:
        raise LedgerDamaged(path=str(path))


def name_of(engine: Engine) -> str:
    """The file of an engine, for sentences; of another database its address without the password."""
    options: dict[str, Any] = dict(engine.get_execution_options())
    return str(options.get(_PATH_OPTION) or engine.url.render_as_string())


def _open(path: Path, key: bytes | None, *, create: bool) -> Engine:
    path = path.absolute()
    if key is not None and is_network(path.parent):
        raise NetworkDrive(path=str(path))
    if create:
        _make(path, key)

    def connect() -> Any:
        look(path, encrypted=key is not None)  # each time: the file may have been emptied since
        return _connect(path, key)

    engine = create_engine(
        "sqlite://", creator=connect, module=driver, poolclass=QueuePool, hide_parameters=True
    )
    event.listen(engine, "begin", _begin)
    _remember(engine, path)
    with in_our_words(str(path)):
        try:
            engine.connect().close()
        except BaseException:
            engine.dispose()
            raise
    return engine


def _make(path: Path, key: bytes | None) -> None:
    """Make the file, readable by its owner alone, and let the driver write its first page."""
    try:
        # exclusive: whatever lies there already is never written over
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as error:
        raise LedgerExists(path=str(path)) from error
    except OSError as error:
        raise driver_error(error, str(path)) or LedgerNoAccess(path=str(path)) from error
    _connect(path, key, fresh=True).close()
    look(path, encrypted=key is not None)  # a forgotten key would have given a plain file without a word


def _connect(path: Path, key: bytes | None, *, journal: bool = True, fresh: bool = False) -> Any:
    """Open one connection: the key, a read that tries it, the journal, then the settings of a connection.

    journal: False leaves the file's way of journalling as it is. fresh: the file was just made, empty.
    """
    # A URI, as it alone can say "never create"; as_uri() quotes each letter that would mean something in it.
    uri = path.absolute().as_uri() + "?mode=rw"
    try:
        connection = driver.connect(
            uri, uri=True, isolation_level=None, check_same_thread=False, timeout=_WAIT_SECONDS
        )
    except driver.Error as error:
        raise driver_error(error, str(path)) or LedgerNoAccess(path=str(path)) from error
    try:
        if key is not None:
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
            connection.execute("PRAGMA cipher_compatibility=4")
        _try_key(connection, path, key)
        if journal:
            _choose_journal(connection, path)
        for statement in _AFTER_JOURNAL:
            connection.execute(statement)
        if fresh:
            # a write of something, so that the first page is there even where the journal is no WAL
            connection.execute("PRAGMA user_version=1")
    except driver.Error as error:
        connection.close()
        raise driver_error(error, str(path)) or LedgerDamaged(path=str(path)) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _try_key(connection: Any, path: Path, key: bytes | None) -> None:
    """The key is tried at the first read, not before."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) == driver.SQLITE_NOTADB and key is not None:
            raise LedgerLocked(path=str(path)) from error
        raise


def _complaints(connection: Any) -> tuple[str, ...]:
    """What the engine's two checks say against a file."""
    try:
        found = tuple(str(row[0]) for row in connection.execute("PRAGMA quick_check"))
    except driver.Error as error:
        if isinstance(driver_error(error, ""), LedgerDamaged):
            return (str(error),)  # too broken to be looked through
        raise
    found = () if found == ("ok",) else found
    broken = _broken_seals(connection)
    if broken:
        # it reads past the WAL: a page that another program was writing back just then holds the next time
        broken &= _broken_seals(connection)
    return found + tuple(sorted(broken))


def _broken_seals(connection: Any) -> set[str]:
    """Pages whose seal does not fit, in SQLCipher's words; none in a file without a key."""
    return {str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")}


def _choose_journal(connection: Any, path: Path) -> None:
    """WAL, or TRUNCATE where the library still has SQLite's WAL-reset fault; read what SQLite answers."""
    wanted = "wal" if _wal_is_sound(driver.sqlite_version_info) else "truncate"
    answer = connection.execute(f"PRAGMA journal_mode={wanted}").fetchone()[0]
    if answer != wanted:
        raise NetworkDrive(path=str(path))  # a file system without shared memory


def _wal_is_sound(version: tuple[int, ...]) -> bool:
    """SQLite 3.7.0 to 3.51.2 can damage a WAL database with several writers; two backports are sound."""
    backports: dict[tuple[int, ...], tuple[int, ...]] = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}
    return version >= backports.get(version[:2], (3, 51, 3))


def _begin(connection: Connection) -> None:
    """Under a plain BEGIN, read-then-write fails at once however long the wait; so writers lock first."""
    immediate = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


_PATH_OPTION = "ledger_path"


def _remember(engine: Engine, path: Path) -> None:
    engine.update_execution_options(**{_PATH_OPTION: str(path)})
