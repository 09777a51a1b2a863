import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import keys, tsp
from asn1crypto.x509 import Certificate
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from app.reports.signatures import signing, stamping
from app.reports.signatures.signing import Order
from app.reports.signatures.verifying import first_revision, verify
from app.security.signers import from_file
from tests.reports import signable
from tests.signing import NOW, PASSWORD, Authority, needs_pdfsig

LATER = NOW + timedelta(hours=3)


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def clockmaker():
    return Authority("Cơ quan cấp dấu thời gian Thử nghiệm")


@pytest.fixture(scope="module")
def sheet():
    return signable.sheet()


@pytest.fixture(scope="module")
def two(sheet, authority):
    for role in ("person", "agency"):
        with from_file(authority.issue(role).p12(), PASSWORD) as key:
            sheet = signing.sign(sheet, key.signer, Order(role), NOW)
    return sheet


class Stamps(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked += 1
        kind, body = self.server.answer(asked)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given):
        pass


@pytest.fixture
def server(clockmaker):
    issued = clockmaker.issue("Dấu thời gian", usage=("digital_signature",), stamps=True)
    made = DummyTimeStamper(
        Certificate.load(issued.der),
        keys.PrivateKeyInfo.load(issued.key_der),
        [Certificate.load(clockmaker.der)],
        fixed_dt=LATER,
    )
    with HTTPServer(("127.0.0.1", 0), Stamps) as server:
        server.asked = 0
        server.answer = lambda asked: ("application/timestamp-reply", made.request_tsa_response(asked).dump())
        server.address = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_both_signatures_get_the_time_of_an_authority(two, sheet, server, authority, clockmaker):
    stamped = stamping.stamp(two, server.address)
    assert first_revision(stamped) == sheet
    assert server.asked == 2
    verdict = verify(stamped, [authority.der, clockmaker.der], moment=LATER + timedelta(days=1))
    assert verdict.intact and verdict.trusted
    assert [(one.time, one.stamped) for one in verdict.signatures] == [(LATER, True)] * 2
    assert verdict.stamps == ((LATER, True),)
    unknown = verify(stamped, [authority.der])
    assert [one.stamped for one in unknown.signatures] == [False, False]  # nobody said who that authority is
    assert [one.time for one in unknown.signatures] == [NOW] * 2 and unknown.stamps == ((LATER, False),)


@needs_pdfsig
def test_another_program_still_finds_them_valid(two, server, tmp_path):
    assert signable.pdfsig(tmp_path, stamping.stamp(two, server.address)).count("Signature is Valid") >= 2


def test_the_room_kept_in_the_last_signature_takes_the_stamp(two, server):
    stamped = stamping.stamp(two, server.address)
    changed = [at for at, (old, new) in enumerate(zip(two, stamped, strict=False)) if old != new]
    last = two.rindex(b"/Contents <")
    assert changed and last < changed[0] and changed[-1] < last + signing.RESERVED + 12
    again = stamping.stamp(stamped, server.address)  # a further stamp over the whole, nothing inside again
    assert again.startswith(stamped) and len(verify(again).stamps) == 2


def test_the_first_signature_can_be_stamped_before_the_second_is_made(sheet, server, authority, clockmaker):
    people = [authority.issue(role) for role in ("person", "agency")]
    with from_file(people[0].p12(), PASSWORD) as key:
        one = stamping.stamp(signing.sign(sheet, key.signer, Order("person"), NOW), server.address)
    with from_file(people[1].p12(), PASSWORD) as key:
        two = signing.sign(one, key.signer, Order("agency", number="05"), LATER + timedelta(hours=1))
    verdict = verify(two, [authority.der, clockmaker.der], moment=LATER + timedelta(days=1))
    assert verdict.intact and verdict.trusted and verdict.number == "05"
    assert [one.stamped for one in verdict.signatures] == [True, False]


def test_a_signature_proven_in_time_outlives_its_certificate(sheet, server, authority, clockmaker):
    short = authority.issue("Chủ tịch xã", until=NOW + timedelta(days=30))
    with from_file(short.p12(), PASSWORD) as key:
        signed = signing.sign(sheet, key.signer, Order("person"), NOW)
    later = NOW + timedelta(days=400)
    roots = [authority.der, clockmaker.der]
    assert verify(signed, roots, moment=later).signatures[0].trust == "expired"
    assert verify(stamping.stamp(signed, server.address), roots, moment=later).trusted


def test_lists_of_revoked_certificates_lie_in_the_file(two, server, authority, clockmaker):
    lists = [authority.list_of_revoked(), clockmaker.list_of_revoked()]
    stamped = stamping.stamp(two, server.address, lists)
    kept = stamping.with_lists(two, lists)
    for pdf in (stamped, kept, stamping.stamp(kept, server.address)):
        verdict = verify(pdf, [authority.der])
        assert verdict.intact
        assert [one.revocation for one in verdict.signatures] == ["good", "good"]
        assert verdict.signatures[0].listed == (NOW - timedelta(days=1)).date()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda asked: ("text/html", b"<html>log in first</html>"), stamping.StampUnreachable),
        (lambda asked: ("application/timestamp-reply", b"nonsense"), stamping.StampUnsound),
        (lambda asked: ("application/timestamp-reply", b""), stamping.StampUnsound),
    ],
)
def test_what_is_no_stamp_is_not_taken(two, server, answer, told):
    server.answer = answer
    with pytest.raises(told):
        stamping.stamp(two, server.address)


def test_a_stamp_of_something_else_is_not_taken(two, server):
    real = server.answer

    def other(asked):
        asked["message_imprint"]["hashed_message"] = bytes(32)
        return real(asked)

    server.answer = other
    with pytest.raises(stamping.StampUnsound):
        stamping.stamp(two, server.address)


def test_nobody_there_is_told(two):
    with pytest.raises(stamping.StampUnreachable):
        stamping.stamp(two, "http://127.0.0.1:9/")


@pytest.mark.parametrize("address", ["no address", "", "ftp://127.0.0.1/", "http://", "http://[::1"])
def test_what_is_no_address_is_told_as_such(two, address):
    with pytest.raises(stamping.StampAddress):
        stamping.stamp(two, address)


def test_a_changed_file_gets_no_stamp(two, server):
    changed = bytearray(two)
    changed[two.index(b"stream") + 20] ^= 1
    with pytest.raises(signing.ChangedSince):
        stamping.stamp(bytes(changed), server.address)
    assert server.asked == 0


def test_an_unsigned_sheet_gets_no_stamp(sheet, server):
    with pytest.raises(stamping.NothingSigned):
        stamping.stamp(sheet, server.address)
    assert server.asked == 0
