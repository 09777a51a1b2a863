"""Signed files, pictures, keys and lists that are damaged: told as such, never anything else."""

from contextlib import suppress

import pytest
from hypothesis import given, settings, strategies

from app.domain.errors import LedgerError
from app.reports.signatures import appearance
from app.reports.signatures.signing import Order, sign
from app.reports.signatures.verifying import first_revision, verify
from app.security.certificates import revocation_list
from app.security.signers import from_file
from tests.fuzz.damage import damaged
from tests.reports import signable
from tests.signing import NOW, PASSWORD, Authority

FEW = settings(max_examples=15, deadline=None)


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def twice(authority):
    pdf = signable.sheet()
    for role in ("person", "agency"):
        with from_file(authority.issue(role).p12(), PASSWORD) as key:
            pdf = sign(pdf, key.signer, Order(role), NOW)
    return pdf


@FEW
@given(data=strategies.data())
def test_a_damaged_signed_file_is_read_or_refused(data, twice, authority):
    found = data.draw(damaged([twice]))
    with suppress(LedgerError):
        verdict = verify(found, [authority.der], [authority.list_of_revoked()], NOW)
        assert isinstance(verdict.intact, bool)
    with suppress(LedgerError):
        first_revision(found)


@FEW
@given(data=strategies.data())
def test_a_damaged_picture_is_drawn_or_refused(data):
    found = data.draw(damaged([signable.seal(width_mm=5, dpi=100), signable.hand()]))
    with suppress(appearance.PictureUnusable):
        picture = appearance.seal(found)
        assert appearance.drawn(picture, 99, 99, 0, 0).startswith(b"%PDF")
    with suppress(appearance.PictureUnusable):
        appearance.hand(found)


@FEW
@given(data=strategies.data())
def test_a_damaged_key_or_list_is_refused(data, authority):
    with suppress(LedgerError), from_file(data.draw(damaged([authority.p12()])), PASSWORD):
        pass
    revocation_list(data.draw(damaged([authority.list_of_revoked()])))


def test_a_file_that_is_all_zeros_or_nothing_is_told():
    for content in (b"", bytes(5000)):
        with pytest.raises(LedgerError):
            verify(content)
