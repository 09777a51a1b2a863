"""`bundle`: exchange with the province by USB stick."""

from pathlib import Path

from app.cli.session import Session
from app.cli.sync import Refused
from app.record import outside
from app.services import conflicts
from app.services.status import returned
from app.services.sticks import ROAD
from app.words import SENTENCES, _, ngettext


def export(session: Session, file: str, *, evidence: bool) -> int:
    """Write what waits to a stick. Raises StickFull, FileUnwritable, DiskFull, StickUnsound, FileHeldKept."""
    from sync.client import usb

    with session.opened() as opened:
        done = usb.export(opened, Path(file), evidence=evidence)
    session.give(
        {
            "file": str(done.path),
            "bytes": done.size,
            "changes": done.changes,
            "files": done.files,
            "left": done.left,
        }
    )
    session.say(
        ngettext(
            "The bundle lies at {file}: {count} entry, {files} files of evidence, {size} KB.",
            "The bundle lies at {file}: {count} entries, {files} files of evidence, {size} KB.",
            done.changes,
        ).format(file=done.path, count=done.changes, files=done.files, size=-(-done.size // 1024))
    )
    if not done.changes:
        session.say(_("Nothing waits here; the bundle asks the province for what is new."))
    session.say(_("It was read back and is whole. The stick can be taken out; everything stays here too."))
    if done.left and evidence:
        session.warn(
            ngettext(
                "{count} file of evidence stays here: there is no room for it, or it cannot be read.",
                "{count} files of evidence stay here: there is no room for them, or they cannot be read.",
                done.left,
            ).format(count=done.left)
        )
    _warn_of_programs(session, file)
    return 0


def take(session: Session, file: str) -> int:
    """Take the province's answer from a stick; 1 where it newly refused something.

    Raises what `sync.client.usb.take` raises; nothing is written then.
    """
    from sync.client import usb

    with session.opened() as opened:
        done = usb.take(opened, Path(file))
        with opened.ledger.read() as connection:
            given_back = returned(connection) if done.refused else []
            open_conflicts = conflicts.count(connection)
        name = opened.ledger.identity.device_name
        session.now(opened)
    session.give(
        {
            "sent": done.sent,
            "received": done.received,
            "refused": done.refused,
            "road": ROAD,
            "new": done.new,
        }
    )
    if done.new:
        session.say(
            _("The province has received {sent} entries, by USB stick. New from it: {received}.").format(
                sent=done.sent, received=done.received
            )
        )
    else:
        session.say(_("All of this was known here already. Nothing was changed."))
    if done.confirmed:
        session.say(_("The province has confirmed this machine: “{device}”.").format(device=name))
    for code in dict.fromkeys(done.told):
        session.warn(_(SENTENCES.get(code, code)))
    _warn_of_programs(session, file)
    if open_conflicts:
        session.warn(
            ngettext(
                "{count} field has two versions: see them with so-nhiem-vu conflicts, and decide.",
                "{count} fields have two versions: see them with so-nhiem-vu conflicts, and decide.",
                open_conflicts,
            ).format(count=open_conflicts)
        )
    if not done.refused:
        return 0
    for item in given_back:
        session.warn(f"{item.task or item.change.entity}: {_(SENTENCES.get(item.reason, item.reason))}")
    raise Refused(count=done.refused)


def _warn_of_programs(session: Session, file: str) -> None:
    """Name what a virus may have left on the stick."""
    names = outside.strange_programs(Path(file), session.home.path)
    if names:
        session.warn(
            _(
                "The stick holds programs that were not opened: {names}. Do not open them; have the stick "
                "cleaned."
            ).format(names=", ".join(names[:5]))
        )
