"""Ids in a table of changes: each said once at most, and not at all where it follows from what is said.

A record of the kinds in KEYS has an id that `app.domain.ids` makes of the fields named there, so a
change of it needs no id beside these fields; and a record that a change only speaks of (the assignment
of a progress) can be said by what its own id is made of, which is mostly shorter in company than 16
bytes. What a program says beyond KEYS travels as bytes.

The places of ids, which is how columns name them: 0 the province as a person; then those that travel
as bytes; then those said by their keys; then the records of the table's own changes, from the change on
in which they first appear.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from app.domain.change import Value
from app.domain.ids import PROVINCE, record_id
from sync.protocol import codec, lines
from sync.protocol.lines import Budget, Handle

KEYS: Mapping[int, tuple[str, tuple[int, ...]]] = {
    1: ("unit", (1,)),
    2: ("programme", (1,)),
    3: ("source", (1,)),
    4: ("task", (1, 2)),
    5: ("assignment", (1, 2)),
    6: ("notice", (1,)),
    7: ("review", (1,)),
    10: ("receipt", (1,)),
    20: ("progress", (1, 2)),
    21: ("delegation", (1,)),
    22: ("notice_read", (1, 2)),
    23: ("answer", (1,)),
    24: ("evidence", (1, 2)),
    27: ("unit_settings", (1,)),
    28: ("machine", (1,)),
}
"""Numbers of entities and of the fields that their ids are made of, as version 1 of the protocol has
them: a part of the protocol, which does not grow with the program's own table."""

Key: TypeAlias = tuple[int, tuple[str, ...]]
"""What an id is made of: the number of the entity, and the values of its key fields."""


def made_of(key: Key) -> str:
    """The id that a key makes. Raises ValueError for a key of another kind or shape."""
    number, values = key
    name, fields = KEYS.get(number, ("", ()))
    if not name or len(values) != len(fields) or not all(values):
        raise ValueError("no key of a record")
    return record_id(name, *values)


def follows(entity: int, fields: Mapping[int, Value]) -> str | None:
    """The id that the fields of a change make, by their numbers; None where they make none."""
    known = KEYS.get(entity)
    if known is None:
        return None
    values = [value for value in map(fields.get, known[1]) if isinstance(value, str) and value]
    return record_id(known[0], *values) if len(values) == len(known[1]) else None


class Places:
    """The places of ids, for who writes a table: first all are met, then their places are known."""

    def __init__(self, keys: Mapping[str, Key]) -> None:
        """keys: what ids that may appear are made of, if that is known."""
        self._keys = keys
        self._plain: dict[str, int] = {}
        self._keyed: dict[int, dict[str, tuple[str, ...]]] = {}
        self._made: dict[str, int] = {}
        self._met = {PROVINCE}

    def meet(self, id: str) -> None:
        """An id appears. Raises ValueError for what is none."""
        if id in self._met:
            return
        key = self._keys.get(id)
        if key is None or made_of(key) != id or any(value in self._made for value in key[1]):
            # A record of the table's own changes has no place yet where keys are said.
            codec.id_bytes(id)
            self._plain[id] = len(self._plain)
        else:
            for value in key[1]:
                if codec.is_id(value):
                    self.meet(value)
            self._keyed.setdefault(key[0], {})[id] = key[1]
        self._met.add(id)

    def make(self, id: str) -> None:
        """The record of a change, whose fields make its id."""
        if id not in self._met:
            self._made[id] = len(self._made)
            self._met.add(id)

    def pack(self, texts: list[str]) -> tuple[bytes, list[Any], Mapping[str, int]]:
        """The ids as bytes, those by their keys, and the place of each; their texts go behind `texts`."""
        places = {PROVINCE: 0}
        for id in self._plain:
            places[id] = len(places)
        groups: list[Any] = []
        for number, records in self._keyed.items():
            columns = [
                lines.pack_column(column, texts, places.__getitem__, 0)
                for column in zip(*records.values(), strict=True)
            ]
            groups.append([number, len(records), columns])
            for id in records:
                places[id] = len(places)
        for id in self._made:
            places[id] = len(places)
        return b"".join(map(bytes.fromhex, self._plain)), groups, places


class Known:
    """The ids at their places, for who reads a table; it grows with the changes read."""

    def __init__(self, plain: Any, groups: Any, texts: Iterator[str], budget: Budget) -> None:
        """Raises ValueError."""
        if not isinstance(plain, bytes) or len(plain) % codec.ID_BYTES or not isinstance(groups, list):
            raise ValueError("no ids")
        self.keys: dict[str, Key] = {}
        self._ids = [PROVINCE]
        self._ids += [plain[at : at + codec.ID_BYTES].hex() for at in range(0, len(plain), codec.ID_BYTES)]
        self._met = set(self._ids)
        for group in groups:
            match group:
                case [int(number), int(count), list(columns)] if count > 0 and columns:
                    read = [lines.unpack_column(column, count, texts, budget, 0) for column in columns]
                    rows: Sequence[Any] = list(zip(*read, strict=True))
                    for row in rows:
                        self._say((number, tuple(self._text(value) for value in row)))
                case _:
                    raise ValueError("no keys")

    def _say(self, key: Key) -> None:
        id = made_of(key)
        self.keys[id] = key
        self._ids.append(id)
        self._met.add(id)

    def _text(self, value: "Value | Handle") -> str:
        if isinstance(value, Handle):
            return self.at(value.place)
        if not isinstance(value, str):
            raise ValueError("a key that is no text")
        return value

    def at(self, place: int) -> str:
        """The id at a place. Raises ValueError for one that is not yet there."""
        if not 0 <= place < len(self._ids):
            raise ValueError("an id that nobody said")
        return self._ids[place]

    def make(self, id: str) -> None:
        """The record of a change, whose fields make its id."""
        if id not in self._met:
            self._ids.append(id)
            self._met.add(id)
