"""A certificate authority of a province's own, as small as it can be: ECDSA on P-256."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_PEM = serialization.Encoding.PEM


class Authority:
    """Makes certificates; `pem` is its own."""

    def __init__(self, name: str = "Tỉnh") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        start = datetime.now(UTC) - timedelta(days=1000)
        made = x509.CertificateBuilder(
            self._name, self._name, self._key.public_key(), 1, start, start + timedelta(days=5000)
        ).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.pem = made.sign(self._key, hashes.SHA256()).public_bytes(_PEM).decode()

    def issue(
        self, folder: Path, *, shift: timedelta = timedelta(), name: str = "server"
    ) -> tuple[Path, Path]:
        """A certificate for 127.0.0.1, valid for a month from yesterday, and its key. shift: of its dates."""
        key = ec.generate_private_key(ec.SECP256R1())
        start = datetime.now(UTC) + shift - timedelta(days=1)
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        made = x509.CertificateBuilder(
            self._name, _named(name), key.public_key(), 2, start, start + timedelta(days=30)
        ).add_extension(names, critical=False)
        cert, secret = folder / f"{name}.pem", folder / f"{name}.key"
        cert.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(_PEM))
        form = serialization.PrivateFormat.PKCS8
        secret.write_bytes(key.private_bytes(_PEM, form, serialization.NoEncryption()))
        return cert, secret


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
