"""Keys that sign documents: in a file (PKCS#12), on a signing device (`devices.py`). pyHanko does the rest.

A key is lent for the time of a `with` block. Passwords and PINs are used once and kept nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import LedgerError
from app.security.certificates import Certificate, described

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate as X509
    from pyhanko.sign.signers import Signer


class KeyFileUnreadable(LedgerError):
    """No PKCS#12 file, or a damaged one."""

    code = "signing-file-unreadable"


class PasswordWrong(LedgerError):
    """The password does not open the file with the key."""

    code = "signing-password-wrong"


class CertificateMissing(LedgerError):
    """A file or device without a certificate that has its key beside it."""

    code = "signing-certificate-missing"


class KeyDiffers(LedgerError):
    """The key is not the one the certificate was issued for. Facts: name."""

    code = "signing-key-differs"


@dataclass(frozen=True, slots=True)
class Key:
    """A private key ready to sign. chain: certificates that came with it, its own not among them."""

    certificate: Certificate
    x509: "X509"
    chain: "tuple[X509, ...]"
    signer: "Signer"


@contextmanager
def from_file(content: bytes, password: str) -> Iterator[Key]:
    """The key in a PKCS#12 file (.p12, .pfx).

    Raises KeyFileUnreadable, PasswordWrong, CertificateMissing, KeyDiffers.
    """
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.pkcs12 import Pfx
    from asn1crypto.x509 import Certificate as X509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    secret = _encoded(password)
    try:
        _ = Pfx.load(content, strict=True)["auth_safe"]["content_type"].native
        held = pkcs12.load_pkcs12(content, secret)
    except (ValueError, TypeError) as error:
        if "password" in str(error).lower():
            raise PasswordWrong from error
        raise KeyFileUnreadable from error
    if held.key is None or held.cert is None:
        raise CertificateMissing

    def known(certificate: pkcs12.PKCS12Certificate) -> X509:
        return X509.load(certificate.certificate.public_bytes(Encoding.DER))

    own, chain = known(held.cert), tuple(map(known, held.additional_certs))
    if held.key.public_key() != held.cert.certificate.public_key():
        raise KeyDiffers(name=described(own).subject)
    encoded = held.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    store.register_multiple(chain)
    signer = SimpleSigner(signing_cert=own, signing_key=PrivateKeyInfo.load(encoded), cert_registry=store)
    yield Key(described(own), own, chain, signer)


def _encoded(password: str) -> bytes | None:
    """The password as the file knows it; None is none. Raises PasswordWrong for what nobody types."""
    try:
        secret = password.encode()
    except UnicodeEncodeError as error:
        raise PasswordWrong from error
    if b"\0" in secret:  # the library below would end the whole process
        raise PasswordWrong
    return secret or None
