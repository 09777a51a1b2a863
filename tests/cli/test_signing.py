import io
import json
import os
import pty
import subprocess
import sys

import pytest

from app.main import main
from app.reports.signatures.signing import Order
from app.reports.signatures.signing import sign as make
from app.reports.signatures.verifying import first_revision
from app.security.signers import from_file
from tests.cli.conftest import Said
from tests.reports import signable
from tests.signing import LIBRARY, LONG, NOW, PASSWORD, PIN, Authority, SoftDevice, needs_device


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def issued(authority):
    return {role: authority.issue(f"Người {role}") for role in ("person", "agency")}


@pytest.fixture
def home(request, tmp_path):
    """No ledger is needed to sign and to check; a report is made in an office's."""
    if getattr(request, "param", ""):
        return request.getfixturevalue("office").home.path
    return tmp_path / "home"


@pytest.fixture
def call(capfd, clock, home):
    """As everywhere, but on a home where nothing is yet."""

    def run(*arguments, at=None):
        capfd.readouterr()
        code = main(["--home", str(home), *arguments], clock=at or clock)
        heard = capfd.readouterr()
        assert "Traceback" not in heard.out + heard.err
        return Said(code, heard.out, heard.err)

    return run


@pytest.fixture
def folder(tmp_path, authority, issued):
    (tmp_path / "sheet.pdf").write_bytes(signable.sheet())
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    (tmp_path / "ca.crl").write_bytes(authority.list_of_revoked())
    (tmp_path / "hand.png").write_bytes(signable.hand())
    (tmp_path / "seal.png").write_bytes(signable.seal())
    for role, one in issued.items():
        (tmp_path / f"{role}.p12").write_bytes(one.p12())
    return tmp_path


@pytest.fixture
def typed(monkeypatch):
    """One line of standard input."""

    def put(line):
        monkeypatch.setattr(sys, "stdin", io.StringIO(line))

    return put


@pytest.fixture
def sign(call, folder, typed):
    def run(role, source, out, *more, secret=f"{PASSWORD}\n", key=None):
        typed(secret)
        files = [str(folder / source), "--out", str(folder / out)]
        how = key or ("--p12", str(folder / f"{role}.p12"))
        return call("report", "sign", *files, *how, "--role", role, *more)

    return run


@pytest.fixture(scope="module")
def twice(issued):
    pdf = signable.sheet()
    for role, one in issued.items():
        with from_file(one.p12(), PASSWORD) as key:
            pdf = make(pdf, key.signer, Order(role), NOW)
    return pdf


@pytest.fixture
def both(folder, twice):
    (folder / "two.pdf").write_bytes(twice)
    return folder / "two.pdf"


def test_two_sign_and_both_are_trusted(call, sign, folder):
    assert sign("person", "sheet.pdf", "one.pdf", "--picture", str(folder / "hand.png")).code == 0
    issue = ("--number", "05", "--date", "5/2/2025", "--picture", str(folder / "seal.png"))
    assert sign("agency", "one.pdf", "two.pdf", *issue).code == 0
    both = folder / "two.pdf"
    said = call("report", "verify", str(both), "--trust", str(folder / "ca.pem"), "--json")
    assert said.code == 0
    assert set(said.json) == {"intact", "trusted", "signatures"}
    assert said.json["intact"] is said.json["trusted"] is True
    assert [set(one) for one in said.json["signatures"]] == [{"signer", "role", "time", "revocation"}] * 2
    assert [(one["signer"], one["role"], one["revocation"]) for one in said.json["signatures"]] == [
        ("Người person", "person", "unknown"),
        ("Người agency", "agency", "unknown"),
    ]
    assert first_revision(both.read_bytes()) == (folder / "sheet.pdf").read_bytes()


def test_without_a_named_authority_it_is_unchanged_but_not_verified(call, both):
    said = call("report", "verify", str(both))
    assert said.code == 1
    assert "Nội dung không thay đổi từ khi ký" in said.out and "chưa xác minh" in said.out.lower()
    assert "hợp lệ" not in said.out
    assert call("report", "verify", str(both), "--json").json["trusted"] is False


