import random

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import envelope, payload
from sync.protocol.errors import BadEnvelope, UnknownSigner

# RFC 8032, section 7.1, test 1; the COSE group's public examples use the same key.
SECRET = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
SIGNER = Ed25519PrivateKey.from_private_bytes(SECRET)
KID = 0x0102030405060708
MESSAGE = "Kết quả thực hiện nhiệm vụ trong tuần. ".encode() * 20

# COSE working group, Examples, eddsa-examples/eddsa-sig-01
EXAMPLE = bytes.fromhex(
    "D28445A201270300A10442313154546869732069732074686520636F6E74656E742E5840"
    "7142FD2FF96D56DB85BEE905A76BA1D0B7321A95C8C4D3607C5781932B7AFB87"
    "11497DFA751BF40B58B3BCC32300B1487F3DB34085EEF013BF08F4A44D6FEF0D"
)


def key_of(kid):
    return PUBLIC if kid == KID else None


def sealed(message=MESSAGE, kid=KID):
    return envelope.seal(message, kid, SIGNER.sign)


def signed(protected, unprotected=None, carried=b"\x00abc", tag=18, head=None):
    """An envelope of any form under a good signature."""
    raw = cbor2.dumps(protected) if isinstance(protected, dict) else protected
    signature = SIGNER.sign(cbor2.dumps([head or "Signature1", raw, b"", carried]))
    return cbor2.dumps(cbor2.CBORTag(tag, [raw, unprotected or {}, carried, signature]))


def test_the_key_is_that_of_the_rfc():
    assert SIGNER.public_key().public_bytes_raw() == PUBLIC
    assert (
        SIGNER.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")
    )


def test_what_is_signed_is_what_the_cose_group_signs():
    protected, _, content, signature = cbor2.loads(EXAMPLE).value
    assert SIGNER.sign(envelope._to_be_signed(protected, content)) == signature


def test_the_cose_groups_own_example_is_well_signed_but_not_ours():
    with pytest.raises(BadEnvelope):
        envelope.open(EXAMPLE, lambda _: PUBLIC)


@given(st.binary(max_size=300), st.integers(0, 2**63 - 1))
def test_an_envelope_opens_to_what_was_sealed(message, kid):
    data = sealed(message, kid)
    assert envelope.open(data, lambda _: PUBLIC) == (kid, message)
    assert envelope.peek_kid(data) == kid
    assert sealed(message, kid) == data


def test_an_envelope_costs_86_bytes():
    noise = random.Random(7).randbytes(300)
    assert len(sealed(noise)) == 86 + 1 + len(noise)


def test_it_is_a_cose_sign1_for_anybody_else():
    parts = cbor2.loads(sealed())
    assert parts.tag == 18
    assert cbor2.loads(parts.value[0]) == {1: -19, 4: KID.to_bytes(8, "big")}
    assert parts.value[1] == {}
    assert payload.unwrap(parts.value[2]) == MESSAGE


def test_a_stranger_is_named_not_called_damaged():
    with pytest.raises(UnknownSigner) as caught:
        envelope.open(sealed(kid=5), key_of)
    assert caught.value.facts == {"kid": 5}


def test_the_signature_of_another_is_refused():
    other = Ed25519PrivateKey.generate()
    with pytest.raises(BadEnvelope):
        envelope.open(envelope.seal(MESSAGE, KID, other.sign), key_of)


def test_a_key_that_is_none_is_refused():
    with pytest.raises(BadEnvelope):
        envelope.open(sealed(), lambda _: b"short")


@pytest.mark.parametrize("kid", [-1, 2**63])
def test_a_signers_number_has_63_bits(kid):
    with pytest.raises(ValueError):
        sealed(kid=kid)


GOOD = {1: -19, 4: KID.to_bytes(8, "big")}


def test_the_helper_makes_good_envelopes():
    assert envelope.open(signed(GOOD), key_of) == (KID, b"abc")


