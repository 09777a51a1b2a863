"""How far the report of a period and line has come: what was closed, and what it says."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.errors import LedgerError
from app.domain.reporting import Period
from app.record.tables import rows
from app.reports.blocks import Bullet, Content, Paragraph
from app.services import exchange, reports
from app.services.reports import Made, State


@dataclass(frozen=True, slots=True)
class Standing:
    """The closed report that counts, if any.

    turn: how many were closed up to it, itself among them. receipt: the number of the province's, "" without.
    words: its frozen content; None where there is no report, or where they cannot be read here, which
    elsewhere says: they lie at another machine. reason: the code of the refusal of one that was returned.
    """

    made: Made | None = None
    turn: int = 0
    state: State = "draft"
    receipt: str = ""
    words: Content | None = None
    elsewhere: LedgerError | None = None
    reason: str = ""


def standing(connection: Connection, period: Period, line: str) -> Standing:
    """How far the report of a period and line has come; a fixed number of queries."""
    made = reports.current(connection, period, line)
    if made is None:
        return Standing()
    turn = sum(item.made_at <= made.made_at for item in reports.made(connection, period, line))
    words, elsewhere = None, None
    try:
        words = reports.closed(connection, made.record).content
    except LedgerError as error:
        elsewhere = error
    state, receipt = reports.state(connection, made.record), reports.receipt(connection, made.record)
    reason = ""
    if state == "returned":
        given_back = (held for held in exchange.returned(connection) if held.change.id == made.record)
        reason = next((held.refused or "" for held in given_back), "")
    return Standing(made, turn, state, receipt, words, elsewhere, reason)


def forgotten(connection: Connection, period: Period, line: str) -> bool:
    """Whether a week was recorded and no report of it closed; never so of other periods. Two queries."""
    if period.kind != "week" or reports.current(connection, period, line) is not None:
        return False
    progress, given = rows["progress"], rows["assignment"]
    query = (
        select(progress.c.id)
        .join(given, given.c.id == progress.c.assignment)
        .where(progress.c.week == str(period), given.c.line == line)
        .limit(1)
    )
    return connection.execute(query).first() is not None


def differing(old: Content, new: Content) -> int:
    """How many sentences of two contents are not the same."""
    before, after = _sentences(old), _sentences(new)
    return sum(before.get(slot) != after.get(slot) for slot in before.keys() | after.keys())


def _sentences(text: Content) -> dict[str, str]:
    return {b.slot: b.text for b in text.blocks if isinstance(b, Paragraph | Bullet) and b.slot}
