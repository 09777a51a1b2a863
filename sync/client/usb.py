"""The road by USB stick: a sealed file for the province, and its answer on the way back.

A stick has one try a week, so a bundle says everything that a province might need: earlier cursors and the
province's own signed answers too. Nothing here is ever deleted because it was written to a stick; only the
province's signed answer says that something has arrived.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.domain.errors import LedgerError
from app.record import outside
from app.services import sticks
from app.services.opening import Opened
from app.services.sticks import Paper
from app.services.sticks import Taken as Taken
from app.storage import evidence
from app.storage.meta import Identity
from sync.client.link import Progress, Stopped, StoppedByUser, Tell, never, silent
from sync.protocol import bundle, envelope, messages
from sync.protocol.errors import BadEnvelope, BadMessage, UnknownSigner

_STEP = 1024 * 1024


class BundleWrongWay(LedgerError):
    """A bundle for the other end. Facts: file."""

    code = "bundle-wrong-way"


class BundleOtherUnit(LedgerError):
    """A bundle of the province for another unit. Facts: file, unit."""

    code = "bundle-other-unit"


class BundleNotForMachine(LedgerError):
    """A bundle of the province for other machines of this unit. Facts: file."""

    code = "bundle-not-for-machine"


class BundleNotConfirmed(BundleNotForMachine):
    """The same, and the province has not confirmed this machine yet. Facts: file."""

    code = "bundle-not-confirmed"


class StickFull(LedgerError):
    """No room even for the words. Facts: file, needed, free (KB)."""

    code = "stick-full"


@dataclass(frozen=True, slots=True)
class Exported:
    """What lies on the stick now. size: bytes. changes: words that wait. files: of evidence, with their
    bytes; left: files that had to stay here for want of room, or because they cannot be read.
    """

    path: Path
    size: int
    changes: int
    files: int
    file_bytes: int
    left: int


def export(
    opened: Opened, path: Path, *, evidence: bool = True, tell: Tell = silent, stopped: Stopped = never
) -> Exported:
    """Write what waits to a stick; with nothing waiting, it still asks for what is new.

    evidence: with the files, as far as there is room, signed sheets first. A file at `path` is replaced only
    if it is an older bundle of this machine.
    Raises StickFull, FileUnwritable, DiskFull, StickUnsound, FileHeldKept, StoppedByUser.
    """
    ledger = opened.ledger
    identity = ledger.identity
    request, files = sticks.ask(ledger)
    sealed = envelope.seal(messages.pack_request(request), identity.device, opened.sign)
    bad: set[str] = set()
    while True:
        going = _fitting(path, len(sealed), [f for f in files if f.sha256 not in bad] if evidence else [])
        try:
            size = _write(opened, identity, path, sealed, going, tell, stopped)
            break
        except _FileBroken as broken:
            bad.add(broken.sha256)
    sticks.note(ledger, request)
    return Exported(
        path, size, len(request.changes), len(going), sum(f.size for f in going), len(files) - len(going)
    )


def take(opened: Opened, path: Path) -> Taken:
    """Take the province's answer from a stick, whole or not at all; an older one changes nothing.

    Raises FileUnreadable, BundleForeign, BundleNewer, BundleDamaged, BundleSigner, BundleWrongWay,
    BundleOtherUnit, BundleNotForMachine, BundleClosed, ChainBroken, ChainAhead, BadMessage.
    """
    identity = opened.ledger.identity
    with outside.opened(path) as source:
        end = bundle.tail(source, str(path))
        if end.kid != bundle.PROVINCE_KID:
            raise BundleWrongWay(file=str(path))
        header = bundle.verified(source, end, identity.province_key)
        key = _key(opened, identity, end, header)
        said = {"envelope": b"", "certificate": b""}
        for part in bundle.parts(source, end, header, key):
            if part.which in said and part.name == f"{identity.device:x}":
                said[part.which] = part.read()
    answer = _answer(said["envelope"], identity.province_key)
    paper = _paper(said["certificate"], identity)
    return sticks.receive(opened.ledger, answer, said["envelope"], paper, end.size)


def box(opened: Opened) -> X25519PrivateKey:
    """The key that opens what is sealed to this machine."""
    return X25519PrivateKey.from_private_bytes(opened.subkey("box"))


# ---- out -----------------------------------------------------------------------------------------


class _FileBroken(Exception):
    """A file of evidence cannot be read here; the rest goes without it."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


