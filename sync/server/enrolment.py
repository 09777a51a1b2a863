"""Takes a device into a unit by a code that the province printed, once.

The database keeps a code's hash and a salt; the code itself follows from the salt and the province's key, and
is made anew when a device comes with the hash: the HMAC of both sides needs it.
"""

import hmac
import os
from collections.abc import Callable
from typing import Any, ClassVar

from sqlalchemy import Connection, Row, func, select, update

from app.domain.change import START
from app.domain.errors import LedgerError
from app.domain.periods import today
from app.record.tables import rows
from sync.protocol import enrolment as proof
from sync.protocol import enrolment_file as file_form
from sync.protocol import envelope, messages
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner
from sync.server import answering
from sync.server.store import PROVINCE_KID, NotPrepared, Store
from sync.server.tables import code, device, meta

VALID_SECONDS = 30 * 24 * 3600
DEVICE_NAME = "Văn phòng {number}"
"""How the province names a unit's devices, counted from 1: data that it gives, in its own language."""


class UnknownUnit(LedgerError):
    """The province has no such unit. Facts: unit."""

    code: ClassVar[str] = "unknown-unit"


class CodeUnknown(LedgerError):
    """No code has this hash."""

    code: ClassVar[str] = "code-unknown"


class CodeUsed(LedgerError):
    """Another device came with this code before. Facts: device (its name)."""

    code: ClassVar[str] = "code-used"


class CodeExpired(LedgerError):
    """The code is older than 30 days. Facts: created (a date)."""

    code: ClassVar[str] = "code-expired"


class EnrolAltered(LedgerError):
    """The request was not made with the code, or was changed on its way."""

    code: ClassVar[str] = "enrol-altered"


class NotOurCertificate(LedgerError):
    """The certificate is not signed by this province, or is none."""

    code: ClassVar[str] = "not-our-certificate"


class DeviceTaken(LedgerError):
    """Another key bears this device's number already."""

    code: ClassVar[str] = "device-taken"


def new_code(store: Store, connection: Connection, unit: str) -> str:
    """A fresh code for a unit, valid for 30 days. Raises UnknownUnit."""
    _unit_name(connection, unit)
    salt = os.urandom(32)
    made = _code(connection, salt)
    connection.execute(
        code.insert().values(hash=proof.code_hash(made), secret=salt, unit=unit, created_at=store.now())
    )
    return made


def enrol_file(store: Store, connection: Connection, unit: str, *, address: str = "", ca: str = "") -> bytes:
    """A file of enrolment with a fresh code and all that the unit has. ca: PEM, for a private authority.

    Raises UnknownUnit.
    """
    made = new_code(store, connection, unit)
    content = file_form.EnrolFile(
        code=made,
        created=store.now(),
        unit=unit,
        unit_name=_unit_name(connection, unit),
        province_key=store.public_key(connection),
        box_key=store.box_key(connection),
        server=address,
        ca=ca,
        answer=answering.whole(store, connection, unit, START),
    )
    return file_form.write(content, store.sign(connection, file_form.pack(content)))


def enrol(store: Store, body: bytes) -> bytes:
    """The answer to a device's first request; asked again by the same device, the same answer.

    Raises BadMessage, CodeUnknown, CodeUsed, CodeExpired, EnrolAltered, DeviceTaken.
    """
    request = messages.unpack_enrol_request(body)
    with store.write() as connection:
        # the row is locked until commit, so that two devices with one code cannot both be first
        kept = connection.execute(
            select(code).where(code.c.hash == request.code_hash).with_for_update()
        ).first()
        if kept is None:
            raise CodeUnknown()
        secret = _code(connection, bytes(kept.secret))
        if not proof.request_holds(request, secret):
            raise EnrolAltered()
        held = connection.execute(select(device).where(device.c.id == request.device)).first()
        if kept.used_by is None:
            held = _take_in(store, connection, kept, request, held)
        elif held is None or kept.used_by != request.device or bytes(held.public_key) != request.public_key:
            raise CodeUsed(device=_name(connection, kept.used_by))
        answer = proof.enrol_answer(
            secret,
            request,
            unit=held.unit,
            unit_name=_unit_name(connection, held.unit),
            device_name=held.name,
            province_key=store.public_key(connection),
            box_key=store.box_key(connection),
            certificate=_certificate(store, connection, held),
        )
        return messages.pack_enrol_answer(answer)


