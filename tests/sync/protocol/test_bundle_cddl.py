"""The files on a stick are as `bundle.cddl` describes them."""

import io
from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

import sync.protocol
from sync.protocol import bundle, enrolment_file, envelope
from tests.sync.protocol.test_enrolment_file import content

pycddl = pytest.importorskip("pycddl", reason="pycddl has no wheel for this Python yet")

TEXT = (Path(sync.protocol.__path__[0]) / "bundle.cddl").read_text(encoding="utf-8")
SCHEMAS = {
    rule: pycddl.Schema(f"start = {rule}\n{TEXT}")
    for rule in ("header", "recipient", "info", "head", "enrol-file")
}
SIGNER, BOX = Ed25519PrivateKey.generate(), X25519PrivateKey.generate().public_key().public_bytes_raw()


def fits(rule, data) -> bool:
    try:
        SCHEMAS[rule].validate_cbor(data)
    except pycddl.ValidationError:
        return False
    return True


@pytest.fixture(scope="module")
def good():
    out = io.BytesIO()
    writer = bundle.Writer(out, "request", "16813", 5, 77, SIGNER.sign, [(0, BOX), (8, BOX)])
    writer.add("file", "a", 3, iter([b"abc"]))
    writer.finish()
    end = bundle.tail(out, "a")
    _, header = envelope.open(end.header, lambda _: SIGNER.public_key().public_bytes_raw())
    return {
        "header": header,
        "recipient": cbor2.dumps(cbor2.loads(header)[4][1]),
        "info": bundle._info("request", 77, 0),
        "head": cbor2.dumps(["file", "a", 3]),
        "enrol-file": enrolment_file.pack(content()),
    }


@pytest.mark.parametrize("rule", list(SCHEMAS))
def test_what_the_program_writes_is_as_described(good, rule):
    assert fits(rule, good[rule])
    parts = cbor2.loads(good[rule])
    assert not fits(rule, cbor2.dumps([*parts, None]))
    assert not fits(rule, cbor2.dumps(parts[:-1]))


@pytest.mark.parametrize(
    ("rule", "place", "value"),
    [
        ("header", 0, 2), ("header", 1, "gift"), ("header", 2, ""), ("header", 3, -1), ("header", 4, []),
        ("header", 4, [[1, bytes(79)]]), ("header", 5, -1), ("header", 6, bytes(31)), ("header", 7, 2_001),
        ("head", 0, "program"), ("head", 1, "x" * 257), ("head", 2, 2**26 + 1),
        ("enrol-file", 0, 2), ("enrol-file", 2, -1), ("enrol-file", 3, ""), ("enrol-file", 5, bytes(31)),
        ("enrol-file", 9, "x"),
    ],
)  # fmt: skip
def test_a_deviation_does_not_fit(good, rule, place, value):
    parts = cbor2.loads(good[rule])
    parts[place] = value
    assert not fits(rule, cbor2.dumps(parts))
