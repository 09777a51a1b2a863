"""`backup`: make a copy of the ledger, list the copies, and take in one of another machine of the unit."""

from pathlib import Path

from app.cli.session import Session
from app.services import takein
from app.services.opening import Opened
from app.storage import backup
from app.words import _, ngettext


def make(session: Session, folder: str | None) -> int:
    """Make a verified copy. Raises LedgerDamaged, DiskFull, LedgerNoAccess, FileHeld."""
    with session.opened() as opened:
        path = opened.copy(None if folder is None else Path(folder))
    session.give({"file": str(path)})
    session.say(_("A copy was made and read through: {path}").format(path=path))
    return 0


def listed(session: Session, folder: str | None) -> int:
    """List the copies of this ledger, the one made last first."""
    found = backup.made(session.home, folder=None if folder is None else Path(folder))
    session.give([{"number": copy.number, "file": str(copy.path)} for copy in found])
    for copy in found:
        session.say(f"{copy.number:>4}  {copy.path}")
    if not found:
        session.say(_("There is no copy there."))
    return 0


def take_in(session: Session, file: str, keys: str | None) -> int:
    """Take in a copy beside what is here. Raises what `takein.take_in` raises."""
    with session.opened() as opened:

        def ask(ledger: str, slot: bytes) -> bytes:
            return _asked(opened, ledger, slot)

        done = takein.take_in(opened, Path(file), keys=None if keys is None else Path(keys), ask=ask)
    session.give({"taken": done.taken, "pending": done.pending})
    session.say(
        ngettext(
            "{count} entry of the machine “{device}” was taken in; {pending} wait to be sent.",
            "{count} entries of the machine “{device}” were taken in; {pending} wait to be sent.",
            done.taken,
        ).format(count=done.taken, device=done.device, pending=done.pending)
        if done.taken
        else _("There is nothing in this copy that is not here already.")
    )
    return 0


def _asked(opened: Opened, ledger: str, slot: bytes) -> bytes:
    from sync.client import escrow
    from sync.client.network import HttpLink

    identity = opened.ledger.identity
    link = HttpLink(identity.server, ca=identity.ca)
    try:
        return escrow.ask(link, opened, ledger, slot)
    finally:
        link.close()
