"""`log`: every change held."""

from app.cli.session import Session
from app.domain.periods import local
from app.record.listing import listing
from app.services.people import PROVINCE_NAME, names
from app.words import _


def log(session: Session) -> int:
    """List the changes: those of the feed in its order, then what is held beside it."""
    with session.opened() as opened, opened.ledger.read() as connection:
        found = listing(connection, opened.ledger.identity.unit, whole=True)
        people = names(connection)
    session.give(found)
    for item in found:
        who = people.get(item["by"], "")
        who = _("the province") if who == PROVINCE_NAME else who or "?"
        place = "—" if item["seq"] is None else str(item["seq"])
        fields = ", ".join(item["fields"])
        session.say(f"{place:>6}  {local(item['at']):%d/%m/%Y %H:%M}  {item['entity']}: {fields}  ({who})")
    return 0
