"""What a secure connection adds to an exchange: bytes of a full handshake, and of one that goes on."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.client.network import HttpLink
from tests.benchmarks.proxy import Count, Proxy
from tests.benchmarks.scene import UNIT, enrolled, province, serving, synced

_PATH = "/v1/health"


@dataclass(frozen=True, slots=True)
class Secure:
    """full, resumed: what a handshake adds. idle: a whole sync with nothing to say, on a new connection."""

    full: Count
    resumed: Count
    idle: Count


def measure(folder: Path) -> Secure:
    """Serve with a certificate of a private authority, which the device pins."""
    province(folder, "init")
    code = province(folder, "enrol-code", UNIT).split()[-1]
    ca, cert, key = papers(folder)
    pinned = ca.read_text(encoding="ascii")
    with serving(folder, "--cert", str(cert), "--key", str(key)) as server:
        proxy = Proxy(server.port)
        address = f"https://localhost:{proxy.port}"
        link = HttpLink(address, ca=pinned)
        try:
            first = _call(link, proxy)
            bare = _call(link, proxy)
            proxy.cut()
            again = _call(link, proxy)
        finally:
            link.close()
        opened = enrolled(folder / "commune", address, code, ca=pinned)
        try:
            synced(opened)
            before = proxy.count
            synced(opened)
            idle = proxy.count - before
        finally:
            opened.close()
            proxy.close()
    return Secure(first - bare, again - bare, idle)


def _call(link: HttpLink, proxy: Proxy) -> Count:
    before = proxy.count
    link.call("GET", _PATH, {}, b"")
    return proxy.count - before


def papers(folder: Path) -> tuple[Path, Path, Path]:
    """A private authority (ECDSA, P-256), and certificate and key of this machine; where they lie."""
    now = datetime.datetime.now(datetime.UTC)
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "So Nhiem Vu")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])

    def made(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=365))
        )

    root = (
        made(issuer, authority.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority, hashes.SHA256())
    )
    leaf = (
        made(subject, own.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(authority, hashes.SHA256())
    )
    found = tuple(folder / name for name in ("ca.pem", "cert.pem", "key.pem"))
    found[0].write_bytes(root.public_bytes(serialization.Encoding.PEM))
    found[1].write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    found[2].write_bytes(
        own.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return found[0], found[1], found[2]
