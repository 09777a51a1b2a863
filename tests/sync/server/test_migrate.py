"""The province's database: the same form whether made new or grown, and a copy before each step."""

import pytest

from app.record import migrating
from app.record.engine import open_plain, reading, writing
from sync.server import migrate


@pytest.fixture
def opened(tmp_path):
    opened = open_plain(tmp_path / "province.db", create=True)
    yield opened
    opened.dispose()


def rows(opened, statement):
    with reading(opened) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def form(opened):
    """Columns and indexes of every table, as SQLite itself tells them."""
    found = {}
    for (table,) in rows(opened, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        indexes = {
            (name if origin == "c" else origin, unique, tuple(rows(opened, f"PRAGMA index_info('{name}')")))
            for _, name, unique, origin, _ in rows(opened, f"PRAGMA index_list('{table}')")
        }
        found[table] = rows(opened, f"PRAGMA table_xinfo('{table}')"), indexes
    return found


def test_made_new_or_brought_up_from_nothing_it_has_the_same_form(opened, tmp_path):
    assert migrate.make(opened)
    grown = open_plain(tmp_path / "grown.db", create=True)
    assert migrating.upgrade(grown, migrate.SCRIPTS, migrate.HEAD, lambda step: None)[-1] == migrate.HEAD
    assert form(grown) == form(opened)
    grown.dispose()


def test_making_it_a_second_time_changes_nothing(opened):
    assert migrate.make(opened)
    with writing(opened) as connection:
        connection.exec_driver_sql("INSERT INTO feed_head VALUES ('17104', 5, x'0000000000000000')")
    before = form(opened)
    assert not migrate.make(opened)
    assert form(opened) == before and rows(opened, "SELECT seq FROM feed_head") == [(5,)]
    assert migrate.bring_up(opened, 0) == ()


def test_the_head_is_the_newest_step_there_is():
    names = sorted(path.name[:4] for path in (migrate.SCRIPTS / "versions").glob("[0-9]*.py"))
    assert names[-1] == migrate.HEAD


def test_a_database_of_a_later_program_is_refused(opened):
    migrate.make(opened)
    with writing(opened) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0009'")
    with pytest.raises(migrating.LedgerNewer):
        migrate.bring_up(opened, 0)


def test_before_a_step_a_copy_that_opens_lies_beside_it(opened, tmp_path):
    migrating.upgrade(opened, migrate.SCRIPTS, "0001", lambda step: None)
    with writing(opened) as connection:
        connection.exec_driver_sql("INSERT INTO feed_head VALUES ('17104', 5, x'0000000000000000')")
        connection.exec_driver_sql("INSERT INTO device VALUES (7, '17104', x'00', 'Máy', '0.1', 1, 2)")
    assert migrate.bring_up(opened, 1751245200) == ("0002", "0003")
    assert rows(opened, "SELECT * FROM device") == [(7, "17104", b"\0", "Máy", "0.1", 1, 2, None, None, None)]
    assert rows(opened, "SELECT unit, seq FROM feed_head") == [("17104", 5)]
    path, later = sorted((tmp_path / "backups").iterdir())
    assert path.name == "province-before-update-0001-2025-06-30-0800.db"
    assert later.name == "province-before-update-0002-2025-06-30-0800.db"
    copy = open_plain(path, create=False)
    assert rows(copy, "SELECT count(*) FROM feed_head") == [(1,)]
    copy.dispose()
