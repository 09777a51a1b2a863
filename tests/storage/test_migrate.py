"""Migrations: a ledger of each old form becomes one of today's with all its rows, or stays what it was."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.record import migrating
from app.record.engine import open_ledger, open_plain, reading, writing
from app.storage import backup, migrate
from app.storage.home import Home, Plate

KEY = bytes(range(32))
NOW = 1751245200

FIRST = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "0001", None
def upgrade():
    op.create_table("task", sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.Text))
    op.create_table("step", sa.Column("id", sa.Integer, primary_key=True),
                    sa.Column("task", sa.Integer, sa.ForeignKey("task.id", ondelete="CASCADE")))
"""
SECOND = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "0002", "0001"
def upgrade():
    with op.batch_alter_table("task", recreate="always") as batch:
        batch.add_column(sa.Column("percent", sa.Integer))
"""
THIRD = """
from alembic import op
revision, down_revision = "0003", "0002"
def upgrade():
    op.execute("UPDATE task SET percent = 5")
    {broken}
"""


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.begin(Plate("0123456789abcdef" * 2, "file"))
    opened = open_ledger(home.unfinished, KEY, create=True)
    migrate.make(opened)
    opened.dispose()
    home.finish()
    return home


@pytest.fixture
def scripts(tmp_path):
    """A folder of steps, with letters in its path that mean something to Alembic's settings."""
    folder = tmp_path / "50%41 #?'é" / "migrations"
    (folder / "versions").mkdir(parents=True)
    shutil.copy(migrate.SCRIPTS / "env.py", folder)
    (folder / "versions" / "0001_first.py").write_text(FIRST, encoding="utf-8")
    return folder


def add_step(scripts: Path, text: str) -> None:
    revision = text.split('"')[1]
    (scripts / "versions" / f"{revision}_step.py").write_text(text, encoding="utf-8")


@pytest.fixture
def old(tmp_path, scripts):
    """A full database of the first form."""
    opened = open_plain(tmp_path / "old.db", create=True)
    assert migrating.upgrade(opened, scripts, "0001", lambda step: None) == ("0001",)
    with writing(opened) as connection:
        connection.exec_driver_sql("INSERT INTO task VALUES (1, 'một'), (2, 'hai')")
        connection.exec_driver_sql("INSERT INTO step VALUES (1, 1), (2, 1), (3, 2)")
    yield opened
    opened.dispose()


