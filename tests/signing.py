"""Certificates and signing devices for tests: an authority of our own, and SoftHSM2 as the device."""

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PASSWORD, PIN = "mật khẩu 1", "246810"
NOW = datetime.now(UTC).replace(microsecond=0)
LONG = timedelta(days=3650)

needs_device = pytest.mark.skipif(
    not (shutil.which("softhsm2-util") and LIBRARY.is_file()), reason="softhsm2 is not installed"
)
needs_pdfsig = pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils is not installed")
needs_qpdf = pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")


_TURN = count()


def new_key(kind="rsa"):
    """A key; of the RSA keys, which take their time to make, every fifth is one that was used before."""
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return _spare(next(_TURN) % 5)


@cache
def _spare(_turn):
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common, organisation="Ủy ban nhân dân xã Mường Thử"):
    parts = [(x509.NameOID.COMMON_NAME, common), (x509.NameOID.ORGANIZATION_NAME, organisation)]
    return x509.Name([x509.NameAttribute(*part) for part in parts])


class Issued:
    """A key, its certificate, and the file that holds both."""

    def __init__(self, key, certificate, chain, named):
        self.key, self.certificate, self.chain, self.named = key, certificate, chain, named

    def p12(self, password=PASSWORD, key=None):
        return pkcs12.serialize_key_and_certificates(
            self.named.encode(),
            key or self.key,
            self.certificate,
            list(self.chain),
            serialization.PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(100)
            .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
            .build(password.encode()),
        )

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_der(self):
        return self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


class Authority(Issued):
    """Issues certificates and says which it took back."""

    def __init__(self, named="Trung tâm Chứng thực Thử nghiệm"):
        key = new_key()
        builder = self._builder(_name(named), _name(named), key.public_key(), NOW - LONG, NOW + LONG)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        super().__init__(key, builder.sign(key, hashes.SHA256()), (), named)

    @staticmethod
    def _builder(subject, issuer, public, since, until):
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
        )

    def issue(
        self, named, *, since=NOW - LONG, until=NOW + LONG, usage=("digital_signature", "content_commitment"),
        key=None, stamps=False,
    ):  # fmt: skip
        key = key or new_key()
        subject = _name(named)
        builder = self._builder(subject, self.certificate.subject, key.public_key(), since, until)
        if usage is not None:
            builder = builder.add_extension(_usage(*usage), critical=True)
        if stamps:
            purpose = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(purpose, critical=True)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        return Issued(key, builder.sign(self.key, hashes.SHA256()), (self.certificate,), named)

    def list_of_revoked(self, *revoked, since=NOW - timedelta(days=1), until=NOW + timedelta(days=30)):
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(since).next_update(until)
        builder = builder.add_extension(x509.CRLNumber(1), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        for issued in revoked:
            one = x509.RevokedCertificateBuilder().serial_number(issued.certificate.serial_number)
            builder = builder.add_revoked_certificate(one.revocation_date(NOW - timedelta(days=2)).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def self_issued(named):
    """Who signs with a certificate of his own making, as programs make them when nothing is said."""
    key = new_key()
    builder = Authority._builder(_name(named), _name(named), key.public_key(), NOW - LONG, NOW + LONG)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(_usage("digital_signature", "content_commitment"), critical=False)
    return Issued(key, builder.sign(key, hashes.SHA256()), (), named)


def _usage(*named):
    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{one: one in named for one in every})


class SoftDevice:
    """A signing device in software, with files of its own."""

    def __init__(self, folder, monkeypatch):
        (folder / "tokens").mkdir(parents=True)
        conf = folder / "softhsm2.conf"
        conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n", encoding="utf-8")
        monkeypatch.setenv("SOFTHSM2_CONF", str(conf))

    def plug(self, label):
        self._call("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "13579")

    def put(self, label, issued, id="01", tmp=None):
        """A key with its certificate, as the maker's program would put them in."""
        import pkcs11
        from pkcs11.util.x509 import decode_x509_certificate

        file = Path(os.environ["SOFTHSM2_CONF"]).with_name("key.pem")
        file.write_bytes(
            issued.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self._call("--import", str(file), "--token", label, "--label", issued.named, "--id", id, "--pin", PIN)
        library = pkcs11.lib(str(LIBRARY))
        with library.get_token(token_label=label).open(rw=True, user_pin=PIN) as session:
            for der, number in ((issued.der, id), *((_der(one), "ff") for one in issued.chain)):
                session.create_object(
                    {
                        **decode_x509_certificate(der),
                        pkcs11.Attribute.TOKEN: True,
                        pkcs11.Attribute.PRIVATE: False,
                        pkcs11.Attribute.ID: bytes.fromhex(number),
                        pkcs11.Attribute.LABEL: issued.named,
                    }
                )
        library.finalize()

    @staticmethod
    def _call(*arguments):
        subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True, timeout=30)


def _der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)
