"""The one form in which content is frozen: JSON, the same bytes for the same report on every machine.

A value of ours is an object that leads with its kind; fields at their default are left out, so that a field
added later does not change the hash of what was frozen before.
"""

import hashlib
import json
from dataclasses import MISSING, fields
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from app.reports.blocks import Bar, Bullet, Chart, Column, Content, Head, Heading, Paragraph, Source, Table
from app.reports.letters import printable

FORM = 1
"""The number of the structure that this program writes; it reads no later one."""

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (Content, Head, Heading, Paragraph, Bullet, Source, Table, Column, Chart, Bar)
}
_HINTS = {kind: get_type_hints(kind) for kind in _KINDS.values()}
_SIGNS = "23456789ACDEFGHJKMNPQRTVWXY"  # without 0 1 B I L O S U Z: nobody reads one for another
_DEPTH = 12


class BadContent(ValueError):
    """Bytes that are no content of a report, or one of a form that this program does not know."""


def canonical(content: Content) -> bytes:
    """The bytes that are frozen and hashed; texts are in the form in which they are printed."""
    return json.dumps(_written(content), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def parse(data: bytes) -> Content:
    """The content that `canonical` wrote. Raises BadContent."""
    try:
        held = json.loads(data, parse_constant=_refused)
        content = _read(held, Content, 0)
    except (ValueError, TypeError, KeyError, RecursionError) as wrong:
        raise BadContent(str(wrong)) from wrong
    if not isinstance(content, Content) or content.form != FORM:
        raise BadContent("no report of a form that is known here")
    return content


def content_hash(content: Content) -> bytes:
    """SHA-256 over what the report says; layout, fonts and the draft's mark do not enter."""
    return hashlib.sha256(canonical(content)).digest()


def check_code(hash: bytes) -> str:
    """The code by which people compare a sheet with what was frozen, from its hash: "7K3F-92QA"."""
    number = int.from_bytes(hash[:16], "big")
    signs = ""
    for _ in range(8):
        number, place = divmod(number, len(_SIGNS))
        signs += _SIGNS[place]
    return f"{signs[:4]}-{signs[4:]}"


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no number of ours")


def _written(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, tuple):
        return [_written(part) for part in value]
    kind = type(value)
    if kind not in _HINTS:
        return value
    made: dict[str, Any] = {"": kind.__name__}
    for field in fields(value):
        held = _written(getattr(value, field.name))
        usual = made["text"] if field.name == "basis" else _written(field.default)
        if field.default is MISSING or held != usual:
            made[field.name] = held
    return made


def _read(value: Any, hint: Any, depth: int) -> Any:
    """A value of the type that a field declares. Raises TypeError for another, KeyError for a missing one."""
    if depth > _DEPTH:
        raise TypeError("too deep")
    if isinstance(hint, UnionType):
        if value is None and type(None) in get_args(hint):
            return None
        choices = [part for part in get_args(hint) if part is not type(None)]
        if len(choices) == 1:
            return _read(value, choices[0], depth + 1)
        kind = _KINDS.get(value[""]) if isinstance(value, dict) else None
        if kind not in choices:
            raise TypeError(f"{hint} expected")
        return _object(value, kind, depth + 1)
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise TypeError("a list expected")
        return tuple(_read(part, get_args(hint)[0], depth + 1) for part in value)
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise TypeError(f"{hint} expected")
        return value
    if hint in _HINTS:
        return _object(value, hint, depth + 1)
    if type(value) is not hint and not (hint is float and type(value) is int):
        raise TypeError(f"{hint} expected")
    return value


def _object(value: Any, kind: Any, depth: int) -> Any:
    if not isinstance(value, dict) or value.get("") != kind.__name__:
        raise TypeError(f"{kind.__name__} expected")
    hints = _HINTS[kind]
    if strange := value.keys() - hints.keys() - {""}:
        raise KeyError(strange.pop())
    parts = {name: _read(value[name], hints[name], depth) for name in hints if name in value}
    if "basis" in hints and "basis" not in parts:
        parts["basis"] = parts["text"]
    return kind(**parts)
