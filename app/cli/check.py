"""`check`: the file, the log and the rows agree."""

from app.cli.session import Session
from app.domain.errors import LedgerError
from app.record.engine import quick_check
from app.record.verify import disagreements
from app.words import _

_SHOWN = 20


class LedgerDisagrees(LedgerError):
    """File, log and rows do not agree. Facts: count."""

    code = "ledger-disagrees"


def check(session: Session) -> int:
    """Look through the whole ledger. Raises LedgerDisagrees, LedgerDamaged."""
    with session.opened() as opened, opened.ledger.read() as connection:
        found = [*quick_check(connection), *disagreements(connection)]
    session.give({"ok": not found, "found": found})
    for item in found[:_SHOWN]:
        session.warn(item)
    if found:
        raise LedgerDisagrees(count=len(found))
    session.say(_("The file, the log and the rows agree."))
    return 0
