"""Whatever in the file does not agree is named."""

import pytest

from app.domain.change import Held
from app.record.apply import apply
from app.record.digest import chain_next
from app.record.engine import reading, writing
from app.record.tables import feed
from app.record.verify import disagreements
from tests.record.making import RECORD, database, progress


@pytest.fixture
def engine(tmp_path):
    with database(tmp_path / "record.db") as opened:
        with writing(opened) as connection:
            chain = bytes(8)
            made = [progress(n, result=f"câu {n}", stream=n) for n in (1, 2)]
            apply(connection, [Held(item, 5) for item in made])
            for seq, item in enumerate(made, 1):
                chain = chain_next(chain, item.digest, 5)
                connection.execute(
                    feed.insert().values(
                        unit="16813", seq=seq, stream=item.stream, n=item.n, digest=item.digest, arrived=5,
                        chain=chain,
                    )
                )  # fmt: skip
        yield opened


def found(engine, *statements: str) -> list[str]:
    with writing(engine) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    with reading(engine) as connection:
        return disagreements(connection)


def test_a_sound_record_has_none(engine) -> None:
    assert found(engine) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE progress SET result='vỡ'", f"row progress {RECORD}"),
        ("DELETE FROM progress", f"row progress {RECORD}"),
        ("INSERT INTO task (id, title) VALUES ('x', 'thừa')", "row task x"),
        ("DELETE FROM head WHERE place=1", f"head {RECORD} result"),
        ("UPDATE head SET differs=0", f"head {RECORD} result"),
        ('UPDATE change SET at=at+1 WHERE stream=2', "digest 2/2"),
        ("UPDATE change SET body=(SELECT body FROM change WHERE stream=1) WHERE stream=2", "digest 2/2"),
        ("DELETE FROM change WHERE stream=2", "feed 16813/2: no change"),
        ("UPDATE feed SET arrived=6 WHERE seq=1", "feed 16813/1"),
        ("UPDATE feed SET seq=3 WHERE seq=2", "feed 16813/3"),
        ("UPDATE feed SET chain=x'0102030405060708' WHERE seq=2", "feed 16813/2"),
    ],
)  # fmt: skip
def test_what_was_altered_behind_the_program_is_named(engine, statement, named) -> None:
    said = found(engine, statement)
    assert any(item.startswith(named) for item in said), said
