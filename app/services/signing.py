"""A report signed, checked and stamped: keys, sheets and files brought together; pyHanko loads on the way.

Nothing is written before the finished file is whole: who stops it, or pulls the device out, finds what was
there before.
"""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import LedgerError
from app.record import authority
from app.record.outside import FileUnreadable, opened
from app.storage.home import Home
from app.words import N_

if TYPE_CHECKING:
    from app.reports.signatures.signing import Order
    from app.reports.signatures.verifying import Verdict
    from app.security.certificates import Certificate
    from app.security.signers import Key

_AUTHORITIES = "authorities"
"""Folder of the home with the certificates (PEM) of authorities that this office believes."""

_LARGEST = 100_000_000
_TOO_LARGE = N_("it is larger than 100 MB")
_END = "-----END CERTIFICATE-----"


class IssuerUnknown(LedgerError):
    """A warning: nobody here named the authority that issued a certificate. Facts: issuer, folder."""

    code = "signing-issuer-unknown"


class ListUnreadable(LedgerError):
    """A file that holds no list of revoked certificates. Facts: file."""

    code = "signing-list-unreadable"


@dataclass(frozen=True, slots=True)
class Way:
    """Where the key is: in a file (PKCS#12), or on a device behind a driver (PKCS#11).

    device: its label. certificate: serial number of the one to use, where there are several.
    """

    file: Path | None = None
    driver: Path | None = None
    device: str | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file, by whom, and what has to be said beside it."""

    pdf: bytes
    certificate: "Certificate"
    warnings: tuple[LedgerError, ...]


def sign(
    home: Home,
    pdf: bytes,
    way: Way,
    secret: Callable[[], str],
    order: "Order",
    moment: int,
    *,
    lists: tuple[bytes, ...] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> Signed:
    """Sign a sheet in memory.

    secret: gives the password or PIN, once, after everything that can be refused without it was. moment:
    seconds UTC. lists: of revoked certificates (DER), kept in the file. stopped: asked between the steps.
    Raises what `app.reports.signatures.signing` and `app.security` raise.
    """
    from app.reports.signatures import signing, stamping
    from app.security import certificates

    now = datetime.fromtimestamp(moment, UTC)
    signing.check(pdf, order)
    with _key(way, secret, now) as key:
        certificates.check(key.certificate, now)
        warnings: tuple[LedgerError, ...] = ()
        if not certificates.known(key.x509, key.chain, authorities(home), now):
            folder = str(home.path / _AUTHORITIES)
            warnings = (IssuerUnknown(issuer=key.certificate.issuer, folder=folder),)
        made = signing.sign(pdf, key.signer, order, now, stopped)
    return Signed(stamping.with_lists(made, lists) if lists else made, key.certificate, warnings)


def verify(
    home: Home, pdf: bytes, trust: Path | None, moment: int, lists: tuple[bytes, ...] = ()
) -> "Verdict":
    """What can be said of the signatures of a file. trust: a file (PEM) of authorities to believe beside the
    office's own.

    Raises NotReadable, FileUnreadable, NotACertificate.
    """
    from app.reports.signatures import verifying

    believed = authorities(home) + (() if trust is None else _certificates(trust))
    return verifying.verify(pdf, believed, lists, datetime.fromtimestamp(moment, UTC))


def stamp(pdf: bytes, address: str, lists: tuple[bytes, ...] = ()) -> bytes:
    """The file with the time of an authority. Raises what `app.reports.signatures.stamping.stamp` raises."""
    from app.reports.signatures import stamping

    return stamping.stamp(pdf, address, lists)


def read(path: Path) -> bytes:
    """A file, whole. Raises FileUnreadable."""
    with opened(path) as source:
        content = source.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise FileUnreadable(file=str(path), why=_TOO_LARGE)
    return content


def revoked(path: Path) -> bytes:
    """A list of revoked certificates (DER or PEM), as DER. Raises FileUnreadable, ListUnreadable."""
    from app.security import certificates

    found = certificates.revocation_list(read(path))
    if found is None:
        raise ListUnreadable(file=str(path))
    return found


def authorities(home: Home) -> tuple[bytes, ...]:
    """The certificates (DER) that this office put into its folder; files that are none are passed over."""
    folder = home.path / _AUTHORITIES
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in {".pem", ".crt", ".cer"})
    found: list[bytes] = []
    for path in files:
        try:
            found += _certificates(path)
        except LedgerError:
            continue
    return tuple(found)


def _certificates(path: Path) -> tuple[bytes, ...]:
    parts = authority.read(path).split(_END)
    return tuple(ssl.PEM_cert_to_DER_cert(part.strip() + "\n" + _END) for part in parts if part.strip())


@contextmanager
def _key(way: Way, secret: Callable[[], str], now: datetime) -> "Iterator[Key]":
    from app.security import devices, signers

    if way.driver is None:
        content = read(way.file) if way.file is not None else b""
        with signers.from_file(content, secret()) as key:
            yield key
        return
    if not way.driver.is_file():
        raise devices.DriverMissing(file=str(way.driver))
    with devices.from_device(way.driver, way.device, secret(), now, way.certificate) as key:
        yield key