def rows(opened: Engine, statement: str) -> list[tuple]:
    with reading(opened) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def form(opened: Engine) -> dict[str, object]:
    """Columns and indexes of every table, as SQLite itself tells them."""
    found: dict[str, object] = {}
    for (table,) in rows(opened, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        indexes = {
            (name if origin == "c" else origin, unique, tuple(rows(opened, f"PRAGMA index_info('{name}')")))
            for _, name, unique, origin, _ in rows(opened, f"PRAGMA index_list('{table}')")
        }
        found[table] = rows(opened, f"PRAGMA table_xinfo('{table}')"), indexes
    return found


def test_a_ledger_made_new_and_one_brought_up_from_nothing_have_the_same_form(home, tmp_path):
    made = open_ledger(home.ledger, KEY, create=False)
    grown = open_ledger(tmp_path / "grown.db", KEY, create=True)
    assert migrating.upgrade(grown, migrate.SCRIPTS, migrate.HEAD, lambda step: None)[-1] == migrate.HEAD
    assert form(grown) == form(made)
    assert len(form(made)) > 20
    made.dispose()
    grown.dispose()


def test_the_head_is_the_newest_step_there_is():
    names = sorted(path.name[:4] for path in (migrate.SCRIPTS / "versions").glob("[0-9]*.py"))
    assert names[-1] == migrate.HEAD and names == [f"{number:04d}" for number in range(1, len(names) + 1)]


def test_a_ledger_of_today_needs_no_step_and_no_copy(home):
    opened = open_ledger(home.ledger, KEY, create=False)
    assert migrate.bring_up(opened, KEY, home, NOW) == ()
    opened.dispose()
    assert not list(home.backups.iterdir())


def test_alembic_is_not_even_imported_when_nothing_is_due(home):
    script = (
        "import sys; from app.storage import migrate; from app.storage.home import Home\n"
        "from app.record.engine import open_ledger; from pathlib import Path\n"
        "home = Home(Path(sys.argv[1])); key = bytes(range(32))\n"
        "print(migrate.bring_up(open_ledger(home.ledger, key, create=False), key, home, 0),\n"
        "      'alembic' in sys.modules)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(home.path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.stdout.strip(), ran.stderr) == ("() False", "")


@pytest.mark.parametrize("version", ["0004", "9999", "a1b2c3"])
def test_a_ledger_of_a_later_program_is_refused_and_left_as_it_is(home, version):
    opened = open_ledger(home.ledger, KEY, create=False)
    with writing(opened) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (version,))
    opened.dispose()
    before = home.ledger.read_bytes()
    opened = open_ledger(home.ledger, KEY, create=False)
    with pytest.raises(migrating.LedgerNewer) as told:
        migrate.bring_up(opened, KEY, home, NOW)
    opened.dispose()
    assert told.value.facts == {"path": str(home.ledger), "version": version, "known": migrate.HEAD}
    assert home.ledger.read_bytes() == before and not list(home.backups.iterdir())


def test_a_database_of_another_program_is_refused(tmp_path, scripts):
    opened = open_plain(tmp_path / "other.db", create=True)
    with writing(opened) as connection:
        connection.exec_driver_sql("CREATE TABLE moz_places (url TEXT)")
    with pytest.raises(migrating.LedgerForeign):
        migrating.upgrade(opened, scripts, "0001", lambda step: None)
    assert rows(opened, "SELECT name FROM sqlite_master") == [("moz_places",)]
    opened.dispose()


def test_each_step_waits_for_its_copy_and_keeps_every_row_and_child(old, scripts):
    add_step(scripts, SECOND)
    add_step(scripts, THIRD.format(broken=""))
    before = rows(old, "SELECT id, title FROM task"), rows(old, "SELECT * FROM step")
    seen = []

    def copy(step: str) -> None:
        seen.append((step, rows(old, "SELECT version_num FROM alembic_version")))

    assert migrating.upgrade(old, scripts, "0003", copy) == ("0002", "0003")
    assert seen == [("0002", [("0001",)]), ("0003", [("0002",)])]
    assert (rows(old, "SELECT id, title FROM task"), rows(old, "SELECT * FROM step")) == before
    assert rows(old, "SELECT DISTINCT percent FROM task") == [(5,)]
    assert rows(old, "PRAGMA foreign_keys") == [(1,)]
    assert migrating.upgrade(old, scripts, "0003", copy) == ()


def test_with_foreign_keys_on_the_same_step_would_empty_the_child_table(old, scripts, monkeypatch):
    """Keeps the test before this one honest: it is seen to fail."""
    add_step(scripts, SECOND)
    monkeypatch.setattr(migrating, "without_foreign_keys", writing)
    migrating.upgrade(old, scripts, "0002", lambda step: None)
    assert rows(old, "SELECT * FROM step") == []


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ("raise ValueError", ValueError),
        ("op.execute('DELETE FROM task WHERE id = 1')", RuntimeError),
    ],
)
def test_a_step_that_fails_or_leaves_orphans_is_undone_whole(old, scripts, broken, error):
    add_step(scripts, SECOND)
    add_step(scripts, THIRD.format(broken=broken))
    with pytest.raises(error):
        migrating.upgrade(old, scripts, "0003", lambda step: None)
    assert rows(old, "SELECT version_num FROM alembic_version") == [("0002",)]
    assert rows(old, "SELECT id, percent FROM task") == [(1, None), (2, None)]
    assert len(rows(old, "SELECT * FROM step")) == 3


def test_without_its_copy_no_step_is_taken(old, scripts):
    add_step(scripts, SECOND)

    def full(step: str) -> None:
        raise OSError

    with pytest.raises(OSError):
        migrating.upgrade(old, scripts, "0002", full)
    assert rows(old, "SELECT version_num FROM alembic_version") == [("0001",)]


def test_the_copy_before_a_step_opens_in_the_old_form(home):
    home.ledger.unlink()
    opened = open_ledger(home.ledger, KEY, create=True)
    migrating.upgrade(opened, migrate.SCRIPTS, "0001", lambda step: None)
    with writing(opened) as connection:
        connection.exec_driver_sql("INSERT INTO meta VALUES ('last_sync', '5')")
    assert migrate.bring_up(opened, KEY, home, NOW) == ("0002", "0003")
    assert rows(opened, "SELECT name, value FROM meta") == [("last_sync", 5)]
    opened.dispose()
    (copy,) = home.backups.glob("*-before-update-0001-*.db")
    assert backup.made(home) == ()
    opened = open_ledger(copy, KEY, create=False)
    assert rows(opened, "SELECT version_num FROM alembic_version") == [("0001",)]
    opened.dispose()
