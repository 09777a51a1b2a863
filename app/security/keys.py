"""The device's secrets and where they lie: the system's keyring, or a file readable by its owner alone.

The only module that meets `keyring`, and late: its import costs 50 ms. The backend is built in code, never
found by the library, which would let an environment variable or a settings file choose another one.
Once there are keys, none are ever written over them.
"""

import base64
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.errors import LedgerError
from app.record.files import move_whole, ours, sealed, unsealed, write_whole

Kind = Literal["keyring", "file"]
Sign = Callable[[bytes], bytes]

KEYS_FILE = "keys.json"
_SPARE = "keys-spare.json"
_SET_ASIDE = "keys-damaged.json"
_FORMAT = 1
_ACCOUNT = "ledger"
_WAIT_SECONDS = 5.0

T = TypeVar("T")


class KeysMissing(LedgerError):
    """The place that was chosen at enrolment holds no keys of this ledger. Facts: place."""

    code = "keys-missing"


class KeysDamaged(LedgerError):
    """The keys are there and cannot be read. Facts: place."""

    code = "keys-damaged"


class KeysExist(LedgerError):
    """There are keys already, which must not be written over. Facts: place."""

    code = "keys-exist"


class KeyringOutOfReach(LedgerError):
    """A keyring exists and cannot be used from here: locked, another session, no answer. Facts: reason."""

    code = "keyring-out-of-reach"


class _NoKeyring(Exception):
    """This machine has no keyring at all."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What only this device may know.

    data_key: 32 bytes from which the keys of its files come. signing_key: the 32 bytes of an Ed25519 seed.
    """

    data_key: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.data_key) != 32 or len(self.signing_key) != 32:
            raise ValueError("each secret is 32 bytes")


class KeyStore(Protocol):
    """A place for the secrets of one ledger."""

    def load(self) -> Secrets:
        """Raises KeysMissing, KeysDamaged, KeyringOutOfReach; makes nothing."""

    def save(self, secrets: Secrets) -> None:
        """Keep the secrets of a new ledger. Raises KeysExist rather than write over any."""


class Backend(Protocol):
    """What is used of a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """The text kept under this name, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a text under this name."""


def draw() -> Secrets:
    """Fresh secrets from the system's randomness."""
    return Secrets(data_key=os.urandom(32), signing_key=os.urandom(32))


def subkey(data_key: bytes, label: str) -> bytes:
    """The key of 32 bytes for one purpose (`db`): HKDF-SHA256 with the label as `info`, no salt."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label.encode()).derive(data_key)


def sign(signing_key: bytes) -> Sign:
    """A function that signs with Ed25519; so the signer can be handed on without the key."""
    return Ed25519PrivateKey.from_private_bytes(signing_key).sign


def public_key(signing_key: bytes) -> bytes:
    """The 32 bytes that others check this device's signatures with."""
    return Ed25519PrivateKey.from_private_bytes(signing_key).public_key().public_bytes_raw()


def box(data_key: bytes) -> X25519PrivateKey:
    """The key that others seal to this device (HPKE, RFC 9180); it follows from the data key."""
    return X25519PrivateKey.from_private_bytes(subkey(data_key, "box"))


class FileKeys:
    """Keys in a file of the home, and in a spare beside it, as cuts leave small files full of zeros."""

    def __init__(self, folder: Path, ledger_id: str) -> None:
        self._path = folder / KEYS_FILE
        self._spare = folder / _SPARE
        self._aside = folder / _SET_ASIDE
        self._ledger_id = ledger_id

    def load(self) -> Secrets:
        """Read the file, or the spare if it is missing or damaged; the file is then made from it."""
        try:
            return self._read(self._path)
        except (FileNotFoundError, ValueError) as error:
            trouble: Exception = error
        except OSError as error:
            raise ours(error, self._path) from error
        try:
            found = self._read(self._spare)
        except (OSError, ValueError) as error:
            if isinstance(trouble, FileNotFoundError) and isinstance(error, FileNotFoundError):
                raise KeysMissing(place=str(self._path)) from error
            raise KeysDamaged(place=str(self._path)) from trouble
        self._mend(found)
        return found

    def save(self, secrets: Secrets) -> None:
        """Raises KeysExist, DiskFull, LedgerNoAccess, FileHeld."""
        if self._path.exists() or self._spare.exists():
            raise KeysExist(place=str(self._path))
        write_whole(self._spare, self._written(secrets), private=True)
        write_whole(self._path, self._written(secrets), private=True)

    def _mend(self, found: Secrets) -> None:
        """Put the damaged file aside, and write it from the spare. Not a duty: the keys are known."""
        try:
            if self._path.exists():
                move_whole(self._path, self._aside)
            write_whole(self._path, self._written(found), private=True)
        except (LedgerError, OSError):
            return

    def _written(self, secrets: Secrets) -> bytes:
        return sealed(
            {
                "format": _FORMAT,
                "ledger": self._ledger_id,
                "data_key": _text(secrets.data_key),
                "signing_key": _text(secrets.signing_key),
            }
        )

    def _read(self, path: Path) -> Secrets:
        ledger_id, found = _read_file(path)
        if ledger_id == self._ledger_id:
            return found
        raise ValueError("keys of another ledger")


