"""What the unit's sheets say of the unit itself: place, title block, symbol, signer, recipients."""

import csv
import io
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, select

import resources
from app.domain.change import Change, Value
from app.domain.ids import record_id
from app.domain.merge import NOTHING, Seen
from app.domain.reports import UnitBlock
from app.domain.text import clean
from app.record.reading import seen
from app.record.tables import rows
from app.reports.suggestions import suggested
from app.storage.ledger import Edit
from app.storage.meta import Identity

SINGLE = ("place", "symbol", "signer", "party_symbol", "party_signer")
"""Settings of one line of text."""

MANY = (
    "issuer", "authority", "addressees", "recipients", "party_issuer", "party_authority", "party_recipients",
)  # fmt: skip
"""Settings of several lines."""

FIELDS = (*SINGLE, *MANY)

_PARTS = ("issuer", "symbol", "authority", "signer", "recipients")
_FIXED = ("issuer", "symbol", "authority")
"""What the decree and the unit's name settle between them; a person may write it otherwise."""


class Unit(NamedTuple):
    """The unit of this ledger. name: without "xã" or "phường"; kind: xa or phuong."""

    code: str
    name: str
    kind: str


def unit(connection: Connection, identity: Identity) -> Unit:
    """Who the unit is: as the province sent it, else from the list that the program came with."""
    table = rows["unit"]
    row = connection.execute(select(table).where(table.c.code == identity.unit)).first()
    if row is not None and row.name:
        return Unit(identity.unit, row.name, row.kind or "xa")
    for known in csv.DictReader(io.StringIO(resources.read_text("data", "nghe_an_units.csv"))):
        if known["code"] == identity.unit:
            return Unit(identity.unit, known["name"], known["kind"])
    return Unit(identity.unit, identity.unit_name, "xa")


def shown(connection: Connection, identity: Identity) -> dict[str, Seen]:
    """What is set, by field, as an edit wants it handed back; NOTHING for what is unset."""
    record = record_id("unit_settings", identity.unit)
    held = seen(connection, "unit_settings", [record])
    return {name: held.get((record, name), NOTHING) for name in FIELDS}


def value(shown: Seen) -> str | tuple[str, ...] | None:
    """A setting as it is used: None while it is unset or was emptied."""
    match shown.value:
        case str(text) if text.strip():
            return text
        case tuple(parts):
            return tuple(part for part in parts if isinstance(part, str) and part.strip()) or None
        case _:
            return None


def write(
    edit: Edit, unit: str, values: Mapping[str, str | None], before: Mapping[str, Seen]
) -> Change | None:
    """Write settings that were shown together; one of several lines is given as one text.

    unit: its code.
    Raises BadText, TextTooLong, BadValue (more than 50 lines).
    """
    cleaned: dict[str, Value] = {}
    for name, text in values.items():
        plain = clean(text or "").strip()
        if name in MANY:
            cleaned[name] = tuple(line.strip() for line in plain.split("\n") if line.strip()) or None
        elif name in SINGLE:
            cleaned[name] = " ".join(plain.split())
        else:
            raise KeyError(name)
    return edit.write("unit_settings", {"unit": unit}, cleaned, {name: before[name] for name in cleaned})


def block(connection: Connection, identity: Identity, line: str) -> UnitBlock:
    """Title block and signature of a reporting line.

    What is unset and follows from the unit's name (issuer, symbol, authority, place, addressee) is as the
    decree has it; signer and recipients stay None and print «Chưa ghi».
    """
    who = unit(connection, identity)
    set_here = shown(connection, identity)
    usual = suggested(line, who.name, who.kind)
    prefix = "party_" if line == "tinh_uy" else ""
    found = {name: value(set_here[prefix + name]) for name in _PARTS}
    found |= {name: getattr(usual, name) for name in _FIXED if found[name] is None}
    return UnitBlock(
        name=who.name,
        kind=who.kind,
        place=_text(value(set_here["place"])) or usual.place,
        superior=usual.superior,
        issuer=_lines(found["issuer"]),
        symbol=_text(found["symbol"]),
        authority=_lines(found["authority"]),
        signer=_text(found["signer"]),
        addressees=_lines(value(set_here["addressees"])) or usual.addressees if not prefix else None,
        recipients=_lines(found["recipients"]),
    )


def unset(connection: Connection, identity: Identity, line: str) -> tuple[str, ...]:
    """The settings that print «Chưa ghi» on a reporting line: of signer and recipients."""
    here = block(connection, identity, line)
    return tuple(name for name in ("place", *_PARTS) if getattr(here, name) is None)


def usual(connection: Connection, identity: Identity) -> dict[str, str | tuple[str, ...] | None]:
    """What a unit's settings usually say, by field, to be offered where nothing is set."""
    who = unit(connection, identity)
    state, party = (suggested(line, who.name, who.kind) for line in ("ubnd_tinh", "tinh_uy"))
    found: dict[str, str | tuple[str, ...] | None] = {name: getattr(state, name) for name in _PARTS}
    found |= {f"party_{name}": getattr(party, name) for name in _PARTS}
    return {**found, "place": state.place, "addressees": state.addressees}


def _text(value: str | tuple[str, ...] | None) -> str | None:
    return value if isinstance(value, str) else None


def _lines(value: str | tuple[str, ...] | None) -> tuple[str, ...] | None:
    return value if isinstance(value, tuple) else None
