"""Brings an older database to the form that this program knows, one whole step after the other, at both ends.

Revisions are four digits that count up; so an older program knows a newer file without knowing its steps.
Alembic is imported only when a step is due.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select
from sqlalchemy.exc import DBAPIError

from app.domain.errors import LedgerError
from app.record.engine import name_of, reading, without_foreign_keys, writing

_VERSIONS = MetaData()
_version = Table("alembic_version", _VERSIONS, Column("version_num", String(32), primary_key=True))
_REVISION = re.compile(r"[0-9]{4}\Z")

BeforeStep = Callable[[str], object]
"""Called before each step with the revision to come: makes the copy to go back to."""


class LedgerNewer(LedgerError):
    """A later version of the program wrote this database. Facts: path, version, known."""

    code = "ledger-newer"


class LedgerForeign(LedgerError):
    """The database is of another program. Facts: path."""

    code = "ledger-foreign"


def version(connection: Connection) -> str | None:
    """The form of the database, by one SELECT; None where no version is noted.

    After None the connection's transaction is of no more use where the database is PostgreSQL.
    """
    try:
        return connection.execute(select(_version.c.version_num)).scalar_one_or_none()
    except DBAPIError as error:
        if _version.name in str(error.orig):  # "no such table", "relation does not exist"
            return None
        raise


def make(engine: Engine, tables: Iterable[MetaData], head: str) -> None:
    """Make all tables of a new database in their present form and note it, in one transaction."""
    with writing(engine) as connection:
        for metadata in tables:
            metadata.create_all(connection, checkfirst=False)
        _alembic_table(connection)
        connection.execute(_version.insert().values(version_num=head))


def is_new(engine: Engine) -> bool:
    """Whether there is nothing in the database yet, so that `make` may fill it."""
    with reading(engine) as connection:
        return not inspect(connection).get_table_names()


def is_due(engine: Engine, head: str) -> bool:
    """Whether steps are due before the database can be used.

    Raises LedgerNewer for one that a later program wrote, LedgerForeign for one that is none of ours.
    """
    with reading(engine) as connection:
        found = version(connection)
    if found == head:
        return False
    if found is None:
        if not is_new(engine):
            raise LedgerForeign(path=name_of(engine))
        return True
    if not _REVISION.match(found) or found > head:
        raise LedgerNewer(path=name_of(engine), version=found, known=head)
    return True


def upgrade(engine: Engine, folder: Path, head: str, before_step: BeforeStep) -> tuple[str, ...]:
    """Take the steps that are due, each in a transaction of its own; returns the revisions reached.

    folder: Alembic's scripts. An empty database is brought up from nothing.
    Raises LedgerNewer, LedgerForeign, and what before_step raises; the steps taken before then hold.
    """
    taken: list[str] = []
    while is_due(engine, head):
        with reading(engine) as connection:
            found = version(connection)
        step = _next(folder, found, head)
        before_step(step)
        with without_foreign_keys(engine) as connection:
            # read anew under the writer's lock: another program may have taken the step meanwhile
            if (now := _noted(connection)) == found:
                _take(connection, folder, step)
                taken.append(step)
            elif now is None:
                raise LedgerForeign(path=name_of(engine))
    return tuple(taken)


def _noted(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_version.name):
        return None
    return version(connection)


def _next(folder: Path, found: str | None, head: str) -> str:
    from alembic.script import ScriptDirectory

    # not by Alembic's configuration, to which a % in the program's folder would mean something
    scripts = ScriptDirectory(str(folder))
    steps = [script.revision for script in scripts.iterate_revisions(head, found or "base")]
    return steps[-1]


def _take(connection: Connection, folder: Path, step: str) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(folder))
    config = Config()
    config.attributes["connection"] = connection
    with EnvironmentContext(
        config,
        scripts,
        fn=lambda found, _: scripts._upgrade_revs(step, found),  # what `alembic upgrade` itself calls
        destination_rev=step,
    ):
        scripts.run_env()


def _alembic_table(connection: Connection) -> None:
    """The table in which Alembic notes the version, as it makes it itself."""
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
