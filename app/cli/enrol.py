"""`enrol`: make this machine a device of a unit."""

from app.cli.session import Session
from app.services.opening import Newcomer
from app.services.opening import enrol as begin
from app.services.status import program
from app.storage.meta import Identity
from app.words import _


def enrol(session: Session, server: str, code: str, name: str) -> int:
    """Enrol with a code of the province. Raises AlreadyEnrolled, CodeMistyped, CodeRefused, NoConnection."""
    from sync.client import enrolment
    from sync.client.network import HttpLink

    def present(newcomer: Newcomer) -> Identity:
        link = HttpLink(server)
        try:
            return enrolment.enrol(link, server, newcomer, program())
        finally:
            link.close()

    opened = begin(session.home, session.clock, code, name, present)
    try:
        identity = opened.ledger.identity
    finally:
        opened.close()
    if opened.keys == "file" and session.home.demo() is None:  # the demo's never lie anywhere else
        session.warn(
            _(
                "This machine has no keyring: the keys of the ledger lie in a file of {home} that its owner "
                "alone may read."
            ).format(home=session.home.path)
        )
    session.say(
        _("Enrolled: {unit} ({code}), machine “{device}”. Fetch the tasks with: so-nhiem-vu sync").format(
            unit=identity.unit_name, code=identity.unit, device=identity.device_name
        )
    )
    session.give({"unit": identity.unit, "unit_name": identity.unit_name, "device": identity.device_name})
    return 0
