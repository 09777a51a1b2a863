"""What went out on USB sticks, to read the answers by."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from app.storage.tables import stick

KEEP = 12
"""Sticks that are remembered: a quarter of a year of weeks."""


@dataclass(frozen=True, slots=True)
class Stick:
    """request: the packed message inside. answered: an answer to it was taken."""

    request: bytes
    answered: bool


def note(connection: Connection, nonce: bytes, request: bytes, now: int) -> None:
    """A bundle was written. now: seconds UTC; where the clock went back, the order stays."""
    last = connection.execute(select(func.max(stick.c.at))).scalar()
    at = now if last is None else max(now, last + 1)
    connection.execute(stick.insert().values(nonce=nonce, at=at, request=request))
    kept = select(stick.c.nonce).order_by(stick.c.at.desc()).limit(KEEP)
    connection.execute(stick.delete().where(stick.c.nonce.not_in(kept)))


def find(connection: Connection, nonce: bytes) -> Stick | None:
    """The bundle whose request had this nonce."""
    row = connection.execute(select(stick).where(stick.c.nonce == nonce)).first()
    return None if row is None else Stick(bytes(row.request), row.answered_at is not None)


def newest(connection: Connection) -> bytes | None:
    """The nonce of the bundle written last."""
    found = connection.execute(select(stick.c.nonce).order_by(stick.c.at.desc()).limit(1)).scalar()
    return None if found is None else bytes(found)


def answered(connection: Connection, nonce: bytes, now: int) -> None:
    """An answer to this bundle was taken."""
    connection.execute(stick.update().where(stick.c.nonce == nonce).values(answered_at=now))
