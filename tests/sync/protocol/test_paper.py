"""The bytes that codes are cut from: one form, and nothing else is read."""

from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

import sync.protocol
from app.domain.errors import LedgerError
from sync.protocol import envelope, paper
from sync.protocol.errors import BadMessage
from sync.protocol.paper import Carried

SEALED = envelope.seal(b"message", 77, Ed25519PrivateKey.generate().sign)


@pytest.mark.parametrize("introduction", [b"", b"x", bytes(paper.MAX_INTRODUCTION)])
def test_what_is_packed_is_read_again(introduction):
    carried = Carried(SEALED, introduction)
    assert paper.unpack(paper.pack(carried)) == carried


def test_an_envelope_alone_travels_as_it_is():
    assert paper.pack(Carried(SEALED)) == SEALED


@pytest.mark.parametrize("carried", [Carried(b"x"), Carried(SEALED, bytes(paper.MAX_INTRODUCTION + 1))])
def test_what_nobody_would_read_is_not_written(carried):
    with pytest.raises(ValueError, match="envelope"):
        paper.pack(carried)


@pytest.mark.parametrize(
    "parts", [[SEALED, b""], [b"x", b"y"], [SEALED, bytes(5000)], [SEALED, "text"], [[], []]]
)
def test_another_form_is_refused(parts):
    with pytest.raises(BadMessage):
        paper.unpack(cbor2.dumps(parts))


def test_a_later_form_is_told_from_a_broken_one():
    with pytest.raises(paper.PaperNewer):
        paper.unpack(cbor2.dumps([2, SEALED, b"", b""]))
    with pytest.raises(BadMessage):
        paper.unpack(paper.pack(Carried(SEALED, b"x")) + b"\0")


@given(st.binary(max_size=200))
def test_whatever_is_read_is_written_again_or_refused(data):
    try:
        carried = paper.unpack(data)
    except LedgerError:
        return
    assert paper.pack(carried) == data


def test_the_description_says_the_same():
    pycddl = pytest.importorskip("pycddl", reason="pycddl has no wheel for this Python yet")
    text = (Path(sync.protocol.__path__[0]) / "paper.cddl").read_text(encoding="utf-8")
    pycddl.Schema(text).validate_cbor(paper.pack(Carried(SEALED)))
    schema = pycddl.Schema(f"start = introduced\n{text}")
    schema.validate_cbor(paper.pack(Carried(SEALED, b"x")))
    for wrong in ([SEALED, b""], [SEALED], [SEALED, b"x", b"y"], [SEALED, bytes(5000)]):
        with pytest.raises(pycddl.ValidationError):
            schema.validate_cbor(cbor2.dumps(wrong))
