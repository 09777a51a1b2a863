"""`sync`: exchange with the province."""

from app.cli.session import Session
from app.domain.errors import LedgerError
from app.services.status import returned
from app.words import SENTENCES, _, ngettext


class Refused(LedgerError):
    """The province gave changes back. Facts: count."""

    code = "changes-refused"


def sync(session: Session) -> int:
    """Exchange until nothing waits; 1 where the province newly refused something.

    Raises NoConnection, NoAnswer, OtherProvince.
    """
    from sync.client.run import run

    with session.opened() as opened:
        done = run(opened)
        with opened.ledger.read() as connection:
            given_back = returned(connection) if done.refused else []
        session.now(opened)  # the province has just told its time: a wrong clock is named
    session.give(
        {
            "sent": done.sent,
            "received": done.received,
            "refused": done.refused,
            "conflicts": done.conflicts,
            "requests": done.requests,
            "bytes_up": done.bytes_up,
            "bytes_down": done.bytes_down,
            "seconds": round(done.seconds, 3),
            "road": done.road,
            "slices": done.slices,
            "resumed": done.resumed,
            "evidence_sent": done.evidence_sent,
        }
    )
    session.say(
        _("Sent {sent}, received {received}; the province has everything that was written here.").format(
            sent=done.sent, received=done.received
        )
        if not done.refused
        else _("Sent {sent}, received {received}.").format(sent=done.sent, received=done.received)
    )
    for code in dict.fromkeys(done.told):
        session.warn(_(SENTENCES.get(code, code)))
    if done.conflicts:
        session.warn(
            ngettext(
                "{count} field has two versions: see them with so-nhiem-vu conflicts, and decide.",
                "{count} fields have two versions: see them with so-nhiem-vu conflicts, and decide.",
                done.conflicts,
            ).format(count=done.conflicts)
        )
    if not done.refused:
        return 0
    for item in given_back:
        session.warn(f"{item.task or item.change.entity}: {_(SENTENCES.get(item.reason, item.reason))}")
    raise Refused(count=done.refused)
