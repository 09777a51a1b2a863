"""Which machine of the unit wrote what: each says its name once in every stream that it writes."""

from sqlalchemy import Connection, select

from app.record.tables import rows
from app.storage.meta import Identity


def names(connection: Connection, identity: Identity) -> dict[str, str]:
    """The name of the machine that writes each stream, by its number as text, as far as it is known here.

    This machine's own is known before the province has confirmed it.
    """
    machine = rows["machine"].c
    said = {row.stream: row.name or "" for row in connection.execute(select(machine.stream, machine.name))}
    return {str(identity.stream): identity.device_name, **said}
