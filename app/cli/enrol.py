"""`enrol`: make this machine a device of a unit."""

from pathlib import Path

from app.cli.session import Session
from app.services.opening import Newcomer, Opened
from app.services.opening import enrol as begin
from app.services.status import program
from app.storage.meta import Identity
from app.words import _, ngettext


def enrol(session: Session, server: str, code: str, name: str, ca: str | None = None) -> int:
    """Enrol with a code of the province. ca: a file (PEM) with the one certificate that it is known by.

    Raises AlreadyEnrolled, CodeMistyped, CodeRefused, NoConnection, PlainHttp, FileUnreadable,
    NotACertificate.
    """
    from sync.client import enrolment
    from sync.client.network import HttpLink

    pinned = _read_ca(ca)

    def present(newcomer: Newcomer) -> Identity:
        link = HttpLink(server, ca=pinned)
        try:
            return enrolment.enrol(link, server, newcomer, program(), ca=pinned)
        finally:
            link.close()

    opened = begin(session.home, session.clock, code, name, present)
    identity = _enrolled(session, opened)
    session.say(
        _("Enrolled: {unit} ({code}), machine “{device}”. Fetch the tasks with: so-nhiem-vu sync").format(
            unit=identity.unit_name, code=identity.unit, device=identity.device_name
        )
    )
    return 0


def by_file(session: Session, file: str, name: str, server: str = "", ca: str | None = None) -> int:
    """Enrol with a file of the province, without any connection; work can begin at once.

    server, ca: in place of those in the file.
    Raises AlreadyEnrolled, FileUnreadable, NotACertificate, EnrolFileForeign, EnrolFileUnsigned,
    EnrolFileOld.
    """
    from sync.client import enrolment_file

    found = enrolment_file.read(Path(file), session.clock())
    pinned = _read_ca(ca)

    def present(newcomer: Newcomer) -> Identity:
        return found.identity(newcomer, program(), server=server, ca=pinned)

    opened = begin(session.home, session.clock, found.content.code, name, present, fill=found.fill)
    identity = _enrolled(session, opened)
    session.say(
        ngettext(
            "Enrolled: {unit} ({code}), {count} task.",
            "Enrolled: {unit} ({code}), {count} tasks.",
            found.tasks,
        ).format(unit=identity.unit_name, code=identity.unit, count=found.tasks)
    )
    session.say(_("Work can begin at once. The province confirms this machine at the first exchange."))
    return 0


def _enrolled(session: Session, opened: Opened) -> Identity:
    try:
        identity = opened.ledger.identity
        session.now(opened)  # a wrong clock is named before anything is recorded under it
    finally:
        opened.close()
    if opened.keys == "file" and session.home.demo() is None:  # the demo's never lie anywhere else
        session.warn(
            _(
                "This machine has no keyring: the keys of the ledger lie in a file of {home} that its owner "
                "alone may read."
            ).format(home=session.home.path)
        )
    session.give({"unit": identity.unit, "unit_name": identity.unit_name, "device": identity.device_name})
    return identity


def _read_ca(file: str | None) -> str:
    """The certificate in a file; empty when none was named. Raises FileUnreadable, NotACertificate."""
    from app.record import authority

    return "" if file is None else authority.read(Path(file))
