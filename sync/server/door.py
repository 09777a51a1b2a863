"""What the province takes from a device; refused is what is another's, malformed or too large."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, and_, select

from app.domain.change import Change, Value
from app.domain.errors import LedgerError
from app.domain.fields import ENTITIES, check, identity
from app.domain.text import TextTooLong
from app.record import log
from app.record.tables import change, feed, rows

MALFORMED = "malformed"
TOO_LARGE = "too-large"
NOT_YOURS = "not-yours"


def refusals(connection: Connection, unit: str, changes: Sequence[Change]) -> dict[int, str]:
    """The code of the refusal for each change, by index, that is not taken from a device of this unit.

    What this program does not know (entities, fields) is taken and fed on. Progress on an assignment that is
    withdrawn, or that is not known here, is taken too.
    """
    owners, holders = _owners(connection, changes), _holders(connection, changes)
    found: dict[int, str] = {}
    for index, made in enumerate(changes):
        code = _shape(made) or _side(made, unit, owners, holders)
        if code is not None:
            found[index] = code
    return found


def _shape(made: Change) -> str | None:
    try:
        for name, value in made.fields.items():
            check(made.entity, name, value)
        named = identity(made.entity, made.fields)
    except TextTooLong:
        return TOO_LARGE
    except LedgerError:
        return MALFORMED
    return MALFORMED if named is not None and named != made.id else None


def _side(made: Change, unit: str, owners: dict[str, str], holders: dict[str, set[str]]) -> str | None:
    entity = ENTITIES.get(made.entity)
    if entity is None:
        return None
    if entity.side != "commune":
        return NOT_YOURS
    named = made.fields.get("unit") if made.entity == "unit_settings" else owners.get(str(_names(made)))
    if named is not None:
        return None if named == unit else NOT_YOURS
    # no field says whose it is: a person, a report; then it belongs to whoever has it already
    return NOT_YOURS if unit not in holders.get(made.id, {unit}) else None


def _names(made: Change) -> Value:
    """What a change names as that which it belongs to: evidence its progress, others their assignment."""
    return made.fields.get("progress" if made.entity == "evidence" else "assignment")


def _owners(connection: Connection, changes: Sequence[Change]) -> dict[str, str]:
    """The unit of each assignment and each progress that these changes name and that is known."""
    weeks = {str(_names(made)) for made in changes if made.entity == "evidence"}
    progress, given = rows["progress"], rows["assignment"]
    # a week and its evidence may come in one request
    of_week = {
        made.id: str(made.fields["assignment"])
        for made in changes
        if made.entity == "progress" and made.id in weeks and "assignment" in made.fields
    }
    for part in log.chunks(sorted(weeks)):
        query = select(progress.c.id, progress.c.assignment).where(progress.c.id.in_(part))
        of_week |= {row.id: row.assignment for row in connection.execute(query)}
    named = {str(_names(made)) for made in changes if made.entity != "evidence" and _names(made)}
    units = {
        row.id: row.unit
        for part in log.chunks(sorted(named | set(of_week.values())))
        for row in connection.execute(select(given.c.id, given.c.unit).where(given.c.id.in_(part)))
    }
    return units | {week: units[assignment] for week, assignment in of_week.items() if assignment in units}


def _holders(connection: Connection, changes: Sequence[Change]) -> dict[str, set[str]]:
    """The units in whose feeds the records of these changes stand."""
    same = and_(feed.c.stream == change.c.stream, feed.c.n == change.c.n, feed.c.digest == change.c.digest)
    query = select(change.c.record, feed.c.unit).join(feed, same).distinct()
    found: dict[str, set[str]] = defaultdict(set)
    for part in log.chunks(sorted({made.id for made in changes})):
        for row in connection.execute(query.where(change.c.record.in_(part))):
            found[row.record].add(row.unit)
    return found
