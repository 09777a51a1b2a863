"""`conflicts`: the fields that two people wrote without having seen each other, and `conflicts decide`."""

from typing import Any

from app.cli.parser import PROGRAM, Usage
from app.cli.session import Session
from app.domain.change import Value
from app.domain.periods import local
from app.domain.progress import BadState, State
from app.services import conflicts
from app.services.conflicts import Conflict, NoSuchVersion, NotWritable, Version
from app.services.people import PROVINCE_NAME
from app.words import N_, STATUSES, _, ngettext

_FIELDS = {
    "state": N_("Status"),
    "result": N_("Results"),
    "difficulty": N_("Difficulties"),
    "proposal": N_("Proposals"),
    "next_step": N_("Next step"),
}
_USAGE = f"{PROGRAM} conflicts decide ID (--take N | --text T)"


def listed(session: Session) -> int:
    """List what waits to be decided, each with its versions in the order of their numbers."""
    with session.opened() as opened, opened.ledger.read() as connection:
        found = conflicts.conflicts(connection, opened.ledger.identity)
    session.give([_as_json(item) for item in found])
    for item in found:
        session.say(_heading(item))
        for number, version in enumerate(item.versions, start=1):
            session.say(f"  {number}. {_who(version)}: {words(item.field, version.value)}")
    if not found:
        session.say(_("No field has two versions."))
        return 0
    session.say(
        ngettext(
            "{count} field has two versions. Decide with: so-nhiem-vu conflicts decide ID --take N",
            "{count} fields have two versions. Decide with: so-nhiem-vu conflicts decide ID --take N",
            len(found),
        ).format(count=len(found))
    )
    return 0


def decide(session: Session, id: str, take: int | None, text: str | None) -> int:
    """Settle one of them, by one of its versions or by a text that is written anew.

    Raises ConflictUnknown, ConflictChanged, NotYours, BadText, TextTooLong; Usage for a number that is none
    of its versions, and for a text where none can be written.
    """
    with session.opened() as opened:
        session.now(opened)
        with opened.ledger.edit() as edit:
            found = conflicts.find(edit.connection, opened.ledger.identity, id)
            try:
                made = conflicts.decide(edit, found, take=take, text=text)
            except NoSuchVersion as error:
                raise Usage(
                    _("there is no version {number}; there are {count}").format(number=take, **error.facts),
                    _USAGE,
                ) from error
            except NotWritable as error:
                raise Usage(
                    _("this field holds no free text; take one of its versions with --take"), _USAGE
                ) from error
    value = None if made is None else made.fields[found.field]
    session.give({"id": found.id, "value": _plain(value)})
    session.say(_("Decided: {words}").format(words=words(found.field, value)))
    return 0


def words(field: str, value: Value) -> str:
    """A value of a field, for a person."""
    if field == "state":
        return _state(value)
    if isinstance(value, tuple):
        return " / ".join(str(part) for part in value) or _("(empty)")
    return str(value) if value not in {None, ""} else _("(empty)")


def _state(value: Value) -> str:
    if value is None:
        return _("taken back")
    try:
        state = State.from_wire(value)
    except BadState:
        return str(value)
    told = [
        _(STATUSES[state.status]),
        "" if state.percent is None else f"{state.percent}%",
        "" if state.completed_on is None else f"{state.completed_on:%d/%m/%Y}",
        state.words or "",
    ]
    return ", ".join(part for part in told if part)


def _heading(item: Conflict) -> str:
    where = " · ".join(part for part in (item.code, str(item.week or ""), item.title) if part)
    field = _(_FIELDS.get(item.field, item.field))
    return f"{item.id}\n  {' · '.join(part for part in (where, field) if part)}"


def _who(version: Version) -> str:
    by = _("the province") if version.by == PROVINCE_NAME else version.by or _("unknown")
    return " · ".join(part for part in (by, version.device, f"{local(version.at):%H:%M %d/%m/%Y}") if part)


def _as_json(item: Conflict) -> dict[str, Any]:
    return {
        "id": item.id,
        "code": item.code,
        "period": str(item.week or ""),
        "field": item.field,
        "heads": [
            {
                "value": _plain(version.value),
                "by": version.by,
                "device": version.device,
                "at": local(version.at).isoformat(),
            }
            for version in item.versions
        ],
    }


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.hex() if isinstance(value, bytes) else value
