"""Certificates as a person sees them, and whether one may sign now. Nothing here needs the private key."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.errors import LedgerError
from app.domain.periods import HANOI

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate as X509
    from asn1crypto.x509 import Name

_KINDS = {"rsa", "rsassa_pss", "ec"}
_SIGNING = {"digital_signature", "non_repudiation"}


class CertificateExpired(LedgerError):
    """The certificate no longer holds, so nothing was signed. Facts: name, until."""

    code = "signing-expired"


class CertificateNotYet(LedgerError):
    """The certificate does not hold yet, so nothing was signed. Facts: name, since."""

    code = "signing-not-yet"


class KeyNotForSigning(LedgerError):
    """The certificate's key was issued for something else (RFC 5280, 4.2.1.3). Facts: name."""

    code = "signing-key-usage"


class KeyKindUnusable(LedgerError):
    """A kind of key that PDF of the archive's version does not know: neither RSA nor ECDSA. Facts: name."""

    code = "signing-key-kind"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is shown of a certificate. since, until: UTC. number: its serial number, hexadecimal."""

    subject: str
    organisation: str
    issuer: str
    since: datetime
    until: datetime
    number: str
    signs: bool
    """Whether its key may sign documents; a certificate that does not say may."""
    known_kind: bool = True

    def holds(self, moment: datetime) -> bool:
        """Whether it may be used at a moment: neither too early nor too late, and made for signing."""
        return self.signs and self.known_kind and self.since <= moment <= self.until


def described(certificate: "X509") -> Certificate:
    """A certificate, as it is shown."""
    validity = certificate["tbs_certificate"]["validity"]
    usage = certificate.key_usage_value
    return Certificate(
        subject=_name(certificate.subject, "common_name"),
        organisation=_name(certificate.subject, "organization_name"),
        issuer=_name(certificate.issuer, "common_name"),
        since=validity["not_before"].native,
        until=validity["not_after"].native,
        number=f"{certificate.serial_number:X}",
        signs=usage is None or bool(_SIGNING & set(usage.native)),
        known_kind=certificate.public_key.algorithm in _KINDS,
    )


def check(certificate: Certificate, moment: datetime) -> None:
    """Refuse a certificate that may not sign at a moment (UTC), before anything is written.

    Raises CertificateExpired, CertificateNotYet, KeyNotForSigning, KeyKindUnusable.
    """
    if moment > certificate.until:
        raise CertificateExpired(name=certificate.subject, until=certificate.until.astimezone(HANOI).date())
    if moment < certificate.since:
        raise CertificateNotYet(name=certificate.subject, since=certificate.since.astimezone(HANOI).date())
    if not certificate.signs:
        raise KeyNotForSigning(name=certificate.subject)
    if not certificate.known_kind:
        raise KeyKindUnusable(name=certificate.subject)


def _name(name: "Name", part: str) -> str:
    """A part of a name; the whole where the common name is missing."""
    found = name.native.get(part)
    if isinstance(found, list):
        found = found[-1]
    if found is None and part == "common_name":
        return str(name.human_friendly)
    return str(found or "")


def known(own: "X509", chain: "Sequence[X509]", authorities: Sequence[bytes], moment: datetime) -> bool:
    """Whether a certificate leads to one of the authorities (DER), by way of those that came with it."""
    from asn1crypto.x509 import Certificate as X509
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError

    roots = [X509.load(one) for one in authorities]
    context = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
    validator = CertificateValidator(own, list(chain), validation_context=context)
    try:
        asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError, ValueError):
        return False
    return True


def revocation_list(content: bytes) -> bytes | None:
    """A list of revoked certificates as DER, whether it came as DER or PEM; None when it is none."""
    from asn1crypto import pem
    from asn1crypto.crl import CertificateList

    try:
        der = pem.unarmor(content)[2] if pem.detect(content) else content
        loaded = CertificateList.load(der, strict=True)
        _ = loaded.issuer.native, loaded["tbs_cert_list"]["this_update"].native
    except (ValueError, TypeError, LookupError):
        return None
    return bytes(der)