def readmit(store: Store, sealed: bytes) -> None:
    """Take in a device that this province enrolled and has forgotten, by its certificate.

    Raises NotOurCertificate, UnknownUnit, DeviceTaken.
    """
    with store.write() as connection:
        own = store.public_key(connection)
        try:
            _, payload = envelope.open(sealed, lambda kid: own if kid == PROVINCE_KID else None)
            paper = messages.unpack_certificate(payload)
        except (BadEnvelope, UnknownSigner, BadMessage) as error:
            raise NotOurCertificate() from error
        _unit_name(connection, paper.unit)
        held = connection.execute(select(device).where(device.c.id == paper.device)).first()
        if held is None:
            connection.execute(
                device.insert().values(
                    id=paper.device,
                    unit=paper.unit,
                    public_key=paper.public_key,
                    box_key=paper.box_key,
                    name=paper.device_name,
                    program="?",
                    enrolled_at=paper.at,
                    last_heard=store.now(),
                )
            )
        elif bytes(held.public_key) != paper.public_key:
            raise DeviceTaken()


def certificate(store: Store, connection: Connection, number: int) -> bytes:
    """The province's signed word for a device that it knows."""
    held = connection.execute(select(device).where(device.c.id == number)).one()
    return _certificate(store, connection, held)


def _take_in(
    store: Store,
    connection: Connection,
    kept: Row[Any],
    request: messages.EnrolRequest,
    held: Row[Any] | None,
) -> Row[Any]:
    now = store.now()
    if now - kept.created_at > VALID_SECONDS:
        raise CodeExpired(created=today(kept.created_at))
    if held is not None and (bytes(held.public_key) != request.public_key or held.unit != kept.unit):
        raise DeviceTaken()
    if held is None:
        count = select(func.count()).select_from(device).where(device.c.unit == kept.unit)
        number = connection.execute(count).scalar_one() + 1
        connection.execute(
            device.insert().values(
                id=request.device,
                unit=kept.unit,
                public_key=request.public_key,
                box_key=request.box_key,
                name=DEVICE_NAME.format(number=number),
                program=request.program,
                enrolled_at=now,
                last_heard=now,
            )
        )
    connection.execute(update(code).where(code.c.hash == kept.hash).values(used_by=request.device))
    return connection.execute(select(device).where(device.c.id == request.device)).one()


def _certificate(store: Store, connection: Connection, held: Row[Any]) -> bytes:
    paper = messages.Certificate(
        device=held.id,
        public_key=bytes(held.public_key),
        box_key=bytes(held.box_key or bytes(32)),
        unit=held.unit,
        device_name=held.name,
        at=held.enrolled_at,
    )
    return store.sign(connection, messages.pack_certificate(paper))


def _unit_name(connection: Connection, unit: str) -> str:
    table = rows["unit"]
    name = connection.execute(select(table.c.name).where(table.c.code == unit)).scalar()
    if name is None:
        raise UnknownUnit(unit=unit)
    return str(name)


def _name(connection: Connection, number: int) -> str:
    return str(
        connection.execute(select(device.c.name).where(device.c.id == number)).scalar() or f"{number:x}"
    )


def _code(connection: Connection, salt: bytes) -> str:
    seed = connection.execute(select(meta.c.value).where(meta.c.name == "key")).scalar()
    if seed is None:
        raise NotPrepared()
    return proof.new_code(_stretched(bytes(seed), b"so-nhiem-vu enrolment code\0" + salt))


def _stretched(key: bytes, label: bytes) -> Callable[[int], bytes]:
    """Bytes like random ones that are always the same for a key and a label: HMAC in counter mode."""
    counter = iter(range(1 << 32))

    def give(count: int) -> bytes:
        found = b""
        while len(found) < count:
            found += hmac.digest(key, label + next(counter).to_bytes(4, "big"), "sha256")
        return found[:count]

    return give
