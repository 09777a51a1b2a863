"""The province's database, its key and its clock."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Engine, select

from app.domain.change import Held
from app.domain.errors import LedgerError
from app.domain.ids import random_stream
from app.record.engine import reading, writing
from sync.protocol import envelope
from sync.server import migrate
from sync.server.tables import meta

PROVINCE_KID = 0
"""The signer's number in the province's envelopes: it has one key, which devices pin."""


class NotPrepared(LedgerError):
    """The database has no province in it yet."""

    code = "home-missing"


class Store:
    """The province's database. clock: gives seconds UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], int]) -> None:
        self.engine = engine
        self.now = clock

    @classmethod
    def prepare(cls, engine: Engine) -> None:
        """Make the tables and the province's key where they are missing; a second time changes nothing."""
        migrate.make(engine)
        with writing(engine) as connection:
            if _value(connection, "key") is None:
                connection.execute(meta.insert().values(name="key", value=os.urandom(32)))
                _set_stream(connection, random_stream())

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view."""
        with reading(self.engine) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction."""
        with writing(self.engine) as connection:
            yield connection

    def sign(self, connection: Connection, payload: bytes) -> bytes:
        """An envelope of the province around a payload."""
        return envelope.seal(payload, PROVINCE_KID, _key(connection).sign)

    def signature(self, connection: Connection, data: bytes) -> bytes:
        """The province's Ed25519 signature over bytes."""
        return _key(connection).sign(data)

    def box(self, connection: Connection) -> X25519PrivateKey:
        """The key that opens what is sealed to the province."""
        return _box(connection)

    def public_key(self, connection: Connection) -> bytes:
        """The 32 bytes that devices pin."""
        return _key(connection).public_key().public_bytes_raw()

    def box_key(self, connection: Connection) -> bytes:
        """The 32 bytes (X25519) that sticks for the province are sealed to."""
        return _box(connection).public_key().public_bytes_raw()


def stream(connection: Connection) -> int:
    """The number that the province's own changes bear now."""
    kept = _value(connection, "stream")
    if kept is None:
        raise NotPrepared()
    return int.from_bytes(kept, "big")


def notice_copies(connection: Connection, new: list[Held]) -> bool:
    """Draw a new stream when a change under the province's own comes back from outside.

    Then this database was restored or copied, and what it would write next might bear a number already used.
    """
    own = stream(connection)
    if any(held.change.stream == own for held in new):
        _set_stream(connection, random_stream())
        return True
    return False


def _set_stream(connection: Connection, number: int) -> None:
    connection.execute(meta.delete().where(meta.c.name == "stream"))
    connection.execute(meta.insert().values(name="stream", value=number.to_bytes(8, "big")))


def _value(connection: Connection, name: str) -> bytes | None:
    found = connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()
    return None if found is None else bytes(found)


def _key(connection: Connection) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_seed(connection))


def _box(connection: Connection) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(derived(connection, "box"))


def derived(connection: Connection, label: str) -> bytes:
    """32 bytes for one purpose out of the province's key: HKDF-SHA256 with the label as `info`, no salt."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label.encode()).derive(_seed(connection))


def _seed(connection: Connection) -> bytes:
    seed = _value(connection, "key")
    if seed is None:
        raise NotPrepared()
    return seed
