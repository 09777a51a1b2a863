"""Where the words of a record are on their way to the province, in one of five words."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, select

from app.domain.change import Held
from app.domain.fields import ENTITIES
from app.record import log
from app.record.tables import change
from app.storage.tables import draft

WORDS = ("writing", "waiting", "sending", "received", "returned")
"""«Đang viết», «Chờ gửi», «Đang gửi», «Tỉnh đã nhận», «Tỉnh trả lại»; "sending" is known to a running sync
alone.
"""


def words(connection: Connection, records: Iterable[str]) -> dict[str, str]:
    """The word for each of these records that says anything; what needs a person comes first."""
    ids = list(records)
    found: dict[str, list[tuple[int | None, str | None]]] = defaultdict(list)
    for part in log.chunks(sorted(set(ids))):
        query = select(change.c.record, change.c.arrived, change.c.refused).where(change.c.record.in_(part))
        for row in connection.execute(query):
            found[row.record].append((row.arrived, row.refused))
    typed = set(connection.execute(select(draft.c.record)).scalars())
    refused = [record for record, said in found.items() if any(code for _, code in said)]
    returned = {item.change.id for item in _open(connection, refused)} if refused else set()
    told = {record: _word(said) for record, said in found.items()}
    told |= dict.fromkeys(returned, "returned")
    return told | {record: "writing" for record in ids if record in typed}


def returned(connection: Connection) -> list[Held]:
    """Refused changes that nobody has written anew, the newest first."""
    records = connection.execute(select(change.c.record).where(change.c.refused.is_not(None)).distinct())
    return sorted(_open(connection, list(records.scalars())), key=lambda held: held.change.at, reverse=True)


def refused(connection: Connection) -> list[Held]:
    """All that the province ever refused, also what was written anew since, the newest first."""
    query = select(change.c.record).where(change.c.refused.is_not(None)).distinct()
    records = list(connection.execute(query).scalars())
    found = log.of_records(connection, records) if records else {}
    held = [item for changes in found.values() for item in changes if item.refused is not None]
    return sorted(held, key=lambda item: item.change.at, reverse=True)


def _open(connection: Connection, records: list[str]) -> list[Held]:
    """Refused changes with a field that nobody has written since."""
    found = []
    for changes in log.of_records(connection, records).values():
        for held in changes:
            if held.refused is not None and not _answered(held, changes):
                found.append(held)
    return found


def _answered(refused: Held, changes: Iterable[Held]) -> bool:
    """Whether later changes wrote again every field that a refused one had written; its key says nothing."""
    old = refused.change
    entity = ENTITIES.get(old.entity)
    left = old.fields.keys() - set(entity.key if entity else ())
    for held in changes:
        made = held.change
        later = made.n > old.n if made.stream == old.stream else made.at >= old.at
        if held.refused is None and later:
            left -= made.fields.keys()
    return not left


def _word(said: list[tuple[int | None, str | None]]) -> str:
    taken = [arrived for arrived, refused in said if refused is None]
    if any(arrived is None for arrived in taken):
        return "waiting"
    return "received" if taken else "returned"
