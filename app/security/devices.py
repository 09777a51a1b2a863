"""Signing devices through PKCS#11: what is plugged in, and a key lent by one.

A device locks for good after a few wrong PINs (the state's after three), so a PIN is tried once, and never
when the device says that it is locked. Who is logged in is known per process, not per session: a second
login would be told that it is in already *even with a wrong PIN*. So one thread at a time works with devices,
and the library is put down altogether when it is done.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from app.domain.errors import LedgerError
from app.security.certificates import Certificate, described
from app.security.signers import CertificateMissing, Key

if TYPE_CHECKING:
    import pkcs11
    from asn1crypto.x509 import Certificate as X509
    from pkcs11._pkcs11 import lib as Library
    from pkcs11.types import Token

ONE_AT_A_TIME = threading.Lock()

Tries = Literal["", "few", "last", "locked"]
"""What a device says of the tries that are left; most say nothing before the first wrong PIN."""


class DriverMissing(LedgerError):
    """There is no library at that place. Facts: file."""

    code = "signing-driver-missing"


class DriverUnusable(LedgerError):
    """The library does not load: no PKCS#11, or for programs of 32 bits. Facts: file."""

    code = "signing-driver-unusable"


class DeviceMissing(LedgerError):
    """No device is plugged in."""

    code = "signing-device-missing"


class DeviceUnknown(LedgerError):
    """None of the devices has that name. Facts: name, found."""

    code = "signing-device-unknown"


class DeviceChoice(LedgerError):
    """Several devices are plugged in, or several have the same name. Facts: found."""

    code = "signing-device-choice"


class CertificateChoice(LedgerError):
    """Several certificates could sign. Facts: found."""

    code = "signing-certificate-choice"


class PinMissing(LedgerError):
    """No PIN was given to a device that does not ask for it itself."""

    code = "signing-secret-missing"


class PinWrong(LedgerError):
    """The PIN was wrong; the device does not say how many tries are left."""

    code = "signing-pin-wrong"


class PinWrongLast(LedgerError):
    """The PIN was wrong and the device will be locked by one more wrong one."""

    code = "signing-pin-last"


class PinLocked(LedgerError):
    """The device is locked after too many wrong PINs."""

    code = "signing-pin-locked"


class DeviceInUse(LedgerError):
    """Somebody is logged in to the device already, so a PIN cannot be checked."""

    code = "signing-device-in-use"


class DeviceRemoved(LedgerError):
    """The device was pulled out while it worked."""

    code = "signing-device-removed"


class DeviceFailed(LedgerError):
    """The device or its driver refused. Facts: detail, the library's own word."""

    code = "signing-device-failed"


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is plugged in. certificates: those that are to be seen without a PIN."""

    name: str
    serial: str
    tries: Tries
    own_pad: bool
    """Whether it asks for the PIN itself, so that none is given to it."""
    certificates: tuple[Certificate, ...]


def plugged_in(driver: Path) -> tuple[Device, ...]:
    """What is plugged in, without any PIN. Raises DriverMissing, DriverUnusable, DeviceFailed."""
    from pkcs11 import TokenFlag

    with _library(driver) as library:
        found = []
        for token in _tokens(library):
            session = token.open()
            certificates = tuple(described(held.x509) for held in _held(session))
            session.close()
            pad = bool(token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH)
            found.append(Device(token.label, token.serial.hex(), tries(token), pad, certificates))
    return tuple(found)


@contextmanager
def from_device(
    driver: Path, name: str | None, pin: str, moment: datetime, certificate: str | None = None
) -> Iterator[Key]:
    """The key on a device, while the `with` block lasts.

    name: the device's label; None when only one is plugged in. pin: empty where the device asks for it
    itself. certificate: its serial number; None when only one of them can sign at the moment (UTC).
    Raises the errors of this module, CertificateMissing.
    """
    from pkcs11 import PROTECTED_AUTH, TokenFlag

    with _library(driver) as library:
        token = _chosen(library, name)
        if tries(token) == "locked":
            raise PinLocked
        pad = token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH and not pin
        if not pin and not pad:  # it would count as a wrong one
            raise PinMissing
        session = _logged_in(library, token, PROTECTED_AUTH if pad else pin)
        try:
            yield _key(session, token, _certificate(session, moment, certificate), pin)
        finally:
            with suppress(RuntimeError):  # gone with the device; the library is put down in any case
                session.close()


def tries(token: "Token") -> Tries:
    """What a device says of the tries that are left."""
    from pkcs11 import TokenFlag

    if token.flags & TokenFlag.USER_PIN_LOCKED:
        return "locked"
    if token.flags & TokenFlag.USER_PIN_FINAL_TRY:
        return "last"
    return "few" if token.flags & TokenFlag.USER_PIN_COUNT_LOW else ""


@contextmanager
def _library(driver: Path) -> "Iterator[Library]":
    """The driver, loaded; everything open in it is closed afterwards, its errors become ours."""
    import pkcs11

    if not driver.is_file():
        raise DriverMissing(file=str(driver))
    with ONE_AT_A_TIME:
        try:
            library = pkcs11.lib(str(driver))
        except pkcs11.PKCS11Error as error:
            raise DriverUnusable(file=str(driver)) from error
        try:
            yield library
        except pkcs11.PKCS11Error as error:
            raise told(error) from error
        finally:
            with suppress(pkcs11.PKCS11Error):
                library.finalize()


def told(error: Exception) -> LedgerError:
    """Our error for one of the library's."""
    import pkcs11

    if isinstance(error, (pkcs11.PinLocked, pkcs11.PinExpired)):
        return PinLocked()
    if isinstance(error, (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange)):
        return PinWrong()
    if isinstance(error, (pkcs11.UserAlreadyLoggedIn, pkcs11.AnotherUserAlreadyLoggedIn)):
        return DeviceInUse()
    gone = (
        pkcs11.DeviceRemoved, pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised, pkcs11.SessionHandleInvalid,
        pkcs11.SessionClosed, pkcs11.SlotIDInvalid,
    )  # fmt: skip
    if isinstance(error, gone):
        return DeviceRemoved()
    return DeviceFailed(detail=type(error).__name__)


