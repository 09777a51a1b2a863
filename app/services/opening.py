"""Opens the ledger of a home, or makes one at enrolment. What window, commands and demo begin with."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from app.domain.errors import LedgerError
from app.domain.ids import random_id, random_stream
from app.domain.text import clean
from app.record.engine import open_ledger
from app.record.files import discard, sealed, unsealed, write_whole
from app.security.keys import Kind, Secrets, Sign, box, choose, draw, open_store, public_key, sign, subkey
from app.storage import backup, migrate
from app.storage.home import Home, NotEnrolled, Plate
from app.storage.ledger import Ledger
from app.storage.meta import Identity

Clock = Callable[[], int]
"""Gives seconds UTC."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A device that presents itself. device: its number. Keys: Ed25519 and X25519, 32 bytes each."""

    code: str
    device: int
    public_key: bytes
    box_key: bytes


Present = Callable[[Newcomer], Identity]
"""Presents a device to the province. Raises what the road raises."""

_BEGUN = "enrolment.json"
_NAME_LIMIT = 200


class AlreadyEnrolled(LedgerError):
    """The home has a ledger. Facts: unit, the unit's name or code."""

    code = "already-enrolled"


class NameMissing(LedgerError):
    """No name was given for the officer."""

    code = "name-missing"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open ledger, with what goes with it.

    sign: the device's signature over bytes. keys: where its keys lie; "file" is to be said once. subkey: the
    key of 32 bytes for one purpose (`evidence`, `names`, `box`), out of the data key.
    """

    home: Home
    ledger: Ledger
    sign: Sign
    keys: Kind
    subkey: Callable[[str], bytes] = field(repr=False)
    _engine: Engine = field(repr=False)
    _key: bytes = field(repr=False)
    _slot: Callable[[Identity], bytes] | None = field(default=None, repr=False)

    def copy(self, folder: Path | None = None) -> Path:
        """Make a verified copy, when the window closes. folder: default `backups` in the home.

        Raises LedgerDamaged, DiskFull, LedgerNoAccess, FileHeld; the ledger stays as it is.
        """
        return backup.copy(
            self._engine, self._key, self.home, self.ledger.now(), folder=folder, keeper=self._keeper()
        )

    def _keeper(self) -> backup.Keeper | None:
        identity, slot = self.ledger.identity, self._slot
        if slot is None or not identity.box_key:  # enrolled before the province told that key
            return None
        return backup.Keeper(identity.box_key, lambda: slot(identity))

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def open_home(home: Home, clock: Clock) -> Opened:
    """Open the ledger of a home, brought up to this program's form, with a copy before each step.

    Raises NotEnrolled, HomeDamaged, HomeNewer, KeysMissing, KeysDamaged, KeyringOutOfReach, LedgerMissing and
    the other faults of a file, LedgerNewer.
    """
    plate = home.read()
    secrets = open_store(plate.keys, home.path, plate.ledger_id).load()
    key = subkey(secrets.data_key, "db")
    engine = open_ledger(home.ledger, key, create=False)
    try:
        migrate.bring_up(engine, key, home, clock())
        ledger = Ledger(engine, clock)
        if not ledger.enrolled:
            raise NotEnrolled(path=str(home.path))
    except BaseException:
        engine.dispose()
        raise
    return Opened(
        home,
        ledger,
        sign(secrets.signing_key),
        plate.keys,
        partial(subkey, secrets.data_key),
        engine,
        key,
        partial(_slot, secrets.data_key, plate.ledger_id),
    )


def _slot(data_key: bytes, ledger_id: str, identity: Identity) -> bytes:
    from sync.protocol import escrow  # late: only the first copy needs it

    return escrow.keep(data_key, unit=identity.unit, ledger=ledger_id, box_key=identity.box_key)


def enrol(
    home: Home,
    clock: Clock,
    code: str,
    name: str,
    present: Present,
    *,
    keyring: bool = True,
    fill: Callable[[Ledger], object] | None = None,
) -> Opened:
    """Make this home a device's: keys, the province's word for them, and a new ledger.

    A broken-off enrolment leaves no ledger; with the same code it goes on with the same keys and number, as
    the province may have taken them already. name: of the officer. keyring: False leaves the user's keyring
    alone. fill: puts into the new ledger what came with a file of enrolment, before it counts as made.
    A machine that was enrolled by file, and that no province has confirmed, may come with another code of the
    same unit: then only that is kept, and the ledger goes on.
    Raises AlreadyEnrolled, NameMissing, CodeMistyped, KeyringOutOfReach, LedgerBusy,
    and what `present` raises.
    """
    plain = " ".join(clean(name).split())
    if not plain:
        raise NameMissing()
    from sync.protocol import enrolment  # late: no other start needs it

    hashed = enrolment.code_hash(code).hex()
    if home.is_enrolled:  # known before anything is made, a lock too
        return _enrol_again(home, clock, code, present)
    with home.alone():  # two at once would use up one code for two sets of keys
        if home.is_enrolled:
            raise AlreadyEnrolled(unit=_unit(home, clock))
        device, secrets = _begin(home, hashed, keyring=keyring and home.demo() is None)
        newcomer = Newcomer(
            code,
            device,
            public_key(secrets.signing_key),
            box(secrets.data_key).public_key().public_bytes_raw(),
        )
        identity = present(newcomer)
        key = subkey(secrets.data_key, "db")
        engine = open_ledger(home.unfinished, key, create=True)
        try:
            migrate.make(engine)
            ledger = Ledger(engine, clock)
            ledger.enrol(identity, plain[:_NAME_LIMIT])
            if fill is not None:
                fill(ledger)
        finally:
            engine.dispose()
        home.finish()
        discard(home.path / _BEGUN)
    return open_home(home, clock)


def _enrol_again(home: Home, clock: Clock, code: str, present: Present) -> Opened:
    """The machine whose paper was refused, or is too old, comes with a new one; its keys and number stay.

    Raises AlreadyEnrolled for a machine that is confirmed, for another unit, and for the same paper again.
    """
    from sync.protocol import enrolment, messages

    try:
        opened = open_home(home, clock)
    except LedgerError as error:
        raise AlreadyEnrolled(unit=str(home.path)) from error
    try:
        identity = opened.ledger.identity
        if identity.certificate or not identity.enrolment:
            raise AlreadyEnrolled(unit=identity.unit_name)
        last = messages.unpack_enrol_request(identity.enrolment)
        if last.code_hash == enrolment.code_hash(code):
            raise AlreadyEnrolled(unit=identity.unit_name)
        found = present(Newcomer(code, last.device, last.public_key, last.box_key))
        if (found.unit, found.province_key) != (identity.unit, identity.province_key):
            raise AlreadyEnrolled(unit=identity.unit_name)
        opened.ledger.present_again(found)
    except BaseException:
        opened.close()
        raise
    return opened


def _begin(home: Home, hashed: str, *, keyring: bool) -> tuple[int, Secrets]:
    """Number and keys of a device that presents itself: new ones, or those of the last try."""
    last = _last_try(home, hashed)
    device, plate, secrets = last or _new_device(home, keyring=keyring)
    home.begin(plate)
    if last is None or plate.keys == "file":  # `begin` sets a file of keys aside; a keyring still has them
        open_store(plate.keys, home.path, plate.ledger_id).save(secrets)
    facts = {"code": hashed, "device": device, "ledger": plate.ledger_id, "keys": plate.keys}
    write_whole(home.path / _BEGUN, sealed(facts), private=True)
    return device, secrets


def _new_device(home: Home, *, keyring: bool) -> tuple[int, Plate, Secrets]:
    ledger_id = random_id()
    kind, _ = choose(home.path, ledger_id, keyring=keyring)
    return random_stream(), Plate(ledger_id, kind), draw()


def _last_try(home: Home, hashed: str) -> tuple[int, Plate, Secrets] | None:
    try:
        facts = unsealed(home.path / _BEGUN)
    except (OSError, ValueError, json.JSONDecodeError):
        return None
    device, ledger_id = facts.get("device"), facts.get("ledger")
    if facts.get("code") != hashed or not isinstance(device, int) or not isinstance(ledger_id, str):
        return None
    plate = Plate(ledger_id, "keyring" if facts.get("keys") == "keyring" else "file")
    try:
        return device, plate, open_store(plate.keys, home.path, ledger_id).load()
    except LedgerError:
        return None


def _unit(home: Home, clock: Clock) -> str:
    """Whose ledger lies here, as far as it can be told."""
    try:
        opened = open_home(home, clock)
    except LedgerError:
        return str(home.path)
    try:
        return opened.ledger.identity.unit_name
    finally:
        opened.close()
