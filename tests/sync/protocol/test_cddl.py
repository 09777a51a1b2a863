"""The description and the program say the same.

pycddl reads shapes, sizes and ranges, not all of CDDL: it passes a number where an array of numbers
should stand, and a text of 16 bytes as 16 bytes. What it passes is refused by the tests beside this one.
"""

from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

import sync.protocol
from sync.protocol import envelope
from sync.protocol.messages import (
    pack_answer,
    pack_certificate,
    pack_enrol_answer,
    pack_enrol_request,
    pack_request,
)
from tests.sync.protocol.made import KEYS, REQUESTS, answers
from tests.sync.protocol.test_messages import ANSWER, CERTIFICATE, ENROL_ANSWER, ENROL_REQUEST, REQUEST

pycddl = pytest.importorskip("pycddl", reason="pycddl has no wheel for this Python yet")

TEXT = (Path(sync.protocol.__path__[0]) / "envelope.cddl").read_text(encoding="utf-8")
RULES = ["envelope", "signer", "request", "answer", "enrol-request", "enrol-answer", "certificate", "table"]
# The first rule is what a validator starts with.
SCHEMAS = {rule: pycddl.Schema(f"start = {rule}\n{TEXT}") for rule in RULES}
SEALED = envelope.seal(pack_request(REQUEST), 77, Ed25519PrivateKey.generate().sign)
GOOD = {
    "envelope": SEALED,
    "signer": cbor2.loads(SEALED).value[0],
    "request": pack_request(REQUEST),
    "answer": pack_answer(ANSWER),
    "enrol-request": pack_enrol_request(ENROL_REQUEST),
    "enrol-answer": pack_enrol_answer(ENROL_ANSWER),
    "certificate": pack_certificate(CERTIFICATE),
    "table": cbor2.dumps(cbor2.loads(pack_request(REQUEST))[3]),
}


def fits(rule, data):
    try:
        SCHEMAS[rule].validate_cbor(data)
    except pycddl.ValidationError:
        return False
    return True


@pytest.mark.parametrize("rule", RULES)
def test_what_the_program_writes_is_as_described(rule):
    assert fits(rule, GOOD[rule])


@settings(max_examples=50)
@given(REQUESTS, answers(), st.sampled_from([{}, KEYS]))
def test_whatever_it_writes_is_as_described(request, answer, keys):
    assert fits("request", pack_request(request, keys))
    assert fits("answer", pack_answer(answer, keys))


@pytest.mark.parametrize(
    ("rule", "place", "value"),
    [
        ("signer", 1, -8),
        ("signer", 4, b"seven--"),
        ("signer", 5, b"iv"),
        ("request", 0, 2),
        ("request", 1, b"short"),
        ("request", 2, [5, b"x"]),
        ("request", 2, [-1, b"chain--8"]),
        ("request", 3, [1, 2, 3]),
        ("request", 5, ["text"]),
        ("request", 6, [b"short"]),
        ("answer", 0, 2),
        ("answer", 2, 1),
        ("answer", 3, [5]),
        ("answer", 4, [1]),
        ("answer", 4, [0, 1, 0, []]),
        ("answer", 4, [1, "x", 0, []]),
        ("answer", 6, [["x", "not-yours"]]),
        ("answer", 7, -1),
        ("answer", 7, 2**63),
        ("answer", 8, 5),
        ("enrol-request", 1, bytes(31)),
        ("enrol-request", 2, 2**63),
        ("enrol-request", 3, bytes(33)),
        ("enrol-request", 4, bytes(31)),
        ("enrol-request", 6, b""),
        ("enrol-answer", 0, ""),
        ("enrol-answer", 1, "x" * 801),
        ("enrol-answer", 4, b""),
        ("enrol-answer", 5, b""),
        ("enrol-answer", 5, bytes(2001)),
        ("certificate", 0, -1),
        ("certificate", 1, bytes(31)),
        ("certificate", 2, bytes(31)),
        ("certificate", 5, "today"),
        ("table", 0, 0),
        ("table", 0, 100_001),
        ("table", 1, []),
        ("table", 1, [-1]),
        ("table", 1, [2**63]),
        ("table", 2, "id"),
        ("table", 3, [[4, 0, [None]]]),
        ("table", 4, []),
        ("table", 4, [[20]]),
        ("table", 4, [[65_536, 0]]),
        ("table", 5, [0]),
        ("table", 5, None),
        ("table", 9, 1.5),
        ("table", 11, 1),
        ("table", 11, [0, 0, 0, "ab"]),
        ("table", 12, ["x"]),
        ("table", 13, b"x"),
    ],
)
def test_a_deviation_does_not_fit(rule, place, value):
    parts = cbor2.loads(GOOD[rule])
    parts[place] = value
    assert not fits(rule, cbor2.dumps(parts))


@pytest.mark.parametrize(
    "rule", ["request", "answer", "enrol-request", "enrol-answer", "certificate", "table"]
)
def test_one_part_more_or_less_does_not_fit(rule):
    parts = cbor2.loads(GOOD[rule])
    assert not fits(rule, cbor2.dumps([*parts, None]))
    assert not fits(rule, cbor2.dumps(parts[:-1]))


def test_deviating_envelopes_do_not_fit():
    parts = cbor2.loads(SEALED).value
    assert not fits("envelope", cbor2.dumps(parts))
    assert not fits("envelope", cbor2.dumps(cbor2.CBORTag(98, parts)))
    for place, value in [(0, parts[0] + b"x"), (2, b""), (2, None), (3, parts[3][:-1]), (3, "x")]:
        other = [*parts[:place], value, *parts[place + 1 :]]
        assert not fits("envelope", cbor2.dumps(cbor2.CBORTag(18, other))), place
