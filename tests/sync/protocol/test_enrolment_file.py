"""A file of enrolment holds as the province signed it, or not at all."""

import os
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.errors import LedgerError
from sync.protocol import enrolment, enrolment_file, envelope
from sync.protocol.enrolment_file import EnrolFile, EnrolFileForeign, EnrolFileUnsigned

KEY = Ed25519PrivateKey.generate()
CODE = enrolment.new_code(os.urandom)


def content(**fields) -> EnrolFile:
    return EnrolFile(
        **{
            "code": CODE, "created": 1_751_245_200, "unit": "16813", "unit_name": "Xã Mường Xén",
            "province_key": KEY.public_key().public_bytes_raw(), "box_key": bytes(32),
            "server": "https://tinh.example", "ca": "", "answer": b"answer", **fields,
        }
    )  # fmt: skip


def signed(made: EnrolFile, *, key=KEY, kid: int = 0) -> bytes:
    return enrolment_file.write(made, envelope.seal(enrolment_file.pack(made), kid, key.sign))


@cache
def good() -> bytes:
    return signed(content())


def test_what_was_written_is_read():
    assert enrolment_file.read(good(), "f") == content()


@pytest.mark.parametrize(
    "data", [b"", b"PK\3\4", good()[1:], enrolment_file.MAGIC[:-1] + b"\2" + good()[12:]]
)
def test_another_file_is_named_as_such(data):
    with pytest.raises(EnrolFileForeign):
        enrolment_file.read(data, "f")


def test_one_byte_more_less_or_other_anywhere_is_refused():
    whole = good()
    for place in range(len(whole)):
        for changed in (
            whole[:place], whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :],
            whole[:place] + whole[place + 1 :], whole[:place] + b"\0" + whole[place:],
        ):  # fmt: skip
            with pytest.raises((EnrolFileForeign, EnrolFileUnsigned)):
                enrolment_file.read(changed, "f")
    with pytest.raises(EnrolFileUnsigned):
        enrolment_file.read(whole + b"\0", "f")


@pytest.mark.parametrize(
    "data",
    [
        signed(content(), key=Ed25519PrivateKey.generate()),
        signed(content(), kid=7),
        signed(content(province_key=bytes(32))),
        signed(content(code="ABCDE")),
        signed(content(code=CODE.lower())),
    ],
    ids=["another key", "a device", "another key inside", "no code", "a code in another form"],
)
def test_a_file_that_does_not_agree_with_itself_is_refused(data):
    with pytest.raises(EnrolFileUnsigned):
        enrolment_file.read(data, "f")


def test_another_message_of_the_province_does_not_pass_for_one():
    public = KEY.public_key().public_bytes_raw()
    for payload in (b"", b"\xff", b"\x80", b"\x8a" + b"\0" * 10):
        with pytest.raises(EnrolFileUnsigned):
            enrolment_file.read(enrolment_file.MAGIC + public + envelope.seal(payload, 0, KEY.sign), "f")


def test_what_nobody_would_read_is_not_written():
    with pytest.raises(ValueError, match="500"):
        enrolment_file.pack(replace(content(), server="x" * 501))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_be_refused(data):
    for start in (b"", enrolment_file.MAGIC):
        with pytest.raises(LedgerError):
            enrolment_file.read(start + data, "f")
