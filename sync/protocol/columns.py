"""Changes as a table: column by column, each thing said once, nothing said that follows from the rest.

Lossless, with one form for one row of changes, described in `envelope.cddl`. Digests are not sent:
whoever reads a change computes its own. Fields and entities that this program does not know keep their
numbers ("#17") and values, so that an old program can pass on what a newer one wrote.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from app.domain import fields as table
from app.domain.change import Change, Value
from app.record.digest import seal
from sync.protocol import codec, lines, strict
from sync.protocol.handles import Key, Known, Places, follows
from sync.protocol.lines import Budget, Handle, pack_numbers, unpack_numbers
from sync.protocol.refs import Refs, pack_refs

MAX_CHANGES = 100_000  # in one table
MAX_FIELDS = 64
MAX_CELLS = 2_000_000  # values and references of a table

_TABLE_NUMBERS = 2**16
_CELLS_A_BYTE, _CELLS_AT_LEAST = 256, 4096

UNFIT = (ValueError, TypeError, LookupError, AttributeError)
"""What comes out of a table, or of changes, that do not fit the description."""

_Shape: TypeAlias = tuple[int, ...]  # entity, 1 if the id follows from the fields, numbers of the fields
_Place: TypeAlias = tuple[int, int]  # numbers of entity and field: the name of a column


class Table(NamedTuple):
    """What was read: the changes, and what the ids that were said by their keys are made of."""

    changes: tuple[Change, ...]
    keys: Mapping[str, Key]


class _Row(NamedTuple):
    change: Change
    shape: _Shape
    fields: Mapping[int, Value]


def pack(changes: Sequence[Change], keys: Mapping[str, Key]) -> list[Any]:
    """The table as plain CBOR types.

    keys: what ids in it are made of, as far as that is known; it makes the table smaller and changes
    nothing of what is read. Raises one of UNFIT for a change that nobody could read.
    """
    if not changes:
        return []
    if len(changes) > MAX_CHANGES:
        raise ValueError("too many changes")
    rows = [_row(change) for change in changes]
    shapes = _numbered(row.shape for row in rows)
    streams = _numbered([*(c.stream for c in changes), *(ref.stream for c in changes for ref in c.over)])
    columns: dict[_Place, list[Value]] = {}
    for row in rows:
        for number, value in row.fields.items():
            columns.setdefault((row.shape[0], number), []).append(value)
    by_handle = {place for place, column in columns.items() if lines.all_ids(column)}
    ids = Places(keys)
    for row in rows:
        ids.meet(row.change.by)
        for number, value in row.fields.items():
            if (row.shape[0], number) in by_handle:
                ids.meet(str(value))
        (ids.make if row.shape[1] else ids.meet)(row.change.id)
    over = pack_refs(changes, streams)
    texts: list[str] = []
    plain, keyed, places = ids.pack(texts)
    return [
        len(changes),
        list(streams),
        plain,
        keyed,
        [list(shape) for shape in shapes],
        pack_numbers([shapes[row.shape] for row in rows]),
        pack_numbers([streams[change.stream] for change in changes]),
        pack_numbers(_gaps(changes)),
        pack_numbers([places[change.by] for change in changes]),
        pack_numbers([change.at for change in changes]),
        pack_numbers([places[row.change.id] for row in rows if not row.shape[1]]),
        over,
        [
            lines.pack_column(columns[place], texts, places.__getitem__, codec.MAX_NESTED)
            for place in sorted(columns)
        ],
        "".join(text + lines.END for text in texts),
    ]


def budget(size: int) -> Budget:
    """What a message of so many bytes may unfold to: a few bytes must not make much work."""
    return Budget(min(MAX_CELLS, max(_CELLS_AT_LEAST, _CELLS_A_BYTE * size)))


def unpack(wire: Any, budget: Budget) -> Table:
    """The table in a part of a message that `strict` has read.

    Whether this is the one form is for who asks: then `pack` makes the same of what was read. Raises one of
    UNFIT for what is no table.
    """
    if wire == []:
        return Table((), {})
    count, streams, plain, keyed, shapes, shape_of, stream_of, gaps, by, at, records, over, *rest = wire
    columns, texts = rest
    if type(count) is not int or not 0 < count <= MAX_CHANGES:
        raise ValueError("no count")
    budget.spend(count)
    said = iter(_split(texts))
    known = Known(plain, keyed, said, budget)
    shapes = [_checked_shape(shape) for shape in shapes]
    row_shapes = [_at(shapes, index) for index in unpack_numbers(shape_of, count)]
    row_streams = [_at(streams, index) for index in unpack_numbers(stream_of, count)]
    numbers = _numbers(row_streams, unpack_numbers(gaps, count))
    people, times = unpack_numbers(by, count), unpack_numbers(at, count)
    unnamed = iter(unpack_numbers(records, sum(not shape[1] for shape in row_shapes)))
    cells = _cells(row_shapes, columns, said, budget)
    if next(said, None) is not None:
        raise ValueError("a text too many")
    refs = Refs(over, count, streams, budget)
    changes: list[Change] = []
    for index, shape in enumerate(row_shapes):
        fields: dict[int, Value] = {}
        for number in shape[2:]:
            value = next(cells[shape[0], number])
            fields[number] = known.at(value.place) if isinstance(value, Handle) else value
        id = follows(shape[0], fields) if shape[1] else known.at(next(unnamed))
        if id is None:
            raise ValueError("a record without its key")
        if shape[1]:
            known.make(id)
        entity = table.entity_name(shape[0])
        changes.append(
            seal(
                stream=row_streams[index],
                n=numbers[index],
                by=known.at(people[index]),
                at=times[index],
                entity=entity,
                id=id,
                fields={table.field_name(entity, number): value for number, value in fields.items()},
                over=refs.of(index, changes),
            )
        )
    return Table(tuple(changes), known.keys)


def _row(change: Change) -> _Row:
    """A change by numbers, if it can be sent. Raises ValueError, LookupError."""
    entity = table.entity_number(change.entity)
    fields = dict(sorted((table.field_number(change.entity, name), v) for name, v in change.fields.items()))
    if not (
        0 <= change.stream <= strict.INT_MAX
        and 1 <= change.n <= strict.INT_MAX
        and 0 <= change.at <= strict.INT_MAX
        and 0 <= entity < _TABLE_NUMBERS
        and all(0 <= number < _TABLE_NUMBERS for number in fields)
        and len(fields) == len(change.fields) <= MAX_FIELDS
    ):
        raise ValueError("a number out of its range, or too many fields")
    return _Row(change, (entity, int(follows(entity, fields) == change.id), *fields), fields)


def _checked_shape(shape: Any) -> _Shape:
    if (
        not isinstance(shape, list)
        or not 2 <= len(shape) <= 2 + MAX_FIELDS
        or not all(type(number) is int for number in shape)
    ):
        raise ValueError("no shape")
    if not 0 <= shape[0] < _TABLE_NUMBERS:
        raise ValueError("no entity")
    return tuple(shape)


def _numbered(values: Iterable[Any]) -> dict[Any, int]:
    """Each value once, in the order of their first appearance, with its number."""
    found: dict[Any, int] = {}
    for value in values:
        found.setdefault(value, len(found))
    return found


def _split(texts: str) -> list[str]:
    if texts.count(lines.END) > MAX_CELLS:
        raise ValueError("too many texts")
    *said, rest = texts.split(lines.END)
    if rest:
        raise ValueError("a text without its end")
    return said


def _at(values: Any, index: int) -> Any:
    if not 0 <= index < len(values):
        raise ValueError("a number of nothing")
    return values[index]


def _gaps(changes: Sequence[Change]) -> list[int]:
    """How far each number lies from the one that is next in its stream."""
    last: dict[int, int] = {}
    gaps = []
    for change in changes:
        gaps.append(change.n - last.get(change.stream, 0) - 1)
        last[change.stream] = change.n
    return gaps


def _numbers(streams: Sequence[int], gaps: Sequence[int]) -> list[int]:
    last: dict[int, int] = {}
    numbers = []
    for stream, gap in zip(streams, gaps, strict=True):
        last[stream] = last.get(stream, 0) + 1 + gap
        numbers.append(last[stream])
    return numbers


def _cells(
    shapes: Sequence[_Shape], columns: Any, texts: Iterator[str], budget: Budget
) -> Mapping[_Place, Iterator["Value | Handle"]]:
    """The values of each column, to be taken one after the other."""
    counts: Counter[_Place] = Counter()
    for shape, times in Counter(shapes).items():
        for number in shape[2:]:
            counts[shape[0], number] += times
    if len(counts) != len(columns):
        raise ValueError("columns are missing")
    return {
        place: iter(lines.unpack_column(column, counts[place], texts, budget, codec.MAX_NESTED))
        for place, column in zip(sorted(counts), columns, strict=True)
    }