@pytest.mark.parametrize(
    "data",
    [
        signed({4: GOOD[4]}),
        signed({1: -8, 4: GOOD[4]}),
        signed({1: -7, 4: GOOD[4]}),
        signed({1: -19}),
        signed({1: -19}, {4: GOOD[4]}),
        signed({4: GOOD[4]}, {1: -19}),
        signed(GOOD, {4: GOOD[4]}),
        signed(GOOD, {5: b"iv"}),
        signed({**GOOD, 2: [9], 9: 1}),
        signed({1: -19, 3: 0, 4: GOOD[4]}),
        signed({1: -19, 4: GOOD[4] + b"x"}),
        signed({1: -19, 4: b"\xff" * 8}),
        signed({1: -19, 4: "12345678"}),
        signed(cbor2.dumps(GOOD) + b"\x00"),
        signed(bytes.fromhex("a2") + b"\x04\x48" + GOOD[4] + b"\x01\x32"),
        signed(bytes.fromhex("bf") + cbor2.dumps(GOOD)[1:] + b"\xff"),
        signed(GOOD, tag=98),
        signed(GOOD, head="Signature"),
        signed(GOOD, carried=b""),
        signed(GOOD, carried=b"\x02abc"),
        signed(GOOD, carried=b"\x01abc"),
        sealed() + b"\x00",
        sealed()[:-1],
        sealed()[1:],
        cbor2.dumps(cbor2.loads(sealed()).value),
        b"\xd2\x84\x58\x0e" + sealed()[3:],
        b"\xd2\x9f" + sealed()[2:] + b"\xff",
        b"\xd2" + sealed(),
        b"\xd8\x12" + sealed()[1:],
        b"",
        b"<html><body>Please log in</body></html>",
        b"\xd2\x84",
    ],
)
def test_other_forms_are_refused_even_under_a_good_signature(data):
    with pytest.raises(BadEnvelope):
        envelope.open(data, key_of)


def test_nothing_is_unpacked_before_the_signature_holds(monkeypatch):
    forged = sealed()[:-64] + bytes(64)
    monkeypatch.setattr(payload, "unwrap", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(BadEnvelope):
        envelope.open(forged, key_of)


def test_a_bomb_under_a_good_signature_is_refused():
    with pytest.raises(BadEnvelope):
        envelope.open(sealed(bytes(3_000_000)), key_of, limit=1_000_000)


def mutations(data, count, seed):
    """Envelopes changed by a bit, a byte, a cut, a doubling, a swap of parts."""
    dice = random.Random(seed)
    for _ in range(count):
        changed = bytearray(data)
        for _ in range(dice.randint(1, 3)):
            where = dice.randrange(len(changed) or 1)
            match dice.randrange(6):
                case 0:
                    changed[where : where + 1] = bytes((changed[where] ^ 1 << dice.randrange(8),))
                case 1:
                    changed[where : where + 1] = dice.randbytes(1)
                case 2:
                    del changed[where : where + dice.randint(1, 9)]
                case 3:
                    changed[where:where] = dice.randbytes(dice.randint(1, 9))
                case 4:
                    changed[where:where] = changed[where : where + dice.randint(1, 40)]
                case 5:
                    other = dice.randrange(len(changed) or 1)
                    changed[where : where + 8], changed[other : other + 8] = (
                        changed[other : other + 8],
                        changed[where : where + 8],
                    )
            changed = changed or bytearray(b"\x00")
        if bytes(changed) != data:
            yield bytes(changed)


@pytest.mark.parametrize("message", [b"", MESSAGE, random.Random(3).randbytes(80)])
def test_of_thousands_of_changed_envelopes_none_is_accepted(message):
    tried = 0
    for changed in mutations(sealed(message), 4000, seed=len(message)):
        tried += 1
        with pytest.raises(BadEnvelope):
            envelope.open(changed, lambda _: PUBLIC)
    assert tried > 3900


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data):
    with pytest.raises(BadEnvelope):
        envelope.open(data, key_of)
    with pytest.raises(BadEnvelope):
        envelope.open(sealed()[:17] + data, key_of)