def _tokens(library: "Library") -> "list[Token]":
    from pkcs11 import TokenFlag, TokenNotPresent, TokenNotRecognised

    found = []
    for slot in library.get_slots(token_present=True):
        with suppress(TokenNotPresent, TokenNotRecognised):
            token = slot.get_token()
            if token.flags & TokenFlag.TOKEN_INITIALIZED:
                found.append(token)
    return found


def _chosen(library: "Library", name: str | None) -> "Token":
    plugged = _tokens(library)
    if not plugged:
        raise DeviceMissing
    names = ", ".join(f"“{token.label}”" for token in plugged)
    wanted = [token for token in plugged if name is None or token.label == name]
    if not wanted:
        raise DeviceUnknown(name=name, found=names)
    if len(wanted) > 1:
        raise DeviceChoice(found=names)
    return wanted[0]


def _logged_in(library: "Library", token: "Token", pin: object) -> "pkcs11.Session":
    """A session with the PIN given once. Raises PinWrong, PinWrongLast, PinLocked, DeviceInUse."""
    import pkcs11

    try:
        return token.open(user_pin=pin)
    except pkcs11.PKCS11Error as error:
        problem = told(error)
        if isinstance(problem, PinWrong):
            now = next((tries(seen) for seen in _tokens(library) if seen.serial == token.serial), "")
            if now in {"last", "locked"}:
                raise (PinWrongLast() if now == "last" else PinLocked()) from error
        raise problem from error


@dataclass(frozen=True, slots=True)
class _Held:
    """A certificate on a device, and by what its key is found."""

    x509: "X509"
    id: bytes
    label: str


def _held(session: "pkcs11.Session") -> list[_Held]:
    """The certificates of a device."""
    from asn1crypto.x509 import Certificate as X509
    from pkcs11 import Attribute, ObjectClass

    found = []
    for item in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        loaded = X509.load(item[Attribute.VALUE])
        with suppress(ValueError):  # no certificate of the kind that signs
            described(loaded)
            found.append(_Held(loaded, bytes(item[Attribute.ID] or b""), str(item[Attribute.LABEL] or "")))
    return found


def _certificate(session: "pkcs11.Session", moment: datetime, number: str | None) -> _Held:
    """The certificate to sign with. Raises CertificateMissing, CertificateChoice."""
    from pkcs11 import Attribute, ObjectClass

    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
    ids = {bytes(key[Attribute.ID] or b"") for key in keys}
    labels = {str(key[Attribute.LABEL] or "") for key in keys}
    own = [held for held in _held(session) if (held.id in ids if held.id else held.label in labels)]
    if number is not None:
        own = [held for held in own if described(held.x509).number == number.upper()]
    if not own:
        raise CertificateMissing
    usable = [held for held in own if described(held.x509).holds(moment)]
    if len(usable) > 1:
        seen = map(described, (held.x509 for held in usable))
        raise CertificateChoice(found="; ".join(f"{one.subject} ({one.number})" for one in seen))
    return usable[0] if usable else own[0]  # one that may not sign is refused by name later


def _key(session: "pkcs11.Session", token: "Token", held: _Held, pin: str) -> Key:
    from pkcs11 import Attribute, Mechanism, ObjectClass
    from pyhanko.sign.pkcs11 import PKCS11Signer

    named = {Attribute.ID: held.id} if held.id else {Attribute.LABEL: held.label}
    private = next(iter(list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, **named}))))
    try:
        asks_again = bool(private[Attribute.ALWAYS_AUTHENTICATE])
    except (RuntimeError, LookupError):  # the device does not know the attribute
        asks_again = False
    curve = held.x509.public_key.algorithm == "ec"
    hashes_itself = Mechanism.SHA256_RSA_PKCS in token.slot.get_mechanisms()
    chain = tuple(other.x509 for other in _held(session) if other.x509.dump() != held.x509.dump())
    signer = PKCS11Signer(
        session,
        signing_cert=held.x509,
        ca_chain=chain,
        key_id=held.id or None,
        key_label=None if held.id else held.label,
        use_raw_mechanism=curve or not hashes_itself,
        base_sign_kwargs={"pin": pin} if asks_again and pin else None,
    )
    return Key(described(held.x509), held.x509, chain, signer)
