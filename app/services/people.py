"""The people of the unit, by name."""

from sqlalchemy import Connection, select

from app.domain.ids import PROVINCE
from app.domain.merge import NOTHING, Seen
from app.domain.text import clean
from app.record.reading import seen
from app.record.tables import rows
from app.storage.ledger import Edit

PROVINCE_NAME = "province"
"""What `names` calls whoever wrote for the province; screens put their own word in its place."""


def names(connection: Connection) -> dict[str, str]:
    """The name of each person, by id; the province's offices under `PROVINCE_NAME`."""
    person = rows["person"]
    found = {row.id: row.name or "" for row in connection.execute(select(person.c.id, person.c.name))}
    return {PROVINCE: PROVINCE_NAME, **found}


def shown(connection: Connection, person: str) -> dict[str, Seen]:
    """What stands there of a person, field by field, as an edit wants it handed back."""
    held = seen(connection, "person", [person])
    return {name: held.get((person, name), NOTHING) for name in ("name", "post", "role")}


def rename(edit: Edit, person: str, name: str, before: dict[str, Seen]) -> None:
    """Write a person's name over what was shown. Raises BadText, TextTooLong."""
    values = {"name": " ".join(clean(name).split())}
    edit.write("person", {}, values, before, record=person)
