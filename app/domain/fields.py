"""The one table of what is recorded: each entity, who writes it, and its fields. Numbers are never reused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from app.domain import text
from app.domain.change import Value
from app.domain.errors import LedgerError
from app.domain.ids import record_id
from app.domain.periods import BadWeek, Week
from app.domain.progress import BadState, State

Side = Literal["province", "commune"]
Kind = Literal["text", "texts", "id", "date", "week", "int", "bool", "bytes", "choice", "state"]

STATUSES = frozenset({"not_started", "in_progress", "done", "paused"})
LINES = ("ubnd_tinh", "tinh_uy")
MAX_LIST = 50
MAX_BYTES = 64
_ID = re.compile(r"[0-9a-f]{32}")


class BadValue(LedgerError):
    """A value that its field cannot hold; facts: entity, field."""

    code = "bad-value"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its number on the wire and in digests, its name, what it holds; choices of a choice."""

    number: int
    name: str
    kind: Kind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of record. key: the fields that its id follows from; empty when the id is random."""

    number: int
    name: str
    side: Side
    key: tuple[str, ...]
    fields: Mapping[str, Field]


def _entity(
    number: int, name: str, side: Side, key: tuple[str, ...], *fields: tuple[int, str, str]
) -> Entity:
    made: dict[str, Field] = {}
    for field_number, field_name, kind in fields:
        plain, _, choices = kind.partition(":")
        made[field_name] = Field(
            field_number, field_name, cast(Kind, plain), tuple(choices.split("|")) if choices else ()
        )
    return Entity(number, name, side, key, made)


_ALL = (
    # ---- the province writes
    _entity(1, "unit", "province", ("code",),
            (1, "code", "text"), (2, "name", "text"), (3, "kind", "choice:xa|phuong"),
            (4, "former_district", "text"), (5, "mountainous", "bool")),
    _entity(2, "programme", "province", ("code",),
            (1, "code", "text"), (2, "name", "text"), (3, "year", "int"), (4, "issuer", "text")),
    _entity(3, "source", "province", ("code",),
            (1, "code", "text"), (2, "title", "text"), (3, "number", "text"), (4, "date", "date"),
            (5, "issuer", "text"), (6, "summary", "text")),
    _entity(4, "task", "province", ("programme", "code"),
            (1, "programme", "text"), (2, "code", "text"), (3, "title", "text"), (4, "product", "text"),
            (5, "group", "text"), (6, "group_name", "text"), (7, "source", "text"),
            (8, "kind", "choice:once|recurring"), (9, "recurrence", "choice:weekly|monthly"),
            (10, "scope", "choice:shared|specific"), (11, "lead", "text"), (12, "cooperating", "text")),
    _entity(5, "assignment", "province", ("task", "unit"),
            (1, "task", "id"), (2, "unit", "text"), (3, "deadline", "date"), (4, "original_deadline", "date"),
            (5, "extension", "text"), (6, "line", "choice:ubnd_tinh|tinh_uy"), (7, "opening", "state"),
            (8, "opening_at", "date"), (9, "opening_result", "text"), (10, "opening_difficulty", "text"),
            (11, "opening_proposal", "text"), (12, "opening_next_step", "text"), (13, "withdrawn_on", "date"),
            (14, "withdrawal", "text"), (15, "notice", "id")),
    _entity(6, "notice", "province", ("number",),
            (1, "number", "text"), (2, "month", "text"), (3, "date", "date"), (4, "issuer", "text"),
            (5, "title", "text"), (6, "supersedes", "id")),
    _entity(7, "review", "province", ("progress",),
            (1, "progress", "id"), (2, "verdict", "choice:waiting|accepted|returned"), (3, "reason", "text")),
    _entity(8, "reminder", "province", (),
            (1, "unit", "text"), (2, "date", "date"), (3, "text", "text"), (4, "tasks", "texts")),
    _entity(9, "directive", "province", (),
            (1, "unit", "text"), (2, "text", "text"), (3, "source", "text"), (4, "deadline", "date"),
            (5, "closed_on", "date")),
    _entity(10, "receipt", "province", ("report",),
            (1, "report", "id"), (2, "hash", "bytes"), (3, "number", "text"), (4, "received_at", "int")),
    _entity(11, "holiday", "province", ("date",),
            (1, "date", "date"), (2, "name", "text"),
            (3, "kind", "choice:holiday|moved|swapped_off|swapped_on|ordinary")),
    _entity(12, "reporting_rule", "province", ("line", "frequency", "valid_from"),
            (1, "line", "choice:ubnd_tinh|tinh_uy"),
            (2, "frequency", "choice:week|month|quarter|half|nine_months|year"), (3, "valid_from", "date"),
            (4, "cut_off", "int"), (5, "due", "int"), (6, "time", "text")),
    # ---- the commune writes
    _entity(20, "progress", "commune", ("assignment", "week"),
            (1, "assignment", "id"), (2, "week", "week"), (3, "state", "state"), (4, "result", "text"),
            (5, "difficulty", "text"), (6, "proposal", "text"), (7, "next_step", "text")),
    _entity(21, "delegation", "commune", ("assignment",),
            (1, "assignment", "id"), (2, "officer", "id"), (3, "leader", "id")),
    _entity(22, "notice_read", "commune", ("notice", "person"),
            (1, "notice", "id"), (2, "person", "id"), (3, "read_at", "int")),
    _entity(23, "answer", "commune", ("directive",), (1, "directive", "id"), (2, "text", "text")),
    _entity(24, "evidence", "commune", ("progress", "file"),
            (1, "progress", "id"), (2, "file", "text"), (3, "name", "text"), (4, "size", "int"),
            (5, "caption", "text"), (6, "removed", "bool")),
    _entity(25, "report", "commune", (),
            (1, "period", "text"), (2, "line", "choice:ubnd_tinh|tinh_uy"), (3, "hash", "bytes"),
            (4, "made_at", "int"), (5, "content", "text"), (6, "number", "text"), (7, "date", "date"),
            (8, "signer", "text"), (9, "replaces", "id"), (10, "pages", "int"), (11, "data_at", "int"),
            (12, "signed", "choice:ink|digital"), (13, "signed_at", "int"), (14, "sheet", "text"),
            (15, "sheet_name", "text"), (16, "sheet_size", "int")),
    _entity(26, "person", "commune", (),
            (1, "name", "text"), (2, "post", "text"), (3, "role", "choice:officer|leader|clerk"),
            (4, "left_on", "date")),
    _entity(27, "unit_settings", "commune", ("unit",),
            (1, "unit", "text"), (2, "place", "text"), (3, "issuer", "texts"), (4, "symbol", "text"),
            (5, "authority", "texts"), (6, "signer", "text"), (7, "addressees", "texts"),
            (8, "recipients", "texts"), (9, "party_issuer", "texts"), (10, "party_symbol", "text"),
            (11, "party_authority", "texts"), (12, "party_signer", "text"),
            (13, "party_recipients", "texts")),
    _entity(28, "machine", "commune", ("stream",), (1, "stream", "text"), (2, "name", "text")),
    _entity(29, "sentence", "commune", ("period", "line", "slot"),
            (1, "period", "text"), (2, "line", "choice:ubnd_tinh|tinh_uy"), (3, "slot", "text"),
            (4, "text", "text"), (5, "basis", "text")),
)  # fmt: skip

ENTITIES: Mapping[str, Entity] = {entity.name: entity for entity in _ALL}
_BY_NUMBER = {entity.number: entity for entity in _ALL}
_FIELDS_BY_NUMBER = {e.name: {f.number: f.name for f in e.fields.values()} for e in _ALL}


def entity_number(name: str) -> int:
    """The number of an entity; "#17" is 17. Raises KeyError for a name that is no entity."""
    return int(name[1:]) if name.startswith("#") else ENTITIES[name].number


def entity_name(number: int) -> str:
    """The name of an entity; an unknown number 17 is "#17"."""
    known = _BY_NUMBER.get(number)
    return f"#{number}" if known is None else known.name


def field_number(entity: str, name: str) -> int:
    """The number of a field; "#9" is 9. Raises KeyError for a name that the entity does not have."""
    return int(name[1:]) if name.startswith("#") else ENTITIES[entity].fields[name].number


def field_name(entity: str, number: int) -> str:
    """The name of a field; an unknown number 9 is "#9"."""
    return _FIELDS_BY_NUMBER.get(entity, {}).get(number) or f"#{number}"


def identity(entity: str, fields: Mapping[str, Value]) -> str | None:
    """The id that the key fields give; None for an entity whose ids are random or that is unknown.

    Raises BadValue when a key field is missing.
    """
    known = ENTITIES.get(entity)
    if known is None or not known.key:
        return None
    parts = [fields.get(name) for name in known.key]
    if not all(isinstance(part, str) and part for part in parts):
        raise BadValue(entity=entity, field=", ".join(known.key))
    return record_id(entity, *[str(part) for part in parts])


def understood(field: Field, value: Value) -> bool:
    """Whether this program knows what the value means; an unknown choice is kept, not applied."""
    if field.kind == "choice":
        return value is None or value in field.choices
    if field.kind == "state" and isinstance(value, tuple) and value:
        return value[0] in STATUSES
    return True


def applies(entity: str, field: Field, value: Value) -> bool:
    """Whether a value may stand in a row: it has a shape of its field, and this program knows what it means.

    Asked at both ends of whatever is in the log, so that one odd value of another program holds up nothing.
    """
    try:
        check(entity, field.name, value)
    except LedgerError:
        return False
    return understood(field, value)


def check(entity: str, name: str, value: Value) -> None:
    """Refuse a value that no version of the field could hold. Raises BadValue, TextTooLong."""
    known = ENTITIES.get(entity)
    field = known.fields.get(name) if known else None
    if field is None or value is None:
        return
    if not _SHAPES[field.kind](value):
        raise BadValue(entity=entity, field=name)


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and text.clean(value) == value


def _is_date(value: Value) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_week(value: Value) -> bool:
    try:
        return isinstance(value, str) and str(Week.parse(value)) == value
    except BadWeek:
        return False


def _is_state(value: Value) -> bool:
    if isinstance(value, tuple) and value and isinstance(value[0], str) and value[0] not in STATUSES:
        return len(value) <= MAX_LIST  # a status of a newer program
    try:
        State.from_wire(value)
    except BadState:
        return False
    return True


_SHAPES = {
    "text": _is_text,
    "choice": _is_text,
    "texts": lambda v: isinstance(v, tuple) and len(v) <= MAX_LIST and all(_is_text(part) for part in v),
    "id": lambda v: isinstance(v, str) and _ID.fullmatch(v) is not None,
    "date": _is_date,
    "week": _is_week,
    "int": lambda v: type(v) is int and -(2**63) <= v < 2**63,
    "bool": lambda v: type(v) is bool,
    "bytes": lambda v: isinstance(v, bytes) and len(v) <= MAX_BYTES,
    "state": _is_state,
}
