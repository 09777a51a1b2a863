"""Which changes hold. Pure: the same set of changes gives the same heads, in whatever order they came.

For one field of one record, x is superseded by y when y writes the field and lists x. The heads are the
changes that nothing supersedes. Refused changes take no part.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.domain.change import Held, Ref, Value


class Seen(NamedTuple):
    """What stood on a screen for one field: the value shown and the heads behind it.

    conflict: the heads differ, so that both values were shown.
    """

    value: Value
    heads: tuple[Held, ...]
    conflict: bool

    @property
    def over(self) -> tuple[Ref, ...]:
        """What a change lists that was written with this on the screen."""
        return names_over(self.heads)


NOTHING = Seen(None, (), False)


def heads(changes: Iterable[Held], field: str) -> tuple[Held, ...]:
    """The heads of a field, the one that is shown first. changes: all of one record."""
    writers = [held for held in changes if held.refused is None and field in held.change.fields]
    seen: set[Ref] = {ref for held in writers for ref in held.change.over}
    return tuple(sorted((held for held in writers if held.change.ref not in seen), key=_shown, reverse=True))


def in_conflict(found: Sequence[Held], field: str) -> bool:
    """Whether the heads of a field differ in value, so that a person has to decide."""
    return len({held.change.fields[field] for held in found}) > 1


def names_over(found: Iterable[Held]) -> tuple[Ref, ...]:
    """What a new change lists that was written with these heads on the screen.

    For a head that the province does not have yet, what that one lists as well: it may never arrive.
    """
    listed: set[Ref] = set()
    for held in found:
        listed.add(held.change.ref)
        if held.arrived is None:
            listed.update(held.change.over)
    return tuple(sorted(listed))


def _shown(held: Held) -> tuple[int, int, int, bytes]:
    """The latest is shown; a clock that ran ahead counts as the moment of arrival."""
    change = held.change
    at = change.at if held.arrived is None else min(change.at, held.arrived)
    return (at, change.stream, change.n, change.digest)
