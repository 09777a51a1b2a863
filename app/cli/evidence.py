"""`evidence`: files that show what was done."""

from collections.abc import Sequence
from pathlib import Path

from app.cli.session import Session
from app.domain.errors import LedgerError
from app.services import evidence as service
from app.services.lines import line
from app.services.photos import Size
from app.services.progress import check, found, week_of
from app.words import N_, _, ngettext

WORDS = {
    "writing": N_("being written"),
    "waiting": N_("waits to be sent"),
    "sending": N_("on its way"),
    "received": N_("the province has it"),
    "returned": N_("given back"),
}
"""The words for where a piece of evidence is."""


class NoEvidence(LedgerError):
    """The ledger has no such piece of evidence. Facts: number."""

    code = "evidence-unknown"


def add(session: Session, code: str, path: Path, period: str | None, size: Size) -> int:
    """Add a file to a task's record of a week. Raises UnknownTask and what `service.add` raises."""
    with session.opened() as opened:
        now = session.now(opened)
        week = week_of(period, now)
        with opened.ledger.read() as connection:
            wanted = found(line(connection, code, week, now), code)
        check(wanted, now)
        made = service.add(opened, wanted.key, path, size)
    session.give(
        {
            "added": made.new,
            "code": wanted.code,
            "period": str(week),
            "id": made.record,
            "file": made.sha256,
            "name": made.name,
            "size": made.size,
            "kind": made.kind,
            "place_dropped": made.had_place,
            "also_at": list(made.elsewhere),
        }
    )
    told = (
        _("Added to {code}, week {week}: {name}, {size}. It is sent after the words.")
        if made.new
        else _("{code}, week {week}: {name} is there already.")
    )
    session.say(told.format(code=wanted.code, week=week, name=made.name, size=amount(made.size)))
    if made.had_place:
        session.say(_("The place where the photo was taken was dropped from it."))
    for other in made.elsewhere:
        session.say(
            _("This file is at the task {code} already; it is kept and sent once.").format(code=other)
        )
    return 0


def listed(session: Session, code: str | None) -> int:
    """List the evidence of all tasks or of one, and where each piece is."""
    with session.opened() as opened, opened.ledger.read() as connection:
        items = [
            item
            for item in service.items(connection)
            if code is None or item.task.casefold() == code.strip().casefold()
        ]
        count, left = service.summary(connection)
    session.give([_as_json(item) for item in items])
    for number, item in enumerate(items, start=1):
        where = [_(WORDS[item.exchange])] if item.file_known else []
        where += [] if item.here else [_("kept on another machine")]
        session.say(
            f"{number:>3}  {item.task}  {item.week}  {item.name}  {amount(item.size)}  "
            f"{item.sha256[:8]}  {'  '.join(where)}"
        )
    if not items:
        session.say(_("There is no evidence here yet. Add a file with: so-nhiem-vu evidence add CODE FILE"))
    elif count:
        session.say(
            ngettext(
                "{count} file, {size}, is sent after the words.",
                "{count} files, {size}, are sent after the words.",
                count,
            ).format(count=count, size=amount(left))
        )
    return 0


def remove(session: Session, record: str) -> int:
    """Take a piece of evidence away. record: its id, as the list gives it as JSON, or the start of its file's
    fingerprint. Raises NoEvidence.
    """
    with session.opened() as opened:
        with opened.ledger.read() as connection:
            items = _named(service.items(connection), record)
        with opened.ledger.edit() as edit:
            for item in items:
                service.remove(edit, item.record)
    session.say(_("Taken away: {name}").format(name=", ".join(item.name for item in items)))
    session.give({"removed": [item.record for item in items]})
    return 0


def amount(size: int) -> str:
    """A number of bytes as people say it, with the comma of Vietnamese."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


def _named(items: Sequence[service.Item], given: str) -> list[service.Item]:
    wanted = given.strip().casefold()
    chosen = [item for item in items if item.record == wanted]
    if not chosen and len(wanted) >= 8:
        chosen = [item for item in items if item.sha256.startswith(wanted)]
    if len(chosen) != 1:
        raise NoEvidence(number=given)
    return chosen


def _as_json(item: service.Item) -> dict[str, object]:
    return {
        "id": item.record,
        "code": item.task,
        "period": item.week,
        "file": item.sha256,
        "name": item.name,
        "size": item.size,
        "here": item.here,
        "sent": item.sent,
        "state": item.exchange if item.file_known else None,
    }
