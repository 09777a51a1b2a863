"""Who this device is and whom it trusts, as enrolment settled it."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from app.storage.tables import meta


@dataclass(frozen=True, slots=True)
class Identity:
    """This device: its unit, its numbers, the province it trusts, and who works here.

    device: 63-bit number that names it as a signer, for ever. stream: the number its changes bear now, drawn
    anew when the ledger turns out to be a copy. server: address. province_key: Ed25519, pinned at enrolment.
    certificate: the province's signed word for this device, empty until an enrolment by file is confirmed.
    person: id of the officer. box_key: X25519, what sticks for the province are sealed to. ca: the
    certificate (PEM) that the province's address must show, empty for those that the system trusts.
    enrolment: the request that still waits for the province's word, empty when it was given.
    """

    unit: str
    unit_name: str
    device: int
    device_name: str
    stream: int
    server: str
    province_key: bytes
    certificate: bytes
    person: str
    box_key: bytes = b""
    ca: str = ""
    enrolment: bytes = b""


_BYTES = ("province_key", "certificate", "box_key", "enrolment")


def read(connection: Connection, name: str) -> Any:
    """A setting of this device, None when it was never written."""
    return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()


def write(connection: Connection, name: str, value: Any) -> None:
    """Keep a setting of this device, any JSON value."""
    connection.execute(meta.delete().where(meta.c.name == name))
    connection.execute(meta.insert().values(name=name, value=value))


def read_identity(connection: Connection) -> Identity | None:
    """Who this device is; None before enrolment."""
    kept = read(connection, "identity")
    if kept is None:
        return None
    return Identity(**{**kept, **{name: bytes.fromhex(kept.get(name, "")) for name in _BYTES}})


def write_identity(connection: Connection, identity: Identity) -> None:
    """Keep who this device is."""
    kept = asdict(identity)
    write(connection, "identity", {**kept, **{name: kept[name].hex() for name in _BYTES}})


def with_stream(identity: Identity, stream: int) -> Identity:
    """The same device going on under a new stream."""
    return replace(identity, stream=stream)