def from_file(path: Path) -> tuple[str, Secrets]:
    """The id of a ledger and its keys, out of a file of keys wherever it lies; nothing is written.

    Raises KeysMissing, KeysDamaged, LedgerNoAccess.
    """
    try:
        return _read_file(path)
    except FileNotFoundError as error:
        raise KeysMissing(place=str(path)) from error
    except ValueError as error:
        raise KeysDamaged(place=str(path)) from error
    except OSError as error:
        raise ours(error, path) from error


def _read_file(path: Path) -> tuple[str, Secrets]:
    facts = unsealed(path)
    ledger_id = facts.get("ledger")
    if facts.get("format") != _FORMAT or not isinstance(ledger_id, str):
        raise ValueError("no keys")
    return ledger_id, Secrets(_bytes(facts.get("data_key")), _bytes(facts.get("signing_key")))


class KeyringKeys:
    """Keys in the system's keyring, under a service name of this ledger's own."""

    def __init__(
        self,
        ledger_id: str,
        make: Callable[[], Backend] | None = None,
        *,
        wait_seconds: float = _WAIT_SECONDS,
    ) -> None:
        self._service = f"so-nhiem-vu {ledger_id}"
        self._make = make or _backend_of_this_system
        self._wait_seconds = wait_seconds

    def load(self) -> Secrets:
        """Raises KeyringOutOfReach within a few seconds; no window of the system's is waited for."""
        try:
            kept = self._ask(lambda backend: backend.get_password(self._service, _ACCOUNT))
        except _NoKeyring as error:
            # the keys were put there at enrolment: the keyring is elsewhere, not absent
            raise KeyringOutOfReach(reason=str(error)) from error
        if kept is None:
            raise KeysMissing(place=self._service)
        try:
            number, data_key, signing_key = kept.split(":")
            if number != str(_FORMAT):
                raise ValueError("another format")
            return Secrets(_bytes(data_key), _bytes(signing_key))
        except ValueError as error:
            raise KeysDamaged(place=self._service) from error

    def save(self, secrets: Secrets) -> None:
        """Raises KeysExist, KeyringOutOfReach; reads back what it wrote."""
        written = ":".join((str(_FORMAT), _text(secrets.data_key), _text(secrets.signing_key)))

        def keep(backend: Backend) -> None:
            if backend.get_password(self._service, _ACCOUNT) is not None:
                raise KeysExist(place=self._service)
            backend.set_password(self._service, _ACCOUNT, written)
            if backend.get_password(self._service, _ACCOUNT) != written:
                raise KeyringOutOfReach(reason="it did not keep what was written")

        try:
            self._ask(keep)
        except _NoKeyring as error:
            raise KeyringOutOfReach(reason=str(error)) from error

    def exists(self) -> bool:
        """Whether this machine has a keyring. Raises KeyringOutOfReach if it cannot be used from here."""
        try:
            self._ask(lambda backend: backend.get_password(self._service, _ACCOUNT))
        except _NoKeyring:
            return False
        return True

    def _ask(self, question: Callable[[Backend], T]) -> T:
        """Ask on a thread, as a keyring may wait for a window that nobody sees.

        The thread does not keep the program from ending.
        """
        answers: list[T] = []
        errors: list[Exception] = []

        def run() -> None:
            try:
                answers.append(question(self._make()))
            except Exception as error:  # noqa: BLE001  each backend has errors of its own; told apart below
                errors.append(error)

        thread = threading.Thread(target=run, name="keyring", daemon=True)
        thread.start()
        thread.join(self._wait_seconds)
        if answers:
            return answers[0]
        if not errors:
            raise KeyringOutOfReach(reason=f"no answer within {self._wait_seconds:g} s")
        if (told := _told_apart(errors[0])) is errors[0]:
            raise told
        raise told from errors[0]


