import asyncio
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from app.security import signers
from app.security.certificates import KeyKindUnusable, check
from tests.signing import NOW, PASSWORD, Authority, new_key


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def leader(authority):
    return authority.issue("Chủ tịch xã")


def test_the_key_in_a_file_signs(leader, authority):
    with signers.from_file(leader.p12(), PASSWORD) as key:
        made = asyncio.run(key.signer.async_sign_raw(b"data", "sha256"))
    leader.key.public_key().verify(made, b"data", padding.PKCS1v15(), hashes.SHA256())
    seen = key.certificate
    assert (seen.subject, seen.issuer) == ("Chủ tịch xã", authority.named)
    assert seen.organisation == "Ủy ban nhân dân xã Mường Thử"
    assert seen.holds(NOW)
    assert [one.dump() for one in key.chain] == [authority.der]


@pytest.mark.parametrize(
    ("content", "password", "refused"),
    [
        (lambda own: own.p12(), "sai", signers.PasswordWrong),
        (lambda own: own.p12(), "", signers.PasswordWrong),
        (lambda own: own.p12(), "\0" * 9, signers.PasswordWrong),
        (lambda own: own.p12(), PASSWORD + "\udcff", signers.PasswordWrong),
        (lambda own: own.p12()[:-40], PASSWORD, signers.KeyFileUnreadable),
        (lambda own: b"", PASSWORD, signers.KeyFileUnreadable),
        (lambda own: own.pem, PASSWORD, signers.KeyFileUnreadable),
        (
            lambda own: pkcs12.serialize_key_and_certificates(
                b"x", None, own.certificate, None, BestAvailableEncryption(PASSWORD.encode())
            ),
            PASSWORD,
            signers.CertificateMissing,
        ),
    ],
)
def test_a_file_that_gives_no_key_is_told(leader, content, password, refused):
    with pytest.raises(refused), signers.from_file(content(leader), password):
        pass


def test_a_key_that_is_not_the_certificates_is_refused(leader, authority, monkeypatch):
    other = pkcs12.PKCS12Certificate(authority.issue("Chủ tịch xã").certificate, None)
    held = SimpleNamespace(key=leader.key, cert=other, additional_certs=[])  # no library writes such a file
    monkeypatch.setattr(pkcs12, "load_pkcs12", lambda *_given: held)
    with pytest.raises(signers.KeyDiffers), signers.from_file(leader.p12(), PASSWORD):
        pass


def test_a_kind_of_key_that_archives_do_not_know_is_refused(authority):
    issued = authority.issue("Chủ tịch xã", key=ed25519.Ed25519PrivateKey.generate())
    with signers.from_file(issued.p12(), PASSWORD) as key, pytest.raises(KeyKindUnusable):
        check(key.certificate, NOW)
    with signers.from_file(authority.issue("Chủ tịch xã", key=new_key("ec")).p12(), PASSWORD) as key:
        check(key.certificate, NOW)
