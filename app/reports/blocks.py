"""A report as ordered content, without any layout: the values that are frozen, hashed and drawn.

A block of the body names its sentence by `slot` ("" for what is fixed), so that an officer's own words find
their place again: "opening", "summary", "changes:<code>", "group:<group>", "difficulty:<code>", "closing" and
so on. `task` is the code of the task that it tells of. `basis` is what the program wrote from the record; it
is the text itself where nobody has edited it. Number and date of issue are not content: their places are
blank here and filled by `issued` (`app.reports.titles`).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

Align = Literal["left", "centre", "right"]

_HIDDEN = frozenset({"slot", "task", "basis", "sources", "profile", "align", "kind"})
"""Fields of content that no page shows."""


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of a merged text and the weeks ("2025-W27") that wrote it."""

    text: str
    weeks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body; `level` 1 is a part, 2 a section of it, 3 a lettered item."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; an officer's own text may hold several, divided by line ends."""

    text: str
    slot: str = ""
    task: str = ""
    basis: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullet:
    """An item of a list; its hyphen belongs to the form, not to the text."""

    text: str
    slot: str = ""
    task: str = ""
    basis: str = ""
    sources: tuple[Source, ...] = ()


Block = Heading | Paragraph | Bullet


@dataclass(frozen=True, slots=True)
class Head:
    """The title block of page 1, from the superior body to the report's subject."""

    superior: str | None
    issuer: tuple[str, ...]
    number: str
    place_date: str
    type: str
    subject: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. width_mm: the form's own width. over: the heading above several columns."""

    heading: str
    width_mm: float
    align: Align = "left"
    over: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An annex. Each row has as many cells as there are columns.

    number: "01", "02" or "03" of the regime's tables, "04" for long texts told whole. total: the last row is
    the sum of those above.
    """

    number: str
    label: str
    title: str
    belongs_to: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    landscape: bool = True
    total: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart. kind: "done", "in_time", "overdue", "not_started" or "paused"."""

    word: str
    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class Chart:
    """How many tasks stand where."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A whole report in reading order.

    `form` is the number of this structure. `profile` names the form of the sheet, one of those in
    `app.reports.layout.profiles`. `title` is the document's name outside the sheet. `addressees` is empty
    where the form has none. `recipients` carry neither hyphen nor punctuation. `replaces` names the report
    that this one corrects, "".
    """

    form: int
    profile: str
    title: str
    head: Head
    addressees: tuple[str, ...]
    blocks: tuple[Block, ...]
    authority: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    chart: Chart | None = None
    replaces: str = ""


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same content (or a part of it) with every text that is printed changed by a function."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(mapped(part, change) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {
            field.name: mapped(getattr(value, field.name), change)
            for field in fields(value)
            if field.name not in _HIDDEN
        }
        return replace(value, **parts)
    return value


def every_text(content: Content) -> tuple[str, ...]:
    """All texts that a report prints, for instance to name the letters that no font has."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    mapped(content, note)
    return tuple(found)