def _fitting(path: Path, words: int, files: list[evidence.Kept]) -> list[evidence.Kept]:
    """The files that there is room for behind the words. Raises StickFull."""
    free = outside.free_bytes(path)
    going = list(files)
    while True:
        needed = bundle.sealed_size([words, *(file.size for file in going)], 1)
        if free is None or needed <= free:
            return going
        if not going:
            raise StickFull(file=str(path), needed=-(-needed // 1024), free=free // 1024)
        going.pop()


def _write(
    opened: Opened,
    identity: Identity,
    path: Path,
    sealed: bytes,
    files: list[evidence.Kept],
    tell: Tell,
    stopped: Stopped,
) -> int:
    total, done = sum(file.size for file in files), 0
    folder = opened.home.path / "evidence"
    vault = evidence.Vault(folder, opened.subkey("evidence"), opened.subkey("names"))

    def content(file: evidence.Kept) -> Iterator[bytes]:
        nonlocal done
        for start in range(0, file.size, _STEP):
            if stopped():
                raise StoppedByUser()
            try:
                part = vault.read(file.sha256, start, min(_STEP, file.size - start))
            except LedgerError as error:
                raise _FileBroken(file.sha256) from error
            if len(part) != min(_STEP, file.size - start):
                raise _FileBroken(file.sha256)
            yield part
            done += len(part)
            tell(Progress("evidence", done, total, 0, 0))

    with outside.written(path, lambda there: _is_own(there, identity.device)) as out:
        tell(Progress("words", 0, len(sealed), 0, 0))
        writer = bundle.Writer(
            out, "request", identity.unit, opened.ledger.now(), identity.device, opened.sign,
            [(bundle.PROVINCE_KID, identity.box_key)],
        )  # fmt: skip
        writer.add("envelope", "", len(sealed), iter([sealed]))
        tell(Progress("words", len(sealed), len(sealed), 0, 0))
        for file in files:
            writer.add("file", file.sha256, file.size, content(file))
        writer.finish(identity.certificate or identity.enrolment)
    return writer.size


def _is_own(path: Path, device: int) -> bool:
    """Whether an older bundle of this machine lies there, or the remains of one."""
    if not outside.begins_with(path, bundle.MAGIC):
        return False
    try:
        with path.open("rb") as source:
            return bundle.tail(source, str(path)).kid == device
    except (OSError, bundle.BundleForeign):
        return path.stat().st_size == 0
    except bundle.BundleDamaged:
        return True


# ---- back ----------------------------------------------------------------------------------------


def _key(opened: Opened, identity: Identity, end: bundle.Tail, header: bundle.Header) -> bytes:
    """The key of a bundle that the province made for this machine."""
    if header.kind != "answer":
        raise BundleWrongWay(file=end.file)
    if header.unit != identity.unit:
        raise BundleOtherUnit(file=end.file, unit=header.unit)
    if identity.device not in {recipient.kid for recipient in header.recipients}:
        raise (BundleNotForMachine if identity.certificate else BundleNotConfirmed)(file=end.file)
    return bundle.content_key(end, header, identity.device, box(opened))


def _answer(sealed: bytes, province_key: bytes) -> messages.Answer:
    try:
        _, payload = envelope.open(sealed, lambda kid: province_key if kid == bundle.PROVINCE_KID else None)
    except (BadEnvelope, UnknownSigner) as error:
        raise BadMessage(why="no answer for this machine inside") from error
    return messages.unpack_answer(payload)


def _paper(sealed: bytes, identity: Identity) -> Paper | None:
    """The province's word for this machine, where it is new here. Raises BadMessage."""
    if not sealed or identity.certificate:
        return None
    asked = messages.unpack_enrol_request(identity.enrolment)
    try:
        _, payload = envelope.open(
            sealed, lambda kid: identity.province_key if kid == bundle.PROVINCE_KID else None
        )
    except (BadEnvelope, UnknownSigner) as error:
        raise BadMessage(why="no certificate of this province") from error
    paper = messages.unpack_certificate(payload)
    theirs = (paper.device, paper.public_key, paper.box_key, paper.unit)
    if theirs != (asked.device, asked.public_key, asked.box_key, identity.unit):
        raise BadMessage(why="a certificate of another machine")
    return Paper(sealed, paper.device_name)
