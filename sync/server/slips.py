"""The receipt that goes back by post: facts for people, and the province's signed answer in codes.

The answer names the changes of the sheets by their places in the request that the machine kept, and goes on
with the feed as far as four pages of codes carry it. Where even what was acknowledged does not fit, because
the machine has not heard of the province for long, the sheet has no codes and says so.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.change import START, Cursor, Held
from app.domain.errors import LedgerError
from app.domain.periods import local
from app.domain.reporting import BadPeriod, Period
from app.record import log, symbols
from app.record.digest import chain_next
from app.record.keys import keys_of
from app.record.tables import rows
from app.reports.paper import frames
from app.reports.paper.piles import ScanResult
from sync.protocol import messages, paper
from sync.server import door, enrolment, feed, receipts, scans
from sync.server.store import Store
from sync.server.tables import device

PAGES = 4
"""Pages of codes that a receipt may have."""

_MOST_MORE = 2_000  # rows of the feed behind the acknowledged ones that are tried: more never fit


class NotTaken(LedgerError):
    """There is nothing to give a receipt for: no such sheets were taken in."""

    code = "not-found"


@dataclass(frozen=True, slots=True)
class Slip:
    """What the receipt for one set of sheets says.

    carried: the bytes of its codes; empty where they would not fit. number: of the receipt, empty for a
    report that is not known here. at: seconds UTC. hash: of the report's content.
    """

    unit: str
    unit_name: str
    period: str
    number: str
    at: int
    hash: bytes
    new: int
    known: int
    carried: bytes


def slip(store: Store, page_set: bytes, new: int = 0) -> Slip:
    """The receipt for sheets that were taken in. new: changes that they brought, as whoever scanned them was
    told; never more than they carry.

    Raises NotTaken, and what `scans.opened` raises.
    """
    with store.read() as connection:
        data = symbols.whole(connection, page_set)
    if data is None:
        raise NotTaken()
    what = scans.opened(store, data)
    with store.read() as connection:
        sender = connection.execute(select(device).where(device.c.id == what.sender)).one()
        refused = _refused(connection, sender.unit, what.request)
        carried = _carried(store, connection, sender.unit, what, refused)
        unit, report = rows["unit"], rows["report"]
        name = connection.execute(select(unit.c.name).where(unit.c.code == sender.unit)).scalar()
        closed = connection.execute(select(report).where(report.c.id == what.report)).first()
        given = receipts.of_reports(connection, [what.report])
    taken = len(what.request.changes) - len(refused)
    new = min(new, taken)
    return Slip(
        unit=sender.unit,
        unit_name=str(name or sender.unit),
        period=str(closed.period or "") if closed else "",
        number=given[0].number if given else "",
        at=given[0].received_at if given else store.now(),
        hash=bytes(closed.hash or b"") if closed else b"",
        new=new,
        known=taken - new,
        carried=carried,
    )


def render(store: Store, page_set: bytes, new: int = 0) -> bytes:
    """The receipt for sheets that were taken in, as PDF. Raises what `slip` raises."""
    from app.reports.canonical import check_code
    from app.reports.paper import receipt, texts_codes

    found = slip(store, page_set, new)
    held: tuple[receipt.Held, ...] = ()
    if found.number:
        said = receipt.Held(
            name=texts_codes.REPORT.format(period=_words(found.period)),
            number=found.number,
            new=found.new,
            known=found.known,
            at=local(found.at),
            code=check_code(found.hash),
        )
        held = (said,)
    return receipt.render(
        receipt.Receipt(_office(store), found.unit_name, local(store.now()), held, found.carried)
    )


def _words(period: str) -> str:
    try:
        return Period.parse(period).words
    except BadPeriod:
        return period


def render_all(store: Store, results: Sequence[ScanResult]) -> bytes | None:
    """The receipts for all reports of a pile, one after the other in one PDF; None when there are none."""
    sheets = [render(store, item.page_set, item.new) for item in results if item.report is not None]
    if len(sheets) < 2:
        return sheets[0] if sheets else None
    from app.reports.joining import joined

    return joined(sheets)


# ---- the answer in the codes -------------------------------------------------------------------------


def _refused(connection: Connection, unit: str, request: messages.Request) -> dict[int, str]:
    held = log.held_names(connection, [made.name for made in request.changes])
    found = door.refusals(connection, unit, request.changes)
    return {index: code for index, code in found.items() if request.changes[index].name not in held}


def _carried(
    store: Store, connection: Connection, unit: str, what: scans.Opened, refused: dict[int, str]
) -> bytes:
    """The answer with as much of the feed as fits; empty where not even what was acknowledged does."""
    request = what.request
    start = feed.recognised(connection, unit, (request.cursor, *request.earlier)) or START
    fed = feed.after(connection, unit, start.seq)
    sent = {made.name: index for index, made in enumerate(request.changes)}
    least = max((place for place, (_, held) in enumerate(fed, 1) if held.change.name in sent), default=0)
    word = enrolment.certificate(store, connection, what.sender)
    told = [messages.Refusal(index, code) for index, code in sorted(refused.items())]

    def packed(count: int) -> bytes:
        answer = messages.Answer(
            nonce=request.nonce,
            known=True,
            start=start,
            rows=tuple(messages.Row(a, sent.get(h.change.name, h.change)) for a, h in fed[:count]),
            cursor=_after(start, fed[:count]),
            time=store.now(),
            refused=tuple(told),
        )
        sealed = store.sign(connection, messages.pack_answer(answer, keys_of(connection, answer.changes)))
        return paper.pack(paper.Carried(sealed, word))

    room = frames.room(PAGES)
    if len(packed(least)) > room:
        return b""
    most = min(len(fed), least + _MOST_MORE)
    count = bisect_left(range(least, most + 1), True, key=lambda count: len(packed(count)) > room)
    return packed(least + count - 1)


def _after(start: Cursor, fed: Sequence[tuple[int, Held]]) -> Cursor:
    chain = start.chain
    for arrived, held in fed:
        chain = chain_next(chain, held.change.digest, arrived)
    return Cursor(start.seq + len(fed), chain)


def _office(store: Store) -> str:
    """Who receives, as the province's newest notice names it."""
    from app.reports.paper import texts_codes

    notice = rows["notice"]
    with store.read() as connection:
        query = select(notice.c.issuer).where(notice.c.issuer.is_not(None)).order_by(notice.c.date.desc())
        return str(connection.execute(query.limit(1)).scalar() or texts_codes.RECEIPT_OFFICE)