def test_an_authority_in_the_offices_folder_is_believed(call, both, home, authority, sign):
    folder = home / "authorities"
    folder.mkdir(parents=True)
    (folder / "ca.pem").write_bytes(authority.pem)
    (folder / "notes.pem").write_text("nothing", encoding="utf-8")
    assert call("report", "verify", str(both)).code == 0
    said = sign("person", "sheet.pdf", "x.pdf", "--json")
    assert said.json["warnings"] == []


def test_an_unknown_issuer_is_a_warning(sign, authority):
    said = sign("person", "sheet.pdf", "x.pdf", "--json")
    assert said.code == 0 and said.json["warnings"] == ["signing-issuer-unknown"]
    assert authority.named in said.err


def test_valid_is_said_only_with_a_list_of_revoked_certificates(call, both, folder):
    given = ("--trust", str(folder / "ca.pem"), "--crl", str(folder / "ca.crl"))
    said = call("report", "verify", str(both), *given, at=lambda: int(NOW.timestamp()))
    assert said.code == 0 and said.out.count("Hợp lệ theo danh sách thu hồi ngày") == 2
    assert said.out.startswith("Chữ ký đúng, nội dung không thay đổi.")
    said = call("report", "verify", str(both), "--trust", str(folder / "ca.pem"))
    assert said.code == 0 and "hợp lệ" not in said.out.lower()
    assert said.out.lower().count("chưa xác minh được") == 3


def test_a_revoked_certificate_is_not_trusted(call, both, folder, authority, issued):
    (folder / "ca.crl").write_bytes(authority.list_of_revoked(issued["agency"]))
    given = ("--trust", str(folder / "ca.pem"), "--crl", str(folder / "ca.crl"))
    said = call("report", "verify", str(both), *given, "--json", at=lambda: int(NOW.timestamp()))
    assert said.code == 1
    assert [one["revocation"] for one in said.json["signatures"]] == ["good", "revoked"]


def test_a_changed_file_is_told_in_words(call, both, folder):
    pdf = bytearray(both.read_bytes())
    pdf[pdf.index(b"/Page") + 1] ^= 1
    both.write_bytes(pdf)
    said = call("report", "verify", str(both), "--trust", str(folder / "ca.pem"))
    assert said.code == 1 and "không còn đúng như khi ký" in said.out
    told = call("report", "verify", str(both), "--json")
    assert told.code == 1 and told.json["intact"] is False and "không còn đúng như khi ký" in told.err


def test_an_unsigned_file_is_told(call, folder):
    said = call("report", "verify", str(folder / "sheet.pdf"))
    assert said.code == 1 and "chưa ký số" in said.out
    empty = call("report", "verify", str(folder / "sheet.pdf"), "--json").json
    assert empty == {"intact": False, "trusted": False, "signatures": []}


@pytest.mark.parametrize(
    ("more", "secret", "told"),
    [
        ((), "sai\n", "Mật khẩu"),
        ((), "", "Thiếu mật khẩu"),
        (("--number", "05"), f"{PASSWORD}\n", "Số và ngày"),
        (("--date", "31/2/2025"), f"{PASSWORD}\n", "31/2/2025"),
    ],
)
def test_a_refusal_writes_nothing(sign, folder, more, secret, told):
    (folder / "out.pdf").write_bytes(b"the old one")
    said = sign("person", "sheet.pdf", "out.pdf", *more, secret=secret)
    assert said.code == 1 and told in said.err and not said.out
    assert (folder / "out.pdf").read_bytes() == b"the old one"
    assert not list(folder.glob("*.new"))


def test_the_agency_does_not_sign_first(sign, folder):
    said = sign("agency", "sheet.pdf", "out.pdf")
    assert said.code == 1 and "chưa có ai ký" in said.err and not (folder / "out.pdf").exists()


def test_a_certificate_out_of_date_is_refused_by_name_and_day(sign, folder, authority):
    old = authority.issue("Chủ tịch cũ", until=NOW - LONG / 2)
    (folder / "person.p12").write_bytes(old.p12())
    said = sign("person", "sheet.pdf", "out.pdf")
    assert said.code == 1 and "Chủ tịch cũ" in said.err and "hết hạn ngày" in said.err
    assert not (folder / "out.pdf").exists()


