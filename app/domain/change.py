"""A change: one edit of one record by one device. A change never alters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

Value: TypeAlias = "bool | int | str | bytes | tuple[Value, ...] | None"

TIP_BYTES = 2
DIGEST_BYTES = 8


class Ref(NamedTuple):
    """The name of a change as other changes list it: the tip is the first two bytes of its digest."""

    stream: int
    n: int
    tip: bytes


class Name(NamedTuple):
    """The full name of a change. Two devices that go on from one copy make two names, never one twice."""

    stream: int
    n: int
    digest: bytes

    @property
    def ref(self) -> Ref:
        """The short name."""
        return Ref(self.stream, self.n, self.digest[:TIP_BYTES])


@dataclass(frozen=True, slots=True)
class Change:
    """What one edit wrote.

    stream: 63-bit number of the writing ledger; n: counts up within it, gaps allowed. by: the person, as the
    device asserts. at: the device's clock, seconds UTC, shown and never trusted for order. entity and the
    keys of fields are names of `app.domain.fields`, or "#17" for a number unknown here. over: the changes
    that stood on the screen for the fields it writes, sorted. digest: 8 bytes, made by
    `app.record.digest.seal` alone.
    """

    stream: int
    n: int
    by: str
    at: int
    entity: str
    id: str
    fields: Mapping[str, Value]
    over: tuple[Ref, ...]
    digest: bytes

    @property
    def name(self) -> Name:
        """Its full name."""
        return Name(self.stream, self.n, self.digest)

    @property
    def ref(self) -> Ref:
        """Its short name."""
        return Ref(self.stream, self.n, self.digest[:TIP_BYTES])


class Held(NamedTuple):
    """A change in a log, and what the province said of it.

    arrived: when the province first took it, seconds UTC; None while it waits. refused: code of a refusal.
    """

    change: Change
    arrived: int | None = None
    refused: str | None = None


class Cursor(NamedTuple):
    """A place in a unit's feed: the number of its last row and the running hash there (8 bytes)."""

    seq: int
    chain: bytes


START = Cursor(0, bytes(8))
