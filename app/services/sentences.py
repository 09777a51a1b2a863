"""The sentences of a report as an officer left them: by period, line of reporting and slot.

Only the report's words change, never the record. Beside each stands what the program had written then: when
that changes, both are shown side by side, and the officer's stay until somebody decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.change import Change
from app.domain.errors import LedgerError
from app.domain.fields import identity
from app.domain.merge import NOTHING, Seen
from app.domain.reporting import Period
from app.domain.reports import Edited
from app.domain.text import clean
from app.record.reading import seen
from app.record.tables import rows
from app.reports.blocks import Bullet, Content, Paragraph
from app.reports.locked import numbers_kept
from app.storage.ledger import Edit


class NumbersNotKept(LedgerError):
    """An officer's sentence says other numbers than the tables. Facts: basis, what the program writes."""

    code = "numbers-not-kept"


@dataclass(frozen=True, slots=True)
class Stale:
    """A sentence whose record changed after it was edited.

    text: the officer's. then: what the program had written; now: what it writes now, "" where the sentence
    has no place in the report any more.
    """

    slot: str
    text: str
    then: str
    now: str


def edited(connection: Connection, period: Period, line: str) -> dict[str, Edited]:
    """The officer's own sentences, by slot."""
    table = rows["sentence"]
    query = select(table).where(table.c.period == str(period), table.c.line == line).order_by(table.c.slot)
    return {
        row.slot: Edited(row.text, row.basis or "")
        for row in connection.execute(query)
        if row.slot and row.text and row.text.strip()
    }


def shown(connection: Connection, period: Period, line: str, slot: str) -> tuple[Seen, Seen]:
    """What the ledger holds of a sentence, text and basis, as an edit wants it handed back."""
    record = identity("sentence", _key(period, line, slot)) or ""
    held = seen(connection, "sentence", [record])
    return held.get((record, "text"), NOTHING), held.get((record, "basis"), NOTHING)


def heads(connection: Connection, period: Period, line: str) -> dict[str, tuple[Seen, Seen]]:
    """What `shown` gives for each sentence of a report that was ever edited, by slot; two queries."""
    table = rows["sentence"]
    query = select(table.c.id, table.c.slot).where(table.c.period == str(period), table.c.line == line)
    slots = {row.id: row.slot for row in connection.execute(query) if row.slot}
    held = seen(connection, "sentence", slots)
    return {
        slot: (held.get((record, "text"), NOTHING), held.get((record, "basis"), NOTHING))
        for record, slot in slots.items()
    }


def write_sentence(
    edit: Edit,
    period: Period,
    line: str,
    slot: str,
    text: str | None,
    basis: str,
    before: tuple[Seen, Seen] | None = None,
) -> Change | None:
    """Keep an officer's own sentence; None or an empty text takes it back.

    basis: what the program writes there now. before: what `shown` gave when the sentence was shown, default
    what the ledger holds now. Returns None where that stands there already. Raises BadText, TextTooLong,
    NumbersNotKept.
    """
    plain = clean(text or "").strip()
    if plain and not numbers_kept(basis, plain):
        raise NumbersNotKept(basis=basis)
    over = before or shown(edit.connection, period, line, slot)
    values = {"text": plain or None, "basis": basis if plain else None}
    return edit.write(
        "sentence", _key(period, line, slot), values, dict(zip(("text", "basis"), over, strict=True))
    )


def stale(sentences: Mapping[str, Edited], content: Content) -> tuple[Stale, ...]:
    """The sentences whose record says something else than when they were edited, in the report's order."""
    written = {
        block.slot: block.basis
        for block in content.blocks
        if isinstance(block, Paragraph | Bullet) and block.slot
    }
    order = {slot: place for place, slot in enumerate(written)}
    found = [
        Stale(slot, said.text, said.basis, written.get(slot, ""))
        for slot, said in sentences.items()
        if said.basis and said.basis != written.get(slot, "")
    ]
    return tuple(sorted(found, key=lambda item: order.get(item.slot, len(order))))


def _key(period: Period, line: str, slot: str) -> dict[str, str]:
    return {"period": str(period), "line": line, "slot": slot}