def choose(
    folder: Path, ledger_id: str, *, keyring: bool = True, make: Callable[[], Backend] | None = None
) -> tuple[Kind, KeyStore]:
    """The place for the keys of a new ledger: the keyring if this machine has one, else a file in `folder`.

    Whoever enrols writes the kind into the home, where it decides ever after, and says it if it is "file".
    keyring: False for a ledger that must not touch the user's keyring (the demo's).
    Raises KeyringOutOfReach if there is a keyring that cannot be used from here.
    """
    if keyring:
        ring = KeyringKeys(ledger_id, make)
        if ring.exists():
            return "keyring", ring
    return "file", FileKeys(folder, ledger_id)


def open_store(
    kind: Kind, folder: Path, ledger_id: str, *, make: Callable[[], Backend] | None = None
) -> KeyStore:
    """The place that was chosen at enrolment, whatever this machine has today."""
    return KeyringKeys(ledger_id, make) if kind == "keyring" else FileKeys(folder, ledger_id)


def _told_apart(error: Exception) -> Exception:
    """No keyring, one out of reach, or ours already."""
    if isinstance(error, LedgerError | _NoKeyring):
        return error
    from keyring.errors import NoKeyringError

    if isinstance(error, NoKeyringError | ImportError):
        return _NoKeyring(str(error) or type(error).__name__)
    return KeyringOutOfReach(reason=str(error) or type(error).__name__)


def _backend_of_this_system() -> Backend:
    """The keyring of this system, built in code. Raises _NoKeyring."""
    if sys.platform == "win32":
        return _windows_vault()
    if sys.platform.startswith("linux"):
        return _secret_service()
    raise _NoKeyring(f"no keyring is known for {sys.platform}")


def _windows_vault() -> Backend:
    from keyring.backends.Windows import WinVaultKeyring

    class Vault(WinVaultKeyring):
        """Takes nothing from the environment."""

        def set_properties_from_env(self) -> None:
            """Called by the library when it is made; otherwise any property could be set from outside."""

    vault: Any = Vault
    backend: Backend = vault()
    # the default would roam with a domain profile, and clone the device
    backend.persist = "local machine"  # type: ignore[attr-defined]
    return backend


def _secret_service() -> Backend:
    """The desktop's Secret Service, which is never made to open a window."""
    import secretstorage
    from keyring.backends import SecretService
    from secretstorage import exceptions

    class Service(SecretService.Keyring):
        """Takes nothing from the environment, and does not wait for a person: locked is out of reach."""

        def set_properties_from_env(self) -> None:
            """Called by the library when it is made; otherwise any property could be set from outside."""

        def get_preferred_collection(self) -> Any:
            try:
                bus = secretstorage.dbus_init()
            except exceptions.SecretServiceNotAvailableException as error:
                raise _NoKeyring(str(error)) from error
            try:
                if not secretstorage.check_service_availability(bus):
                    raise _NoKeyring("no Secret Service on this session's bus")
                collection = secretstorage.get_collection_by_alias(bus, "default")
                if collection.is_locked():
                    raise KeyringOutOfReach(reason="the keyring is locked")
            except exceptions.ItemNotFoundException as error:
                bus.close()
                raise _NoKeyring("the Secret Service has no default keyring") from error
            except exceptions.SecretServiceNotAvailableException as error:
                bus.close()
                raise _NoKeyring(str(error)) from error
            except BaseException:
                bus.close()
                raise
            return collection

        def unlock(self, item: Any) -> None:
            if item.is_locked():
                raise KeyringOutOfReach(reason="the entry is locked")

    service: Any = Service
    backend: Backend = service()
    return backend


def _text(secret: bytes) -> str:
    """32 bytes as 43 characters."""
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def _bytes(text: object) -> bytes:
    """Raises ValueError if it is no text of `_text`'s form."""
    if not isinstance(text, str) or len(text) != 43:
        raise ValueError("not 32 bytes as text")
    return base64.b64decode(text + "=", altchars=b"-_", validate=True)
