"""Whether log, heads and rows agree: what `check` answers, at both ends."""

from sqlalchemy import Connection, select

from app.domain.change import Held, Name
from app.domain.fields import ENTITIES
from app.record import log
from app.record.apply import derive
from app.record.digest import chain_next, seal
from app.record.tables import feed, head, rows


def disagreements(connection: Connection) -> list[str]:
    """What does not agree, in words for a specialist; empty when all is well."""
    found: list[str] = []
    by_record: dict[str, dict[str, list[Held]]] = {name: {} for name in ENTITIES}
    names: set[Name] = set()
    for held in log.read(connection):
        made = held.change
        again = seal(
            stream=made.stream, n=made.n, by=made.by, at=made.at, entity=made.entity, id=made.id,
            fields=made.fields, over=made.over,
        )  # fmt: skip
        names.add(made.name)
        if again.digest != made.digest:
            found.append(f"digest {made.stream:x}/{made.n}")
        if made.entity in by_record:
            by_record[made.entity].setdefault(made.id, []).append(held)
    expected_heads = set()
    for name, records in by_record.items():
        expected = {}
        for record, changes in records.items():
            row, made_heads = derive(ENTITIES[name], record, changes)
            if row is not None:
                expected[record] = row
                expected_heads |= {tuple(made_head.values()) for made_head in made_heads}
        actual = {row["id"]: dict(row) for row in connection.execute(select(rows[name])).mappings()}
        found += [f"row {name} {record}" for record in expected.keys() ^ actual.keys()]
        found += [
            f"row {name} {record}"
            for record in expected.keys() & actual.keys()
            if expected[record] != actual[record]
        ]
    columns = [
        head.c[name] for name in ("record", "field", "place", "entity", "stream", "n", "digest", "differs")
    ]
    actual_heads = {tuple(row) for row in connection.execute(select(*columns))}
    found += [f"head {item[0]} {item[1]}" for item in sorted(expected_heads ^ actual_heads, key=str)]
    found += _feed(connection, names)
    return found


def _feed(connection: Connection, names: set[Name]) -> list[str]:
    found: list[str] = []
    unit, seq, chain = "", 0, bytes(8)
    for row in connection.execute(select(feed).order_by(feed.c.unit, feed.c.seq)):
        if row.unit != unit:
            unit, seq, chain = row.unit, 0, bytes(8)
        seq += 1
        chain = chain_next(chain, bytes(row.digest), row.arrived)
        if row.seq != seq or bytes(row.chain) != chain:
            found.append(f"feed {unit}/{row.seq}")
            seq, chain = row.seq, bytes(row.chain)
        if Name(row.stream, row.n, bytes(row.digest)) not in names:
            found.append(f"feed {unit}/{row.seq}: no change")
    return found
