"""What this ledger says with the codes of a report, and what it takes from a receipt on paper.

The bytes of the codes themselves are `sync.client.paper`'s. A sheet has one try and may be lost: nothing is
ever deleted because it was printed, only the province's signed answer says that something has arrived.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from app.domain.change import START, Change, Cursor, Name
from app.domain.errors import LedgerError
from app.domain.reporting import BadPeriod, Period
from app.record import log
from app.record.tables import rows
from app.services.weeks import calendar
from app.storage import diary, outgoing
from app.storage import papers as table
from app.storage.ledger import Ledger
from app.storage.meta import Identity
from app.storage.papers import Paper
from app.storage.receiving import ChainAhead, ChainBroken, Delivery, Touched
from sync.protocol import messages
from sync.protocol.errors import BadMessage

ROAD = "paper"
UNDER_WAY = 12
"""Sheets without a receipt that are asked what they carry: a quarter of a year of weeks."""
_LINE = "ubnd_tinh"  # of an assignment that names none


class UnknownReport(LedgerError):
    """There is no such report in this ledger."""

    code = "report-unknown"


class UnknownSheet(LedgerError):
    """A receipt for codes that this ledger did not print, or no longer knows of."""

    code = "paper-unknown-sheet"


class ReceiptAhead(LedgerError):
    """A receipt that goes on from a place which this ledger has not reached."""

    code = "paper-behind"


class ReceiptElsewhere(LedgerError):
    """A receipt that parts from what this ledger holds: the province went back since."""

    code = "paper-elsewhere"


@dataclass(frozen=True, slots=True)
class Certified:
    """The province's signed word for this machine, and the name it gave it."""

    certificate: bytes
    device_name: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a receipt said. report, period: what it is for. sent: changes acknowledged by it. received: of
    others. known: of the sheet's own, acknowledged before. refused: codes of what was newly given back. told:
    codes of what is to be said in words.
    """

    report: str
    period: str
    sent: int
    received: int
    known: int
    refused: tuple[str, ...]
    told: tuple[str, ...]


class Wants(NamedTuple):
    """What the codes of a report are to carry, in the order in which it may be left out from the end.

    must: of the report's weeks and line, with those closed before in its place, the people and machines that
    it names, and the report itself, its own changes last. late: what waits of earlier weeks and reports of
    the line, and is on no other sheet under way. more: all else that waits and is not another line's.
    """

    must: tuple[Change, ...]
    late: tuple[Change, ...]
    more: tuple[Change, ...]


def wants(connection: Connection, record: str) -> Wants:
    """What the codes of a report are to carry, whoever wrote it. Raises UnknownReport."""
    report = rows["report"]
    found = connection.execute(select(report).where(report.c.id == record)).first()
    if found is None:
        raise UnknownReport()
    waits = outgoing.waiting(connection)
    held = log.of_records(connection, [record]).get(record, [])
    own = sorted((item.change for item in held if item.refused is None), key=lambda made: made.name)
    if not own:
        raise UnknownReport()
    rest = [made for made in waits if made.id != record]
    line = found.line or _LINE
    now, before, others = _records(connection, str(found.period), line, _weeks(connection, found))
    same = _of_the_same(connection, found)
    must = [made for made in rest if made.id in now or (made.id in same and _before(made, own[0]))]
    needed = {made.by for made in (*must, *own)} | _machines(connection, (*must, *own))
    must += [made for made in rest if made.entity in {"person", "machine"} and made.id in needed]
    taken = {made.name for made in must}
    elsewhere = _on_their_way(connection, record)
    late = [m for m in rest if m.id in before and m.name not in taken | elsewhere]
    taken |= {made.name for made in late} | elsewhere
    more = [m for m in rest if m.name not in taken and m.id not in others and m.id not in now | before]
    return Wants((*must, *own), tuple(late), tuple(more))


def again(connection: Connection, record: str, wanted: Wants) -> Paper | None:
    """The codes that were printed with a report before, while they wait, or hold all there is to say."""
    last = table.newest(connection, record)
    if last is None:
        return None
    waits = {made.name for made in outgoing.waiting(connection)}
    carried = {made.name for made in messages.unpack_request(last.request).changes}
    new = {made.name for made in wanted.must if made.name in waits} - carried
    return last if not new or (not last.answered and carried & waits) else None


def request(connection: Connection, wanted: Wants, *, late: bool, more: bool) -> messages.Request:
    """The request that codes carry. late, more: with what may be left out."""
    report = wanted.must[-1].id
    given = [*wanted.must, *(wanted.late if late else ()), *(wanted.more if more else ())]
    return messages.Request(
        nonce=os.urandom(8),
        cursor=outgoing.position(connection),
        changes=tuple(sorted(given, key=lambda made: (made.id == report, made.name))),
        earlier=(START,),
    )


def period(connection: Connection, record: str) -> str:
    """The period of a report."""
    report = rows["report"]
    return str(connection.execute(select(report.c.period).where(report.c.id == record)).scalar() or "")


def receive(
    ledger: Ledger, answer: messages.Answer, raw: bytes, certified: Certified | None, size: int
) -> Taken:
    """Take the province's answer from a receipt, whole or not at all; an older one changes nothing.

    raw: as the province signed it. certified: its word for this machine, where that is new. size: bytes that
    the codes carried. A receipt never takes a ledger back to where a province went.
    Raises UnknownSheet, ReceiptAhead, ReceiptElsewhere, BadMessage.
    """
    with ledger.read() as connection:
        printed = table.find(connection, answer.nonce)
        if printed is None:
            raise UnknownSheet()
        asked = messages.unpack_request(printed.request)
        names = [made.name for made in asked.changes]
        waited = {made.name for made in outgoing.waiting(connection)}
        of = period(connection, printed.report)
    if not answer.known:
        raise ReceiptElsewhere()
    delivery = Delivery(
        asked=None,
        start=Cursor(*answer.start),
        rows=tuple((row.arrived, _change(row.change, asked)) for row in answer.rows),
        cursor=Cursor(*answer.cursor),
        refused=tuple((_change(item.index, asked), item.code) for item in answer.refused),
        time=answer.time,
        raw=raw,
        late=True,
    )

    def also(connection: Connection, found: Identity, touched: Touched) -> Identity:
        table.answered(connection, answer.nonce, ledger.now())
        if touched.new or certified is not None:
            diary.note(
                connection, at=ledger.now(), road=ROAD, sent=touched.acknowledged, received=touched.received,
                refused=touched.refused, bytes_up=0, bytes_down=size, failure=None,
            )  # fmt: skip
        if certified is None or found.certificate:
            return found
        return replace(
            found, certificate=certified.certificate, device_name=certified.device_name, enrolment=b""
        )

    try:
        touched = ledger.receive(delivery, also)
    except ChainBroken as error:
        raise (ReceiptAhead if isinstance(error, ChainAhead) else ReceiptElsewhere)() from error
    known = sum(1 for name in names if name not in waited)
    refused = tuple(code for made, code in delivery.refused if made.name in waited)
    return Taken(printed.report, of, touched.acknowledged, touched.received, known, refused, touched.told)


# ---- what belongs to a report ------------------------------------------------------------------------


def _weeks(connection: Connection, report: object) -> set[str]:
    """The weeks of a report, with those before it that have no report of their own and join it."""
    period, line = getattr(report, "period", None), getattr(report, "line", None) or _LINE
    try:
        asked = Period.parse(str(period))
    except BadPeriod:
        return set()
    rules = calendar(connection)
    found = set(rules.weeks_of(asked, line))
    for first in sorted(found):
        before = first.previous()
        while rules.cut_off(before, line) is None:
            found.add(before)
            before = before.previous()
    return {str(week) for week in found}


def _of_the_same(connection: Connection, report: Row[Any]) -> set[str]:
    """The reports of this period and line: their own sheets may lie printed and never be posted."""
    said = rows["report"]
    query = select(said.c.id, said.c.line).where(said.c.period == report.period)
    return {row.id for row in connection.execute(query) if (row.line or _LINE) == (report.line or _LINE)}


def _before(made: Change, other: Change) -> bool:
    """Whether it was written first; clocks are asked only where two machines wrote."""
    if made.stream == other.stream:
        return made.n < other.n
    return (made.at, made.name) < (other.at, other.name)


def _records(
    connection: Connection, period: str, line: str, weeks: set[str]
) -> tuple[set[str], set[str], set[str]]:
    """Records of a report's weeks and line; of earlier ones of the line; those of another line, or later."""
    now, before, others = set[str](), set[str](), set[str]()
    first = min(weeks, default="")
    progress, given = rows["progress"], rows["assignment"]
    query = select(progress.c.id, progress.c.week, given.c.line).join(
        given, given.c.id == progress.c.assignment, isouter=True
    )
    for row in connection.execute(query):
        if (row.line or _LINE) != line:
            others.add(row.id)
        elif row.week in weeks:
            now.add(row.id)
        elif row.week < first:
            before.add(row.id)
        else:
            others.add(row.id)
    evidence, sentence, report = rows["evidence"], rows["sentence"], rows["report"]
    for file in connection.execute(select(evidence.c.id, evidence.c.progress)):
        for part in (now, before, others):
            if file.progress in part:
                part.add(file.id)
    for table_ in (sentence, report):
        for said in connection.execute(select(table_.c.id, table_.c.period, table_.c.line)):
            if (said.line or _LINE) != line:
                others.add(said.id)
            elif said.period == period and table_ is sentence:
                now.add(said.id)
            else:
                (before if _ended(said.period) <= _ended(period) else others).add(said.id)
    return now, before, others


def _ended(period: str | None) -> str:
    """When a period ends, to compare; nothing is after one that cannot be read."""
    try:
        return Period.parse(str(period)).end.isoformat()
    except BadPeriod:
        return ""


def _machines(connection: Connection, changes: Iterable[Change]) -> set[str]:
    """The records in which the machines that wrote these say their names."""
    machine = rows["machine"]
    streams = sorted({str(made.stream) for made in changes})
    return {
        row.id
        for part in log.chunks(streams)
        for row in connection.execute(select(machine.c.id).where(machine.c.stream.in_(part)))
    }


def _on_their_way(connection: Connection, record: str) -> set[Name]:
    """What other sheets carry for which no receipt came yet."""
    return {
        made.name
        for printed in table.under_way(connection, UNDER_WAY)
        if printed.report != record
        for made in messages.unpack_request(printed.request).changes
    }


def _change(named: Change | int, asked: messages.Request) -> Change:
    """A change of an answer, which calls those of the request by their places. Raises BadMessage."""
    if isinstance(named, Change):
        return named
    try:
        return asked.changes[named]
    except IndexError as error:
        raise BadMessage(why="a row of no change") from error
