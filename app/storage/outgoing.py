"""What waits for the province, and what a request says about where this ledger stands."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from app.domain.change import START, Change, Cursor
from app.domain.fields import ENTITIES
from app.record import log
from app.record.tables import change, feed
from app.storage.tables import answer, answer_change, cursor
from app.storage.tables import outstanding as under_way

_PROVINCE = tuple(name for name, entity in ENTITIES.items() if entity.side == "province")


def _unnumbered() -> ColumnElement[bool]:
    in_feed = exists().where(
        feed.c.stream == change.c.stream, feed.c.n == change.c.n, feed.c.digest == change.c.digest
    )
    # what has arrived is in the feed: asking the small index first keeps a long history out of the way
    return and_(change.c.arrived.is_(None), change.c.refused.is_(None), ~in_feed)


def waiting(connection: Connection) -> list[Change]:
    """Every change without a number in the feed that is not refused, whoever wrote it; not the province's."""
    found = log.read(connection, _unnumbered(), change.c.entity.not_in(_PROVINCE))
    return [held.change for held in found]


def pending_count(connection: Connection) -> int:
    """How many changes the province has not acknowledged."""
    query = select(func.count()).select_from(change).where(_unnumbered(), change.c.entity.not_in(_PROVINCE))
    return int(connection.execute(query).scalar_one())


def back(connection: Connection) -> list[bytes]:
    """The signed answers that hold what the province wrote and has lost."""
    same = and_(
        answer_change.c.stream == change.c.stream,
        answer_change.c.n == change.c.n,
        answer_change.c.digest == change.c.digest,
    )
    lost = (
        select(answer_change.c.answer).join(change, same).where(_unnumbered(), change.c.entity.in_(_PROVINCE))
    )
    query = select(answer.c.envelope).where(answer.c.id.in_(lost)).order_by(answer.c.id)
    return [bytes(row.envelope) for row in connection.execute(query)]


def position(connection: Connection) -> Cursor:
    """The newest cursor taken."""
    return next(iter(earlier(connection, limit=1)), START)


def earlier(connection: Connection, limit: int | None = None) -> list[Cursor]:
    """The cursors taken, newest first: all are kept, for the day the province goes back to an older state."""
    query = select(cursor.c.seq, cursor.c.chain).order_by(cursor.c.seq.desc()).limit(limit)
    return [Cursor(row.seq, bytes(row.chain)) for row in connection.execute(query)]


def holds(connection: Connection, at: Cursor) -> bool:
    """Whether this ledger has stood at a cursor."""
    query = select(cursor.c.seq).where(cursor.c.seq == at.seq, cursor.c.chain == at.chain)
    return at == START or connection.execute(query).first() is not None


@dataclass(frozen=True, slots=True)
class Parcel:
    """An envelope on its way. request: the message inside. answer: what has come of the answer so far."""

    request: bytes
    envelope: bytes
    answer: bytes = b""


def outstanding(connection: Connection) -> Parcel | None:
    """The envelope whose way was cut, with what has come of its answer."""
    row = connection.execute(select(under_way)).first()
    return None if row is None else Parcel(bytes(row.request), bytes(row.envelope), bytes(row.answer))


def keep_outstanding(connection: Connection, name: str, parcel: Parcel, sent: int, at: int) -> None:
    """Keep an envelope that is under way, in place of any other one. name: the envelope's.

    sent: bytes that the province said it has. at: seconds UTC.
    """
    forget_outstanding(connection)
    connection.execute(
        under_way.insert().values(
            name=name,
            at=at,
            request=parcel.request,
            envelope=parcel.envelope,
            sent=sent,
            answer=parcel.answer,
        )
    )


def forget_outstanding(connection: Connection) -> None:
    """The envelope under way is answered, or will never be."""
    connection.execute(under_way.delete())