@needs_device
def test_a_device_signs_and_a_wrong_pin_is_told(sign, folder, issued, tmp_path, monkeypatch):
    soft = SoftDevice(tmp_path / "device", monkeypatch)
    soft.plug("Thiết bị 1")
    soft.put("Thiết bị 1", issued["person"])
    key = ("--pkcs11", str(LIBRARY), "--token", "Thiết bị 1")
    said = sign("person", "sheet.pdf", "out.pdf", key=key, secret="111111\n")
    assert said.code == 1 and "PIN sai" in said.err and not (folder / "out.pdf").exists()
    assert sign("person", "sheet.pdf", "out.pdf", key=key, secret=f"{PIN}\n").code == 0
    said = sign("person", "sheet.pdf", "out.pdf", key=("--pkcs11", "không có.so", "--token", "x"))
    assert said.code == 1 and "trình điều khiển" in said.err


@pytest.mark.skipif(os.name != "posix", reason="a terminal can be made here only on POSIX")
def test_at_a_terminal_the_password_is_asked_for_unseen(call, folder, monkeypatch):
    import getpass

    ours, theirs = pty.openpty()
    asked = []
    monkeypatch.setattr(getpass, "getpass", lambda prompt: asked.append(prompt) or PASSWORD)
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        files = [
            str(folder / "sheet.pdf"),
            "--out",
            str(folder / "out.pdf"),
            "--p12",
            str(folder / "person.p12"),
        ]
        assert call("report", "sign", *files).code == 0
    os.close(ours)
    assert len(asked) == 1 and "Mật khẩu" in asked[0]


@pytest.mark.skipif(os.name != "posix", reason="a terminal can be made here only on POSIX")
def test_who_types_no_password_at_a_terminal_is_told(call, folder, monkeypatch):
    import getpass

    def ended(prompt):
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", ended)
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        given = ("--p12", str(folder / "person.p12"), "--out", str(folder / "out.pdf"))
        said = call("report", "sign", str(folder / "sheet.pdf"), *given)
    os.close(ours)
    assert said.code == 1 and "Chưa ký gì" in said.err and not (folder / "out.pdf").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a code page of its own for this")
def test_a_password_comes_through_a_pipe_whatever_the_surroundings_say(folder, tmp_path):
    given = ("--p12", str(folder / "person.p12"), "--out", str(folder / "out.pdf"), "--home", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "app.main", "report", "sign", str(folder / "sheet.pdf"), *given],
        input=PASSWORD.encode(),
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_a_time_authority_that_is_silent_is_no_connection(call, both, folder):
    given = ("--tsa", "http://127.0.0.1:9/", "--out", str(folder / "t.pdf"))
    said = call("report", "timestamp", str(both), *given)
    assert said.code == 3 and "không trả lời" in said.err and not (folder / "t.pdf").exists()


def test_what_is_signed_is_said(sign):
    said = sign("person", "sheet.pdf", "out.pdf", "--json")
    assert json.loads(said.out)["role"] == "person" and json.loads(said.out)["signer"] == "Người person"


@pytest.mark.parametrize("home", ["office"], indirect=True)
def test_a_report_is_made_signed_by_both_and_taken_in(call, clock, folder, sign):
    clock.set("2025-07-04 16:00")
    made = call("report", "--period", "2025-W27", "--out", str(folder / "sheet.pdf"), "--json")
    assert made.code == 0
    one = sign("person", "sheet.pdf", "one.pdf")
    assert one.code == 0 and "bản in ra không thấy chữ ký này" in one.out
    issue = ("--number", "45", "--date", "4/7/2025", "--picture", str(folder / "seal.png"))
    two = sign("agency", "one.pdf", "two.pdf", *issue)
    assert two.code == 0 and "không thấy chữ ký" not in two.out
    said = call("report", "attach", str(folder / "two.pdf"), "--period", "2025-W27", "--json")
    assert said.code == 0
    assert (said.json["signed"], said.json["number"], said.json["date"]) == ("digital", "45", "2025-07-04")
    draft = call("report", "--period", "2025-W28", "--draft", "--out", str(folder / "draft.pdf"))
    refused = sign("person", "draft.pdf", "no.pdf")
    assert draft.code == 0 and refused.code == 1 and "dự thảo" in refused.err
